"""Two crawls of one database at once: no page is lost, none is fetched or stored twice."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from crawler.sources import Source
from db.claims import claim, held_by_others, release
from db.store import open_store
from tests.crawler.conftest import Answer, Site, articles, make_source, pages
from tests.crawler.test_crawl import run

SCRIPT = """
import sys
from pathlib import Path
from crawler.crawl import crawl
from crawler.sources import Source
if __name__ == "__main__":
    source = Source.model_validate_json(Path(sys.argv[2]).read_text())
    crawl(Path(sys.argv[1]), {source.id: source}, allow_loopback=True, progress=False)
"""


def start(db: Path, source: Source, folder: Path) -> subprocess.Popen[bytes]:
    declaration = folder / f"{source.id}.json"
    declaration.write_text(source.model_dump_json())
    return subprocess.Popen([sys.executable, "-c", SCRIPT, str(db), str(declaration)], stderr=subprocess.PIPE)


def slow_site(site: Site, number: int, seconds: float = 0.05) -> list[str]:
    """Articles that take a while each, on a feed and in a section."""
    paths = [site.put_article(n) for n in range(number)]
    site.put_feed(paths)
    site.put("/world", "".join(f"<a href='{path}'>t</a>" for path in paths))
    for path in paths:
        good = site.answers[path]
        site.answers[path] = lambda good=good: time.sleep(seconds) or good  # type: ignore[assignment, misc, func-returns-value]
    return paths


def two_sources(site: Site) -> list[Source]:
    section = [{"url": f"{site.base}/world"}]
    return [make_source(site), make_source(site, id="toy-too", feeds=[], sections=section)]


def wait_for(site: Site, paths: list[str], least: int) -> None:
    deadline = time.monotonic() + 60
    while sum(site.requests[path] for path in paths) < least and time.monotonic() < deadline:
        time.sleep(0.01)


def test_two_crawls_at_once_fetch_and_store_every_page_once(site: Site, db: Path, tmp_path: Path) -> None:
    paths = slow_site(site, 60)
    # The first makes the database; the second begins in the midst of it.
    first = start(db, two_sources(site)[0], tmp_path)
    wait_for(site, paths, 4)
    second = start(db, two_sources(site)[1], tmp_path)
    for process in (first, second):
        _, said = process.communicate(timeout=90)
        assert process.returncode == 0, said.decode()
    assert sorted(a["url"] for a in articles(db)) == sorted(site.base + path for path in paths)
    assert {path: site.requests[path] for path in paths} == dict.fromkeys(paths, 1)
    assert {row["state"] for row in pages(db).values()} == {"done"}
    with open_store(db, "read") as store:
        assert store.db["claims"].count == 0


def test_two_crawls_that_begin_together_on_no_database_both_succeed(
    site: Site, db: Path, tmp_path: Path
) -> None:
    paths = slow_site(site, 20)
    processes = [start(db, source, tmp_path) for source in two_sources(site)]
    for process in processes:
        _, said = process.communicate(timeout=90)
        assert process.returncode == 0, said.decode()
    assert sorted(a["url"] for a in articles(db)) == sorted(site.base + path for path in paths)
    assert {path: site.requests[path] for path in paths} == dict.fromkeys(paths, 1)


def test_what_a_killed_crawl_had_claimed_goes_to_the_next(site: Site, db: Path, tmp_path: Path) -> None:
    paths = slow_site(site, 40)
    one, other = two_sources(site)
    victim = start(db, one, tmp_path)
    wait_for(site, paths, 8)
    witness = start(db, other, tmp_path)
    time.sleep(0.5)
    victim.send_signal(signal.SIGKILL)
    victim.communicate(timeout=30)
    _, said = witness.communicate(timeout=90)
    assert witness.returncode == 0, said.decode()
    run(db, one, other)
    assert sorted(a["url"] for a in articles(db)) == sorted(site.base + path for path in paths)
    assert {row["state"] for row in pages(db).values()} == {"done"}


def test_a_page_claimed_by_a_living_run_is_held_and_one_of_a_lost_run_is_free(db: Path) -> None:
    with open_store(db) as store:
        mine, others, lost = (store.start_run("crawl") for _ in range(3))
        with store.transaction():
            store.db.execute("UPDATE runs SET pid = 1 WHERE id = ?", [others])
            store.db.execute("UPDATE runs SET pid = 4194304 WHERE id = ?", [lost])
        urls = [f"https://courier.example/{n}" for n in range(1200)]
        assert claim(store, lost, urls[:5]) == {}
        assert claim(store, others, urls[:700]) == {}
        assert claim(store, mine, urls) == dict.fromkeys(urls[:700], 1)
        assert held_by_others(store, mine) == set(urls[:700])
        release(store, others)
        assert claim(store, mine, urls) == {}


def test_the_rules_of_a_source_read_what_another_crawl_finds_left_over(
    site: Site, db: Path, tmp_path: Path
) -> None:
    page = "<html lang=en><title>Seo</title><h1>Seo headline</h1><b class=t>The real one</b><article>{}</article>"
    text = "".join(f"<p>{'The ministry said so on Monday, after weeks of talks. ' * 3}</p>" for _ in range(4))
    site.answers["/news/story-1.htm"] = Answer(page.format(text).encode())
    site.put_feed(["/news/story-1.htm"])
    source = make_source(site, article={"url": r"story-\d+", "title": "b.t"})
    run(db, source)
    with open_store(db) as store, store.transaction():
        store.db.execute("UPDATE pages SET state = 'fetched' WHERE kind = 'article'")
        store.db.execute("UPDATE articles SET title = 'x', text_sha256 = 'x'")
    run(db, make_source(site, id="toy-too", feeds=[f"{site.base}/none.xml"]))
    assert [article["title"] for article in articles(db)] == ["The real one"]
