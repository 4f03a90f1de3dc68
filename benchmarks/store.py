"""How fast the store takes articles in and answers, on a generated corpus; ratios hold, figures are of the machine.

    python benchmarks/store.py                      # 5,000 articles, half a minute or so
    python benchmarks/store.py --articles 100000    # a million events, five million rows

Taking in is compared with a bare `executemany` of the same rows, prepared beforehand, in transactions of the same
size on the same schema; compared are the seconds of the processor, since a machine may be busy with other things.
The corpus has ten events an article, actors and words as uneven as in the news.
"""

from __future__ import annotations

import argparse
import random
import resource
import sqlite3
import statistics
import tempfile
import time
from bisect import bisect
from collections.abc import Callable, Iterator, Sequence
from itertools import accumulate
from pathlib import Path

from sqlite_utils import Database

from db import copies
from db.actors import network, top_by_month
from db.event_rows import read_events
from db.likeness import wording
from db.loading import BATCH, Loadable, Prepared, fill_new, prepare, write_prepared
from db.model import (
    Article,
    Commodity,
    EventMention,
    Mention,
    Observation,
    Participant,
    Quantity,
    SourceSummary,
    TaggedDocument,
    Tagger,
    TimeExpression,
)
from db.query import EventQuery, find_events
from db.query_plan import fts_phrase, plan_query
from db.store import Store, article_row, open_store, text_digest
from db.tag_rows import COLUMNS, TagRows, rows_of
from db.verification import content_hash
from db.world import find_observations

EVENTS, MENTIONS, WORDS, ENTITIES, VOCABULARY = 10, 6, 390, 25_000, 60_000
COUNTRIES = [f"{a}{b}{c}" for a in "ABCDEFGH" for b in "KLMNO" for c in "RSTUV"]
TYPES = [
    "SANCTION",
    "CONSULT",
    "AGREE",
    "THREATEN",
    "REQUEST",
    "SUPPORT",
    "ACCUSE",
    "REJECT",
    "RETREAT",
    "AID",
]
GOODS = [f"good_{n}" for n in range(80)]
TAGGER = Tagger(name="benchmark", version="1", model="none")
SOURCE = SourceSummary(
    id="made", title="Made", publisher="Made", country="---", language="en", url="https://made.example", kind="made"
)  # fmt: skip


class Uneven:
    """Draws from a list as news does: the second half as often as the first, the third a third as often."""

    def __init__(self, items: Sequence[str], chosen: random.Random) -> None:
        self._items, self._chosen = items, chosen
        self._sums = list(accumulate(1 / (rank + 3) for rank in range(len(items))))

    def one(self) -> str:
        return self._items[bisect(self._sums, self._chosen.random() * self._sums[-1])]


class Corpus:
    """The generated articles; the seconds spent on making them are left out of every figure."""

    def __init__(self, articles: int) -> None:
        self.articles, self.seconds = articles, 0.0

    def __iter__(self) -> Iterator[Loadable]:
        chosen = random.Random(1)
        words = Uneven([f"w{n:x}" for n in range(VOCABULARY)], chosen)
        actors = Uneven([f"person/p{n}" for n in range(ENTITIES)], chosen)
        for number in range(self.articles):
            started = time.process_time()
            one = _article(number, self.articles, words, actors, chosen)
            self.seconds += time.process_time() - started
            yield one


def _article(number: int, of: int, words: Uneven, actors: Uneven, chosen: random.Random) -> Loadable:
    text = " ".join(words.one() for _ in range(WORDS))
    day = 3650 * number // of
    published = f"{2016 + day // 365}-{day % 365 // 31 + 1:02}-{day % 28 + 1:02}T{number % 24:02}:00:00Z"
    url = f"https://made.example/{number}"
    people = [actors.one() for _ in range(2 * EVENTS)]
    mentions = tuple(
        Mention(
            start=5 * n, end=5 * n + 4, text=text[5 * n : 5 * n + 4], kind="person", form="full", entity_id=people[n],
            name=people[n], country=_country(people[n]), rule="made",
        )
        for n in range(MENTIONS)
    )  # fmt: skip
    events = tuple(_event(n, people, published, text, chosen) for n in range(EVENTS))
    figures = tuple(
        Quantity(
            start=90 + 9 * n, end=97 + 9 * n, text=text[90 + 9 * n : 97 + 9 * n], value=float(n), rule="made"
        )
        for n in range(2)
    )
    dates = tuple(
        TimeExpression(
            start=60 + 9 * n, end=67 + 9 * n, text=text[60 + 9 * n : 67 + 9 * n], type="DATE", value=published[:10],
            rule="made",
        )
        for n in range(2)
    )  # fmt: skip
    told = Observation(
        id="o", start=120, end=127, text=text[120:127], indicator="export_volume", country=_country(people[0]),
        commodity=GOODS[number % 80], value=float(number), unit="metric ton", period=published[:7],
    )  # fmt: skip
    tagged = TaggedDocument(
        id=url, language="en", document=text, tagger=TAGGER, mentions=mentions, quantities=figures, dates=dates,
        events=events, observations=(told,),
    )  # fmt: skip
    article = Article(
        id=url,
        url=url,
        canonical_url=url,
        text=text,
        published=published,
        published_precision="second",
        language="en",
    )
    return Loadable(article=article, source_id="made", tagged=tagged)


def _country(person: str) -> str:
    return COUNTRIES[int(person.rpartition("p")[2]) ** 2 % 61 * 3 % len(COUNTRIES)]


def _event(n: int, people: list[str], published: str, text: str, chosen: random.Random) -> EventMention:
    start = 30 * n
    who = [
        Participant(
            start=start, end=start + 5, text=text[start : start + 5], entity_id=p, name=p, country=_country(p),
            sector="GOV",
        )
        for p in people[2 * n : 2 * n + 2]
    ]  # fmt: skip
    good = chosen.choice(GOODS)
    goods = (Commodity(name=good, hs=(f"{28 + int(good[5:]) % 60}{n:02}",)),) if n % 3 == 0 else ()
    return EventMention(
        event_id=f"e{n}", start=start, end=start + 25, trigger_start=start + 6, trigger_end=start + 10,
        event_type=TYPES[int(chosen.random() ** 2 * 10)], quad=1 + n % 4, actor=(who[0],), recipient=(who[1],),
        instrument="export_licence" if goods else None, stage="in_force" if goods else None, commodities=goods,
        event_date=published[:10], date_precision="day", rule="made",
    )  # fmt: skip


def bare(path: Path, corpus: Corpus) -> float:
    """The seconds of `executemany` alone, with the rows ready."""
    spent = 0.0
    with open_store(path) as store:
        store.frontier.put_source(SOURCE)
        rowid, batch = 0, []
        for one in corpus:
            batch.append(one)
            if len(batch) == BATCH:
                tables, entities, aliases = _prepared(batch, rowid)
                started = time.process_time()
                with store.transaction():
                    _write_bare(store.db.conn, tables, entities, aliases)
                spent += time.process_time() - started
                rowid += len(batch)
                batch = []
    return spent


_Rows = dict[str, list[tuple[object, ...]]]


def _prepared(batch: list[Loadable], rowid: int) -> tuple[_Rows, list[object], list[object]]:
    tables: _Rows = {"articles": [], "article_bands": []}
    tagged: list[TagRows] = []
    for number, one in enumerate(batch, rowid + 1):
        row = article_row(one.article, text_digest(None, one.article.text), fetched="2025-10-20T00:00:00Z")
        row |= {"source_id": one.source_id, "tagger": "benchmark"}
        tables["articles"].append(tuple(row.values()))
        day = copies.day_number(one.article.published)
        tables["article_bands"] += [(band, day, number) for band in wording(one.article.text).bands()]
        assert one.tagged
        tagged.append(rows_of(row["id"], one.tagged))
    for table in COLUMNS:
        tables[table] = [row for one in tagged for row in one.tables[table]]
    entities = list({e: None for one in tagged for e in one.entities})
    return tables, list(entities), list({a: None for one in tagged for a in one.aliases})


def _write_bare(db: sqlite3.Connection, tables: _Rows, entities: list[object], aliases: list[object]) -> None:
    db.executemany("INSERT OR IGNORE INTO entities VALUES (?, ?, ?, ?, ?)", entities)  # type: ignore[arg-type]
    db.executemany("INSERT OR IGNORE INTO entity_aliases VALUES (?, ?, ?)", aliases)  # type: ignore[arg-type]
    columns = {"articles": ARTICLE_COLUMNS, "article_bands": ("band", "day", "article_rowid"), **COLUMNS}
    for table, rows in tables.items():
        names = ", ".join(f'"{name}"' for name in columns[table])
        db.executemany(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns[table]))})", rows)


ARTICLE_COLUMNS = (
    *article_row(Article(id="", url="https://made.example"), "", fetched=""),
    "source_id",
    "tagger",
)


def make_events(store: Store) -> None:
    """An event of each mention, in SQL: what a merge would write if every mention told a happening of its own."""
    db = store.db
    triggers = db.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN ('events', 'event_actors')"
    ).fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    part = "json_extract(m.coding, '$.{}')"
    columns = ("event_type", "quad", "modality", "speech", "certainty", "instrument", "stage", "event_date")
    db.execute(
        f"INSERT INTO events (id, {', '.join(columns)}, reported, day, n_mentions, n_articles, n_independent_sources)"
        f" SELECT 'e' || substr(m.id, 3), {', '.join(part.format(c) for c in columns)}, substr(a.published, 1, 10),"
        " substr(a.published, 1, 10), 1, 1, 1 FROM event_mentions m JOIN articles a ON a.id = m.article_id"
    )
    for side in ("actor", "recipient"):
        db.execute(
            "INSERT INTO event_actors (event_id, side, position, entity_id, name, country, sector, text, day)"
            f" SELECT 'e' || substr(m.id, 3), '{side}', p.key, p.value ->> 'entity_id', p.value ->> 'name',"
            " p.value ->> 'country', 'GOV', p.value ->> 'text', m.coding ->> 'event_date'"
            f" FROM event_mentions m, json_each(m.coding, '$.{side}') p"
        )
    db.execute(
        "INSERT INTO event_commodities SELECT 'e' || substr(m.id, 3), g.value ->> 'name', g.value -> 'hs'"
        " FROM event_mentions m, json_each(m.coding, '$.commodities') g"
    )
    db.execute("UPDATE event_mentions SET event_id = 'e' || substr(id, 3)")
    db.execute(
        "INSERT INTO actor_months SELECT side, substr(day, 1, 7), entity_id, count(*) FROM event_actors"
        " GROUP BY 1, 2, 3"
    )
    for _, sql in triggers:
        db.execute(sql)
    db.conn.commit()


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
        started = time.perf_counter()
        question()
        return 1000 * (time.perf_counter() - started)

    def several(question: Callable[[str], object]) -> list[float]:
        return [ask(lambda: question(chosen.choice(people))) for _ in range(times)]

    def month(p: str) -> dict[str, str]:
        return {"since": f"{2016 + len(p) % 9}-03", "until": f"{2016 + len(p) % 9}-08"}

    def four(p: str) -> EventQuery:
        other = _country(chosen.choice(people))
        return EventQuery(actor=p, country=other, event_type=chosen.choice(TYPES), **month(p))  # type: ignore[arg-type]

    yield "actor + country + type + dates, ids", 10, several(lambda p: _ids(db, four(p)))
    yield "the same, with article, span and parties", 10, several(lambda p: list(find_events(db, four(p))))
    series = several(
        lambda p: find_observations(
            db, indicator="export_volume", country=_country(p), commodity=chosen.choice(GOODS)
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
                db, EventQuery(country=_country(p), event_type="AID", since="2019-05", until="2019-05")
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
    query = EventQuery(text=f"w{word:x}", country=_country(person), since="2018", until="2019", limit=50)
    found = _ids(db, query)
    return list(read_events(db, [(str(row[0]), "") for row in found[:50]]))  # type: ignore[index]


def main() -> None:
    """Run everything and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--times", type=int, default=100)
    arguments = parser.parse_args()
    n = arguments.articles
    with tempfile.TemporaryDirectory() as folder:
        corpus = Corpus(n)
        raw = bare(Path(folder) / "bare.db", corpus)
        (Path(folder) / "bare.db").unlink()
        print(f"bare executemany          {n / raw:8,.0f} articles/s  1.00")
        made, written = _batch_by_batch(Path(folder) / "daily.db", n)
        taken = made + written
        print(
            f"the store's writing of it {n / written:8,.0f} articles/s  {raw / written:.2f} of bare (goal 0.9)"
        )
        print(f"with making of the rows   {n / taken:8,.0f} articles/s  {raw / taken:.2f} of bare")
        (Path(folder) / "daily.db").unlink()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        made, filled = _new_store(Path(folder) / "bulk.db", n)
        bulk = made + filled
        print(f"filling of a new store    {n / filled:8,.0f} articles/s  {raw / filled:.2f} of bare (goal 3)")
        print(f"with making of the rows   {n / bulk:8,.0f} articles/s  {raw / bulk:.2f} of bare")
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"memory at most {memory / 1024:,.0f} MB ({before / 1024:,.0f} before the load)")
        path = Path(folder) / "bulk.db"
        with open_store(path) as store:
            make_events(store)
            rows = sum(
                store.db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
                for t in (
                    *COLUMNS,
                    "articles",
                    "events",
                    "event_actors",
                    "event_commodities",
                    "article_bands",
                )
            )
            events = store.db.execute("SELECT count(*) FROM events").fetchone()[0]
            store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            size = path.stat().st_size
            print(
                f"{n:,} articles, {events:,} events, {rows:,} rows, {size / 1e6:,.0f} MB,"
                f" {size / n / 1000:.1f} kB an article"
            )
        with open_store(path, "read") as store:
            for what, goal, taken_ms in questions(store, arguments.times):
                ordered = sorted(taken_ms)
                print(
                    f"{what:45} median {statistics.median(ordered):7.2f} ms,"
                    f" 95 % {ordered[int(len(ordered) * 0.95)]:7.2f},"
                    f" worst {ordered[-1]:7.2f} (goal {goal})"
                )
            started = time.perf_counter()
            content_hash(store.db)
            print(f"content hash of everything {time.perf_counter() - started:.1f} s")
        print(
            f"10 million articles would take {size / n * 1e7 / 1e9:,.0f} GB, {1e7 * bulk / n / 3600:,.1f} h to load,"
            f" {1e7 * taken / n / 3600:,.1f} h batch by batch (the longer the store, the more its indexes cost)"
        )


def _batch_by_batch(path: Path, articles: int) -> tuple[float, float]:
    """The seconds of making rows, and of writing them with all that the store does while it holds the lock."""
    made = written = 0.0
    batch: list[Loadable] = []
    with open_store(path) as store:
        store.frontier.put_source(SOURCE)
        for one in Corpus(articles):
            batch.append(one)
            if len(batch) == BATCH:
                started = time.process_time()
                rows = [prepare(one) for one in batch]
                made += time.process_time() - started
                started = time.process_time()
                write_prepared(store, rows)
                written += time.process_time() - started
                batch = []
    return made, written


def _new_store(path: Path, articles: int) -> tuple[float, float]:
    """The seconds of making rows, and of filling a new store with them, its indexes and full text included."""
    corpus, made = Corpus(articles), 0.0

    def rows() -> Iterator[Prepared]:
        nonlocal made
        for one in corpus:
            begun = time.process_time()
            prepared = prepare(one)
            made += time.process_time() - begun
            yield prepared

    with open_store(path) as store:
        store.frontier.put_source(SOURCE)
        started = time.process_time()
        fill_new(store, rows())
        return made, time.process_time() - started - corpus.seconds - made


if __name__ == "__main__":
    main()
