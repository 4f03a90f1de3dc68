"""Sites are asked at the pace that they ask for, and never by a name that leads elsewhere."""

from __future__ import annotations

import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

from twisted.internet.address import IPv4Address, IPv6Address

from crawler.crawl import crawl
from crawler.fetching.job import Job, PageRequest
from crawler.fetching.safety import _PublicOnly
from crawler.sources import Source
from db.store import archive_folder, open_store
from tests.crawler.conftest import Answer, Site, article_page, articles, pages

DELAY = 1
FOOLED = (
    "import sys, crawler.fetching.safety as safety\n"
    "async def public(self, host): return None\n"
    "safety.PublicAddressMiddleware._judge = public\n"
    "from crawler.fetching.process import main\n"
    "sys.exit(main())"
)


def test_a_crawl_delay_in_robots_txt_is_kept_between_any_two_pages(
    site: Site, source: Source, db: Path
) -> None:
    asked: list[float] = []

    def answer(number: int) -> Answer:
        asked.append(time.monotonic())
        return Answer(article_page(f"Story {number}", number=number).encode())

    for number in range(5):
        site.answers[f"/news/story-{number}.htm"] = lambda number=number: answer(number)  # type: ignore[misc]
    site.put_feed([f"/news/story-{number}.htm" for number in range(5)])
    site.put("/robots.txt", f"User-agent: *\nCrawl-delay: {DELAY}\n", Content_Type="text/plain")
    crawl(db, {"toy": source}, allow_loopback=True, progress=False)
    assert len(articles(db)) == 5
    gaps = [later - earlier for earlier, later in pairwise(asked)]
    # A busy machine may serve one request late, which shortens the one gap after it and lengthens the one before.
    shortest, *others = sorted(gaps)
    assert shortest > 0.6 * DELAY
    assert min(others) > 0.9 * DELAY
    assert sum(gaps) > 0.95 * DELAY * len(gaps)


class Receiver:
    """What a connection gets to hear of a name."""

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def addressResolved(self, address: IPv4Address | IPv6Address) -> None:  # noqa: N802 (Twisted's name)
        self.addresses.append(address.host)


def test_of_a_names_addresses_connections_hear_only_the_public_ones() -> None:
    receiver = Receiver()
    guard = _PublicOnly(receiver, allow_loopback=False)
    for host in ("10.0.0.1", "203.119.8.111", "169.254.169.254", "127.0.0.1"):
        guard.addressResolved(IPv4Address("TCP", host, 80))
    guard.addressResolved(IPv6Address("TCP", "::ffff:192.168.0.1", 80))
    assert receiver.addresses == ["203.119.8.111"]


def test_a_name_that_is_public_when_asked_and_private_when_connected_to_leads_nowhere(
    site: Site, db: Path
) -> None:
    url = f"http://localhost:{site.port}{site.put_article(1)}"
    with open_store(db, "write") as store:
        crawl_source = Source.model_validate(
            {
                "id": "web",
                "title": "Single pages",
                "publisher": {"name": "x", "country": "---", "url": url},
                "language": "en",
                "feeds": [url],
            }
        )
        store.frontier.put_source(crawl_source.summary())
        run_id = store.start_run("test")
    request = PageRequest(url=url, source_id="web")
    job = Job(run_id=run_id, db=db, archive=archive_folder(db), pages=(request,), unthrottled=True)
    subprocess.run(
        [sys.executable, "-c", FOOLED],
        input=job.model_dump_json().encode(),
        capture_output=True,
        check=True,
        timeout=60,
    )
    assert not site.requests
    assert pages(db)[url]["state"] == "failed"
