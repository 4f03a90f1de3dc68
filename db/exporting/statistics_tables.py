"""Tables for Stata and SPSS, written with pyreadstat (the extra `statistics`), in files of bounded size."""

from __future__ import annotations

from collections.abc import Iterator
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
    for number, (rows, is_last) in enumerate(_pieces(target, table, fields), 1):
        name = f"{table}{suffix}" if is_last and number == 1 else f"{table}-{number:03}{suffix}"
        count = len(rows)
        with whole_file(target.folder, name) as path:
            # pyreadstat looks at the ending of the name.
            written = path.with_suffix(suffix)
            _write_file(rows, fields, str(written), suffix, load_tables()[table].title)
            _stop_the_clock(written)
            written.replace(path)
        yield described(target.folder, name, count, table=table)


def _pieces(target: Target, table: str, fields: list[Field]) -> Iterator[tuple[list[tuple[Any, ...]], bool]]:
    """The rows of one file after the other, and whether they are the last; at least one piece, be it empty.

    Who takes a piece empties it: two of them would take twice the memory.
    """
    wide = [i for i, field in enumerate(fields) if field.column.text]
    batches = table_batches(target, table, fields)
    piece: list[tuple[Any, ...]] = []
    characters = 0
    batch = next(batches, None)
    while batch is not None:
        piece += batch
        characters += sum(len(row[i] or "") for row in batch for i in wide)
        batch = next(batches, None)
        if batch is not None and (len(piece) >= ROWS_PER_FILE or characters >= CHARACTERS_PER_FILE):
            yield piece, False
            piece, characters = [], 0
    yield piece, True


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
    columns = {
        field.name: _series(pandas, field, [row[i] for row in rows], LONGEST[suffix])
        for i, field in enumerate(fields)
    }
    rows.clear()
    frame = pandas.DataFrame(columns, copy=False)
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


def _series(pandas: Any, field: Field, values: list[Any], longest: int) -> Any:
    if field.column.type in ("integer", "number"):
        return pandas.Series([None if v is None else float(v) for v in values], dtype="float64")
    return pandas.Series(["" if v is None else _cut(v, longest) for v in values], dtype="object")


def _cut(value: str, longest: int) -> str:
    if len(value) * 4 <= longest and "\x00" not in value:
        return value
    # A NUL ends a string in both formats, so it becomes the symbol for it.
    encoded = value.replace("\x00", "\u2400").encode()
    return encoded[:longest].decode(errors="ignore")


def _label(field: Field) -> str:
    words = field.column.description
    return words if len(words.encode()) <= 80 else words.encode()[:77].decode(errors="ignore") + "..."
