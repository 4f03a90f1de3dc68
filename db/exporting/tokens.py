"""Cuts a document into sentences and tokens for formats that are made of tokens; no span edge falls into a token."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from db.exporting.documents import Span

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[^\W_a-z])|\n+")


class Token(NamedTuple):
    """A word, number or sign, with its place in the document."""

    start: int
    end: int
    text: str


Run = tuple[list[str], str | None]
"""Words that follow each other, and the label of the span that they make up; None for words of no span."""


def sentences(text: str, spans: Iterable[Span]) -> Iterator[list[Run]]:
    """The words of each sentence in runs; `spans` do not overlap and are in order.

    A sentence never ends within a span, and no word goes over a span's edge.
    """
    ends = deque(match.end() for match in _SENTENCE_END.finditer(text))
    sentence: list[Run] = []
    place = 0
    for start, stop, label in [*((s.start, s.end, s.label) for s in spans), (len(text), len(text), "")]:
        while ends and ends[0] <= start:
            end = ends.popleft()
            sentence += _run(text, place, end, None)
            if sentence:
                yield sentence
            sentence, place = [], end
        sentence += [*_run(text, place, start, None), *_run(text, start, stop, label)]
        place = stop
        while ends and ends[0] < stop:
            ends.popleft()
    if sentence:
        yield sentence


def _run(text: str, start: int, end: int, label: str | None) -> list[Run]:
    words = _TOKEN.findall(text, start, end)
    return [(words, label)] if words else []


def tokens(text: str, edges: list[int]) -> list[Token]:
    """Words and signs, cut once more at every edge that falls into one."""
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        place = bisect_left(edges, start + 1)
        while place < len(edges) and edges[place] < end:
            found.append(Token(start, edges[place], text[start : edges[place]]))
            start = edges[place]
            place += 1
        found.append(Token(start, end, text[start:end]))
    return found


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The longest spans that do not overlap, the first of equally long ones, in order of place."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.id)):
        if span.text.strip() and all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
