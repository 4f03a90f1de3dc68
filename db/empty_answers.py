"""Says why a question about events has no answer: the filter that stands in the way, the nearest date."""

from __future__ import annotations

from sqlite_utils import Database

from db.days import first_day, last_day
from db.query import FILTERS, EventQuery, as_filters, count_events, make_query
from db.query_plan import plan_query

DATES = ("since", "until")


def why_none(db: Database, query: EventQuery) -> str:
    """Why nothing matches, in words, ready for stderr: one sentence or two.

    "3,120 events match without --stage lifted; 14 without --since 2025-10-01, the nearest date is 2025-09-30."
    """
    if count_events(db, EventQuery(raw=query.raw)) == 0:
        articles = db.execute("SELECT count(*) FROM articles").fetchone()[0]
        if not articles:
            return "The database holds no articles yet. Collect some with 'dateline run'."
        return f"No event has been coded yet from {articles:,} articles. Tag them with 'dateline tag'."
    reasons = _reasons(db, query)
    if not reasons:
        return "No event matches, even with any one filter left out. See 'dateline events --limit 5' for what there is."
    return "No event matches all filters: " + "; ".join(reasons) + "."


def option_words(field: str, value: object) -> str:
    """A filter as it is written on the command line: `--type SANCTION`, `--min-sources 2`."""
    name = "type" if field == "event_type" else field.replace("_", "-")
    words = str(value)
    return f"--{name} '{words}'" if " " in words else f"--{name} {words}"


def _reasons(db: Database, query: EventQuery) -> list[str]:
    """What, left out alone, leaves events, the one that hides most first; a range of dates counts as one filter."""
    given = [field for field in FILTERS if getattr(query, field) is not None]
    dates = tuple(field for field in given if field in DATES)
    groups = [(field,) for field in given if field not in DATES] + ([dates] if dates else [])
    found = []
    for fields in groups:
        relaxed = make_query({**as_filters(query), **dict.fromkeys(fields), "limit": None})
        number = count_events(db, relaxed)
        if number:
            options = " ".join(option_words(field, getattr(query, field)) for field in fields)
            nearest = _nearest(db, query, relaxed) if fields == dates else ""
            found.append((number, options + nearest))
    found.sort(key=lambda reason: -reason[0])
    return [
        f"{number:,}{_matching(number) if place == 0 else ''} without {words}"
        for place, (number, words) in enumerate(found)
    ]


def _matching(number: int) -> str:
    return " event matches" if number == 1 else " events match"


def _nearest(db: Database, query: EventQuery, relaxed: EventQuery) -> str:
    """ ", the nearest date is 2025-09-30": the day closest to the range on which something else matches."""
    plan = plan_query(db, relaxed)
    near = []
    for bound, closest in (
        (first_day(query.since), "max(day) FROM ({}) WHERE day < :bound"),
        (last_day(query.until), "min(day) FROM ({}) WHERE day > :bound"),
    ):
        if bound is not None:
            parameters = {**plan.parameters, "bound": bound.isoformat()}
            near.append(db.execute(f"SELECT {closest.format(plan.matches())}", parameters).fetchone()[0])
    days = [day for day in near if day]
    return f", the nearest date is {' or '.join(days)}" if days else ""
