"""The clock of the machine, and a rehearsal's own."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest

from db.clock import on_the_clock, present
from db.errors import UsageError


def test_without_a_clock_of_its_own_it_is_the_machines() -> None:
    assert abs(present() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_rehearsals_clock_starts_where_told_and_runs_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    an_hour_ago = time.time() - 3600
    monkeypatch.setenv("DATELINE_CLOCK", f"2025-10-01T00:00:00+00:00 {an_hour_ago} 24")
    assert abs(present() - datetime(2025, 10, 2, tzinfo=UTC)) < timedelta(minutes=5)


def test_a_clock_that_cannot_be_read_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_CLOCK", "yesterday")
    with pytest.raises(UsageError, match="DATELINE_CLOCK.*yesterday"):
        present()


def test_a_span_of_the_machines_time_is_longer_on_a_faster_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    assert on_the_clock(timedelta(minutes=2)) == timedelta(minutes=2)
    monkeypatch.setenv("DATELINE_CLOCK", "2025-10-01T00:00:00+00:00 1764167000 720")
    assert on_the_clock(timedelta(minutes=2)) == timedelta(days=1)
