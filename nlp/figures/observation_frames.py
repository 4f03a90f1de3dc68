"""The frame of an observation: which indicator word a figure belongs to, and whether it is the earlier of two."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from db.model import Quantity
from nlp.figures.indicators import Trigger, find_triggers, indicator_of
from nlp.figures.observation_triggers import (
    is_level,
    is_policy,
    is_unreal,
    moves_enough,
    noun_trigger,
    verb_trigger,
)

_EARLIER = re.compile(
    r"\b(?:from|compared\s+(?:with|to)|versus|vs\.?|against|than|up\s+on|down\s+on)"
    r"(?:\s+(?:a|an|the|about|around|just|only|nearly|some|over|more|than|revised|record|peak|low|high|level|of|its|their))*\s*$",
    re.IGNORECASE,
)
_EARLIER_VIETNAMESE = re.compile(
    r"(?:từ|so\s+với|thay\s+vì|(?:cao|thấp|nhiều|ít|lớn|nhỏ)\s+hơn)(?:\s+(?:mức|con\s+số|khoảng|gần|hơn|đỉnh|đáy|kỷ\s+lục))*\s*$",
    re.IGNORECASE,
)
_TARGET = re.compile(
    r"\b(?:to|lên|xuống|còn|xuống\s+còn|tới|đến)\s+(?:about\s+|around\s+|nearly\s+|mức\s+|gần\s+|khoảng\s+)?$"
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

_NEXT = 60
"""Characters at most between a figure and the rate by which it grew."""

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
    if span is None or is_unreal(span):
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
    found_trigger = verb_trigger(span, quantity) or noun_trigger(doc, text, span, quantity, triggers)
    if found_trigger is None:
        return _growth_of_last(text, quantity, earlier_frames, sentence)
    trigger, is_verb = found_trigger
    if not is_level(text, quantity, trigger.form, "en", verb=is_verb):
        return None
    moved = quantity.rule.endswith("from-to")
    return Frame(
        quantity, trigger, trigger.form, is_verb, sentence, "verb" if is_verb else "noun", moved=moved
    )


_RISE_OR_FALL = re.compile(
    r",?\s+(?:which\s+(?:is|was)\s+)?(?:up|down|an?\s+(?:increase|rise|gain|jump|growth|surge|decrease|fall|drop|decline)"
    r"\s+of)\s+(?:by\s+|about\s+|nearly\s+|almost\s+|around\s+|more\s+than\s+|some\s+)?$"
)


def _growth_of_last(
    text: str, quantity: Quantity, frames: Sequence[Frame], sentence: tuple[int, int]
) -> Frame | None:
    """The growth told right behind a figure: "exports reached $5bn in May, up 3 percent from a year earlier"."""
    last = frames[-1] if frames else None
    if last is None or last.sentence != sentence or last.changes is not None:
        return None
    if not (indicator_of(last.form, quantity.unit_normalized, "en") or "").endswith(("_growth", "_change")):
        return None
    between = text[last.quantity.end : quantity.start]
    if len(between) > _NEXT or not _RISE_OR_FALL.search(between) or re.search(r"\d{1,3}[.,%]", between):
        return None
    falls = re.search(r"\b(?:down|decrease|fall|drop|decline)\b", between)
    moved = replace(quantity, change="down" if falls else "up")
    return Frame(moved, last.trigger, last.form, False, sentence, "growth")


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
    if not moves_enough(text, trigger, quantity, "vi") or not is_level(text, quantity, trigger.form, "vi"):
        return None
    if _UNREAL_VIETNAMESE.search(text[trigger.start : quantity.start]) or _UNREAL_VIETNAMESE.search(clause):
        return None
    if is_policy(text[trigger.end : quantity.start]):
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


def _sentence_bounds(text: str, quantity: Quantity) -> tuple[int, int]:
    starts = [m.end() for m in _BREAK.finditer(text, 0, quantity.start)]
    end = _BREAK.search(text, quantity.end)
    return (starts[-1] if starts else 0), (end.start() if end else len(text))
