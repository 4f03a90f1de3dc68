"""When an act happened and from when it holds: dates that stand by the act, not by what its objects once did."""

from __future__ import annotations

import re
from collections.abc import Sequence

from spacy.tokens import Doc, Token

from db.model import TimeExpression
from nlp.coding.draft import Draft
from nlp.coding.grammar import SUBJECTS

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
_UNTIL = re.compile(
    r"\b(until|till|through|up to|by|before|ahead of|đến|tới|hết|trước)"
    r"( the end of| the middle of| end-| mid-| at least| cuối| hết| ngày| tháng| năm| hôm)*\s*$",
    re.IGNORECASE,
)
"""What stands before the day on which something ends, or by which it is to be done."""
_FOR = ("for ", "cho ", "cho năm ", "cho tháng ")
"""What stands before the time that a decision is about: "agreed output for December"."""
_HOLDS = re.compile(
    r",?\s*(?:sẽ\s+)?(?:có hiệu lực|bắt đầu có hiệu lực|áp dụng|bắt đầu áp dụng)\s+(?:kể\s+)?từ\s"
)
_FAR = 90
"""Characters of a list of goods that may stand between an act and the clause that says from when it holds."""
_ASIDE = frozenset({"acl", "relcl"})
_BESIDE = frozenset({"conj", "ccomp", "parataxis"})
_CONTENT = frozenset({"xcomp", "ccomp"})
_DATED = ("SANCTION", "RETREAT", "CONCEDE", "POLICY")
_SIZES = {4: "year", 7: "month", 8: "week", 10: "day"}
_FRONTED = re.compile(
    r"[\s\"“]*(?:(?:trước đó|sau đó|tiếp đó|tuy nhiên|trong khi đó|đáng chú ý),\s*)?"
    r"(?:(?:vào|hôm|ngày|sáng|trưa|chiều|tối|đêm|trong|hồi|đầu|giữa|cuối|tuần|tháng|quý|năm|nay|qua|trước"
    r"|[\d/.()-]+)\s*)+,\s*",
    re.IGNORECASE,
)
"""A Vietnamese sentence's date before its subject: "Ngày 10/11, Lào ..."."""


def dated_from(doc: Doc, text: str, draft: Draft) -> int:
    """Where the words begin that may date the act: those of the draft, and a date in front of its clause."""
    trigger = _token_at(doc, draft.trigger_start)
    if doc.has_annotation("DEP"):
        # "responded on October 4 by blocking exports"
        means = trigger.dep_ == "pcomp" and trigger.head.lower_ == "by"
        return trigger.head.head.left_edge.idx if means else draft.start
    first = trigger.sent.start_char
    return first if _FRONTED.fullmatch(text, first, draft.start) else draft.start


def dated_until(doc: Doc, text: str, draft: Draft) -> int:
    """Where the words end that may say from when the act holds: a Vietnamese clause that says only that."""
    if doc.has_annotation("DEP"):
        return draft.end
    last = _token_at(doc, draft.trigger_start).sent.end_char
    holds = _HOLDS.search(text, draft.end, min(last, draft.end + _FAR))
    return last if holds else draft.end


def effective_date(doc: Doc, text: str, draft: Draft, dates: Sequence[TimeExpression]) -> str | None:
    """From when the measure of the act holds (ISO, as coarse as the words), or None where nothing says so."""
    kind, modality = draft.shape.event_type, draft.shape.modality
    if kind not in _DATED:
        return None
    for date in dates:
        if date.start >= draft.end and _HOLDS.search(text, draft.end, date.start):
            return _plain(date)  # "..., có hiệu lực từ ngày 8/11"
    if kind == "RETREAT":
        dates = [date for date in dates if not _is_of_the_past_measure(doc, text, draft, date)]
    dates = [date for date in dates if not _ends_then(text, date)]
    for date in dates:
        before = text[max(0, date.start - 28) : date.start].lower()
        if any(cue in before for cue in _FROM) or _COMING.search(before):
            return _plain(date)
    begun = kind == "SANCTION" and modality == "actual" and draft.shape.stage != "announced"
    if modality == "future" or begun:
        return next((value for date in dates if (value := _plain(date))), None)
    return None


def date_of_act(
    doc: Doc, text: str, draft: Draft, dates: Sequence[TimeExpression]
) -> tuple[str | None, str | None]:
    """When it happened (ISO, as coarse as the words) and how precise that is; (None, None) where nothing says so."""
    if draft.shape.stage == "announced" and draft.shape.modality == "future":
        return None, None
    for date in _nearest_first(doc, draft, dates):
        # "suspended the rules that it had introduced on May 3": the day of the clause is not that of the act.
        told_aside = _RELATIVE.search(text, draft.trigger_end, max(draft.trigger_end, date.start))
        aside = _ends_then(text, date) or text[: date.start].endswith(_FOR) or _is_to_come(doc, draft, date)
        value = None if aside else _plain(date)
        if value and not told_aside and not _is_of_the_past_measure(doc, text, draft, date):
            return value, _SIZES.get(len(value), "unknown")
    return None, None


def _is_to_come(doc: Doc, draft: Draft, date: TimeExpression) -> bool:
    """Whether a day lies after the publication of what is told as done: "banned imports from 2027"."""
    published = str(doc._.published or "")[:10]
    return draft.shape.modality == "actual" and published != "" and (date.date_start or "") > published


def _nearest_first(doc: Doc, draft: Draft, dates: Sequence[TimeExpression]) -> list[TimeExpression]:
    """The dates right under the act's verb before those of other words: "vowed it in May, did it in July"."""
    if draft.nominal or not doc.has_annotation("DEP"):
        return list(dates)
    trigger = _token_at(doc, draft.trigger_start)
    return sorted(dates, key=lambda date: _verb_of(_token_at(doc, date.start)) != trigger)


def _ends_then(text: str, date: TimeExpression) -> bool:
    return _UNTIL.search(text[max(0, date.start - 32) : date.start]) is not None


def _is_of_the_past_measure(doc: Doc, text: str, draft: Draft, date: TimeExpression) -> bool:
    """Whether a date tells when what is lifted, cut or dealt with had been made: "a ban imposed in May was lifted"."""
    if _COMING.search(text[max(0, date.start - 28) : date.start].lower()):
        return False
    eases = draft.shape.direction == "ease"
    if eases and _BEGUN.search(text[max(0, date.start - 24) : date.start]):
        return True
    if not doc.has_annotation("DEP"):
        # "dọa áp thuế từ ngày 1/11": the day is that of what is threatened, promised or asked for
        return draft.shape.content_type is not None and date.start > draft.trigger_end
    if draft.nominal:
        return False
    trigger = _token_at(doc, draft.trigger_start)
    verb = _verb_of(_token_at(doc, date.start))
    if verb is None or verb.i == trigger.i or not trigger.is_ancestor(verb):
        return False
    if verb.dep_ in _BESIDE and any(child.dep_ in SUBJECTS for child in verb.children):
        return True  # another act of the sentence, with a subject of its own
    # "agreed to meet in May": they did not agree in May
    return verb.dep_ in _ASIDE or (draft.shape.content_type is not None and verb.dep_ in _CONTENT)


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
