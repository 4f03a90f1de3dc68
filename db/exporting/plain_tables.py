"""Tables as CSV and as JSON lines: one file a table, streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import orjson

from db.exporting.files import ExportedFile, described, whole_file
from db.exporting.formats import Target
from db.exporting.tables import Field, fields_of
from db.exporting.wordless import without_words
from db.options import csv_cell

Lines = Callable[[list[tuple[Any, ...]]], bytes]


Batches = Iterator[list[tuple[Any, ...]]]


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
    header = ",".join(field.name for field in fields) + "\n"
    return _write(folder, name, table, header.encode(), map(_with_length(csv_lines), batches))


def write_jsonl_file(
    folder: Path, name: str, table: str, fields: list[Field], batches: Batches
) -> ExportedFile:
    """One file of JSON lines of these rows."""
    return _write(folder, name, table, b"", map(_with_length(json_lines(fields)), batches))


def table_batches(target: Target, table: str, fields: list[Field]) -> Batches:
    """The chosen rows of a table, without the articles' words where the target is to have none."""
    for rows in target.selection.batches(table, fields):
        target.advance()
        yield rows if target.texts else without_words(rows, fields)


def csv_lines(rows: list[tuple[Any, ...]]) -> bytes:
    """Rows as CSV lines."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows([[csv_cell(value) for value in row] for row in rows])
    return buffer.getvalue().encode()


def json_lines(fields: list[Field]) -> Lines:
    """What turns rows into JSON lines; what is JSON in the store goes in as it is."""
    names = [field.name for field in fields]
    nested = [i for i, field in enumerate(fields) if field.column.type == "json"]

    def lines(rows: list[tuple[Any, ...]]) -> bytes:
        written = []
        for row in rows:
            record = dict(zip(names, row, strict=True))
            for i in nested:
                if row[i] is not None:
                    record[names[i]] = orjson.Fragment(row[i])
            written.append(orjson.dumps(record, option=orjson.OPT_APPEND_NEWLINE))
        return b"".join(written)

    return lines


def _with_length(lines: Lines) -> Callable[[list[tuple[Any, ...]]], tuple[int, bytes]]:
    return lambda rows: (len(rows), lines(rows))


def _write(
    folder: Path, name: str, table: str, header: bytes, blocks: Iterator[tuple[int, bytes]]
) -> ExportedFile:
    count = 0
    with whole_file(folder, name) as path, path.open("wb") as file:
        file.write(header)
        for rows, block in blocks:
            file.write(block)
            count += rows
    return described(folder, name, count, table=table)
