"""What a source expects is compared with what a crawl brought, and said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.health import find_faults
from crawler.report import CrawlReport, SourceReport
from crawler.sources import Expectations, Source
from db.store import open_store
from tests.crawler.conftest import Site, articles, make_source
from tests.crawler.test_crawl import make_due, run

EXPECT = {"articles": 3, "fill": {"title": 1.0, "published": 0.9, "text": 0.9, "authors": 0.5}}


def filled(read: int, **fields: int) -> SourceReport:
    report = SourceReport(found=9, read=read)
    report.filled.update({"text": read, "title": read, "published": read, "authors": read} | fields)
    return report


@pytest.mark.parametrize(
    ("report", "fault"),
    [
        (filled(10), None),
        (filled(10, published=9), None),
        (filled(10, published=8), "a date was found on 8 of 10 pages, 90% expected"),
        (filled(10, authors=4), "an author was found on 4 of 10 pages, 50% expected"),
        (filled(4, title=3), None),
        (filled(1, title=0), "a title was found on 0 of 1 pages, 100% expected"),
        (
            filled(10, text=5, title=5, published=5, authors=5),
            "a text was found on 5 of 10 pages, 90% expected",
        ),
        (filled(0), None),
        (SourceReport(found=2), "2 links found, 3 expected"),
        (SourceReport(found=2, unjudged=1), None),
    ],
)
def test_less_than_expected_is_a_fault_and_one_odd_page_is_none(
    report: SourceReport, fault: str | None
) -> None:
    assert find_faults(Expectations.model_validate(EXPECT), report) == ([fault] if fault else [])


def declared(site: Site, **expect: Any) -> Source:
    return make_source(site, expect=expect)


def run_row(db: Path, report: CrawlReport) -> dict[str, Any]:
    with open_store(db, "read") as store:
        return dict(store.db["runs"].get(report.run_id))


def test_a_healthy_crawl_says_nothing(site: Site, db: Path) -> None:
    site.put_feed([site.put_article(number) for number in range(4)])
    report = run(db, declared(site, articles=3, fill={"title": 1, "published": 1, "text": 1}))
    assert report.unhealthy == {} and report.rows()[0]["reason"] is None
    assert run_row(db, report)["message"] is None


def test_a_layout_that_loses_its_dates_is_said_in_the_table_on_stderr_and_in_the_runs_row(
    site: Site, db: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    paths = [site.put_article(number) for number in range(4)]
    for path in paths:
        page = site.answers[path]
        page.body = page.body.replace(b"2025-10-06T08:00:05Z", b"")  # type: ignore[union-attr]
    site.put_feed(paths)
    report = run(db, declared(site, articles=3, fill={"published": 0.9, "text": 0.9}))
    words = "a date was found on 0 of 4 pages, 90% expected"
    assert report.unhealthy == {"toy": [words]} and not report.is_failure
    assert report.rows()[0]["reason"] == f"unhealthy: {words}"
    assert f"warning: toy is unhealthy: {words}" in capfd.readouterr().err
    row = run_row(db, report)
    assert (row["status"], row["message"]) == ("done", f"toy is unhealthy: {words}")
    assert json.loads(row["counts"])["toy"]["unhealthy"] == [words]
    assert len(articles(db)) == 4


def test_a_page_without_text_counts_against_the_text(site: Site, db: Path) -> None:
    paths = [site.put_article(number) for number in range(3)]
    for path in paths[:2]:
        site.put(path, "<html><head><title>x</title></head><body><div id=app></div></body></html>")
    site.put_feed(paths)
    report = run(db, declared(site, fill={"title": 1, "text": 0.9}))
    assert report.unhealthy == {"toy": ["a text was found on 1 of 3 pages, 90% expected"]}


def test_a_listing_that_no_longer_lists_is_named(site: Site, db: Path) -> None:
    site.put_feed([site.put_article(number) for number in range(4)])
    site.put("/world.htm", "<a href='/about'>About</a>")
    source = make_source(
        site,
        feeds=[f"{site.base}/feed.xml", f"{site.base}/old.xml"],
        sections=[{"url": f"{site.base}/world.htm"}],
        expect={"articles": 3},
    )
    assert sorted(run(db, source).unhealthy["toy"]) == [
        "feed /old.xml: the server answered 404 (not found)",
        "section /world.htm: 1 links, 0 matched the article pattern",
    ]


def test_what_has_not_changed_is_not_held_against_a_source(site: Site, db: Path) -> None:
    site.put_feed([site.put_article(number) for number in range(4)])
    source = declared(site, articles=3, fill={"text": 1.0})
    run(db, source)
    assert run(db, source).unhealthy == {}
    make_due(db)
    assert run(db, source).unhealthy == {}
