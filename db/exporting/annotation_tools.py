"""Documents for the annotation tools Label Studio, Doccano and Prodigy, with places in the units of each.

Label Studio and Prodigy count Unicode characters, as Python does; Doccano's editor counts UTF-16 code units, as
JavaScript does, so that an emoji counts for two.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from typing import Any, get_args
from xml.sax.saxutils import quoteattr

import orjson

from db.codebook import load_codebook
from db.exporting.documents import Document, Span, documents
from db.exporting.files import ExportedFile, write_lines
from db.exporting.formats import Target
from db.exporting.tokens import tokens
from db.model import DateType, Kind

PARTICIPANT = "participant"
"""Labels a party of an event that is not named there; `party` is the label of political parties."""
_LINE = orjson.OPT_APPEND_NEWLINE


def write_label_studio(target: Target) -> Iterator[ExportedFile]:
    """`tasks.json` (a JSON list, one task a line) with the tags as predictions, and `labeling.xml` for the project."""
    yield write_lines(target.folder, "labeling.xml", iter([_labeling().encode()]))
    yield write_lines(target.folder, "tasks.json", _task_lines(target))


def write_doccano(target: Target) -> Iterator[ExportedFile]:
    """`documents.jsonl` for sequence labelling (`label`) and for relations (`entities`, `relations`).

    Places count UTF-16 code units, as a Doccano project does that does not count grapheme clusters.
    """
    yield write_lines(target.folder, "documents.jsonl", (_dump(_doccano(d)) for d in _stream(target)))


def write_prodigy(target: Target) -> Iterator[ExportedFile]:
    """`documents.jsonl` with tokens, spans (they may overlap: `spans_key` is sc) and relations of events."""
    yield write_lines(target.folder, "documents.jsonl", (_dump(_prodigy(d)) for d in _stream(target)))


def labels() -> list[str]:
    """Every label that a span can have."""
    return [
        *get_args(Kind),
        PARTICIPANT,
        "quantity",
        "observation",
        *get_args(DateType),
        *load_codebook().types,
    ]


def labelled(document: Document) -> list[Span]:
    """The spans, the triggers of events (layer `events`), and the parties that no name's span covers."""
    spans = list(document.spans)
    names = {(s.start, s.end) for s in spans if s.layer == "mentions"}
    for event in document.events:
        spans.append(
            Span(
                id=event.id,
                layer="events",
                label=event.label,
                start=event.trigger_start,
                end=event.trigger_end,
                text=document.text[event.trigger_start : event.trigger_end],
                values=event.coding,
            )
        )
        for a in event.arguments:
            if (a.start, a.end) not in names:
                names.add((a.start, a.end))
                identity = f"{document.id}-{a.start}-{a.end}"
                spans.append(
                    Span(
                        id=identity, layer="parties", label=PARTICIPANT, start=a.start, end=a.end, text=a.text
                    )
                )
    return sorted(spans, key=lambda s: (s.start, -s.end, s.layer, s.id))


def relations(document: Document, spans: list[Span]) -> Iterator[tuple[str, str, str]]:
    """(trigger's span id, party's span id, actor or recipient) of every event."""
    places: dict[tuple[int, int], str] = {}
    for span in spans:
        if span.layer in ("mentions", "parties"):
            places.setdefault((span.start, span.end), span.id)
    for event in document.events:
        for a in event.arguments:
            yield event.id, places[a.start, a.end], a.role


def _stream(target: Target) -> Iterator[Document]:
    for document in documents(target.selection):
        target.advance(1)
        yield document


def _dump(record: dict[str, Any]) -> bytes:
    return orjson.dumps(record, option=_LINE)


def _task_lines(target: Target) -> Iterator[bytes]:
    start = b"[\n"
    for document in _stream(target):
        yield start + orjson.dumps(_task(document))
        start = b",\n"
    yield b"\n]\n" if start == b",\n" else b"[]\n"


def _task(document: Document) -> dict[str, Any]:
    spans = labelled(document)
    result: list[dict[str, Any]] = [
        {
            "id": span.id,
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {"start": span.start, "end": span.end, "text": span.text, "labels": [span.label]},
        }
        for span in spans
    ]
    result += [
        {"from_id": source, "to_id": party, "type": "relation", "direction": "right", "labels": [role]}
        for source, party, role in relations(document, spans)
    ]
    return {
        "data": {"text": document.text, **document.meta()},
        "predictions": [{"model_version": document.article["tagger"] or "none", "result": result}],
    }


def _labeling() -> str:
    listed = "\n".join(f"    <Label value={quoteattr(label)}/>" for label in labels())
    return (
        f'<View>\n  <Labels name="label" toName="text">\n{listed}\n  </Labels>\n'
        '  <Relations>\n    <Relation value="actor"/>\n    <Relation value="recipient"/>\n  </Relations>\n'
        '  <Text name="text" value="$text"/>\n</View>\n'
    )


def _doccano(document: Document) -> dict[str, Any]:
    spans = labelled(document)
    numbers = {span.id: number for number, span in enumerate(spans)}
    wide = [place for place, character in enumerate(document.text) if character > "\uffff"]
    places = [(_in_utf16(s.start, wide), _in_utf16(s.end, wide), s.label) for s in spans]
    return {
        "text": document.text,
        "label": places,
        "entities": [
            {"id": number, "label": label, "start_offset": start, "end_offset": end}
            for number, (start, end, label) in enumerate(places)
        ],
        "relations": [
            {"id": number, "from_id": numbers[source], "to_id": numbers[party], "type": role}
            for number, (source, party, role) in enumerate(relations(document, spans))
        ],
        "meta": document.meta() | {"offsets": "UTF-16 code units"},
    }


def _in_utf16(place: int, wide: list[int]) -> int:
    """A place in UTF-16 code units, where the characters at `wide` have two."""
    return place + bisect_left(wide, place)


def _prodigy(document: Document) -> dict[str, Any]:
    spans = labelled(document)
    words = tokens(document.text, sorted({edge for s in spans for edge in (s.start, s.end)}))
    first = {token.start: number for number, token in enumerate(words)}
    last = {token.end: number for number, token in enumerate(words)}
    places = {s.id: _token_places(s, document.text, first, last) for s in spans}
    return {
        "text": document.text,
        "tokens": [
            {
                "text": t.text,
                "start": t.start,
                "end": t.end,
                "id": n,
                "ws": document.text[t.end : t.end + 1].isspace(),
            }
            for n, t in enumerate(words)
        ],
        "spans": [
            {"start": s.start, "end": s.end, "label": s.label, "id": s.id}
            | dict(zip(("token_start", "token_end"), places[s.id], strict=True))
            for s in spans
        ],
        "relations": [
            {"head": places[source][1], "child": places[party][1], "label": role}
            for source, party, role in relations(document, spans)
        ],
        "meta": document.meta(),
    }


def _token_places(span: Span, text: str, first: dict[int, int], last: dict[int, int]) -> tuple[int, int]:
    """Numbers of a span's first and last token; white space at its edges belongs to no token."""
    start, end = span.start, span.end
    while start not in first and start < end:
        start += 1
    while end not in last and end > start:
        end -= 1
    return first.get(start, 0), last.get(end, 0)
