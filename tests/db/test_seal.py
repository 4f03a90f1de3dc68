"""One flipped byte, wherever it stands, is found and named; nothing else is."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from db.errors import DatelineError
from db.merge import merge_events
from db.seal import read_seal, seal_path, seal_store
from db.store import Store, open_store
from db.verification import verify
from tests.db.world import ban, put_article, tag

TEXT = "China banned exports of rare earths to the United States."
SEED = 20251020


def make(path: Path) -> None:
    with open_store(path) as store:
        for number in range(12):
            text = f"{TEXT} It is report {number}."
            put_article(store, f"n{number}", text, published=f"2025-10-{number + 1:02}T02:00:00Z")
            tag(store, f"n{number}", ban(text))
        merge_events(store)
        assert seal_store(store)


def faults(path: Path) -> list[str]:
    try:
        with open_store(path, "read") as store:
            return list(verify(store))
    except DatelineError as error:
        return [str(error)]


def test_a_flipped_byte_anywhere_in_the_database_is_found_and_named(tmp_path: Path) -> None:
    path = tmp_path / "sealed.db"
    make(path)
    assert faults(path) == []
    sound = path.read_bytes()
    chosen = random.Random(SEED)
    for place in [0, 60, len(sound) - 1, *(chosen.randrange(len(sound)) for _ in range(60))]:
        damaged = bytearray(sound)
        damaged[place] ^= 1 << chosen.randrange(8)
        path.write_bytes(damaged)
        found = faults(path)
        page = place // 8192 + 1
        named = [f for f in found if f"page {page} of" in f or path.name in f or "database" in f]
        assert named, f"byte {place} on page {page}: {found}"
    path.write_bytes(sound)
    assert faults(path) == []


def test_a_flipped_byte_anywhere_in_the_archive_is_found_and_named(tmp_path: Path) -> None:
    path = tmp_path / "sealed.db"
    make(path)
    chosen = random.Random(SEED)
    file = chosen.choice(sorted((tmp_path / "sealed-archive").iterdir()))
    sound = file.read_bytes()
    for place in (0, 5, len(sound) - 1, *(chosen.randrange(len(sound)) for _ in range(20))):
        damaged = bytearray(sound)
        damaged[place] ^= 0x04
        file.write_bytes(damaged)
        assert any(file.name in fault for fault in faults(path)), place
    file.unlink()
    assert any(f"{file.name}: the file cannot be read" in fault for fault in faults(path))


def test_what_is_written_after_the_seal_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "sealed.db"
    make(path)
    with open_store(path) as store:
        put_article(store, "later", "Japan banned exports.")
    assert faults(path) == []
    with open_store(path) as store:
        assert seal_store(store)
    assert faults(path) == []


def test_what_is_written_behind_dateline_s_back_is_a_fault(tmp_path: Path) -> None:
    path = tmp_path / "sealed.db"
    make(path)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE mentions SET rule = 'by somebody else'")
    other.close()
    assert any("(of mentions)" in fault for fault in faults(path))


def test_a_damaged_seal_says_so(tmp_path: Path) -> None:
    path = tmp_path / "sealed.db"
    make(path)
    seal = seal_path(path)
    content = bytearray(seal.read_bytes())
    content[-3] ^= 1
    seal.write_bytes(content)
    assert [fault for fault in faults(path) if "the seal is damaged" in fault]


def test_no_seal_is_written_while_a_reader_holds_the_log(store: Store) -> None:
    put_article(store, "one", TEXT)
    reader = sqlite3.connect(store.path)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM articles").fetchone()
    put_article(store, "two", TEXT)
    assert not seal_store(store)
    assert read_seal(store.path) is None
    reader.close()
    assert seal_store(store)


@pytest.mark.parametrize("same", [True, False])
def test_a_transaction_without_a_change_leaves_the_seal_valid(store: Store, same: bool) -> None:
    put_article(store, "one", TEXT)
    before = store.db.execute("PRAGMA user_version").fetchone()
    with store.transaction():
        store.db.execute("UPDATE articles SET title = 'Other' WHERE title IS ?", ["" if same else None])
    assert (store.db.execute("PRAGMA user_version").fetchone() == before) == same
