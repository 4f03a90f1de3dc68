"""Writes the store as a data set that other programs read: one file for each kind of record.

The files: events (one row an event, with parties, goods and the witnessing sentence), event_mentions,
mentions, quantities, dates, observations, measures, measure_stages, articles, entities; and `datapackage.json`,
which names every file with its SHA-256, the query, the versions and the content hash of the store.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.metadata import version
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import orjson
from sqlite_utils import Database

from db.errors import InputFileError, WorkError
from db.options import csv_cell
from db.query import EventQuery, as_filters, find_events
from db.store import Store
from db.verification import content_hash

ExportFormat = Literal["jsonl", "csv"]
JSON_COLUMNS = frozenset({"authors", "concepts", "coding", "targets", "commodities", "hs", "declaration"})
TEXT_NOTE = "Article texts stay the property of their publishers; check your right to pass them on."

# Rows that hang on an article are exported for the articles that report a chosen event.
_TABLES: dict[str, str] = {
    "event_mentions": "SELECT m.* FROM event_mentions m WHERE m.event_id IN (SELECT id FROM chosen)",
    "mentions": "SELECT t.* FROM mentions t WHERE t.article_id IN (SELECT id FROM chosen_articles)",
    "quantities": "SELECT t.* FROM quantities t WHERE t.article_id IN (SELECT id FROM chosen_articles)",
    "dates": "SELECT t.* FROM dates t WHERE t.article_id IN (SELECT id FROM chosen_articles)",
    "observations": "SELECT t.* FROM observations t WHERE t.article_id IN (SELECT id FROM chosen_articles)",
    "measures": "SELECT t.* FROM measures t WHERE t.id IN (SELECT e.measure_id FROM events e JOIN chosen USING (id))",
    "measure_stages": (
        "SELECT t.* FROM measure_stages t WHERE t.measure_id IN"
        " (SELECT e.measure_id FROM events e JOIN chosen USING (id))"
    ),
    "articles": "SELECT t.* FROM articles t WHERE t.id IN (SELECT id FROM chosen_articles)",
    "entities": (
        "SELECT t.* FROM entities t WHERE t.id IN (SELECT entity_id FROM mentions"
        " WHERE article_id IN (SELECT id FROM chosen_articles)"
        " UNION SELECT entity_id FROM event_actors WHERE event_id IN (SELECT id FROM chosen))"
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file of a data set: its name, rows, bytes and SHA-256."""

    name: str
    rows: int
    bytes: int
    sha256: str


def export_dataset(
    store: Store, folder: Path, file_format: ExportFormat, query: EventQuery
) -> list[ExportedFile]:
    """Write the events that match `query`, with all that belongs to them, and return the files written.

    The same store and query give byte-identical files. Files appear whole or not at all. Raises InputFileError
    when the folder cannot be made or written, WorkError when it holds something that is not a data set of ours.
    """
    _prepare(folder)
    _choose(store.db, query)
    events = (_flat(event) if file_format == "csv" else event for event in find_events(store.db, query))
    files = [_write(folder, f"events.{file_format}", events, _event_columns(store.db))]
    for name, sql in _TABLES.items():
        columns = [column for column in _columns(store.db, sql) if column != "fingerprint"]
        files.append(_write(folder, f"{name}.{file_format}", _rows(store.db, sql), columns))
    _write_package(folder, store, query, files)
    return files


def _prepare(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = [p.name for p in folder.iterdir()]
    except OSError as error:
        raise InputFileError(
            f"{folder} cannot be used as a folder: {error.strerror}. Name another one"
        ) from error
    if strangers and "datapackage.json" not in strangers:
        raise WorkError(
            f"{folder} holds other files ({sorted(strangers)[0]}, ...). Name an empty or new folder"
        )


def _choose(db: Database, query: EventQuery) -> None:
    """Keep the chosen ids in temporary tables, so that memory stays flat whatever the query gives."""
    for table in ("chosen", "chosen_articles"):
        db.execute(f"DROP TABLE IF EXISTS temp.{table}")
        db.execute(f"CREATE TEMP TABLE {table} (id TEXT PRIMARY KEY)")
    for event in find_events(db, query):
        db.execute("INSERT INTO chosen VALUES (?)", [event["id"]])
    everything = query == EventQuery()
    source = "articles" if everything else "event_mentions WHERE event_id IN (SELECT id FROM chosen)"
    column = "id" if everything else "DISTINCT article_id"
    db.execute(f"INSERT INTO chosen_articles SELECT {column} FROM {source}")


def _rows(db: Database, sql: str) -> Iterator[dict[str, Any]]:
    for row in db.query(f"{sql} ORDER BY 1, 2, 3"):
        yield {key: _decoded(key, value) for key, value in row.items() if key != "fingerprint"}


def _decoded(key: str, value: Any) -> Any:
    return json.loads(value) if key in JSON_COLUMNS and isinstance(value, str) else value


def _flat(event: dict[str, Any]) -> dict[str, Any]:
    """An event as one CSV row: lists joined with `|`, so that a spreadsheet shows them."""
    flat = {
        k: v
        for k, v in event.items()
        if k not in ("actor", "recipient", "commodities", "quantities", "witness")
    }
    for side in ("actor", "recipient"):
        for key in ("name", "country", "entity_id", "role"):
            flat[f"{side}_{key}"] = "|".join(p[key] or "" for p in event[side])
    flat["commodities"] = "|".join(c["name"] for c in event["commodities"])
    flat["hs"] = "|".join(h for c in event["commodities"] for h in c["hs"])
    flat["quantities"] = "|".join(f"{q['value']:.15g} {q['unit']} {q['role']}" for q in event["quantities"])
    witness = event["witness"]
    return {**flat, "sentence": witness.get("sentence"), "url": witness.get("url")}


def _columns(db: Database, sql: str) -> list[str]:
    return [column[0] for column in db.execute(f"SELECT * FROM ({sql}) LIMIT 0").description]


def _event_columns(db: Database) -> list[str]:
    lists: dict[str, Any] = {"actor": [], "recipient": [], "commodities": [], "quantities": [], "witness": {}}
    return list(_flat(dict.fromkeys(_columns(db, "SELECT * FROM events")) | {"date": None} | lists))


def _write(folder: Path, name: str, rows: Iterable[dict[str, Any]], columns: list[str]) -> ExportedFile:
    target = folder / name
    temporary = target.with_name(name + ".part")
    digest, size, count = hashlib.sha256(), 0, 0
    with temporary.open("wb") as file:
        for line in chain(
            _header(name, columns), map(_csv_line if name.endswith(".csv") else _json_line, rows)
        ):
            file.write(line)
            digest.update(line)
            size += len(line)
            count += 1
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(target)
    return ExportedFile(name=name, rows=count - name.endswith(".csv"), bytes=size, sha256=digest.hexdigest())


def _header(name: str, columns: list[str]) -> Iterator[bytes]:
    if name.endswith(".csv"):
        yield _csv_line({column: column for column in columns})


def _json_line(row: dict[str, Any]) -> bytes:
    return orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE)


def _csv_line(row: dict[str, Any]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerow([csv_cell(value) for value in row.values()])
    return buffer.getvalue().encode()


def _write_package(folder: Path, store: Store, query: EventQuery, files: list[ExportedFile]) -> None:
    taggers = store.db.execute("SELECT DISTINCT tagger FROM articles WHERE tagger IS NOT NULL ORDER BY 1")
    package = {
        "name": "dateline-export",
        "title": "Events, measures and figures from the news",
        "created_by": f"dateline {version('dateline')}",
        "taggers": [row[0] for row in taggers],
        "query": as_filters(query),
        "content_hash": content_hash(store.db),
        "text_rights": TEXT_NOTE,
        "resources": [
            {
                "name": Path(file.name).stem,
                "path": file.name,
                "format": Path(file.name).suffix[1:],
                "encoding": "utf-8",
                "rows": file.rows,
                "bytes": file.bytes,
                "hash": f"sha256:{file.sha256}",
            }
            for file in files
        ],
    }
    (folder / "datapackage.json").write_bytes(orjson.dumps(package, option=orjson.OPT_INDENT_2) + b"\n")
