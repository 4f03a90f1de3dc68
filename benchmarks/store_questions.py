"""The questions that the store is asked in `store.py`, each of many different things."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator

from made_articles import GOODS, TYPES, country_of
from sqlite_utils import Database

from db.actors import network, top_by_month
from db.event_rows import read_events
from db.query import EventQuery, find_events
from db.query_plan import fts_phrase, plan_query
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

    def four(p: str) -> EventQuery:
        other = country_of(chosen.choice(people))
        return EventQuery(actor=p, country=other, event_type=chosen.choice(TYPES), **month(p))  # type: ignore[arg-type]

    yield "actor + country + type + dates, ids", 10, several(lambda p: _ids(db, four(p)))
    yield "the same, with article, span and parties", 10, several(lambda p: list(find_events(db, four(p))))
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
    yield (
        "full text: a rare word, country, dates",
        120,
        several(lambda p: _text(db, chosen.choice(range(2000, 9000)), p)),
    )
    yield (
        "full text: a common word, country, dates",
        120,
        several(lambda p: _text(db, chosen.choice(range(5, 50)), p)),
    )
    word = fts_phrase("w1f w2a")
    search = "SELECT a.id FROM articles_fts f JOIN articles a ON a.rowid = f.rowid WHERE articles_fts MATCH ?"
    yield (
        "full text: two common words, best twenty",
        120,
        [
            ask(
                lambda: db.execute(
                    f"{search} ORDER BY bm25(articles_fts, 4.0, 1.0) LIMIT 20", [word]
                ).fetchall()
            )
            for _ in range(5)
        ],
    )
    yield (
        "the latest twenty events",
        10,
        [ask(lambda: list(find_events(db, EventQuery(limit=20)))) for _ in range(5)],
    )


def _ids(db: Database, query: EventQuery) -> list[object]:
    plan = plan_query(db, query)
    return list(db.execute(plan.ids_in_order(), plan.parameters))


def _text(db: Database, word: int, person: str) -> object:
    query = EventQuery(text=f"w{word:x}", country=country_of(person), since="2018", until="2019", limit=50)
    found = _ids(db, query)
    return list(read_events(db, [(str(row[0]), "") for row in found[:50]]))  # type: ignore[index]
