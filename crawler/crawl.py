"""Crawls sources: fetching in a process of its own, reading in this one, all state in the database."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

from crawler.addresses import clean_url, is_within
from crawler.fetching.browser import require_browser
from crawler.fetching.child import run_child
from crawler.fetching.job import WEB, Job, Message, PageRequest
from crawler.health import find_faults
from crawler.progress import CrawlProgress
from crawler.reading import WARC, import_archives, read_unread, reading_alongside
from crawler.report import CrawlReport, SourceReport
from crawler.sources import Source
from db.claims import release
from db.clock import present
from db.errors import UsageError
from db.model import UNKNOWN_COUNTRY, SourceSummary
from db.source_health import note_crawl
from db.store import Store, archive_folder, open_store

NO_CONTACT = (
    "warning: DATELINE_CONTACT is not set, so publishers cannot reach you. Set it to an e-mail or web address"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFetch:
    """One request that a crawl would begin with."""

    source: str
    kind: str
    url: str
    why: str


def crawl(
    db: Path,
    sources: dict[str, Source],
    *,
    urls: Sequence[str] = (),
    warcs: Sequence[Path] = (),
    known: dict[str, Source] | None = None,
    allow_loopback: bool = False,
    workers: int = 1,
    contact: str | None = None,
    command: str = "crawl",
    progress: bool = True,
) -> CrawlReport:
    """Fetch what is due of the sources, the single `urls` and the `warcs`, and store the articles read.

    Safe to kill at any moment: the next call goes on where this one ended. `known` are the sources whose
    rules read single URLs (by default `sources`). Raises `UsageError` for an address that is none,
    `StoreError` for an unusable database, `CrawlError` when the crawling process breaks down.

    A source that stays below its `expect` minimums is no failure: it is said, stands in `CrawlReport.unhealthy`
    and in the run's row. Not judged: interrupted crawls, single pages, listings that had not changed.
    """
    known = {**(known or {}), **sources}
    pages = tuple(_page_request(url, known) for url in urls)
    require_browser((*sources.values(), *(known[page.source_id] for page in pages if page.browser)))
    with open_store(db, "write") as store:
        _put_sources(store, sources, known, pages, bool(warcs))
        run_id = store.start_run(command)
    report = CrawlReport(run_id=run_id, sources={source_id: SourceReport() for source_id in sources})
    job = _job(run_id, db, sources, pages, allow_loopback, contact) if sources or pages else None
    with _logged(db, report), CrawlProgress(report, shown=progress) as shown:
        _collect(db, report, job, warcs, known, workers, shown)
        if not report.interrupted:
            _judge(sources, report, shown)
    return report


def plan(
    db: Path, sources: dict[str, Source], *, urls: Sequence[str] = (), known: dict[str, Source] | None = None
) -> list[PlannedFetch]:
    """The requests that a crawl would begin with; changes nothing and fetches nothing."""
    planned = [
        PlannedFetch(source=source.id, kind=kind, url=url, why="listing")
        for source in sources.values()
        for kind, addresses in (
            ("feed", source.feeds),
            ("sitemap", source.sitemaps),
            ("section", [section.url for section in source.sections]),
        )
        for url in addresses
    ]
    if db.exists():
        with open_store(db, "read") as store:
            for source_id in sources:
                for page in store.frontier.due(source_id, present()):
                    why = "new" if page.state == "new" else f"due since {page.next_attempt}"
                    planned.append(PlannedFetch(source=source_id, kind="article", url=page.url, why=why))
    for url in urls:
        request = _page_request(url, sources if known is None else known)
        planned.append(
            PlannedFetch(source=request.source_id, kind="article", url=request.url, why="asked for")
        )
    return planned


@contextlib.contextmanager
def _logged(db: Path, report: CrawlReport) -> Iterator[None]:
    """At the end, however it comes, write the run's row and give up its claims."""
    status, message = "failed", None
    try:
        yield
        status, message = "interrupted" if report.interrupted else "done", report.health
    except KeyboardInterrupt:
        status = "interrupted"
        raise
    except Exception as error:
        message = str(error)
        raise
    finally:
        with open_store(db, "write") as store:
            store.finish_run(report.run_id, status, report.record(), message)
            for source_id, part in report.sources.items():
                note_crawl(store, part.crawl(source_id, present(), is_whole=status == "done"))
            release(store, report.run_id)


def _collect(
    db: Path,
    report: CrawlReport,
    job: Job | None,
    warcs: Sequence[Path],
    known: dict[str, Source],
    workers: int,
    shown: CrawlProgress,
) -> None:
    """Import archives, fetch, read: each step leaves its work in the database for the next."""
    if warcs:
        with open_store(db, "write") as store:
            import_archives(store, warcs, report.run_id, report)
    if job is not None:
        if not (job.contact or os.environ.get("DATELINE_CONTACT") or job.unthrottled):
            shown.say(NO_CONTACT)

        def listen(line: bytes) -> None:
            shown.listen(Message.model_validate_json(line))

        with reading_alongside(db, known, report, workers=workers, advance=shown.refresh):
            report.interrupted = run_child(
                "crawler.fetching.process", job.model_dump_json().encode(), listen, shown.say
            )
    with open_store(db, "write") as store:
        read_unread(store, known, report, workers=workers, advance=shown.refresh)


def _judge(sources: dict[str, Source], report: CrawlReport, shown: CrawlProgress) -> None:
    for source_id, source in sources.items():
        report.of(source_id).faults = find_faults(source.expect, report.of(source_id))
    for source_id, faults in report.unhealthy.items():
        shown.say(f"warning: {source_id} is unhealthy: {'; '.join(faults)}")


def _page_request(url: str, known: dict[str, Source]) -> PageRequest:
    address = clean_url(url)
    if address is None:
        raise UsageError(f"not a web address: {url!r}. Give one that begins with http:// or https://")
    claimed = (source for source in known.values() if is_within(address, source.sites))
    best = sorted(claimed, key=lambda source: not source.claims(address))
    if not best:
        return PageRequest(url=address, source_id=WEB)
    return PageRequest(url=address, source_id=best[0].id, browser=best[0].browser)


def _put_sources(
    store: Store,
    sources: dict[str, Source],
    known: dict[str, Source],
    pages: tuple[PageRequest, ...],
    warc: bool,
) -> None:
    needed = {page.source_id for page in pages} - {WEB}
    for source in {**sources, **{name: known[name] for name in needed}}.values():
        store.frontier.put_source(source.summary())
    if any(page.source_id == WEB for page in pages):
        store.frontier.put_source(_catch_all(WEB, "Single pages"))
    if warc:
        store.frontier.put_source(_catch_all(WARC, "Web archives"))


def _catch_all(source_id: str, title: str) -> SourceSummary:
    return SourceSummary(
        id=source_id,
        title=title,
        publisher="",
        country=UNKNOWN_COUNTRY,
        language="und",
        url="",
        kind="various",
    )


def _job(
    run_id: str,
    db: Path,
    sources: dict[str, Source],
    pages: tuple[PageRequest, ...],
    allow_loopback: bool,
    contact: str | None,
) -> Job:
    addresses = [
        *(url for source in sources.values() for url in source.listings),
        *(page.url for page in pages),
    ]
    return Job(
        run_id=run_id,
        db=db.absolute(),
        archive=archive_folder(db.absolute()),
        sources=sources,
        pages=pages,
        allow_loopback=allow_loopback,
        # Courtesy is owed to others' machines; a crawl that stays on this one need not wait.
        unthrottled=allow_loopback and all(is_loopback(url) for url in addresses),
        contact=contact,
        parent=os.getpid(),
    )


def is_loopback(url: str) -> bool:
    """Whether an address names this machine by its number."""
    try:
        return ip_address(urlsplit(url).hostname or "").is_loopback
    except ValueError:
        return False
