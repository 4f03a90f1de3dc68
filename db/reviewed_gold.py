"""Turns reviewed events into gold: sentences with the events that a person says they tell."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlite_utils import Database

from db.corrections import resolve_event
from db.event_rows import read_events

_VALUES = ("event_type", "modality", "instrument", "direction", "stage", "effective_date")


def gold_lines(db: Database) -> Iterator[dict[str, Any]]:
    """One line for every sentence that tells a reviewed event; events there that nobody reviewed are optional.

    A rejected event is one that its sentence does not tell.
    """
    reviewed: dict[str, str] = {}
    for review in db.query("SELECT * FROM reviews WHERE target_table <> 'reviews' ORDER BY reviewed, rowid"):
        event_id = resolve_event(db, review)
        if event_id is not None:
            reviewed[event_id] = review["verdict"]
    rejected = {
        row[0]
        for row in db.execute(
            "SELECT event_id FROM overruled_events WHERE event_id NOT IN (SELECT id FROM corrected_events)"
        )
    }
    sentences = db.execute(
        'SELECT DISTINCT m.article_id, m.start, m."end", m.text, a.published_local, a.language FROM event_mentions m'
        " JOIN articles a ON a.id = m.article_id WHERE m.event_id IN (SELECT value FROM json_each(?))"
        " ORDER BY 1, 2, 3",
        [json.dumps(sorted(reviewed))],
    ).fetchall()
    for article_id, start, end, text, published, language in sentences:
        told = [
            row[0]
            for row in db.execute(
                'SELECT DISTINCT event_id FROM event_mentions WHERE article_id = ? AND start = ? AND "end" = ?'
                " AND event_id IS NOT NULL ORDER BY 1",
                [article_id, start, end],
            )
        ]
        events = [_event(db, event_id, event_id in reviewed) for event_id in told if event_id not in rejected]
        identity = f"{article_id}-{start}-{end}"
        yield {"id": identity, "text": text, "published": published, "language": language, "events": events}


def _event(db: Database, event_id: str, is_reviewed: bool) -> dict[str, Any]:
    corrected = list(read_events(db, [(event_id, "corrected_")]))
    [event] = corrected or list(read_events(db, [(event_id, "")]))
    sides = {
        side: [{"country": p["country"]} for p in event[side] if p["country"] != "---"]
        for side in ("actor", "recipient")
    }
    values = {name: event[name] for name in _VALUES}
    return {**values, **sides, "commodities": event["commodities"], "optional": not is_reviewed}
