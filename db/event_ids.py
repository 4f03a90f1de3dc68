"""Events by what people type: an id, its beginning, or the word "latest"."""

from __future__ import annotations

from sqlite_utils import Database

from db.empty_answers import why_none
from db.errors import NotFound
from db.query import EventQuery, find_events


def full_event_id(db: Database, typed: str) -> str:
    """The event whose id begins so, or the latest that happened; raises NotFound when none or several do.

    Reviewers' events are found too.
    """
    if typed == "latest":
        return _latest(db)
    ids = [
        row[0]
        for row in db.execute(
            "SELECT id FROM events WHERE id >= ?1 AND id < ?1 || 'g' UNION SELECT id FROM corrected_events"
            " WHERE id >= ?1 AND id < ?1 || 'g' LIMIT 3",
            [typed],
        )
    ]
    if not ids:
        raise NotFound(f"there is no event {typed}. See 'dateline events' for the ids")
    if len(ids) > 1:
        raise NotFound(f"several events begin with {typed} ({', '.join(ids)}). Write more of the id")
    return str(ids[0])


def _latest(db: Database) -> str:
    query = EventQuery(modality="actual", limit=1)
    latest = next(find_events(db, query), None)
    if latest is None:
        raise NotFound(why_none(db, query))
    return str(latest["id"])
