"""Files of a data set: each appears whole or not at all, and is known by its SHA-256."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from db.errors import WorkError

MEDIA_TYPES = {
    ".csv": "text/csv",
    ".tsv": "text/tab-separated-values",
    ".jsonl": "application/jsonlines",
    ".json": "application/json",
    ".jsonld": "application/ld+json",
    ".geojson": "application/geo+json",
    ".parquet": "application/x-parquet",
    ".spacy": "application/octet-stream",
    ".dta": "application/x-stata-dta",
    ".sav": "application/x-spss-sav",
    ".md": "text/markdown",
    ".cff": "application/yaml",
}
BLOCK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportedFile:
    """One file of a data set: its path within the folder, rows, bytes and SHA-256.

    `table` names the table that it holds (or a part of); None for a file that is no table. `columns` are the names
    of its columns where a reader cannot see them in the file.
    """

    name: str
    rows: int
    bytes: int
    sha256: str
    table: str | None = None
    columns: tuple[str, ...] = ()


@contextmanager
def whole_file(folder: Path, name: str) -> Iterator[Path]:
    """A path to write to; at the end it becomes `name`, or is gone when something was raised."""
    target = folder / name
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    try:
        yield part
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def told_failures(folder: Path) -> Iterator[None]:
    """Turn a failure of the disk into WorkError, also of the one on which SQLite sorts."""
    try:
        yield
    except sqlite3.OperationalError as error:
        if "full" not in str(error):
            raise
        raise WorkError(
            "there is no room for the tables that are sorted on the way. Set SQLITE_TMPDIR to a folder with more, then "
            "run the same command again: what was finished is kept"
        ) from error
    except OSError as error:
        raise WorkError(
            f"{folder}: writing failed: {error.strerror or error}. Check the disk's free space and your rights to the "
            "folder, then run the same command again: what was finished is kept"
        ) from error


def described(
    folder: Path, name: str, rows: int, *, table: str | None = None, columns: tuple[str, ...] = ()
) -> ExportedFile:
    """What a finished file holds, with its size and hash as they are on the disk."""
    path = folder / name
    return ExportedFile(
        name=name, rows=rows, bytes=path.stat().st_size, sha256=file_hash(path), table=table, columns=columns
    )


def file_hash(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()


def write_lines(folder: Path, name: str, lines: Iterator[bytes], *, table: str | None = None) -> ExportedFile:
    """Write lines one after the other; every one counts as a row."""
    rows = 0
    with whole_file(folder, name) as path, path.open("wb") as file:
        for line in lines:
            file.write(line)
            rows += 1
    return described(folder, name, rows, table=table)
