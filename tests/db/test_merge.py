"""One happening is one event, however many articles tell it; different happenings stay apart."""

from __future__ import annotations

import random

from db.clustering import cluster
from db.measures import build_measures
from db.merge import merge_events
from db.merge_rules import Report
from db.model import Commodity, EventMention, Participant, as_json
from db.store import Store
from db.verification import content_hash
from db.world import find_measures
from tests.db.world import ban, event, party, put_article, tag

TEXT = "China banned exports of rare earths to the United States."


def tell(
    store: Store, name: str, *events: EventMention, day: str = "2025-10-20", source: str = "daily"
) -> None:
    put_article(store, name, TEXT, title=name, published=f"{day}T02:00:00Z", source_id=source)
    tag(store, name, *(shift(e, len(name) + 2) for e in events))


def shift(e: EventMention, by: int) -> EventMention:
    """Spans were made on the text; the document begins with the title."""
    import dataclasses

    def move(p: Participant) -> Participant:
        return dataclasses.replace(p, start=p.start + by, end=p.end + by)

    return dataclasses.replace(
        e,
        start=e.start + by,
        end=e.end + by,
        trigger_start=e.trigger_start + by,
        trigger_end=e.trigger_end + by,
        actor=tuple(map(move, e.actor)),
        recipient=tuple(map(move, e.recipient)),
    )


def events(store: Store) -> list[tuple[object, ...]]:
    rows = store.db.execute(
        "SELECT event_type, n_mentions, n_articles, n_independent_sources FROM events ORDER BY 1, 2"
    )
    return list(rows.fetchall())


def test_two_publishers_that_tell_one_ban_make_one_event(store: Store) -> None:
    tell(store, "one", ban(TEXT), source="daily")
    tell(store, "two", ban(TEXT), source="weekly", day="2025-10-21")
    merge_events(store)
    assert events(store) == [("SANCTION", 2, 2, 2)]


def test_of_reports_that_say_as_much_the_parties_that_most_name_speak_for_the_event(store: Store) -> None:
    names = {"one": "gov/CHN", "two": "country/CHN", "three": "country/CHN", "four": "org/ministry"}
    for name, actor in names.items():
        tell(store, name, ban(TEXT, actor=(party(TEXT, "China", "CHN", actor),)), source=name)
    merge_events(store)
    assert events(store) == [("SANCTION", 4, 4, 4)]
    actors = store.db.execute("SELECT entity_id FROM event_actors WHERE side = 'actor'").fetchall()
    assert actors == [("country/CHN",)]


def test_bans_of_two_countries_are_two_events(store: Store) -> None:
    tell(store, "one", ban(TEXT))
    tell(store, "two", ban(TEXT, actor=(party(TEXT, "United States", "USA"),)))
    merge_events(store)
    assert len(events(store)) == 2


def test_a_denied_ban_is_never_merged_with_a_real_one(store: Store) -> None:
    tell(store, "one", ban(TEXT))
    tell(store, "two", ban(TEXT, modality="negated"))
    merge_events(store)
    assert len(events(store)) == 2


def test_the_same_ban_a_year_later_is_another_event(store: Store) -> None:
    tell(store, "one", ban(TEXT, event_date="2024-10-20"), day="2024-10-20")
    tell(store, "two", ban(TEXT, event_date="2025-10-20"), day="2025-10-20")
    merge_events(store)
    assert len(events(store)) == 2


def test_calls_between_other_people_of_the_same_states_are_other_events(store: Store) -> None:
    def call(american: str, chinese: str) -> EventMention:
        return event(
            TEXT,
            "exports",
            "CONSULT",
            quad=1,
            actor=(party(TEXT, "China", "CHN", chinese), party(TEXT, "United States", "USA", american)),
        )

    tell(store, "one", call("person/scott-bessent", "person/he-lifeng"))
    tell(store, "two", call("person/donald-trump", "person/xi-jinping"))
    tell(store, "three", call("person/scott-bessent", "person/he-lifeng"), source="weekly")
    merge_events(store)
    assert sorted(row[1] for row in events(store)) == [1, 2]


def test_the_grouping_does_not_depend_on_the_order_of_reports() -> None:
    codings = [
        ban(TEXT),
        ban(TEXT, event_date="2025-10-19"),
        ban(TEXT, event_date="2025-09-01"),
        ban(TEXT, stage="lifted", direction="ease"),
    ]
    reports = [
        Report(
            id=f"m{i}", article_id=f"a{i}", publisher="p", published="2025-10-20", start=0, coding=as_json(c)
        )
        for i, c in enumerate(codings)
    ]
    expected = {frozenset(r.id for r in group) for group in cluster(reports)}
    assert len(expected) == 3
    for seed in range(10):
        shuffled = random.Random(seed).sample(reports, len(reports))
        assert {frozenset(r.id for r in group) for group in cluster(shuffled)} == expected


def test_tagging_again_in_another_order_gives_the_same_database(store: Store) -> None:
    names = ["one", "two", "three"]
    codings = {"one": ban(TEXT), "two": ban(TEXT, stage="lifted", direction="ease"), "three": ban(TEXT)}
    for name in names:
        tell(store, name, codings[name], source=name)
    merge_events(store)
    before = content_hash(store.db)
    store.clear_tags()
    assert content_hash(store.db) != before
    for name in reversed(names):
        tag(store, name, shift(codings[name], len(name) + 2))
        merge_events(store)
    assert content_hash(store.db) == before


def test_a_withdrawn_report_leaves_the_others_merged(store: Store) -> None:
    for name in ("one", "two"):
        tell(store, name, ban(TEXT), source=name)
    merge_events(store)
    tag(store, "two")
    merge_events(store)
    assert events(store) == [("SANCTION", 1, 1, 1)]
    assert store.db.execute("SELECT count(*) FROM measures").fetchone() == (1,)


def test_a_measure_lives_through_its_stages(store: Store) -> None:
    tell(
        store,
        "plan",
        ban(TEXT, stage="announced", modality="future", effective_date="2025-11-08"),
        day="2025-10-09",
    )
    lifted = ban(TEXT, stage="suspended", direction="ease", event_date="2025-11-10")
    tell(store, "pause", lifted, day="2025-11-11")
    merge_events(store)
    measures = store.db.execute("SELECT title, stage, stage_date, n_events FROM measures").fetchall()
    assert measures == [("China: export ban on rare earths", "suspended", "2025-11-10", 2)]
    stages = store.db.execute("SELECT stage, date, basis FROM measure_stages ORDER BY position").fetchall()
    assert stages == [
        ("announced", "2025-10-09", "published"),
        ("in_force", "2025-11-08", "effective_date"),
        ("suspended", "2025-11-10", "event_date"),
    ]


def test_curbs_told_in_general_words_join_the_measure_whose_kind_is_known(store: Store) -> None:
    tell(store, "one", ban(TEXT, instrument="export_licence"))
    tell(
        store, "two", ban(TEXT, instrument="export_control_other", event_date="2025-12-01"), day="2025-12-01"
    )
    merge_events(store)
    assert store.db.execute("SELECT instrument, n_events FROM measures").fetchall() == [("export_licence", 2)]


def test_a_ruling_is_no_measure_of_the_court(store: Store) -> None:
    tell(store, "one", ban(TEXT, mode="convict"))
    merge_events(store)
    assert store.db.execute("SELECT count(*) FROM measures").fetchone() == (0,)
    assert build_measures(store) == 0


def test_an_extension_announced_later_does_not_undo_what_is_in_force(store: Store) -> None:
    tell(store, "start", ban(TEXT, event_date="2025-10-09"), day="2025-10-09")
    wider = ban(TEXT, stage="announced", modality="future", effective_date="2025-12-01")
    tell(store, "wider", wider, day="2025-10-10")
    merge_events(store)
    assert store.db.execute("SELECT stage, stage_date FROM measures").fetchall() == [
        ("in_force", "2025-10-09")
    ]


def test_what_is_reported_as_done_was_not_done_after_the_report(store: Store) -> None:
    tell(store, "one", ban(TEXT, event_date="2026"), day="2025-10-30")
    merge_events(store)
    assert store.db.execute("SELECT date, basis FROM measure_stages").fetchall() == [
        ("2025-10-30", "published")
    ]


def test_stages_of_one_day_are_in_the_order_of_a_measures_life(store: Store) -> None:
    for number in range(6):  # whichever of the two ids is the smaller
        good = (Commodity(name=f"good_{number}", hs=("28",)),)
        tell(store, f"plan{number}", ban(TEXT, stage="proposed", modality="future", commodities=good))
        tell(store, f"done{number}", ban(TEXT, event_date="2025-10-20", commodities=good))
    merge_events(store)
    lives = store.db.execute("SELECT group_concat(stage) FROM measure_stages GROUP BY measure_id").fetchall()
    assert lives == 6 * [("proposed,in_force",)]


def test_a_measure_of_which_only_the_kind_was_told_takes_goods_only_soon_after(store: Store) -> None:
    tell(store, "threat", ban(TEXT, stage="proposed", commodities=(), recipient=()), day="2025-04-02")
    tell(store, "soon", ban(TEXT, recipient=()), day="2025-04-20")
    tell(store, "other", ban(TEXT, stage="proposed", commodities=(), country="USA"), day="2025-04-02")
    tell(store, "late", ban(TEXT, recipient=(), country="USA"), day="2025-06-20")
    merge_events(store)
    assert sorted((m["country"], m["history"]) for m in find_measures(store.db)) == [
        ("CHN", "proposed 2025-04-02, in_force 2025-04-20"),
        ("USA", "in_force 2025-06-20"),
        ("USA", "proposed 2025-04-02"),
    ]
