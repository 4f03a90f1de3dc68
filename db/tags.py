"""Writes, replaces and forgets the tags of one article; the caller holds the transaction.

Events and measures are derived from event mentions. Whoever takes a mention away leaves no half event behind:
events that lost a part are deleted and their other mentions are left unmerged, and `db.merge` puts together
again whatever is unmerged. The result depends on the set of mentions only, never on the order of work.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlite_utils import Database

from db.model import TaggedDocument
from db.tag_rows import content_id, rows_of, tagger_name, write_rows

__all__ = [
    "clear",
    "content_id",
    "dissolve_events",
    "dissolve_measure",
    "forget",
    "leave_story",
    "replace",
    "tagger_name",
]

CORRECTED_PARTS = (
    "overruled_events",
    "corrected_event_links",
    "corrected_event_actors",
    "corrected_event_commodities",
    "corrected_event_quantities",
)
UNKNOWN_DAY = "9999-12-31"
PLAIN_TABLES = ("mentions", "quantities", "dates")


def replace(db: Database, article_id: str, tagged: TaggedDocument) -> None:
    """Forget an article's tags and write the new ones."""
    [published] = db.execute("SELECT published FROM articles WHERE id = ?", [article_id]).fetchone()
    rows = rows_of(article_id, tagged, published)
    forget(db, article_id)
    write_rows(db, [rows])
    db.execute("UPDATE articles SET tagger = ? WHERE id = ?", [rows.tagger, article_id])


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
    leave_story(db, article_id)
    db.execute("DELETE FROM event_mentions WHERE article_id = ?", [article_id])
    for table in (*PLAIN_TABLES, "observations"):
        db.execute(f"DELETE FROM {table} WHERE article_id = ?", [article_id])
    db.execute("UPDATE articles SET tagger = NULL WHERE id = ?", [article_id])


def clear(db: Database) -> int:
    """Delete every tag, event, measure and entity; returns how many articles had been tagged."""
    tables = (
        *CORRECTED_PARTS,
        "corrected_events",
        "measure_stages",
        "event_actors",
        "event_commodities",
        "event_quantities",
        *("event_mentions", "stale_measures", "recent_reports"),
    )
    for table in (*tables, "events", "measures", "observations", *PLAIN_TABLES, "entity_aliases", "entities"):
        db.execute(f"DELETE FROM {table}")
    db.execute("UPDATE articles SET story_id = NULL, story_reason = NULL, story_score = NULL")
    db.execute("DELETE FROM stories")
    return int(db.execute("UPDATE articles SET tagger = NULL WHERE tagger IS NOT NULL").rowcount)


def leave_story(db: Database, article_id: str) -> None:
    """Take an article's story apart; the next grouping finds the stories of all its articles anew."""
    db.execute("DELETE FROM recent_reports WHERE article_id = ?", [article_id])
    [story_id] = db.execute("SELECT story_id FROM articles WHERE id = ?", [article_id]).fetchone()
    if story_id is not None:
        db.execute(
            "UPDATE articles SET story_id = NULL, story_reason = NULL, story_score = NULL WHERE story_id = ?",
            [story_id],
        )
        db.execute("DELETE FROM stories WHERE id = ?", [story_id])


def dissolve_events(db: Database, event_ids: Iterable[str]) -> None:
    """Delete events; their mentions become unmerged, and the measures that they were acts of wait to be built anew."""
    for event_id in event_ids:
        db.execute(
            "INSERT INTO stale_measures SELECT measure_id, coalesce(day, ?2) FROM events"
            " WHERE id = ?1 AND measure_id IS NOT NULL"
            " ON CONFLICT DO UPDATE SET day = min(day, excluded.day)",
            [event_id, UNKNOWN_DAY],
        )
        db.execute(
            "DELETE FROM measure_stages WHERE measure_id = (SELECT measure_id FROM events WHERE id = ?)",
            [event_id],
        )
        db.execute("UPDATE event_mentions SET event_id = NULL WHERE event_id = ?", [event_id])
        for table in ("event_actors", "event_commodities", "event_quantities", *CORRECTED_PARTS):
            db.execute(f"DELETE FROM {table} WHERE event_id = ?", [event_id])
        db.execute("DELETE FROM corrected_events WHERE id = ?", [event_id])
        db.execute("DELETE FROM events WHERE id = ?", [event_id])


def dissolve_measure(db: Database, measure_id: str) -> None:
    """Delete a measure and its stages; its events stay and become unassigned."""
    db.execute("DELETE FROM measure_stages WHERE measure_id = ?", [measure_id])
    db.execute("UPDATE events SET measure_id = NULL WHERE measure_id = ?", [measure_id])
    db.execute("DELETE FROM measures WHERE id = ?", [measure_id])
