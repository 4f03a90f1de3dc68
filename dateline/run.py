"""The main loop, once: crawl what is due, tag what is new, merge events, fire alerts, and say what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from crawler.crawl import crawl
from crawler.report import CrawlReport
from crawler.sources import Source
from dateline.alerting.round import AlertRound, fire_and_deliver
from db.seal import seal_store
from db.store import Store, open_store

SEALED_AFTER_RUNS = 2 << 30
"""Bytes up to which a database is sealed after every run; a larger one by `dateline verify`, which reads it anyway."""
COUNTED = ("articles", "events", "measures", "observations")


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """What one round did: the crawl, the articles tagged, the alerts; what the store holds before and after."""

    crawl: CrawlReport
    tagged: int
    alerts: AlertRound
    before: dict[str, int]
    after: dict[str, int]

    @property
    def gained(self) -> dict[str, int]:
        """How many more of each the store holds now."""
        return {name: self.after[name] - self.before[name] for name in COUNTED}


def run_round(
    db: Path,
    sources: dict[str, Source],
    *,
    model: str | None = None,
    allow_loopback: bool = False,
    workers: int = 1,
    command: str = "run",
    urls: Sequence[str] = (),
) -> RunSummary:
    """Crawl, tag, merge, fire alerts; each step leaves its work in the database, so a killed round goes on in the next.

    Raises what `crawler.crawl.crawl` and `nlp.stored.tag_stored` raise. A round over unchanged pages changes
    nothing but the run log.
    """
    from nlp.pipeline import DEFAULT_MODEL
    from nlp.stored import tag_stored

    with open_store(db) as store:
        before = count_rows(store)
    report = crawl(
        db, sources, urls=urls, allow_loopback=allow_loopback, workers=workers, command=command, progress=True
    )
    tagged = tag_stored(db, model or DEFAULT_MODEL, workers=workers)
    with open_store(db) as store:
        alerts = fire_and_deliver(store)
        after = count_rows(store)
        if db.stat().st_size <= SEALED_AFTER_RUNS:
            seal_store(store)
    return RunSummary(crawl=report, tagged=tagged, alerts=alerts, before=before, after=after)


def count_rows(store: Store) -> dict[str, int]:
    """How many articles, events, measures and observations the store holds."""
    return {name: int(store.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]) for name in COUNTED}
