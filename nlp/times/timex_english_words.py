"""What the English time rules share: the patterns of their parts, and what their words are worth."""

from __future__ import annotations

import re
from datetime import date

from nlp.times.calendar_anchor import bounds, year_near
from nlp.times.timex import Context, Reading, words

YEAR = r"(?:1[5-9]|20)\d\d"


DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"


MONTH = r"(?P<month>{month})(?:(?<=\b\w{3})(?<!may)\.|(?<=\bsept)\.)?"  # the point of a short form, not of a sentence


PART = (
    r"(?:(?:the\s+)?(?:(?:early|mid|late|later|earlier)(?:\s+(?:of|in)|-|\s)"
    r"|(?:beginning|start|end|close|middle)\s+(?:of|in))\s*(?:the\s+)?)"  # "controls that start Dec. 1"
)


COUNT = r"(?P<count>\d+(?:[.,]\d+)*(?:\s+1/2)?|{cardinal}(?:\s+and\s+a\s+half)?)"


ROUGHLY = r"(?:(?:about|around|approximately|roughly|nearly|almost|over|some|at\s+least|just\s+over|just\s+under)\s+)?"


STREAK = r"(?:consecutive|straight|successive|full|whole|trading|business|working|calendar|long|more|further|fiscal)"


ZONE = r"(?:UTC|GMT|EST|EDT|CET|CEST|PST|PDT|ET|PT|BST|ICT|local\s+time)"


UNITS = words("en", "unit")


CLOCK_UNITS = {"TH": "H", "TM": "M", "TS": "S"}


def day_value(year: str | None, month: int, day: int, context: Context) -> Reading | None:
    if year is None and context.anchor is None:
        return "DATE", f"XXXX-{month:02d}-{day:02d}"
    if year is None and context.anchor is not None:
        direction = context.direction
        year = str(year_near(context.anchor, month, month, day, direction))
    try:
        return "DATE", date(int(year or 0), month, day).isoformat()
    except ValueError:
        return None


def month_number(name: str) -> int:
    return int(words("en", "month")[name.lower().rstrip(".")])


def full_year(two_digits: int) -> str:
    return f"{'20' if two_digits < 40 else '19'}{two_digits:02d}"


def step_of(which: str) -> int:
    word = re.sub(r"^the\s+", "", which.lower())
    return {
        "last": -1,
        "previous": -1,
        "past": -1,
        "prior": -1,
        "this past": -1,
        "next": 1,
        "coming": 1,
        "following": 1,
    }.get(word, 0)


def count_of(text: str) -> str:
    """The amount that words or figures say: "3", "2.5", or "X" for "several"."""
    amount = re.sub(r"\s+", " ", text.lower())
    half = amount.endswith((" and a half", " 1/2"))
    amount = amount.removesuffix(" and a half").removesuffix(" 1/2").replace(",", "")
    number = amount if amount[:1].isdigit() else words("en", "cardinal").get(amount, "X")
    return f"{float(number) + 0.5:g}" if half and number != "X" else number


def duration(count: str, unit: str) -> str:
    if unit in CLOCK_UNITS:
        return f"PT{count}{CLOCK_UNITS[unit]}"
    if unit == "H":
        return "P6M" if count == "1" else f"P{count}H"
    return f"P{count}{'D' if unit == 'WE' else unit}"


def first_day(value: str | None) -> date | None:
    first = bounds(value)[0] if value else None
    return date.fromisoformat(first) if first else None
