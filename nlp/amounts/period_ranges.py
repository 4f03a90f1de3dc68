"""Periods told by two dates or by a count of months: "between April and June", "the first nine months of 2025"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence

from db.model import TimeExpression

_MONTH = re.compile(r"(\d{4})-(\d{2})")
_YEAR = re.compile(r"\d{4}")
_DASH = re.compile(r"\s*[-–—]\s*")
_TO = re.compile(r"\s+(?:to|through|until|till|đến|tới)\s+(?:the end of |end-|mid-|late |early |hết |cuối )?")
_AND = re.compile(r"\s+and\s+(?:the end of |end-|mid-|late |early )?")
_BETWEEN = re.compile(r"\bbetween\s+(?:the start of |mid-|late |early )?$", re.IGNORECASE)
_OPENS = re.compile(r"\b(?:between|from|từ)\s+(?:the start of |mid-|late |early )?$", re.IGNORECASE)
_FIRST_MONTHS = re.compile(
    r"(?:in |over |during |for )?(?:the )?first (?:[a-z]+|\d{1,2}) months", re.IGNORECASE
)
_OF = re.compile(r"\s+(?:of|in)\s+(?:the year\s+)?")
_MONTHS_SO_FAR = re.compile(r"(?:trong )?\d{1,2} tháng", re.IGNORECASE)
_TOLD = re.compile(r",?\s+(?:đạt|đã|ước|năm|của năm|tăng|giảm)(?!\w)|,\s")
_NUMBERED = re.compile(r"\s?[-–]\s?(\d{1,2})(?![\d/.])")


def with_ranges(text: str, times: Sequence[TimeExpression], published: str) -> list[TimeExpression]:
    """The dates of a text with those that span a stretch of months made one, its value as "2025-04/2025-06".

    `published` is the ISO date of the text, "" when unknown; a count of months without a year is of its year.
    """
    found: list[TimeExpression] = []
    place = 0
    while place < len(times):
        time, after = times[place], times[place + 1] if place + 1 < len(times) else None
        made = _count(text, time, after, published) or _numbered(text, time, published)
        if made is None and after is not None:
            made = _pair(text, time, after)
        found.append(made or time)
        place += 1
        while made is not None and place < len(times) and times[place].start < made.end:
            place += 1
    return found


def _pair(text: str, first: TimeExpression, last: TimeExpression) -> TimeExpression | None:
    """Two months with a dash or a "to" between them, or an "and" after "between"."""
    begins, ends = _MONTH.fullmatch(first.value), _MONTH.fullmatch(last.value)
    if begins is None or ends is None:
        return None
    between, before = text[first.end : last.start], text[max(0, first.start - 24) : first.start]
    joined = _DASH.fullmatch(between) or _TO.fullmatch(between)
    if not joined and not (_AND.fullmatch(between) and _BETWEEN.search(before)):
        return None
    year = int(ends[1]) - (int(begins[2]) > int(ends[2]))
    if int(begins[1]) < year and re.search(r"\d{4}", first.text):
        year = int(begins[1])
    opens = _OPENS.search(before)
    start = first.start - (len(before) - opens.start() if opens else 0)
    return _range(text, start, last.end, (year, int(begins[2])), (int(ends[1]), int(ends[2])))


def _numbered(text: str, first: TimeExpression, published: str) -> TimeExpression | None:
    """A Vietnamese month with the number of another: "tháng 1-9"."""
    begins, other = _MONTH.fullmatch(first.value), _NUMBERED.match(text, first.end)
    if begins is None or other is None or not first.text.lower().startswith("tháng"):
        return None
    year, month, last = int(begins[1]), int(begins[2]), int(other[1])
    if not month < last <= 12:
        return None
    if published and f"{year}-{last:02}" > published[:7]:
        year -= 1  # the month alone is taken for the nearest; a stretch that figures are told of has gone by
    return _range(text, first.start, other.end(), (year, month), (year, last))


def _count(
    text: str, time: TimeExpression, after: TimeExpression | None, published: str
) -> TimeExpression | None:
    """The first months of a year; in Vietnamese also "9 tháng đạt", where those months have just gone by."""
    months = re.fullmatch(r"P(\d{1,2})M", time.value)
    if months is None or not 1 < int(months[1]) <= 12:
        return None
    count, year, end = int(months[1]), int(published[:4] or 0), time.end
    gone = int(published[5:7] or 0)
    if _FIRST_MONTHS.fullmatch(time.text):
        own = (
            after is not None and _OF.fullmatch(text[time.end : after.start]) and _YEAR.fullmatch(after.value)
        )
        if own and after is not None:
            year, end = int(after.value), after.end
        elif count > gone:
            year -= 1
    elif not (
        _MONTHS_SO_FAR.fullmatch(time.text) and _TOLD.match(text, time.end) and count in (gone, gone - 1)
    ):
        return None
    return _range(text, time.start, end, (year, 1), (year, count)) if year > 1 else None


def _range(text: str, start: int, end: int, first: tuple[int, int], last: tuple[int, int]) -> TimeExpression:
    begins, ends = f"{first[0]}-{first[1]:02}", f"{last[0]}-{last[1]:02}"
    return TimeExpression(
        start=start,
        end=end,
        text=text[start:end],
        type="DATE",
        value=f"{begins}/{ends}",
        date_start=f"{begins}-01",
        date_end=f"{ends}-{monthrange(*last)[1]}",
        rule="a stretch of months",
    )
