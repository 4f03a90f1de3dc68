"""What a Vietnamese figure measures: the indicator word before it in its clause, up to the verb."""

from __future__ import annotations

import re

from nlp.figures.indicators import find_triggers

_SENTENCE = re.compile(r"[.!?;\n](?:\s|$)")
_VERB = re.compile(
    r"\s*(?:,|\d|\b(?:đã|đang|sẽ|vẫn|chỉ|cũng|tăng|giảm|đạt|lên|xuống|còn|là|ở|"
    r"chiếm|vượt|ước|tối đa|đối với|khoảng|gần|hơn|tới|trong|vào|"
    r"rơi|hạ|sụt|leo|duy|tiếp|bị|được|có|từ|so|tháng|quý|niên)\b)",
    re.IGNORECASE,
)


def vietnamese_concept(text: str, start: int) -> str:
    """The phrase from the last indicator word before `start` in the sentence to its verb; "" for none.

    >>> vietnamese_concept("Xuất khẩu gạo của Việt Nam đạt 5 triệu tấn", 30)
    'Xuất khẩu gạo của Việt Nam'
    """
    sentences = [match.end() for match in _SENTENCE.finditer(text, 0, start)]
    begin = sentences[-1] if sentences else 0
    triggers = list(find_triggers(text[begin:start], "vi"))
    if not triggers:
        return ""
    phrase = text[begin + triggers[-1].start : start]
    verb = _VERB.search(phrase, triggers[-1].end - triggers[-1].start)
    return (phrase[: verb.start()] if verb else phrase).strip()


def vietnamese_words(phrase: str) -> tuple[str, ...]:
    """The syllables of a phrase but for the grammatical ones."""
    return tuple(word for word in re.findall(r"[^\W_]+", phrase) if word.lower() not in _EMPTY)


_EMPTY = frozenset(
    ["của", "các", "những", "và", "với", "cho", "về", "tại", "ở", "từ", "đến", "sang", "là", "một"]
)
