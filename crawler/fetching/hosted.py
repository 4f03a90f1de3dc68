"""Spiders for hosts that start them by themselves, such as scrapyd: one for each declared source.

    # spiders.py of a Scrapy project, whose settings are `hosted_settings(db)`
    from crawler.fetching.hosted import spiders_of
    globals().update(spiders_of(__name__))

They fetch into the archive and the frontier as `dateline crawl` does; the next `dateline run` or scheduler's
round reads and tags what they brought.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from scrapy import signals
from scrapy.crawler import Crawler

from crawler.crawl import is_loopback
from crawler.fetching.job import Job
from crawler.fetching.ledger import Ledger
from crawler.fetching.settings import crawl_settings
from crawler.fetching.spider import NewsSpider
from crawler.progress import CrawlProgress
from crawler.report import CrawlReport
from crawler.sources import Source, load_sources
from db.archive import ArchiveWriter
from db.claims import release
from db.clock import present
from db.source_health import note_crawl
from db.store import Store, archive_folder, open_store

DB, SOURCES, LOOPBACK = "DATELINE_DB", "DATELINE_SOURCES", "DATELINE_LOOPBACK"


def hosted_settings(db: str, sources: str | None = None, *, allow_loopback: bool = False) -> dict[str, Any]:
    """The Scrapy settings of such a project: those of every crawl, and where database and declarations are."""
    chosen = load_sources(Path(sources) if sources else None)
    stays_here = all(is_loopback(url) for source in chosen.values() for url in source.listings)
    settings = crawl_settings(allow_loopback=allow_loopback, unthrottled=allow_loopback and stays_here)
    return settings | {DB: db, SOURCES: sources, LOOPBACK: allow_loopback}


def spiders_of(module: str, sources: str | None = None) -> dict[str, type[HostedSpider]]:
    """A spider class for each source, named after it, for a module that Scrapy looks for spiders in."""
    declared = load_sources(Path(sources) if sources else None)
    made = {}
    for source in declared.values():
        name = "".join(part.capitalize() for part in source.id.split("-")) + "Spider"
        made[name] = type(name, (HostedSpider,), {"name": source.id, "source": source, "__module__": module})
    return made


class HostedSpider(NewsSpider):
    """Crawls its one source; opens the store itself and writes its own row in the run log."""

    source: Source

    def __init__(self, store: Store, archive: ArchiveWriter, run_id: str, job: Job, **given: Any) -> None:
        self._report = CrawlReport(run_id=run_id)
        self._store, self._open = store, ExitStack()
        counting = CrawlProgress(self._report, shown=False)
        super().__init__(job, Ledger(store, archive, run_id, counting.listen))

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> HostedSpider:
        """Made by Scrapy; what the host adds to the arguments is not needed."""
        db = Path(str(crawler.settings[DB])).absolute()
        resources = ExitStack()
        store = resources.enter_context(open_store(db, "write"))
        store.frontier.put_source(cls.source.summary())
        run_id = store.start_run(f"hosted crawl {cls.source.id}")
        archive = resources.enter_context(ArchiveWriter(archive_folder(db), run_id))
        job = Job(
            run_id=run_id,
            db=db,
            archive=archive_folder(db),
            sources={cls.source.id: cls.source},
            allow_loopback=crawler.settings.getbool(LOOPBACK),
        )
        spider = super().from_crawler(crawler, store=store, archive=archive, run_id=run_id, job=job)
        assert isinstance(spider, HostedSpider)
        spider._open = resources
        crawler.signals.connect(spider._finish, signal=signals.spider_closed)
        return spider

    def _finish(self, reason: str) -> None:
        part = self._report.of(self.source.id)
        status = "done" if reason == "finished" else "interrupted"
        self._store.finish_run(self._report.run_id, status, self._report.record(), None)
        note_crawl(self._store, part.crawl(self.source.id, present()))
        release(self._store, self._report.run_id)
        self._open.close()
