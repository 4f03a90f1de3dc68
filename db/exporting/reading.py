"""Reads a data set of ours back, whatever program asked for it: its facts, and the rows of its tables."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from db.errors import InputFileError, UsageError, WorkError
from db.exporting.files import ExportedFile, file_hash
from db.exporting.formats import find_format
from db.exporting.papers import Facts
from db.exporting.tables import Field, fields_of, load_tables
from db.options import cell_value

READABLE = ("csv", "jsonl", "parquet", "huggingface")
LONGEST_CELL = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class DataSet:
    """A finished data set: where it is, what it says of itself, and its files."""

    folder: Path
    facts: Facts
    files: tuple[ExportedFile, ...]
    papers: tuple[ExportedFile, ...]

    def files_of(self, table: str) -> list[ExportedFile]:
        """The files of a table: one, or one a month."""
        return [file for file in self.files if file.table == table]

    def fields(self, table: str, name: str) -> list[Field]:
        """The columns of a table in a file of this name."""
        return fields_of(table, "nested" if name.endswith(".jsonl") else "flat", texts=self.facts.texts)

    def rows(self, table: str) -> Iterator[dict[str, Any]]:
        """The rows of a table; empty cells are None, what is JSON is text (in JSON lines it is read)."""
        for file in self.files_of(table):
            yield from self.rows_of(file)

    def rows_of(self, file: ExportedFile) -> Iterator[dict[str, Any]]:
        """The rows of one file."""
        assert file.table is not None
        path = self.folder / file.name
        if file.name.endswith(".jsonl"):
            with path.open("rb") as lines:
                for line in lines:
                    yield orjson.loads(line)
        elif file.name.endswith(".csv"):
            yield from _csv_rows(path, self.fields(file.table, file.name))
        else:
            import pyarrow.parquet as pq

            with pq.ParquetFile(path) as opened:
                for batch in opened.iter_batches(batch_size=5_000):
                    yield from batch.to_pylist()


def open_data_set(folder: Path) -> DataSet:
    """The data set in a folder; raises InputFileError, or UsageError for a format that is not made of tables."""
    try:
        package = orjson.loads((folder / "datapackage.json").read_bytes())
        facts = _facts(package)
        resources = package["resources"]
        files = tuple(_file(resource) for resource in resources if not resource.get("paper"))
        papers = tuple(_file(resource) for resource in resources if resource.get("paper"))
    except OSError as error:
        raise InputFileError(f"{folder} holds no data set: datapackage.json: {error.strerror}") from error
    except (ValueError, KeyError, TypeError) as error:
        raise InputFileError(f"{folder / 'datapackage.json'} is not one of ours ({error!r})") from error
    if facts.format.name not in READABLE:
        raise UsageError(
            f"{folder} is in the format {facts.format.name}; what can be read back are {', '.join(READABLE)}"
        )
    return DataSet(folder=folder, facts=facts, files=files, papers=papers)


def check_files(data_set: DataSet) -> None:
    """Raise WorkError that names the first file that is not as it was written."""
    for file in (*data_set.files, *data_set.papers):
        path = data_set.folder / file.name
        if not path.is_file():
            raise WorkError(f"{path} is missing, though datapackage.json names it. Get the data set again")
        if file_hash(path) != file.sha256:
            raise WorkError(f"{path} is not as it was written (its SHA-256 differs). Get the data set again")


def _facts(package: dict[str, Any]) -> Facts:
    return Facts(
        format=find_format(package["format"]),
        filters=package["query"],
        texts=package["texts"],
        licence=package["licence"],
        program=package["created_by"],
        taggers=tuple(package["taggers"]),
        languages=tuple(package["languages"]),
        content_hash=package["content_hash"],
        as_of=package["as_of"],
        first_day=package.get("first_day"),
        last_day=package.get("last_day"),
        changes_until=package["changes_until"],
        since=package.get("since"),
    )


def _file(resource: dict[str, Any]) -> ExportedFile:
    return ExportedFile(
        name=resource["path"],
        rows=resource.get("rows", 0),
        bytes=resource["bytes"],
        sha256=resource["hash"].removeprefix("sha256:"),
        table=resource.get("table") if resource.get("table") in load_tables() else None,
    )


def _csv_rows(path: Path, fields: list[Field]) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(LONGEST_CELL)
    kinds = {"integer": int, "number": float}
    readers = [kinds.get(field.column.type, cell_value) for field in fields]
    names = [field.name for field in fields]
    with path.open(newline="", encoding="utf-8") as file:
        lines = csv.reader(file)
        if next(lines, None) != names:
            raise WorkError(f"{path} has other columns than its data set says. Get the data set again")
        for line in lines:
            values = [read(cell) if cell != "" else None for read, cell in zip(readers, line, strict=True)]
            yield dict(zip(names, values, strict=True))
