"""Cuts a document into sentences and tokens for formats that are made of tokens; no span edge falls into a token."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass

from db.exporting.documents import Span

_TOKEN = re.compile(r"\w+|[^\w\s]")
_SENTENCE_END = re.compile(r"[.!?…][\"'”’)\]]*\s+(?=[^\W_a-z])|\n+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word, number or sign, with its place in the document."""

    start: int
    end: int
    text: str


def sentences(text: str, spans: Iterable[Span]) -> list[list[Token]]:
    """The tokens of each sentence. A sentence never ends within a span."""
    kept = list(spans)
    edges = sorted({edge for span in kept for edge in (span.start, span.end)})
    inside = [(span.start, span.end) for span in kept]
    ends = [m.end() for m in _SENTENCE_END.finditer(text)]
    ends = [end for end in ends if not any(start < end < stop for start, stop in inside)]
    found: list[list[Token]] = [[]]
    for token in tokens(text, edges):
        while ends and token.start >= ends[0]:
            ends.pop(0)
            if found[-1]:
                found.append([])
        found[-1].append(token)
    return [sentence for sentence in found if sentence]


def tokens(text: str, edges: list[int]) -> list[Token]:
    """Words and signs, cut once more at every edge that falls into one."""
    found = []
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        place = bisect_left(edges, start + 1)
        while place < len(edges) and edges[place] < end:
            found.append(Token(start=start, end=edges[place], text=text[start : edges[place]]))
            start = edges[place]
            place += 1
        found.append(Token(start=start, end=end, text=text[start:end]))
    return found


def without_overlaps(spans: Iterable[Span]) -> list[Span]:
    """The longest spans that do not overlap, the first of equally long ones, in order of place."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda s: (s.start - s.end, s.start, s.id)):
        if span.text.strip() and all(span.end <= other.start or span.start >= other.end for other in kept):
            kept.append(span)
    return sorted(kept, key=lambda s: s.start)
