"""Cuts a page into the blocks of text that a reader sees: paragraphs, headings, list items, runs of words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, islice

from lxml.html import HtmlElement

from crawler.extraction.markup import INLINE, INVISIBLE, tidy

HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
SKIPPED = (INVISIBLE - {"form"}) | {
    "head", "nav", "footer", "figure", "figcaption", "picture", "video", "audio", "object", "select", "textarea",
    "label", "input", "canvas", "map", "menu", "dialog", "math", "applet",
}  # fmt: skip
LONGEST_NAMES = 1000
HIDDEN_STYLE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
IDEOGRAPHS = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af]")
SENTENCE = 60
"""Weight from which a block counts as a paragraph."""
MOST_LINKED = 0.5
MOST_BLOCKS = 20_000
"""Of a page without end only the beginning is read."""
IDEOGRAPH_WORTH = 2
"""Writing without spaces says in one character what others say in about three."""
Skip = Callable[[HtmlElement], bool]


@dataclass(frozen=True, slots=True)
class Block:
    """Words that stand together: their text, the element that holds them, how many characters of them are links."""

    text: str
    element: HtmlElement
    linked: int
    weight: int
    """Its length, characters of writing without spaces counted for more."""

    @property
    def link_share(self) -> float:
        """The share of its characters that are links."""
        return self.linked / len(self.text)

    @property
    def is_heading(self) -> bool:
        """Whether it is a headline or section headline."""
        return self.element.tag in HEADINGS

    @property
    def is_paragraph(self) -> bool:
        """Whether it is long enough for a sentence and more than links."""
        return self.weight >= SENTENCE and self.link_share < MOST_LINKED and not self.is_heading

    @property
    def around(self) -> list[HtmlElement]:
        """Its element and all that this one stands in."""
        return [self.element, *self.element.iterancestors()]


class _Run:
    """Words in a row, with how many characters of them are links."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.linked = 0
        self.breaks = 0

    def add(self, text: str | None, *, linked: bool) -> None:
        if not text:
            return
        if not text.isspace():
            self.pieces.append(text)
            self.breaks = 0
            self.linked += len(" ".join(text.split())) if linked else 0
        elif self.pieces:
            self.pieces.append(text)


def read_blocks(root: HtmlElement, is_skipped: Skip = lambda element: False) -> list[Block]:
    """The blocks under an element in the order of the page, without what is skipped and all that is hidden."""
    run = _Run()
    blocks = chain(_walk(root, run, is_skipped, linked=root.tag == "a"), _flush(run, root))
    return list(islice(blocks, MOST_BLOCKS))


def element_names(element: HtmlElement) -> str:
    """What an element is called: its tag, classes and id."""
    return f"{element.tag} {element.get('class') or ''} {element.get('id') or ''}"


@lru_cache(10_000)
def name_tokens(names: str) -> str:
    """Names as plain words: "relatedBox__item" as " related box item "."""
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", names[:LONGEST_NAMES])
    return f" {' '.join(re.split(r'[^A-Za-z0-9]+', apart)).lower()} "


def _walk(element: HtmlElement, run: _Run, is_skipped: Skip, *, linked: bool) -> Iterator[Block]:
    run.add(element.text, linked=linked)
    for child in element:
        tag = child.tag
        if isinstance(tag, str) and tag not in SKIPPED and not _is_hidden(child) and not is_skipped(child):
            is_link = linked or tag == "a"
            if tag == "br":
                run.add("\n", linked=False)
                run.breaks += 1
                if run.breaks > 1:
                    yield from _flush(run, element)
                    run.breaks = 0
            elif tag in INLINE:
                yield from _walk(child, run, is_skipped, linked=is_link)
            else:
                if run.pieces:
                    yield from _flush(run, element)
                yield from _walk(child, run, is_skipped, linked=is_link)
                if run.pieces:
                    yield from _flush(run, child)
        run.add(child.tail, linked=linked)


def _flush(run: _Run, element: HtmlElement) -> Iterator[Block]:
    text = tidy("".join(run.pieces))
    while element.tag in INLINE and (parent := element.getparent()) is not None:
        element = parent
    if text:
        weight = len(text) + (0 if text.isascii() else IDEOGRAPH_WORTH * len(IDEOGRAPHS.findall(text)))
        yield Block(text, element, min(run.linked, len(text)), weight)
    run.pieces, run.linked, run.breaks = [], 0, 0


def _is_hidden(element: HtmlElement) -> bool:
    style = element.get("style")
    return (
        (style is not None and HIDDEN_STYLE.search(style) is not None)
        or element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
    )
