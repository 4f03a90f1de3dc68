"""The spider: asks for listings, finds addresses in them, fetches the article pages that are due.

It decides where to go and reads no article: pages go to the archive as they came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Generator, Iterator
from dataclasses import replace
from typing import Any

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.task import LoopingCall
from twisted.python.failure import Failure

from crawler.addresses import is_within, own_form
from crawler.fetching.answers import answer_of, trouble_of_page
from crawler.fetching.browser import way_to_fetch
from crawler.fetching.failures import Trouble, trouble_of_failure, trouble_of_status
from crawler.fetching.job import Job
from crawler.fetching.ledger import Ledger
from crawler.fetching.patience import read_retry_after
from crawler.fetching.visits import is_resting, is_wanted
from crawler.listings.discovery import Link, read_listing
from crawler.listings.places import Place, explain_links, places_of, wanted_links
from crawler.listings.series import closed_sitemaps, is_read, newest_sitemaps
from crawler.sources import Source
from db.archive import read_record
from db.clock import present
from db.errors import VerificationFailed
from db.frontier import Discovered, FrontierPage

FLUSH_EVERY = 1.0
MAX_DEPTH = 3
CHECK_SOURCE = "Try the source with 'dateline sources check'"


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
            due = [page.url for page in self._ledger.due(source.id)]
            for page in self._ledger.claim(source.id, due[: source.max_pages + 1]):
                for request in self._article(page, source):
                    yield request
        for wanted in self._job.pages:
            self._ledger.know(wanted.source_id, wanted.url, "article")
            for page in self._ledger.claim(wanted.source_id, [wanted.url]):
                for request in self._article(page, None, by_browser=wanted.browser):
                    yield request

    def parse_listing(self, response: Response, source: Source, place: Place) -> Iterator[Request]:
        """Follow what a listing names; a listing that did not change is not read again."""
        page = self._ledger.know(source.id, place.url, place.kind)
        if response.status == 304:
            self._ledger.note(source.id, "answered 304, nothing new", place)
            self._ledger.count(source.id, "not_modified")
            self._ledger.count(source.id, "unjudged")
            yield from self._below_unchanged(source, place, page)
            self._ledger.settle(page)
            return
        if trouble := trouble_of_status(response.status):
            self._give_up_listing(source, place, trouble, response)
            return
        listing = read_listing(
            place.kind, response.body, response.url, links=place.links, next_page=place.next_page
        )
        if listing.problem:
            self._give_up_listing(source, place, Trouble(listing.problem, remedy=CHECK_SOURCE), response)
            return
        if listing.note:
            self._ledger.note(source.id, listing.note, place)
        links = tuple(
            replace(link, url=own_form(link.url, response.url, source.publisher.url))
            for link in listing.links
        )
        brought = yield from self._follow(source, place, links)
        yield from self._next_page(source, place, listing.next, brought > 0)
        # The row changes last: a crawl killed in between reads the listing again.
        if not self._ledger.keep(page, answer_of(response)):
            self._ledger.note(source.id, "it is the same as last time", place)
            self._ledger.settle(page)
        if place.kind == "sitemap":
            newest = max((link.changed for link in listing.links if link.changed), default=None)
            self._ledger.listed_until(place.url, place.changed or newest)

    def parse_article(self, response: Response, page: FrontierPage) -> None:
        """Keep an article page, or say why there is none."""
        if response.status == 304:
            self._ledger.unchanged(page)
            self._ledger.count(page.source_id, "unchanged")
            self._ledger.count(page.source_id, "not_modified")
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
        self._give_up_listing(source, place, trouble_of_failure(failure, place.url), None)

    def on_article_error(self, failure: Failure) -> None:
        """Record why a page could not be had."""
        page = failure.request.cb_kwargs["page"]  # type: ignore[attr-defined]
        self._give_up(page, trouble_of_failure(failure, page.url), None)

    def _listing(self, source: Source, place: Place) -> Iterator[Request]:
        if place.url in self._asked:
            return
        self._asked.add(place.url)
        page = self._ledger.page(place.url)
        if page and is_resting(page):
            self._ledger.note(source.id, f"{page.reason}; tried again after {page.next_attempt}", place)
            self._ledger.count(source.id, "unjudged")
            return
        yield Request(
            place.url,
            callback=self.parse_listing,
            errback=self.on_listing_error,
            **way_to_fetch(page, source.id, by_browser=source.browser and place.kind == "section"),
            cb_kwargs={"source": source, "place": place},
            priority=10,
            dont_filter=True,
        )

    def _article(
        self, page: FrontierPage, source: Source | None, *, by_browser: bool = False
    ) -> Iterator[Request]:
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
            **way_to_fetch(page, page.source_id, by_browser=source.browser if source else by_browser),
            cb_kwargs={"page": page},
            dont_filter=True,
        )

    def _follow(self, source: Source, place: Place, links: tuple[Link, ...]) -> Generator[Request, None, int]:
        """Ask for what a listing names; returns how many of its articles were unknown."""
        sitemaps = [link for link in links if link.kind == "sitemap"]
        articles = [link for link in links if link.kind == "article"]
        if sitemaps:
            yield from self._sitemaps(source, place, sitemaps)
        wanted = wanted_links(source, articles, present())
        if len(wanted) < len(articles) or not links:
            words = explain_links(source, articles, wanted)
            self._ledger.note(source.id, words, place)
            if place.is_declared and not wanted:
                self._ledger.broken(source.id, words, place)
        before = {link.url: self._ledger.page(link.url) for link in wanted}
        new = self._ledger.discover(
            source.id, [Discovered(url=link.url, kind="article", lastmod=link.changed) for link in wanted]
        )
        found = {(source.id, link.url) for link in wanted} - self._found
        self._found |= found
        self._ledger.count(source.id, "found", len(found))
        self._ledger.count(source.id, "new", new)
        yield from self._articles_of(source, wanted, before)
        return new

    def _articles_of(
        self, source: Source, links: list[Link], before: dict[str, FrontierPage | None]
    ) -> Iterator[Request]:
        """Ask for the listed pages that are wanted now and that no other crawl is about to fetch."""
        listed = {link.url: link for link in links}
        wanted = []
        for link in links:
            page = self._ledger.page(link.url)
            if page is not None and is_wanted(page, before[link.url], link):
                wanted.append(link.url)
            elif page is not None and page.state in ("failed", "refused") and page.reason:
                text = f"{page.reason}; tried again after {page.next_attempt}"
                self._ledger.note(source.id, text, page.url)
        room = max(source.max_pages - self._articles[source.id], 0) + 1
        for page in self._ledger.claim(source.id, [url for url in wanted if url not in self._asked][:room]):
            if is_wanted(page, before[page.url], listed[page.url]):
                yield from self._article(page, source)

    def _sitemaps(self, source: Source, place: Place, links: list[Link]) -> Iterator[Request]:
        inside = [link for link in links if is_within(link.url, source.sites)]
        chosen = newest_sitemaps(inside, source.max_sitemaps) if place.depth < MAX_DEPTH else []
        if len(chosen) < len(links):
            text = f"it lists {len(links)} sitemaps, the newest {len(chosen)} are read"
            self._ledger.note(source.id, text, place)
        known = {link.url: page for link in chosen if (page := self._ledger.page(link.url))}
        closed = closed_sitemaps(chosen, known)
        for link in chosen:
            if link.url in closed or is_read(link, known.get(link.url)):
                self._ledger.count(source.id, "unjudged")
                continue
            self._ledger.discover(source.id, [Discovered(url=link.url, kind="sitemap")])
            below = Place(url=link.url, kind="sitemap", depth=place.depth + 1, changed=link.changed)
            yield from self._listing(source, below)

    def _next_page(
        self, source: Source, place: Place, linked: str | None, goes_on: bool
    ) -> Iterator[Request]:
        """The next page of a section: while there is something new, or where an earlier crawl did not get to."""
        following = place.following(linked)
        if following is None or not is_within(following.url, source.sites):
            return
        page = self._ledger.know(source.id, following.url, "section")
        if goes_on:
            self._ledger.reopen(page)
        if goes_on or page.state != "done":
            yield from self._listing(source, following)

    def _below_unchanged(self, source: Source, place: Place, page: FrontierPage) -> Iterator[Request]:
        """What lies below a listing that answered 304: it changes without it."""
        if page.warc is None or (place.kind != "sitemap" and place.pages == 1):
            return
        try:
            body = read_record(self._job.archive, page.warc).body
        except VerificationFailed as error:
            self._ledger.note(source.id, str(error), place)
            return
        url = page.final_url or place.url
        listing = read_listing(place.kind, body, url, links=place.links, next_page=place.next_page)
        sitemaps = [link for link in listing.links if link.kind == "sitemap"]
        if sitemaps:
            yield from self._sitemaps(source, place, sitemaps)
        yield from self._next_page(source, place, listing.next, False)

    def _give_up_listing(
        self, source: Source, place: Place, trouble: Trouble, response: Response | None
    ) -> None:
        page = self._ledger.know(source.id, place.url, place.kind)
        self._give_up(page, trouble, response)
        if place.is_declared:
            self._ledger.broken(source.id, trouble.words, place)

    def _give_up(self, page: FrontierPage, trouble: Trouble, response: Response | None) -> None:
        header = response.headers.get("Retry-After") if response is not None else None
        retry_after = read_retry_after(header.decode("latin-1")) if header else None
        status = response.status if response is not None else None
        self._ledger.failed(page, trouble, status=status, retry_after=retry_after)

    def _opened(self) -> None:
        # Not before: a LoopingCall installs a reactor, and Scrapy installs its own only now.
        self._flushing = LoopingCall(self._ledger.flush)
        self._flushing.start(FLUSH_EVERY, now=False)

    def _closed(self) -> None:
        if self._flushing and self._flushing.running:
            self._flushing.stop()
        self._ledger.flush()
