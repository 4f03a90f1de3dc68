"""Makes a store of any size out of invented articles: the same seed gives the same rows.

An article has some ten reports of events, a dozen names, some quantities, dates and figures, as a long news article
has. Rows go in without indexes and triggers, which are made at the end.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from db.store import article_id_of, open_store, text_digest
from db.tags import content_id

SENTENCE = (
    "the of ministry export rare earths on said tariffs steel officials and measures trade would in after talks "
    "quota tonnes percent shipments from suppliers to a licence Thursday new rules government đất hiếm"
)
WORDS = SENTENCE.split()
COUNTRIES = ("CHN", "USA", "JPN", "IDN", "VNM", "DEU", "IND", "BRA", "MYS", "KOR")
TYPES = ("SANCTION", "AGREE", "CONSULT", "RETREAT", "ACCUSE", "THREATEN", "REQUEST", "SUPPORT")
GOODS = (("rare_earths", ["2846"]), ("steel", ["7206", "7207"]), ("nickel", ["7502"]))
EVENTS, NAMES, QUANTITIES, DATES, FIGURES = 10, 12, 3, 3, 1
PARTY = ("entity_id", "name", "country", "sector", "role")
BATCH = 2_000
TAGGER = "dateline/bench/none"


def build_corpus(path: Path, articles: int, *, seed: int = 7) -> None:
    """Write a store of so many articles to `path`, which must not exist."""
    with open_store(path) as store:
        store.db.conn.commit()
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA synchronous = OFF")
    connection.execute("PRAGMA journal_mode = OFF")
    later = connection.execute(
        "SELECT type, name, sql FROM sqlite_master WHERE type IN ('index', 'trigger') AND sql IS NOT NULL"
    ).fetchall()
    for kind, name, _ in later:
        connection.execute(f"DROP {kind} {name}")
    _fill(connection, articles, random.Random(seed))
    for _, _, sql in later:
        connection.execute(sql)
    connection.execute("INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')")
    connection.commit()
    connection.execute("ANALYZE")
    connection.execute("PRAGMA journal_mode = WAL")
    connection.close()


def _fill(connection: sqlite3.Connection, articles: int, chance: random.Random) -> None:
    connection.execute(
        "INSERT INTO sources (id, title, publisher, country, language, url, kind, declaration)"
        " VALUES ('bench', 'Bench', 'Bench', 'VNM', 'en', 'https://bench.example', 'newspaper', '{}')"
    )
    entities = [
        (f"person/bench-{n}", "person", f"Person {n}", COUNTRIES[n % 10], "GOV") for n in range(5_000)
    ]
    connection.executemany(
        "INSERT INTO entities (id, kind, name, country, sector) VALUES (?, ?, ?, ?, ?)", entities
    )
    rows: dict[str, list[dict[str, Any]]] = {}
    for number in range(articles):
        for table, row in _article(number, chance):
            rows.setdefault(table, []).append(row)
        if number % BATCH == BATCH - 1 or number == articles - 1:
            for table, batch in rows.items():
                columns = list(batch[0])
                names = ", ".join(f'"{column}"' for column in columns)
                marks = ", ".join("?" * len(columns))
                connection.executemany(
                    f"INSERT INTO {table} ({names}) VALUES ({marks})", [tuple(row.values()) for row in batch]
                )
            connection.commit()
            rows = {}


def _article(number: int, chance: random.Random) -> Iterator[tuple[str, dict[str, Any]]]:
    url = f"https://bench.example/{number}"
    text = " ".join(chance.choices(WORDS, k=420))
    day = f"{2016 + number * 10 // 1_000_000:04}-{1 + number % 12:02}-{1 + number % 28:02}"
    article_id = article_id_of(url)
    title = f"Report {number}"
    yield (
        "articles",
        {
            "id": article_id,
            "source_id": "bench",
            "url": url,
            "canonical_url": url,
            "title": title,
            "text": text,
            "language": "en",
            "published": f"{day}T08:00:00Z",
            "published_local": f"{day}T15:00:00+07:00",
            "published_precision": "second",
            "fetched": f"{day}T09:00:00Z",
            "text_sha256": text_digest(title, text),
            "warc_file": "bench.warc.gz",
            "warc_offset": number,
            "warc_digest": "sha256:0",
            "tagger": TAGGER,
        },
    )
    document = f"{title}\n\n{text}"
    for place in range(EVENTS):
        yield from _event(article_id, day, document, place, chance)
    for place in range(NAMES):
        yield "mentions", _tag(article_id, "m", document, place, 14) | _name(chance)
    for place in range(QUANTITIES):
        yield (
            "quantities",
            _tag(article_id, "q", document, place, 12)
            | {
                "value": float(chance.randrange(1, 10_000)),
                "change": "=",
                "unit": "tonnes",
                "unit_normalized": "metric ton",
                "concept": "shipments of rare earths",
                "concepts": '["shipment", "rare", "earth"]',
            },
        )
    for place in range(DATES):
        value = {"type": "DATE", "value": day, "date_start": day, "date_end": day}
        yield "dates", _tag(article_id, "d", document, place, 10) | value
    for place in range(FIGURES):
        yield (
            "observations",
            _tag(article_id, "o", document, place, 12)
            | {
                "indicator": "export_volume",
                "country": chance.choice(COUNTRIES),
                "commodity": "rare_earths",
                "value": float(chance.randrange(1, 10_000)),
                "unit": "metric ton",
                "period": day[:7],
            },
        )


def _tag(article_id: str, kind: str, document: str, place: int, length: int) -> dict[str, Any]:
    start = 20 + place * 150
    return {
        "id": content_id(kind, article_id, place),
        "article_id": article_id,
        "start": start,
        "end": start + length,
        "text": document[start : start + length],
        "rule": "benchmark",
    }


def _name(chance: random.Random) -> dict[str, Any]:
    number = chance.randrange(5_000)
    return {
        "kind": "person",
        "form": "full",
        "entity_id": f"person/bench-{number}",
        "name": f"Person {number}",
        "country": COUNTRIES[number % 10],
        "role": "Minister",
        "sector": "GOV",
    }


def _event(
    article_id: str, day: str, document: str, place: int, chance: random.Random
) -> Iterator[tuple[str, dict[str, Any]]]:
    event_id = content_id("e", article_id, place)
    kind, (good, headings) = chance.choice(TYPES), chance.choice(GOODS)
    parties = [_name(chance) for _ in range(1 + place % 2)]
    start, end = 20 + place * 150, 140 + place * 150
    coded: dict[str, Any] = {"event_type": kind, "modality": "actual", "instrument": "export_licence"}
    yield (
        "events",
        {
            "id": event_id,
            **coded,
            "quad": 1 + place % 4,
            "goldstein": -4.0,
            "plover_score": -5.0,
            "cameo": "163",
            "speech": "action",
            "certainty": "certain",
            "direction": "restrict",
            "stage": "in_force",
            "event_date": day,
            "date_precision": "day",
            "reported": day,
            "day": day,
            "n_mentions": 1,
            "n_articles": 1,
            "n_independent_sources": 1,
        },
    )
    for position, party in enumerate(parties):
        yield (
            "event_actors",
            {
                "event_id": event_id,
                "side": ("actor", "recipient")[position],
                "position": 0,
                **{key: party[key] for key in PARTY},
                "text": party["name"],
                "day": day,
            },
        )
    if place % 3 == 0:
        yield "event_commodities", {"event_id": event_id, "name": good, "hs": json.dumps(headings)}
    coded_parties = [{key: p[key] for key in PARTY} for p in parties]
    sides = {"actor": coded_parties[:1], "recipient": coded_parties[1:]}
    places = {"start": start, "end": end, "trigger_start": start + 20, "trigger_end": start + 28}
    coding = {
        **coded,
        **places,
        "event_id": event_id,
        **{s: [{"start": start, "end": start + 9, "text": p["name"]} | p for p in sides[s]] for s in sides},
        "commodities": [{"name": good, "hs": headings}],
        "quantities": [],
    }
    yield (
        "event_mentions",
        {
            "id": content_id("em", article_id, place),
            "event_id": event_id,
            "article_id": article_id,
            **places,
            "text": document[start:end],
            "trigger_text": document[start + 20 : start + 28],
            "block": f"{kind}-{day}",
            "confidence": "certain",
            "rule": "benchmark",
            "tagger": TAGGER,
            "coding": json.dumps(coding, ensure_ascii=False, sort_keys=True),
        },
    )
