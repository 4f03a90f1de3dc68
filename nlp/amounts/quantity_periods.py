"""The period a figure is for: the calendar date that stands nearest to it in its sentence."""

from __future__ import annotations

import re
from collections.abc import Iterable

from spacy.tokens import Doc, Span

from db.model import TimeExpression
from nlp.amounts.quantity_change import change_of

_BREAK = re.compile(r"[.!?;\n](?:\s|$)")
_OTHER_FIGURE = re.compile(r"\b(?:from|compared|versus|against|after|than|từ|so với)\b", re.IGNORECASE)
_COMPARED = re.compile(
    r"\b(?:since|until|by|before|from|over|than|with|versus|against|to|kể\s+từ|từ|trước|so\s+với|gấp\s+\w+)"
    r"(?:\s+(?:in|the|mức|của))*\s*$",
    re.IGNORECASE,
)
_FRONT = 40
_OWN = re.compile(
    r"(?:\s+(?!than\b|compared\b|since\b|from\b|until\b|to\b|từ\b|so\b|kể\b)[^\W\d]+){0,4}"
    r"\s+(?:in|for|during|on|throughout|of|by|trong|vào|của|ở|năm|hồi)\s+(?:the\s+)?"
    r"|[\s,(]*(?:trong\s|vào\s|của\s|hồi\s)?\s*"
)


def period_of(doc: Doc, text: str, quantity: Span, times: Iterable[TimeExpression]) -> str | None:
    """The TIMEX3 value of the date that says what period the quantity is for, None where its sentence names none.

    First the date right after the figure ("6,538 tonnes in September"), then the one before it in its clause.
    A date that something is compared with, or that something holds since, is no period.
    """
    first, last = _sentence(doc, text, quantity)
    dates = [t for t in times if t.type == "DATE" and t.date_start and first <= t.start and t.end <= last]
    after = [t for t in dates if t.start >= quantity.end_char]
    if after and _OWN.fullmatch(text[quantity.end_char : after[0].start]):
        return _a_year_before(after[0], dates) or after[0].value
    plain = [t for t in dates if not _COMPARED.search(text[max(first, t.start - 24) : t.start])]
    before = [t for t in plain if t.end <= quantity.start_char]
    amount = change_of(text, quantity.start_char, quantity.end_char, doc.lang_) in ("up", "down")
    if before and _is_near(text, before[-1], first, quantity.start_char, amount):
        return before[-1].value
    following = [t for t in plain if t.start >= quantity.end_char]
    if following and not re.search(r"\d", text[quantity.end_char : following[0].start]):
        return following[0].value
    lead = text[max(first, quantity.start_char - 14) : quantity.start_char]
    alone = len(plain) == 1 and plain[0].start >= quantity.end_char
    return plain[0].value if alone and not _OTHER_FIGURE.search(lead) else None


def _a_year_before(time: TimeExpression, dates: Iterable[TimeExpression]) -> str | None:
    """What "a year ago" means for a figure beside that of a month or quarter: the same one of that year."""
    if not _YEAR_AGO.fullmatch(time.text) or len(time.value) != 4:
        return None
    told = [
        t.value for t in dates if t.end <= time.start and re.fullmatch(r"\d{4}-(?:\d{2}|Q\d|H\d)", t.value)
    ]
    return f"{int(told[-1][:4]) - 1}{told[-1][4:]}" if told else None


_YEAR_AGO = re.compile(r"(?:a|one) year (?:ago|before)|một năm trước", re.IGNORECASE)


def _is_near(text: str, time: TimeExpression, sentence_start: int, figure_start: int, amount: bool) -> bool:
    """Whether a date before a figure holds for it: at the start of the sentence, or in the same clause.

    The amount of a change may stand a clause later: "reached $5bn in May, up 3 percent".
    """
    between = text[time.end : figure_start]
    fronted = (
        not re.search(r"[,;]", text[sentence_start : time.start]) and time.start - sentence_start < _FRONT
    )
    return not _OTHER_FIGURE.search(between) and (fronted or amount or not re.search(r"[,;:]\s", between))


def _sentence(doc: Doc, text: str, quantity: Span) -> tuple[int, int]:
    if doc.has_annotation("SENT_START"):
        sentence = quantity.sent
        return sentence.start_char, sentence.end_char
    starts = [m.end() for m in _BREAK.finditer(text, 0, quantity.start_char)]
    end = _BREAK.search(text, quantity.end_char)
    return (starts[-1] if starts else 0), (end.start() if end else len(text))
