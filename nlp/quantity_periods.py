"""The period a figure is for: the calendar date that hangs nearest to it in its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacy.tokens import Doc, Span

from db.model import TimeExpression

_BREAK = re.compile(r"[.!?;\n](?:\s|$)")
_OTHER_FIGURE = re.compile(r"\b(?:from|compared|versus|against|after|than|từ|so với)\b", re.IGNORECASE)


def period_of(doc: Doc, quantity: Span, times: Iterable[TimeExpression]) -> str | None:
    """The TIMEX3 value of the date that says what period the quantity is for, None where its sentence names none.

    First the date right after the figure ("6,538 tonnes in September"), then the one before it in its clause.
    """
    sentence = _sentence(doc, quantity)
    dates = [
        time
        for time in times
        if time.type == "DATE"
        and time.date_start
        and sentence[0] <= time.start
        and time.end <= sentence[1]
        and not (time.start < quantity.end_char and quantity.start_char < time.end)
    ]
    if not dates:
        return None
    after = [
        t for t in dates if t.start >= quantity.end_char and _reaches(doc.text[quantity.end_char : t.start])
    ]
    if after:
        return after[0].value
    before = [
        t
        for t in dates
        if t.end <= quantity.start_char and not _OTHER_FIGURE.search(doc.text[t.end : quantity.start_char])
    ]
    if before:
        return before[-1].value
    following = [
        t
        for t in dates
        if t.start >= quantity.end_char and not re.search(r"\d", doc.text[quantity.end_char : t.start])
    ]
    if following and not _since(doc.text, following[0]):
        return following[0].value
    alone = dates[0] if len(dates) == 1 and not _since(doc.text, dates[0]) else None
    lead = doc.text[max(sentence[0], quantity.start_char - 14) : quantity.start_char]
    return alone.value if alone and not _OTHER_FIGURE.search(lead) else None


def _reaches(between: str) -> bool:
    """Whether a date after a figure is its own: a preposition or two words apart, no other figure between."""
    return bool(
        re.fullmatch(
            r"(?:\s+[^\W\d]+){0,3}\s+(?:in|for|during|on|over|throughout|of|by|trong|vào|của|ở|năm|hồi)\s+(?:the\s+)?",
            between,
        )
        or re.fullmatch(r"[\s,(]*(?:trong\s|vào\s|của\s|hồi\s)?\s*", between)
    ) and not re.search(r"\b(?:since|from|until|từ|kể)\b", between)


def _since(text: str, time: TimeExpression) -> bool:
    return bool(
        re.search(
            r"\b(?:since|until|by|before|from|kể từ|từ|trước)\s+$",
            text[max(0, time.start - 12) : time.start],
            re.IGNORECASE,
        )
    )


def _sentence(doc: Doc, quantity: Span) -> tuple[int, int]:
    if doc.has_annotation("SENT_START"):
        sentence = quantity.sent
        return sentence.start_char, sentence.end_char
    text = doc.text
    starts = [m.end() for m in _BREAK.finditer(text, 0, quantity.start_char)]
    end = _BREAK.search(text, quantity.end_char)
    return (starts[-1] if starts else 0), (end.start() if end else len(text))
