"""Deliveries to real receivers on loopback that take, refuse, hang, ask to wait, or go away."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from dateline.alerting import webhook
from dateline.alerting.adding import file_channel, webhook_channel
from dateline.alerting.delivering import Deliveries, deliver_due
from dateline.alerting.failure import MOST_ATTEMPTS, Failure, next_attempt
from dateline.alerting.round import send_test
from db.clock import moment_of
from db.outbox import claim, revive
from tests.dateline.alerting.conftest import Reply, Sink, World, goods, hang

BAN = "China banned exports of rare earths on Monday."


def deliver(world: World) -> Deliveries:
    return deliver_due(world.store, now=world.now)


def happen(world: World, *names: str) -> None:
    """Something to tell for each of these goods."""
    for name in names:
        world.report(name, f"China banned exports of {name}.", commodities=goods(name))
        world.fire()


def counts(done: Deliveries) -> tuple[int, int, int]:
    return done.sent, done.failed, done.dead


def test_a_webhook_gets_the_alert_signed_as_the_convention_says(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = b"a key that only the two of us know"
    monkeypatch.setenv("HOOK_SECRET", "whsec_" + base64.b64encode(key).decode())
    world.watch(channels=(webhook_channel(sink.url(), "HOOK_SECRET"),), commodity="rare_earths")
    world.report("one", BAN)
    alert = world.fire()[0]
    assert counts(deliver(world)) == (1, 0, 0)
    (request,) = sink.received
    head = request.headers
    signed = f"{head['webhook-id']}.{head['webhook-timestamp']}.".encode() + request.body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert head["webhook-signature"] == f"v1,{expected}"
    assert int(head["webhook-timestamp"]) == int(world.now.timestamp())
    told = request.data["data"]["alerts"][0]
    assert request.data["type"] == "alert.event" and told["alert"] == alert.id
    assert told["event"]["witness"]["sentence"] == BAN
    assert told["explain"] == f"dateline explain {told['event']['id']}"
    assert counts(deliver(world)) == (0, 0, 0) and len(sink.received) == 1


def test_without_its_secret_nothing_is_sent(world: World, sink: Sink) -> None:
    world.watch(channels=(webhook_channel(sink.url(), "NO_SUCH_SECRET"),))
    happen(world, "tungsten")
    done = deliver(world)
    assert counts(done) == (0, 1, 0) and "set NO_SUCH_SECRET" in done.errors[0]
    assert sink.received == []


def test_a_failing_receiver_is_tried_again_seldomer_and_gets_the_same_message(
    world: World, sink: Sink
) -> None:
    world.watch(channels=(webhook_channel(sink.url(), None),))
    sink.replies["/hook"] = [Reply(500, body=b"out of\norder"), Reply(503), Reply(404)]
    happen(world, "tungsten")
    pauses = []
    for _ in range(3):
        done = deliver(world)
        assert counts(done) == (0, 1, 0)
        assert counts(deliver(world)) == (0, 0, 0), "tried again at once"
        due = moment_of(world.rows("deliveries")[0]["next_attempt"])
        pauses.append(due - world.now)
        world.now = due
    assert pauses == [timedelta(minutes=1), timedelta(minutes=3), timedelta(minutes=9)]
    assert world.rows("deliveries")[0]["last_error"] == "it answered 404"
    assert counts(deliver(world)) == (1, 0, 0)
    assert len(sink.received) == 4
    assert len({(request.id, request.body) for request in sink.received}) == 1


def test_a_busy_receiver_is_left_alone_as_long_as_it_asks(world: World, sink: Sink) -> None:
    world.watch(channels=(webhook_channel(sink.url(), None),))
    sink.replies["/hook"] = [Reply(429, {"Retry-After": "1800"})]
    happen(world, "tungsten", "graphite", "gallium")
    assert counts(deliver(world)) == (0, 1, 0)
    assert len(sink.received) == 1, "the other deliveries were sent to a receiver that had asked to wait"
    world.now += timedelta(minutes=29)
    assert counts(deliver(world)) == (0, 0, 0)
    world.now += timedelta(minutes=1)
    assert counts(deliver(world)) == (3, 0, 0)
    things = [r.data["data"]["alerts"][0]["event"]["commodities"][0]["name"] for r in sink.received]
    assert things == ["tungsten", "tungsten", "graphite", "gallium"]


def test_a_date_to_wait_for_is_honoured_and_a_foolish_one_has_a_limit(world: World, sink: Sink) -> None:
    world.watch(channels=(webhook_channel(sink.url(), None),))
    sink.replies["/hook"] = [
        Reply(503, {"Retry-After": "Mon, 20 Oct 2025 14:00:00 GMT"}),
        Reply(503, {"Retry-After": "99999999999"}),
        Reply(503, {"Retry-After": "soon"}),
    ]
    happen(world, "tungsten")
    waits = []
    for _ in range(3):
        deliver(world)
        due = moment_of(world.rows("deliveries")[0]["next_attempt"])
        waits.append(due - world.now)
        world.now = due
    assert waits == [timedelta(hours=2), timedelta(days=1), timedelta(minutes=9)]


def test_a_hanging_receiver_is_given_up_in_time_and_holds_up_no_other(
    world: World, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhook, "LIMIT", 0.5)
    released = threading.Event()
    sink.replies["/hangs"] = [hang(released)]
    lines = world.folder / "alerts.jsonl"
    world.watch(
        channels=(
            webhook_channel(sink.url("/hangs"), None),
            webhook_channel(sink.url("/works"), None),
            file_channel(lines),
        )
    )
    happen(world, "tungsten")
    done = deliver(world)
    released.set()
    assert counts(done) == (2, 1, 0) and "no answer within 0.5 seconds" in done.errors[0]
    assert len(sink.of("/works")) == 1 and len(lines.read_text().splitlines()) == 1


def test_a_receiver_that_is_not_there_fails_in_words(world: World) -> None:
    world.watch(channels=(webhook_channel("http://127.0.0.1:9/hook", None),))
    happen(world, "tungsten")
    done = deliver(world)
    assert counts(done) == (0, 1, 0) and done.errors[0].startswith("http://127.0.0.1:9/hook: no answer")


def test_redirects_are_not_followed_and_long_answers_not_read(world: World, sink: Sink) -> None:
    world.watch(channels=(webhook_channel(sink.url(), None),))
    sink.replies["/hook"] = [
        Reply(302, {"Location": sink.url("/elsewhere")}),
        Reply(400, body=b"x" * 5_000_000),
    ]
    happen(world, "tungsten")
    assert "redirects are not followed" in deliver(world).errors[0]
    world.pass_days(1)
    assert len(deliver(world).errors[0]) < 400
    assert sink.of("/elsewhere") == []


def test_what_fails_too_often_is_given_up_and_can_be_taken_up_again(world: World, sink: Sink) -> None:
    world.watch(channels=(webhook_channel(sink.url(), None),))
    sink.replies["/hook"] = [Reply(500)] * MOST_ATTEMPTS
    happen(world, "tungsten")
    for _ in range(MOST_ATTEMPTS):
        done = deliver(world)
        world.pass_days(1)
    assert counts(done) == (0, 0, 1)
    assert world.rows("deliveries")[0]["state"] == "dead"
    assert counts(deliver(world)) == (0, 0, 0)
    assert revive(world.store, [], world.now) == 1
    assert counts(deliver(world)) == (1, 0, 0)
    assert len({request.id for request in sink.received}) == 1


def test_a_receiver_that_says_it_is_gone_is_given_up_at_once(world: World, sink: Sink) -> None:
    world.watch(channels=(webhook_channel(sink.url(), None),))
    sink.replies["/hook"] = [Reply(410)]
    happen(world, "tungsten")
    assert counts(deliver(world)) == (0, 0, 1)


def test_the_pauses_grow_to_a_limit_and_cover_more_than_a_day() -> None:
    failure = Failure(error="no answer")
    start = now = moment_of("2025-10-20T00:00:00Z")
    for attempts in range(1, MOST_ATTEMPTS):
        due = next_attempt(failure, attempts, now)
        assert due is not None and due - now <= timedelta(hours=6)
        now = due
    assert next_attempt(failure, MOST_ATTEMPTS, now) is None
    assert timedelta(days=1) < now - start < timedelta(days=3)


def test_quiet_hours_hold_what_rings_and_not_the_file(world: World, sink: Sink) -> None:
    lines = world.folder / "alerts.jsonl"
    world.watch(
        channels=(webhook_channel(sink.url(), None), file_channel(lines)),
        quiet="22:00-07:00",
        zone="Asia/Ho_Chi_Minh",
    )
    world.now = moment_of("2025-10-20T18:00:00Z")
    happen(world, "tungsten")
    assert counts(deliver(world)) == (1, 0, 0) and lines.is_file() and sink.received == []
    world.now = moment_of("2025-10-20T23:59:59Z")
    assert counts(deliver(world)) == (0, 0, 0)
    world.now = moment_of("2025-10-21T00:00:00Z")
    assert counts(deliver(world)) == (1, 0, 0) and len(sink.received) == 1


def test_a_digest_collects_a_days_alerts_and_is_repeated_whole(world: World, sink: Sink) -> None:
    world.watch(channels=(webhook_channel(sink.url(), None),), digest="0 8 * * *", zone="Asia/Ho_Chi_Minh")
    happen(world, "tungsten", "graphite")
    assert counts(deliver(world)) == (0, 0, 0)
    world.now = moment_of("2025-10-21T01:00:00Z")
    sink.replies["/hook"] = [Reply(500)]
    assert counts(deliver(world)) == (0, 1, 0)
    happen(world, "gallium")
    world.now += timedelta(hours=1)
    assert counts(deliver(world)) == (1, 0, 0)
    first, again = sink.received
    assert (first.id, first.body) == (again.id, again.body), "the digest changed between two attempts"
    assert first.data["type"] == "alert.digest" and len(first.data["data"]["alerts"]) == 2
    world.now = moment_of("2025-10-22T01:00:00Z")
    assert counts(deliver(world)) == (1, 0, 0)
    assert len(sink.received[-1].data["data"]["alerts"]) == 1
    world.now = moment_of("2025-10-23T01:00:00Z")
    assert counts(deliver(world)) == (0, 0, 0), "an empty digest was sent"


def test_a_digest_under_way_takes_nothing_in(world: World, sink: Sink) -> None:
    world.watch(channels=(webhook_channel(sink.url(), None),), digest="0 8 * * *")
    happen(world, "tungsten")
    due = moment_of(world.rows("deliveries")[0]["next_attempt"])
    claim(world.store, world.rows("deliveries")[0]["id"], due)
    with world.store.transaction():
        world.store.db.execute("UPDATE deliveries SET next_attempt = '2999-01-01T00:00:00Z'")
    happen(world, "graphite")
    assert len(world.rows("deliveries")) == 2


def test_a_line_already_in_the_file_is_not_written_twice(world: World) -> None:
    lines = world.watch_to_file()
    happen(world, "tungsten", "graphite")
    assert counts(deliver(world)) == (2, 0, 0)
    # As after a kill between the writing and its note.
    world.store.db.execute("UPDATE deliveries SET state = 'pending', holder = 'elsewhere/1/1'")
    world.store.db.conn.commit()
    world.pass_days(1)
    assert counts(deliver(world)) == (2, 0, 0)
    found: list[dict[str, Any]] = [json.loads(line) for line in lines.read_text().splitlines()]
    assert len(found) == 2 == len({line["delivery"] for line in found})


def test_a_file_that_cannot_be_written_is_tried_again(world: World) -> None:
    folder = world.folder / "mounted"
    folder.mkdir()
    world.watch(channels=(file_channel(folder / "alerts.jsonl"),))
    folder.rmdir()
    happen(world, "tungsten")
    assert "cannot be written" in deliver(world).errors[0]
    folder.mkdir()
    world.now += timedelta(minutes=1)
    assert counts(deliver(world)) == (1, 0, 0)


def test_a_delivery_that_another_process_sends_is_left_to_it(world: World, sink: Sink) -> None:
    from db.processes import process_mark

    world.watch(channels=(webhook_channel(sink.url(), None),))
    happen(world, "tungsten")
    with world.store.transaction():
        world.store.db.execute("UPDATE deliveries SET holder = ?", [process_mark()])
    assert counts(deliver(world)) == (0, 0, 0)
    with world.store.transaction():
        world.store.db.execute("UPDATE deliveries SET holder = ?", [process_mark().rpartition("/")[0] + "/1"])
    assert counts(deliver(world)) == (1, 0, 0), "what a process that is gone had claimed is never sent"


def test_a_test_is_marked_sent_at_any_hour_and_not_an_alert(world: World, sink: Sink) -> None:
    search = world.watch(
        channels=(webhook_channel(sink.url(), None),), quiet="00:00-23:59", digest="0 8 * * *"
    )
    sink.replies["/hook"] = [Reply(500)]
    assert counts(send_test(world.store, search)) == (0, 0, 1)
    assert counts(send_test(world.store, search)) == (1, 0, 0)
    told = sink.received[-1].data
    assert told["type"] == "alert.test" and told["data"]["alerts"][0]["test"] is True
    from db.outbox import list_alerts

    assert list_alerts(world.store, search_id=None, limit=10) == []


@pytest.mark.parametrize("path", [Path("/nowhere/alerts.jsonl")])
def test_a_file_in_no_folder_is_refused(path: Path) -> None:
    from db.errors import UsageError

    with pytest.raises(UsageError, match="there is no folder"):
        file_channel(path)
