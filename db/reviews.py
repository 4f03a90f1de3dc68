"""Corrections by people: rows of their own that never overwrite what the machine coded, and win in questions.

A review says of an event, of who acts in it, or of a report of it: accept, reject, or change a field. It is anchored
in the words it was made about (article and trigger), so it finds its event again after tagging anew. What the reviews
make of the events they touch is kept in the `corrected_` tables, derived anew from events and reviews by
`db.corrections.apply_reviews`.
"""

from __future__ import annotations

import getpass
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from sqlite_utils import Database

from db.clock import present
from db.corrections import apply_reviews, resolve_event
from db.errors import NotFound, UsageError
from db.frontier import timestamp
from db.history import record_history
from db.query import make_query
from db.store import Store
from db.tags import content_id

Verdict = Literal["accept", "reject", "change", "withdraw"]
CLOSED = ("event_type", "instrument", "stage", "modality", "direction")
DATES = ("event_date", "effective_date")
CHANGEABLE = (*CLOSED, *DATES, "mode", "flow", "venue", "certainty", "commodities", "merged_into")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What somebody says of one thing; `value` is what it should be, "" for nothing."""

    target_table: Literal["events", "event_actors", "event_mentions", "reviews"]
    target_id: str
    verdict: Verdict
    reviewer: str
    field: str | None = None
    value: str | None = None
    reason: str | None = None


def add_review(store: Store, review: Review) -> str:
    """Write a review with the words it is about, bring the corrections up to date, and return its id.

    Raises NotFound for a target that is not there, UsageError for a field or value that no event can have.
    """
    machine, anchor = _machine_value(store.db, review)
    value = _checked_value(store.db, review)
    when = timestamp(present())
    said = (review.target_table, review.target_id, review.verdict, review.field, value, review.reviewer, when)
    review_id = content_id("r", *said, review.reason)
    with store.transaction():
        store.db.execute(
            "INSERT OR IGNORE INTO reviews (id, target_table, target_id, verdict, field, value, reviewer, reviewed,"
            ' reason, machine_value, article_id, start, "end", text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)',
            [review_id, *said, review.reason, machine, *anchor],
        )
    apply_reviews(store)
    record_history(store)
    return review_id


def list_reviews(db: Database, event_id: str | None = None) -> Iterator[dict[str, Any]]:
    """Every review with what became of it, the latest first; `state` is one of

    in force, withdrawn, overtaken (a later review says otherwise), or lost (the words it was about are no longer
    coded as an event).
    """
    withdrawn = {row[0] for row in db.execute("SELECT target_id FROM reviews WHERE verdict = 'withdraw'")}
    seen: set[tuple[str, str, str | None]] = set()
    for row in db.query("SELECT * FROM reviews ORDER BY reviewed DESC, rowid DESC"):
        key = (row["target_table"], row["target_id"], row["field"])
        event = None if row["target_table"] == "reviews" else resolve_event(db, row)
        if row["id"] in withdrawn:
            state = "withdrawn"
        elif key in seen:
            state = "overtaken"
        else:
            seen.add(key)
            state = "lost" if event is None and row["target_table"] != "reviews" else "in force"
        if event_id in (None, event):
            yield {**row, "event_id": event, "state": state}


def default_reviewer() -> str:
    """Who reviews: DATELINE_REVIEWER, or the name one is logged in by."""
    return os.environ.get("DATELINE_REVIEWER") or getpass.getuser()


def _machine_value(db: Database, review: Review) -> tuple[str | None, tuple[Any, ...]]:
    """What the machine says of the target, and the article and trigger that it was read from."""
    if review.target_table == "reviews":
        if not db.execute("SELECT 1 FROM reviews WHERE id = ?", [review.target_id]).fetchone():
            raise NotFound(f"there is no review {review.target_id}. See 'dateline review list'")
        return None, (None, None, None, None)
    event_id, machine = review.target_id, None
    if review.target_table == "event_mentions":
        row = db.execute("SELECT event_id FROM event_mentions WHERE id = ?", [review.target_id]).fetchone()
        if row is None:
            raise NotFound(
                f"there is no report {review.target_id} of an event. See 'dateline explain EVENT --json'"
            )
        return row[0], _anchor(db, "id", review.target_id)
    if review.target_table == "event_actors":
        event_id, side, position = [*review.target_id.split("/"), "", ""][:3]
        row = db.execute(
            "SELECT entity_id FROM event_actors WHERE event_id = ? AND side = ? AND position = ?",
            [event_id, side, position],
        ).fetchone()
        if row is None:
            raise NotFound(
                f"event {event_id} has no {side or 'party'} number {position or '?'}, counted from 0"
            )
        machine = row[0]
    elif review.field and review.field in _columns(db):
        row = db.execute(f"SELECT {review.field} FROM events WHERE id = ?", [event_id]).fetchone()
        machine = None if row is None or row[0] is None else str(row[0])
    if not db.execute("SELECT 1 FROM events WHERE id = ?", [event_id]).fetchone():
        raise NotFound(f"there is no event {event_id} as the machine coded it. See 'dateline events --raw'")
    return machine, _anchor(db, "event_id", event_id)


def _anchor(db: Database, column: str, value: str) -> tuple[Any, ...]:
    row = db.execute(
        "SELECT m.article_id, m.trigger_start, m.trigger_end, m.trigger_text FROM event_mentions m"
        f" JOIN articles a ON a.id = m.article_id WHERE m.{column} = ?"
        " ORDER BY a.published, m.article_id, m.start LIMIT 1",
        [value],
    ).fetchone()
    return tuple(row) if row else (None, None, None, None)


def _columns(db: Database) -> set[str]:
    return {row[0] for row in db.execute("SELECT name FROM pragma_table_info('events')")}


def _checked_value(db: Database, review: Review) -> str | None:
    if review.verdict != "change":
        return None
    field, value = review.field, review.value or ""
    if review.target_table == "event_actors":
        if value and not db.execute("SELECT 1 FROM entities WHERE id = ?", [value]).fetchone():
            raise UsageError(f"there is no entity '{value}'. See 'dateline actors' for the ids")
        return value
    if field not in CHANGEABLE:
        raise UsageError(f"'{field}' cannot be changed. One of: {', '.join(CHANGEABLE)}")
    if value and field in CLOSED:
        make_query({field: value})
    if value and field in DATES and not _DATE.fullmatch(value):
        raise UsageError(f"{field}: '{value}' is no date; write it as 2025-10-20, 2025-10 or 2025")
    if field == "merged_into" and not db.execute("SELECT 1 FROM events WHERE id = ?", [value]).fetchone():
        raise NotFound(f"there is no event {value} to merge into. See 'dateline events' for the ids")
    if not value and field in ("event_type", "modality", "certainty"):
        raise UsageError(f"{field} must have a value")
    return value
