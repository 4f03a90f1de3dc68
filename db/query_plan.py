"""Turns an EventQuery into SQL that starts from the index with the fewest rows.

SQLite's own planner knows nothing of how often a country or a word occurs, and one wrong start costs a walk over a
million events. So each filter that an index serves is asked how many rows it would give, up to a bound; the
shortest list drives, and the other filters check its rows one by one. Parameters are always bound.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

from db.days import first_day, last_day

if TYPE_CHECKING:
    from db.query import EventQuery

BOUNDS = (256, 4_096, 20_000)
"""Lists of candidates are counted up to the first bound that one stays below; past the last, all are long."""
ENOUGH = BOUNDS[-1]
LOOKED_UP = frozenset({"actor", "recipient", "country", "commodity", "text", "source"})
"""Filters that ask more than the event's own row."""
WORTH = 4
"""To look an event up in a list that is made for it pays while the list is not so many times longer than the driver."""
EVENTS_AN_ARTICLE = 10
"""A rough guess, to weigh a list of articles against one of events."""
CORRECTED = "corrected_"
ORDER = "reported DESC, day DESC, id"
_AMONG = "(SELECT value FROM json_each(:{}))"


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


@dataclass(frozen=True, slots=True, kw_only=True)
class _Candidates:
    """A list of event ids that holds every match: SQL for the ids, and for as many rows as `weight` ids each.

    Every event in it meets the filters of these names.
    """

    ids: str
    rows: str
    meets: frozenset[str]
    weight: int = 1


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
    columns = "e.id AS id, '{}' AS prefix, e.reported AS reported, e.day AS day"
    start, conditions = _start(db, query, parameters)
    reviewed = not query.raw and db.execute("SELECT 1 FROM overruled_events LIMIT 1").fetchone()
    if reviewed:
        conditions.append("e.id NOT IN (SELECT event_id FROM overruled_events)")
    selects = [f"SELECT {columns.format('')} FROM {start} WHERE {' AND '.join(conditions) or '1'}"]
    if reviewed:
        asked = [c.sql.format(id="e.id") for c in _conditions(query, parameters, CORRECTED)]
        selects.append(
            f"SELECT {columns.format(CORRECTED)} FROM {CORRECTED}events e WHERE {' AND '.join(asked) or '1'}"
        )
    return Plan(selects=tuple(selects), parameters=parameters)


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


def _start(db: Database, query: EventQuery, given: dict[str, Any]) -> tuple[str, list[str]]:
    """What the query begins with, and the conditions that are left.

    It begins with the shortest list of candidates, or the events in order where none is short. Where another list is
    short too, events are looked up in it.
    """
    lists = list(_candidates(query, given))
    sizes = _sizes(db, lists, given)
    least = min(sizes, default=ENOUGH)
    asked = list(_conditions(query, given, ""))
    if not lists or (least >= ENOUGH and query.limit is not None):
        start = "events e INDEXED BY events_latest" if query.limit is not None else "events e"
        return start, [condition.sql.format(id="e.id") for condition in asked]
    driver = lists[sizes.index(least)]
    left: dict[str, list[str]] = {}
    for condition in asked:
        if condition.name not in driver.meets:
            left.setdefault(condition.name, []).append(condition.sql.format(id="d.id"))
    for other, size in zip(lists, sizes, strict=True):
        if other is not driver and size < min(ENOUGH, WORTH * least):
            for name in left.keys() & other.meets & LOOKED_UP:
                left[name] = [f"d.id IN ({other.ids})"]
    conditions = [sql for of_name in left.values() for sql in of_name]
    return f"(SELECT DISTINCT id FROM ({driver.ids})) d CROSS JOIN events e ON e.id = d.id", conditions


def _sizes(db: Database, lists: Sequence[_Candidates], given: dict[str, Any]) -> list[int]:
    """How long the lists are, up to the first bound that one of them stays below."""
    sizes: list[int] = []
    for bound in BOUNDS:
        counts = (db.execute(f"SELECT count(*) FROM ({c.rows} LIMIT {bound})", given) for c in lists)
        sizes = [count.fetchone()[0] * c.weight for count, c in zip(counts, lists, strict=True)]
        if min(sizes, default=0) < bound:
            break
    return sizes


def _candidates(query: EventQuery, given: dict[str, Any]) -> Iterator[_Candidates]:
    """Lists of candidates, each read from one index."""
    if "among" in given:
        yield _one("SELECT value AS id FROM json_each(:among)", "among")
    for side in ("actor", "recipient", "country"):
        if getattr(query, side) is not None:
            yield _one(" UNION ALL ".join(_party_arms(side, given)), side, "days")
    if "commodity" in given:
        yield _one("SELECT c.event_id AS id FROM event_commodities c WHERE c.name = :commodity", "commodity")
    if "hs" in given:
        yield _one(
            "SELECT c.event_id AS id FROM event_commodities c WHERE c.name IN (SELECT h.name FROM"
            " commodity_headings h, json_each(h.hs) j WHERE j.value LIKE :hs || '%')"
        )
    days = _days("x", given)
    if "instrument" in given:
        stage = " AND x.stage = :stage" if "stage" in given else ""
        yield _one(
            f"SELECT x.id FROM events x INDEXED BY events_instrument WHERE x.instrument = :instrument{stage}",
            "instrument",
            "stage",
        )
    if "event_type" in given:
        yield _one(
            f"SELECT x.id FROM events x INDEXED BY events_type WHERE x.event_type = :event_type{days}",
            "event_type",
            "days",
        )
    elif days:
        yield _one(f"SELECT x.id FROM events x INDEXED BY events_day WHERE 1{days}", "days")
    reported = "CROSS JOIN event_mentions m ON m.article_id = a.id WHERE m.event_id IS NOT NULL AND"
    if "text" in given:
        matching = "articles_fts f WHERE articles_fts MATCH :text"
        yield _Candidates(
            ids=f"SELECT m.event_id AS id FROM (SELECT f.rowid AS found FROM {matching}) CROSS JOIN articles a"
            f" ON a.rowid = found {reported} 1",
            rows=f"SELECT 1 FROM {matching}",
            meets=frozenset({"text"}),
            weight=EVENTS_AN_ARTICLE,
        )
    if "source" in given:
        yield _Candidates(
            ids=f"SELECT m.event_id AS id FROM articles a {reported} a.source_id = :source",
            rows="SELECT 1 FROM articles a WHERE a.source_id = :source",
            meets=frozenset({"source"}),
            weight=EVENTS_AN_ARTICLE,
        )


def _one(ids: str, *meets: str) -> _Candidates:
    return _Candidates(ids=ids, rows=f"SELECT 1 FROM ({ids})", meets=frozenset(meets))


def _party_arms(side: str, given: dict[str, Any]) -> Iterator[str]:
    for column, values in (("entity_id", f"{side}_ids"), ("country", f"{side}_codes")):
        if given[values] != "[]":
            for one in ("actor", "recipient") if side == "country" else (side,):
                yield (
                    f"SELECT p.event_id AS id FROM event_actors p INDEXED BY event_actors_{column.removesuffix('_id')}"
                    f" WHERE p.{column} IN {_AMONG.format(values)} AND p.side = '{one}'{_days('p', given)}"
                )


def _days(table: str, given: dict[str, Any]) -> str:
    since = f" AND {table}.day >= :since" if "since" in given else ""
    return since + (f" AND {table}.day <= :until" if "until" in given else "")
