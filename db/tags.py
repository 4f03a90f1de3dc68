"""Writes, replaces and forgets the tags of one article; the caller holds the transaction.

Events and measures are derived from event mentions. Whoever takes a mention away leaves no half event behind:
events that lost a part are deleted and their other mentions are left unmerged, and `db.merge` puts together
again whatever is unmerged. The result depends on the set of mentions only, never on the order of work.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from db.merge_rules import block_of
from db.model import EventMention, Mention, Observation, TaggedDocument, Tagger, as_json

_KINDS = {"person": "person", "country": "country", "bloc": "bloc", "gov": "government", "region": "place"}
PLAIN_TABLES = ("mentions", "quantities", "dates")


def tagger_name(tagger: Tagger) -> str:
    """Name, version and model as one word, kept with every tagged article: `dateline/0.1.0/model`."""
    return f"{tagger.name}/{tagger.version}/{tagger.model}"


def replace(db: Database, article_id: str, tagged: TaggedDocument) -> None:
    """Forget an article's tags and write the new ones."""
    forget(db, article_id)
    language = tagged.language or ""
    _put_entities(db, tagged.mentions, language)
    _insert(db, "mentions", (_row(article_id, m, as_json(m, explain=True)) for m in tagged.mentions))
    _insert(db, "quantities", (_row(article_id, q, as_json(q, explain=True)) for q in tagged.quantities))
    _insert(db, "dates", (_row(article_id, d, as_json(d, explain=True)) for d in tagged.dates))
    _insert(db, "observations", _observations(article_id, tagged.observations))
    _put_participants(db, tagged.events)
    name = tagger_name(tagged.tagger)
    _insert(db, "event_mentions", (_event_mention(article_id, tagged, e, name) for e in tagged.events))
    db.execute("UPDATE articles SET tagger = ? WHERE id = ?", [name, article_id])


def forget(db: Database, article_id: str) -> None:
    """Delete an article's tags; events that lost a mention are taken apart for the next merge."""
    events = [
        row[0]
        for row in db.execute(
            "SELECT DISTINCT event_id FROM event_mentions WHERE article_id = ? AND event_id IS NOT NULL",
            [article_id],
        )
    ]
    dissolve_events(db, events)
    db.execute("DELETE FROM event_mentions WHERE article_id = ?", [article_id])
    for table in (*PLAIN_TABLES, "observations"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    db.execute("UPDATE articles SET tagger = NULL WHERE id = ?", [article_id])


def clear(db: Database) -> int:
    """Delete every tag, event, measure and entity; returns how many articles had been tagged."""
    tables = ("measure_stages", "event_actors", "event_commodities", "event_quantities", "event_mentions")
    for table in (*tables, "events", "measures", "observations", *PLAIN_TABLES, "entity_aliases", "entities"):
        db.execute(f"DELETE FROM {table}")
    return int(db.execute("UPDATE articles SET tagger = NULL WHERE tagger IS NOT NULL").rowcount)


def dissolve_events(db: Database, event_ids: Iterable[str]) -> None:
    """Delete events, and the measures built on them; their mentions and sister events become unassigned."""
    for event_id in event_ids:
        measures = db.execute(
            "SELECT DISTINCT measure_id FROM measure_stages WHERE event_id = ?1"
            " UNION SELECT measure_id FROM events WHERE id = ?1 AND measure_id IS NOT NULL",
            [event_id],
        ).fetchall()
        for (measure_id,) in measures:
            dissolve_measure(db, measure_id)
        # An event's block is merged anew as a whole, so its neighbours are taken apart with it.
        db.execute("UPDATE event_mentions SET event_id = NULL WHERE event_id = ?", [event_id])
        for table in ("event_actors", "event_commodities", "event_quantities"):
            db.execute(f"DELETE FROM {table} WHERE event_id = ?", [event_id])
        db.execute("DELETE FROM events WHERE id = ?", [event_id])


def dissolve_measure(db: Database, measure_id: str) -> None:
    """Delete a measure and its stages; its events stay and become unassigned."""
    db.execute("DELETE FROM measure_stages WHERE measure_id = ?", [measure_id])
    db.execute("UPDATE events SET measure_id = NULL WHERE measure_id = ?", [measure_id])
    db.execute("DELETE FROM measures WHERE id = ?", [measure_id])


def content_id(prefix: str, *parts: object) -> str:
    """A stable id from content: the prefix and 16 hexadecimal digits."""
    key = "\x1f".join("" if part is None else str(part) for part in parts)
    return prefix + hashlib.sha256(key.encode()).hexdigest()[:16]


def _row(article_id: str, record: Any, values: dict[str, Any]) -> dict[str, Any]:
    kind = type(record).__name__
    identity = getattr(record, "entity_id", None) or getattr(record, "value", None)
    plain = {k: json.dumps(v, ensure_ascii=False) if isinstance(v, list) else v for k, v in values.items()}
    return {
        "id": content_id(kind[0].lower(), article_id, kind, record.start, record.end, identity),
        "article_id": article_id,
        **plain,
    }


def _observations(article_id: str, observations: tuple[Observation, ...]) -> Iterable[dict[str, Any]]:
    ids = {o.id: content_id("o", article_id, o.id) for o in observations}
    for o in observations:
        values = {**as_json(o, explain=True), "id": ids[o.id], "article_id": article_id}
        yield {**values, "change_from": ids.get(o.change_from) if o.change_from else None}


def _event_mention(
    article_id: str, tagged: TaggedDocument, event: EventMention, tagger: str
) -> dict[str, Any]:
    text = tagged.document
    coding = as_json(event)
    return {
        "id": content_id(
            "em", article_id, event.event_type, event.trigger_start, event.trigger_end, event.event_id
        ),
        "event_id": None,
        "article_id": article_id,
        "start": event.start,
        "end": event.end,
        "text": text[event.start : event.end],
        "trigger_start": event.trigger_start,
        "trigger_end": event.trigger_end,
        "trigger_text": text[event.trigger_start : event.trigger_end],
        "block": block_of(coding, article_id),
        "attribution_type": event.attribution.type if event.attribution else None,
        "attribution_text": event.attribution.text if event.attribution else None,
        "confidence": event.certainty,
        "rule": event.rule,
        "tagger": tagger,
        "coding": json.dumps(coding, ensure_ascii=False, sort_keys=True),
    }


def _put_entities(db: Database, mentions: tuple[Mention, ...], language: str) -> None:
    for m in mentions:
        _put_entity(db, (m.entity_id, m.kind, m.name, m.country, m.sector))
        if m.form != "nominal":
            db.execute(
                "INSERT OR IGNORE INTO entity_aliases VALUES (?, ?, ?)", [m.entity_id, m.text, language]
            )


def _put_participants(db: Database, events: tuple[EventMention, ...]) -> None:
    """Participants may be entities that no mention names (an implied government): they need their row too."""
    for event in events:
        for p in (*event.actor, *event.recipient):
            if p.entity_id and p.name:
                kind = _KINDS.get(p.entity_id.partition("/")[0], "organisation")
                _put_entity(db, (p.entity_id, kind, p.name, p.country, p.sector))


def _put_entity(db: Database, row: tuple[str, str, str, str, str | None]) -> None:
    # Taking the least of two values makes the row the same whichever article comes first.
    db.execute(
        "INSERT INTO entities VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
        " kind = min(kind, excluded.kind), name = min(name, excluded.name),"
        " country = min(country, excluded.country),"
        " sector = coalesce(min(sector, excluded.sector), sector, excluded.sector)",
        row,
    )


def _insert(db: Database, table: str, rows: Iterable[dict[str, Any]]) -> None:
    kept = list({row["id"]: row for row in rows}.values())
    if kept:
        columns = list(kept[0])
        names = ", ".join(f'"{column}"' for column in columns)
        marks = ", ".join("?" for _ in columns)
        db.conn.executemany(
            f"INSERT INTO {table} ({names}) VALUES ({marks})", [[row[c] for c in columns] for row in kept]
        )
