"""How components leave their tags on a `Doc`: one layer of frozen records a component.

A layer `quantities` lives twice: as plain dictionaries in `doc._.dateline_quantities` (they survive `DocBin`
with `store_user_data=True`, where dataclasses would not), and as spans in `doc.spans["dateline_quantities"]`
for displaCy and other components. Identity stands in `span.id_`, as two spans with equal boundaries share
`span._`.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

from spacy.tokens import Doc, Span

from db.model import EventMention, Mention, Observation, Quantity, TimeExpression, as_json

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class CommodityMention:
    """A span that names a commodity, with the codebook's name for it and its HS headings."""

    start: int
    end: int
    text: str
    name: str
    hs: tuple[str, ...] = ()


LAYERS: dict[str, type[Any]] = {
    "mentions": Mention,
    "dates": TimeExpression,
    "quantities": Quantity,
    "commodities": CommodityMention,
    "events": EventMention,
    "observations": Observation,
}
_LABELS = {Mention: "kind", TimeExpression: "type", Quantity: "unit_normalized", EventMention: "event_type"}
_IDENTITIES = {Mention: "entity_id", CommodityMention: "name", EventMention: "event_id", Observation: "id"}

for _name in LAYERS:
    Doc.set_extension(f"dateline_{_name}", default=None, force=True)
Doc.set_extension("published", default=None, force=True)
"""ISO date or time of publication, the anchor of relative dates; set before the pipes run."""
Doc.set_extension("title_end", default=0, force=True)
"""Number of characters the title takes at the start of the document text; 0 without a title."""


def write_layer(doc: Doc, name: str, records: Iterable[Any]) -> None:
    """Put `records` on the document as layer `name`, sorted by their place in the text."""
    kept = sorted(records, key=lambda record: (record.start, -record.end))
    rows = _Rows(as_json(record, explain=True) for record in kept)
    rows.records = tuple(kept)
    doc._.set(f"dateline_{name}", rows)
    spans = [_span(doc, record) for record in kept]
    doc.spans[f"dateline_{name}"] = [span for span in spans if span is not None]


def read_layer(doc: Doc, record_type: type[T]) -> tuple[T, ...]:
    """The records of one type that a component left on the document; empty when it did not run."""
    name = next(name for name, known in LAYERS.items() if known is record_type)
    rows: list[dict[str, Any]] | None = doc._.get(f"dateline_{name}")
    if isinstance(rows, _Rows):
        return rows.records
    return tuple(restore(record_type, row) for row in rows or ())


class _Rows(list[dict[str, Any]]):
    """The dictionaries of a layer, and the records they were made from while the document is in this process.

    Every later component reads the layers again; making the records anew each time cost a tenth of the tagger.
    """

    records: tuple[Any, ...] = ()


def _span(doc: Doc, record: Any) -> Span | None:
    label = str(getattr(record, _LABELS.get(type(record), ""), "") or type(record).__name__)
    identity = str(getattr(record, _IDENTITIES.get(type(record), ""), ""))
    span = doc.char_span(record.start, record.end, label=label, alignment_mode="expand")
    if span is not None:
        span.id_ = identity
    return span


def restore(record_type: Any, row: Any) -> Any:
    """Dictionaries and lists back to the dataclass and tuples they were written from."""
    if row is None:
        return None
    if typing.get_origin(record_type) in (types.UnionType, typing.Union):
        inner = [part for part in typing.get_args(record_type) if part is not type(None)]
        return restore(inner[0], row)
    if typing.get_origin(record_type) is tuple:
        return tuple(restore(typing.get_args(record_type)[0], item) for item in row)
    if dataclasses.is_dataclass(record_type):
        made: Any = record_type
        hints = _hints(made)
        return made(**{key: restore(hints[key], value) for key, value in row.items()})
    return row


@cache
def _hints(record_type: Any) -> dict[str, Any]:
    return typing.get_type_hints(record_type)
