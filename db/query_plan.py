"""Turns an EventQuery into SQL that starts from the index with the fewest rows.

SQLite's own planner knows nothing of how often a country or a word occurs, and one wrong start costs a walk over a
million events. So each filter that an index serves is asked how many rows it would give (`db.query_lists`); the
shortest list drives, and the other filters check its rows one by one. Of the latest few only so many rows are checked
as it takes to find them. Parameters are always bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from db.days import first_day, last_day
from db.query_lists import Candidates, candidates, is_walked, list_sizes, looked_at

if TYPE_CHECKING:
    from db.query import EventQuery

LOOKED_UP = frozenset({"actor", "recipient", "country", "commodity", "text", "source"})
"""Filters that ask more than the event's own row."""
WORTH = 4
"""To look events up in a list that is made for it pays while the list is not so many times as long."""
CORRECTED = "corrected_"
ORDER = "reported DESC, day DESC, id"
_AMONG = "(SELECT value FROM json_each(:{}))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The SQL of one query; `selects` give id, table prefix, reported and day of the events that match.

    With a limit each gives no more than so many, those reported last.
    """

    selects: tuple[str, ...]
    parameters: dict[str, Any]
    limit: int | None = None

    def matches(self) -> str:
        """SQL for all that the selects give, in any order."""
        if self.limit is None:
            return " UNION ALL ".join(self.selects)
        return " UNION ALL ".join(f"SELECT * FROM ({select})" for select in self.selects)

    def ids_in_order(self) -> str:
        """SQL for (id, table prefix) of the matches, last reported first."""
        if self.limit is not None and len(self.selects) == 1:
            return f"SELECT id, prefix FROM ({self.selects[0]})"
        end = f" LIMIT {self.limit}" if self.limit is not None else ""
        return f"SELECT id, prefix FROM ({self.matches()}) ORDER BY {ORDER}{end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Condition:
    """What one filter asks of the event `{id}`, or of its row `e`."""

    name: str
    sql: str


def plan_query(db: Database, query: EventQuery, among: Sequence[str] | None = None) -> Plan:
    """The plan of a query: conditions for every filter, and the list of candidates they are tried on.

    With `among`, only events of these ids match.
    """
    parameters = _parameters(db, query)
    if among is not None:
        parameters["among"] = json.dumps(among)
    reviewed = not query.raw and db.execute("SELECT 1 FROM overruled_events LIMIT 1").fetchone()
    more = ["{id} NOT IN (SELECT event_id FROM overruled_events)"] if reviewed else []
    selects = [_select(db, query, parameters, more)]
    if reviewed:
        asked = [c.sql.format(id="e.id") for c in _conditions(query, parameters, CORRECTED)]
        corrected = f"SELECT {_columns('e', CORRECTED)} FROM {CORRECTED}events e WHERE {_all(asked)}"
        selects.append(corrected + _first(query.limit))
    return Plan(selects=tuple(selects), parameters=parameters, limit=query.limit)


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


def _conditions(query: EventQuery, given: dict[str, Any], prefix: str) -> Iterator[_Condition]:
    """One condition for each filter, on events of the tables with this prefix."""
    for name in ("event_type", "quad", "instrument", "stage", "direction", "modality"):
        if name in given:
            yield _Condition(name=name, sql=f"e.{name} = :{name}")
    if "since" in given:
        yield _Condition(name="days", sql="e.day >= :since")
    if "until" in given:
        yield _Condition(name="days", sql="e.day <= :until")
    if "among" in given:
        yield _Condition(name="among", sql=f"{{id}} IN {_AMONG.format('among')}")
    if "min_sources" in given:
        yield _Condition(name="min_sources", sql="e.n_independent_sources >= :min_sources")
    yield from _party_conditions(query, prefix)
    goods = f"EXISTS (SELECT 1 FROM {prefix}event_commodities c"
    if "commodity" in given:
        yield _Condition(name="commodity", sql=f"{goods} WHERE c.event_id = {{id}} AND c.name = :commodity)")
    if "hs" in given:
        heading = "c.event_id = {id} AND h.value LIKE :hs || '%')"
        yield _Condition(name="hs", sql=f"{goods}, json_each(c.hs) h WHERE {heading}")
    for name, condition in (
        ("source", "a.source_id = :source"),
        ("language", "a.language = :language"),
        ("text", "a.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :text)"),
    ):
        if name in given:
            reported = f"{prefix}event_mentions m CROSS JOIN articles a ON a.id = m.article_id"
            sql = f"EXISTS (SELECT 1 FROM {reported} WHERE m.event_id = {{id}} AND {condition})"
            yield _Condition(name=name, sql=sql)


def _party_conditions(query: EventQuery, prefix: str) -> Iterator[_Condition]:
    role = " AND p.role = :role COLLATE NOCASE" if query.role is not None else ""
    party = f"EXISTS (SELECT 1 FROM {prefix}event_actors p WHERE p.event_id = {{id}}"
    for side in ("actor", "recipient", "country"):
        if getattr(query, side) is not None:
            ids, codes = _AMONG.format(f"{side}_ids"), _AMONG.format(f"{side}_codes")
            on_side = "" if side == "country" else f" AND p.side = '{side}'"
            sql = f"{party}{on_side} AND (p.entity_id IN {ids} OR p.country IN {codes}){role})"
            yield _Condition(name=f"{side} and role" if role else side, sql=sql)
            role = ""  # the role is that of the first party named
    if role:
        yield _Condition(name="role", sql=f"{party}{role})")


def _select(db: Database, query: EventQuery, given: dict[str, Any], more: Sequence[str]) -> str:
    """SQL for the machine's events that match, with some conditions more."""
    asked = list(_conditions(query, given, ""))
    lists = list(candidates(query, given))
    sizes = list_sizes(db, lists, given, query.limit)
    if not lists or is_walked(db, sizes, query.limit):
        by = " INDEXED BY events_latest" if query.limit is not None else ""
        conditions = [sql.format(id="e.id") for sql in (*(c.sql for c in asked), *more)]
        return f"SELECT {_columns('e')} FROM events e{by} WHERE {_all(conditions)}{_first(query.limit)}"
    size = min(sizes)
    driver = lists[sizes.index(size)]
    others = [(each, length) for each, length in zip(lists, sizes, strict=True) if each is not driver]
    checked: float = size
    if query.limit is not None:
        checked = looked_at(db, [length for _, length in others], query.limit)
    few = checked < size / 2
    left = _left(asked, driver, others, checked if few else size)
    in_row = any(sql.startswith("e.") for name, sqls in left.items() for sql in sqls if name != "days")
    days, conditions = left.pop("days", []), [sql for of_name in left.values() for sql in of_name]
    conditions += [sql.format(id="d.id") for sql in more]
    # Grouping sorts them by id: neighbours lie on one page of the indexes that they are looked up in.
    ids = f"(SELECT id FROM ({driver.ids}) GROUP BY id)"
    if few:
        return _latest_of(ids, days, conditions, in_row) + f" LIMIT {query.limit}"
    by = "" if in_row else " INDEXED BY events_order"
    found = f"SELECT {_columns('e')} FROM {ids} d CROSS JOIN events e{by} ON e.id = d.id"
    return f"{found} WHERE {_all([*conditions, *days])}{_first(query.limit)}"


def _latest_of(ids: str, days: Sequence[str], conditions: Sequence[str], in_row: bool) -> str:
    """SQL that puts a list in order before anything but days is asked of it, so that a limit ends the asking early."""
    # The inner limit is none, but keeps SQLite from leaving the order out.
    ordered = (
        f"SELECT e.id AS id, e.reported AS reported, e.day AS day FROM {ids} i CROSS JOIN events e"
        f" INDEXED BY events_order ON e.id = i.id WHERE {_all(days)} ORDER BY {ORDER} LIMIT -1"
    )
    row = " CROSS JOIN events e ON e.id = d.id" if in_row else ""
    return f"SELECT {_columns('d')} FROM ({ordered}) d{row} WHERE {_all(conditions)}"


def _left(
    asked: Sequence[_Condition], driver: Candidates, others: Sequence[tuple[Candidates, int]], checked: float
) -> dict[str, list[str]]:
    """By filter, the conditions that the driving list leaves, of which so many events are asked.

    Where another list is short too, events are looked up in it.
    """
    left: dict[str, list[str]] = {}
    for condition in asked:
        if condition.name not in driver.meets:
            left.setdefault(condition.name, []).append(condition.sql.format(id="d.id"))
    for other, size in others:
        if size < WORTH * checked:
            for name in left.keys() & other.meets & LOOKED_UP:
                left[name] = [f"d.id IN ({other.ids})"]
    return left


def _columns(table: str, prefix: str = "") -> str:
    return f"{table}.id AS id, '{prefix}' AS prefix, {table}.reported AS reported, {table}.day AS day"


def _all(conditions: Sequence[str]) -> str:
    return " AND ".join(conditions) or "1"


def _first(limit: int | None) -> str:
    return f" ORDER BY {ORDER} LIMIT {limit}" if limit is not None else ""
