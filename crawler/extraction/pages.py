"""Reads one page into one article: no input, no output, the same answer every time."""

from __future__ import annotations

import re

from crawler.extraction.authors import clean_authors
from crawler.extraction.bodytext import read_caption, read_paragraphs
from crawler.extraction.furniture import find_wall, signature, strip_byline_words
from crawler.extraction.languages import tell_language
from crawler.extraction.markup import decode, is_text, parse
from crawler.extraction.metadata import Metadata, read_metadata
from crawler.extraction.page import Page
from crawler.sources import Source
from db.model import Article

DETECTABLE = 200
"""Characters of text from which its language can be told."""
ENOUGH = 1000
"""Characters that tell it as well as more would, and telling it takes a quarter of the time of reading."""
LONGEST_BYLINE = 150
LISTING = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*)*<(?:rss|feed|urlset|sitemapindex|rdf:RDF)\b")
STUB = 250
"""A page that says it is not free and shows less than this is a stub."""


def read_article(page: Page, source: Source | None = None) -> Article:
    """The article on a page, by the rules of its source where they find something, else in general ways.

    What cannot be read as an article (nothing there, a consent or robot check, a paywalled stub) comes back
    with `error` set and no content; nothing is raised for a bad page.
    """
    decoded = decode(page.body, page.content_type)
    if not is_text(decoded):
        return _unread(page, "the page is damaged: its bytes are no text")
    tree = parse(decoded)
    if tree is None or b"<" not in page.body.replace(b"\0", b""):
        return _unread(page, "the page is empty or is not HTML")
    if LISTING.match(page.body):
        return _unread(page, "the page is a feed or a sitemap, not an article")
    metadata = read_metadata(tree, page.final_url or page.url, source)
    signatures = {name.casefold() for name in metadata.authors}
    paragraphs = tuple(
        paragraph
        for paragraph in read_paragraphs(tree, source, metadata.title, metadata.description)
        if not _is_signed(paragraph, signatures)
    )
    text = "\n\n".join(paragraphs)
    if problem := _problem(metadata, text, page.body):
        return _unread(page, problem)
    published = metadata.published
    return Article(
        id=page.id,
        url=page.url,
        canonical_url=metadata.canonical_url,
        title=metadata.title,
        text=text,
        paragraphs=paragraphs,
        authors=metadata.authors,
        published=str(published) if published else None,
        published_precision=published.precision if published else "unknown",
        modified=str(metadata.modified) if metadata.modified else None,
        language=_language(metadata.language, text) or (source.language if source else None),
        publisher=metadata.publisher,
        section=metadata.section,
        image=metadata.image,
        caption=read_caption(tree, source),
    )


def _is_signed(paragraph: str, signatures: set[str]) -> bool:
    """Whether a paragraph is only the byline."""
    if len(paragraph) > LONGEST_BYLINE:
        return False
    if strip_byline_words(paragraph).casefold() in signatures:
        return True
    names = {name.casefold() for name in clean_authors([signature(paragraph) or paragraph])}
    return bool(names) and names <= signatures


def _problem(metadata: Metadata, text: str, body: bytes) -> str | None:
    if wall := find_wall(metadata.title, text):
        return wall
    if not text:
        nested = body.count(b"<div") > 5_000
        return "no article text was found" + (
            ": the page is nested too deep and was cut off" if nested else ""
        )
    if not metadata.is_free and len(text) < STUB:
        return f"a paywall stands in front of the article: only {len(text)} characters of it are shown"
    return None


def _language(stated: str | None, text: str) -> str | None:
    """The language that the page states, unless it is none, or the English of a template about other words."""
    if stated and stated != "en":
        return {"nb": "no", "nn": "no", "iw": "he", "in": "id"}.get(stated, stated)
    if len(text) < DETECTABLE:
        return stated
    # Both halves must agree: one quotation in another language does not make an article.
    halves = {
        tell_language(half) for half in (text[: len(text) // 2][:ENOUGH], text[len(text) // 2 :][:ENOUGH])
    }
    return halves.pop() if len(halves) == 1 else stated


def _unread(page: Page, error: str) -> Article:
    return Article(id=page.id, url=page.url, error=error)
