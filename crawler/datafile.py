"""Reads a YAML file through its pydantic model; what is wrong with it is said with file and key."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from db.errors import DataFileError, InputFileError

Model = TypeVar("Model", bound=BaseModel)


def read_datafile(path: Path, model: type[Model], *, name: str | None = None) -> Model:
    """The file as a `model`; raises `DataFileError` naming file and key, `InputFileError` when unreadable.

    `name` is what the error calls the thing (`source 'vtv'`); without it the file's name stands there.
    """
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputFileError(f"{path} cannot be read: {error}") from error
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it is not YAML"
        raise DataFileError(name or path, place, str(problem), remedy=_remedy(path, name)) from error
    try:
        return model.model_validate(content)
    except ValidationError as error:
        fact = _fact(error.errors()[0])
        raise DataFileError(name or path, "", fact, remedy=_remedy(path, name)) from error


def _remedy(path: Path, name: str | None) -> str:
    return f"See {path}" if name else ""


def _place(error: ErrorDetails) -> str:
    place = ""
    for part in error["loc"]:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place


def _fact(error: ErrorDetails) -> str:
    place, kind = _place(error), error["type"]
    if kind == "extra_forbidden":
        return f"{place} is not a known key"
    if kind == "missing":
        return f"{place} is missing"
    message = error["msg"].removeprefix("Value error, ")
    if kind == "value_error":
        return f"{place} {message}".strip()
    return f"{place}: {message[:1].lower()}{message[1:]}: {error['input']!r}"
