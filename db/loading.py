"""Brings many articles with their tags into a store at once: what `extract` and `tag` printed, made anywhere.

Into a store that holds articles, batches go in one transaction each, as in every day's work. A new store is filled
beside its place without indexes, which are made at the end, and appears when it is complete: several times faster,
and a load that is interrupted leaves nothing behind.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import orjson
from sqlite_utils import Database

from db import copies
from db.clock import present
from db.errors import InputFileError, VerificationFailed
from db.frontier import timestamp
from db.likeness import Wording, wording
from db.merge import merge_events
from db.model import Article, SourceSummary, TaggedDocument
from db.store import Store, article_row, forget_store, open_store, text_digest
from db.stories import group_stories
from db.tag_rows import TagRows, rows_of, write_rows

Item = TypeVar("Item")
BATCH = 200
BULK_CACHE_KIB = 200_000
FTS_HASH, FTS_HASH_USUAL = 16 << 20, 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Loadable:
    """An article with its source and, where it has been tagged, its tags."""

    article: Article
    source_id: str
    tagged: TaggedDocument | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """How many articles were new, and how many were there already and left as they are."""

    new: int
    known: int


def load(
    path: Path,
    source: SourceSummary,
    items: Iterable[Loadable],
    *,
    progress: Callable[[], None] | None = None,
    finish: bool = True,
) -> Loaded:
    """Load articles of one source into the store at `path`, then merge events and stories (unless not `finish`).

    Articles whose address is known are left as they are. Raises InputFileError when a new store's place is taken.
    """
    if not path.exists():
        return _load_new(path, source, items, progress, finish)
    with open_store(path) as store:
        store.frontier.put_source(source)
        new = known = 0
        for batch in _batches(items):
            added = write_prepared(store, [prepare(one) for one in batch])
            new += added
            known += len(batch) - added
            _tell(progress, len(batch))
        if finish:
            merge_events(store)
            group_stories(store)
    return Loaded(new=new, known=known)


def _load_new(
    path: Path,
    source: SourceSummary,
    items: Iterable[Loadable],
    progress: Callable[[], None] | None,
    finish: bool,
) -> Loaded:
    part = path.with_name(path.name + ".loading")
    _clear_away(part)
    try:
        with open_store(part) as store:
            store.frontier.put_source(source)
            result = fill_new(store, map(prepare, items), progress)
            if finish:
                merge_events(store)
                group_stories(store)
        if path.exists():
            raise InputFileError(f"{path} was made by another program meanwhile. Load again, to add to it")
        part.replace(path)
    finally:
        _clear_away(part)
    return result


def fill_new(store: Store, items: Iterable[Prepared], progress: Callable[[], None] | None = None) -> Loaded:
    """Fill a store that holds no articles and that nobody else uses: rows first, then full text, indexes, copies.

    All rows are one transaction: with one for each batch, SQLite writes pages of an index again and again.
    """
    db = store.db
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    db.execute(f"PRAGMA cache_size = -{BULK_CACHE_KIB}")
    db.execute("PRAGMA foreign_keys = OFF")
    made_anew = _take_away_indexes(db)
    new = known = 0
    seen: set[str] = set()
    entities: dict[str, tuple[Any, ...]] = {}
    with _no_search_for_cycles():
        for batch in _batches(items):
            unique = {one.id: one for one in batch}
            fresh = [one for identity, one in unique.items() if identity not in seen]
            seen.update(unique)
            _write_bulk(store, fresh, entities)
            new += len(fresh)
            known += len(batch) - len(fresh)
            _tell(progress, len(batch))
    db.conn.executemany("INSERT OR REPLACE INTO entities VALUES (?, ?, ?, ?, ?)", sorted(entities.values()))
    _build_full_text(db)
    for sql in made_anew:
        db.execute(sql)
    db.conn.commit()
    for (rowid,) in db.execute(
        "SELECT DISTINCT article_rowid FROM article_bands WHERE (band, day) IN"
        " (SELECT band, day FROM article_bands GROUP BY band, day HAVING count(*) > 1) ORDER BY 1"
    ).fetchall():
        [article_id] = db.execute("SELECT id FROM articles WHERE rowid = ?", [rowid]).fetchone()
        copies.add_article(db, article_id)
    for (article_id,) in db.execute(
        "SELECT id FROM articles WHERE fingerprint IN"
        " (SELECT fingerprint FROM articles WHERE fingerprint IS NOT NULL GROUP BY 1 HAVING count(*) > 1) ORDER BY 1"
    ).fetchall():
        copies.add_article(db, article_id)
    db.conn.commit()
    faults = db.execute("PRAGMA foreign_key_check").fetchall()
    if faults:
        raise VerificationFailed(
            f"{store.path}: {faults[0][0]} row {faults[0][1]} has no parent; nothing was loaded"
        )
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA synchronous = FULL")
    db.execute("PRAGMA journal_mode = WAL")
    return Loaded(new=new, known=known)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """An article as rows, made before the store is locked for writing."""

    id: str
    row: dict[str, Any]
    words: Wording
    bands: list[int]
    tags: TagRows | None


def prepare(one: Loadable) -> Prepared:
    """The rows of an article and of its tags."""
    row = article_row(
        one.article, text_digest(one.article.title, one.article.text), fetched=timestamp(present())
    )
    tags = rows_of(row["id"], one.tagged, row["published"]) if one.tagged else None
    row |= {"source_id": one.source_id, "tagger": tags.tagger if tags else None}
    words = wording(one.article.text)
    return Prepared(id=row["id"], row=row, words=words, bands=words.bands(), tags=tags)


def write_prepared(store: Store, batch: list[Prepared]) -> int:
    """Write a batch in one transaction, all but the articles that are there already; returns how many were new."""
    unique = {one.id: one for one in batch}
    with store.transaction():
        ids = orjson.dumps(list(unique)).decode()
        known = {
            row[0]
            for row in store.db.execute(
                "SELECT id FROM articles WHERE id IN (SELECT value FROM json_each(?))", [ids]
            )
        }
        fresh = [one for identity, one in unique.items() if identity not in known]
        first = _insert_articles(store.db, fresh)
        for rowid, one in enumerate(fresh, first):
            if copies.has_like(store.db, rowid, one.row, one.bands):
                copies.add_article(store.db, one.id, one.words)
        write_rows(store.db, [one.tags for one in fresh if one.tags])
    return len(fresh)


def _write_bulk(store: Store, fresh: list[Prepared], entities: dict[str, tuple[Any, ...]]) -> None:
    """Write a batch where no index watches: entities are kept back, since they are completed row by row."""
    db = store.db
    _insert_articles(db, fresh)
    rows = [one.tags for one in fresh if one.tags]
    for tags in rows:
        for entity in tags.entities:
            known = entities.get(entity[0])
            if known != entity:
                entities[entity[0]] = entity if known is None else _least(known, entity)
        tags.entities.clear()
    write_rows(db, rows)


def _least(a: tuple[Any, ...], b: tuple[Any, ...]) -> tuple[Any, ...]:
    """What `put_entities` makes of two rows of one entity."""
    sectors = [sector for sector in (a[4], b[4]) if sector is not None]
    return (a[0], min(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3]), min(sectors, default=None))


def _insert_articles(db: Database, fresh: list[Prepared]) -> int:
    """Insert articles with their bands; returns the rowid of the first."""
    first = int(db.execute("SELECT coalesce(max(rowid), 0) + 1 FROM articles").fetchone()[0])
    if fresh:
        names = ", ".join(("rowid", *fresh[0].row))
        marks = ", ".join("?" * (len(fresh[0].row) + 1))
        db.conn.executemany(
            f"INSERT INTO articles ({names}) VALUES ({marks})",
            [(rowid, *one.row.values()) for rowid, one in enumerate(fresh, first)],
        )
        bands = [
            (band, day, rowid)
            for rowid, one in enumerate(fresh, first)
            for day in (copies.day_number(one.row["published"]),)
            for band in dict.fromkeys(one.bands)
        ]
        db.conn.executemany("INSERT OR IGNORE INTO article_bands VALUES (?, ?, ?)", bands)
    return first


def _build_full_text(db: Database) -> None:
    """Index all texts; with more words held in memory at once, which saves two fifths of the time."""
    size = "INSERT INTO articles_fts (articles_fts, rank) VALUES ('hashsize', ?)"
    db.execute(size, [FTS_HASH])
    db.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    db.execute(size, [FTS_HASH_USUAL])


def _take_away_indexes(db: Database) -> list[str]:
    """Drop the indexes, and the trigger that keeps the full text index; returns what makes them again."""
    rows = db.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND (type = 'index'"
        " OR name = 'articles_fts_insert') ORDER BY type, rowid"
    ).fetchall()
    for kind, name, _ in rows:
        db.execute(f"DROP {kind} {name}")
    return [sql for _, _, sql in rows]


@contextmanager
def _no_search_for_cycles() -> Iterator[None]:
    """Python looks for unreachable cycles again and again where many rows are made, and rows have none."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _batches(items: Iterable[Item]) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, BATCH)):
        yield batch


def _tell(progress: Callable[[], None] | None, times: int) -> None:
    if progress:
        for _ in range(times):
            progress()


def _clear_away(part: Path) -> None:
    for end in ("", "-wal", "-shm", "-journal"):
        part.with_name(part.name + end).unlink(missing_ok=True)
    forget_store(part)
