"""Alerts and their deliveries: written together, sent by one process at a time, kept until they are sent or dead.

A delivery is claimed before it is sent and settled afterwards. When the process between the two is killed, the
delivery is sent again under the same id: at least once, and a receiver that keeps ids sees it once.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from db.clock import moment_of
from db.errors import NotFound
from db.frontier import timestamp
from db.processes import is_gone, process_mark
from db.saved_searches import Channel, ChannelKind
from db.store import Store

Reason = Literal["event", "stage", "test"]
STALE = timedelta(minutes=10)
"""After which a claim of another machine, of which we cannot know, is void."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One thing told: `message` is what is sent of it, as it was known when it fired."""

    id: str
    search: str
    reason: Reason
    fired: str
    message: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One message to one channel: an alert, or the alerts of a digest."""

    id: str
    search: str
    channel: Channel
    attempts: int
    created: str
    alerts: tuple[Alert, ...]
    is_digest: bool
    zone: str
    quiet: str | None


def new_id(kind: str) -> str:
    """A new id for an alert ("al_...") or a delivery ("msg_...")."""
    return f"{kind}_{secrets.token_hex(12)}"


def put_alert(store: Store, search_id: int, alert: Alert, *, event_id: str, stage: str | None) -> None:
    """Write an alert; part of the caller's transaction."""
    message = json.dumps(alert.message, ensure_ascii=False, sort_keys=True)
    store.db.execute(
        "INSERT INTO alerts (id, saved_search_id, reason, event_id, stage, fired, message)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [alert.id, search_id, alert.reason, event_id, stage, alert.fired, message],
    )


def put_delivery(store: Store, channel: Channel, alert_id: str, *, now: datetime, due: datetime) -> str:
    """Write one message of one alert, to be sent when due; part of the caller's transaction."""
    delivery_id = new_id("msg")
    _insert(store, delivery_id, channel, "pending", now, due)
    store.db.execute("INSERT INTO delivery_alerts VALUES (?, ?)", [delivery_id, alert_id])
    return delivery_id


def put_into_digest(store: Store, channel: Channel, alert_id: str, *, now: datetime, due: datetime) -> None:
    """Add an alert to the digest that a channel gathers; part of the caller's transaction."""
    row = store.db.execute(
        "SELECT id FROM deliveries WHERE channel_id = ? AND state = 'gathering' AND next_attempt > ?",
        [channel.id, timestamp(now)],
    ).fetchone()
    delivery_id = row[0] if row else new_id("msg")
    if row is None:
        _insert(store, delivery_id, channel, "gathering", now, due)
    store.db.execute("INSERT INTO delivery_alerts VALUES (?, ?)", [delivery_id, alert_id])


def due_deliveries(store: Store, now: datetime, only: Sequence[str] | None = None) -> list[tuple[str, int]]:
    """The deliveries to be sent now, with their channels, in the order in which they were written.

    Those of paused searches rest, unless they are among the ones that are named.
    """
    among = "s.paused = 0" if only is None else "d.id IN (SELECT value FROM json_each(?2))"
    return store.db.execute(
        "SELECT d.id, d.channel_id FROM deliveries d JOIN alert_channels c ON c.id = d.channel_id"
        " JOIN saved_searches s ON s.id = c.saved_search_id"
        " WHERE d.state IN ('gathering', 'pending') AND d.next_attempt <= ?1"
        f" AND {among} ORDER BY d.rowid",
        [timestamp(now), *([] if only is None else [json.dumps(list(only))])],
    ).fetchall()


def is_due(store: Store, now: datetime) -> bool:
    """Whether any delivery is to be sent now."""
    return bool(due_deliveries(store, now))


def claim(store: Store, delivery_id: str, now: datetime) -> Delivery | None:
    """Take a delivery that is due, for this process to send; None when another was quicker. Closes a digest."""
    with store.transaction():
        row = store.db.execute(
            "SELECT state, holder, last_attempt FROM deliveries WHERE id = ? AND next_attempt <= ?",
            [delivery_id, timestamp(now)],
        ).fetchone()
        if row is None or row[0] not in ("gathering", "pending") or _is_held(row[1], row[2], now):
            return None
        store.db.execute(
            "UPDATE deliveries SET state = 'pending', holder = ?, last_attempt = ?, attempts = attempts + 1"
            " WHERE id = ?",
            [process_mark(), timestamp(now), delivery_id],
        )
        return _delivery(store, delivery_id)


def settle_sent(store: Store, delivery_id: str) -> None:
    """Note a delivery as sent."""
    with store.transaction():
        store.db.execute(
            "UPDATE deliveries SET state = 'sent', holder = NULL, last_error = NULL WHERE id = ?",
            [delivery_id],
        )


def settle_failed(store: Store, delivery_id: str, error: str, *, again: datetime | None) -> None:
    """Note why a delivery failed and when it is tried again, or that it is given up."""
    with store.transaction():
        store.db.execute(
            "UPDATE deliveries SET state = iif(?1 IS NULL, 'dead', 'pending'), holder = NULL, last_error = ?2,"
            " next_attempt = coalesce(?1, next_attempt) WHERE id = ?3",
            [timestamp(again) if again else None, error, delivery_id],
        )


def hold_channel(store: Store, channel: Channel, until: datetime) -> None:
    """Put off what else is to be sent to a channel that cannot take it now."""
    with store.transaction():
        store.db.execute(
            "UPDATE deliveries SET next_attempt = ?1 WHERE channel_id = ?2 AND state = 'pending'"
            " AND holder IS NULL AND next_attempt < ?1",
            [timestamp(until), channel.id],
        )


def revive(store: Store, delivery_ids: Sequence[str], now: datetime) -> int:
    """Let deliveries that were given up be sent again, all or the named ones; returns how many. May raise NotFound."""
    with store.transaction():
        for delivery_id in delivery_ids:
            row = store.db.execute("SELECT state FROM deliveries WHERE id = ?", [delivery_id]).fetchone()
            if row is None:
                raise NotFound(
                    f"there is no delivery {delivery_id}. See 'dateline alerts deliveries --failed'"
                )
        among = "1" if not delivery_ids else "id IN (SELECT value FROM json_each(?2))"
        parameters = [timestamp(now), *([json.dumps(list(delivery_ids))] if delivery_ids else [])]
        return int(
            store.db.execute(
                "UPDATE deliveries SET state = 'pending', attempts = 0, next_attempt = ?1"
                f" WHERE state = 'dead' AND {among}",
                parameters,
            ).rowcount
        )


def list_deliveries(
    store: Store, *, failed: bool = False, search: str | None = None
) -> Iterator[dict[str, Any]]:
    """The deliveries, latest first; `failed` gives those that failed and are not sent yet, and the dead ones."""
    conditions = ["1"]
    if failed:
        conditions.append("d.state <> 'sent' AND d.last_error IS NOT NULL")
    if search is not None:
        conditions.append("s.name = :search")
    return store.db.query(
        "SELECT d.id, s.name AS search, c.kind, c.address, d.state, d.attempts, d.created, d.last_attempt,"
        " iif(d.state IN ('sent', 'dead'), NULL, d.next_attempt) AS next_attempt, d.last_error,"
        " (SELECT count(*) FROM delivery_alerts x WHERE x.delivery_id = d.id) AS alerts"
        " FROM deliveries d JOIN alert_channels c ON c.id = d.channel_id"
        f" JOIN saved_searches s ON s.id = c.saved_search_id WHERE {' AND '.join(conditions)} ORDER BY d.rowid DESC",
        {"search": search},
    )


def count_dead(store: Store) -> int:
    """How many deliveries were given up and wait for `dateline alerts retry`; tests aside."""
    question = (
        "SELECT count(*) FROM deliveries d WHERE d.state = 'dead' AND EXISTS (SELECT 1 FROM delivery_alerts x"
        " JOIN alerts a ON a.id = x.alert_id WHERE x.delivery_id = d.id AND a.reason <> 'test')"
    )
    return int(store.db.execute(question).fetchone()[0])


def list_alerts(store: Store, *, search_id: int | None, limit: int) -> list[Alert]:
    """What fired, tests aside, latest first; of one search or of all."""
    rows = store.db.execute(
        "SELECT a.id, s.name, a.reason, a.fired, a.message FROM alerts a"
        " JOIN saved_searches s ON s.id = a.saved_search_id WHERE a.reason <> 'test'"
        " AND (?1 IS NULL OR s.id = ?1) ORDER BY a.fired DESC, a.rowid DESC LIMIT ?2",
        [search_id, limit],
    )
    return [_alert(row) for row in rows]


def _insert(
    store: Store, delivery_id: str, channel: Channel, state: str, now: datetime, due: datetime
) -> None:
    store.db.execute(
        "INSERT INTO deliveries (id, channel_id, state, digest, created, next_attempt) VALUES (?, ?, ?, ?, ?, ?)",
        [delivery_id, channel.id, state, int(state == "gathering"), timestamp(now), timestamp(due)],
    )


def _is_held(holder: str | None, since: str | None, now: datetime) -> bool:
    if holder is None:
        return False
    gone = is_gone(holder)
    if gone is None:
        return since is not None and now - moment_of(since) < STALE
    return not gone


def _delivery(store: Store, delivery_id: str) -> Delivery:
    row = store.db.execute(
        "SELECT d.attempts, d.created, d.digest, s.name, s.zone, s.quiet, c.id, c.kind, c.address, c.secret_env"
        " FROM deliveries d JOIN alert_channels c ON c.id = d.channel_id"
        " JOIN saved_searches s ON s.id = c.saved_search_id WHERE d.id = ?",
        [delivery_id],
    ).fetchone()
    attempts, created, digest, search, zone, quiet, channel_id, kind, address, secret_env = row
    alerts = store.db.execute(
        "SELECT a.id, s.name, a.reason, a.fired, a.message FROM delivery_alerts x JOIN alerts a"
        " ON a.id = x.alert_id JOIN saved_searches s ON s.id = a.saved_search_id WHERE x.delivery_id = ?"
        " ORDER BY a.rowid",
        [delivery_id],
    )
    kind_of: ChannelKind = kind
    return Delivery(
        id=delivery_id,
        search=search,
        channel=Channel(kind=kind_of, address=address, secret_env=secret_env, id=channel_id),
        attempts=attempts,
        created=created,
        alerts=tuple(_alert(alert) for alert in alerts),
        is_digest=bool(digest),
        zone=zone,
        quiet=quiet,
    )


def _alert(row: Sequence[Any]) -> Alert:
    alert_id, search, reason, fired, message = row
    return Alert(id=alert_id, search=search, reason=reason, fired=fired, message=json.loads(message))
