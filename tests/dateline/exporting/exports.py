"""The demonstration as data sets of every format, and the store's own words to compare them with."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from pathlib import Path
from typing import Any

import dateline.exporting  # makes the spaCy format known
from db.exporting.dataset import Options, export_dataset
from db.exporting.tables import load_tables
from db.model import document_text
from db.query import EventQuery
from db.store import open_store

assert dateline.exporting

COUNTED = {name: f"SELECT count(*) FROM {name}" for name in load_tables() if name != "changes"}


class Exports:
    """Folders by format, written when first asked for."""

    def __init__(self, db: Path, folder: Path) -> None:
        self.db, self.folder = db, folder

    def of(self, name: str, **options: Any) -> Path:
        """The data set of everything in one format."""
        target = self.folder / "-".join([name, *map(str, options.values())])
        if not (target / "datapackage.json").exists():
            with open_store(self.db, "read") as store:
                export_dataset(store, target, name, EventQuery(), Options(**options))
        return target

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows straight from the database file."""
        with sqlite3.connect(f"file:{self.db}?mode=ro", uri=True) as connection:
            return connection.execute(sql).fetchall()

    def counts(self) -> dict[str, int]:
        """Rows of every table of a data set."""
        return {name: self.rows(sql)[0][0] for name, sql in COUNTED.items()}

    def texts(self) -> dict[str, str]:
        """The document text of every article."""
        return {
            i: document_text(title, text)
            for i, title, text in self.rows("SELECT id, title, text FROM articles")
        }

    def names(self) -> dict[str, set[tuple[int, int, str]]]:
        """(start, end, kind) of every name, by article."""
        found: dict[str, set[tuple[int, int, str]]] = defaultdict(set)
        for article, *place in self.rows('SELECT article_id, start, "end", kind FROM mentions'):
            found[article].add(tuple(place))
        return found
