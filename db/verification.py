"""Checks that everything stored still has its witness, and sums the content up in one hash."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlite_utils import Database

from db.archive import read_record
from db.errors import VerificationFailed
from db.model import WarcReference, document_text
from db.store import Store, text_digest

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
Progress = Callable[[str], None]


def verify(store: Store, progress: Progress | None = None) -> Iterator[str]:
    """Every fault found, one line each naming the table, the row and the fact; nothing when all holds.

    Checked are SQLite's own structures, foreign keys, the full text index, the hash of every text, that every
    span lies inside its document and equals its slice, and that every page is in the archive as it was read.
    """
    yield from _structure(store.db)
    articles = store.db.execute(
        "SELECT id, title, text, text_sha256, warc_file, warc_offset, warc_digest FROM articles ORDER BY id"
    ).fetchall()
    for article_id, title, text, sha256, *warc in articles:
        if text_digest(title, text) != sha256:
            yield f"articles {article_id}: title and text do not match text_sha256 {sha256}"
        yield from _spans(store.db, article_id, document_text(title, text))
        yield from _archived(store, f"articles {article_id}", *warc)
        if progress:
            progress(article_id)
    versions = store.db.execute(
        "SELECT article_id, version, title, text, text_sha256, warc_file, warc_offset, warc_digest"
        " FROM article_versions ORDER BY 1, 2"
    ).fetchall()
    for article_id, version, title, text, sha256, *warc in versions:
        name = f"article_versions {article_id} version {version}"
        if text_digest(title, text) != sha256:
            yield f"{name}: title and text do not match text_sha256 {sha256}"
        yield from _archived(store, name, *warc)


def content_hash(db: Database) -> str:
    """SHA-256 over all content rows in key order, without the columns that only say when and where.

    Equal for two databases exactly when they hold the same articles and the same tags.
    """
    digest = hashlib.sha256()
    for table in CONTENT_TABLES:
        columns = [c.name for c in db[table].columns if c.name not in CLOCK_COLUMNS]
        names = ", ".join(f'"{column}"' for column in columns)
        digest.update(f"{table} {names}\n".encode())
        for row in db.execute(f"SELECT {names} FROM {table} ORDER BY {names}"):
            digest.update(json.dumps(row, ensure_ascii=False).encode())
            digest.update(b"\n")
    return digest.hexdigest()


def _structure(db: Database) -> Iterator[str]:
    for (message,) in db.execute("PRAGMA integrity_check").fetchall():
        if message != "ok":
            yield f"integrity_check: {message}"
    for table, rowid, parent, _ in db.execute("PRAGMA foreign_key_check").fetchall():
        yield f"{table} row {rowid}: refers to a row of {parent} that is not there"
    indexed = db.execute("SELECT count(*) FROM articles_fts_docsize").fetchone()[0]
    stored = db.execute("SELECT count(*) FROM articles").fetchone()[0]
    if indexed != stored:
        yield f"articles_fts: {indexed} articles are indexed, {stored} are stored"
    unknown = db.execute(
        "SELECT count(*) FROM events WHERE id NOT IN (SELECT event_id FROM event_mentions WHERE event_id IS NOT NULL)"
    ).fetchone()[0]
    if unknown:
        yield f"events: {unknown} have no mention"


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
        yield from _participants(row_id, json.loads(coding), document)


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
