"""A filled database of every version that was ever released is brought up to date, and nothing is lost or bent."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlite_utils import Database

from db.actors import top_by_month
from db.likeness import BANDS
from db.model import Certainty, Direction, Modality, Speech
from db.query import EventQuery, find_events
from db.schema import APPLICATION_ID, migrations
from db.store import article_id_of, open_store, text_digest
from db.tags import content_id
from db.verification import verify

TITLE = "Ban"
TEXT = (
    "China banned exports of rare earths to Japan. "
    + "Words of a text that is long enough to tell a copy by. " * 5
)
URL = "https://daily.example/ban"
ARTICLE = article_id_of(URL)
EVENT = content_id("e", "one")
TABLES = (
    *("sources", "runs", "pages", "articles", "article_versions", "entities", "entity_aliases", "mentions"),
    *("quantities", "dates", "events", "event_actors", "event_commodities", "event_quantities"),
    *("event_mentions", "measures", "measure_stages", "observations", "reviews", "saved_searches"),
)
VERSIONS = [migration.name for migration in migrations.pending(Database(memory=True))]


def make(path: Path, version: int) -> dict[str, int]:
    """A database as the first `version` migrations made it, with rows in every table of the first release."""
    db = Database(sqlite3.connect(path))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    migrations.apply(db, stop_before=VERSIONS[version] if version < len(VERSIONS) else None)
    fill(db)
    db.conn.commit()
    counts = {table: db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
    db.close()
    return counts


def fill(db: Database) -> None:
    document = f"{TITLE}\n\n{TEXT}"
    sha256 = text_digest(TITLE, TEXT)
    at = document.index
    put(db, "sources", id="daily", title="Daily", publisher="The Daily", country="VNM", language="en",
        url="https://daily.example", kind="newspaper", declaration="{}")  # fmt: skip
    put(db, "runs", id="run", command="run", started="2025-10-20T00:00:00Z", status="done", pid=1)
    put(db, "articles", id=ARTICLE, source_id="daily", url=URL, canonical_url=URL, title=TITLE, text=TEXT,
        language="en", published="2025-10-20T02:00:00Z", published_precision="second",
        fetched="2025-10-20T03:00:00Z", text_sha256=sha256, version=2, tagger="dateline/0.1.0/none")  # fmt: skip
    put(db, "pages", url="https://daily.example/feed", source_id="daily", kind="feed", state="done",
        first_seen="2025-10-20T00:00:00Z")  # fmt: skip
    put(db, "article_versions", article_id=ARTICLE, version=1, title=TITLE, text="Former text.",
        fetched="2025-10-20T02:30:00Z", text_sha256=text_digest(TITLE, "Former text."))  # fmt: skip
    for code, name in (("CHN", "China"), ("JPN", "Japan")):
        entity = f"country/{code}"
        put(db, "entities", id=entity, kind="country", name=name, country=code)
        put(db, "entity_aliases", entity_id=entity, alias=name, language="en")
        put(db, "mentions", id=f"m{code}", article_id=ARTICLE, start=at(name), end=at(name) + len(name), text=name,
            kind="country", form="full", entity_id=entity, name=name, country=code, rule="by hand")  # fmt: skip
    span = {"article_id": ARTICLE, "start": 0, "end": 3, "text": "Ban", "rule": "by hand"}
    put(
        db,
        "quantities",
        id="q1",
        value=1.0,
        change="=",
        unit="",
        unit_normalized="-",
        concept="",
        concepts="[]",
        **span,
    )
    put(db, "dates", id="t1", type="DATE", value="2025-10", **span)
    put(db, "observations", id="o1", indicator="export_volume", country="CHN", value=1.0, unit="t", **span)
    put(db, "measures", id="m1", title="China: export ban", country="CHN", instrument="export_ban", targets="[]",
        commodities="[]", stage="in_force", n_events=1)  # fmt: skip
    put(db, "events", id=EVENT, event_type="SANCTION", quad=4, modality="actual", speech="action", certainty="certain",
        instrument="export_ban", stage="in_force", reported="2025-10-20", day="2025-10-20", n_mentions=1, n_articles=1,
        n_independent_sources=1, measure_id="m1")  # fmt: skip
    for side, code, name in (("actor", "CHN", "China"), ("recipient", "JPN", "Japan")):
        put(db, "event_actors", event_id=EVENT, side=side, position=0, entity_id=f"country/{code}", name=name,
            country=code, text=name)  # fmt: skip
    put(db, "event_commodities", event_id=EVENT, name="rare_earths", hs='["2846"]')
    put(db, "event_quantities", event_id=EVENT, position=0, value=1.0, unit="t", role="amount")
    coding = {"event_type": "SANCTION", "actor": [], "recipient": [], "commodities": [], "quantities": []}
    put(db, "event_mentions", id="em1", event_id=EVENT, article_id=ARTICLE, start=5, end=20, text=document[5:20],
        trigger_start=at("banned"), trigger_end=at("banned") + 6, trigger_text="banned", block="SANCTION",
        confidence="certain", rule="by hand", tagger="dateline/0.1.0/none", coding=json.dumps(coding))  # fmt: skip
    put(db, "measure_stages", measure_id="m1", position=0, stage="in_force", date="2025-10-20", day="2025-10-20",
        basis="published", event_id=EVENT, article_id=ARTICLE)  # fmt: skip
    review: dict[str, object] = {
        "target_table": "events",
        "target_id": EVENT,
        "verdict": "accept",
        "reviewer": "mai",
    }
    put(
        db,
        "reviews",
        id=1 if "machine_value" not in columns(db, "reviews") else "r1",
        reviewed="2025-10-21",
        **review,
    )
    put(db, "saved_searches", id=1, name="bans", query="{}", created="2025-10-21")


def columns(db: Database, table: str) -> set[str]:
    return {row[0] for row in db.execute("SELECT name FROM pragma_table_info(?)", [table])}


def put(db: Database, table: str, **row: object) -> None:
    names = ", ".join(f'"{name}"' for name in row)
    db.execute(f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(row))})", list(row.values()))


@pytest.mark.parametrize("version", range(1, len(VERSIONS) + 1))
def test_a_filled_database_of_every_version_is_brought_up_to_date(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.db"
    before = make(path, version)
    with open_store(path) as store:
        after = {table: store.db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in TABLES}
        assert after == before
        assert min(after.values()) > 0
        if version < len(VERSIONS):
            assert [f for f in verify(store) if "no archived page" not in f] == []
        [found] = find_events(
            store.db, EventQuery(actor="China", recipient="JPN", hs="28", text="rare earths")
        )
        assert (found["id"], found["witness"]["url"]) == (EVENT, URL)
        row = store.db.execute("SELECT reviewer, verdict, target_id FROM reviews").fetchone()
        assert row == ("mai", "accept", EVENT)
    with open_store(path, "read") as store:
        assert store.db.execute("SELECT text FROM article_versions").fetchone() == ("Former text.",)


@pytest.mark.parametrize("version", [1, 3])
def test_what_a_migration_derives_is_there_afterwards(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.db"
    make(path, version)
    with open_store(path) as store:
        assert [(row["month"], row["id"], row["events"]) for row in top_by_month(store.db)] == [
            ("2025-10", "country/CHN", 1)
        ]
        assert store.db.execute("SELECT count(*) FROM article_bands").fetchone() == (BANDS,)


@pytest.mark.parametrize(
    ("column", "words"),
    [("speech", Speech), ("certainty", Certainty), ("direction", Direction), ("modality", Modality)],
)
def test_an_event_holds_no_word_outside_the_closed_lists(tmp_path: Path, column: str, words: Any) -> None:
    path = tmp_path / "old.db"
    make(path, 1)
    with open_store(path) as store:
        for word in get_args(words):
            store.db.execute(f"UPDATE events SET {column} = ?", [word])
            put(store.db, "events", **event_row(f"e{word}") | {column: word})
        for change in (
            lambda: store.db.execute(f"UPDATE events SET {column} = 'dragon'"),
            lambda: put(store.db, "events", **event_row("other") | {column: "dragon"}),
        ):
            with pytest.raises(sqlite3.IntegrityError, match=column):
                change()


def event_row(identity: str) -> dict[str, object]:
    return {"id": identity, "event_type": "SANCTION", "quad": 4, "modality": "actual", "speech": "action",
        "certainty": "certain", "n_mentions": 1, "n_articles": 1, "n_independent_sources": 1}  # fmt: skip


def test_the_released_migrations_are_unchanged() -> None:
    """Editing one would leave databases that nobody can tell apart: a change is a new file."""
    import hashlib

    import db.schema

    folder = Path(db.schema.__file__).parent / "migrations"
    sums = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()[:12] for path in sorted(folder.glob("*.sql"))
    }
    known = json.loads((Path(__file__).parent / "released_migrations.json").read_text())
    assert {name: sums.get(name) for name in known} == known
