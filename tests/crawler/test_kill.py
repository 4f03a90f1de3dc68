"""A crawl killed at any moment loses nothing: what the last run leaves is what an undisturbed run leaves."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.crawl import crawl
from crawler.sources import Source
from db.store import open_store
from db.verification import content_hash, verify
from tests.crawler.conftest import Answer, Site, articles, make_source, pages

STORIES = 120
PAUSE = 0.02
"""Seconds that the site takes for an article, so that there is a crawl to interrupt."""
LONGEST = 15
PROGRAM = (
    "import sys; from pathlib import Path; from crawler.crawl import crawl; from crawler.sources import Source\n"
    "source = Source.model_validate_json(Path(sys.argv[2]).read_text())\n"
    "if __name__ == '__main__':\n"
    "    crawl(Path(sys.argv[1]), {'toy': source}, allow_loopback=True, progress=False, workers=int(sys.argv[3]))\n"
)


@pytest.fixture
def newsroom(site: Site) -> Source:
    """Two feeds that share articles, a sitemap, and among the pages one that is gone and one that is none."""
    paths = [site.put_article(number) for number in range(STORIES)]
    site.put_feed(paths[:50])
    site.put_feed(paths[40:90], "/other.xml")
    locations = "".join(f"<url><loc>{site.base}{path}?utm_source=map</loc></url>" for path in paths[80:])
    site.put("/sitemap.xml", f"<urlset>{locations}</urlset>")
    site.put(paths[3], "gone", 404)
    site.put(paths[7], "<title>Before you continue</title><p>Accept all cookies?</p>")
    for path in paths:
        answer = site.answers[path]
        assert isinstance(answer, Answer)
        site.answers[path] = lambda answer=answer: time.sleep(PAUSE) or answer  # type: ignore[misc, func-returns-value]
    return make_source(
        site,
        feeds=[f"{site.base}/feed.xml", f"{site.base}/other.xml"],
        sitemaps=[f"{site.base}/sitemap.xml"],
    )


def test_after_any_number_of_kills_the_articles_are_those_of_an_undisturbed_run(
    site: Site, newsroom: Source, db: Path, tmp_path: Path
) -> None:
    undisturbed = tmp_path / "undisturbed.db"
    crawl(undisturbed, {"toy": newsroom}, allow_loopback=True, progress=False)
    site.requests.clear()
    declaration = tmp_path / "source.json"
    declaration.write_text(newsroom.model_dump_json())
    chance, seen, killed = random.Random(20251020), set[str](), 0
    for has_come in moments(site, db, chance):
        process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(db), str(declaration), str(chance.choice((1, 2)))],
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        deadline = time.monotonic() + LONGEST
        while process.poll() is None and not has_come() and time.monotonic() < deadline:
            time.sleep(0.002)
        killed += process.poll() is None
        kill_all(process, chance)
        acknowledged = stored(db)
        assert seen <= acknowledged, "an article that was stored is lost"
        seen = acknowledged
    assert killed >= 8, "hardly a run was interrupted"
    report = crawl(db, {"toy": newsroom}, allow_loopback=True, progress=False)
    assert not report.interrupted

    wanted = [article["url"] for article in articles(undisturbed)]
    assert [article["url"] for article in articles(db)] == wanted and len(wanted) == STORIES - 2
    assert seen <= set(wanted)
    states = {url: row["state"] for url, row in pages(db).items()}
    assert states == {url: row["state"] for url, row in pages(undisturbed).items()}
    assert (states[f"{site.base}/news/story-3.htm"], states[f"{site.base}/news/story-7.htm"]) == (
        "failed",
        "skipped",
    )
    with open_store(db, "read") as store, open_store(undisturbed, "read") as other:
        assert list(verify(store)) == [] and content_hash(store.db) == content_hash(other.db)
        assert {row["status"] for row in store.db["runs"].rows} <= {"lost", "done"}


def moments(site: Site, db: Path, chance: random.Random) -> Iterator[Callable[[], bool]]:
    """Ten moments to kill at: while it starts, while it fetches, while it reads what was fetched."""
    for _ in range(2):
        start = time.monotonic() + chance.uniform(0.1, 1.5)
        yield lambda start=start: time.monotonic() > start  # type: ignore[misc]
    for asked in sorted(chance.sample(range(1, STORIES - 10), 5)):
        yield lambda asked=asked: sum(name.startswith("/news/") for name in list(site.requests)) >= asked  # type: ignore[misc]
    for read in sorted(chance.sample(range(1, STORIES - 20), 3)):
        yield lambda read=read: len(stored(db)) >= read  # type: ignore[misc]


def stored(db: Path) -> set[str]:
    """The addresses of the articles in a database, as another program would see them at this moment."""
    try:
        with contextlib.closing(sqlite3.connect(f"{db.as_uri()}?mode=ro", uri=True, timeout=10)) as reader:
            return {url for (url,) in reader.execute("SELECT url FROM articles")}
    except sqlite3.OperationalError:  # killed before the database was made
        return set()


def kill_all(process: subprocess.Popen[bytes], chance: random.Random) -> None:
    """End a crawl as a power cut does: the program and every process of it, in any order, with no last word."""
    victims = [process.pid, *descendants(process.pid)]
    chance.shuffle(victims)
    for victim in victims:
        with contextlib.suppress(ProcessLookupError):
            os.kill(victim, signal.SIGKILL)
    process.wait(10)


def descendants(pid: int) -> Iterator[int]:
    """The processes that a process has started, and those that they have."""
    parents: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text().rpartition(")")[2].split()[1])
            parents.setdefault(parent, []).append(int(stat.parent.name))
    waiting = parents.get(pid, [])
    while waiting:
        child = waiting.pop()
        yield child
        waiting.extend(parents.get(child, []))
