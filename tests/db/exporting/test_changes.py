"""A data set of changes brings an older one up to date, and two data sets are compared in words."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from db.errors import UsageError, WorkError
from db.exporting.dataset import Options, export_dataset
from db.exporting.differences import compare
from db.exporting.reading import open_data_set
from db.exporting.tables import load_tables
from db.merge import merge_events
from db.query import EventQuery
from db.store import Store
from tests.db.world import NOW, ban, put_article, tag

TEXT = "{} banned exports of rare earths, it said."
NAMES = {"CHN": "China", "JPN": "Japan", "IDN": "Indonesia"}
BY_EVENT = ("event_actors", "event_commodities", "event_quantities", "event_mentions")
BY_ARTICLE = ("mentions", "quantities", "dates", "observations")

Rows = dict[str, dict[tuple[Any, ...], dict[str, Any]]]


def report(store: Store, code: str, text: str | None = None, **values: Any) -> None:
    text = text or TEXT.format(NAMES[code])
    put_article(store, code.lower(), text, fetched=NOW.replace(minute=len(text) % 60))
    tag(store, code.lower(), ban(text, code, **values))


def rows(folder: Path) -> Rows:
    data_set = open_data_set(folder)
    return {
        name: {tuple(row[k] for k in table.key): row for row in data_set.rows(name)}
        for name, table in load_tables().items()
    }


def updated(old: Rows, changes: Rows) -> Rows:
    """What the description of the table `changes` tells a reader to do."""
    named = {
        kind: {i for k, i in changes["changes"] if k == kind} for kind in ("events", "measures", "articles")
    }
    kept: Rows = {}
    for table, entries in old.items():
        owner, column = (
            ("events", "event_id")
            if table in BY_EVENT
            else ("articles", "article_id")
            if table in BY_ARTICLE
            else ("measures", "measure_id")
            if table == "measure_stages"
            else (table, "id")
        )
        gone = named.get(owner, set())
        kept[table] = (
            {k: row for k, row in entries.items() if row[column] not in gone} if table != "changes" else {}
        )
        kept[table] |= changes[table] if table != "changes" else {}
    return kept


def test_an_older_data_set_with_the_changes_is_the_new_one(store: Store, tmp_path: Path) -> None:
    report(store, "CHN")
    report(store, "JPN")
    merge_events(store)
    export_dataset(store, tmp_path / "old", "csv", EventQuery())
    put_article(store, "jpn", "Japan banned nothing.", fetched=NOW.replace(hour=9))
    tag(store, "jpn")
    report(store, "IDN")
    merge_events(store)
    export_dataset(store, tmp_path / "new", "csv", EventQuery())
    options = Options(changes_since=str(tmp_path / "old"))
    export_dataset(store, tmp_path / "changes", "csv", EventQuery(), options)
    changes = rows(tmp_path / "changes")
    told = {(row["kind"], row["change"]) for row in changes["changes"].values()}
    assert told == {
        ("articles", "added"), ("articles", "changed"), ("events", "added"), ("events", "withdrawn"),
        ("measures", "added"), ("measures", "withdrawn"),
    }  # fmt: skip
    assert (len(changes["events"]), len(changes["articles"])) == (1, 2)
    new = rows(tmp_path / "new")
    brought = updated(rows(tmp_path / "old"), changes)
    # Entities that nothing speaks of any more stay in an older data set.
    for table in set(new) - {"entities"}:
        assert brought[table] == new[table], table


def test_nothing_new_gives_an_empty_data_set_of_changes(store: Store, tmp_path: Path) -> None:
    report(store, "CHN")
    merge_events(store)
    export_dataset(store, tmp_path / "old", "jsonl", EventQuery())
    before = store.db.execute("SELECT * FROM history").fetchall()
    store.clear_tags()
    tag(store, "chn", ban(TEXT.format("China")))
    merge_events(store)
    assert store.db.execute("SELECT * FROM history").fetchall() == before
    files = export_dataset(
        store, tmp_path / "changes", "jsonl", EventQuery(), Options(changes_since=str(tmp_path / "old"))
    )
    assert {file.name for file in files} >= {"changes.jsonl", "events.jsonl"}
    assert sum(file.rows for file in files) == 0


def test_a_second_report_changes_its_event_and_a_run_or_a_day_says_since_when(
    store: Store, tmp_path: Path
) -> None:
    report(store, "CHN")
    merge_events(store)
    with store.transaction():
        store.db.execute("UPDATE history SET added = '2025-10-20T03:00:00Z'")
    run = store.start_run("tag")
    with store.transaction():
        store.db.execute("UPDATE runs SET started = '2025-11-01T00:00:00Z'")
    put_article(store, "again", TEXT.format("China"), source_id="weekly")
    tag(store, "again", ban(TEXT.format("China")))
    merge_events(store)
    for since in (run, "2025-11-01", "2025-11", "2025-11-01T07:00+07:00"):
        folder = tmp_path / since
        export_dataset(store, folder, "csv", EventQuery(), Options(changes_since=since))
        told = {(row["kind"], row["change"]) for row in rows(folder)["changes"].values()}
        assert ("events", "changed") in told
        assert ("articles", "added") in told
    export_dataset(store, tmp_path / "all", "csv", EventQuery(), Options(changes_since="2025-10-01"))
    told = {(row["kind"], row["change"]) for row in rows(tmp_path / "all")["changes"].values()}
    assert ("events", "added") in told


def test_a_page_that_was_taken_down_is_a_withdrawn_article(store: Store, tmp_path: Path) -> None:
    report(store, "CHN")
    merge_events(store)
    export_dataset(store, tmp_path / "old", "csv", EventQuery())
    with store.transaction():
        store.db.execute("UPDATE articles SET removed = '2999-01-01T00:00:00Z'")
    merge_events(store)
    export_dataset(
        store, tmp_path / "changes", "csv", EventQuery(), Options(changes_since=str(tmp_path / "old"))
    )
    told = [(row["kind"], row["change"]) for row in rows(tmp_path / "changes")["changes"].values()]
    assert told == [("articles", "withdrawn")]


def test_unfinished_work_and_unknown_moments_are_told(store: Store, tmp_path: Path) -> None:
    report(store, "CHN")
    with pytest.raises(WorkError, match="Finish it with 'dateline tag'"):
        export_dataset(store, tmp_path / "out", "csv", EventQuery(), Options(changes_since="2025-01-01"))
    merge_events(store)
    with pytest.raises(UsageError, match="'yesterday' is no run of this database, no date"):
        export_dataset(store, tmp_path / "out", "csv", EventQuery(), Options(changes_since="yesterday"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet"])
def test_two_data_sets_are_compared_in_words(store: Store, tmp_path: Path, name: str) -> None:
    report(store, "CHN", stage="announced")
    report(store, "JPN")
    merge_events(store)
    export_dataset(store, tmp_path / "old", name, EventQuery())
    tag(store, "chn", ban(TEXT.format("China"), stage="in_force"))
    put_article(store, "jpn", "Japan banned nothing.", fetched=NOW.replace(hour=9))
    tag(store, "jpn")
    report(store, "IDN")
    merge_events(store)
    export_dataset(store, tmp_path / "new", name, EventQuery(), Options(licence="CC0-1.0"))
    comparison = compare(tmp_path / "old", tmp_path / "new")
    assert "The licence differs: CC-BY-4.0, then CC0-1.0." in list(comparison.settings())
    told = {(d.table, d.change): d.words for d in comparison.differences()}
    assert "stage was announced, is in_force" in told["events", "changed"]
    assert told["events", "added"] == "2025-10-20 Indonesia SANCTION export_ban rare_earths in_force"
    assert "Japan SANCTION" in told["events", "withdrawn"]
    assert "text was Japan banned exports" in told["articles", "changed"]
    assert list(compare(tmp_path / "new", tmp_path / "new").differences()) == []


def test_a_database_from_before_knows_when_its_rows_came(store: Store, tmp_path: Path) -> None:
    """The migration fills the history of what was there from the articles."""
    report(store, "CHN")
    merge_events(store)
    fetched = store.db.execute("SELECT fetched FROM articles").fetchone()[0]
    script = (Path(__file__).parents[3] / "db/migrations/0007_history.sql").read_text()
    old = sqlite3.connect(store.path)
    for (name,) in old.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'touched%'"
    ).fetchall():
        old.execute(f"DROP TRIGGER {name}")
    old.executescript("DROP TABLE touched; DROP TABLE history;" + script)
    assert set(old.execute("SELECT kind, added FROM history")) == {
        ("articles", fetched), ("events", fetched), ("measures", fetched),
    }  # fmt: skip
    old.close()
    merge_events(store)
    assert store.db.execute("SELECT count(*) FROM history WHERE digest IS NULL").fetchone()[0] == 0
    assert store.db.execute("SELECT count(*) FROM history WHERE changed IS NOT NULL").fetchone()[0] == 0
