"""Reads times as pages write them, and keeps how exactly they are known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from db.model import Precision

ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
ISO_MONTH = re.compile(r"(\d{4})-(\d{2})$")
YEAR = re.compile(r"\d{4}$")
EPOCH = re.compile(r"1\d{9}(\d{3})?$")
NUMERIC_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?!\d)")
CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:hg](\d{2})(?::(\d{2}))?(?!\d)\s*([ap]\.?m\b)?", re.IGNORECASE)
OFFSET = re.compile(r"(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
FINENESS: tuple[Precision, ...] = ("unknown", "year", "month", "day", "minute", "second")
EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: an aware UTC time, or the first day of what is known to the day, month or year."""

    at: datetime
    precision: Precision

    def __str__(self) -> str:
        lengths = {"year": 4, "month": 7, "day": 10}
        if self.precision in lengths:
            return self.at.date().isoformat()[: lengths[self.precision]]
        return self.at.strftime("%Y-%m-%dT%H:%M:%SZ")

    def agrees_with(self, other: Moment) -> bool:
        """Whether the finer of the two lies within the coarser one."""
        if "day" in (self.precision, other.precision):
            return abs(self.at - other.at) < timedelta(days=1, hours=15)
        return abs(self.at - other.at) < timedelta(minutes=1)


def read_moment(text: str | None, zone: tzinfo = UTC, *, language: str | None = None) -> Moment | None:
    """A time in ISO 8601, RFC 822, seconds since 1970, dd/mm/yyyy or words; None when it is none of these.

    A time without an offset is one of `zone`. Numbers with slashes are day, month, year, except in English
    where the second number cannot be a month.

    >>> str(read_moment("20/10/2025 09:39 GMT+7"))
    '2025-10-20T02:39:00Z'
    """
    value = " ".join((text or "").split())
    if not value or len(value) > 200:
        return None
    for reader in (_read_iso, _read_epoch, _read_rfc822, _read_numeric):
        moment = reader(value, zone)
        if moment is not None:
            return moment if _is_plausible(moment) else None
    moment = _read_words(value, zone, language) if any(c.isdigit() for c in value) else None
    return moment if moment is not None and _is_plausible(moment) else None


def moment_in_url(url: str, pattern: str, zone: tzinfo) -> Moment | None:
    """The time that an address holds: named groups year, month, day, and where there are hour, minute, second."""
    match = re.search(pattern, url)
    if match is None:
        return None
    parts = {name: int(value) for name, value in match.groupdict().items() if value is not None}
    year = parts.get("year", 0)
    try:
        at = datetime(
            year + 2000 if year < 100 else year,
            parts["month"],
            parts["day"],
            parts.get("hour", 0),
            parts.get("minute", 0),
            parts.get("second", 0),
            tzinfo=zone,
        )
    except (KeyError, ValueError):
        return None
    if "hour" not in parts:
        return _day(at.year, at.month, at.day)
    moment = Moment(at.astimezone(UTC), "second" if "second" in parts else "minute")
    return moment if _is_plausible(moment) else None


def finest(moments: Iterable[Moment | None]) -> Moment | None:
    """The first moment, made finer by a later one that agrees with it."""
    known = [moment for moment in moments if moment is not None]
    if not known:
        return None
    best = known[0]
    for other in known[1:]:
        if FINENESS.index(other.precision) > FINENESS.index(best.precision) and best.agrees_with(other):
            best = other
    return best


def _read_iso(value: str, zone: tzinfo) -> Moment | None:
    if match := ISO_DAY.fullmatch(value):
        return _day(*(int(part) for part in match.groups()))
    if match := ISO_MONTH.fullmatch(value):
        moment = _day(int(match[1]), int(match[2]), 1)
        return Moment(moment.at, "month") if moment else None
    if YEAR.fullmatch(value):
        return Moment(datetime(int(value), 1, 1, tzinfo=UTC), "year") if int(value) else None
    cleaned = re.sub(r"(?<=\d)\s*(?:Z|UTC|GMT)$", "+00:00", re.sub(r"\s+([+-]\d\d:?\d\d)$", r"\1", value))
    try:
        at = datetime.fromisoformat(re.sub(r"(\.\d{6})\d+", r"\1", cleaned))
    except ValueError:
        return None
    return _exact(at, zone, has_seconds=value.count(":") - ("+" in value[10:] and value[-3] == ":") >= 2)


def _read_epoch(value: str, zone: tzinfo) -> Moment | None:
    if EPOCH.fullmatch(value):
        return Moment(datetime.fromtimestamp(int(value[:10]), UTC), "second")
    return None


def _read_rfc822(value: str, zone: tzinfo) -> Moment | None:
    if not re.match(r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d", value):
        return None
    try:
        return _exact(parsedate_to_datetime(value), zone, has_seconds=value.count(":") >= 2)
    except (ValueError, TypeError):
        return None


def _read_numeric(value: str, zone: tzinfo) -> Moment | None:
    match = NUMERIC_DAY.search(value)
    if match is None:
        return None
    first, second, year = (int(part) for part in match.groups())
    day, month = (first, second) if second <= 12 else (second, first)
    rest = value[: match.start()] + " " + value[match.end() :]
    clock, offset = CLOCK.search(rest), OFFSET.search(rest)
    if clock is None:
        return _day(year, month, day)
    hour = int(clock[1]) % 12 + (12 if clock[4].lower().startswith("p") else 0) if clock[4] else int(clock[1])
    try:
        at = datetime(year, month, day, hour, int(clock[2]), int(clock[3] or 0), tzinfo=_zone(offset, zone))
    except ValueError:
        return _day(year, month, day)
    return Moment(at.astimezone(UTC), "second" if clock[3] else "minute")


def _read_words(value: str, zone: tzinfo, language: str | None) -> Moment | None:
    import dateparser

    settings = {"REQUIRE_PARTS": ["day", "month", "year"], "RETURN_AS_TIMEZONE_AWARE": False}
    try:
        at = dateparser.parse(value, languages=[language] if language else None, settings=settings)
    except (ValueError, OverflowError):
        return None
    if at is None:
        return None
    clock = CLOCK.search(value)
    if clock is None:
        return _day(at.year, at.month, at.day)
    return _exact(at.replace(tzinfo=_zone(OFFSET.search(value), zone)), zone, has_seconds=bool(clock[3]))


def _zone(offset: re.Match[str] | None, zone: tzinfo) -> tzinfo:
    if offset is None:
        return zone
    span = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
    return timezone(-span if offset[1] == "-" else span) if span < timedelta(hours=15) else zone


def _exact(at: datetime, zone: tzinfo, *, has_seconds: bool) -> Moment | None:
    try:
        aware = at if at.tzinfo else at.replace(tzinfo=zone)
        if (aware.hour, aware.minute, aware.second, aware.microsecond) == (0, 0, 0, 0):
            return _day(aware.year, aware.month, aware.day)  # midnight sharp is how systems write "that day"
        return Moment(aware.astimezone(UTC), "second" if has_seconds else "minute")
    except (OverflowError, ValueError):
        return None


def _day(year: int, month: int, day: int) -> Moment | None:
    try:
        known = date(year, month, day)
    except ValueError:
        return None
    return Moment(datetime(known.year, known.month, known.day, tzinfo=UTC), "day")


def _is_plausible(moment: Moment) -> bool:
    return moment.at.year >= EARLIEST and moment.at <= datetime.now(UTC) + timedelta(days=366)
