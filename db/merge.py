"""Makes events of event mentions: one happening, one row, however many articles report it.

The outcome depends on the set of mentions alone: the mentions of a block are put in order of day, article and
place, and each joins the last event that `merge_rules.same_event` allows, or begins a new one. Nothing is
deleted by merging; taking a mention away and merging again undoes it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from sqlite_utils import Database

from db.corrections import apply_reviews
from db.days import first_day
from db.history import record_history
from db.measures import build_measures
from db.merge_rules import Report, blocks_merged_as, canonical_block, same_event
from db.store import Store
from db.tags import content_id, dissolve_events

EVENT_FIELDS = (
    *("event_type", "content_type", "mode", "quad", "plover_score", "cameo", "goldstein"),
    *("modality", "speech", "certainty", "instrument", "gta_type_id", "mast_chapter", "flow", "direction"),
    *("stage", "event_date", "date_precision", "effective_date", "venue"),
)
Progress = Callable[[str], None]


def merge_events(store: Store, progress: Progress | None = None) -> int:
    """Merge every block that holds unmerged mentions, then the measures; returns the number of blocks.

    One transaction for each block: an interrupted merge goes on where it stopped.
    """
    waiting = store.db.execute("SELECT DISTINCT block FROM event_mentions WHERE event_id IS NULL")
    blocks = sorted({canonical_block(row[0]) for row in waiting})
    for block in blocks:
        with store.transaction():
            _merge_block(store.db, block)
        if progress:
            progress(block)
    build_measures(store)
    apply_reviews(store)
    record_history(store)
    return len(blocks)


def cluster(reports: list[Report]) -> list[list[Report]]:
    """Group the reports of one block into happenings; the order of the input does not matter."""
    groups: list[list[Report]] = []
    for report in sorted(reports, key=lambda r: (r.day, r.article_id, r.start, r.id)):
        for group in reversed(groups):
            if any(same_event(report, other) for other in group):
                group.append(report)
                break
        else:
            groups.append([report])
    return groups


def _merge_block(db: Database, block: str) -> None:
    known = db.execute(
        "SELECT DISTINCT event_id FROM event_mentions WHERE block IN (?, ?) AND event_id IS NOT NULL",
        blocks_merged_as(block),
    ).fetchall()
    dissolve_events(db, [row[0] for row in known])
    for group in cluster(list(_reports(db, block))):
        _write_event(db, group)


def _reports(db: Database, block: str) -> Iterator[Report]:
    rows = db.execute(
        "SELECT m.id, m.article_id, a.published, m.start, m.coding, s.publisher"
        " FROM event_mentions m JOIN articles a ON a.id = m.article_id"
        " LEFT JOIN articles o ON o.id = a.duplicate_of"
        " JOIN sources s ON s.id = coalesce(o.source_id, a.source_id) WHERE m.block IN (?, ?)",
        blocks_merged_as(block),
    )
    for mention_id, article_id, published, start, coding, publisher in rows:
        yield Report(
            id=mention_id,
            article_id=article_id,
            publisher=publisher,
            published=(published or "")[:10],
            start=start,
            coding=json.loads(coding),
        )


def _write_event(db: Database, group: list[Report]) -> None:
    event_id = content_id("e", group[0].id)
    best = sorted(group, key=lambda r: (-_detail(r.coding), r.day, r.id))
    values = {field: _first(best, field) for field in EVENT_FIELDS}
    reported = min((r.published for r in group if r.published), default=None)
    if _is_after(values["event_date"], reported) and values["modality"] == "actual":
        values["event_date"] = values["date_precision"] = (
            None  # what is told as done was not done after the report
        )
    day = first_day(values["event_date"]) or first_day(reported)
    db.table("events").insert(
        {
            "id": event_id,
            **values,
            "reported": reported,
            "day": day.isoformat() if day else None,
            "n_mentions": len(group),
            "n_articles": len({r.article_id for r in group}),
            "n_independent_sources": len({r.publisher for r in group}),
        }
    )
    _write_participants(db, event_id, best[0].coding, day.isoformat() if day else None)
    goods: list[dict[str, Any]] = next((r.coding["commodities"] for r in best if r.coding["commodities"]), [])
    for good in {g["name"]: g for g in goods}.values():
        db.execute(
            "INSERT INTO event_commodities VALUES (?, ?, ?)", [event_id, good["name"], json.dumps(good["hs"])]
        )
    figures: list[dict[str, Any]] = next((r.coding["quantities"] for r in best if r.coding["quantities"]), [])
    for position, q in enumerate(figures):
        db.execute(
            "INSERT INTO event_quantities VALUES (?, ?, ?, ?, ?)",
            [event_id, position, q["value"], q["unit"], q["role"]],
        )
    for report in group:
        db.execute("UPDATE event_mentions SET event_id = ? WHERE id = ?", [event_id, report.id])


def _write_participants(db: Database, event_id: str, coding: dict[str, Any], day: str | None) -> None:
    columns = ("entity_id", "name", "country", "sector", "role", "text")
    for side in ("actor", "recipient"):
        for position, p in enumerate(coding[side]):
            db.execute(
                "INSERT INTO event_actors"
                " (event_id, side, position, entity_id, name, country, sector, role, text, day)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                [event_id, side, position, *(p[column] for column in columns), day],
            )


def _is_after(said: str | None, reported: str | None) -> bool:
    begins, told = first_day(said), first_day(reported)
    return begins is not None and told is not None and begins > told


def _first(reports: list[Report], field: str) -> Any:
    return next((r.coding[field] for r in reports if r.coding.get(field) is not None), None)


def _detail(coding: dict[str, Any]) -> int:
    """How much a coding says: the fullest report speaks for the event."""
    said = sum(coding.get(field) is not None for field in EVENT_FIELDS)
    people = [p for side in ("actor", "recipient") for p in coding[side] if p.get("entity_id")]
    return said + len(people) + len(coding["commodities"]) + len(coding["quantities"])
