"""Opens a database for reading or writing, and says in our words what SQLite says in its own."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

from sqlite_utils import Database

from db.errors import InputFileError, StoreError, StoreLocked
from db.schema import check_identity, create_or_migrate, is_current

Mode = Literal["read", "write"]
CACHE_KIB = 64 * 1024
"""Pages kept in memory, at most: with SQLite's own 2 MB a store of 3 GB spends a third of its time on reading them."""


def connect(path: Path, mode: Mode) -> Database:
    """Open the database: "read" needs an existing one, "write" creates it; both bring an older one up to date.

    Raises InputFileError when there is nothing to read, NotOurDatabase, NewerDatabase, StoreLocked, or
    StoreError when the folder or file cannot be written.
    """
    if mode == "read" and not path.is_file():
        raise InputFileError(
            f"there is no database {path}. Make one with 'dateline demo' or 'dateline run', or name one with --db"
        )
    if not path.absolute().parent.is_dir():
        raise InputFileError(f"the folder {path.absolute().parent} does not exist. Create it, or change --db")
    if mode == "read" and _is_on_read_only_ground(path):
        return _open_frozen(path)
    with store_errors(path):
        db = _open(path, mode)
        if mode == "write":
            create_or_migrate(db)
            _keep_a_log(db)
        else:
            check_identity(db)
        if mode == "write" or is_current(db):
            db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
            return db
        db.close()
    connect(path, "write").close()
    return connect(path, "read")


def file_identity(path: Path) -> tuple[int, int] | None:
    """What tells a file from another one of the same name; None when there is none."""
    try:
        stat = path.stat()
    except OSError:
        return None
    return stat.st_dev, stat.st_ino


def moved_away(path: Path) -> str:
    """What is said when a database is no longer where it was, or no longer the one that it was."""
    return (
        f"{path} was moved, replaced or deleted while it was in use; nothing more was written to it. "
        "Put it back, or name another with --db, and run the same command again"
    )


@contextmanager
def store_errors(path: Path | str) -> Iterator[None]:
    """Turn SQLite's operational errors into ours, which name the file and the remedy."""
    try:
        yield
    except sqlite3.OperationalError as error:
        text = str(error)
        if "locked" in text or "busy" in text:
            raise StoreLocked(
                f"{path} is being written by another program{_writer(path)}. "
                "Wait for it to end, or set DATELINE_LOCK_WAIT to more seconds; nothing was changed"
            ) from error
        if any(word in text for word in ("readonly", "read-only", "unable to open", "full", "disk I/O")):
            raise StoreError(
                f"{path} cannot be used: {text}. Check the disk's free space and your rights to the file and "
                "its folder; what was stored before is intact"
            ) from error
        raise


def lock_wait() -> float:
    """Seconds a writer waits for another writer's transaction: DATELINE_LOCK_WAIT, or 30."""
    try:
        return max(0.0, float(os.environ.get("DATELINE_LOCK_WAIT", "30")))
    except ValueError:
        return 30.0


def _open(path: Path, mode: Mode) -> Database:
    uri = f"{path.absolute().as_uri()}?mode={'ro' if mode == 'read' else 'rwc'}"
    db = Database(sqlite3.connect(uri, uri=True, timeout=lock_wait()))
    db.execute("PRAGMA foreign_keys = ON")
    return db


def _is_on_read_only_ground(path: Path) -> bool:
    """Whether a database lies where no log can be made beside it: a read-only disk, somebody else's folder."""
    log = path.with_name(path.name + "-wal")
    return not os.access(path.absolute().parent, os.W_OK) and not log.exists()


def _open_frozen(path: Path) -> Database:
    """Open a database that nobody can be writing to; an older one can't be brought up to date there."""
    with store_errors(path):
        db = Database(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True))
        check_identity(db)
        if not is_current(db):
            raise StoreError(
                f"{path} is of an older version and lies where it cannot be brought up to date. "
                "Copy it to a folder that you can write to"
            )
    return db


def _keep_a_log(db: Database) -> None:
    """Let readers and the writer work at once. SQLite does not wait for the lock that the change takes; we do."""
    deadline = time.monotonic() + lock_wait()
    while db.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        try:
            db.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _writer(path: Path | str) -> str:
    """Who holds the store, as far as its run log says: " (dateline run, process 123)" or nothing."""
    try:
        db = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, timeout=0)
        row = db.execute(
            "SELECT command, pid FROM runs WHERE status = 'running' ORDER BY started DESC"
        ).fetchone()
        db.close()
    except sqlite3.Error:
        return ""
    return f" (dateline {row[0]}, process {row[1]})" if row else ""
