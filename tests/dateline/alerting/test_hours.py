"""Quiet hours and digests, in the zone of the user and through the change of the clocks."""

from __future__ import annotations

from datetime import datetime

import pytest

from dateline.alerting.hours import read_hours
from db.errors import UsageError


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


@pytest.mark.parametrize(
    ("quiet", "moment", "sent"),
    [
        ("22:00-07:00", "2025-10-20T21:59+07:00", "2025-10-20T21:59+07:00"),
        ("22:00-07:00", "2025-10-20T22:00+07:00", "2025-10-21T07:00+07:00"),
        ("22:00-07:00", "2025-10-21T06:59+07:00", "2025-10-21T07:00+07:00"),
        ("22:00-07:00", "2025-10-21T07:00+07:00", "2025-10-21T07:00+07:00"),
        ("12:00-13:30", "2025-10-21T12:15+07:00", "2025-10-21T13:30+07:00"),
        ("12:00-13:30", "2025-10-21T13:30+07:00", "2025-10-21T13:30+07:00"),
    ],
)
def test_what_falls_into_quiet_hours_waits_for_their_end(quiet: str, moment: str, sent: str) -> None:
    assert read_hours("Asia/Ho_Chi_Minh", quiet, None).after_quiet(at(moment)) == at(sent)


def test_quiet_hours_keep_the_clock_on_the_wall_when_it_is_put_back() -> None:
    hours = read_hours("Europe/Berlin", "22:00-07:00", None)
    assert hours.after_quiet(at("2025-10-25T23:00+02:00")) == at("2025-10-26T07:00+01:00")


def test_a_digest_goes_out_at_its_hour_but_not_in_quiet_hours() -> None:
    hours = read_hours("Asia/Ho_Chi_Minh", "22:00-07:00", "0 8 * * *")
    assert hours.next_digest(at("2025-10-20T09:00+07:00")) == at("2025-10-21T08:00+07:00")
    early = read_hours("Asia/Ho_Chi_Minh", "22:00-07:00", "0 5 * * *")
    assert early.next_digest(at("2025-10-20T09:00+07:00")) == at("2025-10-21T07:00+07:00")


@pytest.mark.parametrize(
    ("zone", "quiet", "digest", "said"),
    [
        ("Asia/Saigonn", None, None, "no time zone 'Asia/Saigonn'"),
        ("../../etc/passwd", None, None, "no time zone"),
        ("UTC", "22-7", None, "'22-7' is no span of quiet hours; write it as 22:00-07:00"),
        ("UTC", "22:00-22:00", None, "no span of quiet hours"),
        ("UTC", None, "at eight", "'at eight' is no cron expression"),
        ("UTC", None, "0 8 31 2 *", "no cron expression"),
    ],
)
def test_hours_that_cannot_be_read_are_named(
    zone: str, quiet: str | None, digest: str | None, said: str
) -> None:
    with pytest.raises(UsageError, match=said):
        read_hours(zone, quiet, digest)
