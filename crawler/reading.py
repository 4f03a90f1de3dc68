"""The reading step: takes fetched pages from the archive, reads them, stores the articles.

It runs apart from the network, in worker processes where asked, and can be repeated: what it has not
finished stays in the frontier as fetched.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from crawler.addresses import clean_url
from crawler.extraction.page import Page
from crawler.report import CrawlReport
from crawler.sources import Source
from crawler.workers import FEW, prepare_pool, read_all, read_in_pool
from db.archive import ArchivedPage, ArchiveWriter, payload_digest, read_pages, read_record
from db.claims import held_by_others
from db.clock import moment_of, present
from db.errors import VerificationFailed
from db.frontier import Discovered, FailureState, FrontierPage
from db.model import Article, FetchedPage
from db.store import Store, open_store

WARC = "warc"
"""The source of pages that came from archive files."""
IMPORTED_AT_ONCE = 32
"""So many pages of a foreign archive are brought to the disk at once."""
RETRY_UNREADABLE = timedelta(days=1)
HOPELESS = timedelta(days=7)
"""A page that has not held an article for so long will not hold one later."""
NOTICE = 100
"""So few characters, with neither a date nor an author, are a notice in an article's place."""
BATCH = 8
"""So many articles are stored in one transaction."""
LOOK_EVERY = 0.1
"""Seconds between looks for pages that have been fetched meanwhile."""
OUTCOMES = {
    "new": "articles_new",
    "changed": "articles_changed",
    "unchanged": "articles_unchanged",
    "duplicate": "duplicates",
}


def read_unread(
    store: Store,
    sources: dict[str, Source],
    report: CrawlReport,
    *,
    workers: int = 1,
    advance: Callable[[], None] = lambda: None,
) -> None:
    """Read every fetched page into an article and store it with its page's row, a few in one transaction.

    A page that holds no article (consent, paywall, empty) is marked skipped with the reason. One whose bytes
    are not those that were kept is fetched again. Pages that another crawl is at are left to it.
    """
    others = held_by_others(store, report.run_id)
    waiting = {page.url: page for page in store.frontier.unread() if page.url not in others}
    sources = {**_declared(store, waiting.values(), sources), **sources}
    work = _pages(store, waiting.values(), sources, report)
    _store(store, read_all(work, workers=workers), waiting, report, advance)


@contextlib.contextmanager
def reading_alongside(
    db: Path,
    sources: dict[str, Source],
    report: CrawlReport,
    *,
    workers: int,
    advance: Callable[[], None] = lambda: None,
) -> Iterator[None]:
    """Read what the block fetches while it goes on fetching; a few pages are left to `read_unread`.

    Only with several workers: one is to leave the other processor alone. An error in reading is raised at the
    end of the block.
    """
    ended, errors = threading.Event(), list[Exception]()

    def read() -> None:
        try:
            with open_store(db, "write") as store:
                _read_until(ended, store, sources, report, workers, advance)
        except Exception as error:  # noqa: BLE001 (raised again where the thread is waited for)
            errors.append(error)

    thread = threading.Thread(target=read, daemon=True)
    if workers > 1:
        prepare_pool()
        thread.start()
    try:
        yield
    finally:
        ended.set()
        if workers > 1:
            thread.join()
    if errors:
        raise errors[0]


def _read_until(
    ended: threading.Event,
    store: Store,
    sources: dict[str, Source],
    report: CrawlReport,
    workers: int,
    advance: Callable[[], None],
) -> None:
    # A few pages are read sooner than workers have started.
    while len(list(store.frontier.unread())) <= FEW:
        if ended.wait(LOOK_EVERY):
            return
    waiting: dict[str, FrontierPage] = {}

    def arriving() -> Iterator[FrontierPage]:
        is_last = False
        while not is_last:
            is_last = ended.wait(LOOK_EVERY)
            others = held_by_others(store, report.run_id)
            for page in store.frontier.unread():
                if page.url not in waiting and page.url not in others:
                    waiting[page.url] = page
                    yield page

    work = _pages(
        store, arriving(), {**_declared(store, store.frontier.unread(), sources), **sources}, report
    )
    _store(store, read_in_pool(work, workers=workers), waiting, report, advance)


def _store(
    store: Store,
    articles: Iterator[Article],
    waiting: dict[str, FrontierPage],
    report: CrawlReport,
    advance: Callable[[], None],
) -> None:
    # Not within a transaction while the next article is awaited: the crawling process writes, too.
    judged = map(_without_notice, articles)
    while batch := list(islice(judged, BATCH)):
        with store.transaction():
            outcomes = [_save(store, article, waiting[article.url]) for article in batch]
        for article, outcome in zip(batch, outcomes, strict=True):
            page = waiting[article.url]
            report.of(page.source_id).measure(article)
            report.of(page.source_id).add(outcome)
            if article.error:
                report.of(page.source_id).note(article.error, page.url)
        advance()


def _without_notice(article: Article) -> Article:
    """An article; one that is none but a word of the server to its readers comes back with an error."""
    if article.error or len(article.text) >= NOTICE or article.published or article.authors:
        return article
    error = f"a notice and no article: {len(article.text)} characters, with neither a date nor an author"
    return Article(id=article.id, url=article.url, error=error)


def _save(store: Store, article: Article, page: FrontierPage) -> str:
    """Store one article, or why there is none; the count that this raises."""
    if article.error:
        _set_aside(store, page, article.error)
        return "unreadable"
    return OUTCOMES[store.save_article(article, source_id=page.source_id, page=page)]


def import_archives(store: Store, files: Sequence[Path], run_id: str, report: CrawlReport) -> None:
    """Copy the web pages of WARC files into our archive and the frontier; those we have are left alone."""
    counts = report.of(WARC)
    with ArchiveWriter(store.archive, f"{run_id}-import") as archive:
        for file in files:
            waiting: list[FetchedPage] = []
            pages = 0
            for archived in read_pages(file):
                pages += 1
                if page := _copied(store, archive, archived, report):
                    waiting.append(page)
                if len(waiting) >= IMPORTED_AT_ONCE:
                    _commit(store, archive, waiting, report)
            _commit(store, archive, waiting, report)
            if not pages:
                counts.note("it holds no response", str(file))


def _commit(store: Store, archive: ArchiveWriter, waiting: list[FetchedPage], report: CrawlReport) -> None:
    """Bring copied pages to the disk, then commit the rows that refer to them."""
    archive.sync()
    with store.transaction():
        for page in waiting:
            store.frontier.fetched(page)
    report.of(WARC).add("fetched", len(waiting))
    waiting.clear()


def _copied(
    store: Store, archive: ArchiveWriter, archived: ArchivedPage, report: CrawlReport
) -> FetchedPage | None:
    """A page of a foreign archive written into ours; None for one that we have, and for what is no web page."""
    counts, url = report.of(WARC), clean_url(archived.url)
    if url is None or archived.status != 200 or "html" not in (archived.header("content-type") or ""):
        counts.note("responses other than web pages with status 200 are passed over")
        return None
    counts.add("found")
    counts.add("new", store.frontier.discover(WARC, [Discovered(url=url)], archived.fetched))
    known = store.frontier.page(url)
    if known and known.warc and known.warc.digest == payload_digest(archived.body):
        counts.add("unchanged")
        return None
    return FetchedPage(
        url=url,
        source_id=known.source_id if known else WARC,
        status=200,
        fetched=archived.fetched,
        final_url=url,
        warc=archive.write(url, archived.status, archived.headers, archived.body, archived.fetched),
    )


def _pages(
    store: Store, waiting: Iterable[FrontierPage], sources: dict[str, Source], report: CrawlReport
) -> Iterator[tuple[Page, Source | None]]:
    for row in waiting:
        try:
            if row.warc is None:
                raise VerificationFailed("the archive holds no copy of it")
            archived = read_record(store.archive, row.warc)
        except VerificationFailed as error:
            report.of(row.source_id).note(f"it is fetched again: {error}", row.url)
            store.frontier.failed(
                row.url, status=row.status, reason=str(error), state="failed", next_attempt=present()
            )
            continue
        page = Page(
            id=row.url,
            url=row.url,
            body=archived.body,
            content_type=archived.header("content-type"),
            final_url=row.final_url,
        )
        yield page, sources.get(row.source_id)


def _declared(store: Store, pages: Iterable[FrontierPage], known: dict[str, Source]) -> dict[str, Source]:
    """The sources of pages that an earlier crawl of others left unread, as they were declared then."""
    found: dict[str, Source] = {}
    for source_id in {page.source_id for page in pages} - known.keys():
        with contextlib.suppress(ValidationError):  # declared for an older version; or none: single pages
            declaration = store.frontier.declaration(source_id)
            found[source_id] = Source.model_validate({**declaration, "id": source_id})
    return found


def _set_aside(store: Store, page: FrontierPage, error: str) -> None:
    again = _next_look(page, error, present())
    state: FailureState = "failed" if page.article_id else "skipped"
    store.frontier.failed(page.url, status=page.status, reason=error, state=state, next_attempt=again)


def _next_look(page: FrontierPage, error: str, now: datetime) -> datetime | None:
    """When to look again at a page that holds no article now; None when it is not worth it."""
    if page.article_id:
        return now + RETRY_UNREADABLE  # it used to hold one, which stays
    known = now - moment_of(page.first_seen)
    if "paywall" in error or known >= HOPELESS:
        return None
    # It may have come damaged, or with a notice in its place: ever seldomer, a handful of times.
    return now + max(RETRY_UNREADABLE, known)
