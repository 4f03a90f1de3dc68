"""Reports of one thing are one story over days and languages; the grouping depends on the articles alone."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from db.merge import merge_events
from db.store import Store, open_store
from db.stories import group_stories
from db.story_features import read_report
from db.verification import content_hash
from tests.db.world import NAMES, article_id, ban, put_article, tag


@dataclass(frozen=True)
class Told:
    name: str
    day: int
    text: str
    country: str = "CHN"


REPORTS = (
    Told("first", 1, "China banned exports of gallium. Buyers wait in Grenz, the ministry said."),
    Told("next", 3, "China banned gallium exports, and buyers in Grenz look for other sellers of gallium."),
    Told("other", 3, "Japan banned exports of old fishing boats to islands far away.", "JPN"),
    Told(
        "later", 10, "China banned gallium exports: what buyers in Grenz did since, and what gallium costs."
    ),
    Told("month", 28, "China banned exports of gallium a month ago. Buyers of gallium met in Grenz."),
)


def put(store: Store, told: Told) -> None:
    put_article(
        store, told.name, told.text, title=told.name.title(), published=f"2025-10-{told.day:02}T02:00:00Z"
    )
    document = f"{told.name.title()}\n\n{told.text}"
    assert NAMES[told.country] in document
    tag(store, told.name, ban(document, told.country))


def stories(store: Store) -> set[frozenset[str]]:
    groups: dict[str, set[str]] = {}
    for url, story in store.db.execute("SELECT url, story_id FROM articles"):
        assert story is not None
        groups.setdefault(story, set()).add(url.rpartition("/")[2])
    return {frozenset(group) for group in groups.values()}


EXPECTED = {frozenset({"first", "next", "later"}), frozenset({"other"}), frozenset({"month"})}


def test_a_story_goes_on_over_days_and_ends_when_nothing_follows(store: Store) -> None:
    for told in REPORTS:
        put(store, told)
    assert group_stories(store) == len(REPORTS)
    assert stories(store) == EXPECTED
    row = store.db.execute(
        "SELECT title, first_published, last_published FROM stories WHERE n_articles = 3"
    ).fetchone()
    assert row == ("First", "2025-10-01T02:00:00Z", "2025-10-10T02:00:00Z")
    reason, score = store.db.execute(
        "SELECT story_reason, story_score FROM articles WHERE id = ?", [article_id(store, "next")]
    ).fetchone()
    assert reason == "shares rare_earths, export_ban, CHN" and 0.4 <= score <= 1


def test_a_second_grouping_changes_nothing(store: Store) -> None:
    for told in REPORTS:
        put(store, told)
    group_stories(store)
    before = store.db.conn.total_changes
    assert group_stories(store) == 0
    assert store.db.conn.total_changes == before


@pytest.mark.parametrize("seed", range(6))
def test_the_stories_are_the_same_in_whatever_order_and_rounds_the_articles_came(
    tmp_path: Path, seed: int
) -> None:
    chosen = random.Random(seed)
    hashes = []
    for rounds in (1, 3):
        order: Sequence[Told] = chosen.sample(REPORTS, len(REPORTS))
        with open_store(tmp_path / f"{rounds}.db") as store:
            for part in range(rounds):
                for told in order[part::rounds]:
                    put(store, told)
                merge_events(store)
                group_stories(store)
            assert stories(store) == EXPECTED
            hashes.append(content_hash(store.db))
    assert hashes[0] == hashes[1]


def test_an_article_told_anew_leaves_its_story_and_the_rest_stays_together(store: Store) -> None:
    for told in REPORTS:
        put(store, told)
    group_stories(store)
    put(store, Told("next", 3, "Japan banned something else altogether, of which nobody had thought.", "JPN"))
    assert store.db.execute("SELECT count(*) FROM stories WHERE n_articles = 3").fetchone() == (0,)
    group_stories(store)
    assert {frozenset({"first", "later"}), frozenset({"month"})} <= stories(store)
    counted = store.db.execute(
        "SELECT count(*) FROM stories s WHERE n_articles <> (SELECT count(*) FROM articles a WHERE a.story_id = s.id)"
    ).fetchone()
    assert counted == (0,)


def test_a_copy_goes_where_its_original_is(store: Store) -> None:
    text = "China banned exports of gallium. " + " ".join(
        f"Sentence {n} of a long report." for n in range(20)
    )
    put(store, Told("first", 1, text))
    put(store, Told("copy", 2, text))
    group_stories(store)
    assert stories(store) == {frozenset({"first", "copy"})}
    assert store.db.execute(
        "SELECT story_reason FROM articles WHERE duplicate_of IS NOT NULL"
    ).fetchone() == ("copy of a report",)


def test_what_a_recent_article_speaks_of_is_kept_and_is_that_of_its_tags(store: Store) -> None:
    for told in REPORTS:
        put(store, told)
    group_stories(store)
    recent = {
        article_id(store, told.name) for told in REPORTS if told.day >= 8
    }  # within two windows of the last
    kept = {row[0] for row in store.db.execute("SELECT article_id FROM recent_reports")}
    assert kept == recent
    as_kept = {identity: read_report(store.db, identity) for identity in recent}
    store.db.execute("DELETE FROM recent_reports")
    assert {identity: read_report(store.db, identity) for identity in recent} == as_kept
    assert all(report.words and report.goods for report in as_kept.values())


def test_an_article_tagged_anew_speaks_of_what_its_new_tags_say(store: Store) -> None:
    put(store, REPORTS[0])
    group_stories(store)
    first = article_id(store, "first")
    assert read_report(store.db, first).goods == {"rare_earths"}
    document = f"First\n\n{REPORTS[0].text}"
    tag(store, "first", ban(document, commodities=()))
    assert read_report(store.db, first).goods == frozenset()
