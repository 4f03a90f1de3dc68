"""Jobs of every kind whose processes are all killed in the middle: the run log says that they were lost."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import pytest

from db.clock import present
from db.jobs import JobState, enrol, job_states, recover
from db.processes import is_alive
from db.store import open_store
from tests.crawler.test_kill import descendants
from tests.dateline.program import dateline
from tests.dateline.scheduling.conftest import Newsroom, hang, until


def statuses(db: Path, command: str) -> list[str]:
    with open_store(db, "read") as store:
        rows = store.db.execute("SELECT status FROM runs WHERE command = ? ORDER BY rowid", [command])
        return [status for (status,) in rows.fetchall()]


def job(db: Path, name: str) -> JobState:
    with open_store(db, "read") as store:
        return job_states(store, [name])[name]


@contextmanager
def held_in_the_middle(db: Path, name: str) -> Iterator[None]:
    """While inside, a run of a job is under way and cannot come to its end: nobody else can write."""
    until(db.exists, "the database")
    with closing(sqlite3.connect(db, isolation_level=None, timeout=30)) as lock:

        def is_held() -> bool:
            lock.execute("BEGIN IMMEDIATE")
            if has_begun():
                return True
            lock.execute("ROLLBACK")
            return False

        def has_begun() -> bool:
            question = "SELECT 1 FROM runs WHERE status = 'running' AND command = ?"
            with suppress(sqlite3.OperationalError):  # there is no such table yet
                return bool(lock.execute(question, [f"schedule {name}"]).fetchone())
            return False

        until(is_held, f"the job {name}")
        yield


def kill_all(scheduler: subprocess.Popen[str]) -> None:
    everything = [scheduler.pid, *descendants(scheduler.pid)]
    for pid in everything:
        os.kill(pid, signal.SIGKILL)
    scheduler.communicate(timeout=30)
    until(lambda: not any(is_alive(pid) for pid in everything), "the end of them")


def assert_lost_and_done_again(room: Newsroom, name: str, *arguments: str | Path) -> None:
    assert job(room.db, name).state == "running"
    with open_store(room.db) as store:
        assert name in recover(store, present())
    assert statuses(room.db, f"schedule {name}") == ["lost"]
    assert (job(room.db, name).outcome, job(room.db, name).failures) == ("lost", 1)
    again = room.start("tick", *map(str, arguments))
    _, said = again.communicate(timeout=120)
    assert again.returncode == 0, said
    assert statuses(room.db, f"schedule {name}") == ["lost", "done"]
    assert job(room.db, name).outcome == "done"


def test_a_killed_crawl(newsroom: Newsroom) -> None:
    is_over: list[bool] = []
    north = newsroom.sites["north"]
    hang(north, "/news/story-1.htm", lambda: bool(is_over))
    scheduler = newsroom.start("tick")
    until(lambda: north.requests["/news/story-1.htm"], "the crawl")
    kill_all(scheduler)
    is_over.append(True)
    north.put_article(1)
    assert_lost_and_done_again(newsroom, "crawl north")


def test_a_killed_tagging(newsroom: Newsroom) -> None:
    scheduler = newsroom.start("tick")
    with held_in_the_middle(newsroom.db, "tag"):
        kill_all(scheduler)
    assert_lost_and_done_again(newsroom, "tag")


@pytest.mark.parametrize("name", ["backup", "verify", "tidy"])
def test_killed_upkeep(newsroom: Newsroom, demo_copy: Path, tmp_path: Path, name: str) -> None:
    room = replace(newsroom, db=demo_copy)
    with open_store(demo_copy) as store:
        enrol(store, {name: present()})
    arguments = ("--backups", tmp_path / "safe")
    scheduler = room.start("tick", *map(str, arguments))
    with held_in_the_middle(demo_copy, name):
        kill_all(scheduler)
    assert_lost_and_done_again(room, name, *arguments)
    assert dateline("verify", "--db", demo_copy).returncode == 0


def test_a_child_that_is_killed_alone_is_lost_and_its_job_tried_again(newsroom: Newsroom) -> None:
    scheduler = newsroom.start("tick")
    with held_in_the_middle(newsroom.db, "tag"):
        [ward] = [pid for pid in descendants(scheduler.pid) if b"scheduling.ward" in command_line(pid)]
        os.kill(ward, signal.SIGKILL)
    scheduler.communicate(timeout=60)
    with open_store(newsroom.db) as store:
        recover(store, present())
    assert statuses(newsroom.db, "schedule tag") == ["lost"]
    state = job(newsroom.db, "tag")
    assert state.outcome == "failed" and "signal 9" in (state.message or "")


def test_a_child_that_does_not_listen_is_killed_at_the_end_and_its_run_is_lost(newsroom: Newsroom) -> None:
    hang(newsroom.sites["north"], "/news/story-1.htm", lambda: False)
    scheduler = newsroom.start("run")
    until(lambda: newsroom.sites["north"].requests["/news/story-1.htm"], "the crawl")
    for pid in descendants(scheduler.pid):
        if b"scheduling.ward" in command_line(pid):
            os.kill(pid, signal.SIGSTOP)
    scheduler.terminate()
    _, said = scheduler.communicate(timeout=60)
    assert scheduler.returncode == 0, said
    assert "running" not in statuses(newsroom.db, "schedule crawl north")
    assert "lost" in statuses(newsroom.db, "schedule crawl north")
    assert job(newsroom.db, "crawl north").outcome == "interrupted"


def command_line(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""
