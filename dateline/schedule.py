"""Which sources are due, by their own cadence and the run log; and one round over them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from crawler.sources import Source
from db.frontier import timestamp
from db.store import Store, open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSource:
    """A source, when it was last crawled to the end, and when it is due again."""

    source_id: str
    every: str
    last: str | None
    due: str
    is_due: bool


def due_sources(db: Path, sources: dict[str, Source], now: datetime) -> list[DueSource]:
    """Every source with its next hour; a source never crawled is due at once."""
    with open_store(db) as store:
        return [_when(store, source, now) for source in sources.values()]


def running_round(db: Path) -> tuple[str, int] | None:
    """The command and process of a round that is at work on this database, if there is one."""
    from db.store import is_alive

    with open_store(db) as store:
        rows = store.db.execute("SELECT command, pid FROM runs WHERE status = 'running'").fetchall()
    return next(((command, pid) for command, pid in rows if is_alive(pid)), None)


def _when(store: Store, source: Source, now: datetime) -> DueSource:
    last = None
    for started, counts in store.db.execute(
        "SELECT started, counts FROM runs WHERE status = 'done' ORDER BY started DESC"
    ):
        if source.id in json.loads(counts):
            last = started
            break
    due = now if last is None else datetime.fromisoformat(last.replace("Z", "+00:00")) + source.interval
    return DueSource(
        source_id=source.id,
        every=source.every,
        last=last,
        due=timestamp(due.astimezone(UTC)),
        is_due=due <= now,
    )
