"""Merging as reports come, go and change gives what merging all of them at once gives."""

from __future__ import annotations

import random
from itertools import count
from pathlib import Path

import pytest

from dateline.scheduling.plan import TAG, has_work
from db import measures
from db.clustering import cluster
from db.merge import merge_events
from db.model import Commodity, EventMention, TaggedDocument
from db.store import Store, open_store
from db.verification import content_hash, verify
from tests.db.world import TAGGER, article_id, event, party, put_article

TEXT = "China banned exports of rare earths and steel to the United States and Japan."
STAGES = ("announced", "in_force", None)
GOODS = (("rare_earths", "2846"), ("steel", "7206"))


def report(chosen: random.Random, day: int, number: int) -> EventMention:
    """A report of one of a few kinds, so that many are of one block and some of them of one happening."""
    said = chosen.choice(
        [None, None, _day(day), _day(day - 1), f"2025-{day // 28 + 1:02}", "2025-Q1", "2025"]
    )
    goods = chosen.choice([(), (GOODS[0],), (GOODS[1],), GOODS])
    return event(
        TEXT,
        chosen.choice(["banned", "exports", "steel"]),
        chosen.choice(["SANCTION", "CONSULT"]),
        quad=4,
        event_id=f"e{chosen.choice([number, 0])}",
        modality=chosen.choice(["actual", "future"]),
        instrument=chosen.choice(["export_ban", "export_control_other", None]),
        stage=chosen.choice(STAGES),
        event_date=said,
        actor=(party(TEXT, *chosen.choice([("China", "CHN"), ("China", "CHN"), ("Japan", "JPN")])),),
        recipient=chosen.choice([(), (party(TEXT, "Japan", "JPN"),), (party(TEXT, "United States", "USA"),)]),
        commodities=tuple(Commodity(name=name, hs=(hs,)) for name, hs in goods),
    )


def _day(number: int) -> str:
    return f"2025-{max(number, 0) // 28 + 1:02}-{max(number, 0) % 28 + 1:02}"


def articles(seed: int, count: int) -> dict[str, tuple[str, list[EventMention]]]:
    """By name: the day of publication and the reports."""
    chosen = random.Random(seed)
    made = {}
    for number in range(count):
        day = chosen.randrange(200)
        made[f"n{number}"] = (_day(day), [report(chosen, day, n) for n in range(chosen.randrange(3))])
    return made


def put(store: Store, name: str, day: str, reports: list[EventMention]) -> None:
    put_article(store, name, TEXT, published=f"{day}T02:00:00Z", source_id=f"s{len(name)}")
    retag(store, name, reports)


def retag(store: Store, name: str, reports: list[EventMention]) -> None:
    tags = TaggedDocument(id=name, language="en", document=TEXT, tagger=TAGGER, events=tuple(reports))
    assert store.save_tags(article_id(store, name), tags)


def at_once(path: Path, made: dict[str, tuple[str, list[EventMention]]]) -> str:
    with open_store(path) as store:
        for name, (day, reports) in made.items():
            put(store, name, day, reports)
        merge_events(store)
        return content_hash(store.db)


@pytest.mark.parametrize("seed", range(6))
def test_reports_merged_as_they_come_make_the_events_of_all_at_once(tmp_path: Path, seed: int) -> None:
    made = articles(seed, 60)
    chosen = random.Random(seed)
    with open_store(tmp_path / "parts.db") as store:
        for name in chosen.sample(sorted(made), len(made)):
            put(store, name, *made[name])
            if chosen.random() < 0.4:
                merge_events(store)
        merge_events(store)
        assert content_hash(store.db) == at_once(tmp_path / "whole.db", made)
        assert list(verify(store)) == []
        most, events = store.db.execute("SELECT max(n_mentions), count(*) FROM events").fetchone()
        assert most > 3 and events > 10
        assert store.db.execute("SELECT count(*) FROM measures").fetchone()[0] > 1


@pytest.mark.parametrize("seed", range(12, 17))
def test_reports_that_go_or_change_leave_what_the_others_make(tmp_path: Path, seed: int) -> None:
    made, later = articles(seed, 50), articles(seed + 100, 50)
    chosen = random.Random(seed)
    with open_store(tmp_path / "parts.db") as store:
        for name in made:
            put(store, name, *made[name])
        merge_events(store)
        for name in chosen.sample(sorted(made), 20):
            made[name] = (made[name][0], [] if chosen.random() < 0.5 else later[name][1])
            retag(store, name, made[name][1])
            if chosen.random() < 0.3:
                merge_events(store)
        merge_events(store)
        assert content_hash(store.db) == at_once(tmp_path / "whole.db", made)


@pytest.mark.parametrize("part", ["_build_some", "build_measures", "record_history"])
def test_a_merge_that_is_ended_between_its_parts_is_made_up_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    made, later = articles(31, 40), articles(32, 40)

    def end_here(*_: object) -> None:
        raise KeyboardInterrupt

    with open_store(tmp_path / "parts.db") as store:
        for name in made:
            put(store, name, *made[name])
        merge_events(store)
        for name in sorted(made)[:20]:
            made[name] = (made[name][0], later[name][1])
            retag(store, name, made[name][1])
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            if part == "_build_some":
                written = count(1)
                real = measures._write
                patch.setattr(measures, "_write", lambda *a: end_here() if next(written) == 3 else real(*a))
            else:
                patch.setattr(f"db.merge.{part}", end_here)
            merge_events(store)
        assert has_work(store, TAG)
        merge_events(store)
        assert not store.db.execute("SELECT 1 FROM touched UNION SELECT 1 FROM stale_measures").fetchone()
        assert content_hash(store.db) == at_once(tmp_path / "whole.db", made)


def test_a_happening_told_again_every_week_does_not_last_for_ever(store: Store) -> None:
    kind = event(
        TEXT, "banned", "SANCTION", quad=4, actor=(party(TEXT, "China", "CHN"),), instrument="export_ban"
    )
    for week in range(20):
        put(store, f"n{week}", _day(7 * week), [kind])
    merge_events(store)
    spans = store.db.execute(
        "SELECT julianday(max(m.merge_day)) - julianday(min(m.merge_day)) FROM event_mentions m GROUP BY event_id"
    ).fetchall()
    assert len(spans) > 1
    assert max(days for (days,) in spans) <= 45


def test_a_report_left_alone_goes_back_to_the_happening_of_its_article(tmp_path: Path) -> None:
    def ban(trigger: str, day: str) -> EventMention:
        china = (party(TEXT, "China", "CHN"),)
        return event(TEXT, trigger, event_id="e0", event_date=day, actor=china, instrument="export_ban")

    both = ("2025-06-01", [ban("banned", "2025-01-01"), ban("exports", "2025-06-01")])
    with open_store(tmp_path / "parts.db") as store:
        put(store, "one", *both)
        put(store, "other", "2025-05-31", [ban("banned", "2025-05-31")])
        merge_events(store)
        assert store.db.execute("SELECT n_mentions FROM events ORDER BY day").fetchall() == [(1,), (2,)]
        retag(store, "other", [])
        merge_events(store)
        assert store.db.execute("SELECT n_mentions FROM events").fetchall() == [(2,)]


def test_the_ban_of_march_told_in_october_is_the_one_of_march() -> None:
    from db.merge_rules import Report
    from db.model import as_json

    def told(name: str, day: str, said: str | None) -> Report:
        coding = as_json(report(random.Random(1), 0, 0)) | {"event_date": said, "event_type": "SANCTION"}
        return Report(id=name, article_id=name, publisher="p", published=day, start=0, coding=coding)

    march, october = told("a", "2025-03-03", "2025-03-03"), told("b", "2025-10-20", "2025-03")
    assert len(cluster([october, march])) == 1
    assert len(cluster([told("b", "2025-10-20", "2025-04"), march])) == 2


def test_building_measures_reads_what_is_new_not_all_that_a_country_did(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[int] = []

    def counted(of: Store) -> int:
        steps.append(0)
        of.db.conn.set_progress_handler(lambda: steps.append(steps.pop() + 1), 1)
        try:
            return measures.build_measures(of)
        finally:
            of.db.conn.set_progress_handler(None, 0)

    monkeypatch.setattr("db.merge.build_measures", counted)
    china = (party(TEXT, "China", "CHN"),)
    acts = [
        event(TEXT, word, "SANCTION", quad=4, actor=china, instrument=instrument, stage="in_force")
        for word, instrument in (("banned", "export_ban"), ("exports", "import_tariff"), ("steel", "subsidy"))
    ]
    meeting = event(TEXT, "banned", "CONSULT", quad=1, actor=china)
    for name, day in (("first", 0), ("second", 60)):
        put(store, name, _day(day), acts)
        merge_events(store)
    for number in range(60):
        put(store, f"between{number}", _day(2 * number), [meeting])
    merge_events(store)
    put(store, "last", _day(190), acts)
    merge_events(store)
    assert store.db.execute("SELECT n_events FROM measures").fetchall() == [(3,)] * 3
    assert steps[-1] < steps[1] * 1.5
