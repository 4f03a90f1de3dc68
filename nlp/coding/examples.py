"""Runs the codebook's example sentences through the pipeline: they give their entry, or must not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.language import Language

from db.codebook import Codebook
from db.model import EventMention
from nlp.layers import read_layer
from nlp.piping import Source, run_pipeline

FIELDS = {"types": "event_type", "instruments": "instrument", "stages": "stage"}
"""The tables whose names are values of an event's field."""
DAY = "2025-06-02"


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence with the entry that it must give (`holds`), or must not."""

    table: str
    name: str
    sentence: str
    holds: bool


def examples_of(codebook: Codebook, entries: Mapping[str, Any]) -> Iterator[Example]:
    """The examples of those entries: table to names, as a codebook file has them."""
    for table in (*FIELDS, "roles"):
        for name in entries.get(table) or ():
            told = getattr(codebook, table)[name].examples
            yield from (Example(table, name, sentence, True) for sentence in told.positive)
            yield from (Example(table, name, sentence, False) for sentence in told.negative)
    for name in entries.get("modes") or ():
        yield Example("modes", name, codebook.modes[name].example, True)


def failing(nlp: Language, codebook: Codebook, examples: Sequence[Example]) -> list[str]:
    """For each example that does not hold, a line that says so."""
    documents = run_pipeline(nlp, [Source(text=one.sentence, published=DAY) for one in examples])
    faults = []
    for example, document in zip(examples, documents, strict=True):
        events = () if isinstance(document, str) else read_layer(document, EventMention)
        if _gives(codebook, example, events) != example.holds:
            faults.append(
                f"{example.name}: {'lacks' if example.holds else 'must not be'}: {example.sentence}"
            )
    return faults


def _gives(codebook: Codebook, example: Example, events: Sequence[EventMention]) -> bool:
    if example.table == "roles":
        return any(getattr(event, example.name) for event in events)
    if example.table == "modes":
        first = codebook.modes[example.name].types[0]
        return any((event.event_type, event.mode) == (first, example.name) for event in events)
    return any(getattr(event, FIELDS[example.table]) == example.name for event in events)
