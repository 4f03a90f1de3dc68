"""Whole crawls of a site on loopback, with the real crawling process and a real database."""

from __future__ import annotations

import contextlib
import gzip
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.crawl import crawl, plan
from crawler.fetching.child import run_child
from crawler.sources import Source
from db.archive import read_record
from db.errors import CrawlError, UsageError
from db.frontier import timestamp
from db.model import WarcReference
from db.store import archive_folder, open_store
from tests.crawler.conftest import Answer, Site, articles, dump, make_source, pages

FORGET = "UPDATE pages SET next_attempt = ? WHERE next_attempt IS NOT NULL"


def run(db: Path, *sources: Source, **options: object):
    chosen = {source.id: source for source in sources}
    return crawl(db, chosen, allow_loopback=True, progress=False, **options)  # type: ignore[arg-type]


def make_due(db: Path) -> None:
    """Let the time of every next attempt have come."""
    with open_store(db, "write") as store, store.transaction():
        store.db.execute(FORGET, [timestamp(datetime.now(UTC) - timedelta(seconds=5))])


def test_articles_of_a_feed_are_stored_with_their_archived_page(site: Site, source: Source, db: Path) -> None:
    site.put_feed([site.put_article(number) for number in range(3)])
    report = run(db, source)
    assert (
        report.of("toy").counts() | {"found": 3, "new": 3, "fetched": 3, "articles_new": 3}
        == report.of("toy").counts()
    )
    assert [a["title"] for a in articles(db)] == [f"Ardenia lowers duty number {n}" for n in range(3)]
    first = articles(db)[0]
    kept = read_record(
        archive_folder(db),
        WarcReference(file=first["warc_file"], offset=first["warc_offset"], digest=first["warc_digest"]),
    )
    assert kept.body == site.answers["/news/story-0.htm"].body  # type: ignore[union-attr]
    assert first["published"] == "2025-10-06T08:00:05Z"


def test_a_second_crawl_over_unchanged_pages_changes_no_row(site: Site, source: Source, db: Path) -> None:
    site.put_feed([site.put_article(number) for number in range(3)])
    run(db, source)
    before, asked = dump(db), site.requests["/news/story-0.htm"]
    report = run(db, source)
    assert dump(db) == before
    assert site.statuses[304] >= 1 and site.requests["/news/story-0.htm"] == asked
    assert "feed /feed.xml: answered 304" in (report.of("toy").reason or "")


def test_an_identical_body_without_validators_changes_no_row(site: Site, source: Source, db: Path) -> None:
    site.put_feed([site.put_article(1)])
    for answer in site.answers.values():
        answer.validators = False  # type: ignore[union-attr]
    run(db, source)
    before = dump(db)
    report = run(db, source)
    assert dump(db) == before
    assert "the same as last time" in (report.of("toy").reason or "")


def test_sitemap_indexes_and_section_pages_lead_to_articles(site: Site, db: Path) -> None:
    paths = [site.put_article(number) for number in range(4)]
    names = "http://www.sitemaps.org/schemas/sitemap/0.9"
    urls = "".join(f"<url><loc>{site.base}{p}</loc></url>" for p in paths[:2])
    packed = gzip.compress(f"<urlset xmlns='{names}'>{urls}</urlset>".encode())
    site.put("/maps/1.xml.gz", packed, Content_Type="application/gzip")
    site.put(
        "/sitemap.xml",
        f"<sitemapindex xmlns='{names}'><sitemap><loc>{site.base}/maps/1.xml.gz</loc></sitemap></sitemapindex>",
    )
    site.put(
        "/world.htm", "".join(f"<h3 class='t'><a href='{p}?utm_source=home'>t</a></h3>" for p in paths[2:])
    )
    source = make_source(
        site,
        feeds=[],
        sitemaps=[f"{site.base}/sitemap.xml"],
        sections=[{"url": f"{site.base}/world.htm", "links": "h3.t"}],
    )
    run(db, source)
    assert [a["url"] for a in articles(db)] == [f"{site.base}{path}" for path in paths]


def test_a_sub_sitemap_is_looked_at_although_its_index_answers_304(site: Site, db: Path) -> None:
    site.put(
        "/sitemap.xml", f"<sitemapindex><sitemap><loc>{site.base}/map.xml</loc></sitemap></sitemapindex>"
    )
    for number in (1, 2):
        locs = "".join(f"<url><loc>{site.base}{site.put_article(n)}</loc></url>" for n in range(number))
        site.put("/map.xml", f"<urlset>{locs}</urlset>")
        run(db, make_source(site, feeds=[], sitemaps=[f"{site.base}/sitemap.xml"]))
        assert len(articles(db)) == number


def test_robots_txt_is_honoured_and_said(site: Site, source: Source, db: Path) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /news/\n", Content_Type="text/plain")
    site.put_feed([site.put_article(1)])
    report = run(db, source)
    assert site.requests["/news/story-1.htm"] == 0 and articles(db) == []
    assert "robots.txt forbids /news/story-1.htm" in (report.of("toy").reason or "")
    assert pages(db)[f"{site.base}/news/story-1.htm"]["state"] == "refused"


def test_a_failing_page_is_tried_again_later_and_that_is_said(site: Site, source: Source, db: Path) -> None:
    path = site.put_article(1)
    good = site.answers[path]
    site.put_feed([path])
    site.put(path, "out of order", 503)
    report = run(db, source)
    row = pages(db)[site.base + path]
    assert (row["state"], row["status"], row["attempts"]) == ("failed", 503, 1)
    assert site.requests[path] == 3
    assert "the server answered 503 (service unavailable); tried again after 20" in (
        report.of("toy").reason or ""
    )
    site.answers[path] = good
    assert run(db, source).of("toy").fetched == 0
    make_due(db)
    assert run(db, source).of("toy").articles_new == 1
    assert pages(db)[site.base + path]["attempts"] == 0


def test_retry_after_decides_when_a_page_is_tried_again(site: Site, source: Source, db: Path) -> None:
    path = site.put_article(1)
    site.put_feed([path])
    site.put(path, "slow down", 429, Retry_After="7200")
    run(db, source)
    assert site.requests[path] == 1
    assert pages(db)[site.base + path]["next_attempt"] > timestamp(datetime.now(UTC) + timedelta(minutes=110))


def test_a_redirect_loop_ends_with_a_reason(site: Site, source: Source, db: Path) -> None:
    site.put("/news/story-1.htm", "", 302, Location="/news/story-2.htm")
    site.put("/news/story-2.htm", "", 302, Location="/news/story-1.htm")
    site.put_feed(["/news/story-1.htm"])
    report = run(db, source)
    assert site.requests["/news/story-1.htm"] + site.requests["/news/story-2.htm"] == 6
    assert "more than 5 redirects" in (report.of("toy").reason or "")


def test_a_gzip_bomb_is_refused(site: Site, source: Source, db: Path) -> None:
    path = site.put_article(1)
    site.put_feed([path])
    site.put(path, gzip.compress(b"<p>" + b"0" * 60_000_000), Content_Encoding="gzip")
    report = run(db, source)
    assert "refused: unpacks to more than 20 MB" in (report.of("toy").reason or "")
    assert pages(db)[site.base + path]["state"] == "refused"


def test_a_page_that_is_too_large_is_refused(site: Site, source: Source, db: Path) -> None:
    path = site.put_article(1)
    site.put_feed([path])
    site.put(path, b"<p>" + b"0" * 21_000_000)
    assert "refused: larger than 20 MB" in (run(db, source).of("toy").reason or "")


def test_a_consent_page_is_not_stored_as_an_article(site: Site, source: Source, db: Path) -> None:
    site.put(
        "/news/story-1.htm",
        "<title>Before you continue</title><h1>Before you continue</h1><p>Accept all cookies?</p>",
    )
    site.put_feed(["/news/story-1.htm"])
    report = run(db, source)
    assert articles(db) == [] and "a consent page stands in front" in (report.of("toy").reason or "")


@pytest.mark.parametrize(
    ("listing", "words"),
    [
        ("<html><p>no feed</p></html>", "it is not a feed: its root element is <html>"),
        ("", "it is empty"),
        ("<rss><channel></channel></rss>", "it holds no link"),
        ("<rss><item><link>/about.htm</link></item></rss>", "1 links, 0 matched the article pattern"),
        ("<rss><item><link>https://elsewhere.example/news/story-1.htm</link></item></rss>", "0 on the sites"),
    ],
)
def test_every_zero_has_a_reason(site: Site, source: Source, db: Path, listing: str, words: str) -> None:
    site.put("/feed.xml", listing, Content_Type="text/xml")
    assert words in (run(db, source).of("toy").reason or "")


def test_a_single_page_of_a_known_source_is_read_by_its_rules(site: Site, source: Source, db: Path) -> None:
    path = site.put_article(1)
    other = "/elsewhere.htm"
    site.answers[other] = site.answers[path]
    report = crawl(
        db, {}, urls=[site.base + path], known={"toy": source}, allow_loopback=True, progress=False
    )
    assert report.of("toy").articles_new == 1
    with pytest.raises(UsageError, match="not a web address: 'nonsense'"):
        crawl(db, {}, urls=["nonsense"], progress=False)


def test_the_pages_of_a_warc_file_become_articles(
    site: Site, source: Source, db: Path, tmp_path: Path
) -> None:
    site.put_feed([site.put_article(number) for number in range(3)])
    run(db, source)
    (file,) = archive_folder(db).glob("*.warc.gz")
    other = tmp_path / "other.db"
    report = crawl(other, {}, warcs=[file], progress=False)
    assert report.of("warc").articles_new == 3
    assert [a["text"] for a in articles(other)] == [a["text"] for a in articles(db)]
    before = dump(other)
    crawl(other, {}, warcs=[file], progress=False)
    assert dump(other) == before


def test_a_plan_names_the_first_requests_and_fetches_nothing(site: Site, source: Source, db: Path) -> None:
    planned = plan(db, {"toy": source})
    assert [(fetch.kind, fetch.url) for fetch in planned] == [("feed", f"{site.base}/feed.xml")]
    assert not site.requests and not db.exists()


def test_after_kill_9_a_second_crawl_has_every_page_exactly_once(
    site: Site, source: Source, db: Path, tmp_path: Path
) -> None:
    paths = [site.put_article(number) for number in range(60)]
    site.put_feed(paths)

    def slowly(answer: Answer):
        def reply() -> Answer:
            time.sleep(0.03)
            return answer

        return reply

    for path in paths:
        site.answers[path] = slowly(site.answers[path])  # type: ignore[arg-type]
    declaration = tmp_path / "source.json"
    declaration.write_text(source.model_dump_json())
    script = (
        "import sys; from pathlib import Path; from crawler.crawl import crawl; from crawler.sources import Source\n"
        "source = Source.model_validate_json(Path(sys.argv[2]).read_text())\n"
        "if __name__ == '__main__': crawl(Path(sys.argv[1]), {'toy': source}, allow_loopback=True, progress=False)\n"
    )
    for least in (8, 30):
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(db), str(declaration)], stderr=subprocess.DEVNULL
        )
        deadline = time.monotonic() + 30
        while sum(site.requests[path] for path in paths) < least and time.monotonic() < deadline:
            time.sleep(0.01)
        process.send_signal(signal.SIGKILL)
        process.wait(10)
    report = run(db, source)
    assert not report.interrupted
    assert sorted(a["url"] for a in articles(db)) == sorted(site.base + path for path in paths)
    assert {row["state"] for row in pages(db).values()} == {"done"}


def test_when_the_crawling_process_is_killed_that_is_said_and_nothing_is_lost(
    site: Site, source: Source, db: Path
) -> None:
    paths = [site.put_article(number) for number in range(30)]
    site.put_feed(paths)
    good = dict(site.answers)

    def fatal() -> Answer:
        for child in children():
            if b"crawler.fetching.process" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        return Answer(b"", 500)

    site.answers[paths[20]] = fatal
    with pytest.raises(CrawlError, match=r"ended early \(signal 9\).*What was fetched is kept"):
        run(db, source)
    site.answers.update(good)
    run(db, source)
    assert sorted(a["url"] for a in articles(db)) == sorted(site.base + path for path in paths)
    with open_store(db, "read") as store:
        assert sorted(row["status"] for row in store.db["runs"].rows) == ["done", "failed"]


def children() -> list[int]:
    """The processes that this test process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if stat.read_text().rpartition(")")[2].split()[1] == str(os.getpid()):
                found.append(int(stat.parent.name))
    return found


def test_an_interrupt_ends_the_crawl_cleanly_and_keeps_what_was_fetched(
    site: Site, source: Source, db: Path, tmp_path: Path
) -> None:
    paths = [site.put_article(number) for number in range(120)]
    site.put_feed(paths)
    good = {path: site.answers[path] for path in paths}
    for path in paths:
        site.answers[path] = lambda path=path: time.sleep(0.2) or good[path]  # type: ignore[assignment, misc, func-returns-value]
    declaration = tmp_path / "source.json"
    declaration.write_text(source.model_dump_json())
    script = (
        "import sys; from pathlib import Path; from crawler.crawl import crawl; from crawler.sources import Source\n"
        "source = Source.model_validate_json(Path(sys.argv[2]).read_text())\n"
        "report = crawl(Path(sys.argv[1]), {'toy': source}, allow_loopback=True, progress=False)\n"
        "sys.exit(130 if report.interrupted else 0)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script, str(db), str(declaration)], stderr=subprocess.PIPE
    )
    deadline = time.monotonic() + 30
    while sum(site.requests[path] for path in paths) < 9 and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=40)
    assert process.returncode == 130, said.decode()
    assert b"Traceback" not in said
    assert 0 < len(articles(db)) < 120
    with open_store(db, "read") as store:
        assert [row["status"] for row in store.db["runs"].rows] == ["interrupted"]


def test_a_process_that_is_interrupted_while_it_loads_was_interrupted_and_has_not_broken_down() -> None:
    def interrupt(line: bytes) -> None:
        if line == b"loading\n":
            raise KeyboardInterrupt

    assert run_child("tests.crawler.loading", b"", interrupt, lambda said: None)
