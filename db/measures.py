"""Makes measures of events: a policy that lives through proposed, announced, in force, suspended, lifted.

Every event that acts on a measure of its own actor (see `merging.yml`) belongs to exactly one measure; which one,
says `db.measure_drafts`, for one country and family of instruments at a time.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import orjson
from sqlite_utils import Database

from db.days import first_day
from db.measure_drafts import Act, Draft, draft_measures, stages_of
from db.merge_rules import Merging, family_of, load_merging, members_of
from db.store import Store
from db.tags import UNKNOWN_DAY, dissolve_measure

ROWS = 1_000
GROUPS = 20
"""How many groups are built in one transaction."""
# An event that is new, or that a measure let go, has been touched since the history was last written.
UNASSIGNED = "e.measure_id IS NULL AND e.id IN (SELECT id FROM touched WHERE kind = 'events')"
_READ = (
    *("id", "instrument", "stage", "modality", "event_date", "reported", "effective_date", "day"),
    *("gta_type_id", "mast_chapter", "flow", "measure_id"),
)
_EVENT = ", ".join(f"e.{name}" for name in _READ)
_BY_DAY = "events INDEXED BY events_day"
_IN_GROUP = "country = ? AND instrument IN (SELECT value FROM json_each(?))"
_AMONG = "event_id IN (SELECT value FROM json_each(?))"
_TARGETS = (
    f"SELECT event_id, country FROM event_actors WHERE {_AMONG} AND side = 'recipient' AND country <> '---'"
)
_GOODS = f"SELECT event_id, name, hs FROM event_commodities WHERE {_AMONG} ORDER BY event_id, name"
_FIRST_REPORTS = (
    "SELECT m.event_id, m.article_id FROM event_mentions m JOIN articles a ON a.id = m.article_id"
    f" WHERE m.{_AMONG} ORDER BY a.published, m.article_id"
)


def build_measures(store: Store) -> int:
    """Bring the measures of each country and family that got or lost an act up to date; returns how many groups.

    Each is gone on with from its first such act. Only measures that become others are written.
    """
    db = store.db
    new: defaultdict[tuple[str, str], list[Act]] = defaultdict(list)
    for act in _acts(db, UNASSIGNED):
        new[act.country, family_of(act.instrument)].append(act)
    stale = db.execute(
        "SELECT country, instrument FROM measures JOIN stale_measures ON measure_id = id"
    ).fetchall()
    ordered = sorted(new.keys() | {(country, family_of(instrument)) for country, instrument in stale})
    for start in range(0, len(ordered), GROUPS):
        with store.transaction():
            for country, family in ordered[start : start + GROUPS]:
                _Group(db, country, family, new[country, family]).build()
    return len(ordered)


def news_awaits_measures(db: Database) -> bool:
    """Whether an event that came since the last look belongs to a measure that is still to be built, or left one."""
    if db.execute("SELECT 1 FROM stale_measures LIMIT 1").fetchone():
        return True
    # The plus keeps SQLite from walking through all events without a measure.
    return any(_acts(db, "+e.measure_id IS NULL AND e.id IN (SELECT event_id FROM event_news)"))


class _Group:
    """The measures of one country and family of instruments, and its acts that are not in one yet, `new`."""

    def __init__(self, db: Database, country: str, family: str, new: list[Act]) -> None:
        self._db, self._new = db, new
        stale = db.execute(
            f"SELECT measure_id, day FROM stale_measures JOIN measures ON id = measure_id WHERE {_IN_GROUP}",
            [country, json.dumps(members_of(family))],
        )
        self._stale: dict[str, str] = dict(stale.fetchall())
        self._since = min([act.day for act in self._new] + list(self._stale.values()))
        self._closed, self._open = self._stored(country, family)

    def build(self) -> None:
        """Put every act from the first unassigned or lost one on into a measure, and write what is new."""
        begun = {measure_id: self._begun(measure_id) for measure_id in sorted(self._open)}
        before = {measure_id: {act.event_id for act in draft.acts} for measure_id, draft in begun.items()}
        later = list(self._new)
        for act in self._reopened_acts():
            before[act.facts["measure_id"]].add(act.event_id)
            later.append(act)
        known = [*self._closed, *(draft for draft in begun.values() if draft.acts)]
        drafts = draft_measures(later, known)
        changed = [draft for draft in drafts if self._is_changed(draft, before)]
        for measure_id in sorted(self._open - {draft.id for draft in drafts}):
            dissolve_measure(self._db, measure_id)
        for draft in changed:
            if draft.stored:
                draft.acts = [*_settled_acts(self._db, draft.stored), *draft.acts]
            _write(self._db, draft)
        self._db.conn.executemany(
            "DELETE FROM stale_measures WHERE measure_id = ?", [(key,) for key in self._stale]
        )

    def _is_changed(self, draft: Draft, before: dict[str, set[str]]) -> bool:
        if draft.stored:
            return bool(draft.acts)
        return draft.id in self._stale or {act.event_id for act in draft.acts} != before.get(draft.id)

    def _stored(self, country: str, family: str) -> tuple[list[Draft], set[str]]:
        """The stored measures whose acts all lie before what is to be done, and the ids of the others."""
        reopened = set(self._stale) | {
            row[0]
            for row in self._db.execute(
                f"SELECT measure_id FROM {_BY_DAY} WHERE day >= ? AND measure_id IS NOT NULL"
                f" UNION SELECT measure_id FROM {_BY_DAY} WHERE day IS NULL AND measure_id IS NOT NULL",
                [self._since],
            )
        }
        rows = self._db.execute(
            f"SELECT id, instrument, targets, commodities, begun FROM measures WHERE {_IN_GROUP}",
            [country, json.dumps(members_of(family))],
        ).fetchall()
        closed = [
            Draft(
                instrument=instrument,
                targets=frozenset(orjson.loads(targets)),
                goods={good["name"]: good["hs"] for good in orjson.loads(goods)},
                stored=measure_id,
                begun=begun,
            )
            for measure_id, instrument, targets, goods, begun in rows
            if measure_id not in reopened
        ]
        return closed, reopened & {row[0] for row in rows}

    def _reopened_acts(self) -> Iterator[Act]:
        """The acts of reopened measures that are to be placed anew."""
        ids = json.dumps(sorted(self._open))
        among = "e.measure_id IN (SELECT value FROM json_each(?)) AND (e.day >= ? OR e.day IS NULL)"
        return _acts(self._db, among, [ids, self._since])

    def _begun(self, measure_id: str) -> Draft:
        """A reopened measure as it was before the acts that are to be placed anew."""
        draft = Draft()
        for act in _settled_acts(self._db, measure_id, before=self._since):
            draft.add(act)
        of_acts = (
            " JOIN events e ON e.id = event_id WHERE e.measure_id = ? AND e.day < ? ORDER BY e.day, e.id"
        )
        asked = [measure_id, self._since]
        goods = self._db.execute(f"SELECT name, hs FROM event_commodities{of_acts}, name", asked)
        draft.goods = {name: json.loads(hs) for name, hs in goods}
        aimed_at = (
            "(SELECT event_id, country FROM event_actors WHERE side = 'recipient' AND country <> '---')"
        )
        targets = self._db.execute(f"SELECT country FROM {aimed_at}{of_acts}", asked)
        draft.targets = frozenset(country for (country,) in targets)
        return draft


def _settled_acts(db: Database, measure_id: str, before: str = "~") -> list[Act]:
    """The acts of a measure before a day, in order, without goods and targets."""
    rows = db.execute(
        f"SELECT {_EVENT}, m.country FROM events e JOIN measures m ON m.id = e.measure_id"
        " WHERE e.measure_id = ? AND coalesce(e.day, ?) < ? ORDER BY coalesce(e.day, ?), e.id",
        [measure_id, UNKNOWN_DAY, before, UNKNOWN_DAY],
    )
    return [_act(row) for row in rows]


def _acts(db: Database, condition: str, parameters: Sequence[str] = ()) -> Iterator[Act]:
    """The events `e`, by an actor `a`, that act on a measure of their own actor and meet a condition."""
    merging = load_merging()
    rows = db.execute(
        f"SELECT {_EVENT}, a.country, e.event_type, e.mode FROM events e"
        " JOIN event_actors a ON a.event_id = e.id AND a.side = 'actor' AND a.position = 0"
        " WHERE e.instrument IS NOT NULL AND e.stage IS NOT NULL AND e.modality IN ('actual', 'future')"
        f" AND a.country NOT IN ('---', 'IGO') AND {condition}",
        list(parameters),
    )
    while some := rows.fetchmany(ROWS):
        own = [row for row in some if _is_on_own_measure(row[-2], row[-1], merging)]
        ids = json.dumps([row[0] for row in own])
        targets, goods = _details(db, _TARGETS, ids), _details(db, _GOODS, ids)
        for row in own:
            yield replace(
                _act(row),
                targets=frozenset(target for (target,) in targets[row[0]]),
                goods={name: json.loads(hs) for name, hs in goods[row[0]]},
            )


def _is_on_own_measure(event_type: str, mode: str | None, merging: Merging) -> bool:
    if mode in merging.foreign_modes:
        return False
    return event_type in merging.measure_types or mode in merging.measure_modes


def _details(db: Database, sql: str, ids: str) -> defaultdict[str, list[tuple[str, ...]]]:
    found: defaultdict[str, list[tuple[str, ...]]] = defaultdict(list)
    for event_id, *detail in db.execute(sql, [ids]):
        found[event_id].append(tuple(detail))
    return found


def _act(row: tuple[Any, ...]) -> Act:
    event = dict(zip((*_READ, "country"), row, strict=False))
    said = event["event_date"]
    day, basis = (said, "event_date") if said else (event["reported"], "published")
    return Act(
        event_id=event["id"],
        country=event["country"],
        instrument=event["instrument"],
        stage=event["stage"],
        modality=event["modality"],
        date=day or "",
        basis=basis,
        day=event["day"] or UNKNOWN_DAY,
        effective_date=event["effective_date"],
        facts={key: event[key] for key in ("gta_type_id", "mast_chapter", "flow", "measure_id")},
    )


def _write(db: Database, draft: Draft) -> None:
    """Write a measure, or write it anew; acts that it holds already are left alone."""
    first = draft.acts[0]
    facts = next((act.facts for act in draft.acts if act.instrument == draft.instrument), first.facts)
    stages = stages_of(draft.acts)
    row = {
        "id": draft.id,
        "begun": draft.begun,
        "title": _title(db, first.country, draft),
        "country": first.country,
        "instrument": draft.instrument,
        **{key: facts[key] for key in ("gta_type_id", "mast_chapter", "flow")},
        "targets": json.dumps(sorted(draft.targets)),
        "commodities": json.dumps([{"name": n, "hs": hs} for n, hs in sorted(draft.goods.items())]),
        "stage": stages[-1][0],
        "stage_date": stages[-1][1],
        "n_events": len(draft.acts),
    }
    # No upsert: it would carry its way with conflicts into the triggers that note what was touched.
    settings = ", ".join(f"{name} = ?" for name in row)
    known = db.execute(f"UPDATE measures SET {settings} WHERE id = ?", [*row.values(), draft.id]).rowcount
    if not known:
        names = ", ".join(row)
        db.execute(f"INSERT INTO measures ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))
    # An event that got or lost a report since has taken the stages of its measure away with it.
    first_told = dict(
        db.execute("SELECT event_id, article_id FROM measure_stages WHERE measure_id = ?", [draft.id])
    )
    unknown = json.dumps([act.event_id for _, _, _, act in stages if act.event_id not in first_told])
    for event_id, article_id in db.execute(_FIRST_REPORTS, [unknown]):
        first_told.setdefault(event_id, article_id)
    db.execute("DELETE FROM measure_stages WHERE measure_id = ?", [draft.id])
    db.conn.executemany(
        "INSERT INTO measure_stages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (draft.id, position, stage, day, _first(day), basis, act.event_id, first_told[act.event_id])
            for position, (stage, day, basis, act) in enumerate(stages)
        ],
    )
    db.conn.executemany(
        "UPDATE events SET measure_id = ?1 WHERE id = ?2 AND measure_id IS NOT ?1",
        [(draft.id, act.event_id) for act in draft.acts],
    )


def _first(day: str) -> str | None:
    first = first_day(day)
    return first.isoformat() if first else None


def _title(db: Database, country: str, draft: Draft) -> str:
    title = f"{_country_name(db, country)}: {draft.instrument.removesuffix('_other').replace('_', ' ')}"
    if draft.goods:
        title += " on " + ", ".join(name.replace("_", " ") for name in sorted(draft.goods))
    if draft.targets - {country}:
        title += ", aimed at " + ", ".join(
            _country_name(db, code) for code in sorted(draft.targets - {country})
        )
    return title


def _country_name(db: Database, code: str) -> str:
    row = db.execute("SELECT name FROM entities WHERE id = ?", [f"country/{code}"]).fetchone()
    if row is None and code == "EUE":
        return "European Union"
    return str(row[0]) if row else code
