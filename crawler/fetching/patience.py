"""Waits as servers ask: crawl delays of robots.txt, Retry-After, back-off between and after attempts."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Self

from scrapy import signals
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.utils.httpobj import urlparse_cached

from crawler.fetching.settings import ROBOT
from db.clock import present

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.crawler import Crawler
    from scrapy.http import Response
    from scrapy.robotstxt import RobotParser

LONGEST_WAIT = 30.0
"""Seconds to wait within a run; who asks for more is visited again in a later run."""
LONGEST_CRAWL_DELAY = 120.0
FIRST_RETRY = timedelta(minutes=5)
LAST_RETRY = timedelta(days=1)
REVISITS = (
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(days=1),
    timedelta(days=3),
    timedelta(days=7),
    timedelta(days=30),
)


def next_visit(now: datetime, visits: int) -> datetime | None:
    """When to look at an unchanged article again: after an hour, then ever later, at last (None) never."""
    return now + REVISITS[visits] if visits < len(REVISITS) else None


def next_look(now: datetime, attempts: int) -> datetime | None:
    """When to look whether a page that is gone has come back: after a week, after a month, then never."""
    waits = REVISITS[-2:]
    return now + waits[attempts - 1] if 0 < attempts <= len(waits) else None


def next_try(now: datetime, attempts: int, retry_after: timedelta | None = None) -> datetime:
    """When to try a failed page again: after 5 minutes, then twice as long, at most a day, or as it asks."""
    wait: timedelta = min(FIRST_RETRY * 2 ** min(attempts, 12), LAST_RETRY)
    return now + max(wait, retry_after or timedelta())


def read_retry_after(value: str | None, now: datetime | None = None) -> timedelta | None:
    """A Retry-After header, seconds or a date, as a span of time (never negative, at most 30 days)."""
    if not value:
        return None
    if value.strip().isdigit():
        return timedelta(seconds=min(int(value), 30 * 86400))
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return min(max(moment - (now or present()), timedelta()), timedelta(days=30))


class PatientRetryMiddleware(RetryMiddleware):
    """Tries again within the run only after a pause; not at all where the server asks for a long one."""

    async def process_response(  # type: ignore[override]
        self, request: Request, response: Response, spider: Spider | None = None
    ) -> Request | Response:
        """The response, or the request for another attempt."""
        if response.status not in self.retry_http_codes or request.meta.get("dont_retry"):
            return response
        header = response.headers.get("Retry-After")
        asked = read_retry_after(header.decode("latin-1") if header else None)
        base = self.crawler.settings.getfloat("DATELINE_RETRY_DELAY")
        wait = asked.total_seconds() if asked else base * 2 ** request.meta.get("retry_times", 0)
        if wait > LONGEST_WAIT:
            return response
        again = self._retry(request, f"status {response.status}")
        if again is None:
            return response
        await asyncio.sleep(wait)
        return again


class CrawlDelay:
    """Gives a site the delay that its robots.txt asks for; AutoThrottle may only lengthen it."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._delays: dict[str, float] = {}
        crawler.signals.connect(self.robots_parsed, signal=signals.robots_parsed)
        crawler.signals.connect(self.response_downloaded, signal=signals.response_downloaded)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(crawler)

    def robots_parsed(self, robotparser: RobotParser, request: Request) -> None:
        """Remember the delay of a host and apply it."""
        delay = robotparser.crawl_delay(ROBOT)
        if delay:
            self._delays[urlparse_cached(request).hostname or ""] = min(delay, LONGEST_CRAWL_DELAY)
            self._apply(urlparse_cached(request).hostname or "")

    def response_downloaded(self, request: Request) -> None:
        """Keep it after AutoThrottle has set its own."""
        self._apply(urlparse_cached(request).hostname or "")

    def _apply(self, host: str) -> None:
        engine = self._crawler.engine
        slot = engine.downloader.slots.get(host) if engine else None
        if slot is not None and host in self._delays:
            slot.delay = max(slot.delay, self._delays[host])
            slot.concurrency = 1
