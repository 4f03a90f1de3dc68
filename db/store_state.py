"""What a store holds, what waits in it, and what it takes up on the disk."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from db.frontier import timestamp
from db.store import Store

_COUNTS = {
    "articles": "SELECT count(*) FROM articles",
    "copies": "SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL",
    "untagged": "SELECT count(*) FROM articles WHERE tagger IS NULL",
    "in_languages_not_tagged": "SELECT count(*) FROM articles WHERE language NOT IN ('en', 'vi')",
    "events": "SELECT count(*) FROM events",
    "measures": "SELECT count(*) FROM measures",
    "observations": "SELECT count(*) FROM observations",
    "pages_waiting": "SELECT count(*) FROM pages WHERE state IN ('new', 'fetched') AND kind = 'article'",
    "pages_failed": "SELECT count(*) FROM pages WHERE state IN ('failed', 'refused')",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskUse:
    """Bytes of the database and its archive, bytes free beside them, and by how many they grow a day.

    The growth is an estimate: what an article has taken so far, times the articles of the last week.
    """

    database: int
    archive: int
    free: int
    growth_a_day: float

    @property
    def days_left(self) -> float | None:
        """After how many days at this growth the disk is full; None where nothing grows."""
        return self.free / self.growth_a_day if self.growth_a_day else None


def count_rows(store: Store) -> dict[str, int]:
    """How many articles, events, measures, observations there are, and how many pages and articles wait."""
    return {name: int(store.db.execute(sql).fetchone()[0]) for name, sql in _COUNTS.items()}


def last_runs(store: Store, number: int = 10) -> list[dict[str, Any]]:
    """The last runs of the run log, the latest first, with their counts by source."""
    rows = store.db.query(
        "SELECT id, command, started, finished, status, counts, message FROM runs"
        " ORDER BY started DESC, id LIMIT ?",
        [number],
    )
    return [{**row, "counts": json.loads(row["counts"])} for row in rows]


def oldest_untagged(store: Store) -> str | None:
    """When the article was fetched that has waited longest for its tags."""
    row = store.db.execute("SELECT min(fetched) FROM articles WHERE tagger IS NULL").fetchone()
    return str(row[0]) if row[0] else None


def disk_use(store: Store, now: datetime) -> DiskUse:
    """What the store takes up now."""
    database = sum(
        file.stat().st_size
        for suffix in ("", "-wal", "-shm")
        if (file := store.path.with_name(store.path.name + suffix)).exists()
    )
    archive = sum(file.stat().st_size for file in store.archive.glob("*") if file.is_file())
    articles = store.db.execute("SELECT count(*) FROM articles").fetchone()[0]
    week = store.db.execute(
        "SELECT coalesce(sum(articles_new), 0) FROM source_days WHERE day >= ?",
        [timestamp(now - timedelta(days=7))[:10]],
    ).fetchone()[0]
    return DiskUse(
        database=database,
        archive=archive,
        free=shutil.disk_usage(store.path.absolute().parent).free,
        growth_a_day=week / 7 * (database + archive) / articles if articles else 0.0,
    )


def troubles_of_pages(store: Store, source_id: str) -> dict[str, int]:
    """How many article pages of a source could not be had or read, by the reason that was noted."""
    rows = store.db.execute(
        "SELECT coalesce(reason, state), count(*) FROM pages WHERE source_id = ? AND kind = 'article'"
        " AND state IN ('skipped', 'refused', 'failed') GROUP BY 1 ORDER BY 2 DESC",
        [source_id],
    )
    return dict(rows.fetchall())


def read_pages_of(store: Store, source_id: str) -> int:
    """How many pages of a source became articles."""
    row = store.db.execute(
        "SELECT count(*) FROM pages WHERE source_id = ? AND state IN ('done', 'gone') AND kind = 'article'",
        [source_id],
    ).fetchone()
    return int(row[0])


def declarations(store: Store) -> dict[str, dict[str, Any]]:
    """The declaration of each source that was ever crawled, by id."""
    rows = store.db.execute(
        "SELECT s.id, s.declaration FROM sources s JOIN source_states t ON t.source_id = s.id ORDER BY s.id"
    )
    return {source_id: json.loads(declaration) for source_id, declaration in rows.fetchall()}
