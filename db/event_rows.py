"""Reads whole events from their tables, many at a time, and puts them into words for tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from sqlite_utils import Database

_PARTY = ("name", "text", "entity_id", "country", "sector", "role")


def read_events(db: Database, chosen: Sequence[tuple[str, str]]) -> Iterator[dict[str, Any]]:
    """The events of these (id, table prefix), in this order, each with parties, goods, figures and a witness.

    The prefix says whether the machine's tables ("") or the reviewers' ("corrected_") hold the event. An id that
    is not there is left out.
    """
    events: dict[str, dict[str, Any]] = {}
    for prefix in dict.fromkeys(prefix for _, prefix in chosen):
        ids = json.dumps([event_id for event_id, of in chosen if of == prefix])
        events |= _with_parts(db, prefix, ids)
    for event_id, _ in chosen:
        if event_id in events:
            yield events[event_id]


def party_names(parties: list[dict[str, Any]]) -> str:
    """The parties of one side as a reader knows them: "Scott Bessent (USA), He Lifeng (CHN)"."""
    names = []
    for p in parties:
        name = p["name"] or p["text"]
        known = p["country"] not in ("---", "IGO", "EUE") and (p["entity_id"] or "").startswith(
            ("person", "org")
        )
        names.append(f"{name} ({p['country']})" if known else name)
    return ", ".join(dict.fromkeys(names))


def event_line(event: dict[str, Any]) -> dict[str, Any]:
    """An event with lists as readable words, for tables."""
    return {
        **event,
        "actor": party_names(event["actor"]),
        "recipient": party_names(event["recipient"]),
        "commodities": ", ".join(c["name"] for c in event["commodities"]),
        "quantities": ", ".join(f"{q['value']:g} {q['unit']} ({q['role']})" for q in event["quantities"]),
    }


def _with_parts(db: Database, prefix: str, ids: str) -> dict[str, dict[str, Any]]:
    among = "IN (SELECT value FROM json_each(?))"
    rows = db.query(
        f"SELECT e.*, coalesce(e.event_date, e.reported) AS date FROM {prefix}events e WHERE e.id {among}",
        [ids],
    )
    events: dict[str, dict[str, Any]] = {
        row["id"]: {**row, "actor": [], "recipient": [], "commodities": [], "quantities": [], "witness": {}}
        for row in rows
    }
    for p in db.query(
        f"SELECT * FROM {prefix}event_actors WHERE event_id {among} ORDER BY event_id, position", [ids]
    ):
        events[p["event_id"]][p["side"]].append({key: p[key] for key in _PARTY})
    for event_id, name, hs in db.execute(
        f"SELECT event_id, name, hs FROM {prefix}event_commodities WHERE event_id {among} ORDER BY event_id, name",
        [ids],
    ):
        events[event_id]["commodities"].append({"name": name, "hs": json.loads(hs)})
    for event_id, value, unit, role in db.execute(
        f"SELECT event_id, value, unit, role FROM {prefix}event_quantities WHERE event_id {among}"
        " ORDER BY event_id, position",
        [ids],
    ):
        events[event_id]["quantities"].append({"value": value, "unit": unit, "role": role})
    for row in _witnesses(db, prefix, ids):
        events[row.pop("event_id")].setdefault("witness", {}).update(row)
    return events


def _witnesses(db: Database, prefix: str, ids: str) -> Iterator[dict[str, Any]]:
    """The first published place that reports each event."""
    return db.query(
        "SELECT event_id, sentence, url, title, published FROM ("
        " SELECT m.event_id, trim(m.text, char(9, 10, 13, 32)) AS sentence, a.url, a.title, a.published,"
        "  row_number() OVER (PARTITION BY m.event_id ORDER BY a.published, m.article_id, m.start) AS place"
        f" FROM {prefix}event_mentions m CROSS JOIN articles a ON a.id = m.article_id"
        " WHERE m.event_id IN (SELECT value FROM json_each(?))) WHERE place = 1",
        [ids],
    )
