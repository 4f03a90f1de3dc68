"""What a saved search would have told of in a span of days, had it been watching; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateline.alerting.firing import CHUNK, is_told_modality
from db.event_rows import event_line, read_events
from db.outbox import Reason
from db.provenance import event_headline
from db.query_plan import plan_query
from db.saved_searches import SavedSearch
from db.store import Store
from db.told import known_since, tellings_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One alert that would have fired."""

    day: str
    reason: Reason
    title: str
    event_id: str


def preview(store: Store, search: SavedSearch, *, last: date, days: int) -> list[Foreseen]:
    """The alerts of so many days up to and with the last, in order.

    An event counts on the day on which enough independent publishers had told of it, a stage of its measure
    on the day of that stage, unless the event that brought it is told of anyway.
    """
    first = (last - timedelta(days=days - 1)).isoformat()
    matching: dict[str, str] = {}
    told: dict[str, str] = {}
    found: list[Foreseen] = []
    plan = plan_query(store.db, search.query)
    rows = store.db.execute(plan.ids_in_order(), plan.parameters).fetchall()
    for start in range(0, len(rows), CHUNK):
        chunk = rows[start : start + CHUNK]
        tellings = tellings_of(store.db, chunk)
        for event in read_events(store.db, chunk):
            if not is_told_modality(search, event):
                continue
            day = known_since(tellings[event["id"]], search.query.min_sources or 1)
            matching[event["id"]] = day
            if event["measure_id"]:
                told[event["measure_id"]] = min(day, told.get(event["measure_id"], day))
            if first <= day <= last.isoformat():
                title = event_headline(event_line(event))
                found.append(Foreseen(day=day, reason="event", title=title, event_id=event["id"]))
    found += _stages(store, matching, told, first, last.isoformat())
    return sorted(found, key=lambda alert: (alert.day, alert.reason, alert.event_id))


def by_day(alerts: list[Foreseen]) -> dict[str, int]:
    """How many alerts on each day that has any."""
    counts: dict[str, int] = {}
    for alert in alerts:
        counts[alert.day] = counts.get(alert.day, 0) + 1
    return counts


def last_day_told(store: Store, search: SavedSearch) -> str | None:
    """The day of the latest event that matches, for a user whose span holds none."""
    plan = plan_query(store.db, search.query)
    newest = store.db.execute(f"SELECT max(reported) FROM ({plan.matches()})", plan.parameters).fetchone()[0]
    return str(newest) if newest else None


def _stages(
    store: Store, matching: dict[str, str], told: dict[str, str], first: str, last: str
) -> Iterator[Foreseen]:
    """The stages that the measures told of came to by themselves, or by events that do not match."""
    for measure_id, since in sorted(told.items()):
        for stage, day, event_id, title in store.db.execute(
            "SELECT s.stage, s.day, s.event_id, m.title FROM measure_stages s JOIN measures m"
            " ON m.id = s.measure_id WHERE s.measure_id = ? AND s.day BETWEEN ? AND ? ORDER BY s.position",
            [measure_id, first, last],
        ).fetchall():
            if day > since and (event_id not in matching or matching[event_id] < day):
                name = f"{title}: now {stage.replace('_', ' ')}"
                yield Foreseen(day=day, reason="stage", title=name, event_id=event_id)
