"""Tags as W3C Web Annotations (JSON-LD): a collection, in pages of some thousand annotations."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from db.exporting.documents import Document, ReportedEvent, Span, documents
from db.exporting.files import ExportedFile, described, whole_file, write_lines
from db.exporting.formats import Target

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
PER_PAGE = 5_000
QUOTED_AROUND = 32


def write_web_annotations(target: Target) -> Iterator[ExportedFile]:
    """`collection.jsonld` and `page-00001.jsonld`, ...: one annotation for each span and each report of an event.

    The target of an annotation is the document text, named by its SHA-256, with the page's address as `scope`;
    positions count its Unicode characters. Without texts the quotation is left out and the position stays.
    """
    total, number = 0, 0
    for number, (start, items) in enumerate(_pages(target), 1):
        total = start + len(items)
        yield _write_page(target, number, start, items)
    collection: dict[str, Any] = {
        "@context": CONTEXT,
        "id": "collection.jsonld",
        "type": "AnnotationCollection",
        "label": "Names, quantities, dates, observations and events in news articles",
        "total": total,
    }
    if number:
        collection |= {"first": page_name(1), "last": page_name(number)}
    line = orjson.dumps(collection, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    yield write_lines(target.folder, "collection.jsonld", iter([line]))


def page_name(number: int) -> str:
    """The file of a page."""
    return f"page-{number:05}.jsonld"


def annotate(document: Document, *, texts: bool = True) -> Iterator[dict[str, Any]]:
    """The annotations of one document: its spans, then its events."""
    for span in document.spans:
        yield _annotation(document, span.id, span.start, span.end, "tagging", _span_bodies(span), texts)
    for event in document.events:
        bodies = _event_bodies(event, texts)
        yield _annotation(document, event.id, event.start, event.end, "classifying", bodies, texts)


def _pages(target: Target) -> Iterator[tuple[int, list[dict[str, Any]]]]:
    items: list[dict[str, Any]] = []
    start = 0
    for document in documents(target.selection):
        target.advance(1)
        for annotation in annotate(document, texts=target.texts):
            items.append(annotation)
            if len(items) == PER_PAGE:
                yield start, items
                start, items = start + PER_PAGE, []
    if items:
        yield start, items


def _write_page(target: Target, number: int, start: int, items: list[dict[str, Any]]) -> ExportedFile:
    head: dict[str, Any] = {
        "@context": CONTEXT,
        "id": page_name(number),
        "type": "AnnotationPage",
        "partOf": "collection.jsonld",
        "startIndex": start,
        "items": items,
    }
    if len(items) == PER_PAGE:
        head["next"] = page_name(number + 1)
    with whole_file(target.folder, page_name(number)) as path:
        path.write_bytes(orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE))
    return described(target.folder, page_name(number), len(items))


def _annotation(
    document: Document, identity: str, start: int, end: int, motivation: str, bodies: list[Any], texts: bool
) -> dict[str, Any]:
    selectors: list[dict[str, Any]] = [{"type": "TextPositionSelector", "start": start, "end": end}]
    if texts:
        text = document.text
        selectors.append(
            {
                "type": "TextQuoteSelector",
                "exact": text[start:end],
                "prefix": text[max(0, start - QUOTED_AROUND) : start],
                "suffix": text[end : end + QUOTED_AROUND],
            }
        )
    return {
        "id": f"urn:dateline:{identity}",
        "type": "Annotation",
        "motivation": motivation,
        "body": bodies,
        "target": {
            "type": "SpecificResource",
            "source": f"urn:sha256:{document.article['text_sha256']}",
            "scope": document.article["url"],
            "selector": selectors,
        },
    }


def _tag(value: str) -> dict[str, Any]:
    return {"type": "TextualBody", "purpose": "tagging", "value": value, "format": "text/plain"}


def _data(values: dict[str, Any]) -> dict[str, Any]:
    value = orjson.dumps(values, option=orjson.OPT_SORT_KEYS).decode()
    return {"type": "TextualBody", "purpose": "describing", "value": value, "format": "application/json"}


def _escaped(words: str) -> str:
    """Percent-encoded where a name holds what a URN must not."""
    return "".join(
        c
        if c.isascii() and (c.isalnum() or c in "-._~/:")
        else "".join(f"%{byte:02X}" for byte in c.encode())
        for c in words
    )


def _span_bodies(span: Span) -> list[dict[str, Any]]:
    left_out = ("id", "article_id", "start", "end", "text")
    bodies = [_tag(span.label), _data({k: v for k, v in span.values.items() if k not in left_out})]
    if span.layer == "mentions":
        entity = f"urn:dateline:entity:{_escaped(span.values['entity_id'])}"
        bodies.append({"type": "SpecificResource", "purpose": "identifying", "source": entity})
    return bodies


def _event_bodies(event: ReportedEvent, texts: bool) -> list[dict[str, Any]]:
    coding = dict(event.coding)
    if not texts:
        for side in ("actor", "recipient"):
            coding[side] = [{k: v for k, v in p.items() if k != "text"} for p in coding[side]]
    bodies = [_tag(event.label), _data(coding)]
    if event.event_id:
        source = f"urn:dateline:{event.event_id}"
        bodies.append({"type": "SpecificResource", "purpose": "identifying", "source": source})
    return bodies
