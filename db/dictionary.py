"""The data dictionary: what every table and column of the database means, made from the schema itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from sqlite_utils import Database

from db.errors import DataFileError
from db.exporting.tables import load_tables
from db.schema import create_or_migrate

DICTIONARY_FILE = Path(__file__).parent / "dictionary.yml"
_INNER = ("articles_fts_", "_sqlite", "sqlite_")
_COPIES = "corrected_"


class Dictionary(BaseModel):
    """The file `dictionary.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    tables: dict[str, str]
    columns: dict[str, str]
    own: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedColumn:
    """A column as the schema has it, and what it means; `description` is None where nobody has said it."""

    name: str
    type: str
    required: bool
    key: bool
    refers_to: str | None
    description: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DescribedTable:
    """A table or view with its columns."""

    name: str
    description: str | None
    columns: tuple[DescribedColumn, ...]


@cache
def load_dictionary(path: Path = DICTIONARY_FILE) -> Dictionary:
    """Read and check `dictionary.yml`; raises DataFileError naming file and key."""
    try:
        return Dictionary.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        wrong = error.errors()[0]
        raise DataFileError(path, ".".join(map(str, wrong["loc"])), wrong["msg"]) from error


def described_tables() -> list[DescribedTable]:
    """Every table and view of a database of this version, in the order in which they were made."""
    db = Database(memory=True)
    create_or_migrate(db)
    names = [row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view')")]
    said = load_dictionary().tables
    return [
        DescribedTable(name=name, description=said.get(name), columns=tuple(_columns(db, name)))
        for name in names
        if not name.startswith(_INNER)
    ]


def as_markdown() -> str:
    """The dictionary as a page of the documentation."""
    lines = []
    for table in described_tables():
        lines += [f"### {table.name}", "", table.description or "", ""]
        lines += ["| column | type | meaning |", "| --- | --- | --- |"]
        for column in table.columns:
            kind = (
                column.type + (", key" if column.key else "") + ("" if column.required else ", may be null")
            )
            refers = f" Refers to `{column.refers_to}`." if column.refers_to else ""
            meaning = (column.description or "").replace("|", "\\|")
            lines.append(f"| `{column.name}` | {kind} | {meaning}{refers} |")
        lines.append("")
    return "\n".join(lines).rstrip()


def unknown_words() -> list[str]:
    """What the dictionary describes and the schema does not have."""
    tables = {table.name: {column.name for column in table.columns} for table in described_tables()}
    said = load_dictionary()
    return [name for name in said.tables if name not in tables] + [
        name for name in said.own if name.partition(".")[2] not in tables.get(name.partition(".")[0], set())
    ]


def _columns(db: Database, table: str) -> Iterator[DescribedColumn]:
    parents = {
        row[0]: f"{row[1]}.{row[2]}"
        for row in db.execute('SELECT "from", "table", "to" FROM pragma_foreign_key_list(?)', [table])
    }
    for name, kind, required, key in db.execute(
        'SELECT name, type, "notnull", pk FROM pragma_table_info(?) ORDER BY cid', [table]
    ):
        yield DescribedColumn(
            name=name,
            type=(kind or "TEXT").lower(),
            required=bool(required or key),
            key=bool(key),
            refers_to=parents.get(name),
            description=_meaning(table, name),
        )


def _meaning(table: str, column: str) -> str | None:
    """What a column means: said for it alone, for the data sets' table, or for every column of its name."""
    said = load_dictionary()
    own = said.own.get(f"{table}.{column}")
    if own:
        return own
    exported = load_tables().get(table.removeprefix(_COPIES))
    described = exported.columns.get(column) if exported else None
    if described:
        return described.description
    return said.columns.get(column)
