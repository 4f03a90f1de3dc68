"""Checks that everything stored still has its witness, and sums the content up in one hash."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import orjson
from sqlite_utils import Database

from db.archive import read_record
from db.errors import VerificationFailed
from db.model import WarcReference, document_text
from db.seal import check_seal
from db.store import Store, article_id_of, text_digest

SPAN_TABLES = ("mentions", "quantities", "dates", "observations", "event_mentions")
CONTENT_TABLES = (
    *(
        "articles",
        "article_versions",
        "entities",
        "entity_aliases",
        "mentions",
        "quantities",
        "dates",
        "events",
    ),
    *(
        "event_actors",
        "event_commodities",
        "event_quantities",
        "event_mentions",
        "measures",
        "measure_stages",
    ),
    *("observations", "stories", "reviews"),
)
# When and from where a page was read differs between two equal crawls; what was read does not.
CLOCK_COLUMNS = frozenset({"fetched", "removed", "warc_file", "warc_offset", "reviewed"})
# What only helps the merge follows from the other columns.
LEFT_OUT = CLOCK_COLUMNS | {"merge_day", "merge_from", "merge_until", "begun"}
LONG_ROWS = frozenset({"articles", "article_versions", "event_mentions"})
SUMMED = 200
"""So many rows are summed up at a time."""
DERIVED = {
    "actor_months": (
        "SELECT side, coalesce(substr(day, 1, 7), ''), entity_id, count(DISTINCT event_id) FROM event_actors"
        " WHERE entity_id IS NOT NULL GROUP BY 1, 2, 3"
    ),
    "actor_pairs": (
        "SELECT p.entity_id, o.entity_id, count(DISTINCT o.event_id),"
        " count(DISTINCT CASE o.side WHEN 'actor' THEN o.event_id END),"
        " count(DISTINCT CASE o.side WHEN 'recipient' THEN o.event_id END)"
        " FROM event_actors p JOIN event_actors o ON o.event_id = p.event_id"
        " WHERE p.entity_id IS NOT NULL AND o.entity_id IS NOT NULL AND o.entity_id <> p.entity_id GROUP BY 1, 2"
    ),
}
"""Counts that triggers keep, and the question that they answer."""
Progress = Callable[[str], None]


def verify(store: Store, progress: Progress | None = None) -> Iterator[str]:
    """Every fault found, one line each naming the table, the row and the fact; nothing when all holds.

    Checked are SQLite's own structures, foreign keys, the full text index (not while another program writes), the
    seal over pages and archive files where it is current, the counts kept beside events, the hash of every text,
    that every span lies inside its document and equals its slice, that every event leads over a mention to an
    article, and that every page is in the archive as it was read. Memory does not grow with the store.
    """
    for check in (check_seal, _structure, lambda opened: _articles(opened, progress), _versions):
        try:
            yield from check(store)
        except sqlite3.DatabaseError as error:
            yield f"{store.path}: SQLite cannot read it to the end: {error}"


def _articles(store: Store, progress: Progress | None) -> Iterator[str]:
    rows = store.db.execute(
        "SELECT id, canonical_url, title, text, text_sha256, warc_file, warc_offset, warc_digest FROM articles"
        " ORDER BY id"
    )
    for article_id, address, title, text, sha256, *warc in rows:
        if text_digest(title, text) != sha256:
            yield f"articles {article_id}: title and text do not match text_sha256 {sha256}"
        if article_id_of(address) != article_id:
            yield f"articles {article_id}: the id is not that of its address {address}"
        yield from _spans(store.db, article_id, document_text(title, text))
        if warc != [None, None, None] or _was_fetched(store.db, article_id):
            yield from _archived(store, f"articles {article_id}", *warc)
        if progress:
            progress(article_id)


def _was_fetched(db: Database, article_id: str) -> bool:
    """Whether a crawl brought the article; one that was loaded from elsewhere never had an archived page."""
    return db.execute("SELECT 1 FROM pages WHERE article_id = ?", [article_id]).fetchone() is not None


def _versions(store: Store) -> Iterator[str]:
    versions = store.db.execute(
        "SELECT article_id, version, title, text, text_sha256, warc_file, warc_offset, warc_digest"
        " FROM article_versions ORDER BY 1, 2"
    )
    for article_id, version, title, text, sha256, *warc in versions:
        name = f"article_versions {article_id} version {version}"
        if text_digest(title, text) != sha256:
            yield f"{name}: title and text do not match text_sha256 {sha256}"
        yield from _archived(store, name, *warc)


def content_hash(db: Database, known: Mapping[str, str] | None = None) -> str:
    """SHA-256 over all content rows in key order, without the columns that only say when and where.

    Equal for two databases exactly when they hold the same articles and the same tags. `known` gives the sums of
    tables whose rows have been read already.
    """
    digest = hashlib.sha256()
    for table in CONTENT_TABLES:
        total = (known or {}).get(table) or _summed_up(db, table)
        digest.update(f"{table} {total}\n".encode())
    return digest.hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSum:
    """The sum over the rows of one content table, whoever reads them: `columns` in order of `keys`."""

    columns: tuple[str, ...]
    keys: tuple[str, ...]
    _digest: Any

    def add(self, rows: Iterable[tuple[Any, ...]]) -> None:
        """Count the next rows in."""
        self._digest.update(b"".join(map(_line, rows)))

    def total(self) -> str:
        """The sum of what was counted in."""
        return str(self._digest.hexdigest())


def table_sum(db: Database, table: str) -> TableSum | None:
    """The sum of a table before any of its rows; None for a table that is no content."""
    if table not in CONTENT_TABLES:
        return None
    described = db.execute(
        "SELECT name, pk FROM pragma_table_info(?, 'main') ORDER BY cid", [table]
    ).fetchall()
    columns = tuple(name for name, _ in described if name not in LEFT_OUT)
    keys = tuple(name for name, place in sorted(described, key=lambda column: column[1]) if place)
    return TableSum(columns=columns, keys=keys, _digest=hashlib.sha256(",".join(columns).encode()))


def _summed_up(db: Database, table: str) -> str:
    total = table_sum(db, table)
    assert total is not None
    names = ", ".join(f'"{column}"' for column in total.columns)
    order = ", ".join(f'{sorting(table)}"{key}"' for key in total.keys)
    cursor = db.execute(f"SELECT {names} FROM main.{table} ORDER BY {order}")
    while rows := cursor.fetchmany(SUMMED):
        total.add(rows)
    return total.total()


def sorting(table: str) -> str:
    """What to put before a key to have a whole table in its order.

    With a plus sign SQLite reads the table as it lies and sorts what it read; by the index of its key it fetches a
    page for every row. Only where rows are long, sorting would take more room on the disk than it saves time.
    """
    return "" if table in LONG_ROWS else "+"


def _line(row: tuple[Any, ...]) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _structure(store: Store) -> Iterator[str]:
    db = store.db
    for (message,) in db.execute("PRAGMA integrity_check").fetchall():
        if message != "ok":
            yield f"integrity_check: {message}"
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
        yield f"{table} row {rowid}: refers to a row of {parent} that is not there"
    indexed = db.execute("SELECT count(*) FROM articles_fts_docsize").fetchone()[0]
    stored = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    if indexed != stored:
        yield f"articles_fts: {indexed} articles are indexed, {stored} are stored"
    yield from _full_text(store)
    unknown = db.execute(
        "SELECT count(*) FROM events e WHERE NOT EXISTS (SELECT 1 FROM event_mentions m WHERE m.event_id = e.id)"
    ).fetchone()[0]
    if unknown:
        yield f"events: {unknown} have no mention"
    for table, counted in DERIVED.items():
        wrong = db.execute(
            f"SELECT count(*) FROM (SELECT * FROM ({counted} EXCEPT SELECT * FROM {table})"
            f" UNION ALL SELECT * FROM (SELECT * FROM {table} EXCEPT {counted}))"
        ).fetchone()[0]
        if wrong:
            yield f"{table}: {wrong} rows are not what the events add up to"
    for event_id, said, counted in db.execute(
        "SELECT e.id, e.n_mentions, count(*) AS n FROM events e JOIN event_mentions m ON m.event_id = e.id"
        " GROUP BY e.id HAVING n <> e.n_mentions"
    ):
        yield f"events {event_id}: n_mentions says {said}, there are {counted}"


def _full_text(store: Store) -> Iterator[str]:
    """Compare the full text index with the texts; needs the write lock, so another writer goes first."""
    try:
        own = sqlite3.connect(f"{store.path.absolute().as_uri()}?mode=rw", uri=True, timeout=0)
        try:
            own.execute("INSERT INTO articles_fts (articles_fts, rank) VALUES ('integrity-check', 1)")
        finally:
            own.rollback()
            own.close()
    except sqlite3.OperationalError:
        return  # being written, or in a folder that cannot be written
    except sqlite3.DatabaseError as error:
        yield f"articles_fts: the full text index does not hold the texts ({error})"


def _spans(db: Database, article_id: str, document: str) -> Iterator[str]:
    for table in SPAN_TABLES:
        rows = db.execute(f'SELECT id, start, "end", text FROM {table} WHERE article_id = ?', [article_id])
        for row_id, start, end, text in rows:
            if not 0 <= start < end <= len(document):
                yield f"{table} {row_id}: the span {start}-{end} is outside its document of {len(document)} characters"
            elif document[start:end] != text:
                yield f"{table} {row_id}: {text!r} is not what stands at {start}-{end}: {document[start:end]!r}"
    rows = db.execute(
        "SELECT id, trigger_start, trigger_end, trigger_text, coding FROM event_mentions WHERE article_id = ?",
        [article_id],
    )
    for row_id, start, end, text, coding in rows:
        if document[start:end] != text:
            yield f"event_mentions {row_id}: the trigger {text!r} is not what stands at {start}-{end}"
        try:
            yield from _participants(row_id, json.loads(coding), document)
        except (ValueError, LookupError, TypeError):
            yield f"event_mentions {row_id}: its coding is damaged"


def _participants(row_id: str, coding: dict[str, Any], document: str) -> Iterator[str]:
    for side in ("actor", "recipient"):
        for p in coding[side]:
            if document[p["start"] : p["end"]] != p["text"]:
                yield f"event_mentions {row_id}: the {side} {p['text']!r} is not what stands at {p['start']}-{p['end']}"


def _archived(
    store: Store, name: str, file: str | None, offset: int | None, digest: str | None
) -> Iterator[str]:
    if file is None or offset is None or digest is None:
        yield f"{name}: no archived page"
        return
    try:
        read_record(store.archive, WarcReference(file=file, offset=offset, digest=digest))
    except VerificationFailed as error:
        yield f"{name}: {error}"
