"""With several workers, what has been fetched is read while the rest is still on its way."""

from __future__ import annotations

import sqlite3
import time
from contextlib import closing
from pathlib import Path

from crawler.crawl import crawl
from crawler.sources import Source
from tests.crawler.conftest import Answer, Site, articles

STORIES = 40


def test_articles_are_stored_before_the_last_page_has_come(site: Site, source: Source, db: Path) -> None:
    paths = [site.put_article(number) for number in range(STORIES)]
    site.put_feed(paths)
    last, seen = site.answers[paths[-1]], list[int]()
    assert isinstance(last, Answer)

    def wait_for_the_others() -> Answer:
        deadline = time.monotonic() + 20
        with closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True)) as reader:
            while not seen and time.monotonic() < deadline:
                (stored,) = reader.execute("SELECT count(*) FROM articles").fetchone()
                seen.extend([stored] * bool(stored))
                time.sleep(0.05)
        return last

    site.answers[paths[-1]] = wait_for_the_others
    report = crawl(db, {"toy": source}, allow_loopback=True, progress=False, workers=2)
    assert seen and seen[0] < STORIES, "nothing was stored while the last page was awaited"
    assert report.of("toy").articles_new == len(articles(db)) == STORIES
