"""Who gets the places of a scheduler when publishers hang."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from dateline.scheduling.cadence import Cadence
from dateline.scheduling.plan import Job, share_places
from dateline.scheduling.ward import Task
from db.jobs import JobState, Outcome

HOUR = timedelta(hours=1)


def job(name: str) -> Job:
    cadence = Cadence(shortest=HOUR, longest=HOUR)
    return Job(name=name, cadence=cadence, limit=HOUR, task=Task(name=name, db=Path("a.db")))


def state(name: str, outcome: Outcome) -> JobState:
    return JobState(
        name=name,
        state="waiting",
        next_due="2025-10-20T00:00:00Z",
        last_started=None,
        last_finished=None,
        last_success=None,
        outcome=outcome,
        message=None,
        failures=0,
        rate=None,
        holder=None,
        expires=None,
    )


HANGING = [job(f"crawl hanging-{n}") for n in range(5)]
GOOD = [job(f"crawl good-{n}") for n in range(5)]
KNOWN = {j.name: state(j.name, "timed out") for j in HANGING} | {j.name: state(j.name, "done") for j in GOOD}


def names(jobs: list[Job]) -> list[str]:
    return [j.name.removeprefix("crawl ") for j in jobs]


def at_work(*jobs: Job, takes_long: bool = False) -> dict[str, bool]:
    return {j.name: takes_long for j in jobs}


def test_publishers_that_hang_get_half_of_the_places_at_most() -> None:
    assert names(share_places(HANGING, KNOWN, {}, 4)) == ["hanging-0", "hanging-1"]
    under_way = at_work(HANGING[3], HANGING[4])
    assert names(share_places([*HANGING[:3], GOOD[0]], KNOWN, under_way, 4)) == ["good-0"]


def test_those_that_answer_come_first_and_hanging_ones_fill_what_is_left() -> None:
    assert names(share_places([*HANGING, *GOOD[:3]], KNOWN, {}, 4)) == [
        "good-0",
        "good-1",
        "good-2",
        "hanging-0",
    ]


def test_with_a_single_place_everybody_has_a_turn() -> None:
    assert names(share_places(HANGING[:1], KNOWN, {}, 1)) == ["hanging-0"]
    assert share_places(HANGING, KNOWN, at_work(GOOD[0]), 1) == []


def test_crawls_that_take_long_give_up_their_places_and_twice_as_many_are_the_most() -> None:
    long = at_work(*GOOD[:3], takes_long=True)
    assert names(share_places(GOOD[3:], KNOWN, long, 3)) == ["good-3", "good-4"]
    assert share_places(GOOD[4:], KNOWN, at_work(*HANGING[:3], *GOOD[:3], takes_long=True), 3) == []
    assert share_places(GOOD[4:], KNOWN, at_work(*GOOD[:3]), 3) == []


def test_work_on_the_whole_store_keeps_its_place_however_long_it_takes() -> None:
    assert share_places(GOOD, KNOWN, at_work(job("tag"), job("verify"), takes_long=True), 2) == []
