"""The present moment, for everything that is stored or planned by it."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime, timedelta
from functools import cache

from db.errors import UsageError


def present() -> datetime:
    """The present moment in UTC.

    A rehearsal may run on a clock of its own, as `benchmarks/soak.py` does with a month in minutes:
    DATELINE_CLOCK="2025-10-01T00:00:00+00:00 1764167000 600" is a clock that showed that moment when the
    machine's showed 1764167000 (seconds since 1970) and has run 600 times as fast since. Raises `UsageError`
    for a clock that cannot be read.
    """
    told = os.environ.get("DATELINE_CLOCK")
    if told is None:
        return datetime.now(UTC)
    began, at, speed = _read(told)
    return began + timedelta(seconds=(time.time() - at) * speed)


def on_the_clock(span: timedelta) -> timedelta:
    """How far the clock of `present` goes on while the machine's goes on by a span."""
    told = os.environ.get("DATELINE_CLOCK")
    return span if told is None else span * _read(told)[2]


def moment_of(stored: str) -> datetime:
    """A time as the database keeps it ("2025-10-20T02:39:15Z") as an aware one."""
    return datetime.fromisoformat(stored.replace("Z", "+00:00"))


@cache
def _read(told: str) -> tuple[datetime, float, float]:
    try:
        began, at, speed = told.split()
        return datetime.fromisoformat(began).astimezone(UTC), float(at), float(speed)
    except ValueError as error:
        raise UsageError(
            f"DATELINE_CLOCK is not 'MOMENT SECONDS SPEED' ({error}): {told!r}. Unset it"
        ) from error
