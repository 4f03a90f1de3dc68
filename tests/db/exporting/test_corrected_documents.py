"""Documents carry what reviewers made of events, as the tables do."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from db.exporting.dataset import export_dataset
from db.merge import merge_events
from db.query import EventQuery
from db.reviews import Review, add_review
from db.store import Store
from tests.db.world import ban, party, put_article, tag

TEXT = "{} banned exports of rare earths, {} said."


@pytest.fixture
def reviewed(store: Store) -> Store:
    """Four events, one an article: of the first the fields, of the second the actor, of the third all is corrected."""
    for number, (code, name) in enumerate((("CHN", "China"), ("JPN", "Japan"), ("IDN", "Indonesia"))):
        text = TEXT.format(name, name)
        put_article(store, code.lower(), text, published=f"2025-0{number + 1}-20T02:00:00Z")
        tag(store, code.lower(), ban(text, code))
    text = TEXT.format("China", "Peking")
    put_article(store, "other", text, published="2025-09-20T02:00:00Z")
    tag(
        store,
        "other",
        ban(text, actor=(party(text, "China", "CHN"), party(text, "Peking", "CHN", "place/peking"))),
    )
    merge_events(store)
    return store


def event_of(store: Store, name: str) -> str:
    [(event_id,)] = store.db.execute(
        "SELECT event_id FROM event_mentions m JOIN articles a ON a.id = m.article_id WHERE a.url LIKE '%/' || ?",
        [name],
    ).fetchall()
    return str(event_id)


def say(
    store: Store, table: Any, target: str, verdict: Any, name: str | None = None, value: str = ""
) -> None:
    review = Review(
        target_table=table, target_id=target, verdict=verdict, reviewer="me", field=name, value=value
    )
    add_review(store, review)


def codings(folder: Path) -> dict[str, dict[str, Any]]:
    """What the web annotations say of events, by article."""
    found = {}
    for page in folder.glob("page-*.jsonld"):
        for item in json.loads(page.read_text())["items"]:
            if item["motivation"] == "classifying":
                name = item["target"]["scope"].rpartition("/")[2]
                found[name] = json.loads(item["body"][1]["value"])
    return found


def rows(folder: Path, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / f"{table}.jsonl").read_text().splitlines()]


def test_documents_say_the_same_as_the_tables(reviewed: Store, tmp_path: Path) -> None:
    changed = event_of(reviewed, "chn")
    say(reviewed, "events", changed, "change", "event_type", "THREATEN")
    say(reviewed, "events", changed, "change", "stage", "announced")
    say(reviewed, "events", changed, "change", "commodities", "nickel")
    say(
        reviewed,
        "event_actors",
        f"{event_of(reviewed, 'other')}/actor/1",
        "change",
        "entity_id",
        "country/JPN",
    )
    say(reviewed, "events", event_of(reviewed, "idn"), "reject")
    export_dataset(reviewed, tmp_path / "tables", "jsonl", EventQuery())
    export_dataset(reviewed, tmp_path / "web", "web-annotation", EventQuery())
    coded = codings(tmp_path / "web")
    assert set(coded) == {"chn", "jpn", "other"}
    events = {row["url"].rpartition("/")[2]: row for row in rows(tmp_path / "tables", "events")}
    assert set(events) == set(coded)
    fields = ("event_type", "stage", "quad", "goldstein", "cameo", "speech", "instrument", "commodities")
    for name, event in events.items():
        for key in fields:
            assert coded[name][key] == event[key], (name, key)
        for p, told in zip(coded[name]["actor"], event["actor"], strict=True):
            assert {key: p[key] for key in told} == told
    assert coded["chn"]["stage"] == "announced"
    assert coded["other"]["actor"][1]["name"] == "Japan"
    export_dataset(reviewed, tmp_path / "raw", "web-annotation", EventQuery(raw=True))
    raw = codings(tmp_path / "raw")
    assert set(raw) == {"chn", "jpn", "idn", "other"}
    assert (raw["chn"]["event_type"], raw["other"]["actor"][1]["entity_id"]) == ("SANCTION", "place/peking")


@pytest.mark.parametrize(
    ("name", "file", "label"),
    [
        ("brat", "0000/*.ann", "THREATEN:T"),
        ("doccano", "documents.jsonl", '"label":"THREATEN"'),
        ("prodigy", "documents.jsonl", '"label":"THREATEN"'),
        ("label-studio", "tasks.json", '"labels":["THREATEN"]'),
    ],
)
def test_every_tool_gets_the_corrected_type(
    reviewed: Store, tmp_path: Path, name: str, file: str, label: str
) -> None:
    for event in ("chn", "jpn", "idn", "other"):
        say(reviewed, "events", event_of(reviewed, event), "change", "event_type", "THREATEN")
    export_dataset(reviewed, tmp_path / "out", name, EventQuery())
    written = "".join(path.read_text() for path in (tmp_path / "out").glob(file))
    assert written.count(label) == 4
    assert "SANCTION" not in written
