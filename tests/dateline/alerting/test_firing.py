"""What fires, and that it fires once: through second sources, corrections, merges, stages and the past."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dateline.alerting.adding import resume
from dateline.alerting.firing import fire, has_alert_work
from dateline.alerting.preview import by_day, preview
from dateline.alerting.round import fire_and_deliver
from db.errors import UsageError
from db.merge import merge_events
from db.saved_searches import find_search, set_paused
from db.tags import dissolve_measure
from tests.dateline.alerting.conftest import World, goods
from tests.db.world import article_id, ban, put_article, tag

BAN = "China banned exports of rare earths on Monday."
LONG = BAN + " " + " ".join(f"word{number}" for number in range(60))


def reasons(world: World) -> list[tuple[str, str | None]]:
    return [(alert.reason, (alert.message["measure"] or {}).get("stage")) for alert in world.fire()]


def test_an_event_fires_once(world: World) -> None:
    world.watch(commodity="rare_earths")
    world.report("one", BAN)
    assert reasons(world) == [("event", "in_force")]
    assert world.fire() == []
    world.report("two", "On Monday China banned all exports of rare earths.", source_id="other")
    assert world.fire() == [], "a second report of the same happening fired again"


def test_what_was_there_before_is_not_told(world: World) -> None:
    world.report("old", BAN, published="2025-09-01T00:00:00Z")
    world.report("today", "China banned exports of tungsten.", commodities=goods("tungsten"))
    world.watch(actor="CHN")
    assert world.fire() == []
    world.report(
        "late",
        "China banned exports of graphite.",
        published="2025-10-01T00:00:00Z",
        commodities=goods("graphite"),
    )
    assert world.fire() == [], "an article of the past, crawled late, fired"


def test_from_a_day_the_past_is_told(world: World) -> None:
    world.report("old", BAN, published="2025-09-01T00:00:00Z")
    world.report(
        "older", "Japan banned exports of rare earths.", country="JPN", published="2025-08-01T00:00:00Z"
    )
    world.watch(commodity="rare_earths", tells_from="2025-08-15")
    assert [alert.message["event"]["actor"][0]["country"] for alert in world.fire()] == ["CHN"]
    assert world.fire() == []


def test_a_second_independent_source_fires_when_it_comes(world: World) -> None:
    world.watch(commodity="rare_earths", min_sources=2)
    world.report("one", LONG)
    assert world.fire() == []
    world.report("copy", LONG, source_id="wire-client")
    assert world.fire() == [], "a wire copy counted as a second source"
    world.pass_days(1)
    world.report("two", "China banned all exports of rare earths this week.", source_id="other")
    assert reasons(world) == [("event", "in_force")]
    assert world.fire() == []


def test_an_earlier_report_that_gives_the_event_another_id_does_not_fire_again(world: World) -> None:
    world.watch(commodity="rare_earths")
    world.report("one", BAN)
    first = world.fire()[0].message["event"]["id"]
    world.report(
        "earlier", "China banned exports of rare earths.", source_id="other", published="2025-10-19T01:00:00Z"
    )
    assert [row["id"] for row in world.rows("events")] != [first], "the event kept its id: this tests nothing"
    assert world.fire() == []


def test_a_corrected_article_does_not_fire_again(world: World) -> None:
    world.watch(commodity="rare_earths")
    world.report("one", BAN)
    assert len(world.fire()) == 1
    before = {row["id"] for row in world.rows("event_mentions")}
    world.report("one", "Correction: the ministry says China banned exports of rare earths on Sunday.")
    assert before.isdisjoint(row["id"] for row in world.rows("event_mentions"))
    assert world.fire() == []
    world.report("one", "Second correction: it was on Saturday that China banned exports of rare earths.")
    assert world.fire() == []


def test_a_happening_stays_told_when_the_report_that_was_told_is_taken_back(world: World) -> None:
    world.watch(commodity="rare_earths")
    world.report("one", BAN)
    assert len(world.fire()) == 1
    world.report("two", "On Monday China banned all exports of rare earths.", source_id="other")
    assert world.fire() == []
    world.report(
        "one", "Correction: it is Japan that banned exports.", country="JPN", commodities=goods("steel")
    )
    assert world.fire() == []


def test_a_correction_that_tells_something_else_fires(world: World) -> None:
    world.watch(actor="CHN")
    world.report("one", BAN)
    assert len(world.fire()) == 1
    world.report("one", "Correction: China banned exports of tungsten.", commodities=goods("tungsten"))
    assert len(world.fire()) == 1


def test_tagging_everything_anew_fires_nothing(world: World) -> None:
    world.watch(actor="CHN")
    world.report("one", BAN)
    world.report("two", "China banned exports of tungsten.", commodities=goods("tungsten"))
    assert len(world.fire()) == 2
    world.store.clear_tags()
    for name, text, things in (
        ("one", BAN, goods("rare_earths")),
        ("two", "China banned exports of tungsten.", goods("tungsten")),
    ):
        tag(world.store, name, ban(text, commodities=things, event_id="named otherwise"))
    merge_events(world.store)
    assert world.fire() == []


def test_two_events_of_one_text_with_its_copies_fire_twice(world: World) -> None:
    world.watch(actor="CHN")
    text = LONG + " China also barred exports of rare earths to Japan."
    for name, source_id in (("one", "daily"), ("copy", "wire-client")):
        put_article(world.store, name, text, source_id=source_id, published="2025-10-20T09:00:00Z")
        tag(
            world.store,
            name,
            ban(text, event_id="e1", mode="discontinue"),
            ban(text, trigger="barred", event_id="e2", mode="discontinue"),
        )
        merge_events(world.store)
    assert len(world.rows("events")) == 2
    assert len(world.fire()) == 2


def test_what_a_copy_adds_to_its_original_fires(world: World) -> None:
    bare = {"instrument": None, "commodities": (), "direction": None, "stage": None}
    world.watch(actor="CHN")
    world.report("one", LONG, **bare)
    assert len(world.fire()) == 1
    longer = LONG + " China also barred a ship."
    put_article(world.store, "copy", longer, source_id="wire-client", published="2025-10-20T12:00:00Z")
    tag(
        world.store,
        "copy",
        ban(longer, event_id="e1", **bare),
        ban(longer, trigger="barred", event_id="e2", **bare),
    )
    merge_events(world.store)
    world.store.db.execute(
        "UPDATE articles SET duplicate_of = ?, duplicate_reason = 'nearly the same text' WHERE id = ?",
        [article_id(world.store, "one"), article_id(world.store, "copy")],
    )
    assert len(world.rows("events")) == 3, "the copies were merged: this tests nothing"
    world.store.db.conn.commit()
    fired = world.fire()
    assert [alert.message["event"]["n_mentions"] for alert in fired] == [1]
    assert "barred" in str(world.rows("event_mentions")) and world.fire() == []


def test_hypothetical_and_negated_events_do_not_fire_unless_asked_for(world: World) -> None:
    world.watch("usual", actor="CHN")
    world.watch("doubtful", actor="CHN", modality="hypothetical")
    world.report("one", "China banned nothing yet.", modality="hypothetical")
    world.report(
        "two", "China banned no exports of tungsten.", modality="negated", commodities=goods("tungsten")
    )
    assert [alert.search for alert in world.fire()] == ["doubtful"]


def test_a_measure_that_changes_stage_fires_again_each_time_once(world: World) -> None:
    world.watch(stage="announced")
    world.report(
        "one", "China announced that rare earths exports are banned.", trigger="announced", stage="announced"
    )
    assert reasons(world) == [("event", "announced")]
    for stage, trigger in (("in_force", "banned"), ("suspended", "suspended"), ("in_force", "resumed")):
        world.pass_days(20)
        text = f"China {trigger} its measure on rare earths ({world.now:%d %B})."
        world.report(f"{stage}-{world.now:%d}", text, trigger=trigger, stage=stage)
        assert reasons(world) == [("stage", stage)], (stage, world.rows("measure_stages"))
        world.report(f"again-{world.now:%d}", text, trigger=trigger, stage=stage, source_id="other")
        assert world.fire() == [], "a second report of the stage fired"


def test_a_new_event_that_changes_the_stage_fires_once_with_the_stage_before(world: World) -> None:
    world.watch(commodity="rare_earths")
    world.report(
        "one", "China announced that rare earths exports are banned.", trigger="announced", stage="announced"
    )
    world.fire()
    world.pass_days(20)
    world.report("two", "China banned exports of rare earths.")
    fired = world.fire()
    assert [alert.reason for alert in fired] == ["event"]
    assert fired[0].message["measure"]["stage_before"] == "announced"
    assert world.fire() == []


def test_a_measure_fires_on_the_day_on_which_it_takes_effect(world: World) -> None:
    world.watch(commodity="rare_earths")
    text = "China announced that exports of rare earths will be banned from 1 November."
    world.report("one", text, trigger="announced", stage="announced", effective_date="2025-11-01")
    assert reasons(world) == [("event", "announced")]
    world.pass_days(5)
    assert not has_alert_work(world.store, world.now) or reasons(world) == []
    world.pass_days(8)
    assert has_alert_work(world.store, world.now)
    assert reasons(world) == [("stage", "in_force")]
    assert world.fire() == []


def test_a_measure_known_before_the_search_fires_when_it_takes_effect(world: World) -> None:
    text = "China announced that exports of rare earths will be banned from 1 November."
    world.report(
        "one",
        text,
        trigger="announced",
        stage="announced",
        effective_date="2025-11-01",
        published="2025-10-01T00:00:00Z",
    )
    world.watch(commodity="rare_earths")
    assert world.fire() == []
    world.pass_days(12)
    assert reasons(world) == [("stage", "in_force")]


def test_nothing_is_told_while_reports_wait_to_be_merged(world: World) -> None:
    world.watch(commodity="rare_earths")
    world.report("one", BAN, merge=False)
    assert fire(world.store, world.now) is None and not has_alert_work(world.store, world.now)
    merge_events(world.store)
    assert has_alert_work(world.store, world.now)
    assert len(world.fire()) == 1
    assert not has_alert_work(world.store, world.now)


def test_measures_left_unbuilt_by_a_killed_merge_are_built_first(world: World) -> None:
    world.watch(commodity="rare_earths", tells_from="2025-01-01")
    world.report("one", BAN)
    with world.store.transaction():
        dissolve_measure(world.store.db, world.rows("measures")[0]["id"])
    assert fire(world.store, world.now) is None
    assert has_alert_work(world.store, world.now)
    (alert,) = fire_and_deliver(world.store, merge=False).alerts
    assert alert.message["measure"]["stage"] == "in_force"


def test_a_paused_search_tells_nothing_of_what_came_meanwhile(world: World) -> None:
    search = world.watch(actor="CHN")
    set_paused(world.store, search, True)
    world.report("one", BAN)
    assert world.fire() == []
    world.pass_days(1)
    resume(world.store, find_search(world.store, "curbs"), world.now)
    assert world.fire() == []
    world.report("two", "China banned exports of tungsten.", commodities=goods("tungsten"))
    assert len(world.fire()) == 1


def test_a_name_is_taken_once(world: World) -> None:
    world.watch()
    with pytest.raises(UsageError, match="a saved search 'curbs' already.*remove"):
        world.watch()


def test_the_preview_is_what_then_fires(world: World) -> None:
    world.report("one", "China announced that rare earths exports are banned.", trigger="announced", stage="announced",
                 published="2025-10-02T00:00:00Z")  # fmt: skip
    world.report("two", "China banned exports of rare earths.", published="2025-10-18T00:00:00Z")
    world.report(
        "three", "Japan banned exports of rare earths.", country="JPN", published="2025-10-18T00:00:00Z"
    )
    world.report(
        "four",
        "China banned exports of tungsten.",
        commodities=goods("tungsten"),
        published="2025-09-01T00:00:00Z",
    )
    search = world.watch("new", actor="CHN", stage="announced", tells_from="2025-09-25")
    world.watch("all", actor="CHN", tells_from="2025-09-25")
    seen = preview(world.store, search, last=world.now.date(), days=30)
    assert by_day(seen) == {"2025-10-02": 1, "2025-10-18": 1}
    everything = preview(world.store, find_search(world.store, "all"), last=world.now.date(), days=30)
    assert by_day(everything) == {"2025-10-02": 1, "2025-10-18": 1}
    fired = world.fire()
    assert len([alert for alert in fired if alert.search == "all"]) == 2


def test_a_preview_changes_nothing(world: World) -> None:
    search = world.watch(actor="CHN")
    world.report("one", BAN)
    before = list(world.store.db.conn.iterdump())
    assert preview(world.store, search, last=(world.now + timedelta(days=1)).date(), days=30)
    assert list(world.store.db.conn.iterdump()) == before
