"""The run log as who does a piece of work keeps it: a row while it is done, and how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from db.frontier import timestamp
from db.store import Store, open_store


@contextmanager
def logged_run(db: Path, command: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Keep a row of this command while what is inside is done; gives its id, and the counts it is closed with.

    The row ends as "done", "interrupted" or, with the reason, "failed"; errors go on to the caller. Of a process
    that is killed it stays open until the next one that looks finds nobody there and notes it as lost.
    """
    with open_store(db) as store:
        run_id = store.start_run(command)
    counts: dict[str, Any] = {}
    status, message = "failed", None
    try:
        yield run_id, counts
        status = "done"
    except KeyboardInterrupt:
        status = "interrupted"
        raise
    except Exception as error:
        message = str(error)
        raise
    finally:
        with open_store(db) as store:
            store.finish_run(run_id, status, counts, message)


def latest_run(store: Store, command: str, since: datetime) -> str | None:
    """The id of the last run of a command that was begun since a moment; None where it came to none."""
    row = store.db.execute(
        "SELECT id FROM runs WHERE command = ? AND started >= ? ORDER BY started DESC, rowid DESC LIMIT 1",
        [command, timestamp(since)],
    ).fetchone()
    return row[0] if row else None
