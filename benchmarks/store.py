"""How fast the store takes articles in and answers, on a generated corpus; ratios hold, figures are of the machine.

    python benchmarks/store.py                      # 5,000 articles, half a minute or so
    python benchmarks/store.py --articles 100000    # a million events, five million rows

Taking in is compared with a bare `executemany` of the same rows, prepared beforehand, in transactions of the same
size on the same schema; compared are the seconds of the processor, since a machine may be busy with other things.
The corpus has ten events an article, actors and words as uneven as in the news.
"""

from __future__ import annotations

import argparse
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from made_articles import SOURCE, Corpus
from store_questions import questions

from db import copies
from db.likeness import wording
from db.loading import BATCH, Loadable, Prepared, fill_new, prepare, write_prepared
from db.model import Article
from db.store import Store, article_row, open_store, text_digest
from db.tag_rows import COLUMNS, TagRows, rows_of
from db.verification import DERIVED, content_hash


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
        tagged.append(rows_of(row["id"], one.tagged, row["published"]))
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
    db.execute(f"INSERT INTO actor_pairs {DERIVED['actor_pairs']}")
    for _, sql in triggers:
        db.execute(sql)
    db.conn.commit()


def main() -> None:
    """Run everything and print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=5000)
    parser.add_argument("--times", type=int, default=100, help="how often each question is asked")
    parser.add_argument(
        "--store", type=Path, help="keep the filled store here; one that is there is only asked"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = arguments.store or Path(folder) / "bulk.db"
        if not path.exists():
            compare_writing(Path(folder), path, arguments.articles)
            with open_store(path) as store:
                make_events(store)
        ask_everything(path, arguments.times)


def compare_writing(folder: Path, kept: Path, n: int) -> None:
    """Print what taking in `n` articles costs, bare, batch by batch and into a new store, which is kept."""
    raw = bare(folder / "bare.db", Corpus(n))
    (folder / "bare.db").unlink()
    print(f"bare executemany          {n / raw:8,.0f} articles/s  1.00")
    made, written = _batch_by_batch(folder / "daily.db", n)
    (folder / "daily.db").unlink()
    _tell_writing("the store's writing of it", n, raw, written, "(goal 0.9)")
    _tell_writing("with making of the rows", n, raw, made + written)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    made, filled = _new_store(kept, n)
    _tell_writing("filling of a new store", n, raw, filled, "(goal 3)")
    _tell_writing("with making of the rows", n, raw, made + filled)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"memory at most {memory / 1024:,.0f} MB ({before / 1024:,.0f} before the load)")
    print(f"10 million articles would take {1e7 * (made + filled) / n / 3600:,.1f} h at this pace")


def _tell_writing(what: str, n: int, raw: float, seconds: float, goal: str = "") -> None:
    print(f"{what:25} {n / seconds:8,.0f} articles/s  {raw / seconds:.2f} of bare {goal}", flush=True)


def ask_everything(path: Path, times: int) -> None:
    """Print how large the store is, and what every question takes."""
    tables = (
        *COLUMNS,
        "articles",
        "events",
        "event_actors",
        "event_commodities",
        "article_bands",
        "actor_pairs",
    )
    with open_store(path) as store:
        counts = {t: store.db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in tables}
        store.db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    n, size = counts["articles"], path.stat().st_size
    print(
        f"{n:,} articles, {counts['events']:,} events, {sum(counts.values()):,} rows, {size / 1e6:,.0f} MB,"
        f" {size / n / 1000:.1f} kB an article: 10 million take {size / n * 1e7 / 1e9:,.0f} GB"
    )
    with open_store(path, "read") as store:
        for what, goal, taken_ms in questions(store, times):
            ordered = sorted(taken_ms)
            print(
                f"{what:45} median {statistics.median(ordered):7.2f} ms,"
                f" 95 % {ordered[int(len(ordered) * 0.95)]:7.2f},"
                f" worst {ordered[-1]:7.2f} (goal {goal})",
                flush=True,
            )
        started = time.process_time()
        content_hash(store.db)
        print(f"content hash of everything {time.process_time() - started:.1f} s of the processor")


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
