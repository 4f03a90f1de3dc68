"""Each format is read back by its own tool and holds what the store holds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import datasets
import pandas
import polars
import pyarrow.parquet as pq
import pyreadstat
import pytest
import spacy
from bioc import brat
from spacy.tokens import DocBin
from spacy.training.converters import conll_ner_to_docs

from db.exporting import selection, statistics_tables
from db.exporting.dataset import export_dataset
from db.exporting.tables import load_tables
from db.query import EventQuery
from db.store import open_store
from nlp.layers import read_layer
from tests.dateline.exporting.exports import Exports

STORED = sorted(set(load_tables()) - {"reviews", "changes"})


def stored_column(exports: Exports, table: str, column: str) -> list[Any]:
    key = ", ".join(f'"{name}"' for name in load_tables()[table].key)
    return [row[0] for row in exports.rows(f'SELECT "{column}" FROM {table} ORDER BY {key}')]


def test_pandas_reads_the_csv_files(exports: Exports) -> None:
    for table in STORED:
        frame = pandas.read_csv(exports.of("csv") / f"{table}.csv", dtype=str, keep_default_na=False)
        assert len(frame) == exports.counts()[table]
    articles = pandas.read_csv(exports.of("csv") / "articles.csv", dtype=str, keep_default_na=False)
    assert articles["text"].tolist() == stored_column(exports, "articles", "text")
    values = pandas.read_csv(exports.of("csv") / "observations.csv")["value"]
    assert values.tolist() == stored_column(exports, "observations", "value")


def test_polars_reads_csv_json_lines_and_parquet(exports: Exports) -> None:
    texts = stored_column(exports, "articles", "text")
    assert polars.read_csv(exports.of("csv") / "articles.csv")["text"].to_list() == texts
    assert polars.read_ndjson(exports.of("jsonl") / "articles.jsonl")["text"].to_list() == texts
    assert polars.read_parquet(exports.of("parquet") / "articles.parquet")["text"].to_list() == texts


def test_parquet_has_the_stores_values_and_types(exports: Exports) -> None:
    for table in STORED:
        read = pq.read_table(exports.of("parquet") / f"{table}.parquet")
        assert read.num_rows == exports.counts()[table]
        for column in read.column_names:
            if table != "events" or column in ("id", "quad", "goldstein", "day", "measure_id"):
                assert read[column].to_pylist() == stored_column(exports, table, column), (table, column)


def test_parquet_by_month_is_one_data_set_for_its_readers(exports: Exports) -> None:
    import pyarrow.dataset as ds

    folder = exports.of("parquet", partition="month")
    events = ds.dataset(folder / "events", partitioning="hive").to_table()
    assert sorted(events["id"].to_pylist()) == stored_column(exports, "events", "id")
    for month, day in zip(events["month"].to_pylist(), events["day"].to_pylist(), strict=True):
        assert day.startswith(month)


def test_json_lines_hold_events_with_their_parts(exports: Exports) -> None:
    events = [json.loads(line) for line in (exports.of("jsonl") / "events.jsonl").read_text().splitlines()]
    parties = exports.rows(
        "SELECT event_id, side, name, text, entity_id, country, sector, role FROM event_actors"
        " ORDER BY event_id, side, position"
    )
    keys = ("name", "text", "entity_id", "country", "sector", "role")
    found = [
        (event["id"], side, *(party[key] for key in keys))
        for event in events
        for side in ("actor", "recipient")
        for party in event[side]
    ]
    assert found == parties
    goods = {(e["id"], g["name"], json.dumps(g["hs"])) for e in events for g in e["commodities"]}
    assert goods == set(exports.rows("SELECT event_id, name, hs FROM event_commodities"))


def test_hugging_face_datasets_loads_every_configuration_offline(
    exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(datasets.config, "HF_HUB_OFFLINE", True)
    folder = str(exports.of("huggingface"))
    names = datasets.get_dataset_config_names(folder)
    assert sorted(names) == sorted(t for t, n in exports.counts().items() if n)
    datasets.disable_progress_bars()
    events = datasets.load_dataset(folder, cache_dir=str(tmp_path), split="train")
    assert events["id"] == stored_column(exports, "events", "id")
    quantities = datasets.load_dataset(folder, "quantities", cache_dir=str(tmp_path), split="train")
    assert list(quantities["value"]) == stored_column(exports, "quantities", "value")


def test_docbin_gives_back_every_layer_and_overlapping_spans(exports: Exports) -> None:
    held, overlaps = {}, 0
    for path in sorted(exports.of("spacy").glob("*.spacy")):
        vocab = spacy.blank("en").vocab
        for doc in DocBin().from_disk(path).get_docs(vocab):
            held[doc.user_data["dateline"]["id"]] = doc
            spans = sorted((s.start, s.end) for s in doc.spans["dateline_quantities"])
            names = {(s.start, s.end) for s in doc.spans["dateline_observations"]}
            overlaps += sum(span in names for span in spans)
            assert all(span.text for span in doc.ents)
    assert {i: doc.text for i, doc in held.items()} == exports.texts()
    assert overlaps > 0
    from db.model import EventMention, Mention

    for article, expected in exports.names().items():
        mentions = read_layer(held[article], Mention)
        assert {(m.start, m.end, m.kind) for m in mentions} == expected
        assert len(held[article].spans["dateline_mentions"]) == len(mentions)
    reports = sum(len(read_layer(doc, EventMention)) for doc in held.values())
    assert reports == exports.counts()["event_mentions"]


def test_brat_files_read_back_with_spans_events_and_parties(exports: Exports) -> None:
    names = exports.names()
    events = 0
    for path in sorted(exports.of("brat").rglob("*.ann")):
        text = path.with_suffix(".txt").read_bytes().decode()
        assert text == exports.texts()[path.stem]
        read = brat.loads(text, path.read_bytes().decode())
        found = set()
        for entity in read.entities:
            start, end = entity.total_span
            assert " ".join(text[start:end].split()) == " ".join(entity.text.split())
            found.add((start, end, entity.type))
        assert names[path.stem] <= found
        events += len(read.events)
        assert all(event.trigger_id and event.type for event in read.events)
    assert events == exports.counts()["event_mentions"]


@pytest.mark.parametrize(("name", "suffix"), [("conll", "conll"), ("iob", "iob")])
def test_conll_and_iob_give_spacy_the_names(exports: Exports, name: str, suffix: str) -> None:
    content = (exports.of(name) / f"documents.{suffix}").read_text()
    if name == "iob":
        content = "\n".join(line for line in content.split("\n") if not line.startswith("# "))
    found = [
        (ent.label_, ent.text.replace(" ", ""))
        for doc in conll_ner_to_docs(content, n_sents=1, no_print=True)
        for ent in doc.ents
    ]
    stored = exports.rows("SELECT kind, text FROM mentions")
    kept = {(kind, "".join(text.split())) for kind, text in stored}
    assert set(found) <= kept
    overlapping = exports.rows(
        "SELECT count(DISTINCT a.id) FROM mentions a JOIN mentions b ON a.article_id = b.article_id AND a.id <> b.id"
        ' AND a.start < b."end" AND b.start < a."end"'
    )[0][0]
    assert len(stored) - overlapping <= len(found) <= len(stored)
    words = sum(bool(line.strip()) for line in content.split("\n") if not line.startswith("-DOCSTART-"))
    assert words > 2000


def test_stata_and_spss_files_hold_values_and_labels(exports: Exports) -> None:
    texts = stored_column(exports, "articles", "text")
    stata, meta = pyreadstat.read_dta(str(exports.of("stata") / "articles.dta"))
    assert stata["text"].tolist() == texts
    assert meta.column_names_to_labels["url"] == "Address it was read at."
    assert pandas.read_stata(exports.of("stata") / "articles.dta")["text"].tolist() == texts
    spss, _ = pyreadstat.read_sav(str(exports.of("spss") / "articles.sav"))
    assert spss["text"].tolist() == texts
    values, _ = pyreadstat.read_sav(str(exports.of("spss") / "observations.sav"))
    assert values["value"].tolist() == stored_column(exports, "observations", "value")


def test_gdelt_scripts_find_their_61_columns(exports: Exports) -> None:
    frame = pandas.read_csv(exports.of("gdelt") / "events.tsv", sep="\t", header=None, quoting=3)
    assert frame.shape == (exports.counts()["events"], 61)
    ids = stored_column(exports, "events", "id")
    assert frame[0].tolist() == [int(i[1:16], 16) for i in ids]
    assert frame[0].is_unique
    assert frame[30].tolist() == pytest.approx(
        [float("nan") if g is None else g for g in stored_column(exports, "events", "goldstein")], nan_ok=True
    )
    assert frame[60].str.startswith("http").all()
    assert frame[1].astype(str).str.fullmatch(r"20\d{6}(\.0)?").all()


def test_polecat_scripts_find_their_columns(exports: Exports) -> None:
    frame = pandas.read_csv(exports.of("polecat") / "events.tsv", sep="\t", quoting=3, dtype=str)
    assert frame["Event ID"].tolist() == stored_column(exports, "events", "id")
    assert frame["Event Type"].tolist() == stored_column(exports, "events", "event_type")
    assert {"Actor Name", "Recipient Country", "Quad Code", "Latitude"} <= set(frame.columns)


def test_geojson_puts_events_where_their_country_is(exports: Exports) -> None:
    collection = json.loads((exports.of("geojson") / "events.geojson").read_text())
    assert [f["id"] for f in collection["features"]] == stored_column(exports, "events", "id")
    placed = [f for f in collection["features"] if f["geometry"]]
    assert len(placed) > len(collection["features"]) / 2
    for feature in placed:
        longitude, latitude = feature["geometry"]["coordinates"]
        if feature["properties"]["actor"] and feature["properties"]["actor"][0]["country"] == "CHN":
            assert 73 < longitude < 135
            assert 18 < latitude < 54


@pytest.mark.parametrize(("name", "suffix"), [("stata", "dta"), ("spss", "sav")])
def test_a_long_table_comes_in_files_that_together_hold_it(
    exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, suffix: str
) -> None:
    monkeypatch.setattr(selection, "ROWS", 100)
    monkeypatch.setattr(statistics_tables, "ROWS_PER_FILE", 250)
    held: list[int] = []

    def write(rows: list[object], *more: Any) -> None:
        held.append(len(rows))
        original(rows, *more)
        assert rows == [], "the rows stay in memory while the next ones are read"

    original = statistics_tables._write_file
    monkeypatch.setattr(statistics_tables, "_write_file", write)
    with open_store(exports.db, "read") as store:
        files = export_dataset(store, tmp_path / "out", name, EventQuery())
    assert max(held) <= 350
    names = [file.name for file in files if file.table == "mentions"]
    assert (
        names == [f"mentions-00{number}.{suffix}" for number in range(1, len(names) + 1)] and len(names) > 1
    )
    read = pyreadstat.read_dta if suffix == "dta" else pyreadstat.read_sav
    ids = [one for file in names for one in read(str(tmp_path / "out" / file))[0]["id"]]
    assert ids == stored_column(exports, "mentions", "id")
    assert f"reviews.{suffix}" in {file.name for file in files if file.rows == 0}
