"""In which stage a measure is on a day, and which measures came to another stage."""

from __future__ import annotations

from typing import Any

from sqlite_utils import Database


def stage_on(db: Database, measure_id: str, day: str) -> dict[str, Any] | None:
    """The measure as it stands on a day: id, title, stage, since, and the event that brought it there.

    A measure whose first stage lies ahead is "announced" until then. None when there is no such measure.
    """
    measure = db.execute("SELECT title FROM measures WHERE id = ?", [measure_id]).fetchone()
    if measure is None:
        return None
    rows = db.execute(
        "SELECT stage, date, day, event_id FROM measure_stages WHERE measure_id = ? ORDER BY position",
        [measure_id],
    ).fetchall()
    passed = [row for row in rows if row[2] is None or row[2] <= day]
    stage, since, _, event_id = passed[-1] if passed else ("announced", None, None, rows[0][3])
    return {"id": measure_id, "title": measure[0], "stage": stage, "since": since, "event_id": event_id}


def measures_with_news(db: Database) -> list[str]:
    """The measures of the events that came or changed since the last look."""
    rows = db.execute(
        "SELECT DISTINCT e.measure_id FROM event_news n CROSS JOIN events e ON e.id = n.event_id"
        " WHERE e.measure_id IS NOT NULL ORDER BY 1"
    )
    return [row[0] for row in rows]


def events_with_more_ahead(db: Database, day: str) -> list[str]:
    """The events of measures that come to another stage after this day, as far as is known."""
    rows = db.execute(
        "SELECT DISTINCT e.id FROM measure_stages s CROSS JOIN events e ON e.measure_id = s.measure_id"
        " WHERE s.day > ? ORDER BY 1",
        [day],
    )
    return [row[0] for row in rows]


def measures_entering(db: Database, after: str, until: str) -> list[str]:
    """The measures that a stage was set for after one day and until another, included."""
    rows = db.execute(
        "SELECT DISTINCT measure_id FROM measure_stages WHERE day > ? AND day <= ? ORDER BY 1", [after, until]
    )
    return [row[0] for row in rows]
