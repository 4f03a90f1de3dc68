"""An export holds what the query chose, says what it is, and is the same to the last byte each time."""

from __future__ import annotations

import csv
import hashlib
import json
from pathlib import Path

import pytest

from db.errors import WorkError
from db.exporting.dataset import export_dataset
from db.exporting.formats import known_formats
from db.merge import merge_events
from db.query import EventQuery
from db.store import Store
from tests.db.world import NAMES, ban, party, put_article, tag

CHINA = "China banned exports of rare earths, it said."
JAPAN = 'Japan banned exports of "rare earths",\nit said.'


@pytest.fixture
def filled(store: Store) -> Store:
    put_article(store, "china", CHINA, title="=1+1")
    put_article(store, "japan", JAPAN, source_id="weekly")
    document = "=1+1\n\n" + CHINA
    tag(store, "china", ban(document))
    tag(store, "japan", ban(JAPAN, "JPN", actor=(party(JAPAN, NAMES["JPN"], "JPN"),)))
    merge_events(store)
    return store


def test_only_the_chosen_events_and_what_belongs_to_them_are_written(filled: Store, tmp_path: Path) -> None:
    files = export_dataset(filled, tmp_path / "out", "jsonl", EventQuery(actor="JPN"))
    rows = {f.name: f.rows for f in files}
    assert (rows["events.jsonl"], rows["articles.jsonl"], rows["event_mentions.jsonl"]) == (1, 1, 1)
    [event] = [json.loads(line) for line in (tmp_path / "out/events.jsonl").read_text().splitlines()]
    assert event["actor"][0]["country"] == "JPN"
    [mention] = [
        json.loads(line) for line in (tmp_path / "out/event_mentions.jsonl").read_text().splitlines()
    ]
    assert mention["coding"]["event_type"] == "SANCTION"
    [article] = [json.loads(line) for line in (tmp_path / "out/articles.jsonl").read_text().splitlines()]
    assert article["text"] == JAPAN


@pytest.mark.parametrize("file_format", sorted(known_formats()))
def test_the_same_query_twice_gives_the_same_bytes(filled: Store, tmp_path: Path, file_format: str) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for folder in (first, second):
        export_dataset(filled, folder, file_format, EventQuery())
    names = sorted(p.relative_to(first) for p in first.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(second) for p in second.rglob("*") if p.is_file())
    assert len(names) >= 8
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_package_names_every_file_with_rows_and_hash(filled: Store, tmp_path: Path) -> None:
    export_dataset(filled, tmp_path / "out", "csv", EventQuery(commodity="rare_earths"))
    package = json.loads((tmp_path / "out/datapackage.json").read_text())
    assert package["query"] == {"commodity": "rare_earths"}
    for resource in package["resources"]:
        content = (tmp_path / "out" / resource["path"]).read_bytes()
        assert resource["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
        if resource["format"] == "csv":
            assert resource["rows"] == len(list(csv.DictReader(content.decode().splitlines(keepends=True))))


def test_csv_keeps_quotes_and_line_breaks_and_runs_no_formula(filled: Store, tmp_path: Path) -> None:
    export_dataset(filled, tmp_path / "out", "csv", EventQuery())
    with (tmp_path / "out/articles.csv").open(newline="") as file:
        articles = {row["text"]: row for row in csv.DictReader(file)}
    assert articles[CHINA]["title"] == "'=1+1"
    assert JAPAN in articles


def test_an_empty_choice_gives_files_with_headers(filled: Store, tmp_path: Path) -> None:
    export_dataset(filled, tmp_path / "out", "csv", EventQuery(stage="rejected"))
    header = (tmp_path / "out/events.csv").read_text().splitlines()
    assert len(header) == 1
    assert header[0].startswith("id,event_type,")


def test_a_folder_with_other_files_is_left_alone(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "desk"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    with pytest.raises(WorkError, match=r"holds other files \(thesis.txt"):
        export_dataset(filled, folder, "csv", EventQuery())
    assert [p.name for p in folder.iterdir()] == ["thesis.txt"]
