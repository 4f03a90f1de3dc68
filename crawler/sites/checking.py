"""Tries sources against their sites: a small crawl into a database that is thrown away, judged by `expect`."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from crawler.crawl import crawl
from crawler.report import SourceReport
from crawler.sources import Source

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
) -> list[Finding]:
    """Try the sources with a few pages each; `offline` only says that the declarations can be read."""
    if offline:
        return [_unseen(source) for source in sources.values()]
    small = {
        source.id: source.model_copy(update={"max_pages": FEW_PAGES, "max_sitemaps": FEW_SITEMAPS})
        for source in sources.values()
    }
    with tempfile.TemporaryDirectory(prefix="dateline-check-") as folder:
        report = crawl(Path(folder) / "check.db", small, allow_loopback=allow_loopback, command="check")
    if report.interrupted:
        raise KeyboardInterrupt
    return [_finding(source, report.of(source.id)) for source in sources.values()]


def _unseen(source: Source) -> Finding:
    words = "the declaration is sound" + ("" if source.checked else "; never tried on the live site")
    return Finding(source=source.id, is_healthy=True, articles=0, words=words)


def _finding(source: Source, report: SourceReport) -> Finding:
    articles = report.articles_new + report.duplicates
    faults = list(dict.fromkeys(_faults(report, articles)))
    words = "; ".join(faults) if faults else "healthy"
    return Finding(source=source.id, is_healthy=not faults, articles=articles, words=words)


def _faults(report: SourceReport, articles: int) -> Iterator[str]:
    yield from report.broken
    yield from report.faults
    if not articles:
        yield f"no article was read: {report.reason}" if report.reason else "no article was read"
