"""Every stored value has a witness, and a witness that is gone or changed is named."""

from __future__ import annotations

import contextlib
import gzip
import zlib
from pathlib import Path

import pytest

from db.merge import merge_events
from db.store import Store
from db.verification import content_hash, verify
from tests.db.world import article_id, ban, put_article, tag

TEXT = "China banned exports of rare earths to the United States."


@pytest.fixture
def filled(store: Store) -> Store:
    put_article(store, "one", TEXT)
    tag(store, "one", ban(TEXT))
    merge_events(store)
    return store


def faults(store: Store) -> list[str]:
    return list(verify(store))


def test_a_sound_store_has_no_faults(filled: Store) -> None:
    assert faults(filled) == []


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("UPDATE articles SET text = replace(text, 'rare', 'bare')", "articles a.*text_sha256"),
        ("UPDATE mentions SET start = 1, text = 'hina'", None),
        ("UPDATE mentions SET text = 'Chile'", "mentions m.*'Chile' is not what stands at 0-5: 'China'"),
        ('UPDATE mentions SET "end" = 5000', "outside its document"),
        ("UPDATE event_mentions SET trigger_text = 'allowed'", "the trigger 'allowed' is not what stands at"),
        ("UPDATE event_mentions SET coding = replace(coding, ':\"China\"', ':\"Japan\"')", "actor 'Japan'"),
        ("UPDATE articles SET warc_offset = 3", "no readable page begins there|no page lies there"),
        ("UPDATE articles SET warc_file = 'gone.warc.gz'", "gone.warc.gz.*the file is not there"),
    ],
)  # fmt: skip
def test_a_changed_value_is_found_and_named(filled: Store, sql: str, named: str | None) -> None:
    import re

    filled.db.execute(sql)
    filled.db.conn.commit()
    found = faults(filled)
    if named is None:
        assert found == []  # another span whose text is still its slice
    else:
        assert any(re.search(named, fault) for fault in found), found


def test_one_flipped_byte_of_the_archive_is_found(filled: Store) -> None:
    [file] = list(filled.archive.iterdir())
    content = bytearray(file.read_bytes())
    offset = filled.db.execute("SELECT warc_offset FROM articles").fetchone()[0]
    for place in range(offset + 30, len(content), 17):
        damaged = content.copy()
        damaged[place] ^= 0x10
        with contextlib.suppress(OSError, EOFError, zlib.error):
            if gzip.decompress(damaged) == gzip.decompress(content):
                continue  # one of the bits that fill up the last byte of a packed record and hold nothing
        file.write_bytes(damaged)
        assert faults(filled), f"the flipped byte at {place} was not found"
    file.write_bytes(content)
    assert faults(filled) == []


def test_a_row_without_its_parent_is_named(filled: Store) -> None:
    filled.db.execute("PRAGMA foreign_keys = OFF")
    filled.db.execute("DELETE FROM entities")
    filled.db.conn.commit()
    assert any("mentions row" in fault and "entities" in fault for fault in faults(filled))


def test_the_content_hash_ignores_when_and_where_and_nothing_else(filled: Store) -> None:
    before = content_hash(filled.db)
    filled.db.execute("UPDATE articles SET fetched = '2030-01-01T00:00:00Z', warc_file = 'other'")
    assert content_hash(filled.db) == before
    filled.db.execute(
        "UPDATE mentions SET role = 'Premier' WHERE article_id = ?", [article_id(filled, "one")]
    )
    assert content_hash(filled.db) != before


def test_the_archive_stands_beside_the_database(store: Store, tmp_path: Path) -> None:
    assert store.archive == tmp_path / "test-archive"
