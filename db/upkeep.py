"""What keeps a store safe and small over the years, and the note of when it was last done and how it went."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from db.backup import Backup, backup_store
from db.clock import present
from db.errors import DatelineError, StoreError, VerificationFailed
from db.frontier import timestamp
from db.progress import progress_bar
from db.seal import seal_store
from db.store import Store, open_store
from db.verification import content_hash, verify

MOST_TOLD = 50
Upkeep = Literal["backup", "verify"]
REMEMBERED = timedelta(days=60)
"""The run log keeps runs that brought nothing and said nothing for so long; all others for good."""


class Note:
    """What is to be noted of a piece of upkeep when it has gone well."""

    detail = ""


@contextlib.contextmanager
def noting(db: Path, what: Upkeep) -> Iterator[Note]:
    """Note in the store how what is done inside went; its errors go on to the caller.

    A store that is being written or may only be read gets no note: the work counts, not the note.
    """
    note = Note()
    try:
        yield note
    except DatelineError as error:
        _write_note(db, what, False, str(error))
        raise
    _write_note(db, what, True, note.detail)


def note_upkeep(store: Store, what: Upkeep, *, now: datetime, ok: bool, detail: str) -> None:
    """Note that a backup was made or the store was verified, and how that went."""
    with store.transaction():
        store.db.execute(
            "INSERT INTO upkeep (what, done, ok, detail) VALUES (?, ?, ?, ?) ON CONFLICT (what) DO UPDATE SET"
            " done = excluded.done, ok = excluded.ok, detail = excluded.detail",
            [what, timestamp(now), int(ok), detail],
        )


def last_upkeep(store: Store) -> dict[str, dict[str, Any]]:
    """The last backup and the last verification: when, whether it went well, and what was said."""
    rows = store.db.query("SELECT what, done, ok, detail FROM upkeep ORDER BY what")
    return {row["what"]: {**row, "ok": bool(row["ok"])} for row in rows}


def verify_store(db: Path, tell: Callable[[str], None] = lambda fault: None) -> str:
    """Check everything, note how it went, and return it in words; `tell` hears the first faults.

    Raises VerificationFailed when something does not hold.
    """
    with noting(db, "verify") as note, open_store(db, "read") as store:
        total = store.db.execute("SELECT count(*) FROM articles").fetchone()[0]
        faults = []
        with progress_bar("Verifying", total) as advance:
            for fault in verify(store, lambda _: advance()):
                faults.append(fault)
                if len(faults) <= MOST_TOLD:
                    tell(fault)
        if faults:
            raise VerificationFailed(
                f"{len(faults)} faults in {db}; restore the named rows or files from a backup"
            )
        spans = sum(
            store.db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
            for t in ("mentions", "quantities", "dates", "observations", "event_mentions")
        )
        said = f"{total:,} articles and {spans:,} spans hold; content hash {content_hash(store.db)}"
        note.detail = f"{total:,} articles and {spans:,} spans hold"
    _renew_seal(db)
    return said


def back_up_in_turn(db: Path, folder: Path, *, keep: int) -> Backup:
    """Bring the backup in a folder up to date, with its archive, and keep the last `keep` of the database.

    The folder holds `NAME.db` with its archive, which grows by the new files alone, and under dated names what
    the database was after each of the last backups; these take no room of their own until the next one.
    Raises what `backup_store` raises, and OSError turned into StoreError where the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"the folder for backups {folder} cannot be made: {error.strerror}") from error
    made = backup_store(db, folder / db.name)
    dated = folder / f"{db.stem}-{present():%Y%m%dT%H%M%SZ}{db.suffix}"
    dated.unlink(missing_ok=True)
    os.link(made.path, dated)
    older = sorted(folder.glob(f"{db.stem}-[0-9]*T[0-9]*Z{db.suffix}"))
    for path in older[: max(0, len(older) - keep)]:
        path.unlink()
    return made


def tidy_run_log(store: Store, now: datetime) -> int:
    """Delete the old runs that brought nothing and have nothing to say; returns how many."""
    with store.transaction():
        gone = store.db.execute(
            "DELETE FROM runs WHERE status = 'done' AND message IS NULL AND started < ? AND NOT EXISTS ("
            "SELECT 1 FROM json_each(runs.counts) s WHERE json_type(s.value) = 'object'"
            " AND coalesce(s.value ->> 'articles_new', 0) + coalesce(s.value ->> 'articles_changed', 0) > 0)",
            [timestamp(now - REMEMBERED)],
        )
    return int(gone.rowcount)


def _renew_seal(db: Path) -> None:
    """Seal what has been found sound, unless somebody is at work on it or it may only be read."""
    with contextlib.suppress(StoreError), open_store(db) as store:
        seal_store(store)


def _write_note(db: Path, what: Upkeep, ok: bool, detail: str) -> None:
    with contextlib.suppress(StoreError), open_store(db) as store:
        note_upkeep(store, what, now=present(), ok=ok, detail=detail)
