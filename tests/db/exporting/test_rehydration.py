"""A data set without words gets exactly its words back, and only from the texts that it was made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from db.errors import UsageError, WorkError
from db.exporting.dataset import Options, export_dataset
from db.exporting.formats import known_formats
from db.exporting.rehydration import rehydrate
from db.merge import merge_events
from db.query import EventQuery
from db.store import Store, open_store
from tests.db.world import NOW, ban, put_article, tag

TEXTS = {
    "china": "China banned exports of rare earths, it said.",
    "japan": 'Japan banned exports of "rare earths",\nit said. 👩🏽‍🚒',
    "indonesia": "=Indonesia banned exports of rare earths\x00, it said.",
}
CODES = {"china": "CHN", "japan": "JPN", "indonesia": "IDN"}


def fill(store: Store, texts: dict[str, str]) -> None:
    for name, text in texts.items():
        put_article(store, name, text, title="Ban")
        if text in TEXTS.values():
            tag(store, name, ban(f"Ban\n\n{text}", CODES[name]))
    merge_events(store)


@pytest.fixture
def publisher(store: Store) -> Store:
    fill(store, TEXTS)
    return store


@pytest.fixture
def reader(tmp_path: Path) -> Iterator[Store]:
    """Another crawl of the same sites."""
    with open_store(tmp_path / "mine.db") as opened:
        yield opened


def wordless(publisher: Store, tmp_path: Path, name: str) -> Path:
    export_dataset(publisher, tmp_path / "published", name, EventQuery(), Options(texts=False))
    return tmp_path / "published"


@pytest.mark.parametrize("name", [n for n, f in known_formats().items() if not f.needs_texts])
def test_without_texts_no_words_of_an_article_are_in_any_file(
    publisher: Store, tmp_path: Path, name: str
) -> None:
    folder = wordless(publisher, tmp_path, name)
    for path in folder.rglob("*.*"):
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content = repr(pq.read_table(path).to_pylist()).encode()
        # Of the parties, the names stay: they say who it was.
        for words in (b"it said", b"exports of rare", b'"text": "China"'):
            assert words not in content, path.name


@pytest.mark.parametrize("name", ["csv", "jsonl", "parquet", "huggingface"])
def test_from_a_full_crawl_it_becomes_the_data_set_it_was(
    publisher: Store, reader: Store, tmp_path: Path, name: str
) -> None:
    fill(reader, TEXTS)
    found = list(rehydrate(reader, wordless(publisher, tmp_path, name), tmp_path / "full"))
    assert [looked.status for looked in found] == ["found"] * 3
    export_dataset(publisher, tmp_path / "original", name, EventQuery())
    names = sorted(p.relative_to(tmp_path / "original") for p in (tmp_path / "original").rglob("*.*"))
    assert names == sorted(p.relative_to(tmp_path / "full") for p in (tmp_path / "full").rglob("*.*"))
    for path in names:
        assert (tmp_path / "full" / path).read_bytes() == (tmp_path / "original" / path).read_bytes(), path


def test_what_is_missing_or_changed_is_told_and_stays_without_words(
    publisher: Store, reader: Store, tmp_path: Path
) -> None:
    fill(reader, {"china": TEXTS["china"], "japan": "Japan bans nothing, it says now."})
    looked = list(rehydrate(reader, wordless(publisher, tmp_path, "jsonl"), tmp_path / "full"))
    told = {look.url.rpartition("/")[2]: look.status for look in looked}
    assert told == {"china": "found", "japan": "changed", "indonesia": "missing"}
    lines = (tmp_path / "full/event_mentions.jsonl").read_bytes().splitlines()
    texts = sorted(str(json.loads(line)["text"]) for line in lines)
    assert texts == ["Ban\n\n" + TEXTS["china"], "None", "None"]
    articles = [json.loads(line) for line in (tmp_path / "full/articles.jsonl").read_bytes().splitlines()]
    assert [a["text"] is None for a in articles].count(True) == 2


def test_an_earlier_version_of_an_article_will_do(publisher: Store, reader: Store, tmp_path: Path) -> None:
    fill(reader, TEXTS)
    put_article(reader, "china", "China banned nothing.", title="Ban", fetched=NOW.replace(hour=9))
    looked = list(rehydrate(reader, wordless(publisher, tmp_path, "csv"), tmp_path / "full"))
    assert {look.status for look in looked} == {"found"}
    assert TEXTS["china"] in (tmp_path / "full/event_mentions.csv").read_text()


def test_a_data_set_that_was_tampered_with_is_refused(
    publisher: Store, reader: Store, tmp_path: Path
) -> None:
    folder = wordless(publisher, tmp_path, "csv")
    events = (folder / "events.csv").read_text()
    (folder / "events.csv").write_text(events.replace("SANCTION", "SANKTION", 1))
    with pytest.raises(WorkError, match=r"events.csv is not as it was written"):
        list(rehydrate(reader, folder, tmp_path / "full"))
    assert not (tmp_path / "full").exists()


def test_a_data_set_with_its_texts_or_of_documents_is_refused(
    publisher: Store, reader: Store, tmp_path: Path
) -> None:
    export_dataset(publisher, tmp_path / "csv", "csv", EventQuery())
    with pytest.raises(UsageError, match="has its texts"):
        list(rehydrate(reader, tmp_path / "csv", tmp_path / "full"))
    export_dataset(publisher, tmp_path / "gdelt", "gdelt", EventQuery(), Options(texts=False))
    with pytest.raises(UsageError, match="in the format gdelt; what can be read back are csv"):
        list(rehydrate(reader, tmp_path / "gdelt", tmp_path / "full"))
    with pytest.raises(UsageError, match="holds no data set"):
        list(rehydrate(reader, tmp_path, tmp_path / "full"))
