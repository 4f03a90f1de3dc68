"""Corrections by people are rows of their own, win in every answer, survive tagging anew, and can be taken back."""

from __future__ import annotations

from typing import Any

import pytest

from db.actors import event_counts, top_by_month
from db.errors import DatelineError, NotFound, UsageError
from db.event_ids import full_event_id
from db.merge import merge_events
from db.model import Tagger
from db.query import EventQuery, as_filters, count_events, find_event, find_events
from db.reviewed_gold import gold_lines
from db.reviews import Review, add_review, list_reviews
from db.store import Store
from db.verification import verify
from db.world import find_measures
from tests.db.world import ban, event, party, put_article, tag

BAN = "China banned exports of rare earths to the United States."
AGAIN = "China banned exports of rare earths, customs said."
CALL = "Japan called Indonesia about exports."


@pytest.fixture
def filled(store: Store) -> Store:
    put_article(store, "ban", BAN)
    tag(store, "ban", ban(BAN, recipient=(party(BAN, "United States", "USA"),)))
    put_article(store, "again", AGAIN, source_id="weekly", published="2025-10-21T02:00:00Z")
    tag(store, "again", ban(AGAIN))
    put_article(store, "call", CALL, published="2025-10-22T02:00:00Z")
    call = event(
        CALL, "called", "CONSULT", quad=1, actor=(party(CALL, "Japan", "JPN"),),
        recipient=(party(CALL, "Indonesia", "IDN"),),
    )  # fmt: skip
    tag(store, "call", call)
    merge_events(store)
    return store


def the(store: Store, event_type: str) -> str:
    [found] = find_events(store.db, EventQuery(event_type=event_type, raw=True))
    return str(found["id"])


def say(store: Store, target: str, verdict: str, **values: Any) -> str:
    table = values.pop("table", "events")
    return add_review(
        store, Review(target_table=table, target_id=target, verdict=verdict, reviewer="mai", **values)
    )  # type: ignore[arg-type]  # fmt: skip


def machine(store: Store) -> list[tuple[Any, ...]]:
    tables = ("events", "event_actors", "event_commodities", "event_quantities", "event_mentions", "measures")
    return [row for table in tables for row in store.db.execute(f"SELECT * FROM {table} ORDER BY 1, 2, 3")]


def found(store: Store, **filters: Any) -> list[str]:
    return [e["event_type"] for e in find_events(store.db, EventQuery(**filters))]


def test_a_rejected_event_leaves_every_answer_but_the_raw_one(filled: Store) -> None:
    before = machine(filled)
    say(filled, the(filled, "SANCTION"), "reject", reason="told as background")
    assert found(filled) == ["CONSULT"] and count_events(filled.db, EventQuery()) == 1
    assert found(filled, country="CHN") == [] and found(filled, country="CHN", raw=True) == ["SANCTION"]
    assert event_counts(filled.db)["actor"]["country/CHN"] == 0
    assert event_counts(filled.db, raw=True)["actor"]["country/CHN"] == 1
    assert {row["id"] for row in top_by_month(filled.db)} == {"country/JPN"}
    assert find_measures(filled.db) == []
    assert [m["stage"] for m in find_measures(filled.db, raw=True)] == ["in_force"]
    assert machine(filled) == before
    assert list(verify(filled)) == []


@pytest.mark.parametrize("filters", [{}, {"country": "CHN"}, {"text": "exports", "since": "2025-10"}])
def test_the_latest_few_are_the_first_of_all_with_corrections_too(
    filled: Store, filters: dict[str, Any]
) -> None:
    say(filled, the(filled, "SANCTION"), "change", field="event_type", value="THREATEN")
    everything = [e["id"] for e in find_events(filled.db, EventQuery(**filters))]
    assert "THREATEN" in found(filled, **filters)
    for limit in (1, 2, 3):
        query = EventQuery(**filters, limit=limit)
        assert [e["id"] for e in find_events(filled.db, query)] == everything[:limit]
        assert count_events(filled.db, query) == len(everything)


def test_a_changed_value_is_found_under_the_new_value_and_carries_its_codes(filled: Store) -> None:
    target = the(filled, "SANCTION")
    before = machine(filled)
    say(filled, target, "change", field="stage", value="suspended")
    say(filled, target, "change", field="event_type", value="RETREAT")
    say(filled, target, "change", field="event_date", value="2025-09")
    assert found(filled, event_type="SANCTION") == []
    [corrected] = find_events(filled.db, EventQuery(event_type="RETREAT", stage="suspended", until="2025-09"))
    assert (corrected["id"], corrected["day"], corrected["quad"]) == (target, "2025-09-01", 2)
    assert corrected["witness"]["sentence"] == BAN and corrected["n_independent_sources"] == 2
    assert find_event(filled.db, target)["stage"] == "suspended"
    assert find_event(filled.db, target, raw=True)["stage"] == "in_force"
    assert [m["stage"] for m in find_measures(filled.db)] == ["suspended"]
    assert machine(filled) == before


def test_a_party_can_be_linked_to_somebody_else(filled: Store) -> None:
    target = the(filled, "CONSULT")
    say(filled, f"{target}/actor/0", "change", table="event_actors", field="entity_id", value="country/CHN")
    assert found(filled, actor="CHN", event_type="CONSULT") == ["CONSULT"]
    assert found(filled, actor="JPN") == [] and found(filled, actor="JPN", raw=True) == ["CONSULT"]
    say(filled, f"{target}/actor/0", "change", table="event_actors", field="entity_id", value="")
    assert found(filled, actor="CHN", event_type="CONSULT") == []


def test_two_events_can_be_told_to_be_one_and_a_report_to_be_another(filled: Store) -> None:
    sanction, consult = the(filled, "SANCTION"), the(filled, "CONSULT")
    merged = say(filled, consult, "change", field="merged_into", value=sanction)
    [one] = find_events(filled.db, EventQuery())
    assert (one["id"], one["n_mentions"], one["n_articles"]) == (sanction, 3, 3)
    say(filled, merged, "withdraw", table="reviews")
    assert found(filled) == ["CONSULT", "SANCTION"]
    [mention] = [
        row[0]
        for row in filled.db.execute(
            "SELECT m.id FROM event_mentions m JOIN articles a ON a.id = m.article_id WHERE a.url LIKE '%/again'"
        )
    ]
    say(filled, mention, "reject", table="event_mentions")
    parts = [
        (e["event_type"], e["n_mentions"], e["witness"]["sentence"])
        for e in find_events(filled.db, EventQuery())
    ]
    assert parts == [("CONSULT", 1, CALL), ("SANCTION", 1, AGAIN), ("SANCTION", 1, BAN)]


def test_a_later_word_wins_and_both_stay_on_record(filled: Store) -> None:
    target = the(filled, "SANCTION")
    say(filled, target, "reject")
    say(filled, target, "accept", reason="the ministry confirmed it")
    assert found(filled, event_type="SANCTION") == ["SANCTION"]
    states = [(row["verdict"], row["state"], row["reviewer"]) for row in list_reviews(filled.db)]
    assert states == [("accept", "in force", "mai"), ("reject", "overtaken", "mai")]


def test_reviews_survive_tagging_anew_even_when_ids_change(
    filled: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = the(filled, "CONSULT")
    say(filled, target, "change", field="modality", value="hypothetical")
    say(
        filled,
        f"{target}/recipient/0",
        "change",
        table="event_actors",
        field="entity_id",
        value="country/CHN",
    )
    filled.clear_tags()
    assert found(filled) == []
    monkeypatch.setattr("tests.db.world.TAGGER", Tagger(name="dateline", version="next", model="none"))
    for name, text in (("ban", BAN), ("again", AGAIN)):
        tag(filled, name, ban(text))
    # The next version codes the same words by another id and a wider trigger.
    other = event(
        CALL, "called Indonesia", "CONSULT", quad=1, actor=(party(CALL, "Japan", "JPN"),),
        recipient=(party(CALL, "Indonesia", "IDN"),), event_id="other",
    )  # fmt: skip
    tag(filled, "call", other)
    merge_events(filled)
    assert the(filled, "CONSULT") != target
    [corrected] = find_events(filled.db, EventQuery(event_type="CONSULT"))
    assert corrected["modality"] == "hypothetical"
    assert [p["entity_id"] for p in corrected["recipient"]] == ["country/CHN"]


def test_a_review_of_words_that_are_no_event_any_more_is_kept_and_said_to_be_lost(filled: Store) -> None:
    say(filled, the(filled, "CONSULT"), "accept")
    tag(filled, "call")
    merge_events(filled)
    assert [(row["verdict"], row["state"]) for row in list_reviews(filled.db)] == [("accept", "lost")]
    assert list(verify(filled)) == []


def test_reviewed_sentences_are_gold(filled: Store) -> None:
    say(filled, the(filled, "SANCTION"), "change", field="stage", value="announced")
    say(filled, the(filled, "CONSULT"), "reject")
    lines = {line["text"]: line["events"] for line in gold_lines(filled.db)}
    assert lines[CALL] == []
    assert [(e["event_type"], e["stage"], e["optional"]) for e in lines[BAN]] == [
        ("SANCTION", "announced", False)
    ]
    assert lines[BAN][0]["actor"] == [{"country": "CHN"}]


@pytest.mark.parametrize(
    ("values", "error", "said"),
    [
        ({"field": "stage", "value": "over"}, UsageError, "stage: there is no 'over'. One of: proposed"),
        ({"field": "colour", "value": "red"}, UsageError, "'colour' cannot be changed. One of: event_type"),
        ({"field": "event_date", "value": "soon"}, UsageError, "event_date: 'soon' is no date"),
        ({"field": "event_type", "value": ""}, UsageError, "event_type must have a value"),
        ({"field": "merged_into", "value": "e1"}, NotFound, "there is no event e1 to merge into"),
    ],
)
def test_what_no_event_can_have_is_refused(
    filled: Store, values: dict[str, str], error: type[DatelineError], said: str
) -> None:
    with pytest.raises(error, match=said):
        say(filled, the(filled, "SANCTION"), "change", **values)
    assert list(list_reviews(filled.db)) == []


def test_an_unknown_target_is_said_so(filled: Store) -> None:
    with pytest.raises(NotFound, match="there is no event e0 as the machine coded it"):
        say(filled, "e0", "accept")
    with pytest.raises(NotFound, match="has no actor number 7"):
        say(
            filled,
            f"{the(filled, 'CONSULT')}/actor/7",
            "change",
            table="event_actors",
            field="entity_id",
            value="",
        )
    with pytest.raises(NotFound, match="several events begin with e"):
        full_event_id(filled.db, "e")


def test_without_reviews_nothing_is_written(filled: Store) -> None:
    before = filled.db.conn.total_changes
    from db.corrections import apply_reviews

    apply_reviews(filled)
    assert filled.db.conn.total_changes == before
    assert as_filters(EventQuery(raw=True)) == {"raw": True}
