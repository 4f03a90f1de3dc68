"""What the reviews make of the events they touch: the `corrected_` tables, derived from events and reviews alone."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

from db.codebook import load_codebook
from db.days import first_day
from db.store import Store
from db.tags import content_id

Row = dict[str, Any]
TABLES: tuple[str, ...] = (
    "corrected_events",
    "corrected_event_actors",
    "corrected_event_commodities",
    "corrected_event_quantities",
    "corrected_event_links",
    "overruled_events",
)


@dataclass(slots=True)
class _Wanted:
    """What reviewers want of one event."""

    review_id: str
    rejected: bool = False
    changes: dict[str, str] = field(default_factory=dict)
    links: dict[tuple[str, int], str] = field(default_factory=dict)
    without: set[str] = field(default_factory=set)


@dataclass(slots=True)
class _Event:
    """An event with what belongs to it, while it is being corrected."""

    row: Row
    actors: list[Row]
    goods: list[Row]
    figures: list[Row]
    mentions: set[str]


def apply_reviews(store: Store) -> None:
    """Derive the corrected events anew; writes only where the outcome differs from what is stored."""
    db = store.db
    if not db.execute(
        "SELECT (SELECT count(*) FROM reviews) + (SELECT count(*) FROM overruled_events)"
    ).fetchone()[0]:
        return
    rows = _outcome(db)
    current = {table: set(map(tuple, db.execute(f"SELECT * FROM {table}").fetchall())) for table in TABLES}
    if {table: set(of_table) for table, of_table in rows.items()} == current:
        return
    with store.transaction():
        for table in (*reversed(TABLES[1:]), TABLES[0]):
            db.execute(f"DELETE FROM {table}")
        for table in TABLES:
            for row in rows[table]:
                db.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)


def resolve_event(db: Database, review: Row) -> str | None:
    """The event that a review is about: by its id, else by the words it was made about; None when they are lost."""
    target = review["target_id"].split("/")[0]
    if review["target_table"] == "event_mentions":
        row = db.execute("SELECT event_id FROM event_mentions WHERE id = ?", [target]).fetchone()
        if row and row[0]:
            return str(row[0])
    elif db.execute("SELECT 1 FROM events WHERE id = ?", [target]).fetchone():
        return str(target)
    mention = _mention_at(db, review)
    return None if mention is None else mention[1]


def _mention_at(db: Database, review: Row) -> tuple[str, str] | None:
    """The report (id, event) that now stands where the review was made; the same words elsewhere as a last resort."""
    if review["article_id"] is None:
        return None
    rows = db.execute(
        "SELECT id, event_id, trigger_start < ?3 AND trigger_end > ?2 AS here, abs(trigger_start - ?2) AS far"
        " FROM event_mentions WHERE article_id = ?1 AND event_id IS NOT NULL"
        " AND ((trigger_start < ?3 AND trigger_end > ?2) OR trigger_text = ?4) ORDER BY here DESC, far, id LIMIT 1",
        [review["article_id"], review["start"], review["end"], review["text"]],
    ).fetchone()
    return (row[0], row[1]) if (row := rows) else None


def _outcome(db: Database) -> dict[str, list[tuple[Any, ...]]]:
    wanted, merges = _wanted(db)
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in TABLES}
    joined: defaultdict[str, list[str]] = defaultdict(list)
    for other, into in merges.items():
        joined[into].append(other)
        wanted.setdefault(into, _Wanted(review_id=wanted[other].review_id))
    for event_id, want in sorted(wanted.items()):
        rows["overruled_events"].append((event_id, want.review_id))
        if want.rejected or event_id in merges:
            continue
        event = _read(db, event_id)
        for other in sorted(joined[event_id]):
            event.mentions |= _mentions(db, other)
        event.mentions -= want.without
        for mention_id in sorted(want.without):
            _collect(db, rows, _apart(db, mention_id))
        if event.mentions:
            _correct(db, event, want)
            _collect(db, rows, event)
    return rows


def _wanted(db: Database) -> tuple[dict[str, _Wanted], dict[str, str]]:
    """What is wanted of each event, and which are to be part of which other; the latest word on a thing counts."""
    withdrawn = {row[0] for row in db.execute("SELECT target_id FROM reviews WHERE verdict = 'withdraw'")}
    latest: dict[tuple[str, str, str | None], Row] = {}
    for review in db.query("SELECT * FROM reviews WHERE verdict <> 'withdraw' ORDER BY reviewed, rowid"):
        if review["id"] not in withdrawn:
            latest[(review["target_table"], review["target_id"], review["field"])] = review
    wanted: dict[str, _Wanted] = {}
    merges: dict[str, str] = {}
    for review in latest.values():
        event_id = resolve_event(db, review)
        if event_id is None or review["verdict"] == "accept":
            continue
        want = wanted.setdefault(event_id, _Wanted(review_id=review["id"]))
        _note(db, review, event_id, want, merges)
    # A chain of merges leads to its last event; a ring of them to none.
    for other in list(merges):
        seen = {other}
        while merges.get(merges[other]) and merges[other] not in seen:
            seen.add(merges[other])
            merges[other] = merges[merges[other]]
        if (
            merges[other] == other
            or not db.execute("SELECT 1 FROM events WHERE id = ?", [merges[other]]).fetchone()
        ):
            del merges[other]
    return wanted, merges


def _note(db: Database, review: Row, event_id: str, want: _Wanted, merges: dict[str, str]) -> None:
    table, verdict, name, value = (review[key] for key in ("target_table", "verdict", "field", "value"))
    if table == "events" and verdict == "reject":
        want.rejected = True
    elif table == "events" and name == "merged_into":
        merges[event_id] = value
    elif table == "events":
        want.changes[name] = value
    elif table == "event_actors":
        place = _place_of(db, review, event_id)
        if place is not None:
            want.links[place] = value or ""
    elif table == "event_mentions" and verdict == "reject":
        known = db.execute("SELECT 1 FROM event_mentions WHERE id = ?", [review["target_id"]]).fetchone()
        now = (review["target_id"], event_id) if known else _mention_at(db, review)
        if now is not None:
            want.without.add(now[0])


def _place_of(db: Database, review: Row, event_id: str) -> tuple[str, int] | None:
    """Where the party stands now that the review is about: the same link on that side, else the same number."""
    _, side, position = review["target_id"].split("/")
    row = db.execute(
        "SELECT position FROM event_actors WHERE event_id = ?1 AND side = ?2 AND (entity_id IS ?3 OR position = ?4)"
        " ORDER BY entity_id IS ?3 DESC, position LIMIT 1",
        [event_id, side, review["machine_value"], int(position)],
    ).fetchone()
    return None if row is None else (side, row[0])


def _read(db: Database, event_id: str) -> _Event:
    def parts(table: str) -> list[Row]:
        return list(db.query(f"SELECT * FROM {table} WHERE event_id = ? ORDER BY 1, 2, 3", [event_id]))

    return _Event(
        row=next(db.query("SELECT * FROM events WHERE id = ?", [event_id])),
        actors=parts("event_actors"),
        goods=parts("event_commodities"),
        figures=parts("event_quantities"),
        mentions=_mentions(db, event_id),
    )


def _mentions(db: Database, event_id: str) -> set[str]:
    return {row[0] for row in db.execute("SELECT id FROM event_mentions WHERE event_id = ?", [event_id])}


def _apart(db: Database, mention_id: str) -> _Event:
    """The event that one report tells when it is taken out of the event it was merged into."""
    coding = json.loads(
        db.execute("SELECT coding FROM event_mentions WHERE id = ?", [mention_id]).fetchone()[0]
    )
    event_id = content_id("e", mention_id, "apart")
    columns = [row[0] for row in db.execute("SELECT name FROM pragma_table_info('corrected_events')")]
    row = {column: coding.get(column) for column in columns} | {"id": event_id}
    keys = ("entity_id", "name", "country", "sector", "role", "text")
    actors = [
        {
            "event_id": event_id,
            "side": side,
            "position": place,
            **{key: p.get(key) for key in keys},
            "day": None,
        }
        for side in ("actor", "recipient")
        for place, p in enumerate(coding[side])
    ]
    goods = [
        {"event_id": event_id, "name": name, "hs": json.dumps(hs)}
        for name, hs in sorted({g["name"]: g["hs"] for g in coding["commodities"]}.items())
    ]
    figures = [
        {"event_id": event_id, "position": place, "value": q["value"], "unit": q["unit"], "role": q["role"]}
        for place, q in enumerate(coding["quantities"])
    ]
    event = _Event(row=row, actors=actors, goods=goods, figures=figures, mentions={mention_id})
    _correct(db, event, _Wanted(review_id=""))
    return event


def _correct(db: Database, event: _Event, want: _Wanted) -> None:
    """Put what was changed into the event, with the codes that follow from it, and count its reports anew."""
    for name, value in want.changes.items():
        if name == "commodities":
            event.goods = _goods(db, event.row["id"], value)
        else:
            event.row[name] = value or None
    _recode(event.row, want.changes)
    for actor in event.actors:
        entity_id = want.links.get((actor["side"], actor["position"]))
        if entity_id is not None:
            actor.update(_party(db, entity_id))
    reports = db.execute(
        "SELECT m.article_id, a.published, s.publisher FROM event_mentions m JOIN articles a ON a.id = m.article_id"
        " LEFT JOIN articles o ON o.id = a.duplicate_of JOIN sources s ON s.id = coalesce(o.source_id, a.source_id)"
        " WHERE m.id IN (SELECT value FROM json_each(?))",
        [json.dumps(sorted(event.mentions))],
    ).fetchall()
    event.row["reported"] = min((row[1][:10] for row in reports if row[1]), default=None)
    event.row["n_mentions"] = len(event.mentions)
    event.row["n_articles"] = len({row[0] for row in reports})
    event.row["n_independent_sources"] = len({row[2] for row in reports})
    day = first_day(event.row["event_date"]) or first_day(event.row["reported"])
    event.row["day"] = day.isoformat() if day else None
    for actor in event.actors:
        actor["day"] = event.row["day"]


def _recode(row: Row, changes: dict[str, str]) -> None:
    """The codes that follow from a type or an instrument that was changed."""
    codebook = load_codebook()
    if "event_type" in changes:
        kind = codebook.types[changes["event_type"]]
        row |= {"quad": kind.quad, "plover_score": kind.plover_score, "goldstein": kind.goldstein}
        row |= {"cameo": kind.cameo[0] if kind.cameo else None, "speech": kind.speech}
        if (
            "mode" not in changes
            and row["mode"]
            and row["event_type"] not in codebook.modes[row["mode"]].types
        ):
            row["mode"] = None
    if "instrument" in changes:
        known = codebook.instruments.get(changes["instrument"] or "")
        row["gta_type_id"] = known.gta_type_id if known else None
        row["mast_chapter"] = known.mast_chapter if known else None
    if "event_date" in changes:
        row["date_precision"] = {4: "year", 7: "month", 10: "day"}.get(len(changes["event_date"]))


def _goods(db: Database, event_id: str, names: str) -> list[Row]:
    goods = []
    for name in sorted({name.strip() for name in names.split(",") if name.strip()}):
        known = db.execute(
            "SELECT hs FROM commodity_headings WHERE name = ? ORDER BY hs LIMIT 1", [name]
        ).fetchone()
        goods.append({"event_id": event_id, "name": name, "hs": known[0] if known else "[]"})
    return goods


def _party(db: Database, entity_id: str) -> Row:
    row = db.execute("SELECT id, name, country, sector FROM entities WHERE id = ?", [entity_id]).fetchone()
    values = row or (None, None, "---", None)
    return dict(zip(("entity_id", "name", "country", "sector"), values, strict=True)) | {"role": None}


def _collect(db: Database, rows: dict[str, list[tuple[Any, ...]]], event: _Event) -> None:
    columns = {
        table: [row[0] for row in db.execute("SELECT name FROM pragma_table_info(?) ORDER BY cid", [table])]
        for table in TABLES[:4]
    }
    parts: Iterable[tuple[str, list[Row]]] = (
        ("corrected_events", [event.row]),
        ("corrected_event_actors", event.actors),
        ("corrected_event_commodities", event.goods),
        ("corrected_event_quantities", event.figures),
    )
    for table, of_table in parts:
        rows[table] += [tuple(row[column] for column in columns[table]) for row in of_table]
    rows["corrected_event_links"] += [(event.row["id"], mention) for mention in sorted(event.mentions)]
