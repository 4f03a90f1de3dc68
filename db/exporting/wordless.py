"""Takes an article's own words out of JSON columns, and puts them back from the document text."""

from __future__ import annotations

from typing import Any

import orjson

from db.exporting.tables import Field


def without_words(rows: list[tuple[Any, ...]], fields: list[Field]) -> list[tuple[Any, ...]]:
    """The rows with every `text` that has a place (`start`, `end`) taken out of their JSON."""
    inside = [i for i, field in enumerate(fields) if field.column.text == "inside"]
    if not inside:
        return rows
    return [tuple(_stripped(value) if i in inside else value for i, value in enumerate(row)) for row in rows]


def with_words(value: Any, document: str) -> Any:
    """JSON with the `text` of every place filled in again."""
    if isinstance(value, dict):
        filled = {key: with_words(item, document) for key, item in value.items()}
        if "start" in filled and "end" in filled and "entity_id" in filled:
            filled["text"] = document[filled["start"] : filled["end"]]
        return {key: filled[key] for key in sorted(filled)}
    if isinstance(value, list):
        return [with_words(item, document) for item in value]
    return value


def _stripped(value: str | None) -> str | None:
    return None if value is None else dumped(_without(orjson.loads(value)))


def dumped(value: Any) -> str:
    """JSON as the store writes it."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()


def _without(value: Any) -> Any:
    if isinstance(value, dict):
        placed = "start" in value and "end" in value
        return {key: _without(item) for key, item in value.items() if not (placed and key == "text")}
    if isinstance(value, list):
        return [_without(item) for item in value]
    return value
