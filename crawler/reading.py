"""The reading step: takes fetched pages from the archive, reads them, stores the articles.

It runs apart from the network, in worker processes where asked, and can be repeated: what it has not
finished stays in the frontier as fetched.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from crawler.addresses import clean_url
from crawler.pages import Page
from crawler.report import CrawlReport
from crawler.sources import Source
from crawler.workers import read_all
from db.archive import ArchivedPage, ArchiveWriter, payload_digest, read_pages, read_record
from db.claims import held_by_others
from db.errors import VerificationFailed
from db.frontier import Discovered, FailureState, FrontierPage
from db.model import FetchedPage
from db.store import Store

WARC = "warc"
"""The source of pages that came from archive files."""
RETRY_UNREADABLE = timedelta(days=1)
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
    """Read every fetched page into an article and store it with its page's row, one transaction each.

    A page that holds no article (consent, paywall, empty) is marked skipped with the reason. One whose bytes
    are not those that were kept is fetched again. Pages that another crawl is at are left to it.
    """
    others = held_by_others(store, report.run_id)
    waiting = {page.url: page for page in store.frontier.unread() if page.url not in others}
    sources = {**_declared(store, waiting.values(), sources), **sources}
    for article in read_all(_pages(store, waiting.values(), sources, report), workers=workers):
        page = waiting[article.url]
        report.of(page.source_id).measure(article)
        if article.error:
            _set_aside(store, page, article.error, report)
        else:
            outcome = store.save_article(article, source_id=page.source_id, page=page)
            report.of(page.source_id).add(OUTCOMES[outcome])
        advance()


def import_archives(store: Store, files: Sequence[Path], run_id: str, report: CrawlReport) -> None:
    """Copy the web pages of WARC files into our archive and the frontier; those we have are left alone."""
    counts = report.of(WARC)
    with ArchiveWriter(store.archive, f"{run_id}-import") as archive:
        for file in files:
            pages = 0
            for archived in read_pages(file):
                pages += 1
                _import(store, archive, archived, report)
            if not pages:
                counts.note("it holds no response", str(file))


def _import(store: Store, archive: ArchiveWriter, archived: ArchivedPage, report: CrawlReport) -> None:
    counts, url = report.of(WARC), clean_url(archived.url)
    if url is None or archived.status != 200 or "html" not in (archived.header("content-type") or ""):
        counts.note("responses other than web pages with status 200 are passed over")
        return
    counts.add("found")
    counts.add("new", store.frontier.discover(WARC, [Discovered(url=url)], archived.fetched))
    known = store.frontier.page(url)
    if known and known.warc and known.warc.digest == payload_digest(archived.body):
        counts.add("unchanged")
        return
    reference = archive.write(url, archived.status, archived.headers, archived.body, archived.fetched)
    archive.sync()
    source_id = known.source_id if known else WARC
    page = FetchedPage(
        url=url, source_id=source_id, status=200, fetched=archived.fetched, final_url=url, warc=reference
    )
    store.frontier.fetched(page)
    counts.add("fetched")


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
                row.url, status=row.status, reason=str(error), state="failed", next_attempt=datetime.now(UTC)
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


def _set_aside(store: Store, page: FrontierPage, error: str, report: CrawlReport) -> None:
    report.of(page.source_id).add("unreadable")
    report.of(page.source_id).note(error, page.url)
    # A page that used to hold an article may hold it again; the article stays.
    again = datetime.now(UTC) + RETRY_UNREADABLE if page.article_id else None
    state: FailureState = "failed" if page.article_id else "skipped"
    store.frontier.failed(page.url, status=page.status, reason=error, state=state, next_attempt=again)
