"""The content hash of a large store, summed up by a second process while the first one writes the data set.

A data set of everything needs none: what it reads is summed up on the way.
That process is this module: `python -m db.exporting.hashing STORE WRITES` prints the hash, or nothing when somebody
has written since.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlite_utils import Database

from db.connection import connect
from db.processes import end_with_parent
from db.store import Store
from db.verification import content_hash

LARGE = 64 << 20
"""Bytes of a database from which on a second process pays."""


@contextmanager
def hashing(store: Store, sums: dict[str, str] | None = None) -> Iterator[Callable[[], str]]:
    """A function that gives the content hash of what `store`'s open transaction sees; it may wait for it.

    `sums` are those of tables that are summed up as the data set is written; there is no second process then.
    """
    if sums is not None or store.path.stat().st_size < LARGE:
        yield lambda: content_hash(store.db, sums)
        return
    # A program of its own, not a fork or a spawn: those would run the script or notebook of our caller again.
    # -P: a folder named db where the user happens to work is not our package.
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "db.exporting.hashing", store.path.absolute(), str(writes(store.db))],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with process:
        try:
            yield lambda: process.communicate()[0].strip() or content_hash(store.db)
        finally:
            process.kill()


def writes(db: Database) -> int:
    """How many transactions have changed the database: equal for two readers that see the same."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def write_hash(path: Path, expected: int) -> None:
    """Write the hash to standard output, or nothing when another process has written since `expected` was counted."""
    end_with_parent()
    db = connect(path, "read")
    try:
        db.conn.execute("BEGIN")
        if writes(db) == expected:
            sys.stdout.write(content_hash(db))
    finally:
        db.close()


if __name__ == "__main__":
    write_hash(Path(sys.argv[1]), int(sys.argv[2]))
