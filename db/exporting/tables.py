"""The tables of a data set as `tables.yml` describes them, and the SQL that reads each one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, get_args

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from db.codebook import load_codebook
from db.errors import DataFileError
from db.exporting.event_parts import MONTH, Part, part_of
from db.model import Change, DateType, Direction, Form, Kind, Modality
from db.verification import sorting

SHIPPED = Path(__file__).with_name("tables.yml")
ColumnType = Literal["string", "integer", "number", "json"]
Shape = Literal["flat", "nested"]
"""flat: one value a cell, for rows and columns; nested: lists of objects, for JSON lines."""


class Column(BaseModel):
    """One column: its type, what it means, and whether it holds an article's own words."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: ColumnType
    description: str
    values: str | None = None
    text: bool | Literal["inside"] = False
    """True: an article's own words; "inside": they stand within its JSON under the key `text`."""
    shape: Shape | None = None
    name: str | None = None
    """The name in the file, where another shape has the same name."""


class Table(BaseModel):
    """One table: what a row is, its key, and which other tables it refers to."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    title: str
    description: str
    key: tuple[str, ...]
    references: dict[str, str]
    columns: dict[str, Column]


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A column as one data set has it: of the table's own query, or of a `part` that `with_parts` reads."""

    name: str
    expression: str
    column: Column
    part: Part | None = None


@cache
def load_tables() -> dict[str, Table]:
    """The tables by name, parents and children in the order in which a reader meets them."""
    content = yaml.safe_load(SHIPPED.read_text(encoding="utf-8"))
    try:
        return {name: Table.model_validate(entry) for name, entry in content.items()}
    except ValidationError as error:
        first = error.errors()[0]
        raise DataFileError(SHIPPED, ".".join(map(str, first["loc"])), first["msg"]) from error


def fields_of(name: str, shape: Shape, *, texts: bool = True) -> list[Field]:
    """The columns of a table in one shape; without `texts`, those with an article's own words are left out.

    Those of a part come last.
    """
    return [
        _field(name, key, column)
        for key, column in load_tables()[name].columns.items()
        if column.shape in (None, shape) and (texts or column.text is not True)
    ]


def select(
    name: str, fields: list[Field], *, chosen: bool, month: bool = False, besides: Iterable[str] = ()
) -> str:
    """The query that reads a table in order of its key, without the columns of parts.

    `chosen` keeps to the temporary tables of ids; `besides` names columns of the store that come after the fields.

    With `month`, a last column tells the month of each row, and the rows come month by month.
    """
    columns = [f'{field.expression} AS "{field.name}"' for field in fields if field.part is None]
    columns += [f't."{column}"' for column in besides]
    order = [f'{sorting(name)}t."{key}"' for key in load_tables()[name].key]
    if month:
        columns.append(f"{_MONTHS[name]} AS month")
        order.insert(0, "month")
    where = f" WHERE {NARROWED[name]}" if chosen else ""
    return f"SELECT {', '.join(columns)} FROM {name} t{where} ORDER BY {', '.join(order)}"


def has_months(name: str) -> bool:
    """Whether the rows of a table belong to months: those of events and of articles do."""
    return name in _MONTHS


def allowed_values(column: Column) -> tuple[str, ...]:
    """The closed list that a column's values are from; empty for an open one."""
    if column.values is None:
        return ()
    codebook = load_codebook()
    lists: dict[str, tuple[str, ...]] = {
        "types": tuple(codebook.types),
        "modes": tuple(codebook.modes),
        "instruments": tuple(codebook.instruments),
        "stages": tuple(codebook.stages),
        "modality": get_args(Modality),
        "direction": get_args(Direction),
        "kind": get_args(Kind),
        "form": get_args(Form),
        "change": get_args(Change),
        "date_type": get_args(DateType),
    }
    return lists[column.values]


def _field(table: str, key: str, column: Column) -> Field:
    part = part_of(key) if table == "events" else None
    expression = part.columns[key] if part else _EXPRESSIONS.get(f"{table}.{key}", f't."{key}"')
    return Field(name=column.name or key, expression=expression, column=column, part=part)


_EXPRESSIONS: dict[str, str] = {"events.date": "coalesce(t.event_date, t.reported)"}
_IN_ARTICLES = "t.article_id IN (SELECT id FROM temp.chosen_articles)"
_IN_EVENTS = "t.event_id IN (SELECT id FROM temp.chosen)"
NARROWED: dict[str, str] = {
    "events": "t.id IN (SELECT id FROM temp.chosen)",
    "event_actors": _IN_EVENTS,
    "event_commodities": _IN_EVENTS,
    "event_quantities": _IN_EVENTS,
    "event_mentions": _IN_EVENTS,
    "mentions": _IN_ARTICLES,
    "quantities": _IN_ARTICLES,
    "dates": _IN_ARTICLES,
    "observations": _IN_ARTICLES,
    "measures": "t.id IN (SELECT id FROM temp.chosen_measures)",
    "measure_stages": "t.measure_id IN (SELECT id FROM temp.chosen_measures)",
    "articles": "t.id IN (SELECT id FROM temp.chosen_articles)",
    "entities": (
        "t.id IN (SELECT entity_id FROM mentions WHERE article_id IN (SELECT id FROM temp.chosen_articles)"
        " UNION SELECT entity_id FROM event_actors WHERE event_id IN (SELECT id FROM temp.chosen))"
    ),
    "sources": "t.id IN (SELECT source_id FROM articles WHERE id IN (SELECT id FROM temp.chosen_articles))",
    "reviews": (
        "t.target_id IN (SELECT id FROM temp.chosen UNION SELECT id FROM event_mentions"
        " WHERE event_id IN (SELECT id FROM temp.chosen))"
    ),
}
_ARTICLE_MONTH = (
    "(SELECT substr(coalesce(a.published, 'undated'), 1, 7) FROM articles a WHERE a.id = t.article_id)"
)
_MONTHS: dict[str, str] = {
    "events": MONTH.format("t"),
    "event_mentions": _ARTICLE_MONTH,
    "mentions": _ARTICLE_MONTH,
    "quantities": _ARTICLE_MONTH,
    "dates": _ARTICLE_MONTH,
    "observations": _ARTICLE_MONTH,
    "articles": "substr(coalesce(t.published, 'undated'), 1, 7)",
}
