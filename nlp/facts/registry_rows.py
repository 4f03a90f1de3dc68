"""The rows of the registry's three CSV files, and the reader that names file, line and column of a bad one."""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from db.errors import DataFileError
from nlp.times.calendar_anchor import bounds


def _composed(text: str) -> str:
    if text != unicodedata.normalize("NFC", text) or text != " ".join(text.split()):
        raise ValueError("not in composed form (NFC), or has stray spaces")
    return text


def _calendar_date(value: str | None) -> str | None:
    if value and bounds(value)[0] is None:
        raise ValueError("is no date of the calendar")
    return value


def _absent(value: object) -> object:
    return None if value == "" else value


def _split(cell: object) -> object:
    return (tuple(cell.split("|")) if cell else ()) if isinstance(cell, str) else cell


Text = Annotated[str, Field(min_length=1), AfterValidator(_composed)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Code = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
Names = Annotated[tuple[Text, ...], BeforeValidator(_split)]
CoarseDate = Annotated[
    Annotated[str, Field(pattern=r"^\d{4}(-\d\d){0,2}$")] | None,
    BeforeValidator(_absent),
    AfterValidator(_calendar_date),
]
Gender = Annotated[Literal["m", "f"] | None, BeforeValidator(_absent)]
OptionalText = Annotated[Text | None, BeforeValidator(_absent)]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RoleRow(_Row):
    """A line of `roles.csv`; the order of the lines is the order of seniority."""

    role: Text
    titles_en: Names
    titles_vi: Names
    sector: Literal["GOV", "LEG", "JUD", "MIL", "BUS", "IGO", "NGO", "ACA", "MED"]
    country: Annotated[Code | None, BeforeValidator(_absent)]
    portfolio: OptionalText
    holders: Literal["one", "many"]


class PersonRow(_Row):
    """A line of `people.csv`."""

    id: Slug
    name: Text
    country: Code
    family_name: Text
    gender: Gender
    aliases_en: Names
    aliases_vi: Names


class TenureRow(_Row):
    """A line of `tenures.csv`."""

    person: Slug
    role: Text
    country: Code
    organisation: Annotated[Slug | None, BeforeValidator(_absent)]
    start: CoarseDate
    end: CoarseDate
    source: OptionalText


_RowType = TypeVar("_RowType", bound=_Row)


def read_rows(path: Path, model: type[_RowType]) -> list[tuple[int, _RowType]]:
    """The rows of a CSV file with their line numbers; DataFileError names file, line, column and fact."""
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return list(_validated(path, csv.reader(file, strict=True), model))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataFileError(path, "", f"cannot be read: {error}") from error


def _validated(
    path: Path, lines: Iterable[list[str]], model: type[_RowType]
) -> Iterator[tuple[int, _RowType]]:
    columns = list(model.model_fields)
    for line, cells in enumerate(lines, start=1):
        if line == 1 and cells != columns:
            raise DataFileError(path, "line 1", f"the columns must be {', '.join(columns)}")
        if len(cells) != len(columns):
            raise DataFileError(path, f"line {line}", f"{len(cells)} cells where {len(columns)} are due")
        if line == 1:
            continue
        try:
            yield line, model.model_validate(dict(zip(columns, cells, strict=True)))
        except ValidationError as error:
            first = error.errors()[0]
            place = f"line {line}, column {first['loc'][0]}"
            raise DataFileError(path, place, f"{first['msg']}: {first['input']!r}") from error


def first_day(value: str | None) -> date:
    """First day of a coarse date, the beginning of time where it is open."""
    return date.fromisoformat(bounds(value)[0] or "") if value else date.min


def last_day(value: str | None) -> date:
    """Last day of a coarse date, the end of time where it is open."""
    return date.fromisoformat(bounds(value)[1] or "") if value else date.max
