"""The content hash of a large store, summed up by a second process while the first one writes the data set."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from pathlib import Path

from sqlite_utils import Database

from db.connection import connect
from db.store import Store
from db.verification import content_hash

LARGE = 64 << 20
"""Bytes of a database from which on a second process pays."""


@contextmanager
def hashing(store: Store) -> Iterator[Callable[[], str]]:
    """A function that gives the content hash of what `store`'s open transaction sees; it may wait for it."""
    if store.path.stat().st_size < LARGE:
        yield lambda: content_hash(store.db)
        return
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_hash, args=(store.path, writes(store.db), sender), daemon=True)
    process.start()
    sender.close()
    try:
        yield lambda: _received(receiver) or content_hash(store.db)
    finally:
        process.terminate()
        process.join()
        receiver.close()


def writes(db: Database) -> int:
    """How many transactions have changed the database: equal for two readers that see the same."""
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _received(receiver: Connection) -> str | None:
    try:
        received: str | None = receiver.recv()
    except EOFError:  # it was killed
        return None
    return received


def _hash(path: Path, expected: int, sender: Connection) -> None:
    """Send the hash, or None when somebody has written since the other process began to read."""
    db = connect(path, "read")
    try:
        db.conn.execute("BEGIN")
        sender.send(content_hash(db) if writes(db) == expected else None)
    finally:
        db.close()
