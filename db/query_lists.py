"""The lists of events that a question can begin with, each read from one index, and how long they are.

A list holds every event that meets the filters it is made of: an actor's events in a span of days, those of one type,
those that articles with a word report.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

if TYPE_CHECKING:
    from db.query import EventQuery

BOUNDS = (256, 4_096, 20_000, 300_000)
"""Lists are counted up to the first bound that one of them stays below."""
LONG = 20_000
"""A list that is no longer than this is read whole in some tens of milliseconds, whatever else is asked."""
EVENTS_AN_ARTICLE = 10
"""A rough guess, to weigh a list of articles against one of events."""
_AMONG = "(SELECT value FROM json_each(:{}))"


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """A list of event ids: SQL for the ids, and for as many rows as `weight` ids each.

    Every event in it meets the filters of these names, and no other event does.
    """

    ids: str
    rows: str
    meets: frozenset[str]
    weight: int = 1


def list_sizes(
    db: Database, lists: Sequence[Candidates], given: dict[str, Any], limit: int | None
) -> list[int]:
    """How long the lists are, up to the first bound that one of them stays below, or that says: walk."""
    sizes: list[int] = []
    for bound in BOUNDS:
        counts = (db.execute(f"SELECT count(*) FROM ({c.rows} LIMIT {bound})", given) for c in lists)
        sizes = [count.fetchone()[0] * c.weight for count, c in zip(counts, lists, strict=True)]
        if min(sizes, default=0) < bound or is_walked(db, sizes, limit):
            break
    return sizes


def is_walked(db: Database, sizes: Sequence[int], limit: int | None) -> bool:
    """Whether to look at one event after the other, last reported first, and do without the lists.

    That is when all lists are long, so that most likely enough events are soon found that stand in all of them.
    """
    if limit is None or min(sizes, default=LONG) < LONG:
        return False
    return looked_at(db, sizes, limit) <= min(sizes, default=LONG)


def looked_at(db: Database, sizes: Sequence[int], limit: int) -> float:
    """How many events are looked at until so many stand in all lists of these sizes, if chance mixes them."""
    [events] = db.execute("SELECT coalesce(max(rowid), 0) FROM events").fetchone()
    length = float(limit)
    for size in sizes:
        length *= max(1.0, events / max(size, 1))
    return length


def candidates(query: EventQuery, given: dict[str, Any]) -> Iterator[Candidates]:
    """The lists that hold every match of a query, whose filters are among the parameters `given`."""
    if "among" in given:
        yield _one("SELECT value AS id FROM json_each(:among)", "among")
    sides = [side for side in ("actor", "recipient", "country") if getattr(query, side) is not None]
    for side in sides:
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
    elif days and not sides:
        yield _one(f"SELECT x.id FROM events x INDEXED BY events_day WHERE 1{days}", "days")
    reported = "CROSS JOIN event_mentions m ON m.article_id = a.id WHERE m.event_id IS NOT NULL AND"
    if "text" in given:
        matching = "articles_fts f WHERE articles_fts MATCH :text"
        yield Candidates(
            ids=f"SELECT m.event_id AS id FROM (SELECT f.rowid AS found FROM {matching}) CROSS JOIN articles a"
            f" ON a.rowid = found {reported} 1",
            rows=f"SELECT 1 FROM {matching}",
            meets=frozenset({"text"}),
            weight=EVENTS_AN_ARTICLE,
        )
    if "source" in given:
        yield Candidates(
            ids=f"SELECT m.event_id AS id FROM articles a {reported} a.source_id = :source",
            rows="SELECT 1 FROM articles a WHERE a.source_id = :source",
            meets=frozenset({"source"}),
            weight=EVENTS_AN_ARTICLE,
        )


def _one(ids: str, *meets: str) -> Candidates:
    return Candidates(ids=ids, rows=f"SELECT 1 FROM ({ids})", meets=frozenset(meets))


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
