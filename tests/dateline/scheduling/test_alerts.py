"""Alerts in the round: after what was crawled is tagged, by the scheduler and by `dateline run`."""

from __future__ import annotations

import json
from pathlib import Path

from tests.dateline.program import dateline
from tests.dateline.scheduling.conftest import Newsroom
from tests.dateline.scheduling.test_supervisor import one_round

BAN = " Indonesia banned exports of nickel ore on Monday."


def lines(path: Path) -> list[str]:
    found = path.read_text().splitlines() if path.exists() else []
    return [json.loads(line)["event"]["id"] for line in found]


def watch(newsroom: Newsroom) -> Path:
    path = newsroom.folder.parent / "alerts.jsonl"
    added = dateline(
        *("alerts", "add", "nickel", "--commodity", "nickel_ore", "--actor", "IDN", "--from", "2025-01-01"),
        *("--file", path, "--db", newsroom.db),
    )
    assert added.returncode == 0, added.stderr
    return path


def test_a_round_tells_of_what_it_found_once(newsroom: Newsroom) -> None:
    told = watch(newsroom)
    newsroom.sites["north"].put_article(1, extra=BAN)
    ended = one_round(newsroom)
    assert list(ended)[-2:] == ["tag", "alerts"]
    assert ended["alerts"].outcome == "done" and ended["alerts"].message == "1 alert; 1 delivery sent"
    assert len(lines(told)) == 1
    assert one_round(newsroom) == {}, "there was nothing new"


def test_a_run_tells_of_what_it_found(newsroom: Newsroom) -> None:
    told = watch(newsroom)
    newsroom.sites["south"].put_article(11, extra=BAN)
    arguments = ("run", "--sources", newsroom.folder, "--allow-loopback", "--db", newsroom.db)
    ran = dateline(*arguments)
    assert ran.returncode == 0, ran.stderr
    assert "1 alert; 1 delivery sent." in ran.stdout
    again = dateline(*arguments)
    assert again.returncode == 0 and "alert" not in again.stdout
    assert len(lines(told)) == 1
