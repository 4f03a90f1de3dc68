"""When a job is due again: at set hours, or the oftener the more it brings, within limits; seldomer when it fails."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from cronsim import CronSim

AIM = 2.0
"""New articles that a visit should bring: a feed is polled about as often as it brings so many."""
SLOWEST = timedelta(hours=12)
"""A sleeping source is asked this often at least, unless its declaration says seldomer."""
SLOWER = 16
"""A sleeping source is asked at most so many times seldomer than declared."""
LONGEST_PAUSE = timedelta(days=1)
"""A failing job is tried this often at least."""
MEMORY = 3.0
"""Rounds after which what a round brought counts for a third."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cadence:
    """How often: from `shortest`, which is what the publisher is asked at most, to `longest`; or the hours `at`.

    `at` is a cron expression in the zone; where the clock is put forward or back, each hour comes once.
    """

    shortest: timedelta
    longest: timedelta
    at: str | None = None
    zone: str = "UTC"


def source_cadence(every: timedelta, at: str | None, zone: str) -> Cadence:
    """The cadence of a source that is declared to be asked `every` so often, or `at` set hours."""
    longest = max(every, min(SLOWEST, every * SLOWER))
    return Cadence(shortest=every, longest=longest, at=at, zone=zone)


def next_due(cadence: Cadence, now: datetime, *, rate: float | None, failures: int) -> datetime:
    """When the job is due after a round that ended now.

    Reckoned from now, so that rounds missed in a sleep are made up once and not one after another.
    """
    if failures:
        pause = cadence.shortest * (1 << min(failures - 1, 16))
        return now + min(pause, max(LONGEST_PAUSE, cadence.longest))
    if cadence.at is not None:
        return _next_hour(cadence.at, cadence.zone, now)
    return now + interval(cadence, rate)


def interval(cadence: Cadence, rate: float | None) -> timedelta:
    """The pause after a round that succeeded, for a job that brings `rate` new items an hour."""
    if rate is None:
        return cadence.shortest
    if rate * cadence.longest.total_seconds() <= AIM * 3600:
        return cadence.longest
    return max(cadence.shortest, timedelta(hours=AIM / rate))


def new_rate(rate: float | None, brought: int, elapsed: timedelta, cadence: Cadence) -> float:
    """The rate after a round that brought so many new items since the round before, which was `elapsed` ago.

    Recent rounds count most. A job never done before has no rate to begin with; its first round brings what
    had gathered, which says nothing.
    """
    hours = max(elapsed, cadence.shortest).total_seconds() / 3600
    if rate is None:
        return AIM / (cadence.shortest.total_seconds() / 3600)
    return rate + (brought / hours - rate) / MEMORY


def within_reach(due: datetime, now: datetime, cadence: Cadence) -> datetime:
    """An hour that lies farther off than the cadence allows, as after a clock was put back, brought near."""
    farthest = now + max(LONGEST_PAUSE, cadence.longest)
    if cadence.at is None:
        return min(due, farthest)
    at = _next_hour(cadence.at, cadence.zone, now)
    return due if due <= max(at, farthest) else at


def _next_hour(at: str, zone: str, now: datetime) -> datetime:
    """The first of the set hours after now."""
    hour: datetime = next(CronSim(at, now.astimezone(ZoneInfo(zone))))
    return hour.astimezone(UTC)
