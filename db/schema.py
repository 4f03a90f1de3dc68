"""The schema as a list of forward migrations, and what tells a database of ours from another file."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

from sqlite_utils import Database, Migrations

from db.errors import NewerDatabase, NotOurDatabase

APPLICATION_ID = 0x444C4E45
"""SQLite's `application_id` of a Dateline database: the letters DLNE."""

PAGE_SIZE = 8192
migrations = Migrations("dateline")


@migrations()
def m0001_initial(db: Database) -> None:
    """All tables of version 0.1."""
    _run(db, "0001_initial.sql")


@migrations()
def m0002_claims(db: Database) -> None:
    """Which run is fetching which page."""
    _run(db, "0002_claims.sql")


@migrations()
def m0003_jobs(db: Database) -> None:
    """What the scheduler remembers, and how each source's crawls go."""
    _run(db, "0003_jobs.sql")


@migrations()
def m0004_questions(db: Database) -> None:
    """Indexes and counts for questions at a million events; corrections; near copies and stories."""
    _run(db, "0004_questions.sql")


@migrations()
def m0005_schedulers(db: Database) -> None:
    """Which schedulers are at work."""
    _run(db, "0005_schedulers.sql")


@migrations()
def m0006_alerts(db: Database) -> None:
    """Saved searches that fire, what they told of, and the outbox of what is to be sent."""
    _run(db, "0006_alerts.sql")


@migrations()
def m0007_history(db: Database) -> None:
    """When events, measures and articles came, changed and went."""
    _run(db, "0007_history.sql")


@migrations()
def m0008_copies(db: Database) -> None:
    """Bands by day, for what is stored already too."""
    from db.copies import index_articles

    _run(db, "0008_copies.sql")
    index_articles(db)


@migrations()
def m0009_merging(db: Database) -> None:
    """Where reports lie in time, for merging; with whom each entity takes part."""
    from db.merge import place_reports

    _run(db, "0009_merging.sql")
    place_reports(db)


@migrations()
def m0010_recent_reports(db: Database) -> None:
    """What recent articles speak of, for the grouping into stories."""
    _run(db, "0010_recent_reports.sql")


@migrations()
def m0011_covering(db: Database) -> None:
    """Indexes that answer from event to article and back by themselves."""
    _run(db, "0011_covering.sql")


@migrations()
def m0012_begun(db: Database) -> None:
    """Where the first act of each measure stands."""
    _run(db, "0012_begun.sql")


@migrations()
def m0013_order(db: Database) -> None:
    """An index that puts a list of events in order by itself."""
    _run(db, "0013_order.sql")


@migrations()
def m0014_closed(db: Database) -> None:
    """What speech, certainty and direction of an event can be."""
    _run(db, "0014_closed.sql")


def create_or_migrate(db: Database) -> None:
    """Bring an empty or older database to the current schema; does nothing to a current one.

    Raises NotOurDatabase or NewerDatabase, as `check_identity` does, before anything is changed.
    """
    check_identity(db)
    if is_current(db):
        return
    if db.table_names() == []:
        db.execute(f"PRAGMA page_size = {PAGE_SIZE}")
    # Under the write lock from the start: of two programs that open a new file at once, one makes the tables.
    db.conn.execute("BEGIN IMMEDIATE")
    try:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        migrations.apply(db)
        db.conn.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def check_identity(db: Database) -> None:
    """Raise NotOurDatabase for a file that Dateline did not make, NewerDatabase for one from the future."""
    path = _path(db)
    try:
        # In this order: a program that makes the tables in between has set the id by then.
        tables = db.table_names()
        application_id = db.execute("PRAGMA application_id").fetchone()[0]
    except sqlite3.OperationalError:
        raise  # locked, read-only, no room: says nothing about what the file is
    except sqlite3.DatabaseError as error:
        raise NotOurDatabase(
            f"{path} is not a SQLite database ({error}). Name another file with --db"
        ) from error
    if tables and application_id != APPLICATION_ID:
        raise NotOurDatabase(
            f"{path} is a SQLite database that Dateline did not make. Name another file with --db"
        )
    known = {migration.name for migration in migrations.pending(Database(memory=True))}
    newer = [applied.name for applied in migrations.applied(db) if applied.name not in known]
    if newer:
        raise NewerDatabase(
            f"{path} was made by a newer version of Dateline (it has {newer[-1]}). "
            "Upgrade Dateline, or name another file with --db"
        )


def is_current(db: Database) -> bool:
    """Whether every migration that this program knows has been applied."""
    return not migrations.pending(db)


def _path(db: Database) -> str:
    row = db.execute("PRAGMA database_list").fetchone()
    return str(row[2] if row and row[2] else "the database")


def _run(db: Database, name: str) -> None:
    """Run a script statement by statement: `executescript` would commit the migration's transaction."""
    script = (Path(__file__).parent / "migrations" / name).read_text(encoding="utf-8")
    for statement in _statements(script):
        db.execute(statement)


def _statements(script: str) -> Iterator[str]:
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if line.rstrip().endswith(";") and sqlite3.complete_statement(pending):
            yield pending
            pending = ""
