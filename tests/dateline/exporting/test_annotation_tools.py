"""Annotation tools and the semantic web get spans that stand where they say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import rdflib
from lxml import etree
from pyld import jsonld

from tests.dateline.exporting.exports import Exports

HERE = Path(__file__).parent
CONTEXT = json.loads((HERE / "web_annotation_context.json").read_text())


def bundled(url: str, options: Any) -> dict[str, Any]:
    assert url == "http://www.w3.org/ns/anno.jsonld"
    return {"contentType": "application/ld+json", "contextUrl": None, "documentUrl": url, "document": CONTEXT}


def pages(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text()) for path in sorted(folder.glob("page-*.jsonld"))]


def spans_in_store(exports: Exports) -> int:
    tables = ("mentions", "quantities", "dates", "observations", "event_mentions")
    return sum(exports.counts()[table] for table in tables)


def test_web_annotations_say_nothing_that_the_vocabulary_does_not_know(exports: Exports) -> None:
    for page in pages(exports.of("web-annotation")):
        page["items"] = page["items"][:40] + page["items"][-40:]
        page |= {key: f"urn:{page[key]}" for key in ("id", "partOf", "next") if key in page}
        expanded = jsonld.expand(page, {"documentLoader": bundled})
        again = jsonld.compact(expanded, CONTEXT, {"documentLoader": bundled})
        # A term without meaning is dropped by expansion, so it would be missing here.
        assert normal(again) == normal(page)


def normal(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: normal(item) for key, item in value.items() if key != "@context"}
    if isinstance(value, list):
        return normal(value[0]) if len(value) == 1 else [normal(item) for item in value]
    return value


def test_rdf_holds_an_annotation_for_every_tag(exports: Exports) -> None:
    folder = exports.of("web-annotation")
    collection = json.loads((folder / "collection.jsonld").read_text())
    items = [item for page in pages(folder) for item in page["items"]]
    assert collection["total"] == len(items) == spans_in_store(exports)
    expanded = jsonld.to_rdf(
        {"@context": CONTEXT["@context"], "@graph": items[:300]}, {"format": "application/n-quads"}
    )
    graph = rdflib.Graph().parse(data=expanded, format="nt")
    oa = rdflib.Namespace("http://www.w3.org/ns/oa#")
    assert len(set(graph.subjects(rdflib.RDF.type, oa.Annotation))) == 300
    assert len(list(graph.triples((None, oa.start, None)))) == 300


def test_positions_of_web_annotations_are_characters_of_the_text_they_name(exports: Exports) -> None:
    texts = {
        f"urn:sha256:{sha}": exports.texts()[i]
        for i, sha in exports.rows("SELECT id, text_sha256 FROM articles")
    }
    for page in pages(exports.of("web-annotation")):
        for item in page["items"]:
            text = texts[item["target"]["source"]]
            position, quote = item["target"]["selector"]
            assert text[position["start"] : position["end"]] == quote["exact"]
            assert text[: position["start"]].endswith(quote["prefix"])


def test_label_studio_takes_the_tasks_and_knows_every_label(exports: Exports) -> None:
    folder = exports.of("label-studio")
    tasks = json.loads((folder / "tasks.json").read_text())
    jsonschema.validate(tasks, json.loads((HERE / "label_studio_task.json").read_text()))
    assert len(tasks) == exports.counts()["articles"]
    listed = etree.parse(folder / "labeling.xml").xpath("//Label/@value")
    labels = set(listed)
    assert len(labels) == len(listed)
    for task in tasks:
        [prediction] = task["predictions"]
        regions = {r["id"]: r["value"] for r in prediction["result"] if r["type"] == "labels"}
        for value in regions.values():
            assert task["data"]["text"][value["start"] : value["end"]] == value["text"]
            assert set(value["labels"]) <= labels
        for relation in (r for r in prediction["result"] if r["type"] == "relation"):
            assert {relation["from_id"], relation["to_id"]} <= set(regions)


def test_doccano_spans_and_relations_stand_in_their_text(exports: Exports) -> None:
    names = exports.names()
    for line in (exports.of("doccano") / "documents.jsonl").read_text().splitlines():
        record = json.loads(line)
        assert {tuple(label) for label in record["label"]} >= names[record["meta"]["id"]]
        numbers = {entity["id"] for entity in record["entities"]}
        for entity, label in zip(record["entities"], record["label"], strict=True):
            assert [entity["start_offset"], entity["end_offset"], entity["label"]] == label
        assert all({r["from_id"], r["to_id"]} <= numbers for r in record["relations"])


def test_prodigy_spans_begin_and_end_with_tokens(exports: Exports) -> None:
    for line in (exports.of("prodigy") / "documents.jsonl").read_text().splitlines():
        record = json.loads(line)
        text, tokens = record["text"], record["tokens"]
        for token in tokens:
            assert text[token["start"] : token["end"]] == token["text"]
        assert "".join(t["text"] for t in tokens) == "".join(text.split())
        for span in record["spans"]:
            first, last = tokens[span["token_start"]], tokens[span["token_end"]]
            words = text[span["start"] : span["end"]]
            assert text[first["start"] : last["end"]] == words.strip()
