"""`dateline alerts` as a user types it, on the demonstration's articles, and processes that are killed meanwhile."""

from __future__ import annotations

import json
import os
import re
import subprocess
import threading
from pathlib import Path

import pytest

from dateline.cli import main
from db.store import open_store
from tests.dateline.alerting.conftest import Sink, World, goods, hang, until
from tests.dateline.program import PROGRAM, dateline

FILTERS = ("--commodity", "rare_earths", "--from", "2025-01-01")


def test_a_search_lives_from_adding_to_removing(demo_copy: Path) -> None:
    def alerts(*arguments: object, code: int = 0) -> subprocess.CompletedProcess[str]:
        ran = dateline("alerts", *arguments, "--db", demo_copy, folder=demo_copy.parent)
        assert ran.returncode == code, ran.stderr
        assert "Traceback" not in ran.stderr
        return ran

    added = alerts("add", "rare-earths", *FILTERS, "--file", "alerts.jsonl")
    assert "Watching 'rare-earths' from 2025-01-01 on: --commodity rare_earths" in added.stderr
    counted = json.loads(
        alerts("preview", "rare-earths", "--days", "400", "--until", "2025-12-31", "--json").stdout
    )
    expected = sum(day["alerts"] for day in counted)
    assert expected > 3
    assert "--until 2025-" in alerts("preview", "rare-earths", "--until", "2026-06-01").stderr
    fired = alerts("fire").stdout.splitlines()
    lines = (demo_copy.parent / "alerts.jsonl").read_text().splitlines()
    events = {json.loads(line)["event"]["id"] for line in lines}
    assert len(fired) == len(lines) == len(events) == expected
    assert alerts("fire").stdout == ""
    assert json.loads(alerts("list", "--json").stdout)[0]["alerts"] == expected
    assert "delivers to  file" in alerts("show", "rare-earths").stdout
    assert len(json.loads(alerts("deliveries", "--json").stdout)) == expected
    assert "No deliveries failed" in alerts("deliveries", "--failed").stderr
    assert "Test taken by 1 of 1" in alerts("test", "rare-earths").stderr
    assert "Nothing was given up" in alerts("retry").stderr
    alerts("pause", "rare-earths")
    assert "paused" in alerts("list").stdout
    alerts("resume", "rare-earths")
    alerts("remove", "rare-earths")
    assert "No saved searches yet" in alerts("list").stderr
    with open_store(demo_copy, "read") as store:
        for table in (
            "alerts",
            "deliveries",
            "delivery_alerts",
            "told_reports",
            "told_happenings",
            "alert_channels",
        ):
            assert store.db[table].count == 0, table


BAD_CALLS = [
    (["add", "x", "--type", "PARTY"], 2, "there is no 'PARTY'. One of: .*SANCTION"),
    (["add", "x", "--stage", "cancelled"], 2, "--stage: there is no 'cancelled'"),
    (["add", "x", "--colour", "red"], 2, "No such option.*--colour"),
    (["add", "a/b", "--actor", "CHN"], 2, "'a/b' is no name for a saved search"),
    (["add", "x", "--webhook", "example.org/hook"], 2, "--webhook: 'example.org/hook' is no web address"),
    (["add", "x", "--email", "me"], 2, "--email: 'me' is no e-mail address"),
    (["add", "x", "--file", "no/folder/x.jsonl"], 2, "--file: .*no/folder"),
    (["add", "x", "--secret-env", "KEY"], 2, "--secret-env is for webhooks"),
    (["add", "x", "--quiet", "at night"], 2, "'at night' is no span of quiet hours; write it as 22:00-07:00"),
    (["add", "x", "--digest", "daily"], 2, "'daily' is no cron expression"),
    (["add", "x", "--timezone", "Hanoi"], 2, "no time zone 'Hanoi'"),
    (["add", "x", "--from", "yesterday"], 2, "'yesterday' is no date"),
    (["show", "nobody"], 1, "no saved search 'nobody'. Make one with 'dateline alerts add'"),
    (["preview", "nobody"], 1, "no saved search 'nobody'"),
    (["retry", "msg_0"], 1, "there is no delivery msg_0"),
]


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("empty") / "news.db"
    with open_store(path):
        return path


@pytest.mark.parametrize(("arguments", "code", "message"), BAD_CALLS, ids=lambda value: str(value)[:50])
def test_a_bad_call_gives_one_clear_line(
    empty: Path,
    arguments: list[str],
    code: int,
    message: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(empty.parent)
    monkeypatch.setattr("sys.argv", ["dateline", "alerts", *arguments, "--db", str(empty)])
    with pytest.raises(SystemExit) as ended:
        main()
    said = capsys.readouterr().err
    assert ended.value.code == code, said
    assert re.search(message, said), said
    assert len(said.strip().splitlines()) == 1, said
    with open_store(empty, "read") as store:
        assert store.db["saved_searches"].count == 0


def start_firing(db: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [PROGRAM, "alerts", "fire", "--db", db],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "NO_COLOR": "1", "NO_PROXY": "127.0.0.1"},
    )


def test_a_process_killed_while_it_sends_neither_loses_nor_doubles_an_alert(world: World, sink: Sink) -> None:
    from dateline.alerting.adding import webhook_channel

    world.watch(channels=(webhook_channel(sink.url(), None),), tells_from="2025-01-01")
    for thing in ("tungsten", "graphite", "gallium"):
        world.report(thing, f"China banned exports of {thing}.", commodities=goods(thing))
    released = threading.Event()
    sink.replies["/hook"] = [hang(released)]
    db = world.store.path
    sender = start_firing(db)
    until(lambda: sink.received, "the first request")
    sender.kill()
    sender.communicate(timeout=30)
    released.set()
    assert [row["state"] for row in world.rows("deliveries")] == ["pending"] * 3
    again = dateline("alerts", "fire", "--db", db, NO_PROXY="127.0.0.1")
    assert again.returncode == 0, again.stderr
    assert len(world.rows("alerts")) == 3
    assert [row["state"] for row in world.rows("deliveries")] == ["sent"] * 3
    ids = [request.id for request in sink.received]
    assert len(ids) == 4 and len(set(ids)) == 3, (
        "the one that was under way comes again under its id, no other"
    )


def test_processes_that_fire_at_once_tell_and_send_once(world: World, sink: Sink) -> None:
    from dateline.alerting.adding import webhook_channel

    world.watch(channels=(webhook_channel(sink.url(), None),), tells_from="2025-01-01")
    for thing in ("tungsten", "graphite", "gallium", "rare_earths"):
        world.report(thing, f"China banned exports of {thing}.", commodities=goods(thing))
    rivals = [start_firing(world.store.path) for _ in range(3)]
    for rival in rivals:
        _, said = rival.communicate(timeout=60)
        assert rival.returncode == 0, said
    assert len(world.rows("alerts")) == 4
    assert len(sink.received) == len({request.id for request in sink.received}) == 4
