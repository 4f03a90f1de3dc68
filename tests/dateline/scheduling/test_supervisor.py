"""Schedulers at work: real processes, really killed, on real sites of loopback."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from crawler.sources import load_sources
from dateline.scheduling import child
from dateline.scheduling.plan import Settings, make_jobs
from dateline.scheduling.supervisor import Supervisor
from db.clock import moment_of, present
from db.frontier import timestamp
from db.jobs import JobState, enrol, job_states, put_off, recover, take
from db.processes import is_alive, process_mark
from db.store import open_store
from tests.crawler.conftest import articles
from tests.crawler.test_kill import descendants
from tests.dateline.program import dateline
from tests.dateline.scheduling.conftest import Newsroom, hang, until

LEASE = timedelta(minutes=2)


def states(db: Path) -> dict[str, JobState]:
    with open_store(db, "read") as store:
        return job_states(store)


def runs(db: Path) -> list[dict[str, Any]]:
    with open_store(db, "read") as store:
        return list(store.db.query("SELECT * FROM runs ORDER BY started, id"))


def one_round(
    room: Newsroom, limits: Mapping[str, timedelta] | None = None, parallel: int = 4
) -> dict[str, JobState]:
    """A round in this process; returns how its jobs ended."""
    settings = Settings(db=room.db, sources=room.folder, allow_loopback=True, parallel=parallel)
    jobs = make_jobs(load_sources(room.folder), settings)
    for name, limit in (limits or {}).items():
        jobs[name] = replace(jobs[name], limit=limit)
    supervisor = Supervisor(jobs, settings, poll=0.1)
    return {state.name: state for state in asyncio.run(supervisor.run_round())}


def test_a_round_crawls_what_is_due_and_tags_what_came(newsroom: Newsroom) -> None:
    ended = one_round(newsroom)
    assert {name: state.outcome for name, state in ended.items()} == {
        "crawl north": "done",
        "crawl south": "done",
        "tag": "done",
    }
    assert len(articles(newsroom.db)) == 6 and all(row["tagger"] for row in articles(newsroom.db))
    assert one_round(newsroom) == {}, "a job was done again before its hour"


def test_two_schedulers_never_do_the_same_job_twice(newsroom: Newsroom) -> None:
    rivals = [newsroom.start("tick") for _ in range(3)]
    for rival in rivals:
        _, said = rival.communicate(timeout=120)
        assert rival.returncode == 0, said
    for site in newsroom.sites.values():
        assert site.requests["/feed.xml"] == 1
        assert all(asked == 1 for path, asked in site.requests.items() if path.startswith("/news/"))
    crawls = [run["command"] for run in runs(newsroom.db) if "crawl" in run["command"]]
    assert sorted(crawls) == ["schedule crawl north", "schedule crawl south"]


@pytest.fixture
def killed(newsroom: Newsroom) -> Iterator[Newsroom]:
    """A newsroom whose scheduler was killed in the middle of a crawl that waits for a page."""
    is_over: list[bool] = []
    hang(newsroom.sites["north"], "/news/story-1.htm", lambda: bool(is_over))
    scheduler = newsroom.start("run")
    until(lambda: newsroom.sites["north"].requests["/news/story-1.htm"], "the crawl")
    below = list(descendants(scheduler.pid))
    scheduler.kill()
    scheduler.communicate(timeout=30)
    until(lambda: not any(is_alive(pid) for pid in below), "the end of what the scheduler had started")
    newsroom.sites["north"].put_article(1)
    is_over.append(True)
    yield newsroom


def test_a_killed_schedulers_jobs_are_lost_taken_up_again_and_nothing_is_missed(killed: Newsroom) -> None:
    assert states(killed.db)["crawl north"].state == "running"
    with open_store(killed.db) as store:
        lost = recover(store, present())
    assert "crawl north" in lost
    state = states(killed.db)["crawl north"]
    assert (state.state, state.outcome, state.failures) == ("waiting", "lost", 1)
    assert state.message and "is gone" in state.message
    assert "lost" in {run["status"] for run in runs(killed.db) if run["command"] == "schedule crawl north"}
    ended = one_round(killed)
    assert ended["crawl north"].outcome == "done" and ended["crawl north"].failures == 0
    assert len(articles(killed.db)) == 6


def test_a_hanging_source_is_ended_and_holds_up_no_other(newsroom: Newsroom) -> None:
    hang(newsroom.sites["north"], "/feed.xml", lambda: False)
    ended = one_round(newsroom, {"crawl north": timedelta(seconds=5)})
    assert ended["crawl north"].outcome == "timed out"
    assert "--time-limit" in (ended["crawl north"].message or "")
    assert moment_of(ended["crawl north"].next_due) > present() + timedelta(hours=5)
    assert ended["crawl south"].outcome == "done"
    assert len(articles(newsroom.db)) == 3


def test_a_source_that_hangs_for_the_first_time_holds_the_only_place_for_a_while_and_not_to_its_limit(
    newsroom: Newsroom, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(child, "LONG", timedelta(seconds=2))
    south = newsroom.sites["south"]
    hang(newsroom.sites["north"], "/feed.xml", lambda: bool(south.requests["/feed.xml"]))
    ended = one_round(newsroom, parallel=1)
    assert ended["crawl south"].outcome == "done"
    north, last = ended["crawl north"], ended["crawl south"].last_started
    assert north.last_started and last and north.last_started < last
    assert north.last_finished and last < north.last_finished, "the other one had to wait until it was ended"
    assert north.outcome == "timed out", "a crawl that waited for nothing is not known as hung up"


def test_a_termination_ends_a_scheduler_within_seconds_and_loses_nothing(newsroom: Newsroom) -> None:
    is_over: list[bool] = []
    hang(newsroom.sites["north"], "/news/story-1.htm", lambda: bool(is_over))
    scheduler = newsroom.start("run")
    until(lambda: newsroom.sites["north"].requests["/news/story-1.htm"], "the crawl")
    asked = time.monotonic()
    scheduler.terminate()
    _, said = scheduler.communicate(timeout=60)
    assert time.monotonic() - asked < 20
    assert scheduler.returncode == 0 and "Ended." in said
    state = states(newsroom.db)["crawl north"]
    assert (state.state, state.outcome, state.failures) == ("waiting", "interrupted", 0)
    is_over.append(True)
    newsroom.sites["north"].put_article(1)
    one_round(newsroom)
    assert len(articles(newsroom.db)) == 6


def test_rounds_missed_in_a_long_sleep_are_made_up_once(newsroom: Newsroom) -> None:
    one_round(newsroom)
    with open_store(newsroom.db) as store:
        put_off(store, dict.fromkeys(("crawl north", "crawl south"), present() - timedelta(days=10)))
    newsroom.sites["north"].requests.clear()
    assert "crawl north" in one_round(newsroom) and one_round(newsroom) == {}
    assert newsroom.sites["north"].requests["/feed.xml"] == 1


def test_an_hour_far_in_the_future_after_a_clock_was_put_back_is_mended(newsroom: Newsroom) -> None:
    one_round(newsroom)
    with open_store(newsroom.db) as store:
        put_off(store, {"crawl north": present() + timedelta(days=900)})
    assert one_round(newsroom) == {}
    assert moment_of(states(newsroom.db)["crawl north"].next_due) < present() + timedelta(days=2)


def test_a_clock_that_jumps_ahead_takes_no_job_from_a_living_holder(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store:
        enrol(store, {"tag": present()})
        assert take(store, "tag", holder=f"{process_mark()}/x", now=present(), lease=LEASE)
        assert recover(store, present() + timedelta(days=3)) == []
        assert job_states(store)["tag"].state == "running"


def test_what_a_killed_scheduler_had_begun_is_waited_for_until_the_lease_expires(tmp_path: Path) -> None:
    host, number, _ = process_mark().split("/")
    with open_store(tmp_path / "a.db") as store:
        enrol(store, {"crawl north": present()})
        take(store, "crawl north", holder=f"{host}/{number}/1/x", now=present(), lease=LEASE)
        run_id = store.start_run("schedule crawl north")  # by this process, which is alive
        assert recover(store, present()) == []
        assert recover(store, present() + 2 * LEASE) == ["crawl north"]
        assert take(
            store, "crawl north", holder=f"{host}/{number}/1/y", now=present() + 3 * LEASE, lease=LEASE
        )
        store.finish_run(run_id, "interrupted")
        assert recover(store, present()) == ["crawl north"]


def test_a_job_whose_scheduler_was_gone_before_it_could_look_ends(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(30)
    program = (
        f"import time; from db.processes import end_with_parent; end_with_parent(parent={gone.pid});"
        " time.sleep(60)"
    )
    assert subprocess.run([sys.executable, "-c", program], timeout=50, check=False).returncode == 1


def test_another_machines_job_is_free_only_when_its_lease_has_expired(tmp_path: Path) -> None:
    with open_store(tmp_path / "a.db") as store:
        enrol(store, {"tag": present()})
        take(store, "tag", holder="elsewhere/1/0/x", now=present(), lease=LEASE)
        assert recover(store, present() + timedelta(minutes=1)) == []
        assert recover(store, present() + timedelta(minutes=3)) == ["tag"]


def test_a_number_that_another_process_has_now_is_not_taken_for_the_holder(tmp_path: Path) -> None:
    host, number, _ = process_mark().split("/")
    with open_store(tmp_path / "a.db") as store:
        enrol(store, {"tag": present()})
        take(store, "tag", holder=f"{host}/{number}/1/x", now=present(), lease=LEASE)
        assert recover(store, present()) == ["tag"]


def test_a_crawl_that_breaks_down_is_reported_and_backs_off(newsroom: Newsroom) -> None:
    settings = Settings(db=newsroom.db, sources=newsroom.folder, allow_loopback=True)
    supervisor = Supervisor(make_jobs(load_sources(newsroom.folder), settings), settings, poll=0.1)
    (newsroom.folder / "north.yml").write_text("title: North\n")  # broken after the scheduler read it
    ended = {state.name: state for state in asyncio.run(supervisor.run_round())}
    assert ended["crawl north"].outcome == "failed" and "north.yml" in (ended["crawl north"].message or "")
    assert ended["crawl north"].next_due > timestamp(datetime.now(UTC) + timedelta(hours=5))
    assert ended["crawl south"].outcome == "done", "one broken declaration stopped the other sources"


def test_dry_run_says_what_is_due_and_makes_no_database(newsroom: Newsroom) -> None:
    shown = dateline("schedule", "tick", "--dry-run", "--sources", newsroom.folder, "--db", newsroom.db)
    assert shown.returncode == 0 and "crawl north" in shown.stdout and "now" in shown.stdout
    assert not newsroom.db.exists()


def test_an_interrupted_scheduler_leaves_no_process_behind(newsroom: Newsroom) -> None:
    hang(newsroom.sites["north"], "/feed.xml", lambda: False)
    scheduler = newsroom.start("run")
    until(lambda: newsroom.sites["north"].requests["/feed.xml"], "the crawl")
    below = list(descendants(scheduler.pid))
    assert below
    os.kill(scheduler.pid, signal.SIGINT)
    scheduler.communicate(timeout=60)
    until(lambda: not any(is_alive(pid) for pid in below), "the end of what the scheduler had started")
