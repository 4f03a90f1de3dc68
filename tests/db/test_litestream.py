"""What docs/backups.md says of Litestream, tried with the real program: a replica of a store that is being written."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from db.merge import merge_events
from db.seal import seal_store
from db.store import Store, archive_folder, open_store
from db.verification import content_hash, verify
from tests.db.world import ban, put_article, tag

PROGRAM = Path(sys.executable).with_name("litestream")


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    file = tmp_path / "litestream.yml"
    file.write_text(f"dbs:\n  - path: {tmp_path}/dateline.db\n    replica:\n      path: {tmp_path}/replica\n")
    return file


@contextmanager
def replicating(settings: Path) -> Iterator[subprocess.Popen[bytes]]:
    with (settings.parent / "litestream.log").open("ab") as log:
        process = subprocess.Popen([PROGRAM, "replicate", "-config", settings], stdout=log, stderr=log)
        try:
            yield process
        finally:
            process.kill()
            process.wait()


def write(store: Store, numbers: range) -> None:
    for number in numbers:
        text = f"China banned exports of rare earths to Japan, number {number}."
        put_article(store, f"n{number}", text)
        tag(store, f"n{number}", ban(text))
    merge_events(store)
    seal_store(store)


def restore(settings: Path, to: Path) -> Path:
    source = settings.parent / "dateline.db"
    to.unlink(missing_ok=True)
    command = [PROGRAM, "restore", "-config", settings, "-o", to, source]
    subprocess.run(command, check=True, capture_output=True, timeout=60)
    return to


def replicated(settings: Path, process: subprocess.Popen[bytes], articles: int) -> None:
    """Wait until the replica has so many articles; a matter of seconds."""
    deadline = time.monotonic() + 30
    while True:
        assert process.poll() is None and time.monotonic() < deadline, (
            settings.parent / "litestream.log"
        ).read_text()
        if list((settings.parent / "replica").rglob("*.ltx")):
            with closing(sqlite3.connect(restore(settings, settings.parent / "look.db"))) as db:
                if db.execute("SELECT count(*) FROM articles").fetchone() == (articles,):
                    return
        time.sleep(0.1)


def test_a_replica_made_beside_a_writer_is_the_store(settings: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "dateline.db") as store:
        with replicating(settings) as process:
            write(store, range(15))
            replicated(settings, process, 15)
            process.kill()  # the replicating program may die at any time
        write(store, range(15, 30))
        with replicating(settings) as process:
            write(store, range(30, 45))
            replicated(settings, process, 45)
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0
        expected = content_hash(store.db)
    shutil.copytree(archive_folder(tmp_path / "dateline.db"), archive_folder(tmp_path / "restored.db"))
    with open_store(restore(settings, tmp_path / "restored.db"), "read") as restored:
        assert restored.db.execute("SELECT count(*) FROM articles").fetchone() == (45,)
        assert content_hash(restored.db) == expected
        assert list(verify(restored)) == []


def test_what_a_machine_that_died_had_replicated_is_whole(settings: Path, tmp_path: Path) -> None:
    with open_store(tmp_path / "dateline.db") as store, replicating(settings) as process:
        write(store, range(10))
        replicated(settings, process, 10)
        write(store, range(10, 20))
        process.kill()
    shutil.copytree(archive_folder(tmp_path / "dateline.db"), archive_folder(tmp_path / "restored.db"))
    with open_store(restore(settings, tmp_path / "restored.db"), "read") as restored:
        assert restored.db.execute("SELECT count(*) FROM articles").fetchone()[0] <= 20
        assert list(verify(restored)) == []
