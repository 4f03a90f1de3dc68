"""Which saved searches fire, and on what: a look at the store's news is one transaction with all that it tells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from dateline.alerting.hours import Hours
from dateline.alerting.message import make_alert
from db.event_rows import read_events
from db.measure_days import events_with_more_ahead, measures_entering, measures_with_news, stage_on
from db.measures import news_awaits_measures
from db.outbox import Alert, is_due, put_alert, put_delivery, put_into_digest
from db.query_plan import plan_query
from db.saved_searches import SavedSearch, all_searches, note_evaluated, tell_from
from db.store import Store
from db.told import (
    Telling,
    events_reported_since,
    events_told,
    known_since,
    note_stage,
    remember,
    tellings_of,
    told_happening,
    told_stages,
)

TOLD_MODALITIES = ("actual", "future")
"""What a search tells of unless it asks for a modality: what happened and what was decided."""
CHUNK = 200
MANY = 20_000
"""With more news than this, a search goes through all that was reported since it began to watch."""


def fire(store: Store, now: datetime) -> list[Alert] | None:
    """Write the alerts of all active searches on what is new, with their deliveries; returns the alerts.

    None, and nothing done, while reports wait to be merged or measures to be built: half a happening is no
    news. What is told is noted in the same transaction, so that no other look tells it again, whatever happens
    to this process.
    """
    with store.transaction():
        if has_unmerged(store) or news_awaits_measures(store.db):
            return None
        news = [row[0] for row in store.db.execute("SELECT event_id FROM event_news LIMIT ?", [MANY + 1])]
        searches = all_searches(store, active=True)
        alerts = [alert for search in searches for alert in _look(store, search, news, now)]
        note_evaluated(store, searches, now)
        store.db.execute("DELETE FROM event_news")
    return alerts


def has_unmerged(store: Store) -> bool:
    """Whether reports wait to be merged."""
    return bool(store.db.execute("SELECT 1 FROM event_mentions WHERE event_id IS NULL LIMIT 1").fetchone())


def has_alert_work(store: Store, now: datetime) -> bool:
    """Whether there is news to look at, a day has begun since the last look, or a delivery is due."""
    question = (
        "SELECT EXISTS (SELECT 1 FROM event_news) OR EXISTS (SELECT 1 FROM saved_searches WHERE paused = 0"
        " AND (evaluated IS NULL OR substr(evaluated, 1, 10) < ?))"
    )
    has_news = bool(store.db.execute(question, [_day(now)]).fetchone()[0])
    return is_due(store, now) or (has_news and not has_unmerged(store))


def begin_to_watch(store: Store, search: SavedSearch, now: datetime) -> None:
    """Note as told what matches already, so that only what comes from now on is news; in the caller's transaction.

    Of what lies before the first day told of, only measures with a stage still ahead need to be noted.
    """
    tell_from(store, search, _day(now))
    noted = {
        *events_reported_since(store.db, _day(now)),
        *events_with_more_ahead(store.db, _day(now)),
        *events_told(store.db, search.id),
    }
    for event_id, prefix, tellings in _matches(store, search, sorted(noted)):
        measure = _measure_of(store, event_id, prefix, now)
        known = told_happening(store.db, search.id, tellings)
        stage = measure["stage"] if measure else None
        remember(store.db, search.id, tellings, stage=stage, happening=known)
        if measure:
            note_stage(store.db, told_stages(store.db, search.id, measure["id"]), stage)
    note_evaluated(store, [search], now)


def queue(store: Store, search: SavedSearch, alert: Alert, event_id: str, now: datetime) -> None:
    """Write an alert and a delivery for each channel; part of the caller's transaction.

    A file gets its line at once; quiet hours and digests hold what rings a bell.
    """
    measure = alert.message["measure"]
    put_alert(store, search.id, alert, event_id=event_id, stage=measure["stage"] if measure else None)
    hours = Hours(zone=search.zone, quiet=search.quiet, digest=search.digest)
    digest = hours.next_digest(now)
    for channel in search.channels:
        if channel.kind == "file":
            put_delivery(store, channel, alert.id, now=now, due=now)
        elif digest is not None:
            put_into_digest(store, channel, alert.id, now=now, due=digest)
        else:
            put_delivery(store, channel, alert.id, now=now, due=hours.after_quiet(now))


def is_told_modality(search: SavedSearch, event: dict[str, Any]) -> bool:
    """Whether events of this modality are told of: those asked for, else `TOLD_MODALITIES`."""
    return search.query.modality is not None or event["modality"] in TOLD_MODALITIES


def _look(store: Store, search: SavedSearch, news: Sequence[str], now: datetime) -> Iterator[Alert]:
    if search.evaluated is None or len(news) > MANY:
        news = events_reported_since(store.db, search.tells_from)
    for event, tellings in _news(store, search, news):
        yield _tell_event(store, search, event, tellings, now)
    moved = set(measures_with_news(store.db))
    if search.evaluated is not None:
        moved |= set(measures_entering(store.db, search.evaluated[:10], _day(now)))
    for measure_id in sorted(moved):
        yield from _tell_stage(store, search, measure_id, now)


def _matches(
    store: Store, search: SavedSearch, among: Sequence[str]
) -> Iterator[tuple[str, str, list[Telling]]]:
    """The events among these that match, first reported first, each with its table prefix and its reports."""
    plan = plan_query(store.db, search.query, among)
    found = store.db.execute(plan.ids_in_order(), plan.parameters).fetchall()[::-1]
    for start in range(0, len(found), CHUNK):
        chunk = found[start : start + CHUNK]
        tellings = tellings_of(store.db, chunk)
        for event_id, prefix in chunk:
            yield event_id, prefix, tellings[event_id]


def _news(
    store: Store, search: SavedSearch, among: Sequence[str]
) -> Iterator[tuple[dict[str, Any], list[Telling]]]:
    """The events to tell of. One that was told of already keeps that, with whatever reports it has now."""
    for event_id, prefix, tellings in _matches(store, search, among):
        known = told_happening(store.db, search.id, tellings)
        if known is not None:
            remember(store.db, search.id, tellings, stage=None, happening=known)
        elif known_since(tellings, search.query.min_sources or 1) >= search.tells_from:
            event = next(read_events(store.db, [(event_id, prefix)]))
            if is_told_modality(search, event):
                yield event, tellings


def _tell_event(
    store: Store, search: SavedSearch, event: dict[str, Any], tellings: Sequence[Telling], now: datetime
) -> Alert:
    measure = stage_on(store.db, event["measure_id"], _day(now)) if event["measure_id"] else None
    stage = measure["stage"] if measure else None
    before = told_stages(store.db, search.id, measure["id"]) if measure else {}
    remember(store.db, search.id, tellings, stage=stage)
    alert = make_alert(
        search.name, "event", event, measure, stage_before=_other(before.values(), stage), now=now
    )
    queue(store, search, alert, event["id"], now)
    return alert


def _tell_stage(store: Store, search: SavedSearch, measure_id: str, now: datetime) -> Iterator[Alert]:
    """The alert that a measure told of has come to another stage, if it has."""
    told = told_stages(store.db, search.id, measure_id)
    measure = stage_on(store.db, measure_id, _day(now)) if told else None
    if measure is None:
        return
    note_stage(store.db, told, measure["stage"])
    if measure["stage"] in told.values() or not any(told.values()):
        return
    event = next(read_events(store.db, [(measure["event_id"], "")]))
    before = _other(told.values(), measure["stage"])
    alert = make_alert(search.name, "stage", event, measure, stage_before=before, now=now)
    queue(store, search, alert, event["id"], now)
    yield alert


def _measure_of(store: Store, event_id: str, prefix: str, now: datetime) -> dict[str, Any] | None:
    row = store.db.execute(f"SELECT measure_id FROM {prefix}events WHERE id = ?", [event_id]).fetchone()
    return stage_on(store.db, row[0], _day(now)) if row and row[0] else None


def _other(stages: Any, stage: str | None) -> str | None:
    return min((s for s in stages if s and s != stage), default=None)


def _day(now: datetime) -> str:
    return now.date().isoformat()
