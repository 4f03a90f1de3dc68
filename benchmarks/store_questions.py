"""The questions that the store is asked in `store.py`, each of many different things."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial

from made_articles import GOODS, TYPES, country_of, made_word
from sqlite_utils import Database

from db.actors import network, top_by_month
from db.article_search import search_articles
from db.query import EventQuery, find_events
from db.query_plan import plan_query
from db.store import Store
from db.world import find_observations


def questions(store: Store, times: int) -> Iterator[tuple[str, float, list[float]]]:
    """(what is asked, goal in ms, the milliseconds of each time it was asked of something else)."""
    db, chosen = store.db, random.Random(2)
    people = [
        row[0]
        for row in db.execute(
            "SELECT entity_id FROM event_actors WHERE position = 0 ORDER BY event_id LIMIT 5000"
        )
    ]

    def ask(question: Callable[[], object]) -> float:
        started = time.process_time()  # a machine may be busy with other things
        question()
        return 1000 * (time.process_time() - started)

    def several(question: Callable[[str], object]) -> list[float]:
        return [ask(lambda: question(chosen.choice(people))) for _ in range(times)]

    def month(p: str) -> dict[str, str]:
        return {"since": f"{2016 + len(p) % 9}-03", "until": f"{2016 + len(p) % 9}-08"}

    def word(least: int, most: int) -> str:
        return made_word(chosen.randrange(least, most))

    def in_texts(text: str, p: str) -> EventQuery:
        return EventQuery(text=text, country=country_of(p), since="2018", until="2019")

    def four(p: str) -> EventQuery:
        other = country_of(chosen.choice(people))
        return EventQuery(actor=p, country=other, event_type=chosen.choice(TYPES), **month(p))  # type: ignore[arg-type]

    yield "actor + country + type + dates, ids", 10, several(lambda p: _ids(db, four(p)))
    yield "the same, with article, span and parties", 10, several(lambda p: _shown(db, four(p)))
    series = several(
        lambda p: find_observations(
            db, indicator="export_volume", country=country_of(p), commodity=chosen.choice(GOODS)
        )
    )
    yield "a figure's monthly series of one actor", 10, series
    yield "the network of an actor", 10, several(lambda p: network(db, p, limit=50))
    busiest = db.execute(
        "SELECT entity_id FROM actor_months GROUP BY 1 ORDER BY sum(n_events) DESC LIMIT 1"
    ).fetchone()[0]
    yield (
        "the network of the busiest actor of all",
        10,
        [ask(lambda: network(db, busiest, limit=50)) for _ in range(3)],
    )
    yield "top ten actors of every month", 60, [ask(lambda: list(top_by_month(db))) for _ in range(5)]
    yield (
        "a country in one month, by type",
        10,
        several(
            lambda p: _ids(
                db, EventQuery(country=country_of(p), event_type="AID", since="2019-05", until="2019-05")
            )
        ),
    )
    for kind, least, most in (("rare", 2000, 9000), ("middling", 100, 2000), ("common", 5, 50)):
        queries = [in_texts(word(least, most), chosen.choice(people)) for _ in range(times)]
        latest = [ask(partial(_shown, db, replace(query, limit=50))) for query in queries]
        yield f"full text: a {kind} word, country, dates, latest 50", 120, latest
        yield "the same, the ids of all", 120, [ask(partial(_ids, db, query)) for query in queries]
    yield (
        "full text: two common words, best twenty",
        120,
        several(lambda _: list(search_articles(db, f"{word(5, 50)} {word(5, 50)}", limit=20))),
    )
    yield (
        "the latest twenty events",
        10,
        [ask(partial(_shown, db, EventQuery(limit=20))) for _ in range(5)],
    )


def _ids(db: Database, query: EventQuery) -> list[object]:
    plan = plan_query(db, query)
    return list(db.execute(plan.ids_in_order(), plan.parameters))


def _shown(db: Database, query: EventQuery) -> list[object]:
    return list(find_events(db, query))
