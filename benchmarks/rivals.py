"""What the crawl benchmark compares with, each run as a process of its own that prints how many pages it had.

    python benchmarks/rivals.py bare-scrapy|newspaper|trafilatura|read_article|bare_extraction URL

URL is the address of `served_pages.py`. Only the modules that the chosen one needs are imported, so that the
newspaper spider also runs in an environment without Dateline.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from importlib import import_module
from time import perf_counter
from typing import Any
from urllib.request import urlopen

LOCATION = re.compile(rb"<loc>(.*?)</loc>")
PACE = {"CONCURRENT_REQUESTS": 32, "CONCURRENT_REQUESTS_PER_DOMAIN": 8, "DOWNLOAD_DELAY": 0}
"""The pace of Dateline's own crawls of this machine."""


def run_scrapy(url: str, read: Callable[[Any], bool]) -> int:
    """Fetch all pages with Scrapy as it comes and give each response to `read` in the callback."""
    from scrapy import Request, Spider
    from scrapy.crawler import CrawlerProcess

    pages = 0

    class Rival(Spider):
        name = "rival"

        async def start(self) -> Any:
            yield Request(f"{url}/sitemap.xml")

        def parse(self, response: Any) -> Any:
            for location in LOCATION.findall(response.body):
                yield Request(location.decode(), callback=self.parse_page)

        def parse_page(self, response: Any) -> None:
            nonlocal pages
            pages += read(response)

    process = CrawlerProcess({**PACE, "LOG_LEVEL": "WARNING", "TELNETCONSOLE_ENABLED": False})
    process.crawl(Rival)
    process.start()
    return pages


def bare_scrapy(url: str) -> int:
    """Fetch and count."""
    return run_scrapy(url, lambda response: response.status == 200)


def newspaper(url: str) -> int:
    """Fetch, and read each page with newspaper4k within the callback, as news-please is built.

    It asks for no images, and does not run the other extractors that news-please compares.
    """
    newspaper4k = import_module("newspaper")
    config = newspaper4k.Config()
    config.fetch_images = False

    def read(response: Any) -> bool:
        article = newspaper4k.Article(response.url, config=config)
        article.download(input_html=response.text)
        article.parse()
        return bool(article.text)

    return run_scrapy(url, read)


def trafilatura(url: str) -> int:
    """Fetch and read one page after another with trafilatura's own two calls.

    Its downloader refuses loopback; the switch that it has for this is used.
    """
    from copy import deepcopy

    from trafilatura import extract, fetch_url
    from trafilatura.settings import DEFAULT_CONFIG

    config = deepcopy(DEFAULT_CONFIG)
    config["DEFAULT"]["SSRF_PROTECTION"] = "off"
    sitemap = fetch_url(f"{url}/sitemap.xml", config=config) or ""
    pages = 0
    for location in LOCATION.findall(sitemap.encode()):
        html = fetch_url(location.decode(), config=config)
        pages += bool(html and extract(html, url=location.decode(), with_metadata=True, output_format="json"))
    return pages


def read_article(url: str) -> str:
    """Read pages that have been fetched with Dateline's reading; how many, and the seconds that took."""
    from crawler.extraction.page import Page
    from crawler.extraction.pages import read_article as read

    content_type = "text/html; charset=utf-8"
    return timed(
        url,
        lambda place, body: bool(read(Page(id=place, url=place, body=body, content_type=content_type)).text),
    )


def bare_extraction(url: str) -> str:
    """The same with trafilatura's, with metadata."""
    from trafilatura import bare_extraction as read

    return timed(url, lambda place, body: read(body, url=place, with_metadata=True) is not None)


def timed(url: str, read: Callable[[str, bytes], bool]) -> str:
    """Fetch all pages, then read them against the clock."""
    with urlopen(f"{url}/sitemap.xml") as sitemap:
        places = [location.decode() for location in LOCATION.findall(sitemap.read())]
    pages = {}
    for place in places:
        with urlopen(place) as answer:
            pages[place] = answer.read()
    read(*next(iter(pages.items())))  # models and rules are loaded with the first
    started = perf_counter()
    count = sum(read(place, body) for place, body in pages.items())
    return f"{count} {perf_counter() - started}"


RIVALS: dict[str, Callable[[str], object]] = {
    "read_article": read_article,
    "bare_extraction": bare_extraction,
}
RIVALS |= {"bare-scrapy": bare_scrapy, "newspaper": newspaper, "trafilatura": trafilatura}

if __name__ == "__main__":
    print(RIVALS[sys.argv[1]](sys.argv[2]))
