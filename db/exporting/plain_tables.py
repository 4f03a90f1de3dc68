"""Tables as CSV and as JSON lines: one file a table, streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from db.exporting.files import BLOCK, ExportedFile, described, whole_file
from db.exporting.formats import Target
from db.exporting.tables import Field, fields_of
from db.exporting.wordless import without_words
from db.options import csv_cell

Row = tuple[Any, ...]
Batches = Iterator[list[Row]]


def write_csv(target: Target, table: str) -> Iterator[ExportedFile]:
    """RFC 4180 with LF, UTF-8, a header line; lists as JSON or joined with `|`; no cell runs as a formula."""
    fields = fields_of(table, "flat", texts=target.texts)
    yield write_csv_file(target.folder, f"{table}.csv", table, fields, table_batches(target, table, fields))


def write_jsonl(target: Target, table: str) -> Iterator[ExportedFile]:
    """One object a line; parties, goods and figures of events are lists of objects."""
    fields = fields_of(table, "nested", texts=target.texts)
    yield write_jsonl_file(
        target.folder, f"{table}.jsonl", table, fields, table_batches(target, table, fields)
    )


def write_csv_file(
    folder: Path, name: str, table: str, fields: list[Field], batches: Batches
) -> ExportedFile:
    """One CSV file of these rows."""

    def write(file: BinaryIO) -> int:
        count = 0
        text = io.TextIOWrapper(file, encoding="utf-8", newline="")
        lines = csv.writer(text, lineterminator="\n")
        text.write(",".join(field.name for field in fields) + "\n")
        for rows in batches:
            lines.writerows([csv_cell(value) for value in row] for row in rows)
            count += len(rows)
        text.detach()
        return count

    return _write(folder, name, table, write)


def write_jsonl_file(
    folder: Path, name: str, table: str, fields: list[Field], batches: Batches
) -> ExportedFile:
    """One file of JSON lines of these rows."""

    def write(file: BinaryIO) -> int:
        count = 0
        for rows in batches:
            file.writelines(json_lines(fields, rows))
            count += len(rows)
        return count

    return _write(folder, name, table, write)


def table_batches(target: Target, table: str, fields: list[Field]) -> Batches:
    """The chosen rows of a table, without the articles' words where the target is to have none."""
    for rows in target.selection.batches(table, fields):
        target.advance(len(rows))
        yield rows if target.texts else without_words(rows, fields)


_as_written = orjson.Fragment
"""For JSON that has been written without spaces: the codings, and what was put together here."""


def json_lines(fields: list[Field], rows: list[Row]) -> Iterator[bytes]:
    """Each row as a line, with what is JSON in the store as lists and objects, written in one way."""
    names = [field.name for field in fields]
    nested = [
        (i, field.name, _as_written if field.part or field.column.text else orjson.loads)
        for i, field in enumerate(fields)
        if field.column.type == "json"
    ]
    for row in rows:
        values = dict(zip(names, row, strict=True))
        for i, name, read in nested:
            if row[i] is not None:
                values[name] = read(row[i])
        yield orjson.dumps(values, option=orjson.OPT_APPEND_NEWLINE)


def _write(folder: Path, name: str, table: str, write: Callable[[BinaryIO], int]) -> ExportedFile:
    with whole_file(folder, name) as path, path.open("wb", buffering=BLOCK) as file:
        count = write(file)
    return described(folder, name, count, table=table)
