"""Finds the word of an indicator that an English figure belongs to, by the parse."""

from __future__ import annotations

import re

from spacy.tokens import Doc, Span, Token

from db.model import Quantity
from nlp.amounts.quantity_words import alternation
from nlp.figures.indicators import Trigger, indicator_of, verbs

_CARRIERS = re.compile(
    r"(?:volume|value|figure|level|rate|data|index|growth|increase|decrease|rise|decline|drop|fall)s?"
)
"""Nouns that an indicator word stands before without ceasing to be one: "export volumes", "sales growth"."""


_UNREAL_VERBS = re.compile(r"forecast|project|predict|expect|target|aim|plan|threaten|hope|want|propose")


_MOVES = {
    language: re.compile(
        "|".join(rf"(?<!\w)(?:{alternation(language, kind)})(?!\w)" for kind in ("up", "down")), re.IGNORECASE
    )
    for language in ("en", "vi")
}


def verb_trigger(span: Span, quantity: Quantity) -> tuple[Trigger, bool] | None:
    """For "exported 6,538 tonnes": the figure is the object of the verb."""
    token = span.root
    for _ in range(3):
        if token.dep_ in ("dobj", "obj") and token.head.lemma_ in verbs() and token.head.pos_ == "VERB":
            form = token.head.lemma_
            if indicator_of(form, quantity.unit_normalized, "en", verb=True):
                return Trigger(token.head.idx, token.head.idx + len(token.head), form), True
            return None
        if token.head == token or token.head.pos_ in ("VERB", "AUX"):
            return None
        token = token.head
    return None


def noun_trigger(
    doc: Doc, text: str, span: Span, quantity: Quantity, triggers: list[Trigger]
) -> tuple[Trigger, bool] | None:
    """The indicator word in what the figure measures: its noun, its "of" phrase, or the subject of its verb."""
    fitting = [
        t
        for t in triggers
        if indicator_of(t.form, quantity.unit_normalized, "en") and moves_enough(text, t, quantity, "en")
    ]
    above = [span.root, *span.root.ancestors]
    heads = [
        (trigger, head) for trigger in fitting if (head := _subject_word(doc, span, trigger)) is not None
    ]
    for trigger, head in heads:
        between = text[head.idx : quantity.start] if head.idx < quantity.start else ""
        if head in above[1:3] and not is_policy(between):
            return trigger, False
    for verb in (token for token in above if token.pos_ in ("VERB", "AUX")):  # the nearest clause first
        for trigger, head in heads:
            if head.i < span.start and _says_of(verb, head):
                return trigger, False
    return None


def _subject_word(doc: Doc, span: Span, trigger: Trigger) -> Token | None:
    """The noun of the indicator word, None where it lies in the figure itself, in a name or in a measure."""
    head = _head_of(doc, trigger)
    if head is None or head.i in range(span.start, span.end) or _is_name_or_policy(head):
        return None
    return head


def _says_of(verb: Token, head: Token) -> bool:
    """Whether the clause of the verb says something of the noun: its subject, its object, or what it is relative to."""
    if head.dep_ in ("nsubj", "nsubjpass", "dobj") and head.head == verb:
        return True
    if verb.dep_ == "relcl" and (verb.head == head or head.is_ancestor(verb.head)):
        return True  # "its exports of rice, which reached 3 million tonnes"
    subjects = [child for child in verb.children if child.dep_ in ("nsubj", "nsubjpass")]
    return any(subject.is_ancestor(head) for subject in subjects) and _is_core(head, verb)


def moves_enough(text: str, trigger: Trigger, quantity: Quantity, language: str) -> bool:
    """Whether a rate of change is told as one: 18 % beside "prices" is a growth only where something rose or fell."""
    name = indicator_of(trigger.form, quantity.unit_normalized, language) or ""
    if not name.endswith(("_growth", "_change")):
        return True
    first, last = min(trigger.start, quantity.start), max(trigger.end, quantity.end)
    return quantity.change in ("up", "down") or bool(_MOVES[language].search(text[first : last + 20]))


_RATES = ("_growth", "_change")
_TOLD_BY_GROWTH = re.compile(
    r"growth|gdp|econom|output|product|prices?|cpi|tăng trưởng|kinh tế|sản phẩm|giá|tiêu dùng|lạm phát", re.I
)
_AMOUNT_BEFORE = re.compile(
    r"\b(?:by|thêm|bớt)\s+(?:(?:about|around|nearly|almost|roughly|another|an?|more|less|than|up|to|at|least|most|"
    r"khoảng|gần|hơn|ít|nhất)\s+)*$",
    re.IGNORECASE,
)
_STEP = re.compile(r"basis point|percentage point")
_MULTIPLE = re.compile(r"(?:\btimes|\bfold|lần)$", re.IGNORECASE)
_TAX_NEXT = re.compile(
    r"[\s-]+(?:[\w-]+\s+){0,2}?(?:tariffs?|dut(?:y|ies)|tax(?:es)?|lev(?:y|ies)|fees?)\b", re.IGNORECASE
)


def is_level(text: str, quantity: Quantity, form: str, language: str, *, verb: bool = False) -> bool:
    """Whether the figure is what the indicator stood at, and not by how much it moved, how often, or a tax on it.

    A rate of growth is one by its nature; prices that rose 3.1 percent are inflation of that rate.
    """
    name = indicator_of(form, quantity.unit_normalized, language, verb=verb) or ""
    if _MULTIPLE.search(text[quantity.start : quantity.end]) or _TAX_NEXT.match(text, quantity.end):
        return False
    if name.endswith(_RATES):
        return True
    if _STEP.search(quantity.unit_normalized):
        return False
    if name in ("growth", "inflation") and _TOLD_BY_GROWTH.search(form):
        return True
    if quantity.rule.endswith("from-to"):
        return True
    return quantity.change not in ("up", "down") and not _AMOUNT_BEFORE.search(
        text[max(0, quantity.start - 40) : quantity.start]
    )


def _is_name_or_policy(head: Token) -> bool:
    """Whether the word is part of a name ("the Ministry of Trade") or of a measure ("a tariff on imports")."""
    if head.is_title and not head.is_sent_start and head.pos_ == "PROPN":
        return True
    nouns = [t for t in head.ancestors if t.pos_ in ("NOUN", "PROPN")][:2]
    return any(is_policy(noun.text) for noun in nouns)


def _is_core(head: Token, verb: Token) -> bool:
    """Whether the word stands at the top of the subject, or in its first "of" or "in" phrase."""
    steps = 0
    token = head
    while token.head != verb and steps < 3:
        if token.dep_ not in ("pobj", "prep", "compound", "conj"):
            return False
        token, steps = token.head, steps + 1
    return token.head == verb


def _head_of(doc: Doc, trigger: Trigger) -> Token | None:
    span = doc.char_span(trigger.start, trigger.end, alignment_mode="expand")
    if span is None:
        return None
    head = span.root
    while head.dep_ == "compound" and _CARRIERS.fullmatch(head.head.lower_):
        head = head.head
    return None if head.dep_ == "compound" else head


def is_policy(between: str) -> bool:
    """Whether a tariff, a duty or a tax stands between, whose rate is no figure of the indicator."""
    return bool(
        re.search(
            r"\b(?:tariffs?|dut(?:y|ies)|tax(?:es)?|levy|levies|fines?|thuế|thuế suất)\b",
            between,
            re.IGNORECASE,
        )
    )


def is_unreal(span: Span) -> bool:
    """Whether the clause of the figure is denied, conditional, or says what may or shall be."""
    for token in [span.root, *span.root.ancestors]:
        if token.pos_ not in ("VERB", "AUX"):
            continue
        for child in token.children:
            if child.dep_ == "neg" or (child.dep_ in ("aux", "auxpass") and child.tag_ == "MD"):
                return True
            if child.dep_ == "mark" and child.lower_ in ("if", "unless"):
                return True
        if _UNREAL_VERBS.fullmatch(token.lemma_):
            return True
        if any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children):
            continue
        if token.dep_ not in ("xcomp", "ccomp", "conj", "advcl", "acl"):
            return False
        if token.dep_ == "ccomp" and not _UNREAL_VERBS.fullmatch(token.head.lemma_):
            return False
    return False
