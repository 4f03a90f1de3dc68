"""Why a delivery failed, and when it is tried again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

FIRST_PAUSE = timedelta(minutes=1)
LONGER = 3
LONGEST_PAUSE = timedelta(hours=6)
MOST_ATTEMPTS = 12
"""After so many, about a day and a half, a delivery is given up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """What went wrong. `holds` when the channel as a whole cannot take anything now; `wait` is what it asked for."""

    error: str
    is_final: bool = False
    holds: bool = False
    wait: timedelta = timedelta()


def next_attempt(failure: Failure, attempts: int, now: datetime) -> datetime | None:
    """When to try again after so many attempts, each pause longer than the last; None to give up."""
    if failure.is_final or attempts >= MOST_ATTEMPTS:
        return None
    pause = FIRST_PAUSE
    for _ in range(attempts - 1):
        pause = min(pause * LONGER, LONGEST_PAUSE)
    return now + max(pause, failure.wait)
