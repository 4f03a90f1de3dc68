"""Which way in time the clause around a span looks, from its verb: past, future, or not to be told."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Span, Token

from nlp.times.timex import Direction

_EXPECTING = frozenset(
    {
        "expect",
        "schedule",
        "plan",
        "due",
        "set",
        "slate",
        "intend",
        "aim",
        "hope",
        "likely",
        "forecast",
        "project",
    }
)
_SCHEDULED = frozenset(
    {"travel", "fly", "leave", "arrive", "depart", "start", "begin", "resume", "expire", "head", "host"}
)
"""Verbs whose present tense, with a date, speaks of a timetable: "she flies to Tokyo on Monday"."""
_FUTURE_BEFORE = re.compile(
    r"\b(?:by|until|till|from|coming|upcoming|starting|deadline)\s(?:early\s|late\s|the\s)*$", re.IGNORECASE
)
_PAST_BEFORE = re.compile(r"\b(?:since|ended)\s(?:early\s|late\s|the\s)*$", re.IGNORECASE)
_COMING = ("sẽ", "dự kiến", "sắp", "hạn chót", "kế hoạch")
_PARTICLE = re.compile(r"\b(?:sẽ|dự kiến|sắp|hạn chót|kế hoạch|đã|hồi|vừa|từng|kể từ)\b", re.IGNORECASE)


def direction_of(doc: Doc, text: str, start: int, end: int) -> Direction:
    """The way of the clause that holds characters start to end; without a parse only "since" and "by" tell."""
    if doc.lang_ == "vi":
        return _by_particles(re.split(r"[.!?;\n]\s", text[max(0, start - 80) : start])[-1])
    before = text[max(0, start - 24) : start]
    if _PAST_BEFORE.search(before):
        return "past"
    span = doc.char_span(start, end, alignment_mode="expand")
    tense = _tense(span) if span is not None and doc.has_annotation("DEP") else "unknown"
    if tense != "future" and _FUTURE_BEFORE.search(before):
        return "unknown"
    return tense


def _by_particles(before: str) -> Direction:
    """Vietnamese has no tense: "sẽ" (will) and "đã" (did) tell, the nearest one first."""
    particles = [found.group().lower() for found in _PARTICLE.finditer(before)]
    return "unknown" if not particles else "future" if particles[-1] in _COMING else "past"


def _tense(span: Span) -> Direction:
    head = span.root.head
    while head.pos_ in ("ADP", "SCONJ") and head.head != head:
        head = head.head
    if head.pos_ not in ("VERB", "AUX"):
        return "unknown"  # "its plan for October", "September sales": the noun's time is not the verb's
    for verb in (token for token in [head, *head.ancestors] if token.pos_ in ("VERB", "AUX")):
        found = _verb_tense(verb)
        if found != "unknown" or verb.tag_ in ("VBZ", "VBP"):
            return found
    return "unknown"


def _verb_tense(verb: Token) -> Direction:
    auxiliaries = [child for child in verb.children if child.dep_ in ("aux", "auxpass")]
    words = {child.lower_ for child in auxiliaries}
    if words & {"will", "wo", "shall", "'ll", "’ll"} or (verb.lemma_ in _EXPECTING and verb.tag_ == "VBN"):
        return "future"
    if any(child.tag_ == "MD" for child in auxiliaries):  # "said it would raise output in December"
        return "future"
    if "to" in words:
        return "future"
    if verb.tag_ == "VBN" and not auxiliaries and verb.dep_ == "acl":  # "plans announced in January"
        return "past"
    if verb.tag_ in ("VBZ", "VBP") and verb.lemma_ in _SCHEDULED and not auxiliaries:
        return "future"
    if verb.tag_ == "VBD" or words & {"had", "was", "were", "did", "has", "have", "been", "'ve", "’ve"}:
        return "past"
    return "unknown"
