"""A backup is whole, equal and proven, and is taken while others write."""

from __future__ import annotations

import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from db.backup import backup_store
from db.errors import InputFileError, VerificationFailed
from db.merge import merge_events
from db.store import Store, open_store
from db.verification import content_hash, verify
from tests.db.world import ban, put_article, tag

TEXT = "China banned exports of rare earths to the United States."


@pytest.fixture
def filled(store: Store) -> Store:
    put_article(store, "one", TEXT)
    tag(store, "one", ban(TEXT))
    merge_events(store)
    return store


def test_a_backup_is_a_sound_store_with_the_same_content(filled: Store, tmp_path: Path) -> None:
    made = backup_store(filled.path, tmp_path / "copy.db")
    assert (made.articles, made.archive_copied) == (1, 1)
    with open_store(made.path, "read") as copy:
        assert content_hash(copy.db) == content_hash(filled.db) == made.content_hash
        assert list(verify(copy)) == []


def test_a_second_backup_replaces_the_first_and_copies_only_new_archive_files(
    filled: Store, tmp_path: Path
) -> None:
    backup_store(filled.path, tmp_path / "copy.db")
    put_article(filled, "two", "Japan banned exports.")
    made = backup_store(filled.path, tmp_path / "copy.db")
    assert (made.articles, made.archive_copied, made.archive_kept) == (2, 1, 1)
    with open_store(made.path, "read") as copy:
        assert list(verify(copy)) == []


def test_a_backup_is_taken_while_another_process_writes(filled: Store, tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from db.store import open_store
        from tests.db.world import put_article
        with open_store(Path(sys.argv[1])) as store:
            number = 0
            while not Path(sys.argv[2]).exists():
                put_article(store, f"w{number}", f"Text {number} " * 200, source_id="writer")
                number += 1
                print(number, flush=True)
    """)
    stop = tmp_path / "stop"
    writer = subprocess.Popen(
        [sys.executable, "-c", script, str(filled.path), str(stop)], stdout=subprocess.PIPE, text=True
    )
    assert writer.stdout is not None
    writer.stdout.readline()
    try:
        for number in range(3):
            made = backup_store(filled.path, tmp_path / f"copy{number}.db")
            with open_store(made.path, "read") as copy:
                assert list(verify(copy)) == []
                assert copy.db.execute("SELECT count(*) FROM articles").fetchone()[0] == made.articles > 1
    finally:
        stop.touch()
        writer.communicate(timeout=30)
    assert writer.returncode == 0


def test_a_copy_that_is_not_equal_is_refused_and_the_former_backup_stays(
    filled: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "copy.db"
    backup_store(filled.path, target)
    before = target.read_bytes()
    # A disk that returns other bytes than were written can't be produced here: the hash of the copy stands in for it.
    hashes = iter(["as it was", "as it came out"])
    monkeypatch.setattr("db.backup.content_hash", lambda db: next(hashes))
    with pytest.raises(VerificationFailed, match="not sound: its content hash is not that of the original"):
        backup_store(filled.path, target)
    assert target.read_bytes() == before
    assert not list(tmp_path.glob("*.part"))


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("test.db", "is the store itself"),
        ("nowhere/copy.db", "does not exist. Create it"),
        (".", "is a folder"),
    ],
)
def test_an_unfit_target_is_refused(filled: Store, tmp_path: Path, target: str, said: str) -> None:
    with pytest.raises(InputFileError, match=said):
        backup_store(filled.path, tmp_path / target)
