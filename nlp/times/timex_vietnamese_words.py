"""What the Vietnamese time rules share: the patterns of their parts, and what their words are worth."""

from __future__ import annotations

import re
from datetime import date

from nlp.times.calendar_anchor import year_near
from nlp.times.timex import Context, Reading, words

YEAR = r"(?:1[5-9]|20)\d\d"


DAY = r"(?:3[01]|[12]\d|0?[1-9])"


MONTH_NUMBER = r"(?:1[0-2]|0?[1-9])"


MONTH = rf"(?P<month>{MONTH_NUMBER}(?!\d)|{{month}})"


COUNT = r"(?P<count>\d+(?:[.,]\d+)?|{cardinal})"


EDGE = r"(?:(?:đầu|giữa|cuối|hết)\s+)"


WHEN = r"(?P<when>sáng|trưa|chiều|tối|đêm)"


STEPS = {
    "trước": -1,
    "qua": -1,
    "vừa qua": -1,
    "rồi": -1,
    "ngoái": -1,
    "này": 0,
    "nay": 0,
    "tới": 1,
    "sau": 1,
}


NEAR = r"(?P<near>trước|vừa\s+qua|qua|rồi|này|nay|tới|sau|ngoái)"


OF_YEAR = (
    rf"(?:\s*/\s*(?P<slash>{YEAR})|\s*,?\s*(?:của\s+)?năm\s+"
    rf"(?:(?P<year>{YEAR})|(?P<rel>ngoái|trước|nay|này|tới|sau|qua)))?"
)


UNITS = words("vi", "unit")


CLOCK_UNITS = {"TH": "H", "TM": "M", "TS": "S"}


DAYPARTS = words("vi", "daypart")


def day_value(year: str | None, month: int, day: int, context: Context) -> Reading | None:
    if year is None and context.anchor is None:
        return "DATE", f"XXXX-{month:02d}-{day:02d}"
    if year is None and context.anchor is not None:
        year = str(year_near(context.anchor, month, month, day, context.direction))
    try:
        return "DATE", date(int(year or 0), month, day).isoformat()
    except ValueError:
        return None


def at_daypart(reading: Reading | None, part: str | None) -> Reading | None:
    if reading is None or not part:
        return reading
    return "TIME", f"{reading[1]}T{DAYPARTS[part.lower()]}"


def month_number(name: str) -> int:
    return int(name) if name.isdigit() else int(words("vi", "month")[re.sub(r"\s+", " ", name.lower())])


def count_of(text: str) -> str:
    small = re.sub(r"\s+", " ", text.lower())
    return small.replace(",", ".") if small[:1].isdigit() else words("vi", "cardinal").get(small, "X")


def duration(count: str, unit: str) -> str:
    return f"PT{count}{CLOCK_UNITS[unit]}" if unit in CLOCK_UNITS else f"P{count}{unit}"
