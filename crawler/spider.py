"""The spider: asks for listings, finds addresses in them, fetches the article pages that are due.

It decides where to go and reads no article: pages go to the archive as they came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from crawler.addresses import is_within
from crawler.answers import answer_of, trouble_of_page
from crawler.discovery import Link, newest_sitemaps, read_listing
from crawler.failures import Trouble, trouble_of_failure, trouble_of_status
from crawler.job import Job
from crawler.ledger import Ledger
from crawler.patience import read_retry_after
from crawler.places import Place, explain_links, name_page, places_of
from crawler.sources import Source
from db.archive import read_record
from db.errors import VerificationFailed
from db.frontier import Discovered, FrontierPage, timestamp

FLUSH_EVERY = 1.0
MAX_DEPTH = 3
RESTING = 3


class NewsSpider(Spider):
    """Crawls the sources of one job; everything it learns goes to the ledger."""

    name = "news"

    def __init__(self, job: Job, ledger: Ledger) -> None:
        super().__init__()
        self._job, self._ledger = job, ledger
        self._asked: set[str] = set()
        self._found: set[tuple[str, str]] = set()
        self._articles: Counter[str] = Counter()
        self._flushing: LoopingCall | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> NewsSpider:
        """Made by Scrapy."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider._opened, signal=signals.spider_opened)
        crawler.signals.connect(spider._closed, signal=signals.spider_closed)
        return spider

    async def start(self) -> AsyncIterator[Request]:
        """The declared listings, the single pages, and the pages that are due from earlier crawls."""
        for source in self._job.sources.values():
            for place in places_of(source):
                for request in self._listing(source, place):
                    yield request
            for page in self._ledger.due(source.id):
                for request in self._article(page, source):
                    yield request
        for wanted in self._job.pages:
            page = self._ledger.know(wanted.source_id, wanted.url, "article")
            for request in self._article(page, None):
                yield request

    def parse_listing(self, response: Response, source: Source, place: Place) -> Iterator[Request]:
        """Follow what a listing names; a listing that did not change is not read again."""
        page = self._ledger.know(source.id, place.url, place.kind)
        if response.status == 304:
            self._ledger.note(source.id, "answered 304, nothing new", place)
            yield from self._archived_index(source, place, page)
            return
        if trouble := trouble_of_status(response.status):
            self._give_up(page, trouble, response)
            return
        listing = read_listing(place.kind, response.body, response.url, links=place.links)
        if listing.problem:
            self._give_up(page, Trouble(listing.problem), response)
            return
        yield from self._follow(source, place, listing.links)
        # The row changes last: a crawl killed in between reads the listing again.
        if not self._ledger.keep(page, answer_of(response)):
            self._ledger.note(source.id, "it is the same as last time", place)

    def parse_article(self, response: Response, page: FrontierPage) -> None:
        """Keep an article page, or say why there is none."""
        if response.status == 304:
            self._ledger.unchanged(page)
            self._ledger.count(page.source_id, "unchanged")
            return
        trouble = trouble_of_status(response.status) or trouble_of_page(response, page.url)
        if trouble:
            self._give_up(page, trouble, response)
            return
        new = self._ledger.keep(page, answer_of(response))
        self._ledger.count(page.source_id, "fetched" if new else "unchanged")

    def on_listing_error(self, failure: Failure) -> None:
        """Record why a listing could not be had."""
        source, place = failure.request.cb_kwargs["source"], failure.request.cb_kwargs["place"]  # type: ignore[attr-defined]
        page = self._ledger.know(source.id, place.url, place.kind)
        self._give_up(page, trouble_of_failure(failure, place.url), None)

    def on_article_error(self, failure: Failure) -> None:
        """Record why a page could not be had."""
        page = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        self._give_up(page, trouble_of_failure(failure, page.url), None)

    def _listing(self, source: Source, place: Place) -> Iterator[Request]:
        if place.url in self._asked:
            return
        self._asked.add(place.url)
        page = self._ledger.page(place.url)
        if page and _is_resting(page):
            self._ledger.note(source.id, f"{page.reason}; tried again after {page.next_attempt}", place)
            return
        yield Request(
            place.url,
            callback=self.parse_listing,
            errback=self.on_listing_error,
            headers=_validators(page),
            cb_kwargs={"source": source, "place": place},
            priority=10,
            dont_filter=True,
        )

    def _article(self, page: FrontierPage, source: Source | None) -> Iterator[Request]:
        if page.url in self._asked or page.state == "fetched":
            return
        if source and self._articles[source.id] >= source.max_pages:
            self._ledger.note(source.id, f"stopped after {source.max_pages} pages; the next crawl goes on")
            return
        self._asked.add(page.url)
        self._articles[page.source_id] += 1
        yield Request(
            page.url,
            callback=self.parse_article,
            errback=self.on_article_error,
            headers=_validators(page),
            cb_kwargs={"page": page},
            dont_filter=True,
        )

    def _follow(self, source: Source, place: Place, links: tuple[Link, ...]) -> Iterator[Request]:
        sitemaps = [link for link in links if link.kind == "sitemap"]
        articles = [link for link in links if link.kind == "article"]
        if sitemaps:
            yield from self._sitemaps(source, place, sitemaps)
        wanted = [link for link in articles if source.claims(link.url)]
        if len(wanted) < len(articles) or not links:
            self._ledger.note(source.id, explain_links(source, articles, wanted), place)
        before = {link.url: self._ledger.page(link.url) for link in wanted}
        new = self._ledger.discover(
            source.id, [Discovered(url=link.url, kind="article", lastmod=link.changed) for link in wanted]
        )
        found = {(source.id, link.url) for link in wanted} - self._found
        self._found |= found
        self._ledger.count(source.id, "found", len(found))
        self._ledger.count(source.id, "new", new)
        for link in wanted:
            page = self._ledger.page(link.url)
            if page is not None and _is_wanted(page, before[link.url], link):
                yield from self._article(page, source)
            elif page is not None and page.state in ("failed", "refused") and page.reason:
                self._ledger.note(
                    source.id, f"{page.reason}; tried again after {page.next_attempt}", page.url
                )

    def _sitemaps(self, source: Source, place: Place, links: list[Link]) -> Iterator[Request]:
        inside = [link for link in links if is_within(link.url, source.sites)]
        chosen = newest_sitemaps(inside, source.max_sitemaps) if place.depth < MAX_DEPTH else []
        if len(chosen) < len(links):
            text = f"it lists {len(links)} sitemaps, the newest {len(chosen)} are read"
            self._ledger.note(source.id, text, place)
        for link in chosen:
            page = self._ledger.page(link.url)
            if page and page.last_fetched and _is_older(link.changed, page.lastmod):
                continue
            self._ledger.discover(source.id, [Discovered(url=link.url, kind="sitemap", lastmod=link.changed)])
            yield from self._listing(source, Place(url=link.url, kind="sitemap", depth=place.depth + 1))

    def _archived_index(self, source: Source, place: Place, page: FrontierPage) -> Iterator[Request]:
        """The sitemaps below an index that answered 304: they change without it."""
        if place.kind != "sitemap" or page.warc is None:
            return
        try:
            body = read_record(self._job.archive, page.warc).body
        except VerificationFailed as error:
            self._ledger.note(source.id, str(error), place)
            return
        links = read_listing("sitemap", body, page.final_url or place.url).links
        sitemaps = [link for link in links if link.kind == "sitemap"]
        if sitemaps:
            yield from self._sitemaps(source, place, sitemaps)

    def _give_up(self, page: FrontierPage, trouble: Trouble, response: Response | None) -> None:
        header = response.headers.get("Retry-After") if response is not None else None
        retry_after = read_retry_after(header.decode("latin-1")) if header else None
        status = response.status if response is not None else None
        again = self._ledger.failed(page, trouble, status=status, retry_after=retry_after)
        text = f"{trouble.words}; tried again after {again}" if again else trouble.words
        self._ledger.count(page.source_id, "failed")
        self._ledger.note(page.source_id, text, name_page(page.kind, page.url))

    def _opened(self) -> None:
        # Not before: a LoopingCall installs a reactor, and Scrapy installs its own only now.
        self._flushing = LoopingCall(self._ledger.flush)
        self._flushing.start(FLUSH_EVERY, now=False)

    def _closed(self) -> None:
        if self._flushing and self._flushing.running:
            self._flushing.stop()
        self._ledger.flush()


def _validators(page: FrontierPage | None) -> dict[str, str]:
    """Headers that let a server answer "not modified"; only where we still hold what it would compare with."""
    if page is None or page.warc is None or page.state == "fetched":
        return {}
    headers = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value for name, value in headers.items() if value}


def _is_wanted(page: FrontierPage, before: FrontierPage | None, link: Link) -> bool:
    """Whether a listed page is to be fetched now: it is new, due, or says that it changed since we knew it."""
    if page.state == "new":
        return True
    if page.state == "refused" and page.next_attempt is None:
        return True  # by a rule of ours, which may have changed since
    if page.next_attempt is not None and page.next_attempt <= _timestamp_now():
        return True
    advanced = (
        before is not None and link.changed is not None and (before.lastmod or link.changed) < link.changed
    )
    return advanced and page.state == "done"


def _is_resting(page: FrontierPage) -> bool:
    """Whether a listing is left in peace for now: its server asked for it, or it failed several times."""
    waits = page.next_attempt is not None and page.next_attempt > _timestamp_now()
    return waits and (page.state == "refused" or page.status in (429, 503) or page.attempts >= RESTING)


def _is_older(changed: str | None, known: str | None) -> bool:
    """Whether a sitemap states a time of change, and that is no later than the one we know."""
    return changed is not None and known is not None and changed <= known


def _timestamp_now() -> str:
    """The present moment as the frontier writes it."""
    return timestamp(datetime.now(UTC))
