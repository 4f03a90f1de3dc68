"""Writes down what a crawl learns: pages into the archive first, then their rows, a few at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from crawler.fetching.answers import Answer
from crawler.fetching.failures import Trouble
from crawler.fetching.job import Message
from crawler.fetching.patience import next_look, next_try, next_visit
from crawler.listings.places import name_page
from db.archive import ArchiveWriter, payload_digest
from db.claims import claim
from db.clock import present
from db.frontier import Discovered, FailureState, FrontierPage, PageKind, timestamp
from db.model import FetchedPage
from db.store import Store

BATCH = 32
ASK_AGAIN = timedelta(days=1)
MISSING = (404, 410)


class Ledger:
    """The only part of the crawling process that writes; `tell` gets every count and note."""

    def __init__(
        self, store: Store, archive: ArchiveWriter, run_id: str, tell: Callable[[Message], None]
    ) -> None:
        self._store, self._archive, self._run_id, self._tell = store, archive, run_id, tell
        self._pending: list[tuple[FetchedPage, datetime | None]] = []

    def page(self, url: str) -> FrontierPage | None:
        """What is known of an address."""
        return self._store.frontier.page(url)

    def due(self, source_id: str) -> list[FrontierPage]:
        """The pages of a source that are to be visited now."""
        return self._store.frontier.due(source_id, present())

    def count(self, source_id: str, what: str, number: int = 1) -> None:
        """Report that a count rose."""
        if number:
            self._tell(Message.model_validate({"source_id": source_id, "what": what, "number": number}))

    def note(self, source_id: str, text: str, about: object = "") -> None:
        """Report why something gave nothing; `about` names the listing or page."""
        self._tell(Message(source_id=source_id, what="note", text=text, about=str(about)))

    def broken(self, source_id: str, text: str, about: object) -> None:
        """Report that a declared listing gave no article."""
        self._tell(Message(source_id=source_id, what="broken", text=text, about=str(about)))

    def claim(self, source_id: str, urls: Sequence[str]) -> list[FrontierPage]:
        """The rows, as they are now, of those pages that no other crawl is about to fetch."""
        held = claim(self._store, self._run_id, urls) if urls else {}
        for url, process in held.items():
            self.note(source_id, f"another crawl (process {process}) fetches it", url)
        rows = (self.page(url) for url in urls if url not in held)
        return [row for row in rows if row is not None]

    def reopen(self, page: FrontierPage) -> None:
        """Have a listing read even if a crawl that is killed now leaves it to the next one."""
        self._store.frontier.reopen(page.url, True)

    def settle(self, page: FrontierPage) -> None:
        """A listing that was to be read has been looked at and holds nothing new."""
        if page.state == "new":
            self._store.frontier.reopen(page.url, False)

    def listed_until(self, url: str, lastmod: str | None) -> None:
        """Record the newest time that a listing states."""
        if lastmod:
            self._store.frontier.listed_until(url, lastmod)

    def discover(self, source_id: str, links: Iterable[Discovered]) -> int:
        """Put addresses into the frontier; returns how many were unknown."""
        return self._store.frontier.discover(source_id, list(links), present())

    def know(self, source_id: str, url: str, kind: PageKind) -> FrontierPage:
        """The row of an address, made if there is none."""
        page = self.page(url)
        if page is None:
            self.discover(source_id, [Discovered(url=url, kind=kind)])
            page = self.page(url)
        assert page is not None
        return page

    def keep(self, page: FrontierPage, answer: Answer) -> bool:
        """Keep a page's content, unless it is what we have; returns whether it was new."""
        if page.warc is not None and page.warc.digest == payload_digest(answer.body):
            self.unchanged(page)
            return False
        now = present()
        reference = self._archive.write(answer.url, answer.status, answer.headers, answer.body, now)
        fetched = FetchedPage(
            url=page.url,
            source_id=page.source_id,
            status=answer.status,
            fetched=now,
            final_url=answer.url,
            etag=answer.header("etag"),
            last_modified=answer.header("last-modified"),
            warc=reference,
        )
        self._pending.append((fetched, next_visit(now, 0) if page.kind == "article" else None))
        if len(self._pending) >= BATCH:
            self.flush()
        return True

    def unchanged(self, page: FrontierPage) -> None:
        """A visit found the page as we have it: its next visit moves on if it had come, else nothing changes."""
        now = present()
        is_due = page.next_attempt is not None and page.next_attempt <= timestamp(now)
        if page.kind == "article" and (is_due or page.state in ("failed", "gone")):
            self._store.frontier.not_modified(page.url, next_attempt=next_visit(now, page.visits + 1))

    def failed(
        self,
        page: FrontierPage,
        trouble: Trouble,
        *,
        status: int | None = None,
        retry_after: timedelta | None = None,
    ) -> None:
        """Record and report why a page gave nothing, and when it is tried again."""
        now = present()
        state, again = self._consequence(page, trouble, now, retry_after)
        self._store.frontier.failed(
            page.url, status=status, reason=trouble.words, state=state, next_attempt=again
        )
        about = name_page(page.kind, page.url)
        later = f"; tried again after {timestamp(again)}" if again else ""
        self.count(page.source_id, "failed")
        self.note(page.source_id, trouble.words + later, about)
        if trouble.state == "gone" and page.article_id:
            return  # an article that its publisher took away: news about it, and no failure of the crawl
        self._tell(
            Message(
                source_id=page.source_id,
                what="failure",
                text=trouble.words,
                about=page.url,
                remedy=trouble.remedy,
            )
        )

    def _consequence(
        self, page: FrontierPage, trouble: Trouble, now: datetime, retry_after: timedelta | None
    ) -> tuple[FailureState, datetime | None]:
        """What a failure makes of a page, and when it is to be tried again."""
        if trouble.state == "gone":
            if page.status not in MISSING:
                # Once more before it counts as removed, lest an accident of theirs removes an article here.
                return "failed", now + ASK_AGAIN
            return "gone", next_look(now, page.attempts) if page.article_id else None
        if trouble.state == "failed":
            return "failed", next_try(now, page.attempts, retry_after)
        if trouble.state == "refused" and trouble.may_change:
            return "refused", now + ASK_AGAIN
        return trouble.state, None

    def flush(self) -> None:
        """Bring pages to the disk, then commit the rows that refer to them."""
        if not self._pending:
            return
        self._archive.sync()
        with self._store.transaction():
            for page, next_attempt in self._pending:
                self._store.frontier.fetched(page, next_attempt=next_attempt)
        self._pending.clear()
