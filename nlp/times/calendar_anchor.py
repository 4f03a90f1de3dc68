"""Calendar values in TIMEX3 form: made from a day, moved by units, and opened into first and last day."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta

SEASONS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11), "WI": (12, 14)}
"""First and last month of the northern meteorological seasons; the winter of a year ends in the next one."""

_VALUE = re.compile(
    r"(?P<fiscal>FY)?(?P<year>\d{4})"
    r"(?:-(?:Q(?P<quarter>[1-4])|H(?P<half>[12])|W(?P<week>\d\d)(?P<weekend>-WE)?|(?P<season>SP|SU|FA|WI)"
    r"|(?P<month>\d\d)(?:-(?P<day>\d\d))?))?(?:T.*)?$"
)
_UNIT_ORDER = ["DE", "Y", "S", "Q", "M", "W", "D"]


def parse_day(published: str | None) -> date | None:
    """The calendar day of an ISO date or time, or None where it is missing or coarser than a day."""
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def bounds(value: str) -> tuple[str | None, str | None]:
    """First and last day (ISO dates) of a TIMEX3 value, (None, None) where it is no stretch of the calendar.

    >>> bounds("2025-Q3")
    ('2025-07-01', '2025-09-30')
    """
    if "/" in value:
        first, last = value.split("/", 1)
        return bounds(first)[0], bounds(last)[1]
    if re.fullmatch(r"\d{2,3}", value):  # a century "18" or a decade "199"
        return f"{value.ljust(4, '0')}-01-01", f"{value.ljust(4, '9')}-12-31"
    found = _VALUE.match(value)
    if not found:
        return None, None
    try:
        first_day, last_day = _stretch(int(found["year"]), found.groupdict())
    except ValueError:  # no such week or day
        return None, None
    return first_day.isoformat(), last_day.isoformat()


def _stretch(year: int, part: dict[str, str | None]) -> tuple[date, date]:
    if part["week"]:
        monday = date.fromisocalendar(year, int(part["week"]), 1)
        return monday + timedelta(days=5 if part["weekend"] else 0), monday + timedelta(days=6)
    if part["day"]:
        day = date(year, int(part["month"] or 0), int(part["day"]))
        return day, day
    if part["month"]:
        return _months(year, int(part["month"]), int(part["month"]))
    if part["quarter"]:
        return _months(year, int(part["quarter"]) * 3 - 2, int(part["quarter"]) * 3)
    if part["half"]:
        return _months(year, int(part["half"]) * 6 - 5, int(part["half"]) * 6)
    if part["season"]:
        return _months(year, *SEASONS[part["season"]])
    return date(year, 1, 1), date(year, 12, 31)


def _months(year: int, first: int, last: int) -> tuple[date, date]:
    last_year, last_month = year + (last - 1) // 12, (last - 1) % 12 + 1
    end = date(last_year, last_month, calendar.monthrange(last_year, last_month)[1])
    return date(year, first, 1), end


def at(day: date, unit: str) -> str:
    """The value of the unit that holds a day: at(20 October 2025, "W") is "2025-W43"."""
    iso_year, iso_week, _ = day.isocalendar()
    return {
        "DE": str(day.year)[:3],
        "CE": str(day.year)[:2],
        "Y": str(day.year),
        "H": f"{day.year}-H{(day.month + 5) // 6}",
        "Q": f"{day.year}-Q{(day.month + 2) // 3}",
        "M": f"{day.year}-{day.month:02d}",
        "W": f"{iso_year}-W{iso_week:02d}",
        "WE": f"{iso_year}-W{iso_week:02d}-WE",
    }.get(unit, day.isoformat())


def move(day: date, unit: str, count: int) -> date:
    """The day `count` units later (earlier when negative); a day that the month lacks becomes its last.

    Raises OverflowError or ValueError where the calendar ends.
    """
    months = {"CE": 1200, "DE": 120, "Y": 12, "H": 6, "Q": 3, "M": 1}.get(unit)
    if months is None:
        return day + timedelta(days=count * (7 if unit in ("W", "WE") else 1))
    month = day.year * 12 + day.month - 1 + months * count
    year, month = month // 12, month % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def granularity(value: str) -> str:
    """The unit a value is as coarse as: "2025-09" is a month, "M"."""
    if re.fullmatch(r"\d{3}", value):
        return "DE"
    found = _VALUE.match(value)
    if not found:
        return ""
    for group, unit in (("day", "D"), ("month", "M"), ("quarter", "Q"), ("half", "H"), ("weekend", "WE")):
        if found[group]:
            return unit
    return "W" if found["week"] else "S" if found["season"] else "Y"


def shifted(value: str, unit: str, count: int) -> str | None:
    """A value moved by units in its own granularity: ("2025-Q3", "Y", -1) is "2024-Q3"; None if it has no day."""
    first, _ = bounds(value)
    own = granularity(value)
    if first is None or not own:
        return None
    if own == "S":
        return f"{int(value[:4]) + count}{value[4:7]}" if unit == "Y" else None
    finer = unit if own in _UNIT_ORDER and unit in _UNIT_ORDER and _finer(unit, own) else own
    try:
        return at(move(date.fromisoformat(first), unit, count), finer)
    except (OverflowError, ValueError):
        return None


def _finer(unit: str, other: str) -> bool:
    return _UNIT_ORDER.index(unit) > _UNIT_ORDER.index(other)


def weekday_near(anchor: date, weekday: int, direction: str) -> date:
    """The day of that weekday (0 is Monday) that news of the anchor's day means: today, the last, or the coming."""
    back = (anchor.weekday() - weekday) % 7
    if direction == "future" and back:
        return anchor + timedelta(days=7 - back)
    return anchor - timedelta(days=back)


def year_near(anchor: date, first_month: int, last_month: int, day: int | None, direction: str) -> int:
    """The year of a month, quarter or day named without one, read in a text of the anchor's day.

    Past: the latest that has begun (or a day within the next month). Future: the earliest not yet over.
    Otherwise the nearest, where news looks back up to eight months and ahead up to four.
    """
    here = anchor.month * 100 + anchor.day
    first, last = first_month * 100 + (day or 0), last_month * 100 + (day or 99)
    if direction == "past":
        soon = (
            100 if day else 0
        )  # "the talks were set for November 12": a single day soon to come is no old one
        return anchor.year if first <= here + soon else anchor.year - 1
    if direction == "future":
        return anchor.year if last >= here else anchor.year + 1
    away = (first_month + last_month) / 2 - anchor.month
    return anchor.year + (1 if away < -8 else -1 if away > 4 else 0)
