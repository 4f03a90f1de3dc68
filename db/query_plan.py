"""Turns an EventQuery into SQL that starts from the index with the fewest rows.

SQLite's own planner knows nothing of how often a country or a word occurs, and one wrong start costs a walk over a
million events. So each filter that an index serves is asked how many rows it would give, up to a bound; the
shortest list drives, and the other filters check its rows one by one. Parameters are always bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from db.days import first_day, last_day

if TYPE_CHECKING:
    from db.query import EventQuery

ENOUGH = 2000
"""A list of candidates is counted up to here; from there on, lists are equally long."""
ORDER = "reported DESC, day DESC, id"
_AMONG = "(SELECT value FROM json_each(:{}))"
_SIDES = {"actor": "p.side = 'actor'", "recipient": "p.side = 'recipient'", "country": "1"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The SQL of one query; `selects` gives id, table prefix, reported and day of the events that match."""

    selects: tuple[str, ...]
    parameters: dict[str, Any]

    def ids_in_order(self, limit: int | None = None) -> str:
        """SQL for (id, table prefix) of every match, last reported first."""
        end = f" LIMIT {int(limit)}" if limit is not None else ""
        if len(self.selects) == 1:
            return f"SELECT id, prefix FROM ({self.selects[0]} ORDER BY {ORDER}{end})"
        return f"SELECT id, prefix FROM ({' UNION ALL '.join(self.selects)}) ORDER BY {ORDER}{end}"

    def count(self) -> str:
        """SQL for the number of matches."""
        return f"SELECT count(*) FROM ({' UNION ALL '.join(self.selects)})"


def plan_query(db: Database, query: EventQuery) -> Plan:
    """The plan of a query: conditions for every filter, and the list of candidates they are tried on."""
    parameters = _parameters(db, query)
    conditions = list(_conditions(query, parameters))
    where = " AND ".join(conditions) or "1"
    driver = _shortest(db, list(_drivers(query, parameters)), parameters)
    columns = "e.id AS id, '' AS prefix, e.reported AS reported, e.day AS day"
    if driver is None:
        select = f"SELECT {columns} FROM events e WHERE {where}"
    else:
        select = (
            f"SELECT {columns} FROM (SELECT DISTINCT id FROM ({driver})) d CROSS JOIN events e ON e.id = d.id"
            f" WHERE {where}"
        )
    return Plan(selects=(select,), parameters=parameters)


def fts_phrase(text: str) -> str:
    """A user's words as a full-text query that can't be a syntax error: each word quoted, all required."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in text.replace("\x00", " ").split())


def named_parties(db: Database, name: str) -> tuple[list[str], list[str]]:
    """The entity ids and the country codes that a name, alias, id or code stands for.

    A country's name stands for everybody who acts for it, as its code does.
    """
    rows = db.execute(
        "SELECT id FROM entities WHERE name = :name COLLATE NOCASE"
        " UNION SELECT entity_id FROM entity_aliases WHERE alias = :name COLLATE NOCASE",
        {"name": name},
    )
    ids = sorted(row[0] for row in rows)
    codes = [name, *(i.removeprefix("country/") for i in ids if i.startswith("country/"))]
    return list(dict.fromkeys([name, *ids])), list(dict.fromkeys(codes))


def _parameters(db: Database, query: EventQuery) -> dict[str, Any]:
    plain = ("event_type", "quad", "instrument", "commodity", "hs", "stage", "direction", "modality")
    values = {name: getattr(query, name) for name in (*plain, "source", "language", "min_sources", "role")}
    values = {name: value for name, value in values.items() if value is not None}
    for side in ("actor", "recipient"):
        if getattr(query, side) is not None:
            ids, codes = named_parties(db, getattr(query, side))
            values |= {f"{side}_ids": json.dumps(ids), f"{side}_codes": json.dumps(codes)}
    if query.country is not None:
        values |= {"country_ids": "[]", "country_codes": json.dumps([query.country])}
    if query.text is not None:
        values["text"] = fts_phrase(query.text)
    begins, ends = first_day(query.since), last_day(query.until)
    if query.since is not None:
        values["since"] = begins.isoformat() if begins else query.since
    if query.until is not None:
        values["until"] = ends.isoformat() if ends else query.until
    return values


def _conditions(query: EventQuery, given: dict[str, Any]) -> Iterator[str]:
    """One condition for each filter, on the event `e`."""
    for name in ("event_type", "quad", "instrument", "stage", "direction", "modality"):
        if name in given:
            yield f"e.{name} = :{name}"
    if "since" in given:
        yield "e.day >= :since"
    if "until" in given:
        yield "e.day <= :until"
    if "min_sources" in given:
        yield "e.n_independent_sources >= :min_sources"
    yield from _party_conditions(query)
    if "commodity" in given:
        yield "EXISTS (SELECT 1 FROM event_commodities c WHERE c.event_id = e.id AND c.name = :commodity)"
    if "hs" in given:
        yield (
            "EXISTS (SELECT 1 FROM event_commodities c, json_each(c.hs) h WHERE c.event_id = e.id"
            " AND h.value LIKE :hs || '%')"
        )
    for name, condition in (
        ("source", "a.source_id = :source"),
        ("language", "a.language = :language"),
        ("text", "a.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :text)"),
    ):
        if name in given:
            yield (
                "EXISTS (SELECT 1 FROM event_mentions m CROSS JOIN articles a ON a.id = m.article_id"
                f" WHERE m.event_id = e.id AND {condition})"
            )


def _party_conditions(query: EventQuery) -> Iterator[str]:
    role = " AND p.role = :role COLLATE NOCASE" if query.role is not None else ""
    for side in ("actor", "recipient", "country"):
        if getattr(query, side) is not None:
            who = f"(p.entity_id IN {_AMONG.format(side + '_ids')} OR p.country IN {_AMONG.format(side + '_codes')})"
            yield f"EXISTS (SELECT 1 FROM event_actors p WHERE p.event_id = e.id AND {_SIDES[side]} AND {who}{role})"
            role = ""  # the role is that of the first party named
    if role:
        yield f"EXISTS (SELECT 1 FROM event_actors p WHERE p.event_id = e.id{role})"


def _drivers(query: EventQuery, given: dict[str, Any]) -> Iterator[str]:
    """Lists of candidate ids, each from one index: every match is in each of them."""
    for side, condition in _SIDES.items():
        if getattr(query, side) is not None:
            arms = []
            for column, values in (("entity_id", f"{side}_ids"), ("country", f"{side}_codes")):
                if given[values] != "[]":
                    arms.append(
                        f"SELECT p.event_id AS id FROM event_actors p WHERE p.{column} IN {_AMONG.format(values)}"
                        f" AND {condition}"
                    )
            yield " UNION ALL ".join(arms)
    if "commodity" in given:
        yield "SELECT c.event_id AS id FROM event_commodities c WHERE c.name = :commodity"
    days = "".join(
        f" AND x.day {sign} :{name}" for name, sign in (("since", ">="), ("until", "<=")) if name in given
    )
    if "instrument" in given:
        stage = " AND x.stage = :stage" if "stage" in given else ""
        yield f"SELECT x.id FROM events x INDEXED BY events_instrument WHERE x.instrument = :instrument{stage}"
    if "event_type" in given:
        yield f"SELECT x.id FROM events x INDEXED BY events_type WHERE x.event_type = :event_type{days}"
    elif days:
        yield f"SELECT x.id FROM events x INDEXED BY events_day WHERE 1{days}"
    if "text" in given:
        yield (
            "SELECT m.event_id AS id FROM articles_fts f CROSS JOIN articles a ON a.rowid = f.rowid"
            " CROSS JOIN event_mentions m ON m.article_id = a.id WHERE articles_fts MATCH :text"
            " AND m.event_id IS NOT NULL"
        )
    if "source" in given:
        yield (
            "SELECT m.event_id AS id FROM articles a CROSS JOIN event_mentions m ON m.article_id = a.id"
            " WHERE a.source_id = :source AND m.event_id IS NOT NULL"
        )


def _shortest(db: Database, drivers: list[str], parameters: dict[str, Any]) -> str | None:
    """The driver with the fewest rows; None where there is none."""
    if len(drivers) < 2:
        return drivers[0] if drivers else None
    counts = [
        db.execute(f"SELECT count(*) FROM (SELECT 1 FROM ({driver}) LIMIT {ENOUGH})", parameters).fetchone()[
            0
        ]
        for driver in drivers
    ]
    return drivers[counts.index(min(counts))]
