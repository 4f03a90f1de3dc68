"""Listings of listings: pages of a section, series of sitemaps, and where a crawl stops looking."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from db.errors import CrawlError
from db.frontier import timestamp
from tests.crawler.conftest import Answer, Site, articles, dump, make_source
from tests.crawler.test_crawl import children, run

NOW = datetime.now(UTC)


def list_page(site: Site, number: int, paths: list[str], last: int) -> None:
    """Page `number` of a section, with a link to the next one."""
    links = "".join(f"<h3><a href='{path}'>t</a></h3>" for path in paths)
    following = f"<a rel='next' href='/world?page={number + 1}'>older</a>" if number < last else ""
    site.put("/world" if number == 1 else f"/world?page={number}", links + following)


def paged(site: Site, **section: Any):
    return make_source(site, feeds=[], sections=[{"url": f"{site.base}/world", "links": "h3", **section}])


def test_the_pages_of_a_section_are_followed_up_to_the_number_declared(site: Site, db: Path) -> None:
    for number in range(1, 6):
        list_page(site, number, [site.put_article(number)], 5)
    run(db, paged(site, pages=3))
    assert [article["url"][-11:] for article in articles(db)] == ["story-1.htm", "story-2.htm", "story-3.htm"]
    assert site.requests["/world?page=3"] == 1 and site.requests["/world?page=4"] == 0


def test_the_address_of_a_page_may_be_given_by_its_number(site: Site, db: Path) -> None:
    for number in (1, 2):
        path = "/world" if number == 1 else f"/world/trang-{number}.htm"
        site.put(path, f"<h3><a href='{site.put_article(number)}'>t</a></h3>")
    run(db, paged(site, pages=2, numbered=f"{site.base}/world/trang-{{page}}.htm"))
    assert len(articles(db)) == 2


def test_a_section_is_followed_no_further_than_there_is_something_new(site: Site, db: Path) -> None:
    for number in (1, 2, 3):
        list_page(site, number, [site.put_article(number)], 3)
    run(db, paged(site, pages=3))
    before = dump(db)
    run(db, paged(site, pages=3))
    assert dump(db) == before and site.requests["/world?page=2"] == 1
    list_page(site, 1, [site.put_article(9)], 3)
    run(db, paged(site, pages=3))
    assert len(articles(db)) == 4
    assert (site.requests["/world?page=2"], site.requests["/world?page=3"]) == (2, 1)


@pytest.mark.parametrize("validators", [True, False])
def test_a_page_that_was_never_read_is_read_although_the_first_one_is_unchanged(
    site: Site, db: Path, validators: bool
) -> None:
    for number in (1, 2):
        list_page(site, number, [site.put_article(number)], 2)
    site.answers["/world"].validators = validators  # type: ignore[union-attr]
    run(db, paged(site, pages=1))
    assert len(articles(db)) == 1
    run(db, paged(site, pages=2))
    assert len(articles(db)) == 2


def test_a_crawl_killed_between_two_pages_of_a_section_loses_none_of_their_articles(
    site: Site, db: Path
) -> None:
    for number in (1, 2):
        list_page(site, number, [site.put_article(number)], 2)
    run(db, paged(site, pages=2))
    # So many new articles that they reach to the second page.
    list_page(site, 1, [site.put_article(number) for number in (11, 12)], 2)
    list_page(site, 2, [site.put_article(number) for number in (13, 1)], 2)
    good = site.answers["/world?page=2"]

    def fatal() -> Answer:
        for child in children():
            if b"crawler.fetching.process" in Path(f"/proc/{child}/cmdline").read_bytes():
                os.kill(child, signal.SIGKILL)
        return Answer(b"", 500)

    site.answers["/world?page=2"] = fatal
    with pytest.raises(CrawlError):
        run(db, paged(site, pages=2))
    site.answers["/world?page=2"] = good
    run(db, paged(site, pages=2))
    assert len(articles(db)) == 5
    before = dump(db)
    run(db, paged(site, pages=2))
    assert dump(db) == before


def sitemap(site: Site, path: str, entries: dict[str, datetime | None]) -> None:
    urls = "".join(
        f"<url><loc>{site.base}{article}</loc>"
        + (f"<n:news><n:publication_date>{timestamp(day)}</n:publication_date></n:news>" if day else "")
        + "</url>"
        for article, day in entries.items()
    )
    names = "xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
    site.put(path, f"<urlset {names}>{urls}</urlset>", Content_Type="text/xml")


def index(site: Site, paths: list[str]) -> None:
    entries = "".join(f"<sitemap><loc>{site.base}{path}</loc></sitemap>" for path in paths)
    site.put("/sitemap.xml", f"<sitemapindex>{entries}</sitemapindex>", Content_Type="text/xml")


def test_a_sitemap_whose_newest_article_is_old_is_not_walked_again(site: Site, db: Path) -> None:
    months = {"/map-2025-08.xml": NOW - timedelta(days=60), "/map-2025-09.xml": NOW - timedelta(days=30)}
    source = make_source(site, feeds=[], sitemaps=[f"{site.base}/sitemap.xml"])
    for number, (path, day) in enumerate(months.items()):
        sitemap(site, path, {site.put_article(number): day})
    index(site, list(months))
    run(db, source)
    assert len(articles(db)) == 2
    sitemap(site, "/map-2025-10.xml", {site.put_article(7): NOW})
    sitemap(site, "/map-2025-09.xml", {site.put_article(8): NOW - timedelta(days=29)})
    index(site, [*months, "/map-2025-10.xml"])
    run(db, source)
    # The month before last is closed; the last one was the newest known when this crawl began.
    assert [site.requests[path] for path in (*months, "/map-2025-10.xml")] == [1, 2, 1]
    assert len(articles(db)) == 4
    run(db, source)
    assert [site.requests[path] for path in (*months, "/map-2025-10.xml")] == [1, 2, 2]


def test_sitemaps_without_dates_are_looked_at_every_time(site: Site, db: Path) -> None:
    source = make_source(site, feeds=[], sitemaps=[f"{site.base}/sitemap.xml"])
    for number in (1, 2):
        sitemap(site, f"/map-{number}.xml", {site.put_article(number): None})
    index(site, ["/map-1.xml", "/map-2.xml"])
    for _ in range(3):
        run(db, source)
    assert [site.requests[f"/map-{number}.xml"] for number in (1, 2)] == [3, 3]


def test_articles_older_than_the_source_asks_for_are_passed_over_and_that_is_said(
    site: Site, db: Path
) -> None:
    days = {site.put_article(number): NOW - timedelta(days=number * 20) for number in range(3)}
    sitemap(site, "/news.xml", {**days})
    source = make_source(site, feeds=[], sitemaps=[f"{site.base}/news.xml"], max_age="30d")
    report = run(db, source)
    assert len(articles(db)) == 2
    assert (
        "sitemap /news.xml"
        in report.of("toy").notes[
            "3 links, 3 matched the article pattern, 1 of them older than 30d passed over"
        ]
    )


def test_a_listing_with_too_many_links_is_read_in_part_and_that_is_said(site: Site, db: Path) -> None:
    path = site.put_article(1)
    links = "".join(f"<a href='/{number}'>x</a>" for number in range(60_000))
    site.put("/world", f"<h3><a href='{path}'>t</a></h3>{links}")
    report = run(db, paged(site, links="a"))
    assert len(articles(db)) == 1
    assert "it names more than 50,000 addresses; the first 50,000 were taken" in report.of("toy").notes
