"""Events are found by every filter, alone and together, and an empty answer says why."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from db.empty_answers import why_none
from db.errors import UsageError
from db.event_rows import event_line
from db.merge import merge_events
from db.query import EventQuery, as_filters, count_events, event_ids, find_events, make_query
from db.query_plan import fts_phrase
from db.store import Store
from db.world import find_measures, find_observations
from tests.db.world import ban, event, party, put_article, tag

BAN = "China banned exports of rare earths to the United States."
CALL = "Tập Cận Bình telephoned the United States."


@pytest.fixture
def filled(store: Store) -> Iterator[Store]:
    put_article(store, "ban", BAN, published="2025-10-20T02:00:00Z")
    recipient = (party(BAN, "United States", "USA"),)
    tag(store, "ban", ban(BAN, recipient=recipient))
    put_article(store, "call", CALL, published="2025-09-01T02:00:00Z", source_id="weekly")
    xi = dataclasses.replace(party(CALL, "Tập Cận Bình", "CHN", "person/xi-jinping"), role="President")
    tag(
        store,
        "call",
        event(CALL, "telephoned", "CONSULT", quad=1, actor=(xi, party(CALL, "United States", "USA"))),
    )
    merge_events(store)
    yield store


@pytest.mark.parametrize(
    ("filters", "types"),
    [
        ({}, ["SANCTION", "CONSULT"]),
        ({"actor": "CHN"}, ["SANCTION", "CONSULT"]),
        ({"actor": "china"}, ["SANCTION", "CONSULT"]),
        ({"actor": "country/CHN"}, ["SANCTION"]),
        ({"actor": "Tập Cận Bình"}, ["CONSULT"]),
        ({"actor": "person/xi-jinping"}, ["CONSULT"]),
        ({"recipient": "USA"}, ["SANCTION"]),
        ({"country": "USA"}, ["SANCTION", "CONSULT"]),
        ({"role": "president"}, ["CONSULT"]),
        ({"actor": "CHN", "role": "President"}, ["CONSULT"]),
        ({"recipient": "USA", "role": "President"}, []),
        ({"event_type": "CONSULT"}, ["CONSULT"]),
        ({"quad": 4}, ["SANCTION"]),
        ({"instrument": "export_ban", "stage": "in_force"}, ["SANCTION"]),
        ({"commodity": "rare_earths"}, ["SANCTION"]),
        ({"hs": "28"}, ["SANCTION"]),
        ({"hs": "84"}, []),
        ({"since": "2025-10"}, ["SANCTION"]),
        ({"until": "2025-09"}, ["CONSULT"]),
        ({"since": "2025-09-01", "until": "2025-10-20"}, ["SANCTION", "CONSULT"]),
        ({"source": "weekly"}, ["CONSULT"]),
        ({"language": "en"}, ["SANCTION", "CONSULT"]),
        ({"min_sources": 2}, []),
        ({"text": "tap can binh"}, ["CONSULT"]),
        ({"limit": 1}, ["SANCTION"]),
    ],
)
def test_each_filter_finds_what_it_says(filled: Store, filters: dict[str, Any], types: list[str]) -> None:
    found = find_events(filled.db, EventQuery(**filters))
    assert [event["event_type"] for event in found] == types


def test_an_event_comes_with_its_parties_goods_and_witness(filled: Store) -> None:
    [found] = find_events(filled.db, EventQuery(event_type="SANCTION"))
    assert found["witness"]["sentence"] == BAN
    assert found["commodities"] == [{"name": "rare_earths", "hs": ["2846"]}]
    assert (event_line(found)["actor"], event_line(found)["recipient"]) == ("China", "United States")


def test_an_empty_answer_names_the_filter_that_stands_in_the_way(filled: Store) -> None:
    query = EventQuery(commodity="rare_earths", stage="lifted")
    assert count_events(filled.db, query) == 0
    assert (
        why_none(filled.db, query) == "No event matches all filters: 1 event matches without --stage lifted."
    )


def test_an_empty_answer_names_the_nearest_date(filled: Store) -> None:
    query = EventQuery(event_type="CONSULT", since="2025-09-15", until="2025-10")
    assert why_none(filled.db, query) == (
        "No event matches all filters: 1 event matches without --type CONSULT;"
        " 1 without --since 2025-09-15 --until 2025-10, the nearest date is 2025-09-01."
    )


def test_a_query_is_made_of_words_and_gives_them_back() -> None:
    words = {"country": "chn", "quad": "4", "hs": "28.46", "since": "2025-10", "stage": "", "text": None}
    query = make_query(words)
    assert query == EventQuery(country="CHN", quad=4, hs="2846", since="2025-10")
    assert make_query(as_filters(query)) == query
    assert as_filters(EventQuery()) == {}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"colour": "red"}, "there is no filter 'colour'. One of: actor"),
        ({"event_type": "PARTY"}, "type: there is no 'PARTY'. One of: .*SANCTION"),
        ({"stage": "over"}, "stage: there is no 'over'"),
        ({"since": "yesterday"}, "since: 'yesterday' is no date; write it as 2025-10-20"),
        ({"quad": "9"}, "quad: 9 is out of range; 0 to 4"),
        ({"min_sources": "many"}, "min_sources: 'many' is no whole number"),
        ({"hs": "rare earths"}, "hs: 'rare earths' is no HS heading"),
    ],
)
def test_a_filter_that_no_event_can_meet_is_refused_with_the_remedy(words: dict[str, str], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        make_query(words)


def test_ids_come_in_the_order_of_the_events_and_without_an_end(filled: Store) -> None:
    assert list(event_ids(filled.db, EventQuery())) == [e["id"] for e in find_events(filled.db, EventQuery())]


def test_an_empty_database_says_so(store: Store) -> None:
    assert "holds no articles yet" in why_none(store.db, EventQuery())


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=40))
def test_no_text_typed_by_a_user_is_a_syntax_error(text: str) -> None:
    from sqlite_utils import Database

    db = Database(memory=True)
    db.execute("CREATE VIRTUAL TABLE t USING fts5 (words)")
    phrase = fts_phrase(text.replace("\x00", " "))
    if phrase:
        db.execute("SELECT * FROM t WHERE t MATCH ?", [phrase]).fetchall()


def test_the_state_of_a_measure_on_a_day_is_that_day_s(store: Store) -> None:
    put_article(store, "start", BAN, published="2025-10-09T02:00:00Z")
    tag(store, "start", ban(BAN, event_date="2025-10-09"))
    put_article(store, "end", BAN, title="End", published="2025-11-10T02:00:00Z")
    document = "End\n\n" + BAN
    tag(store, "end", ban(document, stage="suspended", direction="ease", event_date="2025-11-10"))
    merge_events(store)
    assert find_measures(store.db, "2025-10-08") == []
    assert [m["stage"] for m in find_measures(store.db, "2025-10-20", commodity="rare_earths")] == [
        "in_force"
    ]
    assert [m["stage"] for m in find_measures(store.db, "2025-11", country="chn")] == ["suspended"]
    assert [m["stage"] for m in find_measures(store.db)] == ["suspended"]
    assert find_measures(store.db, stage="lifted") == []


def test_a_fall_is_shown_with_difference_and_percentage(store: Store) -> None:
    from db.model import Observation

    text = "Exports fell to 6,538 tonnes in September from 7,338 tonnes in August."
    put_article(store, "figures", text)
    common: dict[str, Any] = {"indicator": "export_volume", "country": "CHN", "unit": "metric ton"}
    now = Observation(
        id="o1", start=16, end=28, text="6,538 tonnes", value=6538.0, period="2025-09", change_from="o2", **common
    )  # fmt: skip
    then = Observation(
        id="o2", start=47, end=59, text="7,338 tonnes", value=7338.0, period="2025-08", **common
    )
    tag(store, "figures", observations=(now, then))
    rows = find_observations(store.db, country="CHN")
    assert [(r["period"], r["from"], r["change"]) for r in rows] == [
        ("2025-08", None, None),
        ("2025-09", "7,338 in 2025-08", "-800 (-10.9%)"),
    ]


def test_a_stage_set_for_later_is_not_where_a_measure_stands(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_article(store, "start", BAN, published="2025-10-09T02:00:00Z")
    tag(store, "start", ban(BAN, stage="announced", modality="future", effective_date="2025-12-01"))
    merge_events(store)
    for today, expected in (
        ("2025-11-30", ("announced", "2025-10-09")),
        ("2025-12-01", ("in_force", "2025-12-01")),
    ):
        monkeypatch.setenv("DATELINE_CLOCK", f"{today}T12:00:00+00:00 {time.time()} 1")
        [measure] = find_measures(store.db)
        assert (measure["stage"], measure["since"]) == expected
        assert measure["history"] == "announced 2025-10-09, in_force 2025-12-01"
        assert [m["id"] for m in find_measures(store.db, stage=expected[0])] == [measure["id"]]
