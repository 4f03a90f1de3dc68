"""The formats that a data set comes in: each has a name, a sentence, and a function that writes it.

A format that needs more than the store (spaCy documents) is added from above with `add_format`; what the store
can write by itself stands in `db/exporting/shipped.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from db.errors import UsageError
from db.exporting.files import ExportedFile
from db.exporting.selection import Selection

Partition = Literal["auto", "month", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Where and how one data set is written."""

    folder: Path
    selection: Selection
    texts: bool = True
    partition: Partition = "auto"
    finished: Mapping[str, ExportedFile] = field(default_factory=dict)
    """Files of the part being written that an interrupted export had written: they stand as they would be written."""
    advance: Callable[[int], None] = lambda number: None
    """Called with the number of rows or articles as they are written, for progress."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One step of an export that can be kept when a later one is interrupted."""

    name: str
    write: Callable[[Target], Iterator[ExportedFile]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format: what it is for, whether it can do without the articles' words, and the parts that write it."""

    name: str
    summary: str
    parts: tuple[Part, ...]
    needs_texts: bool = False
    rows: str = "articles"
    """The table that its own part goes through."""
    months: bool = False
    """Whether large tables come in one file a month."""
    extra: str | None = None
    """The optional dependency group that it needs."""


ALIASES = {
    "docbin": "spacy",
    "hf": "huggingface",
    "w3c": "web-annotation",
    "jsonld": "web-annotation",
    "labelstudio": "label-studio",
    "dta": "stata",
    "sav": "spss",
}
"""Other names that people know a format by."""
_FORMATS: dict[str, Format] = {}


def add_format(added: Format) -> None:
    """Make a format known under its name; the last one added wins."""
    _FORMATS[added.name] = added


def known_formats() -> dict[str, Format]:
    """Every format by name, those of the store first."""
    from db.exporting.shipped import SHIPPED

    return {**{f.name: f for f in SHIPPED}, **_FORMATS}


def find_format(name: str) -> Format:
    """The format of a name or alias; raises UsageError that lists the names."""
    formats = known_formats()
    name = ALIASES.get(name, name)
    if name not in formats:
        raise UsageError(f"there is no format '{name}'. One of: {', '.join(formats)}")
    return formats[name]
