"""Turns the tags of one article into rows of the store's tables, ready for one `executemany` a table."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson
from sqlite_utils import Database

from db.merge_rules import block_of, report_day, report_period
from db.model import EventMention, Mention, Observation, Quantity, TaggedDocument, Tagger, TimeExpression

Row = tuple[Any, ...]
_KINDS = {"person": "person", "country": "country", "bloc": "bloc", "gov": "government", "region": "place"}

COLUMNS: dict[str, tuple[str, ...]] = {
    "mentions": (
        *("id", "article_id", "start", "end", "text", "kind", "form", "entity_id", "name", "country", "role"),
        *("sector", "rule"),
    ),
    "quantities": (
        *("id", "article_id", "start", "end", "text", "value", "value_high", "change", "unit"),
        *("unit_normalized", "concept", "concepts", "period", "rule"),
    ),
    "dates": (
        *("id", "article_id", "start", "end", "text", "type", "value", "date_start", "date_end", "rule"),
    ),
    "observations": (
        *("id", "article_id", "start", "end", "text", "indicator", "country", "partner", "commodity"),
        *("value", "unit", "period", "change_from", "rule"),
    ),
    "event_mentions": (
        *("id", "event_id", "article_id", "start", "end", "text", "trigger_start", "trigger_end"),
        *("trigger_text", "block", "attribution_type", "attribution_text", "confidence", "rule", "tagger"),
        *("coding", "merge_day", "merge_from", "merge_until"),
    ),
}
"""The tables that hang on an article, in the order in which they can be written, with their columns."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TagRows:
    """All rows of one article's tags: by table, and the entities and aliases that they need."""

    tagger: str
    tables: dict[str, list[Row]]
    entities: dict[Row, None] = field(default_factory=dict)
    aliases: dict[Row, None] = field(default_factory=dict)


def tagger_name(tagger: Tagger) -> str:
    """Name, version and model as one word, kept with every tagged article: `dateline/0.1.0/model`."""
    return f"{tagger.name}/{tagger.version}/{tagger.model}"


def rows_of(article_id: str, tagged: TaggedDocument, published: str | None) -> TagRows:
    """The rows of one article's tags, `published` as it is stored; equal tags give equal rows, and no row twice."""
    name = tagger_name(tagged.tagger)
    tables = {
        "mentions": _unique(_mention(article_id, m) for m in tagged.mentions),
        "quantities": _unique(_quantity(article_id, q) for q in tagged.quantities),
        "dates": _unique(_date(article_id, d) for d in tagged.dates),
        "observations": _unique(_observations(article_id, tagged.observations)),
        "event_mentions": _unique(
            _event_mention(article_id, tagged.document, e, name, published or "") for e in tagged.events
        ),
    }
    rows = TagRows(tagger=name, tables=tables)
    for m in tagged.mentions:
        rows.entities[(m.entity_id, m.kind, m.name, m.country, m.sector)] = None
        if m.form != "nominal":
            rows.aliases[(m.entity_id, m.text, tagged.language or "")] = None
    # Participants may be entities that no mention names (an implied government): they need their row too.
    for event in tagged.events:
        for p in (*event.actor, *event.recipient):
            if p.entity_id and p.name:
                kind = _KINDS.get(p.entity_id.partition("/")[0], "organisation")
                rows.entities[(p.entity_id, kind, p.name, p.country, p.sector)] = None
    return rows


def write_rows(db: Database, rows: Iterable[TagRows]) -> None:
    """Insert the rows of some articles, entities first; the caller holds the transaction."""
    kept = list(rows)
    put_entities(db, {entity: None for one in kept for entity in one.entities})
    put_aliases(db, {alias: None for one in kept for alias in one.aliases})
    for table in COLUMNS:
        insert_rows(db, table, [row for one in kept for row in one.tables[table]])


def insert_rows(db: Database, table: str, rows: list[Row]) -> None:
    """Insert rows that hold the columns of `COLUMNS` in their order."""
    if rows:
        db.conn.executemany(_INSERT[table], rows)


def put_entities(db: Database, entities: Iterable[Row]) -> None:
    """Add or complete entities (id, kind, name, country, sector)."""
    # Taking the least of two values makes the row the same whichever article comes first.
    db.conn.executemany(
        "INSERT INTO entities VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " kind = min(kind, excluded.kind), name = min(name, excluded.name),"
        " country = min(country, excluded.country),"
        " sector = coalesce(min(sector, excluded.sector), sector, excluded.sector)",
        list(entities),
    )


def put_aliases(db: Database, aliases: Iterable[Row]) -> None:
    """Add the forms (entity id, form, language) that are not known yet."""
    db.conn.executemany("INSERT OR IGNORE INTO entity_aliases VALUES (?, ?, ?)", list(aliases))


def content_id(prefix: str, *parts: object) -> str:
    """A stable id from content: the prefix and 16 hexadecimal digits."""
    key = "\x1f".join("" if part is None else str(part) for part in parts)
    return prefix + hashlib.sha256(key.encode()).hexdigest()[:16]


_INSERT: Mapping[str, str] = {
    table: f"INSERT INTO {table} ({', '.join(f'{column!r}' for column in columns)})".replace("'", '"')
    + f" VALUES ({', '.join('?' * len(columns))})"
    for table, columns in COLUMNS.items()
}


def _unique(rows: Iterable[Row]) -> list[Row]:
    return list({row[0]: row for row in rows}.values())


def _mention(article_id: str, m: Mention) -> Row:
    identity = content_id("m", article_id, "Mention", m.start, m.end, m.entity_id)
    who = (m.kind, m.form, m.entity_id, m.name, m.country, m.role, m.sector, m.rule)
    return (identity, article_id, m.start, m.end, m.text, *who)


def _quantity(article_id: str, q: Quantity) -> Row:
    identity = content_id("q", article_id, "Quantity", q.start, q.end, q.value)
    concepts = json.dumps(list(q.concepts), ensure_ascii=False)
    what = (q.value, q.value_high, q.change, q.unit, q.unit_normalized, q.concept, concepts, q.period, q.rule)
    return (identity, article_id, q.start, q.end, q.text, *what)


def _date(article_id: str, t: TimeExpression) -> Row:
    identity = content_id("t", article_id, "TimeExpression", t.start, t.end, t.value)
    return (identity, article_id, t.start, t.end, t.text, t.type, t.value, t.date_start, t.date_end, t.rule)


def _observations(article_id: str, observations: tuple[Observation, ...]) -> Iterable[Row]:
    ids = {o.id: content_id("o", article_id, o.id) for o in observations}
    for o in observations:
        before = ids.get(o.change_from) if o.change_from else None
        what = (o.indicator, o.country, o.partner, o.commodity, o.value, o.unit, o.period, before, o.rule)
        yield (ids[o.id], article_id, o.start, o.end, o.text, *what)


def _event_mention(article_id: str, document: str, e: EventMention, tagger: str, published: str) -> Row:
    coding = orjson.loads(orjson.dumps(e))  # the record as plain values, several times faster than by hand
    del coding["rule"]
    identity = content_id("em", article_id, e.event_type, e.trigger_start, e.trigger_end, e.event_id)
    said_by = (e.attribution.type, e.attribution.text) if e.attribution else (None, None)
    return (
        *(identity, None, article_id, e.start, e.end, document[e.start : e.end]),
        *(e.trigger_start, e.trigger_end, document[e.trigger_start : e.trigger_end]),
        *(block_of(coding, article_id), *said_by, e.certainty, e.rule, tagger),
        orjson.dumps(coding, option=orjson.OPT_SORT_KEYS).decode(),
        *merge_place(coding, published),
    )


def merge_place(coding: dict[str, Any], published: str) -> tuple[str, str | None, str | None]:
    """Where a report lies in time, for the merge: its day, and first and last day of the period that it names."""
    period = report_period(coding)
    begins, ends = (day.isoformat() for day in period) if period else (None, None)
    return report_day(coding, published), begins, ends
