"""How each source's crawls went: the last one, and what each day brought."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from db.frontier import timestamp
from db.store import Store

DAY_COUNTS = ("found", "fetched", "failed", "articles_new", "articles_changed", "unreadable", "read")
FIELDS = ("title", "published", "text", "authors")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCrawl:
    """One source's part of a crawl, as the store keeps it.

    `counts` has the names of `DAY_COUNTS`; `filled` says on how many of the `read` pages each field was found.
    One that was cut short (not `is_whole`) judges nothing: what was said of the source before stays.
    """

    source_id: str
    at: datetime
    counts: Mapping[str, int]
    filled: Mapping[str, int]
    got_something: bool
    faults: Sequence[str] = ()
    reason: str | None = None
    failure: str | None = None
    is_whole: bool = True


def note_crawl(store: Store, crawl: SourceCrawl) -> None:
    """Write a crawl into the source's state and into its day, in one transaction."""
    at = timestamp(crawl.at)
    day = {name: crawl.counts.get(name, 0) for name in DAY_COUNTS}
    day |= {f"with_{name}": crawl.filled.get(name, 0) for name in FIELDS}
    with store.transaction():
        store.db.execute(
            "INSERT INTO source_states (source_id, last_crawl, last_success, last_new, faults, reason, failure)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (source_id) DO UPDATE SET"
            " last_crawl = excluded.last_crawl, last_success = coalesce(excluded.last_success, last_success),"
            " last_new = coalesce(excluded.last_new, last_new), faults = iif(?8, excluded.faults, faults),"
            " reason = iif(?8, excluded.reason, coalesce(excluded.reason, reason)),"
            " failure = iif(?8, excluded.failure, coalesce(excluded.failure, failure))",
            [
                crawl.source_id,
                at,
                at if crawl.got_something else None,
                at if day["articles_new"] else None,
                json.dumps(list(crawl.faults), ensure_ascii=False),
                crawl.reason,
                crawl.failure,
                crawl.is_whole,
            ],
        )
        names = ", ".join(day)
        added = ", ".join(f"{name} = {name} + excluded.{name}" for name in day)
        store.db.execute(
            f"INSERT INTO source_days (source_id, day, crawls, {names})"
            f" VALUES (?, ?, 1, {', '.join('?' * len(day))}) ON CONFLICT (source_id, day) DO UPDATE SET"
            f" crawls = crawls + 1, {added}",
            [crawl.source_id, at[:10], *day.values()],
        )


def last_crawls(store: Store) -> dict[str, str]:
    """When each source was last crawled, by id."""
    return dict(store.db.execute("SELECT source_id, last_crawl FROM source_states").fetchall())


def source_states(store: Store) -> dict[str, dict[str, Any]]:
    """The last crawl of each source by id, with its faults as a list."""
    rows = store.db.query("SELECT * FROM source_states ORDER BY source_id")
    return {row["source_id"]: {**row, "faults": json.loads(row["faults"])} for row in rows}


def days_of(store: Store, since: str) -> dict[str, list[dict[str, Any]]]:
    """The days of each source from a day on, oldest first."""
    days: dict[str, list[dict[str, Any]]] = {}
    for row in store.db.query("SELECT * FROM source_days WHERE day >= ? ORDER BY source_id, day", [since]):
        days.setdefault(row["source_id"], []).append(row)
    return days
