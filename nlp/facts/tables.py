"""Reads the CSV files in nlp/data through a pydantic model, one row a record."""

from __future__ import annotations

import csv
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from db.errors import DataFileError

Row = TypeVar("Row", bound=BaseModel)


def read_table(name: str, model: type[Row]) -> tuple[Row, ...]:
    """The rows of nlp/data/`name` in order; raises DataFileError that names file, line, column and fact."""
    source = files("nlp") / "data" / name
    rows = []
    with source.open(encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                rows.append(model.model_validate(row))
            except ValidationError as error:
                problem = error.errors()[0]
                column = ".".join(str(part) for part in problem["loc"])
                raise DataFileError(str(source), f"line {number}, {column}", problem["msg"]) from error
    return tuple(rows)
