"""Cells hold whatever an article holds, come back as they were, and run nothing."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pandas
import polars
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.exporting.dataset import export_dataset
from db.options import cell_value, csv_cell
from db.query import EventQuery
from db.store import Store
from tests.db.world import put_article

HOSTILE = {
    "formula": '=HYPERLINK("http://bad.example","click")',
    "minus": "-1+1 said the minister",
    "plus": "+84 is the code",
    "at": "@SUM(A1)",
    "tab": "\t=1+1",
    "wide": "＝1+1",
    "guarded": "'=1+1",
    "quotes": 'He said "no", twice; "" and \'yes\'',
    "lines": "one\ntwo\r\nthree\rfour\u2028five",
    "nul": "before\x00after",
    "scripts": "Tập Cận Bình 习近平 🇻🇳 👩🏽‍🚒 e\u0301 \ufeff \u202e",
    "commas": ",,;;\t||",
    "long": "đất hiếm, " * 100_000,
}


@pytest.fixture
def hostile(store: Store) -> Store:
    for name, text in HOSTILE.items():
        put_article(store, name, text)
    return store


def by_name(rows: list[tuple[str, str]]) -> dict[str, str]:
    return {url.rpartition("/")[2]: text for url, text in rows}


def test_every_cell_comes_back_from_csv(hostile: Store, tmp_path: Path) -> None:
    export_dataset(hostile, tmp_path / "out", "csv", EventQuery())
    csv.field_size_limit(1 << 24)
    with (tmp_path / "out/articles.csv").open(newline="", encoding="utf-8") as file:
        rows = [(row["url"], cell_value(row["text"])) for row in csv.DictReader(file)]
    assert by_name(rows) == HOSTILE


def test_every_cell_comes_back_from_json_lines(hostile: Store, tmp_path: Path) -> None:
    export_dataset(hostile, tmp_path / "out", "jsonl", EventQuery())
    with (tmp_path / "out/articles.jsonl").open(encoding="utf-8", newline="\n") as file:
        rows = [json.loads(line) for line in file]
    assert by_name([(row["url"], row["text"]) for row in rows]) == HOSTILE


def test_every_cell_comes_back_from_parquet(hostile: Store, tmp_path: Path) -> None:
    export_dataset(hostile, tmp_path / "out", "parquet", EventQuery())
    table = pq.read_table(tmp_path / "out/articles.parquet")
    assert by_name(list(zip(table["url"].to_pylist(), table["text"].to_pylist(), strict=True))) == HOSTILE


def test_pandas_and_polars_read_the_same_cells(hostile: Store, tmp_path: Path) -> None:
    export_dataset(hostile, tmp_path / "out", "csv", EventQuery())
    frame = pandas.read_csv(tmp_path / "out/articles.csv", dtype=str, keep_default_na=False)
    read = by_name(list(zip(frame["url"], map(cell_value, frame["text"]), strict=True)))
    # The quick parser of pandas ends a cell at NUL; its Python parser and all others do not.
    assert read.pop("nul") in (HOSTILE["nul"], "before")
    assert read == {name: text for name, text in HOSTILE.items() if name != "nul"}
    columns = polars.read_csv(tmp_path / "out/articles.csv", infer_schema=False)
    rows = zip(columns["url"].to_list(), map(cell_value, columns["text"].to_list()), strict=True)
    assert by_name(list(rows)) == HOSTILE


def test_no_cell_of_a_csv_file_is_a_formula(hostile: Store, tmp_path: Path) -> None:
    export_dataset(hostile, tmp_path / "out", "csv", EventQuery())
    csv.field_size_limit(1 << 24)
    for path in (tmp_path / "out").glob("*.csv"):
        with path.open(newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                for name, cell in row.items():
                    number = name in ("goldstein", "plover_score", "value")
                    assert number or not cell.lstrip(" ").startswith(tuple("=+-@\t\r\n＝＋－＠")), (
                        path.name,
                        name,
                    )


@pytest.mark.parametrize(
    "name", ["brat", "conll", "iob", "prodigy", "doccano", "label-studio", "web-annotation"]
)
def test_documents_with_any_characters_can_be_written(hostile: Store, tmp_path: Path, name: str) -> None:
    files = export_dataset(hostile, tmp_path / "out", name, EventQuery())
    assert all((tmp_path / "out" / file.name).stat().st_size == file.bytes for file in files)


@given(st.text())
def test_a_guarded_cell_gives_its_text_back(text: str) -> None:
    assert cell_value(csv_cell(text)) == text
