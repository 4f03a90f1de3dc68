"""What the store promises when processes are killed, work at once, or find no room: real processes, real files."""

from __future__ import annotations

import multiprocessing
import multiprocessing.process
import os
import random
import resource
import shutil
import signal
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from db.errors import StoreError
from db.merge import merge_events
from db.store import Store, open_store
from db.verification import content_hash, verify
from tests.db.world import ban, put_article, tag

KILLS = 100
ARTICLES = 60
NOBODY = 65534


def write_articles(path: Path, last: int, told: BinaryIO | None = None) -> None:
    """Store, tag and merge articles up to a number; each is told once it is committed."""
    with open_store(path) as store:
        known = {url for (url,) in store.db.execute("SELECT url FROM articles WHERE tagger IS NOT NULL")}
        for number in range(last):
            url = f"https://daily.example/n{number}"
            if url in known:
                continue
            text = f"China banned exports of rare earths. It is report {number}. " + f"Word{number} " * 60
            put_article(store, f"n{number}", text, published=f"2025-10-{number % 28 + 1:02}T02:00:00Z")
            tag(store, f"n{number}", ban(text))
            if told is not None:
                told.write(f"{url}\n".encode())
                told.flush()
            if number % 10 == 9:
                merge_events(store)
        merge_events(store)


def start_writer(path: Path, last: int = ARTICLES) -> tuple[multiprocessing.process.BaseProcess, BinaryIO]:
    """A real process of its own, forked so that it need not load the program anew, and what it tells."""
    reading, writing = os.pipe()
    told = os.fdopen(writing, "wb")
    process = multiprocessing.get_context("fork").Process(target=write_articles, args=(path, last, told))
    process.start()
    told.close()
    return process, os.fdopen(reading, "rb")


def half_written(db: sqlite3.Connection) -> list[str]:
    """What a broken promise of one transaction an article would leave behind."""
    questions = {
        "done pages without their article": "SELECT url FROM pages WHERE state = 'done' AND article_id IS NULL",
        "articles without their page": "SELECT id FROM articles WHERE id NOT IN"
        " (SELECT article_id FROM pages WHERE article_id IS NOT NULL)",
        "tagged articles without tags": "SELECT id FROM articles WHERE tagger IS NOT NULL AND id NOT IN"
        " (SELECT article_id FROM event_mentions)",
        "tags of untagged articles": "SELECT article_id FROM event_mentions m JOIN articles a ON a.id = m.article_id"
        " WHERE a.tagger IS NULL",
        "events without actors": "SELECT id FROM events WHERE id NOT IN (SELECT event_id FROM event_actors)",
    }
    found = [f"{what}: {rows}" for what, sql in questions.items() if (rows := db.execute(sql).fetchall())]
    for pragma in ("integrity_check", "foreign_key_check"):
        rows = [row for row in db.execute(f"PRAGMA {pragma}") if row[0] != "ok"]
        found += [f"{pragma}: {row}" for row in rows]
    db.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
    db.rollback()
    return found


def test_a_hundred_kills_leave_nothing_half_written_and_lose_nothing_acknowledged(tmp_path: Path) -> None:
    path, chosen = tmp_path / "killed.db", random.Random(100)
    acknowledged: set[str] = set()
    killed = 0
    for _ in range(KILLS):
        writer, told = start_writer(path)
        for _ in range(chosen.randrange(3)):
            acknowledged.add(told.readline().decode().strip())
        writer.join(timeout=chosen.random() * 0.05)
        killed += writer.is_alive()
        writer.kill()
        writer.join()
        acknowledged |= {line.decode().strip() for line in told}
        told.close()
        if not path.exists():
            continue  # killed before it had made the file
        with sqlite3.connect(path) as db:
            tables = db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
            assert tables == 0 or half_written(db) == []
            stored = (
                {url for (url,) in db.execute("SELECT url FROM articles WHERE tagger IS NOT NULL")}
                if tables
                else set()
            )
        db.close()
        assert acknowledged - {""} <= stored
        if len(stored) >= ARTICLES - 3:
            path.unlink()
            acknowledged.clear()
    assert killed >= KILLS * 0.7, f"only {killed} of {KILLS} writers were at work when they were killed"
    undisturbed = tmp_path / "undisturbed.db"
    for clean in (path, undisturbed):
        write_articles(clean, ARTICLES)
    hashes = []
    for clean in (path, undisturbed):
        with open_store(clean, "read") as store:
            assert list(verify(store)) == []
            hashes.append(content_hash(store.db))
    assert hashes[0] == hashes[1]


def test_a_reader_in_a_loop_sees_no_lock_and_whole_articles_while_another_writes(tmp_path: Path) -> None:
    path = tmp_path / "read.db"
    with open_store(path) as store:
        put_article(store, "first", "China banned exports.")
    writer, told = start_writer(path)
    reads = 0
    seen = set()
    while writer.is_alive():
        with open_store(path, "read") as store:  # a lock error would be raised here
            count, tagged, mentioned = store.db.execute(
                "SELECT (SELECT count(*) FROM articles), (SELECT count(*) FROM articles WHERE tagger IS NOT NULL),"
                " (SELECT count(DISTINCT article_id) FROM event_mentions)"
            ).fetchone()
        assert tagged == mentioned
        assert count - tagged in (0, 1, 2)
        seen.add(count)
        reads += 1
    told.close()
    assert writer.exitcode == 0
    assert reads > 20 and len(seen) > 5


def write_without_room(path: Path, said: Path) -> None:
    """Write until a file may not grow: the limit of the process stands for the end of a disk."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (900_000, 900_000))
    try:
        write_articles(path, 5000)
    except StoreError as error:
        said.write_text(str(error))


def test_a_full_disk_is_one_clear_line_and_the_old_data_are_intact(tmp_path: Path) -> None:
    path, said = tmp_path / "full.db", tmp_path / "said"
    write_articles(path, 3)
    writer = multiprocessing.get_context("fork").Process(target=write_without_room, args=(path, said))
    writer.start()
    writer.join(timeout=120)
    assert writer.exitcode == 0
    line = said.read_text()
    assert (
        "full.db cannot be used" in line and "what was stored before is intact" in line and "\n" not in line
    )
    with open_store(path, "read") as store:
        assert list(verify(store)) == []
        assert store.db.execute("SELECT count(*) FROM articles").fetchone()[0] >= 3


@pytest.fixture
def plain_folder() -> Iterator[Path]:
    """A folder that any user may look into."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


def test_a_folder_that_cannot_be_written_is_named_and_can_still_be_read(plain_folder: Path) -> None:
    path = plain_folder / "kept.db"
    with open_store(path) as store:
        put_article(store, "one", "China banned exports.")
    for file in plain_folder.iterdir():
        file.chmod(0o555 if file.is_dir() else 0o444)
    plain_folder.chmod(0o555)
    said = plain_folder.with_name(plain_folder.name + "-said")
    said.mkdir(mode=0o777)
    said.chmod(0o777)
    child = multiprocessing.get_context("fork").Process(target=_try_both, args=(path, said / "said"))
    child.start()
    child.join(timeout=30)
    lines = (said / "said").read_text().splitlines()
    shutil.rmtree(said)
    assert child.exitcode == 0
    assert lines[0] == "1"
    assert "kept.db cannot be used: attempt to write a readonly database" in lines[1]


def _try_both(path: Path, said: Path) -> None:
    """In a process of its own that has given its rights away: read, then try to write."""
    if os.getuid() == 0:
        os.setuid(NOBODY)
    with open_store(path, "read") as store:
        count = store.db.execute("SELECT count(*) FROM articles").fetchone()[0]
    try:
        with open_store(path) as store:
            store.start_run("run")
    except StoreError as error:
        said.write_text(f"{count}\n{error}\n")


def test_a_file_that_vanishes_is_said_so_and_nothing_is_written_to_nowhere(
    store: Store, tmp_path: Path
) -> None:
    put_article(store, "one", "China banned exports.")
    moved = store.path.rename(tmp_path / "moved.db")
    with pytest.raises(StoreError, match=r"test\.db was moved, replaced or deleted while it was in use"):
        put_article(store, "two", "Japan banned exports.")
    shutil.copy(moved, store.path)  # another file of that name is not the one that was opened
    with pytest.raises(StoreError, match="was moved, replaced or deleted"):
        merge_events(store)
        store.start_run("run")
