"""The spider: asks for listings, finds addresses in them, fetches the article pages that are due.

It decides where to go and reads no article: pages go to the archive as they came.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from crawler.addresses import is_within
from crawler.discovery import Link, ListingKind, newest_sitemaps, read_listing
from crawler.failures import Trouble, trouble_of_failure, trouble_of_status
from crawler.job import Job
from crawler.ledger import Answer, Ledger
from crawler.patience import read_retry_after
from crawler.sources import Source
from db.archive import read_record
from db.errors import VerificationFailed
from db.frontier import Discovered, FrontierPage, timestamp

FLUSH_EVERY = 1.0
MAX_DEPTH = 3
WEB_PAGE = re.compile(r"html|^text/plain|^$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A listing to look at: its address, its form, how deep below the declared one it lies."""

    url: str
    kind: ListingKind
    links: str = "a"
    depth: int = 0

    def __str__(self) -> str:
        return f"{self.kind} {urlsplit(self.url).path or '/'}"


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
            for place in _places(source):
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
            self._ledger.note(source.id, f"{place} answered 304: nothing new")
            yield from self._archived_index(source, place, page)
            return
        if trouble := trouble_of_status(response.status):
            self._give_up(page, trouble, response, place)
            return
        listing = read_listing(place.kind, response.body, response.url, links=place.links)
        if listing.problem:
            self._give_up(page, Trouble(f"{place}: {listing.problem}"), response, place)
            return
        yield from self._follow(source, place, listing.links)
        # The row changes last: a crawl killed in between reads the listing again.
        if not self._ledger.keep(page, _answer(response)):
            self._ledger.note(source.id, f"{place} is the same as last time")

    def parse_article(self, response: Response, page: FrontierPage) -> None:
        """Keep an article page, or say why there is none."""
        if response.status == 304:
            self._ledger.unchanged(page)
            self._ledger.count(page.source_id, "unchanged")
            return
        trouble = trouble_of_status(response.status) or _trouble_of_page(response, page)
        if trouble:
            self._give_up(page, trouble, response)
            return
        new = self._ledger.keep(page, _answer(response))
        self._ledger.count(page.source_id, "fetched" if new else "unchanged")

    def on_listing_error(self, failure: Failure) -> None:
        """Record why a listing could not be had."""
        source, place = failure.request.cb_kwargs["source"], failure.request.cb_kwargs["place"]  # type: ignore[attr-defined]
        page = self._ledger.know(source.id, place.url, place.kind)
        self._give_up(page, trouble_of_failure(failure, place.url), None, place)

    def on_article_error(self, failure: Failure) -> None:
        """Record why a page could not be had."""
        page = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        self._give_up(page, trouble_of_failure(failure, page.url), None)

    def _listing(self, source: Source, place: Place) -> Iterator[Request]:
        if place.url in self._asked:
            return
        self._asked.add(place.url)
        page = self._ledger.page(place.url)
        if page and page.next_attempt and page.next_attempt > timestamp_now():
            self._ledger.note(source.id, f"{page.reason}; tried again after {page.next_attempt}")
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
            self._ledger.note(source.id, _explain_links(source, place, articles, wanted))
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
                    source.id, f"{link.url}: {page.reason}; tried again after {page.next_attempt}"
                )

    def _sitemaps(self, source: Source, place: Place, links: list[Link]) -> Iterator[Request]:
        inside = [link for link in links if is_within(link.url, source.sites)]
        chosen = newest_sitemaps(inside, source.max_sitemaps) if place.depth < MAX_DEPTH else []
        if len(chosen) < len(links):
            self._ledger.note(
                source.id, f"{place} lists {len(links)} sitemaps, the newest {len(chosen)} are read"
            )
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
            self._ledger.note(source.id, str(error))
            return
        links = read_listing("sitemap", body, page.final_url or place.url).links
        sitemaps = [link for link in links if link.kind == "sitemap"]
        if sitemaps:
            yield from self._sitemaps(source, place, sitemaps)

    def _give_up(
        self, page: FrontierPage, trouble: Trouble, response: Response | None, place: Place | None = None
    ) -> None:
        header = response.headers.get("Retry-After") if response is not None else None
        retry_after = read_retry_after(header.decode("latin-1")) if header else None
        status = response.status if response is not None else None
        words = trouble.words
        if place and not words.startswith(str(place)):
            words = f"{place}: {words}"
        self._ledger.failed(page, words, status=status, state=trouble.state, retry_after=retry_after)
        known = self._ledger.page(page.url)
        again = f"; tried again after {known.next_attempt}" if known and known.next_attempt else ""
        self._ledger.count(page.source_id, "failed")
        self._ledger.note(page.source_id, words + again if place else f"{page.url}: {words}{again}")

    def _opened(self) -> None:
        # Not before: a LoopingCall installs a reactor, and Scrapy installs its own only now.
        self._flushing = LoopingCall(self._ledger.flush)
        self._flushing.start(FLUSH_EVERY, now=False)

    def _closed(self) -> None:
        if self._flushing and self._flushing.running:
            self._flushing.stop()
        self._ledger.flush()


def _places(source: Source) -> Iterable[Place]:
    yield from (Place(url=url, kind="feed") for url in source.feeds)
    yield from (Place(url=url, kind="sitemap") for url in source.sitemaps)
    yield from (Place(url=section.url, kind="section", links=section.links) for section in source.sections)


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
    if page.next_attempt is not None and page.next_attempt <= timestamp_now():
        return True
    advanced = (
        before is not None and link.changed is not None and (before.lastmod or link.changed) < link.changed
    )
    return advanced and page.state == "done"


def _explain_links(source: Source, place: Place, articles: list[Link], wanted: list[Link]) -> str:
    if not articles:
        return f"{place} holds no link"
    on_site = [link for link in articles if is_within(link.url, source.sites)]
    if not on_site:
        return f"{place}: {len(articles)} links, 0 on the sites of this source"
    return f"{place}: {len(articles)} links, {len(wanted)} matched the article pattern"


def _trouble_of_page(response: Response, page: FrontierPage) -> Trouble | None:
    header = response.headers.get("Content-Type") or b""
    content_type = header.decode("latin-1").partition(";")[0].strip()
    if not WEB_PAGE.search(content_type):
        return Trouble(f"not a web page but {content_type}", "skipped")
    if not response.body.strip():
        return Trouble("the server sent an empty page")
    if urlsplit(response.url).path in ("", "/") and urlsplit(page.url).path not in ("", "/"):
        return Trouble("the address leads to the front page", "skipped")
    return None


def _answer(response: Response) -> Answer:
    headers = tuple(
        (name.decode("latin-1"), value.decode("latin-1"))
        for name, values in response.headers.items()
        for value in values
    )
    return Answer(url=response.url, status=response.status, headers=headers, body=response.body)


def _is_older(changed: str | None, known: str | None) -> bool:
    """Whether a sitemap states a time of change, and that is no later than the one we know."""
    return changed is not None and known is not None and changed <= known


def timestamp_now() -> str:
    """The present moment as the frontier writes it."""
    from datetime import UTC, datetime

    return timestamp(datetime.now(UTC))
