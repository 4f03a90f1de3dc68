"""Fills the articles' words into a data set that was passed on without them, from one's own crawl.

An article is the same when its document text has the same SHA-256, whichever version or copy of it one's own store
holds; only then do the offsets stand where they stood. The result of a full crawl is the data set as it was before
its words were left out.
"""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import Any, Literal

import orjson

from db.errors import UsageError
from db.exporting.dataset import papers_of
from db.exporting.files import ExportedFile
from db.exporting.parquet_tables import write_parquet_file
from db.exporting.plain_tables import write_csv_file, write_jsonl_file
from db.exporting.reading import DataSet, check_files, open_data_set
from db.exporting.tables import Field, fields_of
from db.exporting.wordless import dumped, with_words
from db.exporting.workplace import working_in
from db.model import document_text
from db.store import Store

BATCH = 2_000
Status = Literal["found", "missing", "changed"]
_WRITERS = {"csv": write_csv_file, "jsonl": write_jsonl_file}


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What one's own crawl has of an article: its words, or nothing, or other words."""

    article_id: str
    url: str
    status: Status


def rehydrate(store: Store, folder: Path, target: Path) -> Iterator[Looked]:
    """Write the data set in `folder` with its words into `target`, and tell for each article whether it was found.

    Rows of articles that are missing or changed stay without words. Raises what `open_data_set` and `check_files`
    raise, and UsageError when the data set has its words.
    """
    data_set = open_data_set(folder)
    if data_set.facts.texts:
        raise UsageError(f"{folder} has its texts; only a data set made with --no-text can be filled in")
    if target.resolve() == folder.resolve():
        raise UsageError("name another folder for the result; the data set as it came stays as it is")
    check_files(data_set)
    key = f"the words of {folder.resolve()}"  # never taken over: what one's crawl has may have grown
    with working_in(target, key) as work, tempfile.TemporaryDirectory() as temporary:
        work.done.clear()
        words = _Words(store, data_set, Path(temporary))
        yield from words.looked()
        files = [_filled(data_set, file, words, work.path) for file in data_set.files]
        work.remember("tables", files)
        work.publish(papers_of(replace(data_set.facts, texts=True), files))


class _Words:
    """The words of the articles of a data set as one's own store has them."""

    def __init__(self, store: Store, data_set: DataSet, folder: Path) -> None:
        self._store, self._data_set = store, data_set
        self._notes = sqlite3.connect(folder / "notes.db")
        self._notes.execute("CREATE TABLE articles (id TEXT PRIMARY KEY, sha256 TEXT, published TEXT)")
        self._notes.execute(
            'CREATE TABLE reports (event_id TEXT PRIMARY KEY, published TEXT, article_id TEXT, start INT, "end" INT)'
        )
        self.document = lru_cache(maxsize=256)(self._document)

    def looked(self) -> Iterator[Looked]:
        """Look every article up."""
        for row in self._data_set.rows("articles"):
            self._notes.execute(
                "INSERT INTO articles VALUES (?, ?, ?)", [row["id"], row["text_sha256"], row["published"]]
            )
            known = self._known(row["id"]) or self._known_at(row["url"])
            status: Status = "changed" if known else "missing"
            if self.words(row["id"]) is not None:
                status = "found"
            yield Looked(article_id=row["id"], url=row["url"], status=status)
        for row in self._data_set.rows("event_mentions"):
            self._notes.execute(
                "INSERT INTO reports SELECT ?1, published, ?2, ?3, ?4 FROM articles WHERE id = ?2"
                " ON CONFLICT DO UPDATE SET published = excluded.published, article_id = excluded.article_id,"
                ' start = excluded.start, "end" = excluded."end"'
                " WHERE (coalesce(excluded.published, ''), excluded.article_id, excluded.start)"
                " < (coalesce(reports.published, ''), reports.article_id, reports.start)",
                [row["event_id"], row["article_id"], row["start"], row["end"]],
            )

    def words(self, article_id: str) -> tuple[str | None, str, str | None] | None:
        """Title, text and caption, when one's own store has the very text."""
        sha = self._notes.execute("SELECT sha256 FROM articles WHERE id = ?", [article_id]).fetchone()
        if sha is None:
            return None
        for sql in (
            "SELECT title, text, caption FROM articles WHERE id = ?1 AND text_sha256 = ?2",
            "SELECT title, text, NULL FROM article_versions WHERE article_id = ?1 AND text_sha256 = ?2",
            "SELECT title, text, NULL FROM articles WHERE ?1 <> '' AND text_sha256 = ?2",
        ):
            found = self._store.db.execute(sql, [article_id, sha[0]]).fetchone()
            if found is not None:
                return found[0], found[1], found[2]
        return None

    def _document(self, article_id: str | None) -> str | None:
        words = self.words(article_id) if article_id else None
        return document_text(words[0], words[1]) if words else None

    def sentence(self, event_id: str) -> str | None:
        """The words of an event's first report."""
        report = self._notes.execute(
            'SELECT article_id, start, "end" FROM reports WHERE event_id = ?', [event_id]
        ).fetchone()
        document = self.document(report[0]) if report else None
        return document[report[1] : report[2]] if document is not None else None

    def _known(self, article_id: str) -> bool:
        return bool(self._store.db.execute("SELECT 1 FROM articles WHERE id = ?", [article_id]).fetchone())

    def _known_at(self, url: str) -> bool:
        return bool(
            self._store.db.execute(
                "SELECT 1 FROM pages WHERE url = ? AND article_id IS NOT NULL", [url]
            ).fetchone()
        )


def _filled(data_set: DataSet, file: ExportedFile, words: _Words, target: Path) -> ExportedFile:
    assert file.table is not None
    suffix = file.name.rpartition(".")[2]
    fields = fields_of(file.table, "nested" if suffix == "jsonl" else "flat")
    rows = (_row(file.table, fields, row, words) for row in data_set.rows_of(file))
    batches = iter(lambda: list(islice(rows, BATCH)), [])
    return _WRITERS.get(suffix, write_parquet_file)(target, file.name, file.table, fields, batches)


def _row(table: str, fields: list[Field], row: dict[str, Any], words: _Words) -> tuple[Any, ...]:
    own = words.words(row["id"]) if table == "articles" else None
    document = words.document(row.get("article_id")) if "article_id" in row else None
    values = []
    for field in fields:
        if field.column.text is True:
            values.append(_words_of(table, field.name, row, words, own, document))
        elif field.column.text == "inside" and document is not None:
            read = row[field.name]
            values.append(dumped(with_words(orjson.loads(read) if isinstance(read, str) else read, document)))
        else:
            values.append(_stored(field, row[field.name]))
    return tuple(values)


def _words_of(
    table: str, name: str, row: dict[str, Any], words: _Words, own: Any, document: str | None
) -> str | None:
    if table == "articles":
        return dict(zip(("title", "text", "caption"), own, strict=True))[name] if own else None
    if table == "events":
        return words.sentence(row["id"])
    start, end = ("trigger_start", "trigger_end") if name == "trigger_text" else ("start", "end")
    if document is None or row[start] is None:
        return None
    return document[row[start] : row[end]]


def _stored(field: Field, value: Any) -> Any:
    """JSON as text, as the writers take it from the store."""
    return (
        orjson.dumps(value).decode()
        if field.column.type == "json" and not isinstance(value, str | None)
        else value
    )
