"""Tries a source against its site: a small crawl into a database that is thrown away, judged by `expect`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.crawl import crawl
from crawler.report import SourceReport
from crawler.sources import Source
from db.store import open_store

FEW_PAGES = 5
FEW_SITEMAPS = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What trying one source showed."""

    source: str
    is_healthy: bool
    articles: int
    words: str


def check_sources(
    sources: dict[str, Source], *, allow_loopback: bool = False, offline: bool = False
) -> Iterator[Finding]:
    """Try each source with a few pages; `offline` only says that the declaration can be read."""
    for source in sources.values():
        if offline:
            words = "the declaration is sound" + ("" if source.checked else "; never tried on the live site")
            yield Finding(source=source.id, is_healthy=True, articles=0, words=words)
        else:
            yield _try(source, allow_loopback)


def _try(source: Source, allow_loopback: bool) -> Finding:
    small = source.model_copy(update={"max_pages": FEW_PAGES, "max_sitemaps": FEW_SITEMAPS})
    with tempfile.TemporaryDirectory(prefix="dateline-check-") as folder:
        db = Path(folder) / "check.db"
        report = crawl(db, {source.id: small}, allow_loopback=allow_loopback, command="check", progress=False)
        with open_store(db, "read") as store:
            articles = list(store.untagged("none"))
    faults = list(_faults(source, report.of(source.id), articles))
    words = "; ".join(faults) if faults else "healthy"
    return Finding(source=source.id, is_healthy=not faults, articles=len(articles), words=words)


def _faults(source: Source, report: SourceReport, articles: list[Any]) -> Iterator[str]:
    if report.found < source.expect.articles:
        yield f"{report.found} links found, {source.expect.articles} expected"
    if not articles:
        yield report.reason or "no article was read"
        return
    for field, least in source.expect.fill.items():
        filled = sum(bool(getattr(article, field, True)) for article in articles) / len(articles)
        if filled < least:
            yield f"{field} was found on {filled:.0%} of the pages, {least:.0%} expected"
