"""Saved searches and where what they find is sent to: their rows, made, read, paused and removed."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from db.errors import NotFound, UsageError
from db.frontier import timestamp
from db.query import EventQuery, as_filters
from db.store import Store

ChannelKind = Literal["webhook", "email", "file"]
_COLUMNS = "id, name, query, created, tells_from, zone, quiet, digest, paused, evaluated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One place that alerts are sent to."""

    kind: ChannelKind
    address: str
    secret_env: str | None = None
    id: int = 0
    """Given by the store."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    """A question that is asked again whenever events come.

    `tells_from` is the first day of publication told of. `quiet` and `digest` say in `zone` when webhooks and
    e-mails are held, and when they are sent together.
    """

    name: str
    query: EventQuery
    created: str
    tells_from: str
    zone: str = "UTC"
    quiet: str | None = None
    digest: str | None = None
    paused: bool = False
    evaluated: str | None = None
    channels: tuple[Channel, ...] = ()
    id: int = 0
    """Given by the store."""


def add_search(store: Store, search: SavedSearch) -> SavedSearch:
    """Keep a search with its channels; raises UsageError when its name is taken. Part of the caller's transaction."""
    if store.db.execute("SELECT 1 FROM saved_searches WHERE name = ?", [search.name]).fetchone():
        raise UsageError(
            f"there is a saved search '{search.name}' already. Remove it with 'dateline alerts remove"
            f" {search.name}', or choose another name"
        )
    row = store.db.execute(
        "INSERT INTO saved_searches (name, query, created, tells_from, zone, quiet, digest, paused, evaluated)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id",
        [
            search.name,
            json.dumps(as_filters(search.query), ensure_ascii=False, sort_keys=True),
            search.created,
            search.tells_from,
            search.zone,
            search.quiet,
            search.digest,
            int(search.paused),
            search.evaluated,
        ],
    ).fetchone()
    for channel in search.channels:
        store.db.execute(
            "INSERT OR IGNORE INTO alert_channels (saved_search_id, kind, address, secret_env) VALUES (?, ?, ?, ?)",
            [row[0], channel.kind, channel.address, channel.secret_env],
        )
    return find_search(store, search.name)


def find_search(store: Store, name: str) -> SavedSearch:
    """One search by its name; raises NotFound with the names there are."""
    found = _read(store, "name = ?", [name])
    if not found:
        names = [row[0] for row in store.db.execute("SELECT name FROM saved_searches ORDER BY name LIMIT 20")]
        known = f"There are: {', '.join(names)}" if names else "Make one with 'dateline alerts add'"
        raise NotFound(f"there is no saved search '{name}'. {known}")
    return found[0]


def all_searches(store: Store, *, active: bool = False) -> list[SavedSearch]:
    """All searches by name, or those that are not paused."""
    return _read(store, "paused = 0" if active else "1", [])


def remove_search(store: Store, search: SavedSearch) -> None:
    """Forget a search, what it told of and what it was still to send."""
    with store.transaction():
        store.db.execute("DELETE FROM saved_searches WHERE id = ?", [search.id])


def set_paused(store: Store, search: SavedSearch, paused: bool) -> None:
    """Let a search rest or go on; part of the caller's transaction."""
    store.db.execute("UPDATE saved_searches SET paused = ? WHERE id = ?", [int(paused), search.id])


def note_evaluated(store: Store, searches: Sequence[SavedSearch], now: datetime) -> None:
    """Note when these searches last looked; part of the caller's transaction."""
    store.db.conn.executemany(
        "UPDATE saved_searches SET evaluated = ? WHERE id = ?", [(timestamp(now), s.id) for s in searches]
    )


def tell_from(store: Store, search: SavedSearch, day: str) -> None:
    """Move the first day of publication that is told of; part of the caller's transaction."""
    store.db.execute("UPDATE saved_searches SET tells_from = ? WHERE id = ?", [day, search.id])


def _read(store: Store, condition: str, parameters: Sequence[Any]) -> list[SavedSearch]:
    rows = store.db.query(
        f"SELECT {_COLUMNS} FROM saved_searches WHERE {condition} ORDER BY name", parameters
    )
    searches = [_search(row) for row in rows]
    return [replace(search, channels=_channels(store, search.id)) for search in searches]


def _search(row: Mapping[str, Any]) -> SavedSearch:
    # Its words were checked when it was added; one that the codebook dropped since then matches nothing.
    filters = json.loads(row["query"])
    known = {field: value for field, value in filters.items() if field in EventQuery.__slots__}
    known.pop("limit", None)  # it tells of all that match
    return SavedSearch(**{**row, "query": EventQuery(**known), "paused": bool(row["paused"])})


def _channels(store: Store, search_id: int) -> tuple[Channel, ...]:
    rows = store.db.query(
        "SELECT id, kind, address, secret_env FROM alert_channels WHERE saved_search_id = ? ORDER BY id",
        [search_id],
    )
    return tuple(Channel(**row) for row in rows)
