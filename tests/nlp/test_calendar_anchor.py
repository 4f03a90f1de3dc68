"""Calendar arithmetic of TIMEX3 values."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.times.calendar_anchor import (
    at,
    bounds,
    granularity,
    move,
    parse_day,
    shifted,
    weekday_near,
    year_near,
)

DAYS = st.dates(min_value=date(1600, 1, 1), max_value=date(2400, 12, 31))


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2025", "2025-01-01", "2025-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-Q3", "2025-07-01", "2025-09-30"),
        ("2025-H1", "2025-01-01", "2025-06-30"),
        ("2025-W43", "2025-10-20", "2025-10-26"),
        ("2025-W43-WE", "2025-10-25", "2025-10-26"),
        ("199", "1990-01-01", "1999-12-31"),
        ("20", "2000-01-01", "2099-12-31"),
        ("2025-WI", "2025-12-01", "2026-02-28"),
        ("2025-10-20T18:00Z", "2025-10-20", "2025-10-20"),
        ("2021/2025", "2021-01-01", "2025-12-31"),
        ("FY2025", "2025-01-01", "2025-12-31"),
    ],
)
def test_a_value_opens_into_its_first_and_last_day(value: str, first: str, last: str) -> None:
    assert bounds(value) == (first, last)


@pytest.mark.parametrize("value", ["P3M", "PAST_REF", "XXXX-09", "2025-13", "2025-02-30", "2025-W60", ""])
def test_what_is_no_stretch_of_the_calendar_has_no_days(value: str) -> None:
    assert bounds(value) == (None, None)


@given(DAYS, st.sampled_from(["Y", "H", "Q", "M", "W", "D", "DE"]))
def test_the_period_that_holds_a_day_holds_it(day: date, unit: str) -> None:
    first, last = bounds(at(day, unit))
    assert first is not None
    assert last is not None
    assert first <= day.isoformat() <= last


@given(DAYS, st.sampled_from(["Y", "Q", "M", "W", "D"]), st.integers(-40, 40))
def test_moving_a_period_keeps_its_coarseness(day: date, unit: str, count: int) -> None:
    moved = shifted(at(day, unit), unit, count)
    assert moved is not None
    assert granularity(moved) == unit


def test_the_last_of_a_month_moves_to_the_last_of_a_shorter_one() -> None:
    assert move(date(2025, 1, 31), "M", 1) == date(2025, 2, 28)


@given(DAYS, st.integers(0, 6))
def test_a_weekday_without_direction_is_within_the_last_seven_days(day: date, weekday: int) -> None:
    found = weekday_near(day, weekday, "unknown")
    assert found.weekday() == weekday
    assert 0 <= (day - found).days < 7


def test_december_told_in_the_past_in_january_was_last_year() -> None:
    assert year_near(date(2026, 1, 10), 12, 12, None, "past") == 2025
    assert year_near(date(2026, 1, 10), 12, 12, None, "future") == 2026


@pytest.mark.parametrize("published", [None, "", "2025", "yesterday", "2025-13-01"])
def test_what_is_no_day_is_no_anchor(published: str | None) -> None:
    assert parse_day(published) is None


def test_the_anchor_of_a_time_is_its_day() -> None:
    assert parse_day("2025-10-20T02:39:15Z") == date(2025, 10, 20)
