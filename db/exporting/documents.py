"""The chosen articles as annotated documents: text, spans of every layer, and events with the parts they join."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import Any

import orjson

from db.exporting.corrected_codings import Changes, changes_of_events, corrected_coding
from db.exporting.selection import Selection
from db.model import document_text

SPAN_LAYERS = {"mentions": "kind", "quantities": "quantity", "dates": "type", "observations": "observation"}
"""The layers of spans, with the column that labels a span, or the label that they all have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A labelled place of a document; `values` is its row."""

    id: str
    layer: str
    label: str
    start: int
    end: int
    text: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Argument:
    """A party of an event at its place in the document; `name` and `entity_id` say who it is."""

    role: str
    start: int
    end: int
    text: str
    entity_id: str | None
    name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedEvent:
    """One report of an event: its clause, its trigger, its parties and the coding."""

    id: str
    event_id: str | None
    label: str
    start: int
    end: int
    trigger_start: int
    trigger_end: int
    arguments: tuple[Argument, ...]
    coding: dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One article with everything that was tagged in it; `text` is the document text that all places count in."""

    article: dict[str, Any]
    text: str
    spans: tuple[Span, ...]
    events: tuple[ReportedEvent, ...]

    @property
    def id(self) -> str:
        """The article's id."""
        return str(self.article["id"])

    def meta(self) -> dict[str, Any]:
        """What annotation tools show beside a text."""
        keys = ("id", "url", "title", "published", "language", "source_id", "text_sha256", "tagger")
        return {key: self.article[key] for key in keys}


def documents(selection: Selection) -> Iterator[Document]:
    """Every chosen article in order of id; one at a time is in memory. Its events are as reviewers corrected them."""
    changes = changes_of_events(selection.db) if selection.corrected else {}
    layers = {name: _Rows(selection, name) for name in (*SPAN_LAYERS, "event_mentions")}
    for article in selection.rows("articles"):
        text = document_text(article["title"], article["text"])
        spans = [
            _span(layer, label, row)
            for layer, label in SPAN_LAYERS.items()
            for row in layers[layer].of(article["id"])
        ]
        yield Document(
            article=article,
            text=text,
            spans=tuple(sorted(spans, key=lambda s: (s.start, -s.end, s.layer, s.id))),
            events=tuple(
                _event(row, text, changes.get(row["event_id"]))
                for row in layers["event_mentions"].of(article["id"])
            ),
        )


class _Rows:
    """The rows of a table by article, read in step with the articles."""

    def __init__(self, selection: Selection, table: str) -> None:
        rows = selection.by_article(table)
        self._groups = groupby(rows, key=itemgetter("article_id"))
        self._next = next(self._groups, None)

    def of(self, article_id: str) -> list[dict[str, Any]]:
        """The rows of one article; articles must be asked for in order of id."""
        while self._next is not None and self._next[0] < article_id:
            self._next = next(self._groups, None)
        if self._next is None or self._next[0] != article_id:
            return []
        rows = list(self._next[1])
        self._next = next(self._groups, None)
        return rows


def _span(layer: str, label: str, row: dict[str, Any]) -> Span:
    return Span(
        id=row["id"],
        layer=layer,
        label=str(row.get(label, label)),
        start=row["start"],
        end=row["end"],
        text=row["text"],
        values=row,
    )


def _event(row: dict[str, Any], text: str, changes: Changes | None) -> ReportedEvent:
    coding = orjson.loads(row["coding"])
    if changes is not None:
        coding = corrected_coding(coding, changes)
    arguments = tuple(
        Argument(
            role=side,
            start=p["start"],
            end=p["end"],
            text=text[p["start"] : p["end"]],
            entity_id=p["entity_id"],
            name=p["name"],
        )
        for side in ("actor", "recipient")
        for p in coding[side]
    )
    return ReportedEvent(
        id=row["id"],
        event_id=row["event_id"],
        label=coding["event_type"],
        start=row["start"],
        end=row["end"],
        trigger_start=row["trigger_start"],
        trigger_end=row["trigger_end"],
        arguments=arguments,
        coding=coding,
    )
