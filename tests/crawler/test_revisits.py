"""Pages visited again: corrections become versions, quiet pages rest, missing ones are removed and may return."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from crawler.sources import Source
from db.frontier import timestamp
from db.store import open_store
from db.versions import diff_versions
from tests.crawler.conftest import Answer, Site, articles, pages
from tests.crawler.test_crawl import make_due, run


def test_a_corrected_page_becomes_a_new_version_when_it_is_due(site: Site, source: Source, db: Path) -> None:
    site.put_feed([site.put_article(1)])
    run(db, source)
    site.put_article(1, extra=" The first version of this story gave another rate.")
    assert run(db, source).of("toy").fetched == 0
    make_due(db)
    assert run(db, source).of("toy").articles_changed == 1
    assert len(articles(db)) == 1 and "another rate" in articles(db)[0]["text"]
    with open_store(db, "read") as store:
        (change,) = diff_versions(store, articles(db)[0]["id"])
    (paragraph,) = change.paragraphs
    assert [piece.text for piece in paragraph.pieces if piece.operation == "added"] == [
        "The first version of this story gave another rate."
    ]


def test_an_unchanged_due_page_is_visited_ever_more_rarely(site: Site, source: Source, db: Path) -> None:
    site.put_feed([site.put_article(1)])
    run(db, source)
    make_due(db)
    assert run(db, source).of("toy").unchanged == 1
    row = pages(db)[f"{site.base}/news/story-1.htm"]
    assert row["state"] == "done"
    assert row["next_attempt"] > timestamp(datetime.now(UTC) + timedelta(hours=5))


NOTICE = "<title>Back soon</title><p>We are tidying up.</p>"


def test_an_article_that_first_came_with_a_notice_in_its_place_is_collected_later(
    site: Site, source: Source, db: Path
) -> None:
    path = site.put_article(1)
    page = site.answers[path]
    site.put_feed([path])
    site.put(path, NOTICE)
    run(db, source)
    row = pages(db)[site.base + path]
    assert row["state"] == "skipped" and row["next_attempt"] > timestamp(
        datetime.now(UTC) + timedelta(hours=20)
    )
    make_due(db)
    run(db, source)  # the notice still stands: nothing new, and the reason stays
    assert articles(db) == [] and pages(db)[site.base + path]["reason"] == row["reason"]
    site.answers[path] = page
    make_due(db)
    run(db, source)
    assert len(articles(db)) == 1 and pages(db)[site.base + path]["state"] == "done"


def test_a_page_that_never_held_an_article_is_given_up_after_a_week(
    site: Site, source: Source, db: Path
) -> None:
    path = site.put_article(1)
    site.put_feed([path])
    site.put(path, NOTICE)
    run(db, source)
    with open_store(db) as store:
        week_ago = timestamp(datetime.now(UTC) - timedelta(days=8))
        with store.transaction():
            store.db.execute("UPDATE pages SET first_seen = ?", [week_ago])
    site.put(path, NOTICE.replace("soon", "sooner"))
    make_due(db)
    run(db, source)
    row = pages(db)[site.base + path]
    assert (row["state"], row["next_attempt"]) == ("skipped", None)


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_found_missing_twice_is_removed_and_its_article_stays(
    site: Site, source: Source, db: Path, status: int
) -> None:
    path = site.put_article(1)
    page = site.answers[path]
    site.put_feed([path])
    run(db, source)
    site.put(path, "gone", status)
    make_due(db)
    run(db, source)
    assert pages(db)[site.base + path]["state"] == "failed" and not articles(db)[0]["removed"]
    make_due(db)
    run(db, source)
    assert pages(db)[site.base + path]["state"] == "gone"
    assert len(articles(db)) == 1 and articles(db)[0]["removed"] and articles(db)[0]["text"]
    site.answers[path] = page
    make_due(db)
    run(db, source)
    assert pages(db)[site.base + path]["state"] == "done" and not articles(db)[0]["removed"]


def test_an_article_that_its_publisher_took_away_is_no_failure_of_the_crawl(
    site: Site, source: Source, db: Path
) -> None:
    path = site.put_article(1)
    site.put_feed([path])
    run(db, source)
    site.put(path, "gone", 410)
    site.put_feed([])
    make_due(db)
    report = run(db, source)
    assert report.of("toy").failed == 1 and report.of("toy").failure is None
    assert not report.is_failure and report.failure is None
    assert "answered 410" in (report.of("toy").reason or "")


def test_a_page_missing_once_between_two_good_visits_was_never_removed(
    site: Site, source: Source, db: Path
) -> None:
    path = site.put_article(1)
    page = site.answers[path]
    site.put_feed([path])
    for answer in (page, Answer(b"", 404), page, Answer(b"", 404)):
        site.answers[path] = answer
        run(db, source)
        make_due(db)
    assert pages(db)[site.base + path]["state"] == "failed" and not articles(db)[0]["removed"]


def test_visits_end_after_the_last_interval(site: Site, source: Source, db: Path) -> None:
    path = site.put_article(1)
    site.put_feed([path])
    run(db, source)
    seen = []
    for _ in range(8):
        make_due(db)
        run(db, source)
        seen.append(site.requests[path])
    assert seen == [2, 3, 4, 5, 6, 7, 7, 7]
    assert pages(db)[site.base + path]["next_attempt"] is None


def test_answers_of_not_modified_are_counted(site: Site, source: Source, db: Path) -> None:
    site.put_feed([site.put_article(number) for number in range(3)])
    run(db, source)
    make_due(db)
    assert run(db, source).of("toy").not_modified == 4
