"""The text of an article as paragraphs: by a source's own rules, else by general extraction."""

from __future__ import annotations

import re
from copy import deepcopy

from lxml.html import HtmlElement

from crawler.furniture import is_text, without_credit
from crawler.markup import select, tidy, words
from crawler.sources import Source

CAPTIONS = ("article figcaption", "main figcaption", "figcaption")
LIST_ITEM = re.compile(r"^[-–•*]\s+")


def read_paragraphs(tree: HtmlElement, source: Source | None, title: str | None) -> tuple[str, ...]:
    """The paragraphs of the article; empty when none are found. The tree stays as it is."""
    headings = {title, *(words(element) for element in select(tree, "h1"))}
    declared = _clean(_declared(tree, source), source, headings) if source else ()
    return declared or _clean(_general(tree), source, headings)


def read_caption(tree: HtmlElement, source: Source | None) -> str | None:
    """The caption of the article's first picture, without the photo credit."""
    for css in (*(source.article.caption if source else ()), *CAPTIONS):
        for element in select(tree, css):
            if caption := without_credit(words(element)):
                return caption
    return None


def _declared(tree: HtmlElement, source: Source) -> list[str]:
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


def _general(tree: HtmlElement) -> list[str]:
    from trafilatura import bare_extraction

    document = bare_extraction(
        deepcopy(tree), favor_precision=True, include_comments=False, include_tables=True, with_metadata=False
    )
    text = getattr(document, "text", None) or ""
    return [LIST_ITEM.sub("", line) for line in text.splitlines()]


def _clean(paragraphs: list[str], source: Source | None, headings: set[str | None]) -> tuple[str, ...]:
    patterns = [re.compile(pattern) for pattern in source.article.strip] if source else []
    kept: list[str] = []
    for paragraph in paragraphs:
        text = tidy(paragraph)
        for pattern in patterns:
            text = pattern.sub("", text)
        if text and is_text(text) and text not in headings and (not kept or kept[-1] != text):
            kept.append(text)
    return tuple(kept)
