"""A data set is one state of the store, with the reviewers' word for it."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from db.errors import UsageError
from db.exporting import formats, hashing
from db.exporting.dataset import Options, export_dataset
from db.exporting.files import ExportedFile
from db.exporting.formats import Format, Part, Target
from db.exporting.plain_tables import write_csv
from db.exporting.selection import choosing
from db.exporting.workplace import UNFINISHED
from db.merge import merge_events
from db.query import EventQuery
from db.reviews import Review, add_review
from db.store import Store, open_store
from db.verification import content_hash
from tests.db.world import ban, party, put_article, tag

TEXT = "China banned exports of rare earths, it said."
JAPAN = "Japan banned exports of rare earths, Tokyo said."


def fill(store: Store, name: str) -> None:
    put_article(store, name, f"{TEXT} So said {name}.")
    tag(store, name, ban(f"{TEXT} So said {name}."))
    merge_events(store)


def test_what_a_crawl_writes_meanwhile_is_not_in_the_data_set(store: Store) -> None:
    fill(store, "first")
    with open_store(store.path, "read") as reader, choosing(reader.db, EventQuery()) as selection:
        assert selection.count("articles") == 1
        fill(store, "second")
        assert selection.count("articles") == 1
        assert len(list(selection.rows("event_mentions"))) == 1
    assert store.db.execute("SELECT count(*) FROM articles").fetchone()[0] == 2


def test_an_event_that_reviewers_rejected_is_only_in_the_raw_data_set(store: Store, tmp_path: Path) -> None:
    fill(store, "first")
    (event_id,) = store.db.execute("SELECT id FROM events").fetchone()
    with store.transaction():
        store.db.execute(
            "INSERT INTO reviews (id, target_table, target_id, verdict, reviewer, reviewed)"
            " VALUES ('r1', 'events', ?, 'reject', 'me', '2025-11-01T00:00:00Z')",
            [event_id],
        )
        store.db.execute("INSERT INTO overruled_events VALUES (?, 'r1')", [event_id])
    rows = {f.table: f.rows for f in export_dataset(store, tmp_path / "won", "csv", EventQuery())}
    assert (rows["events"], rows["event_actors"], rows["event_mentions"], rows["articles"]) == (0, 0, 0, 1)
    raw = {f.table: f.rows for f in export_dataset(store, tmp_path / "raw", "csv", EventQuery(raw=True))}
    assert (raw["events"], raw["event_mentions"], raw["reviews"]) == (1, 1, 1)


def test_an_interrupted_export_goes_on_where_it_stopped(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, "first")
    begun: list[str] = []

    def write(target: Target, name: str) -> Iterator[ExportedFile]:
        begun.append(name)
        if begun == ["events", "articles"]:
            raise KeyboardInterrupt
        yield from write_csv(target, name)

    parts = tuple(Part(name=n, write=partial(write, name=n)) for n in ("events", "articles"))
    monkeypatch.setattr(
        formats, "_FORMATS", {"two": Format(name="two", summary="for this test", parts=parts)}
    )
    with pytest.raises(KeyboardInterrupt):
        export_dataset(store, tmp_path / "out", "two", EventQuery())
    assert not (tmp_path / "out/datapackage.json").exists()
    assert (tmp_path / "out" / UNFINISHED).exists()
    files = export_dataset(store, tmp_path / "out", "two", EventQuery())
    assert begun == ["events", "articles", "articles"]
    assert [file.name for file in files] == ["events.csv", "articles.csv"]
    assert not (tmp_path / "out" / UNFINISHED).exists()


def test_another_question_does_not_take_over_unfinished_files(store: Store, tmp_path: Path) -> None:
    fill(store, "first")
    export_dataset(store, tmp_path / "out", "csv", EventQuery())
    everything = json.loads((tmp_path / "out/datapackage.json").read_text())
    export_dataset(store, tmp_path / "out", "csv", EventQuery(actor="JPN"))
    chosen = json.loads((tmp_path / "out/datapackage.json").read_text())
    [events] = [resource for resource in chosen["resources"] if resource["name"] == "events"]
    assert events["rows"] == 0
    assert everything["content_hash"] == chosen["content_hash"]
    export_dataset(store, tmp_path / "out", "parquet", EventQuery())
    assert not list((tmp_path / "out").glob("*.csv"))


def test_a_format_that_is_made_of_texts_refuses_to_do_without(store: Store, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"brat is made of the texts themselves; --no-text needs csv"):
        export_dataset(store, tmp_path / "out", "brat", EventQuery(), Options(texts=False))
    assert not (tmp_path / "out").exists()


def test_a_reader_connection_can_export(store: Store, tmp_path: Path) -> None:
    fill(store, "first")
    with open_store(store.path, "read") as reader:
        export_dataset(reader, tmp_path / "out", "jsonl", EventQuery(actor="CHN"))
    connection = sqlite3.connect(store.path)
    assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name LIKE 'chosen%'").fetchone() == (
        0,
    )
    connection.close()


def test_a_second_process_sums_up_the_same_hash(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, "first")
    china = EventQuery(actor="CHN")
    export_dataset(store, tmp_path / "alone", "csv", china)
    monkeypatch.setattr(hashing, "LARGE", 0)
    export_dataset(store, tmp_path / "together", "csv", china)
    alone, together = (
        json.loads((tmp_path / n / "datapackage.json").read_text()) for n in ("alone", "together")
    )
    assert alone == together
    assert together["content_hash"] == content_hash(store.db)


def test_a_store_that_was_written_to_meanwhile_is_summed_up_as_it_was(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store, "first")
    before = content_hash(store.db)
    monkeypatch.setattr(hashing, "LARGE", 0)
    monkeypatch.setattr(hashing, "writes", lambda db: -1)
    with open_store(store.path, "read") as reader, choosing(reader.db, EventQuery()) as selection:
        assert selection.count("articles") == 1
        with hashing.hashing(reader) as content:
            fill(store, "second")
            assert content() == before
    assert content_hash(store.db) != before


def test_a_corrected_event_has_the_reviewers_parts_and_an_other_one_its_own(
    store: Store, tmp_path: Path
) -> None:
    fill(store, "first")
    put_article(store, "second", JAPAN)
    tag(
        store, "second", ban(JAPAN, "JPN", actor=(party(JAPAN, "Japan", "JPN"), party(JAPAN, "Tokyo", "JPN")))
    )
    merge_events(store)
    first, second = (
        row[0] for row in store.db.execute("SELECT event_id FROM event_actors GROUP BY 1 ORDER BY count(*)")
    )
    nothing = Review(
        target_table="events",
        target_id=second,
        verdict="change",
        reviewer="me",
        field="commodities",
        value="",
    )
    add_review(store, nothing)
    for name in ("csv", "jsonl"):
        export_dataset(store, tmp_path / name, name, EventQuery())
    with (tmp_path / "csv/events.csv").open(newline="") as file:
        flat = {row["id"]: row for row in csv.DictReader(file)}
    nested = {
        (row := json.loads(line))["id"]: row
        for line in (tmp_path / "jsonl/events.jsonl").read_text().splitlines()
    }
    assert (flat[first]["commodities"], flat[second]["commodities"]) == ("rare_earths", "")
    assert (len(nested[first]["commodities"]), nested[second]["commodities"]) == (1, [])
    assert (flat[first]["actor_name"], flat[second]["actor_country"]) == ("China", "JPN|JPN")
    assert [p["text"] for p in nested[second]["actor"]] == ["Japan", "Tokyo"]
    assert nested[second]["sentence"] == flat[second]["sentence"] != ""
