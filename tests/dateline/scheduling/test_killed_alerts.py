"""A scheduler that is killed while its alerts are sent: each arrives, and what comes twice has the same id."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from db.clock import present
from db.jobs import put_off
from db.processes import is_alive
from db.store import open_store
from tests.crawler.test_kill import descendants
from tests.dateline.alerting.conftest import Reply, Sink, hang, sink
from tests.dateline.program import dateline
from tests.dateline.scheduling.conftest import Newsroom, until
from tests.dateline.scheduling.test_lost import statuses

__all__ = ["sink"]  # a fixture
BANS = (
    "Indonesia banned exports of nickel ore on Monday.",
    "China banned exports of tungsten on Monday.",
    "India banned exports of rice on Monday.",
    "Russia banned exports of wheat on Monday.",
)


def deliveries(db: Path) -> list[dict[str, Any]]:
    with open_store(db, "read") as store:
        return list(
            store.db.query(
                "SELECT d.id, d.state, d.attempts, d.holder, c.address FROM deliveries d"
                " JOIN alert_channels c ON c.id = d.channel_id ORDER BY d.rowid"
            )
        )


def states(db: Path, path: str) -> Counter[str]:
    return Counter(row["state"] for row in deliveries(db) if row["address"].endswith(path))


def tell_later(room: Newsroom, *addresses: str) -> None:
    """Everything is crawled and tagged; a search that tells of it is added, and its round is due."""
    for number, told in enumerate(BANS):
        room.sites["north"].put_article(number, extra=f" {told}")
    room.sites["north"].put_feed([f"/news/story-{number}.htm" for number in range(len(BANS))])
    ran = room.start("tick")
    _, said = ran.communicate(timeout=120)
    assert ran.returncode == 0, said
    places = [word for address in addresses for word in ("--webhook", address)]
    search = ("alerts", "add", "bans", "--instrument", "export_ban", "--from", "2025-01-01")
    added = dateline(*search, *places, "--db", room.db)
    assert added.returncode == 0, added.stderr
    with open_store(room.db) as store:
        put_off(store, {"alerts": present()})


def kill(scheduler: subprocess.Popen[str], *, alone: bool) -> None:
    """End a scheduler without a word, and with it all that it has started; `alone` leaves these to notice it."""
    below = list(descendants(scheduler.pid))
    scheduler.kill()
    for pid in [] if alone else below:
        os.kill(pid, signal.SIGKILL)
    scheduler.communicate(timeout=30)
    until(lambda: not any(is_alive(pid) for pid in below), "the end of what the scheduler had started")


@pytest.mark.parametrize("alone", [False, True], ids=["with everything below it", "alone"])
def test_alerts_under_way_when_a_scheduler_is_killed_arrive_once_by_their_id(
    newsroom: Newsroom, sink: Sink, alone: bool
) -> None:
    released = threading.Event()
    sink.replies["/hook"] = [Reply(204), hang(released)]
    sink.replies["/gone"] = [Reply(410)] * 2 * len(BANS)
    tell_later(newsroom, sink.url("/hook"), sink.url("/gone"))
    scheduler = newsroom.start("run")
    until(lambda: len(sink.of("/hook")) == 2, "the delivery that is not answered")
    until(lambda: states(newsroom.db, "/gone")["dead"] == len(BANS), "the refusals")
    kill(scheduler, alone=alone)
    released.set()

    kept = [row for row in deliveries(newsroom.db) if row["address"].endswith("/hook")]
    assert [row["state"] for row in kept] == ["sent", *["pending"] * (len(BANS) - 1)]
    assert [row["attempts"] for row in kept] == [1, 1, *[0] * (len(BANS) - 2)]
    assert kept[1]["id"] == sink.of("/hook")[1].id

    again = newsroom.start("run")
    until(lambda: states(newsroom.db, "/hook")["sent"] == len(BANS), "the other deliveries")
    until(lambda: statuses(newsroom.db, "schedule alerts")[-1] == "done", "the end of the round")
    again.terminate()
    _, said = again.communicate(timeout=60)
    assert again.returncode == 0, said

    received = sink.of("/hook")
    times = Counter(request.id for request in received)
    assert times == {row["id"]: 2 if row["id"] == kept[1]["id"] else 1 for row in kept}
    first, second = (request for request in received if request.id == kept[1]["id"])
    assert first.body == second.body
    told = Counter(alert["event"]["witness"]["sentence"] for alert in once_each(sink))
    assert told == Counter(BANS), "after de-duplication by id each event is there once"
    assert states(newsroom.db, "/gone") == {"dead": len(BANS)} and len(sink.of("/gone")) == len(BANS)
    assert statuses(newsroom.db, "schedule alerts") == ["interrupted" if alone else "lost", "done"]


def once_each(sink: Sink) -> list[dict[str, Any]]:
    """What a receiver has that keeps the ids it has seen."""
    kept = {request.id: request for request in sink.of("/hook")}
    return [alert for request in kept.values() for alert in request.data["data"]["alerts"]]
