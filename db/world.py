"""Questions about measures on a day, and about figures: what was in force, what changed by how much."""

from __future__ import annotations

import json
from typing import Any

from sqlite_utils import Database

from db.clock import present


def find_measures(
    db: Database,
    day: str | None = None,
    *,
    country: str | None = None,
    target: str | None = None,
    instrument: str | None = None,
    commodity: str | None = None,
    stage: str | None = None,
    raw: bool = False,
) -> list[dict[str, Any]]:
    """Measures with their stages up to `day` (an ISO date, perhaps coarse), latest change first.

    `stage`, `since` and `article` are those of the last stage reached by then; a measure not yet heard of on
    that day is left out. Without a day all stages are given, those set for the future too, and `stage` is that of
    today, "announced" where all lie ahead. Reviewers' corrections of the events behind the stages count, unless
    `raw`.
    """
    found = []
    today = present().date().isoformat()
    for row in db.query("SELECT * FROM measures ORDER BY id"):
        goods, targets = json.loads(row["commodities"]), json.loads(row["targets"])
        wanted = (
            (country is None or row["country"] == country.upper())
            and (target is None or target.upper() in targets)
            and (instrument is None or row["instrument"] == instrument)
            and (commodity is None or any(good["name"] == commodity for good in goods))
        )
        stages = _stages(db, row["id"], day, raw) if wanted else []
        if not stages:
            continue
        now = _standing(stages, today) if day is None else stages[-1]
        if stage is None or now["stage"] == stage:
            found.append(_measure(row, goods, targets, stages, now))
    return sorted(found, key=lambda m: (m["stages"][-1]["day"] or "", m["id"]), reverse=True)


def find_observations(
    db: Database,
    *,
    indicator: str | None = None,
    country: str | None = None,
    commodity: str | None = None,
    since: str | None = None,
    until: str | None = None,
) -> list[dict[str, Any]]:
    """Figures with the one they changed from, the difference and the percentage; one row for each figure.

    A figure that several articles tell is one row, with the number of articles and its earliest witness.
    """
    conditions = ["a.duplicate_of IS NULL"]
    values: list[Any] = []
    for condition, value in (
        ("o.indicator = ?", indicator),
        ("o.country = ?", country.upper() if country else None),
        ("o.commodity = ?", commodity),
        ("o.period >= ?", since),
    ):
        if value is not None:
            conditions.append(condition)
            values.append(value)
    if until is not None:
        conditions.append("substr(o.period, 1, length(?)) <= ?")
        values += [until, until]
    rows = db.query(
        "SELECT o.*, b.value AS from_value, b.unit AS from_unit, b.period AS from_period, a.url, a.title, a.published"
        " FROM observations o CROSS JOIN articles a ON a.id = o.article_id"
        " LEFT JOIN observations b ON b.id = o.change_from"
        f" WHERE {' AND '.join(conditions)} ORDER BY a.published, o.article_id, o.start",
        values,
    )
    figures: dict[tuple[Any, ...], dict[str, Any]] = {}
    for row in rows:
        key = tuple(
            row[k] for k in ("indicator", "country", "partner", "commodity", "period", "value", "unit")
        )
        known = figures.setdefault(key, _observation(row))
        known["articles"] += 1
        if known["change"] is None and row["from_value"] is not None:
            known.update(
                {k: v for k, v in _observation(row).items() if k in ("from", "change", "change_from")}
            )
    return sorted(
        figures.values(),
        key=lambda o: (o["indicator"], o["country"] or "", o["commodity"] or "", o["period"] or ""),
    )


# What reviewers say of the event behind a stage wins; a rejected event is no stage of anything.
_CORRECTED_STAGES = (
    "SELECT CASE WHEN c.id IS NOT NULL AND c.stage IS NOT e.stage THEN c.stage ELSE s.stage END AS stage,"
    " CASE WHEN c.event_date IS NOT e.event_date AND c.id IS NOT NULL THEN c.event_date ELSE s.date END AS date,"
    " CASE WHEN c.event_date IS NOT e.event_date AND c.id IS NOT NULL THEN c.day ELSE s.day END AS day,"
    " s.basis, s.event_id, s.article_id, a.title AS article, a.url"
    " FROM measure_stages s JOIN events e ON e.id = s.event_id JOIN articles a ON a.id = s.article_id"
    " LEFT JOIN corrected_events c ON c.id = s.event_id WHERE s.measure_id = ?"
    " AND (c.id IS NOT NULL OR s.event_id NOT IN (SELECT event_id FROM overruled_events)) ORDER BY s.position"
)
_RAW_STAGES = (
    "SELECT s.stage, s.date, s.day, s.basis, s.event_id, s.article_id, a.title AS article, a.url"
    " FROM measure_stages s JOIN articles a ON a.id = s.article_id WHERE s.measure_id = ? ORDER BY s.position"
)


def _stages(db: Database, measure_id: str, day: str | None, raw: bool) -> list[dict[str, Any]]:
    rows = db.query(_RAW_STAGES if raw else _CORRECTED_STAGES, [measure_id])
    # A coarse date ("2025-10") begins on its first day, and a coarse day asked for ends on its last.
    return [
        row
        for row in rows
        if row["stage"] is not None
        if day is None or (row["date"] or "") <= day or (row["date"] or "").startswith(day)
    ]


def _standing(stages: list[dict[str, Any]], today: str) -> dict[str, Any]:
    """The stage that a measure is in on a day; "announced" of one whose first stage is only set for later."""
    passed = [s for s in stages if s["day"] is None or s["day"] <= today]
    return passed[-1] if passed else {**stages[0], "stage": "announced", "date": None}


def _measure(
    row: dict[str, Any],
    goods: list[dict[str, Any]],
    targets: list[str],
    stages: list[dict[str, Any]],
    now: dict[str, Any],
) -> dict[str, Any]:
    return {
        "measure": row["title"],
        "stage": now["stage"],
        "since": now["date"],
        "history": ", ".join(f"{s['stage']} {s['date'] or '?'}" for s in stages),
        "events": row["n_events"],
        "id": row["id"],
        "country": row["country"],
        "instrument": row["instrument"],
        "gta_type_id": row["gta_type_id"],
        "mast_chapter": row["mast_chapter"],
        "targets": targets,
        "commodities": goods,
        "article": now["article"],
        "url": now["url"],
        "stages": stages,
    }


def _observation(row: dict[str, Any]) -> dict[str, Any]:
    change = None
    if row["from_value"] is not None and row["from_unit"] == row["unit"]:
        difference = row["value"] - row["from_value"]
        percent = f" ({difference / row['from_value']:+.1%})" if row["from_value"] else ""
        change = f"{difference:+,.10g}{percent}"
    before = None
    if row["from_value"] is not None:
        period = f" in {row['from_period']}" if row["from_period"] else ""
        before = f"{row['from_value']:,.10g}{period}"
    own = (
        "id",
        "indicator",
        "country",
        "partner",
        "commodity",
        "value",
        "unit",
        "period",
        "change_from",
        "text",
    )
    place = ("article_id", "start", "end", "url", "title", "published")
    return {
        **{key: row[key] for key in own},
        "from": before,
        "change": change,
        "articles": 0,
        **{key: row[key] for key in place},
    }
