"""The frame of an observation: which indicator word a figure belongs to, and whether it is the earlier of two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from db.model import Quantity
from nlp.indicators import Trigger, find_triggers, indicator_of, verbs
from nlp.quantity_words import alternation

_EARLIER = re.compile(
    r"\b(?:from|compared\s+(?:with|to)|versus|vs\.?|against|than|up\s+on|down\s+on)"
    r"(?:\s+(?:a|an|the|about|around|just|only|nearly|some|over|more|than|revised|record|peak|low|high|level|of|its|their))*\s*$",
    re.IGNORECASE,
)
_EARLIER_VIETNAMESE = re.compile(
    r"(?:từ|so\s+với|thay\s+vì)(?:\s+(?:mức|con\s+số|khoảng|gần|hơn|đỉnh|đáy|kỷ\s+lục))*\s*$", re.IGNORECASE
)
_TARGET = re.compile(
    r"\b(?:to|lên|xuống|còn|xuống\s+còn|tới|đến)\s+(?:about\s+|around\s+|nearly\s+|mức\s+|gần\s+|khoảng\s+)?$"
)
_CARRIERS = re.compile(
    r"(?:volume|value|figure|level|rate|data|index|growth|increase|decrease|rise|decline|drop|fall)s?"
)
"""Nouns that an indicator word stands before without ceasing to be one: "export volumes", "sales growth"."""
_UNREAL_VERBS = frozenset(
    {
        "forecast",
        "project",
        "predict",
        "expect",
        "target",
        "aim",
        "plan",
        "threaten",
        "hope",
        "want",
        "propose",
    }
)
_UNREAL_VIETNAMESE = re.compile(
    r"\b(?:có\s+thể|dự\s+kiến|dự\s+báo|sẽ|nếu|mục\s+tiêu|kế\s+hoạch|đặt\s+mục\s+tiêu|không|chưa|phấn\s+đấu|hướng\s+tới)\b",
    re.IGNORECASE,
)
_PERMITTED_VIETNAMESE = re.compile(
    r"\b(?:nếu|được\s+phép|chỉ\s+được|cho\s+phép|cấp\s+phép|yêu\s+cầu|cam\s+kết|đe\s+dọa|đề\s+xuất)\b",
    re.IGNORECASE,
)
_POLICY_VIETNAMESE = re.compile(
    r"\b(?:thuế|thuế\s+suất|kiểm\s+soát|hạn\s+chế|cấm|giấy\s+phép|cấp\s+phép|lệnh|phí|hạn\s+ngạch|quy\s+định)\s+$",
    re.IGNORECASE,
)
"""Words that make "xuất khẩu" part of a measure: an export ban, an import duty."""
_MOVES = {
    language: re.compile(
        "|".join(rf"(?<!\w)(?:{alternation(language, kind)})(?!\w)" for kind in ("up", "down")), re.IGNORECASE
    )
    for language in ("en", "vi")
}
_BREAK = re.compile(r"[.!?;\n](?=\s|$)")


@dataclass(frozen=True, slots=True)
class Frame:
    """A figure with the word of its indicator; `changes` is the number of the later figure it was the start of."""

    quantity: Quantity
    trigger: Trigger
    form: str
    is_verb: bool
    sentence: tuple[int, int]
    rule: str
    changes: int | None = None
    moved: bool = False
    """Whether the quantity holds both values, as "from 5% to 6%" does."""

    def values(self) -> tuple[tuple[bool, Quantity], ...]:
        """The single figures of the frame, the earlier first, each with whether it is the earlier one."""
        high = self.quantity.value_high
        if not self.moved or high is None:
            return ((False, self.quantity),)
        earlier = replace(self.quantity, value_high=None, period=None)
        return (True, earlier), (False, replace(self.quantity, value=high, value_high=None))


def english_frame(doc: Doc, text: str, quantity: Quantity, earlier_frames: Sequence[Frame]) -> Frame | None:
    """The frame of a figure in an English sentence, None where it is of no indicator, denied, or not yet real."""
    if not doc.has_annotation("DEP"):
        return None
    span = doc.char_span(quantity.start, quantity.end, alignment_mode="expand")
    if span is None or _is_unreal(span):
        return None
    sentence = (span.sent.start_char, span.sent.end_char)
    starts = bool(_EARLIER.search(text[sentence[0] : quantity.start])) and not quantity.rule.endswith(
        "from-to"
    )
    found = _later_frame(quantity, earlier_frames, sentence) if starts else None
    if found is not None:
        number, later = found
        return replace(later, quantity=quantity, changes=number, moved=False)
    triggers = list(find_triggers(text[sentence[0] : sentence[1]], "en"))
    triggers = [Trigger(t.start + sentence[0], t.end + sentence[0], t.form) for t in triggers]
    found_trigger = _verb_trigger(span, quantity) or _noun_trigger(doc, text, span, quantity, triggers)
    if found_trigger is None:
        return None
    trigger, is_verb = found_trigger
    moved = quantity.rule.endswith("from-to")
    return Frame(
        quantity, trigger, trigger.form, is_verb, sentence, "verb" if is_verb else "noun", moved=moved
    )


def vietnamese_frame(
    doc: Doc, text: str, quantity: Quantity, earlier_frames: Sequence[Frame]
) -> Frame | None:
    """The frame of a figure in a Vietnamese sentence: the last indicator word before it that fits its unit."""
    sentence = _sentence_bounds(text, quantity)
    before = text[sentence[0] : quantity.start]
    if _EARLIER_VIETNAMESE.search(before) and not quantity.rule.endswith("from-to"):
        found = _later_frame(quantity, earlier_frames, sentence)
        if found is not None:
            return replace(found[1], quantity=quantity, changes=found[0], moved=False)
    clause = re.split(r"[,:]\s(?!từ|so với)", before)[-1]
    triggers = [
        Trigger(t.start + sentence[0], t.end + sentence[0], t.form)
        for t in find_triggers(before, "vi")
        if indicator_of(t.form, quantity.unit_normalized, "vi")
        and not _POLICY_VIETNAMESE.search(before[: t.start])
    ]
    if not triggers or _PERMITTED_VIETNAMESE.search(before):
        return None
    trigger = triggers[-1]
    if not _moves_enough(text, trigger, quantity, "vi"):
        return None
    if _UNREAL_VIETNAMESE.search(text[trigger.start : quantity.start]) or _UNREAL_VIETNAMESE.search(clause):
        return None
    if _is_policy(text[trigger.end : quantity.start]):
        return None
    moved = quantity.rule.endswith("from-to")
    return Frame(quantity, trigger, trigger.form, False, sentence, "vietnamese", moved=moved)


def _later_frame(
    quantity: Quantity, frames: Sequence[Frame], sentence: tuple[int, int]
) -> tuple[int, Frame] | None:
    """The figure before this one in the sentence, of the same kind of unit, that "from" leads back from."""
    for number in range(len(frames) - 1, -1, -1):
        frame = frames[number]
        if (
            frame.sentence == sentence
            and frame.changes is None
            and frame.quantity.unit_normalized == quantity.unit_normalized
        ):
            return number, frame
    return None


def starts_change(text: str, earlier: Frame, frame: Frame) -> bool:
    """Whether the figures are the two of "rose from 5 tonnes in May to 6 tonnes in June"."""
    alike = earlier.sentence == frame.sentence and earlier.form == frame.form
    if (
        not alike
        or earlier.quantity.unit_normalized != frame.quantity.unit_normalized
        or frame.changes is not None
    ):
        return False
    before = text[frame.sentence[0] : earlier.quantity.start]
    link = text[earlier.quantity.end : frame.quantity.start]
    return bool((_EARLIER.search(before) or _EARLIER_VIETNAMESE.search(before)) and _TARGET.search(link))


def _verb_trigger(span: Span, quantity: Quantity) -> tuple[Trigger, bool] | None:
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


def _noun_trigger(
    doc: Doc, text: str, span: Span, quantity: Quantity, triggers: list[Trigger]
) -> tuple[Trigger, bool] | None:
    """The indicator word in what the figure measures: its noun, its "of" phrase, or the subject of its verb."""
    fitting = [
        t
        for t in triggers
        if indicator_of(t.form, quantity.unit_normalized, "en") and _moves_enough(text, t, quantity, "en")
    ]
    above = [span.root, *span.root.ancestors]
    heads = [
        (trigger, head) for trigger in fitting if (head := _subject_word(doc, span, trigger)) is not None
    ]
    for trigger, head in heads:
        between = text[head.idx : quantity.start] if head.idx < quantity.start else ""
        if head in above[1:3] and not _is_policy(between):
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


def _moves_enough(text: str, trigger: Trigger, quantity: Quantity, language: str) -> bool:
    """Whether a rate of change is told as one: 18 % beside "prices" is a growth only where something rose or fell."""
    name = indicator_of(trigger.form, quantity.unit_normalized, language) or ""
    if not name.endswith(("_growth", "_change")):
        return True
    first, last = min(trigger.start, quantity.start), max(trigger.end, quantity.end)
    return quantity.change in ("up", "down") or bool(_MOVES[language].search(text[first : last + 20]))


def _is_name_or_policy(head: Token) -> bool:
    """Whether the word is part of a name ("the Ministry of Trade") or of a measure ("a tariff on imports")."""
    if head.is_title and not head.is_sent_start and head.pos_ == "PROPN":
        return True
    nouns = [t for t in head.ancestors if t.pos_ in ("NOUN", "PROPN")][:2]
    return any(_is_policy(noun.text) for noun in nouns)


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


def _is_policy(between: str) -> bool:
    """Whether a tariff, a duty or a tax stands between, whose rate is no figure of the indicator."""
    return bool(
        re.search(
            r"\b(?:tariffs?|dut(?:y|ies)|tax(?:es)?|levy|levies|fines?|thuế|thuế suất)\b",
            between,
            re.IGNORECASE,
        )
    )


def _is_unreal(span: Span) -> bool:
    """Whether the clause of the figure is denied, conditional, or says what may or shall be."""
    for token in [span.root, *span.root.ancestors]:
        if token.pos_ not in ("VERB", "AUX"):
            continue
        for child in token.children:
            if child.dep_ == "neg" or (child.dep_ in ("aux", "auxpass") and child.tag_ == "MD"):
                return True
            if child.dep_ == "mark" and child.lower_ in ("if", "unless"):
                return True
        if token.lemma_ in _UNREAL_VERBS:
            return True
        if any(child.dep_ == "aux" and child.lower_ == "to" for child in token.children):
            continue
        if token.dep_ not in ("xcomp", "ccomp", "conj", "advcl", "acl"):
            return False
        if token.dep_ == "ccomp" and token.head.lemma_ not in _UNREAL_VERBS:
            return False
    return False


def _sentence_bounds(text: str, quantity: Quantity) -> tuple[int, int]:
    starts = [m.end() for m in _BREAK.finditer(text, 0, quantity.start)]
    end = _BREAK.search(text, quantity.end)
    return (starts[-1] if starts else 0), (end.start() if end else len(text))
