"""A data set of everything reads each table once: what is summed up, and what hangs on events, comes out the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pyarrow.dataset as ds
import pytest

from db import verification
from db.exporting import event_parts, selection, workplace
from db.exporting.dataset import Options, export_dataset
from db.exporting.selection import choosing
from db.exporting.tables import load_tables
from db.query import EventQuery
from db.store import open_store
from db.verification import CONTENT_TABLES, content_hash
from tests.dateline.exporting.exports import Exports

NOT_EXPORTED = set(CONTENT_TABLES) - load_tables().keys()


@pytest.fixture
def summed_again(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables that are read for their sum alone."""
    found: list[str] = []
    alone = verification._summed_up

    def sum_up(db: Any, table: str) -> str:
        found.append(table)
        return alone(db, table)

    monkeypatch.setattr(verification, "_summed_up", sum_up)
    return found


def stated(folder: Path) -> str:
    return str(orjson.loads((folder / "datapackage.json").read_bytes())["content_hash"])


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("csv", Options()),
        ("jsonl", Options()),
        ("parquet", Options()),
        ("csv", Options(texts=False)),
        ("huggingface", Options(texts=False)),
    ],
)
def test_what_is_read_for_the_files_is_summed_up_on_the_way(
    exports: Exports, tmp_path: Path, summed_again: list[str], name: str, options: Options
) -> None:
    with open_store(exports.db, "read") as store:
        export_dataset(store, tmp_path / "out", name, EventQuery(), options)
        assert set(summed_again) == NOT_EXPORTED
        assert stated(tmp_path / "out") == content_hash(store.db)


def test_tables_that_are_read_in_another_order_are_summed_up_apart(
    exports: Exports, tmp_path: Path, summed_again: list[str]
) -> None:
    with open_store(exports.db, "read") as store:
        export_dataset(store, tmp_path / "out", "parquet", EventQuery(), Options(partition="month"))
        assert set(summed_again) == set(CONTENT_TABLES)
        assert stated(tmp_path / "out") == content_hash(store.db)


def test_an_export_that_was_stopped_sums_up_what_it_does_not_read_again(
    exports: Exports, tmp_path: Path, summed_again: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    remember = workplace.Workplace.remember

    def stop(self: workplace.Workplace, part: str, files: Any) -> None:
        remember(self, part, files)
        if part == "mentions":
            raise KeyboardInterrupt

    with open_store(exports.db, "read") as store:
        with monkeypatch.context() as stopping:
            stopping.setattr(workplace.Workplace, "remember", stop)
            with pytest.raises(KeyboardInterrupt):
                export_dataset(store, tmp_path / "out", "csv", EventQuery())
        export_dataset(store, tmp_path / "out", "csv", EventQuery())
        assert {"events", "mentions"} < set(summed_again) and "quantities" not in summed_again
        assert stated(tmp_path / "out") == content_hash(store.db)


def test_events_have_the_same_parts_however_many_are_read_at_a_time(
    exports: Exports, monkeypatch: pytest.MonkeyPatch
) -> None:
    def rows() -> list[dict[str, Any]]:
        with open_store(exports.db, "read") as store, choosing(store.db, EventQuery()) as chosen:
            return [*chosen.rows("events"), *chosen.rows("events", "nested")]

    at_once = rows()
    monkeypatch.setattr(selection, "ROWS", 3)
    monkeypatch.setattr(event_parts, "FETCHED", 2)
    assert rows() == at_once
    named = dict(
        exports.rows(
            "SELECT event_id, group_concat(coalesce(name, ''), '|') FROM"
            " (SELECT * FROM event_actors WHERE side = 'actor' ORDER BY event_id, position) GROUP BY 1"
        )
    )
    flat = at_once[: len(at_once) // 2]
    assert any("|" in names for names in named.values())
    assert {row["id"]: row["actor_name"] for row in flat} == {row["id"]: named.get(row["id"]) for row in flat}


def test_events_of_a_question_or_of_a_month_have_the_parts_that_they_have_among_all(
    exports: Exports,
) -> None:
    table = ds.dataset(exports.of("parquet") / "events.parquet").to_table()
    everything = {row["id"]: row for row in table.to_pylist()}
    folder = exports.of("parquet", partition="month")
    months = ds.dataset(folder / "events", partitioning="hive").to_table().to_pylist()
    assert {row["id"]: {k: v for k, v in row.items() if k != "month"} for row in months} == everything
    with (
        open_store(exports.db, "read") as store,
        choosing(store.db, replace(EventQuery(), country="CHN")) as chosen,
    ):
        some = list(chosen.rows("events"))
    assert 5 < len(some) < len(everything)
    assert some == [everything[row["id"]] for row in some]
