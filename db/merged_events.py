"""Writes the rows of merged events: what the fullest report says, completed by the others, with counts of reports."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlite_utils import Database

from db.days import first_day
from db.merge_rules import Coding, Report
from db.tag_rows import content_id

EVENT_FIELDS = (
    *("event_type", "content_type", "mode", "quad", "plover_score", "cameo", "goldstein"),
    *("modality", "speech", "certainty", "instrument", "gta_type_id", "mast_chapter", "flow", "direction"),
    *("stage", "event_date", "date_precision", "effective_date", "venue"),
)
COLUMNS = {
    "events": (
        *("id", *EVENT_FIELDS, "reported", "day"),
        *("n_mentions", "n_articles", "n_independent_sources"),
    ),
    "event_actors": (
        *("event_id", "side", "position"),
        *("entity_id", "name", "country", "sector", "role", "text", "day"),
    ),
    "event_commodities": ("event_id", "name", "hs"),
    "event_quantities": ("event_id", "position", "value", "unit", "role"),
}
Rows = dict[str, list[tuple[Any, ...]]]


def event_id_of(first_report: str) -> str:
    """The id of the event whose first report has this id."""
    return content_id("e", first_report)


def write_events(db: Database, groups: Iterable[Sequence[Report]]) -> None:
    """Write an event for each group of reports, which are in order; part of the caller's transaction."""
    rows: Rows = {table: [] for table in COLUMNS}
    links: list[tuple[str, str]] = []
    for group in groups:
        event_id = event_id_of(group[0].id)
        _add_rows(rows, event_id, group)
        links += [(event_id, report.id) for report in group]
    for table, of_table in rows.items():
        names = ", ".join(COLUMNS[table])
        marks = ", ".join("?" * len(COLUMNS[table]))
        db.conn.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", of_table)
    db.conn.executemany("UPDATE event_mentions SET event_id = ? WHERE id = ?", links)


def _add_rows(rows: Rows, event_id: str, group: Sequence[Report]) -> None:
    best = _fullest_first(group)
    values = {field: _first(best, field) for field in EVENT_FIELDS}
    reported = min((r.published for r in group if r.published), default=None)
    if _is_after(values["event_date"], reported) and values["modality"] == "actual":
        # What is told as done was not done after the report.
        values["event_date"] = values["date_precision"] = None
    begins = first_day(values["event_date"]) or first_day(reported)
    day = begins.isoformat() if begins else None
    counts = (len(group), len({r.article_id for r in group}), len({r.publisher for r in group}))
    rows["events"].append((event_id, *values.values(), reported, day, *counts))
    rows["event_actors"] += _participants(event_id, best[0].coding, day)
    goods: list[dict[str, Any]] = next((r.coding["commodities"] for r in best if r.coding["commodities"]), [])
    rows["event_commodities"] += [
        (event_id, good["name"], json.dumps(good["hs"])) for good in {g["name"]: g for g in goods}.values()
    ]
    figures: list[dict[str, Any]] = next((r.coding["quantities"] for r in best if r.coding["quantities"]), [])
    rows["event_quantities"] += [
        (event_id, position, q["value"], q["unit"], q["role"]) for position, q in enumerate(figures)
    ]


def _fullest_first(group: Sequence[Report]) -> list[Report]:
    """The reports by how much they say; of equals, first the one whose parties most others name too."""
    named = Counter(_parties(report.coding) for report in group)
    return sorted(group, key=lambda r: (-_detail(r.coding), -named[_parties(r.coding)], r.day, r.id))


def _parties(coding: Coding) -> tuple[tuple[str, ...], ...]:
    return tuple(
        tuple(sorted({p["entity_id"] or p["text"] for p in coding[side]})) for side in ("actor", "recipient")
    )


def _participants(event_id: str, coding: Coding, day: str | None) -> list[tuple[Any, ...]]:
    columns = ("entity_id", "name", "country", "sector", "role", "text")
    return [
        (event_id, side, position, *(p[column] for column in columns), day)
        for side in ("actor", "recipient")
        for position, p in enumerate(coding[side])
    ]


def _is_after(said: str | None, reported: str | None) -> bool:
    begins, told = first_day(said), first_day(reported)
    return begins is not None and told is not None and begins > told


def _first(reports: Sequence[Report], field: str) -> Any:
    return next((r.coding[field] for r in reports if r.coding.get(field) is not None), None)


def _detail(coding: Coding) -> int:
    """How much a coding says: the fullest report speaks for the event."""
    said = sum(coding.get(field) is not None for field in EVENT_FIELDS)
    people = [p for side in ("actor", "recipient") for p in coding[side] if p.get("entity_id")]
    return said + len(people) + len(coding["commodities"]) + len(coding["quantities"])
