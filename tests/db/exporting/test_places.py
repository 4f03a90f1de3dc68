"""Places in documents are counted as their tool counts, past characters that take two units in UTF-16."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from db.exporting.dataset import export_dataset
from db.merge import merge_events
from db.query import EventQuery
from db.store import Store
from tests.db.world import ban, party, put_article, tag

TEXT = "🚢🇻🇳 China banned 🪨 exports of rare earths to Japan, 习近平 said."
WORDS = {"China", "banned", "Japan"}


@pytest.fixture
def emoji(store: Store) -> Store:
    put_article(store, "emoji", TEXT, title="𝟜 ships 👨🏻‍🚒")
    document = f"𝟜 ships 👨🏻‍🚒\n\n{TEXT}"
    tag(store, "emoji", ban(document, recipient=(party(document, "Japan", "JPN"),)))
    merge_events(store)
    return store


def export(store: Store, folder: Path, name: str) -> Path:
    export_dataset(store, folder / name, name, EventQuery())
    return folder / name


def record(path: Path) -> dict[str, Any]:
    [line] = path.read_text().splitlines()
    read: dict[str, Any] = json.loads(line)
    return read


def test_doccano_counts_utf16_code_units(emoji: Store, tmp_path: Path) -> None:
    document = record(export(emoji, tmp_path, "doccano") / "documents.jsonl")
    units = document["text"].encode("utf-16-le")
    assert len(units) // 2 > len(document["text"])
    words = {units[2 * start : 2 * end].decode("utf-16-le") for start, end, _ in document["label"]}
    assert words == WORDS
    assert [[e["start_offset"], e["end_offset"], e["label"]] for e in document["entities"]] == document[
        "label"
    ]
    assert document["meta"]["offsets"] == "UTF-16 code units"


def test_label_studio_counts_characters(emoji: Store, tmp_path: Path) -> None:
    [task] = json.loads((export(emoji, tmp_path, "label-studio") / "tasks.json").read_text())
    values = [r["value"] for r in task["predictions"][0]["result"] if r["type"] == "labels"]
    text = task["data"]["text"]
    assert {text[v["start"] : v["end"]] for v in values} == {v["text"] for v in values} == WORDS


def test_prodigy_counts_characters(emoji: Store, tmp_path: Path) -> None:
    document = record(export(emoji, tmp_path, "prodigy") / "documents.jsonl")
    text = document["text"]
    assert {text[s["start"] : s["end"]] for s in document["spans"]} == WORDS
    assert all(text[t["start"] : t["end"]] == t["text"] for t in document["tokens"])


def test_brat_counts_characters(emoji: Store, tmp_path: Path) -> None:
    [page] = export(emoji, tmp_path, "brat").glob("0000/*.ann")
    text = page.with_suffix(".txt").read_text(encoding="utf-8")
    bound = re.findall(r"^T\d+\t\S+ (\d+) (\d+)\t(.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    assert {words for _, _, words in bound} == WORDS
    assert all(text[int(start) : int(end)] == words for start, end, words in bound)


def test_web_annotations_count_characters(emoji: Store, tmp_path: Path) -> None:
    folder = export(emoji, tmp_path, "web-annotation")
    items = json.loads((folder / "page-00001.jsonld").read_text())["items"]
    document = f"𝟜 ships 👨🏻‍🚒\n\n{TEXT}"
    for item in items:
        position, quote = item["target"]["selector"]
        assert document[position["start"] : position["end"]] == quote["exact"]
    assert {"China", "Japan"} <= {item["target"]["selector"][1]["exact"] for item in items}
