"""Fetches a few pages for a look at them: as polite and safe as a crawl, and nothing is kept.

Run as a module it is the fetching process: addresses come on standard input, what was answered goes out as
JSON lines.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any
from urllib.parse import urlsplit

from pydantic import Base64Bytes, BaseModel, ConfigDict
from scrapy import Request, Spider
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.crawl import is_loopback
from crawler.fetching.child import run_child
from crawler.fetching.failures import Trouble, trouble_of_failure, trouble_of_status
from crawler.fetching.settings import crawl_settings, hush


class Probe(BaseModel):
    """What to look at."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    urls: tuple[str, ...]
    allow_loopback: bool = False
    unthrottled: bool = False


class Probed(BaseModel):
    """One page looked at; `trouble` says why there is none, `remedy` what to do about it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    final_url: str = ""
    body: Base64Bytes = b""
    trouble: str | None = None
    remedy: str = ""


def probe(urls: Sequence[str], *, allow_loopback: bool, say: Callable[[str], None]) -> dict[str, Probed]:
    """Fetch each address once; the answers by address. Raises `CrawlError` when the process breaks down."""
    answers: dict[str, Probed] = {}
    local = allow_loopback and all(is_loopback(url) for url in urls)
    job = Probe(urls=tuple(dict.fromkeys(urls)), allow_loopback=allow_loopback, unthrottled=local)

    def listen(line: bytes) -> None:
        answer = Probed.model_validate_json(line)
        answers[answer.url] = answer

    if run_child("crawler.fetching.probing", job.model_dump_json().encode(), listen, say):
        raise KeyboardInterrupt
    return answers


class ProbeSpider(Spider):
    """Fetches the addresses of one probe."""

    name = "probe"

    def __init__(self, job: Probe) -> None:
        super().__init__()
        self._job = job

    async def start(self) -> AsyncIterator[Request]:
        """Every address once; robots.txt itself is there to be read."""
        for url in self._job.urls:
            meta = {"dont_obey_robotstxt": True} if urlsplit(url).path == "/robots.txt" else {}
            yield Request(
                url,
                callback=self.parse,
                errback=self.failed,
                cb_kwargs={"url": url},
                meta=meta,
                dont_filter=True,
            )

    def parse(self, response: Response, **kwargs: Any) -> None:
        """Pass on the page, or what its status says."""
        trouble, url = trouble_of_status(response.status), kwargs["url"]
        if trouble:
            _tell(_failed(url, trouble))
        else:
            _tell(Probed.model_construct(url=url, final_url=response.url, body=response.body))

    def failed(self, failure: Failure) -> None:
        """Pass on why there is no page."""
        url = failure.request.cb_kwargs["url"]  # type: ignore[attr-defined]
        _tell(_failed(url, trouble_of_failure(failure, url)))


def main() -> int:
    """Look at the pages of one probe; exit status 0."""
    job = Probe.model_validate_json(sys.stdin.buffer.read())
    settings = crawl_settings(allow_loopback=job.allow_loopback, unthrottled=job.unthrottled)
    process = CrawlerProcess({**settings, "LOG_LEVEL": "ERROR"})
    hush()
    process.crawl(ProbeSpider, job=job)
    process.start()
    return 0


def _failed(url: str, trouble: Trouble) -> Probed:
    return Probed(url=url, trouble=trouble.words, remedy=trouble.remedy)


def _tell(answer: Probed) -> None:
    sys.stdout.write(answer.model_dump_json() + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
