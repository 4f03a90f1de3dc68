"""What a scheduler says: a line for each piece of news or fault, with its run where programs read it, else nothing."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from db.clock import present
from db.jobs import put_off
from db.store import open_store
from tests.dateline.program import dateline
from tests.dateline.scheduling.conftest import Newsroom

BAN = " Indonesia banned exports of nickel ore on Monday."


def said_by(scheduler: subprocess.Popen[str]) -> list[str]:
    _, said = scheduler.communicate(timeout=120)
    assert scheduler.returncode == 0, said
    return said.splitlines()


def make_due(room: Newsroom) -> None:
    with open_store(room.db) as store:
        put_off(store, dict.fromkeys(("crawl north", "crawl south", "alerts"), present()))


def test_each_line_of_a_job_names_its_run_and_deliveries_are_told_of(newsroom: Newsroom) -> None:
    search = ("alerts", "add", "nickel", "--commodity", "nickel_ore", "--from", "2025-01-01")
    added = dateline(*search, "--webhook", "http://127.0.0.1:9/hook", "--db", newsroom.db)
    assert added.returncode == 0, added.stderr
    newsroom.sites["north"].put_article(1, extra=BAN)
    lines: list[dict[str, Any]] = [
        json.loads(line) for line in said_by(newsroom.start("tick", "--log", "json"))
    ]
    with open_store(newsroom.db, "read") as store:
        runs = dict(store.db.execute("SELECT id, command FROM runs").fetchall())
    ends = {line["job"]: line for line in lines if "outcome" in line}
    assert {"crawl north", "crawl south", "tag", "alerts"} == set(ends)
    for job, line in ends.items():
        assert runs[line["run_id"]] == f"schedule {job}" and line["level"] == "info"
    [failed] = [line for line in lines if "delivery" in line]
    assert failed["level"] == "warning" and "no answer" in failed["message"]
    assert (failed["job"], failed["search"]) == ("alerts", "nickel")
    assert failed["run_id"] == ends["alerts"]["run_id"] and failed["address"].endswith("/hook")


def test_rounds_without_news_are_silent_unless_one_wants_to_hear_of_them(newsroom: Newsroom) -> None:
    news = said_by(newsroom.start("tick"))
    assert any("crawl north, done: 3 found, 3 new" in line for line in news), news
    make_due(newsroom)
    assert said_by(newsroom.start("tick")) == []
    make_due(newsroom)
    told = said_by(newsroom.start("tick", "--verbose"))
    assert any("crawl north, done: " in line and " 0 new" in line for line in told), told
    newsroom.declare("south", expect={"articles": 40})
    newsroom.sites["south"].put_feed(["/news/story-10.htm"])
    make_due(newsroom)
    told = said_by(newsroom.start("tick"))
    assert any("crawl south, done: " in line and "1 links found, 40 expected" in line for line in told), told
    newsroom.declare("south")
    newsroom.sites["north"].put_article(9)
    newsroom.sites["north"].put_feed(["/news/story-9.htm"])
    make_due(newsroom)
    assert said_by(newsroom.start("tick", "--quiet")) == []
