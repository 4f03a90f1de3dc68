"""Makes measures of events: a policy that lives through proposed, announced, in force, suspended, lifted.

Every event that acts on a measure of its own actor (see `merging.yml`) belongs to exactly one measure. Within
one country and family of instruments, events in order of date join the measure they share goods or target
with; an event that names neither joins only when there is a single measure it can mean.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlite_utils import Database

from db.days import first_day
from db.merge_rules import family_of, load_merging, same_instrument
from db.store import Store
from db.tags import content_id, dissolve_measure

STOPPED = ("suspended", "lifted", "rejected")
BEFORE_FORCE = ("proposed", "investigation", "announced")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An event as the building of measures sees it."""

    event_id: str
    article_id: str
    country: str
    instrument: str
    stage: str
    modality: str
    date: str
    basis: str
    effective_date: str | None
    targets: frozenset[str]
    goods: dict[str, list[str]]
    facts: dict[str, Any]


@dataclass(slots=True)
class _Draft:
    acts: list[Act] = field(default_factory=list)
    instrument: str = ""
    targets: frozenset[str] = frozenset()
    goods: dict[str, list[str]] = field(default_factory=dict)

    def add(self, act: Act) -> None:
        self.acts.append(act)
        families = load_merging().families.values()
        general = {family.general for family in families}
        if not self.instrument or self.instrument in general:
            self.instrument = act.instrument
        self.targets |= act.targets
        self.goods = self.goods | act.goods

    def fit(self, act: Act) -> int:
        """0 when the act cannot be about this measure, else how strongly it can: 1 is "nothing speaks against"."""
        if not same_instrument(self.instrument, act.instrument):
            return 0
        score = 1
        for mine, theirs in ((set(self.goods), set(act.goods)), (self.targets, act.targets)):
            if mine and theirs and not set(mine) & set(theirs):
                return 0
            score += 2 * bool(set(mine) & set(theirs)) + (not mine and not theirs)
        return score


def build_measures(store: Store) -> int:
    """Rebuild the measures of every country and family with an unassigned event; returns how many groups."""
    groups = {(act.country, family_of(act.instrument)) for act in _acts(store.db, "e.measure_id IS NULL")}
    for country, family in sorted(groups):
        with store.transaction():
            acts = [
                act
                for act in _acts(store.db, "a.country = ?", [country])
                if family_of(act.instrument) == family
            ]
            for measure_id in sorted({act.facts["measure_id"] for act in acts} - {None}):
                dissolve_measure(store.db, measure_id)
            for draft in draft_measures(acts):
                _write(store.db, draft)
    return len(groups)


def news_awaits_measures(db: Database) -> bool:
    """Whether an event that came since the last look belongs to a measure that is still to be built."""
    # The plus keeps SQLite from walking through all events without a measure.
    return any(_acts(db, "+e.measure_id IS NULL AND e.id IN (SELECT event_id FROM event_news)"))


def draft_measures(acts: list[Act]) -> list[_Draft]:
    """Group the acts of one country and family into measures; the order of the input does not matter."""
    drafts: list[_Draft] = []
    for act in sorted(acts, key=lambda a: (first_day(a.date) or date.max, a.event_id)):
        fits = [(draft.fit(act), index) for index, draft in enumerate(drafts)]
        strong = [(score, index) for score, index in fits if score > 2]
        possible = [(score, index) for score, index in fits if score]
        chosen = max(strong) if strong else possible[0] if len(possible) == 1 else None
        if chosen is None:
            drafts.append(_Draft())
        drafts[chosen[1] if chosen else -1].add(act)
    return drafts


def _acts(db: Database, condition: str, parameters: list[Any] | None = None) -> list[Act]:
    merging = load_merging()
    rows = db.query(
        "SELECT e.*, a.country AS country FROM events e JOIN event_actors a ON a.event_id = e.id"
        " AND a.side = 'actor' AND a.position = 0 WHERE e.instrument IS NOT NULL AND e.stage IS NOT NULL"
        f" AND e.modality IN ('actual', 'future') AND a.country NOT IN ('---', 'IGO') AND {condition}",
        parameters or [],
    )
    return [_act(db, row) for row in rows if _acts_on_own_measure(row, merging)]


def _acts_on_own_measure(event: dict[str, Any], merging: Any) -> bool:
    if event["mode"] in merging.foreign_modes:
        return False
    return event["event_type"] in merging.measure_types or event["mode"] in merging.measure_modes


def _act(db: Database, event: dict[str, Any]) -> Act:
    targets = db.execute(
        "SELECT country FROM event_actors WHERE event_id = ? AND side = 'recipient' AND country <> '---'",
        [event["id"]],
    )
    goods = db.execute("SELECT name, hs FROM event_commodities WHERE event_id = ?", [event["id"]])
    article = db.execute(
        "SELECT m.article_id FROM event_mentions m JOIN articles a ON a.id = m.article_id"
        " WHERE m.event_id = ? ORDER BY a.published, m.article_id, m.start LIMIT 1",
        [event["id"]],
    ).fetchone()
    said = event["event_date"]
    day, basis = (said, "event_date") if said else (event["reported"], "published")
    return Act(
        event_id=event["id"],
        article_id=article[0],
        country=event["country"],
        instrument=event["instrument"],
        stage=event["stage"],
        modality=event["modality"],
        date=day or "",
        basis=basis,
        effective_date=event["effective_date"],
        targets=frozenset(row[0] for row in targets),
        goods={name: json.loads(hs) for name, hs in goods},
        facts={key: event[key] for key in ("gta_type_id", "mast_chapter", "flow", "measure_id")},
    )


def stages_of(acts: list[Act]) -> list[tuple[str, str, str, Act]]:
    """(stage, date, basis, act) in order of date; a stage that only repeats the one before is left out.

    A measure announced with a day of effect enters into force on that day, unless it is ended before.
    """
    told: list[tuple[str, str, str, Act]] = []
    for act in acts:
        if act.effective_date and act.stage == "in_force":
            told.append((act.stage, act.effective_date, "effective_date", act))
            continue
        told.append((act.stage, act.date, act.basis, act))
        if act.stage == "announced" and act.effective_date:
            told.append(("in_force", act.effective_date, "effective_date", act))
    told.sort(key=lambda item: (first_day(item[1]) or date.max, item[3].event_id))
    kept: list[tuple[str, str, str, Act]] = []
    for item in told:
        if kept and kept[-1][0] == item[0]:
            continue
        if kept and kept[-1][0] == "in_force" and item[0] in BEFORE_FORCE:
            continue  # an extension of what is in force already, or a report that looks back
        if item[2] == "effective_date" and item[3].stage == "announced" and kept and kept[-1][0] in STOPPED:
            continue
        kept.append(item)
    return kept


def _write(db: Database, draft: _Draft) -> None:
    first = draft.acts[0]
    facts = next((act.facts for act in draft.acts if act.instrument == draft.instrument), first.facts)
    measure_id = content_id("m", first.event_id)
    stages = stages_of(draft.acts)
    db.table("measures").insert(
        {
            "id": measure_id,
            "title": _title(db, first.country, draft),
            "country": first.country,
            "instrument": draft.instrument,
            "gta_type_id": facts["gta_type_id"],
            "mast_chapter": facts["mast_chapter"],
            "flow": facts["flow"],
            "targets": json.dumps(sorted(draft.targets)),
            "commodities": json.dumps([{"name": n, "hs": hs} for n, hs in sorted(draft.goods.items())]),
            "stage": stages[-1][0],
            "stage_date": stages[-1][1],
            "n_events": len(draft.acts),
        }
    )
    for position, (stage, day, basis, act) in enumerate(stages):
        db.execute(
            "INSERT INTO measure_stages VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            [measure_id, position, stage, day, _first(day), basis, act.event_id, act.article_id],
        )
    for act in draft.acts:
        db.execute("UPDATE events SET measure_id = ? WHERE id = ?", [measure_id, act.event_id])


def _first(day: str) -> str | None:
    first = first_day(day)
    return first.isoformat() if first else None


def _title(db: Database, country: str, draft: _Draft) -> str:
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
