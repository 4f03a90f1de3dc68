"""When a job is due again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dateline.scheduling.cadence import Cadence, interval, new_rate, next_due, source_cadence, within_reach

NOW = datetime(2025, 10, 20, 12, tzinfo=UTC)
HALF_HOURLY = source_cadence(timedelta(minutes=30), None, "UTC")


def rate_after(brought: list[int], cadence: Cadence = HALF_HOURLY) -> float:
    rate = new_rate(None, 50, timedelta(), cadence)
    for number in brought:
        rate = new_rate(rate, number, interval(cadence, rate), cadence)
    return rate


def test_a_busy_source_is_asked_as_often_as_declared_and_never_oftener() -> None:
    assert interval(HALF_HOURLY, rate_after([40] * 20)) == timedelta(minutes=30)


def test_a_sleeping_source_is_asked_ever_seldomer_down_to_a_limit() -> None:
    pauses = [interval(HALF_HOURLY, rate_after([0] * rounds)) for rounds in range(0, 30, 3)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(minutes=30) and pauses[-1] == HALF_HOURLY.longest == timedelta(hours=8)


def test_a_source_that_wakes_is_asked_often_again_within_a_few_rounds() -> None:
    asleep = [0] * 30
    assert interval(HALF_HOURLY, rate_after([*asleep, 20, 20, 20])) <= timedelta(hours=2)


def test_a_source_declared_weekly_is_not_asked_oftener_than_that() -> None:
    weekly = source_cadence(timedelta(weeks=1), None, "UTC")
    assert interval(weekly, rate_after([500] * 5, weekly)) == timedelta(weeks=1)


@given(
    st.lists(st.integers(0, 10_000), max_size=30),
    st.sampled_from([timedelta(minutes=1), timedelta(minutes=30), timedelta(days=1), timedelta(weeks=2)]),
)
def test_the_pause_always_lies_within_the_publishers_limits(brought: list[int], every: timedelta) -> None:
    cadence = source_cadence(every, None, "UTC")
    assert cadence.shortest <= interval(cadence, rate_after(brought, cadence)) <= cadence.longest


def test_a_failing_job_backs_off_to_a_day_and_no_farther() -> None:
    pauses = [next_due(HALF_HOURLY, NOW, rate=4.0, failures=n) - NOW for n in (1, 2, 3, 50)]
    assert pauses == [timedelta(minutes=30), timedelta(hours=1), timedelta(hours=2), timedelta(days=1)]


def test_rounds_missed_in_a_sleep_are_reckoned_from_now() -> None:
    assert next_due(HALF_HOURLY, NOW, rate=4.0, failures=0) == NOW + timedelta(minutes=30)


@pytest.mark.parametrize(
    ("now", "due"),
    [
        (
            "2025-03-29T12:00:00+00:00",
            "2025-03-30T01:00:00+00:00",
        ),  # 02:30 does not exist: at 03:00 summer time
        ("2025-10-25T12:00:00+00:00", "2025-10-26T00:30:00+00:00"),  # 02:30 comes twice: the first time
        ("2025-10-26T00:40:00+00:00", "2025-10-27T01:30:00+00:00"),  # and not a second time
    ],
)
def test_set_hours_come_once_where_the_clock_is_put_forward_or_back(now: str, due: str) -> None:
    berlin = source_cadence(timedelta(hours=6), "30 2 * * *", "Europe/Berlin")
    assert next_due(berlin, datetime.fromisoformat(now), rate=None, failures=0) == datetime.fromisoformat(due)


def test_an_hour_far_off_after_the_clock_was_put_back_is_brought_near() -> None:
    assert within_reach(NOW + timedelta(days=400), NOW, HALF_HOURLY) <= NOW + timedelta(days=1)
    assert within_reach(NOW + timedelta(hours=3), NOW, HALF_HOURLY) == NOW + timedelta(hours=3)


def test_a_set_hour_years_off_after_the_clock_was_put_back_is_the_next_one_again() -> None:
    weekly = Cadence(shortest=timedelta(hours=1), longest=timedelta(days=1), at="0 4 * * 0")
    sunday = datetime(2025, 10, 26, 4, tzinfo=UTC)
    assert within_reach(datetime(2031, 3, 2, 4, tzinfo=UTC), NOW, weekly) == sunday
    assert within_reach(sunday, NOW, weekly) == sunday
    tried_again = NOW + timedelta(hours=20)
    assert within_reach(tried_again, NOW, weekly) == tried_again
