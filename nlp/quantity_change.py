"""How a figure is meant: exactly, about, as a bound, or as a rise or fall; told by the words around it."""

from __future__ import annotations

import re

from db.model import Change

_ABOUT = r"about|around|approximately|approx\.?|roughly|nearly|almost|some|an\s+estimated|estimated|estimates?|close\s+to|circa|an?\s+average\s+of|averag\w+|barely|near|~|≈"
_MORE = r"more\s+than|over|above|at\s+least|in\s+excess\s+of|upwards\s+of|greater\s+than|no\s+(?:fewer|less)\s+than|a\s+minimum\s+of|beyond|exceed\w*|surpass\w*|topp(?:ed|ing)|>|≥|over\s+than|older\s+than|another\s+more\s+than"
_LESS = r"less\s+than|fewer\s+than|lower\s+than|under|below|up\s+to|at\s+most|as\s+(?:much|many)\s+as|no\s+more\s+than|not\s+exceed\w*|a\s+maximum\s+of|sub-?|<|≤|shy\s+of|within"
_UP = r"ris(?:e|es|en|ing)|rose|increas\w+|climb\w*|gain\w*|jump\w*|gr[eo]w(?:s|n|ing)?|advanc\w+|surg\w+|soar\w*|rall(?:y|ied|ies|ying)|up|higher|expand\w*|improv\w+|strengthen\w*|accelerat\w+|leap\w*|leapt|spik\w+|rebound\w*|added|adding|edged\s+up|swell\w*"
_DOWN = r"f[ae]ll(?:s|en|ing)?|dropp?\w*|declin\w+|decreas\w+|los(?:t|e|es|ing)|slid\w*|tumbl\w+|plung\w+|plummet\w*|s[ia]nk\w*|slipp?\w*|shed\w*|eas(?:ed|es|ing)|shr[aiu]nk\w*|contract(?:ed|s|ing)|reduc\w+|dipp?(?:ed|s|ing)?|retreat\w*|down|lower|weaken\w*|slump\w*|cut(?:s|ting)?|edged\s+down"
_BETWEEN = r"(?:\s+(?:by|about|around|nearly|almost|roughly|another|an?|a\s+further|further|just|only|as\s+much\s+as|some|an?\s+additional|under|up|down|over|more\s+than|approximately|the|a\s+total\s+of|at\s+least|well|an?\s+estimated|to))*"

_ENGLISH: tuple[tuple[Change, re.Pattern[str]], ...] = (
    (">", re.compile(rf"(?:\b(?:{_MORE})|[>≥])(?:\s+(?:an?|the|just|another))?\s*[({{\[]?$", re.IGNORECASE)),
    ("up", re.compile(rf"\b(?:{_UP}){_BETWEEN.replace('|to', '')}\s*$", re.IGNORECASE)),
    ("down", re.compile(rf"\b(?:{_DOWN}){_BETWEEN.replace('|to', '')}\s*$", re.IGNORECASE)),
    ("<", re.compile(rf"(?:\b(?:{_LESS})|[<≤])(?:\s+(?:an?|the|just))?\s*$", re.IGNORECASE)),
    ("~", re.compile(rf"(?:\b(?:{_ABOUT})|[~≈])(?:\s+(?:an?|the|just|another))?\s*$", re.IGNORECASE)),
)
_AFTER: tuple[tuple[Change, re.Pattern[str]], ...] = (
    (">", re.compile(r"\s*(?:or\s+(?:more|higher|above|over|older)|and\s+(?:above|over|up|older)|plus\b|\+)", re.IGNORECASE)),
    ("<", re.compile(r"\s*(?:or\s+(?:less|fewer|lower|under|below|younger)|and\s+(?:below|under))\b", re.IGNORECASE)),
    ("~", re.compile(r"\s*(?:or\s+(?:so|thereabouts)|approximately)\b", re.IGNORECASE)),
)
_VIETNAMESE: tuple[tuple[Change, re.Pattern[str]], ...] = (
    ("~", re.compile(r"(?:khoảng|chừng|xấp\s+xỉ|gần|ước\s+(?:tính|đạt)|độ|cỡ|tầm|suýt\s+soát|trung\s+bình)(?:\s+(?:là|mức))?\s*$", re.IGNORECASE)),
    (">", re.compile(r"(?:hơn|trên|vượt|vượt\s+quá|tối\s+thiểu|ít\s+nhất|không\s+dưới|quá)(?:\s+(?:mức|mốc|ngưỡng))?\s*$", re.IGNORECASE)),
    ("<", re.compile(r"(?:dưới|chưa\s+(?:tới|đến|đầy)|tối\s+đa|nhiều\s+nhất|không\s+quá|tới\s+đa|kém)(?:\s+(?:mức|mốc|ngưỡng))?\s*$", re.IGNORECASE)),
    ("up", re.compile(r"(?:tăng|nhích|cộng|vọt)(?:\s+(?:thêm|mạnh|nhẹ|trưởng|tới|vọt|khoảng|gần|hơn|ở\s+mức|trung\s+bình|thêm\s+khoảng))*\s*$", re.IGNORECASE)),
    ("down", re.compile(r"(?:giảm|sụt|hạ|mất|lùi|tụt|bớt)(?:\s+(?:mạnh|nhẹ|sâu|tới|thêm|đi|giảm|khoảng|gần|hơn|bớt))*\s*$", re.IGNORECASE)),
)  # fmt: skip
_WINDOW = 45


def change_of(text: str, start: int, end: int, language: str) -> Change:
    """How the figure at characters start to end is meant; "=" when nothing says otherwise.

    A bound from below ("climbed more than 3%") outranks the direction; a direction outranks "about".
    """
    before = re.split(r"[.;:!?\n]\s", text[max(0, start - _WINDOW) : start])[-1]
    if language == "vi":
        for change in ("up", "down", ">", "~", "<"):
            if any(name == change and pattern.search(before) for name, pattern in _VIETNAMESE):
                return change  # type: ignore[return-value]
        return "="
    for change_name, pattern in _ENGLISH:
        if pattern.search(before):
            return change_name
    for change_name, pattern in _AFTER:
        if pattern.match(text, end):
            return change_name
    return "="
