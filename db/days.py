"""The first and last day of a date that is known only to the week, month, quarter, half or year."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from functools import lru_cache

_PATTERN = re.compile(
    r"(?P<year>\d{4})(?:-(?:W(?P<week>\d{2})|Q(?P<quarter>[1-4])|H(?P<half>[12])|(?P<month>\d{2})(?:-(?P<day>\d{2}))?))?"
    r"(?:-WE)?(?:T.*)?"
)


@lru_cache(maxsize=10_000)
def first_day(value: str | None) -> date | None:
    """The day a TIMEX3 date begins on: "2025-W43" is 2025-10-20; None for a value that is no calendar date.

    Of a range ("2025-01/2025-08") it is the first day of its beginning.
    """
    span = _span(value.split("/")[0]) if value else None
    return span[0] if span else None


@lru_cache(maxsize=10_000)
def last_day(value: str | None) -> date | None:
    """The day a TIMEX3 date ends on: "2025-02" is 2025-02-28; None for a value that is no calendar date."""
    span = _span(value.split("/")[-1]) if value else None
    return span[1] if span else None


def _span(value: str) -> tuple[date, date] | None:
    match = _PATTERN.fullmatch(value)
    if match is None:
        return None
    year = int(match["year"])
    try:
        if match["week"]:
            monday = date.fromisocalendar(year, int(match["week"]), 1)
            return monday, monday + timedelta(days=6)
        if match["day"]:
            day = date(year, int(match["month"]), int(match["day"]))
            return day, day
        first, months = _months(match)
        return date(year, first, 1), date(year, first + months - 1, monthrange(year, first + months - 1)[1])
    except ValueError:
        return None


def _months(match: re.Match[str]) -> tuple[int, int]:
    """The first month and the number of months."""
    if match["quarter"]:
        return 3 * int(match["quarter"]) - 2, 3
    if match["half"]:
        return 6 * int(match["half"]) - 5, 6
    if match["month"]:
        return int(match["month"]), 1
    return 1, 12
