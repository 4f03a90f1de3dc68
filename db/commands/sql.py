"""`dateline sql`: any question in SQL, read-only and within a time limit."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import click

from db.errors import UsageError, WorkError
from db.options import RowFormat, db_option, format_option, print_rows
from db.store import open_store

STEPS = 10_000
"""Instructions of SQLite's machine between two looks at the clock."""


@click.command()
@click.argument("query")
@click.option(
    "-p",
    "--param",
    "parameters",
    nargs=2,
    multiple=True,
    metavar="NAME VALUE",
    help="A value for :NAME in the query.",
)
@click.option(
    "--seconds", type=click.FloatRange(0.01), default=30.0, show_default=True, help="Stop after so long."
)
@format_option
@db_option
def sql(
    db: Path, query: str, parameters: tuple[tuple[str, str], ...], seconds: float, row_format: RowFormat
) -> None:
    """Ask the database in SQL. Nothing can be changed; docs/data-dictionary.md describes the tables.

    \b
    Examples:
      dateline sql "SELECT event_type, count(*) AS n FROM events GROUP BY 1 ORDER BY n DESC"
      dateline sql "SELECT title FROM articles WHERE language = :language" -p language vi
    """
    with open_store(db, "read") as store:
        connection = store.db.conn
        connection.execute("PRAGMA query_only = ON")
        connection.set_authorizer(_only_reading)
        deadline = time.monotonic() + seconds
        connection.set_progress_handler(lambda: int(time.monotonic() > deadline), STEPS)
        try:
            cursor = connection.execute(query, dict(parameters))
            if cursor.description is None:
                raise UsageError("the query gives no rows; write a SELECT")
            columns = [column[0] for column in cursor.description]
            rows = (dict(zip(columns, _shown(row), strict=True)) for row in cursor)
            print_rows(rows, columns, row_format)
        except sqlite3.Error as error:
            raise _explained(error, seconds) from error
        except sqlite3.Warning as error:
            raise UsageError(f"the query cannot be run: {error}") from error


def _only_reading(action: int, *_: Any) -> int:
    allowed = (sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE)
    return sqlite3.SQLITE_OK if action in allowed or action == sqlite3.SQLITE_PRAGMA else sqlite3.SQLITE_DENY


def _explained(error: sqlite3.Error, seconds: float) -> WorkError | UsageError:
    text = str(error)
    if "interrupted" in text:
        return WorkError(
            f"the query was stopped after {seconds:g} s. Narrow it, or give it longer with --seconds"
        )
    if "not authorized" in text or "readonly" in text:
        return UsageError("only questions are answered here (SELECT); nothing can be changed")
    if "did not supply a value" in text or "binding" in text.lower():
        return UsageError(f"a value is missing: {text}. Give it with -p NAME VALUE")
    return UsageError(f"the query cannot be run: {text}. The tables are described in docs/data-dictionary.md")


def _shown(row: tuple[Any, ...]) -> list[Any]:
    """Values as text where they are bytes: JSON has no other form for them."""
    return [value.hex() if isinstance(value, bytes) else value for value in row]
