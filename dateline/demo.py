"""The demonstration: the ordinary crawl, tag and merge over the bundled newsroom on loopback."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from crawler.sources import Source, load_sources
from dateline.newsroom.server import PORTS, Newsroom
from dateline.run import RunSummary, run_round
from db.errors import UsageError, WorkError
from db.store import open_store


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoResult:
    """What the demonstration did, and in how many seconds."""

    summary: RunSummary
    seconds: float
    notices: tuple[str, ...]


def run_demo(db: Path, *, model: str | None = None, workers: int = 1) -> DemoResult:
    """Crawl the bundled newsroom into `db`, tag and merge; the same code as on the web but for the address.

    Raises WorkError when the database already holds articles of other sources: samples and real articles must
    not mix.
    """
    started = time.monotonic()
    with serve_newsroom() as (newsroom, sources):
        _refuse_to_mix(db, newsroom)
        summary = run_round(db, sources, model=model, allow_loopback=True, workers=workers, command="demo")
        notices = tuple(newsroom.notices)
    return DemoResult(summary=summary, seconds=time.monotonic() - started, notices=notices)


@contextmanager
def serve_newsroom(folder: Path | None = None) -> Iterator[tuple[Newsroom, dict[str, Source]]]:
    """Serve the newsroom with declarations of its addresses in `folder` (or a temporary one)."""
    with Newsroom(ports=_ports()) as newsroom, tempfile.TemporaryDirectory() as temporary:
        declarations = folder or Path(temporary)
        newsroom.write_sources(declarations)
        yield newsroom, load_sources(declarations)


def _ports() -> tuple[int, int]:
    """The two ports of DATELINE_DEMO_PORTS ("24251,24252"), by default the newsroom's own."""
    given = os.environ.get("DATELINE_DEMO_PORTS", "")
    if not given:
        return PORTS
    try:
        first, second = (int(port) for port in given.split(","))
    except ValueError as error:
        raise UsageError(
            f"DATELINE_DEMO_PORTS is '{given}'; write two port numbers as 24251,24252"
        ) from error
    return first, second


def _refuse_to_mix(db: Path, newsroom: Newsroom) -> None:
    if not db.exists():
        return
    with open_store(db) as store:
        urls = [row[0] for row in store.db.execute("SELECT url FROM articles")]
    strangers = [url for url in urls if not url.startswith(tuple(newsroom.addresses.values()))]
    if strangers:
        notices = f" ({'; '.join(newsroom.notices)})" if newsroom.notices else ""
        raise WorkError(
            f"{db} holds articles that are not of the demonstration at {', '.join(newsroom.addresses.values())}"
            f"{notices}, for instance {strangers[0]}. Name another database: dateline demo --db demo.db"
        )
