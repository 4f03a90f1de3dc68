"""Which rows of the store a data set holds: the events of a query and what belongs to them, at one moment."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from operator import itemgetter
from typing import Any

from sqlite_utils import Database

from db.exporting.changes import keep_changes
from db.exporting.event_parts import with_parts
from db.exporting.tables import NARROWED, Field, Shape, fields_of, load_tables, select
from db.history import Moment
from db.query import EventQuery
from db.query_plan import plan_query
from db.verification import table_sum

CHOSEN = ("chosen", "chosen_articles", "chosen_measures")
ROWS = 2_000
SORTED_KIB = 16 * 1024
"""What SQLite sorts in memory for each of the queries that are read in step; its cache of pages, too."""
MOST_BYTES = 4 << 20
"""Rows are handed over in batches of ROWS, or fewer when their words are long, so that memory stays flat."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """A choice of rows, open for reading; made by `choosing`."""

    db: Database
    narrowed: frozenset[str]
    """The tables of which only some rows are chosen."""
    corrected: bool = False
    """Whether views with the reviewers' word stand before the tables of events."""
    sums: dict[str, str] | None = None
    """Of a choice of everything: the sums of the content tables that have been read to their end."""
    changes: bool = False
    """Whether it holds only what changed, and a table that says what."""

    def batches(
        self, table: str, fields: list[Field], *, month: bool = False
    ) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a table in order of its key, some thousand at a time; with `month`, a last value tells it."""
        parts = [field for field in fields if field.part is not None]
        own = [field for field in fields if field.part is None]
        batches = self._read(table, own, month=month)
        if not parts:
            return batches
        return with_parts(self.db, batches, parts, chosen=table in self.narrowed, month=month)

    def _read(self, table: str, fields: list[Field], *, month: bool) -> Iterator[list[tuple[Any, ...]]]:
        """The rows of a table, which are summed up on the way where the whole content is read in order."""
        chosen = table in self.narrowed
        total = None if self.sums is None or month else table_sum(self.db, table)
        if total is None or total.keys != load_tables()[table].key:
            cursor = self.db.execute(select(table, fields, chosen=chosen, month=month))
            yield from _batches(cursor, [i for i, field in enumerate(fields) if field.column.text])
            return
        places = {field.expression: i for i, field in enumerate(fields)}
        besides = [column for column in total.columns if f't."{column}"' not in places]
        places |= {f't."{column}"': i for i, column in enumerate(besides, len(fields))}
        content = itemgetter(*(places[f't."{column}"'] for column in total.columns))
        cursor = self.db.execute(select(table, fields, chosen=chosen, besides=besides))
        texts = {key for key, column in load_tables()[table].columns.items() if column.text}
        for rows in _batches(cursor, [i for key, i in places.items() if key[3:-1] in texts]):
            total.add(map(content, rows))
            yield [row[: len(fields)] for row in rows] if besides else rows
        if self.sums is not None:
            self.sums[table] = total.total()

    def rows(self, table: str, shape: Shape = "flat", *, texts: bool = True) -> Iterator[dict[str, Any]]:
        """The rows of a table as dictionaries; lists stay JSON text."""
        fields = fields_of(table, shape, texts=texts)
        names = [field.name for field in fields]
        for batch in self.batches(table, fields):
            for row in batch:
                yield dict(zip(names, row, strict=True))

    def by_article(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table that hang on articles, article by article in order of id, then of place."""
        fields = fields_of(table, "flat")
        names = [field.name for field in fields]
        where = (
            "" if table not in self.narrowed else " WHERE article_id IN (SELECT id FROM temp.chosen_articles)"
        )
        if table == "event_mentions" and table in self.narrowed:
            where = " WHERE event_id IN (SELECT id FROM temp.chosen)"
        columns = ", ".join(f'"{name}"' for name in names)
        cursor = self.db.execute(
            f'SELECT {columns} FROM {table}{where} ORDER BY article_id, start, "end", id'
        )
        for batch in _batches(cursor, [i for i, field in enumerate(fields) if field.column.text]):
            for row in batch:
                yield dict(zip(names, row, strict=True))

    def count(self, table: str) -> int:
        """How many rows of a table are chosen."""
        sql = select(table, fields_of(table, "flat", texts=False)[:1], chosen=table in self.narrowed)
        return int(self.db.execute(f"SELECT count(*) FROM ({sql.partition(' ORDER BY ')[0]})").fetchone()[0])


@contextmanager
def choosing(db: Database, query: EventQuery, since: Moment | None = None) -> Iterator[Selection]:
    """Choose once and read one state of the store to the end, whatever a crawl writes meanwhile.

    Events are as reviewers corrected them, unless the query is `raw`. With `since`, only what came or changed from
    then on is chosen, and the table `changes` says what, and what went.
    """
    cache = db.execute("PRAGMA cache_size").fetchone()[0]
    db.execute(f"PRAGMA cache_size = -{SORTED_KIB}")
    for table in CHOSEN:
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        db.execute(f"CREATE TEMP TABLE {table} (id TEXT PRIMARY KEY) WITHOUT ROWID")
    db.execute("DROP TABLE IF EXISTS temp.changes")
    if db.conn.in_transaction:
        db.conn.commit()
    db.conn.execute("BEGIN")
    try:
        whole = query in (EventQuery(), EventQuery(raw=True))
        corrected = not query.raw and bool(
            db.execute("SELECT EXISTS (SELECT 1 FROM overruled_events)").fetchone()[0]
        )
        narrowed = frozenset(NARROWED)
        if since or not whole:
            _choose(db, query, every_article=whole)
        if corrected:
            _let_reviewers_win(db)
        if whole and not since:
            narrowed = _without_overruled_measures(db) if corrected else frozenset()
        if since:
            keep_changes(db, since, whole=whole)
        sums: dict[str, str] | None = None if narrowed or corrected else {}
        yield Selection(db=db, narrowed=narrowed, corrected=corrected, sums=sums, changes=since is not None)
    finally:
        db.conn.rollback()
        db.execute(f"PRAGMA cache_size = {cache}")


def _choose(db: Database, query: EventQuery, *, every_article: bool) -> None:
    """Ids go from table to table within SQLite, so that memory stays flat whatever the query gives."""
    plan = plan_query(db, query)
    db.execute(
        f"INSERT OR IGNORE INTO temp.chosen SELECT id FROM ({plan.ids_in_order()})",
        plan.parameters,
    )
    among = "(SELECT id FROM temp.chosen)"
    articles = (
        "SELECT id FROM articles"
        if every_article
        else f"SELECT DISTINCT article_id FROM event_mentions WHERE event_id IN {among}"
    )
    db.execute(f"INSERT INTO temp.chosen_articles {articles}")
    db.execute(
        "INSERT OR IGNORE INTO temp.chosen_measures"
        f" SELECT measure_id FROM events WHERE measure_id IS NOT NULL AND id IN {among}"
    )


def _without_overruled_measures(db: Database) -> frozenset[str]:
    """Choose every measure that an event still moves, since measures are made of what the machine coded."""
    db.execute(
        "INSERT INTO temp.chosen_measures SELECT DISTINCT measure_id FROM events WHERE measure_id IS NOT NULL"
    )
    return frozenset({"measures", "measure_stages"})


def _let_reviewers_win(db: Database) -> None:
    """Views of this connection stand before the tables of the same name until the transaction ends."""
    for table, key in (
        ("events", "id"),
        ("event_actors", "event_id"),
        ("event_commodities", "event_id"),
        ("event_quantities", "event_id"),
        ("event_mentions", "event_id"),
    ):
        columns = ", ".join(f'"{row[1]}"' for row in db.execute(f"PRAGMA main.table_info({table})"))
        db.execute(
            f"CREATE TEMP VIEW {table} AS SELECT {columns} FROM main.{table}"
            f" WHERE {key} NOT IN (SELECT event_id FROM main.overruled_events)"
            f" UNION ALL SELECT {columns} FROM main.corrected_{table}"
        )


def _batches(cursor: Any, wide: list[int]) -> Iterator[list[tuple[Any, ...]]]:
    if not wide:
        while rows := cursor.fetchmany(ROWS):
            yield rows
        return
    batch: list[tuple[Any, ...]] = []
    size = 0
    while rows := cursor.fetchmany(100):
        batch += rows
        size += sum(sum(map(len, filter(None, map(itemgetter(i), rows)))) for i in wide)
        if len(batch) >= ROWS or size >= MOST_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
