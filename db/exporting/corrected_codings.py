"""What reviewers changed of events, put into the coding of each place that reports them.

The machine codes every place by itself, and a review speaks of the event; so only what the review changed goes into
the coding of a place, and what the place says otherwise stays. Reports of rejected events are not among those read.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from sqlite_utils import Database

_KEPT = ("id", "reported", "day", "n_mentions", "n_articles", "n_independent_sources", "measure_id")
_PARTY = ("entity_id", "name", "country", "sector", "role")


@dataclass(slots=True)
class Changes:
    """What became of one event: values by column, its goods when they are others, and who its parties are."""

    values: dict[str, Any] = field(default_factory=dict)
    goods: list[dict[str, Any]] | None = None
    parties: list[tuple[dict[str, Any], dict[str, Any]]] = field(default_factory=list)
    """(the party as coded, as corrected) of every one that was said to be somebody else."""


def changes_of_events(db: Database) -> dict[str, Changes]:
    """What reviewers changed, by event; as many as people have made, so they fit in memory."""
    found: defaultdict[str, Changes] = defaultdict(Changes)
    for before, after in _pairs(db, "events", "id"):
        changed = {c: after[c] for c in after if c not in _KEPT and after[c] != before[c]}
        if changed:
            found[after["id"]].values = changed
    for before, after in _pairs(db, "event_actors", "event_id", "side", "position"):
        if any(after[c] != before[c] for c in _PARTY):
            found[after["event_id"]].parties.append((before, after))
    for event_id, goods in _goods(db):
        found[event_id].goods = goods
    return dict(found)


def corrected_coding(coding: dict[str, Any], changes: Changes) -> dict[str, Any]:
    """The coding of a place with the changes of its event."""
    coding = {**coding, **{c: value for c, value in changes.values.items() if c in coding}}
    if changes.goods is not None:
        coding["commodities"] = changes.goods
    for before, after in changes.parties:
        side = before["side"]
        coding[side] = [
            {**p, **{c: after[c] for c in _PARTY}} if _is_party(p, before) else p for p in coding[side]
        ]
    return coding


def _pairs(db: Database, table: str, *keys: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each row of a table that has a corrected one, and that."""
    order = f"ORDER BY {', '.join(f't.{key}' for key in keys)}"
    same = " AND ".join(f"c.{key} = t.{key}" for key in keys)
    sides = (
        db.query(f"SELECT {side}.* FROM main.{table} t JOIN main.corrected_{table} c ON {same} {order}")
        for side in ("t", "c")
    )
    yield from zip(*sides, strict=True)


def _goods(db: Database) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The goods of every corrected event of which they are not as they were coded."""
    listed = (
        "(SELECT json_group_array(json_array(name, hs)) FROM (SELECT name, hs FROM main.{}event_commodities g"
        " WHERE g.event_id = c.id ORDER BY name))"
    )
    rows = db.execute(
        f"SELECT c.id, {listed.format('')} AS before, {listed.format('corrected_')} AS after"
        " FROM main.corrected_events c JOIN main.events t ON t.id = c.id WHERE before <> after"
    )
    for event_id, _, after in rows:
        yield event_id, [{"name": name, "hs": json.loads(hs)} for name, hs in json.loads(after)]


def _is_party(party: dict[str, Any], coded: dict[str, Any]) -> bool:
    if coded["entity_id"] is None:
        return party["entity_id"] is None and party["text"] == coded["text"]
    return bool(party["entity_id"] == coded["entity_id"])
