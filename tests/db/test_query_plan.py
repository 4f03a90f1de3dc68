"""Selective questions read an index and never walk a whole table, and counts kept beside events stay true."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
from sqlite_utils import Database

from db import query_lists
from db.actors import event_counts, network, top_by_month
from db.article_search import search_articles
from db.merge import merge_events
from db.query import EventQuery, as_filters, count_events, event_ids, find_events
from db.query_plan import fts_phrase, plan_query
from db.store import Store
from db.world import find_observations
from tests.db.world import article_id, ban, event, party, put_article, tag

COUNTRIES = {"CHN": "China", "USA": "United States", "JPN": "Japan", "IDN": "Indonesia"}
SMALL = (
    "SCAN d",
    "SCAN h",
    "SCAN j",
    "SCAN json_each",
    "SCAN f ",
    "SCAN articles_fts",
    "SCAN (subquery",
    "SCAN CONST",
)
"""What may be walked: lists of candidates, the few headings of goods, a full-text match, values given."""


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    from db.store import open_store

    with open_store(tmp_path_factory.mktemp("plan") / "plan.db") as store:
        for number in range(40):
            month = f"2025-{number % 10 + 1:02}"
            code = list(COUNTRIES)[number % 4]
            text = f"{COUNTRIES[code]} banned exports to Japan. Xi Jinping met Japan, number {number}."
            put_article(
                store, f"n{number}", text, published=f"{month}-05T02:00:00Z", source_id=f"s{number % 3}"
            )
            xi = party(text, "Xi Jinping", "CHN", "person/xi-jinping")
            meeting = event(
                text, "met", "CONSULT", quad=1, actor=(xi,), recipient=(party(text, "Japan", "JPN"),)
            )
            tag(store, f"n{number}", ban(text, code, event_date=f"{month}-04"), meeting)
        merge_events(store)
        yield store


def walked(db: Database, sql: str, parameters: Any) -> list[str]:
    """The lines of the plan that walk a table or a whole index of it."""
    steps = [row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}", parameters)]
    return [step for step in steps if step.startswith("SCAN") and not step.startswith(SMALL)]


@pytest.mark.parametrize(
    "filters",
    [
        {"actor": "person/xi-jinping", "country": "JPN", "event_type": "CONSULT", "since": "2025-03"},
        {"actor": "Xi Jinping"},
        {"recipient": "JPN", "since": "2025-05"},
        {"country": "IDN", "until": "2025-02"},
        {"commodity": "rare_earths", "stage": "in_force"},
        {"hs": "28", "country": "CHN"},
        {"instrument": "export_ban", "direction": "restrict"},
        {"event_type": "SANCTION", "since": "2025-10"},
        {"since": "2025-10-01", "until": "2025-10-09", "quad": 1, "modality": "actual"},
        {"text": "number 7", "country": "CHN"},
        {"text": "xi jinping", "since": "2025-10", "source": "s1", "language": "en", "min_sources": 1},
        {"source": "s1", "event_type": "CONSULT"},
        {"actor": "CHN", "role": "President"},
    ],
)  # fmt: skip
def test_no_selective_question_walks_a_table(filled: Store, filters: dict[str, Any]) -> None:
    plan = plan_query(filled.db, EventQuery(**filters))
    assert walked(filled.db, plan.ids_in_order(), plan.parameters) == []


def test_the_latest_events_are_read_in_order_from_an_index(filled: Store) -> None:
    plan = plan_query(filled.db, EventQuery(limit=5))
    steps = [row[3] for row in filled.db.execute(f"EXPLAIN QUERY PLAN {plan.ids_in_order()}")]
    assert not any("TEMP B-TREE" in step for step in steps), steps


def test_every_filter_gives_the_same_with_and_without_an_index(filled: Store) -> None:
    everything = list(find_events(filled.db, EventQuery()))
    for country in COUNTRIES:
        by_hand = [
            e["id"]
            for e in everything
            if any(p["country"] == country for p in (*e["actor"], *e["recipient"]))
            and "2025-03-01" <= e["day"] <= "2025-06-30"
        ]
        query = EventQuery(country=country, since="2025-03", until="2025-06")
        assert [e["id"] for e in find_events(filled.db, query)] == by_hand != []


def statements(db: Database) -> list[str]:
    seen: list[str] = []
    db.conn.set_trace_callback(seen.append)
    return seen


@pytest.mark.parametrize("question", ["network", "months", "figures", "parts"])
def test_the_other_questions_walk_no_table_either(filled: Store, question: str) -> None:
    seen = statements(filled.db)
    try:
        if question == "network":
            assert network(filled.db, "Xi Jinping")
        elif question == "months":
            assert list(top_by_month(filled.db))
        elif question == "figures":
            find_observations(filled.db, indicator="export_volume", country="CHN", commodity="rare_earths")
        else:
            assert list(find_events(filled.db, EventQuery(actor="CHN")))
    finally:
        filled.db.conn.set_trace_callback(None)
    asked = [sql for sql in seen if sql.lstrip().upper().startswith("SELECT")]
    assert asked
    for sql in asked:
        # The events that people corrected are few; all others are not.
        few = tuple(
            f"SCAN {name}"
            for table, name in (("overruled_events o ", "o"), ("corrected_event_actors p ", "p"))
            if f"FROM {table}" in sql
        )
        steps = walked(filled.db, sql, [])
        assert [s for s in steps if not s.startswith((*few, "SCAN overruled_events"))] == [], sql


def counted(db: Database) -> list[tuple[Any, ...]]:
    return db.execute(
        "SELECT side, coalesce(substr(day, 1, 7), ''), entity_id, count(DISTINCT event_id) FROM event_actors"
        " WHERE entity_id IS NOT NULL GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"
    ).fetchall()


def kept(db: Database) -> list[tuple[Any, ...]]:
    return db.execute("SELECT * FROM actor_months ORDER BY 1, 2, 3").fetchall()


def test_the_counts_by_month_are_those_of_the_events_after_any_change(store: Store) -> None:
    first = "China and China banned exports to Japan."
    put_article(store, "a", first)
    tag(store, "a", ban(first, actor=(party(first, "China", "CHN"), party(first, "China", "CHN"))))
    put_article(store, "b", "Japan banned exports.", published="2025-11-02T00:00:00Z")
    tag(store, "b", ban("Japan banned exports.", "JPN"))
    merge_events(store)
    assert kept(store.db) == counted(store.db) != []
    assert kept(store.db)[0] == ("actor", "2025-10", "country/CHN", 1)
    tag(store, "b", ban("Japan banned exports.", "JPN", event_date="2025-09-01"))
    merge_events(store)
    assert kept(store.db) == counted(store.db)
    assert {"2025-09", "2025-10"} == {row["month"] for row in top_by_month(store.db)}
    store.save_tags(article_id(store, "a"), _without_events(store, "a"))
    merge_events(store)
    assert kept(store.db) == counted(store.db)
    assert event_counts(store.db)["actor"] == {"country/JPN": 1}
    store.clear_tags()
    assert kept(store.db) == []


def _without_events(store: Store, name: str) -> Any:
    from db.model import TaggedDocument
    from tests.db.world import TAGGER

    stored = store.article_to_tag(article_id(store, name))
    return TaggedDocument(id=stored.id, language="en", document=stored.text, tagger=TAGGER)


def meets(event: dict[str, Any], filters: dict[str, Any]) -> bool:
    """Whether an event, as it is printed, passes filters; read by hand."""
    sides = {
        "actor": event["actor"],
        "recipient": event["recipient"],
        "country": event["actor"] + event["recipient"],
    }
    where = {
        **{
            name: lambda value, side=side: any(p["country"] == value for p in side)
            for name, side in sides.items()
        },
        "event_type": lambda value: event["event_type"] == value,
        "commodity": lambda value: any(good["name"] == value for good in event["commodities"]),
        "since": lambda value: event["day"] >= f"{value}-01",
        "until": lambda value: event["day"] <= f"{value}-31",
        "text": lambda value: any(value in text for text in event["texts"]),
    }
    return all(where[name](value) for name, value in filters.items() if name in where)


VALUES: dict[str, list[str]] = {
    "actor": ["CHN", "USA", "JPN"],
    "recipient": ["JPN", "CHN"],
    "country": list(COUNTRIES),
    "event_type": ["SANCTION", "CONSULT"],
    "commodity": ["rare_earths"],
    "since": ["2025-02", "2025-06"],
    "until": ["2025-05", "2025-09"],
    "text": ["Japan", "China", "Indonesia", "banned"],
}


def some_filters(chosen: random.Random) -> dict[str, Any]:
    names = chosen.sample(sorted(VALUES), chosen.randint(2, 4))
    return {name: chosen.choice(VALUES[name]) for name in names}


@pytest.fixture(scope="module")
def everything(filled: Store) -> list[dict[str, Any]]:
    """Every event in order, each with the texts of the articles that report it."""
    found = list(find_events(filled.db, EventQuery()))
    told = filled.db.execute(
        "SELECT event_id, a.text FROM event_mentions m JOIN articles a ON a.id = m.article_id"
    ).fetchall()
    for each in found:
        each["texts"] = [text for event_id, text in told if event_id == each["id"]]
    return found


@pytest.mark.parametrize("seed", range(40))
def test_filters_together_give_what_each_event_says(
    filled: Store, everything: list[dict[str, Any]], seed: int
) -> None:
    filters = some_filters(random.Random(seed))
    expected = [e["id"] for e in everything if meets(e, filters)]
    assert [e["id"] for e in find_events(filled.db, EventQuery(**filters))] == expected, filters


def test_a_limit_gives_the_first_of_all_whichever_way_they_are_found(
    filled: Store, everything: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    ways = {"INDEXED BY events_latest": 0, "LIMIT -1": 0, "GROUP BY id": 0}
    for long in (15, 20_000):  # as if lists were long, and as they are
        monkeypatch.setattr(query_lists, "LONG", long)
        monkeypatch.setattr(query_lists, "BOUNDS", (5, long, 50_000))
        for seed in range(80):
            chosen = random.Random(seed)
            query = EventQuery(**some_filters(chosen), limit=chosen.choice([1, 2, 5, 50]))
            sql = plan_query(filled.db, query).ids_in_order()
            ways[next(way for way in ways if way in sql)] += 1
            expected = [e["id"] for e in everything if meets(e, as_filters(query))]
            assert list(event_ids(filled.db, query)) == expected[: query.limit], query
            assert count_events(filled.db, query) == len(expected)
    assert min(ways.values()) > 5, ways


def test_no_more_are_looked_at_than_it_takes_to_find_the_latest(filled: Store) -> None:
    def steps(sql: str, parameters: dict[str, Any]) -> int:
        counted: list[int] = []
        filled.db.conn.set_progress_handler(lambda: counted.append(1), 1)
        try:
            filled.db.execute(sql, parameters).fetchall()
        finally:
            filled.db.conn.set_progress_handler(None, 0)
        return len(counted)

    plan = plan_query(filled.db, EventQuery(country="JPN", text="Japan", limit=1))
    one = plan.ids_in_order()
    assert "LIMIT -1" in one
    all_of_them = one.replace("LIMIT 1)", "LIMIT 99)")
    matches = count_events(filled.db, EventQuery(country="JPN", text="Japan"))
    to_ask = (steps(all_of_them, plan.parameters) - steps(one, plan.parameters)) / (matches - 1)
    assert to_ask > 12  # as many as it takes to look for an event's articles among those with the word


@pytest.mark.parametrize("words", ["Japan", "banned exports", "china number", "xi 7", "nowhere", " "])
def test_a_search_gives_the_best_of_all_articles(filled: Store, words: str) -> None:
    plain = (
        "SELECT a.id, snippet(articles_fts, 1, '[', ']', ' … ', 14) AS found FROM articles_fts f"
        " JOIN articles a ON a.rowid = f.rowid WHERE articles_fts MATCH ?"
        " ORDER BY bm25(articles_fts, 4.0, 1.0), a.published DESC LIMIT ?"
    )
    for limit in (1, 4, 7, 100):
        expected = filled.db.execute(plain, [fts_phrase(words), limit]).fetchall() if words.strip() else []
        found = search_articles(filled.db, words, limit)
        assert [(row["id"], row["found"]) for row in found] == expected
    assert words in ("nowhere", " ") or expected
