"""When an act happened and from when it holds: dates that stand by the act, not by what its objects once did."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from db.model import TimeExpression
from nlp.coding.draft import Draft

_RELATIVE = re.compile(r"\b(that|which|who|where|mà|ban hành|được công bố)\b")
_FROM = ("from ", "starting ", "start ", "beginning ", "effective ", "as of ", "từ ", "kể từ ")
_COMING = re.compile(
    r"\b(takes?|taking|comes?|coming|enters?|entering|goes|going) (effect|(into )?(effect|force))( on| in| by)?\s*$"
)
_BEGUN = re.compile(
    r"\b(since|((bắt đầu|áp dụng|áp đặt|ban hành|có hiệu lực|tồn tại)( từ)?)( ngày| hôm| tháng)?)\s*$",
    re.IGNORECASE,
)
"""What stands before the day on which a measure began that is now lifted."""
_DATED = ("SANCTION", "RETREAT", "CONCEDE", "POLICY")
_SIZES = {4: "year", 7: "month", 8: "week", 10: "day"}


def effective_date(doc: Doc, text: str, draft: Draft, dates: Sequence[TimeExpression]) -> str | None:
    """From when the measure of the act holds (ISO, as coarse as the words), or None where nothing says so."""
    kind, modality = draft.shape.event_type, draft.shape.modality
    if kind not in _DATED:
        return None
    if kind == "RETREAT":
        dates = [date for date in dates if not _is_of_the_past_measure(doc, text, draft, date)]
    for date in dates:
        before = text[max(0, date.start - 28) : date.start].lower()
        if any(cue in before for cue in _FROM) or _COMING.search(before):
            return _plain(date)
    if modality == "future" or (kind == "SANCTION" and modality == "actual"):
        return next((value for date in dates if (value := _plain(date))), None)
    return None


def date_of_act(
    doc: Doc, text: str, draft: Draft, dates: Sequence[TimeExpression]
) -> tuple[str | None, str | None]:
    """When it happened (ISO, as coarse as the words) and how precise that is; (None, None) where nothing says so."""
    if draft.shape.stage == "announced" and draft.shape.modality == "future":
        return None, None
    for date in dates:
        # "suspended the rules that it had introduced on May 3": the day of the clause is not that of the act.
        told_aside = _RELATIVE.search(text, draft.trigger_end, max(draft.trigger_end, date.start))
        value = _plain(date)
        if value and not told_aside and not _is_of_the_past_measure(doc, text, draft, date):
            return value, _SIZES.get(len(value), "unknown")
    return None, None


def _is_of_the_past_measure(doc: Doc, text: str, draft: Draft, date: TimeExpression) -> bool:
    """Whether a date tells when what is lifted, cut or dealt with had been made: "a ban imposed in May was lifted"."""
    if _COMING.search(text[max(0, date.start - 28) : date.start].lower()):
        return False
    eases = draft.shape.direction == "ease"
    if eases and _BEGUN.search(text[max(0, date.start - 24) : date.start]):
        return True
    if draft.nominal or not doc.has_annotation("DEP"):
        return False
    trigger = _token_at(doc, draft.trigger_start)
    verb = _verb_of(_token_at(doc, date.start))
    return verb is not None and verb.i != trigger.i and trigger.is_ancestor(verb) and verb.dep_ in _ASIDE


_ASIDE = frozenset({"acl", "relcl"})


def _verb_of(token: Token) -> Token | None:
    """The nearest verb that a date stands under."""
    while token.head.i != token.i:
        token = token.head
        if token.pos_ in ("VERB", "AUX"):
            return token
    return None


def _token_at(doc: Doc, start: int) -> Token:
    span = doc.char_span(start, start + 1, alignment_mode="expand")
    assert span is not None, f"no word at {start}"
    return span[0]


def _plain(date: TimeExpression) -> str | None:
    if date.type != "DATE" or "X" in date.value or not date.value[:4].isdigit():
        return None
    return date.value
