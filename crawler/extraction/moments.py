"""Reads times as pages write them, and keeps how exactly they are known."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import MAXYEAR, UTC, date, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime

from db.clock import present
from db.model import Precision

ISO_DAY = re.compile(r"(\d{4})-(\d{2})-(\d{2})$")
ISO_MONTH = re.compile(r"(\d{4})-(\d{2})$")
YEAR = re.compile(r"\d{4}$")
EPOCH = re.compile(r"1\d{9}(\d{3})?$")
NUMERIC_DAY = re.compile(r"(?<!\d)(\d{1,2})\s?[/.-]\s?(\d{1,2})\s?[/.-]\s?(\d{4})(?!\d)")
CLOCK = re.compile(r"(?<!\d)(\d{1,2})[:hg](\d{2})(?::(\d{2}))?(?!\d)\s*([ap]\.?m\b)?", re.IGNORECASE)
AT_OFFSET = re.compile(r"\s*(?:Z|[+-]\d\d:?\d\d)$")
NEAR = timedelta(days=3)
OFFSET = re.compile(r"(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?", re.IGNORECASE)
FINENESS: tuple[Precision, ...] = ("unknown", "year", "month", "day", "minute", "second")
EARLIEST = 1990


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time: aware, at its publisher's own offset, or the first day of a known day, month or year."""

    at: datetime
    precision: Precision
    is_zone_stated: bool = True
    """Whether the offset was stated with the time, not taken from its source."""

    def __str__(self) -> str:
        lengths = {"year": 4, "month": 7, "day": 10}
        if self.precision in lengths:
            return self.at.date().isoformat()[: lengths[self.precision]]
        return self.at.replace(microsecond=0).isoformat().replace("+00:00", "Z")

    def seen_from(self, zone: tzinfo) -> Moment:
        """The same moment on the clock of its readers, where it is only known on that of UTC."""
        if self.precision not in ("minute", "second") or self.at.utcoffset():
            return self
        return replace(self, at=self.at.astimezone(zone))

    def agrees_with(self, other: Moment) -> bool:
        """Whether the finer of the two lies within the coarser one."""
        if "day" in (self.precision, other.precision):
            return abs(self.at.replace(tzinfo=UTC) - other.at.replace(tzinfo=UTC)) < timedelta(
                days=1, hours=15
            )
        return abs(self.at - other.at) < timedelta(minutes=1)


def read_moment(
    text: str | None,
    zone: tzinfo = UTC,
    *,
    language: str | None = None,
    month_first: bool = False,
    near: Iterable[Moment | None] = (),
) -> Moment | None:
    """A time in ISO 8601, RFC 822, seconds since 1970, dd/mm/yyyy or words; None when it is none of these.

    It keeps the offset that is stated; a time without one is one of `zone`. Numbers with slashes are day, month,
    year, or month, day, year where that is the custom, where only that is a date, where only that has come yet,
    or where only that lies near another moment of the page.

    >>> str(read_moment("20/10/2025 09:39 GMT+7"))
    '2025-10-20T09:39:00+07:00'
    """
    value = " ".join((text or "").split())
    if not value or len(value) > 200:
        return None
    for reader in (_read_iso, _read_epoch, _read_rfc822):
        moment = reader(value, zone)
        if moment is not None:
            return moment if _is_plausible(moment) else None
    if NUMERIC_DAY.search(value):
        return _read_numeric(value, zone, month_first, [other for other in near if other])
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
    moment = Moment(at, "second" if "second" in parts else "minute")
    return moment if _is_plausible(moment) else None


def finest(moments: Iterable[Moment | None]) -> Moment | None:
    """The first moment, made finer by a later one that agrees with it.

    Of two that are equally fine, one that states its offset stands before one with the same clock that states none,
    and the time that readers saw on the clock before the same time in UTC.
    """
    known = [moment for moment in moments if moment is not None]
    if not known:
        return None
    best = known[0]
    for other in known[1:]:
        is_finer = FINENESS.index(other.precision) > FINENESS.index(best.precision)
        if (is_finer and best.agrees_with(other)) or _is_better_placed(other, best):
            best = other
    return best


def _is_better_placed(other: Moment, best: Moment) -> bool:
    if other.precision != best.precision or other.precision == "day" or not other.is_zone_stated:
        return False
    if not best.is_zone_stated:
        return other.at.replace(tzinfo=None, microsecond=0) == best.at.replace(tzinfo=None, microsecond=0)
    is_same = abs(other.at - best.at) < timedelta(minutes=1)
    return is_same and not best.at.utcoffset() and bool(other.at.utcoffset())


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
    return _exact(at, zone, has_seconds=AT_OFFSET.sub("", value).count(":") >= 2)


def _read_epoch(value: str, zone: tzinfo) -> Moment | None:
    if EPOCH.fullmatch(value):
        return Moment(datetime.fromtimestamp(int(value[:10]), zone), "second")
    return None


def _read_rfc822(value: str, zone: tzinfo) -> Moment | None:
    if not re.match(r"(?:[A-Za-z]{3},\s*)?\d{1,2}\s+[A-Za-z]{3}\s+\d{4}\s+\d", value):
        return None
    try:
        return _exact(parsedate_to_datetime(value), zone, has_seconds=value.count(":") >= 2)
    except (ValueError, TypeError):
        return None


def _read_numeric(value: str, zone: tzinfo, month_first: bool, near: list[Moment]) -> Moment | None:
    orders = (True, False) if month_first else (False, True)
    readings = [_in_order(value, zone, month_first=order) for order in orders]
    likely = [moment for moment in readings if moment is not None and _is_plausible(moment)]
    come = [moment for moment in likely if moment.at <= present() + timedelta(days=1)]
    close = [moment for moment in come if any(abs(moment.at - other.at) <= NEAR for other in near)]
    return next(iter(close or come or likely), None)


def _in_order(value: str, zone: tzinfo, *, month_first: bool) -> Moment | None:
    match = NUMERIC_DAY.search(value)
    if match is None:
        return None
    first, second, year = (int(part) for part in match.groups())
    day, month = (second, first) if month_first else (first, second)
    rest = value[: match.start()] + " " + value[match.end() :]
    clock, offset = CLOCK.search(rest), OFFSET.search(rest)
    if clock is None:
        return _day(year, month, day)
    hour = int(clock[1]) % 12 + (12 if clock[4].lower().startswith("p") else 0) if clock[4] else int(clock[1])
    try:
        at = datetime(year, month, day, hour, int(clock[2]), int(clock[3] or 0), tzinfo=_zone(offset, zone))
    except ValueError:
        return _day(year, month, day)
    return Moment(at, "second" if clock[3] else "minute", offset is not None)


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
        if not EARLIEST <= aware.year <= MAXYEAR - 1:
            return None
        return Moment(aware, "second" if has_seconds else "minute", at.tzinfo is not None)
    except (OverflowError, ValueError):
        return None


def _day(year: int, month: int, day: int) -> Moment | None:
    try:
        known = date(year, month, day)
    except ValueError:
        return None
    return Moment(datetime(known.year, known.month, known.day, tzinfo=UTC), "day")


def _is_plausible(moment: Moment) -> bool:
    return moment.at.year >= EARLIEST and moment.at <= present() + timedelta(days=366)
