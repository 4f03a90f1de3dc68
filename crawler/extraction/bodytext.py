"""The text of an article as paragraphs: by a source's own rules, else by general extraction."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml.html import HtmlElement

from crawler.extraction.container import read_body
from crawler.extraction.furniture import is_dated, is_text, without_credit
from crawler.extraction.markup import select, tidy, words
from crawler.sources import Source

CAPTIONS = ("article figcaption", "main figcaption", "figcaption")
ENOUGH = 1000
"""Weight of text that is an article without asking anybody else."""
MOST_ELEMENTS = 50_000
LEAST_SHARED = 0.4
"""Less than this share of what trafilatura finds in ours: ours is a corner of the page."""
LONGEST_HEADLINE = 1.6
LIST_ITEM = re.compile(r"^[-–•*]\s+")


def read_paragraphs(
    tree: HtmlElement, source: Source | None, title: str | None, description: str | None = None
) -> tuple[str, ...]:
    """The paragraphs of the article; empty when none are found. The tree stays as it is.

    `description` is what the page says the article is about, which its standfirst often repeats.
    """
    headings = {text for text in (title or "", *map(words, select(tree, "h1"))) if _key(text)}
    declared = _clean(_declared(tree, source), source, headings) if source else ()
    return declared or _clean(_general(tree, description), source, headings)


def read_caption(tree: HtmlElement, source: Source | None) -> str | None:
    """The caption of the article's first picture, without the photo credit."""
    for css in (*(source.article.caption if source else ()), *CAPTIONS):
        for element in select(tree, css):
            if caption := without_credit(words(element)):
                return caption
    return None


def _declared(tree: HtmlElement, source: Source) -> list[str]:
    if not source.article.body:
        return []
    copy = deepcopy(tree)
    for css in source.article.drop:
        for element in select(copy, css):
            if element.getparent() is not None:
                element.drop_tree()
    for css in source.article.body:
        elements = select(copy, css)
        # A selector that finds an element within another one would give its words twice.
        chosen = set(elements)
        outer = [e for e in elements if not any(parent in chosen for parent in e.iterancestors())]
        if paragraphs := [text for text in map(words, outer) if text]:
            return paragraphs
    return []


def _general(tree: HtmlElement, description: str | None) -> list[str]:
    """What stands in the page's own container; where that is little or nothing, what trafilatura finds."""
    body = read_body(tree, description)
    if sum(block.weight for block in body if not block.is_heading) >= ENOUGH:
        return [block.text for block in body]
    if sum(1 for _ in tree.iter()) > MOST_ELEMENTS:
        return [block.text for block in body]
    found = [LIST_ITEM.sub("", line) for line in _trafilatura(tree)]
    theirs = _key(" ".join(found))
    shared = sum(len(block.text) for block in body if _key(block.text) in theirs)
    is_better = shared < LEAST_SHARED * sum(map(len, found))
    return found if is_better or not body else [block.text for block in body]


def _is_headline(text: str, headings: set[str]) -> bool:
    """Whether a paragraph is the headline once more, perhaps with a kicker or a date."""
    key = _key(text)
    for heading in headings:
        known = _key(heading)
        if known in key and len(key) <= LONGEST_HEADLINE * len(known):
            return True
        if text.startswith(heading) and is_dated(text[len(heading) :].strip()):
            return True
    return False


def _key(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))


def _trafilatura(tree: HtmlElement) -> list[str]:
    from trafilatura import bare_extraction

    document = bare_extraction(
        deepcopy(tree), favor_precision=True, include_comments=False, include_tables=True, with_metadata=False
    )
    return (getattr(document, "text", None) or "").splitlines()


def _clean(paragraphs: list[str], source: Source | None, headings: set[str]) -> tuple[str, ...]:
    patterns = [re.compile(pattern) for pattern in source.article.strip] if source else []
    kept: list[str] = []
    for paragraph in paragraphs:
        text = tidy(paragraph)
        for pattern in patterns:
            text = pattern.sub("", text)
        if text and is_text(text) and not _is_headline(text, headings) and (not kept or kept[-1] != text):
            kept.append(text)
    return tuple(kept)
