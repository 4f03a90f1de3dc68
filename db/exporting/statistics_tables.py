"""Tables for Stata and SPSS, written with pyreadstat (the extra `statistics`), in files of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any, Literal

from db.errors import UsageError
from db.exporting.files import ExportedFile, described, whole_file
from db.exporting.formats import Target
from db.exporting.plain_tables import table_batches
from db.exporting.tables import Field, fields_of, load_tables

ROWS_PER_FILE = 25_000
CHARACTERS_PER_FILE = 16 << 20
"""Both formats are written from memory, so a longer table comes in several files."""
LONGEST = {".dta": 2_000_000, ".sav": 32_700}
"""Bytes that the longest cell can hold; what is longer is cut."""


def write_stata(target: Target, table: str) -> Iterator[ExportedFile]:
    """Stata 14 files with labelled columns."""
    yield from _write(target, table, ".dta")


def write_spss(target: Target, table: str) -> Iterator[ExportedFile]:
    """SPSS files with labelled columns; cells longer than 32,700 bytes are cut."""
    yield from _write(target, table, ".sav")


def _write(target: Target, table: str, suffix: Literal[".dta", ".sav"]) -> Iterator[ExportedFile]:
    fields = fields_of(table, "flat", texts=target.texts)
    pieces = _pieces(target, table, fields)
    first = next(pieces, [])
    for number in count(1):
        following = next(pieces, None)
        single = number == 1 and following is None
        name = f"{table}{suffix}" if single else f"{table}-{number:03}{suffix}"
        with whole_file(target.folder, name) as path:
            # pyreadstat looks at the ending of the name.
            written = path.with_suffix(suffix)
            _write_file(first, fields, str(written), suffix, load_tables()[table].title)
            _stop_the_clock(written)
            written.replace(path)
        yield described(target.folder, name, len(first), table=table)
        if following is None:
            return
        first = following


def _pieces(target: Target, table: str, fields: list[Field]) -> Iterator[list[tuple[Any, ...]]]:
    wide = [i for i, field in enumerate(fields) if field.column.text]
    piece: list[tuple[Any, ...]] = []
    characters = 0
    for rows in table_batches(target, table, fields):
        piece += rows
        characters += sum(len(row[i] or "") for row in rows for i in wide)
        if len(piece) >= ROWS_PER_FILE or characters >= CHARACTERS_PER_FILE:
            yield piece
            piece, characters = [], 0
    if piece:
        yield piece


def _write_file(
    rows: list[tuple[Any, ...]], fields: list[Field], path: str, suffix: Literal[".dta", ".sav"], title: str
) -> None:
    try:
        import pandas
        import pyreadstat
    except ImportError as error:
        raise UsageError(
            f"Stata and SPSS files need {error.name}. Install it with: pip install 'dateline[statistics]'"
        ) from error
    columns = list(zip(*rows, strict=True)) or [()] * len(fields)
    frame = pandas.DataFrame(
        {
            field.name: _series(pandas, field, values, LONGEST[suffix])
            for field, values in zip(fields, columns, strict=True)
        }
    )
    labels: dict[str, str | None] = {field.name: _label(field) for field in fields}
    if suffix == ".dta":
        pyreadstat.write_dta(frame, path, file_label=title, column_labels=labels, version=14)
    else:
        pyreadstat.write_sav(frame, path, file_label=title, column_labels=labels, compress=True)


def _stop_the_clock(path: Path) -> None:
    """Both formats note when they were written; the same data should give the same bytes."""
    with path.open("rb+") as file:
        head = file.read(1024)
        if path.suffix == ".sav":
            place, moment = 92, b"01 Jan 7000:00:00"
        else:
            place, moment = head.index(b"<timestamp>") + len(b"<timestamp>") + 1, b"01 Jan 1970 00:00"
        file.seek(place)
        file.write(moment)


def _series(pandas: Any, field: Field, values: tuple[Any, ...], longest: int) -> Any:
    if field.column.type in ("integer", "number"):
        return pandas.Series([None if v is None else float(v) for v in values], dtype="float64")
    return pandas.Series(["" if v is None else _cut(v, longest) for v in values], dtype="object")


def _cut(value: str, longest: int) -> str:
    # A NUL ends a string in both formats, so it becomes the symbol for it.
    encoded = value.replace("\x00", "\u2400").encode()
    return encoded[:longest].decode(errors="ignore")


def _label(field: Field) -> str:
    words = field.column.description
    return words if len(words.encode()) <= 80 else words.encode()[:77].decode(errors="ignore") + "..."
