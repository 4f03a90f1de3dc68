"""Tables as CSV and as JSON lines: one file a table, streamed."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from typing import Any

import orjson

from db.exporting.files import ExportedFile, described, whole_file
from db.exporting.formats import Target
from db.exporting.tables import Field, fields_of
from db.exporting.wordless import without_words
from db.options import csv_cell

Lines = Callable[[list[tuple[Any, ...]]], bytes]


def write_csv(target: Target, table: str) -> Iterator[ExportedFile]:
    """RFC 4180 with LF, UTF-8, a header line; lists as JSON or joined with `|`; no cell runs as a formula."""
    fields = fields_of(table, "flat", texts=target.texts)
    header = ",".join(field.name for field in fields) + "\n"
    yield _write(target, table, f"{table}.csv", fields, header.encode(), csv_lines)


def write_jsonl(target: Target, table: str) -> Iterator[ExportedFile]:
    """One object a line; parties, goods and figures of events are lists of objects."""
    fields = fields_of(table, "nested", texts=target.texts)
    yield _write(target, table, f"{table}.jsonl", fields, b"", json_lines(fields))


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


def _write(
    target: Target, table: str, name: str, fields: list[Field], header: bytes, lines: Lines
) -> ExportedFile:
    count = 0
    with whole_file(target.folder, name) as path, path.open("wb") as file:
        file.write(header)
        for rows in target.selection.batches(table, fields):
            file.write(lines(rows if target.texts else without_words(rows, fields)))
            count += len(rows)
            target.advance()
    return described(target.folder, name, count, table=table)
