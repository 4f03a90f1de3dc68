"""Stored articles as spaCy documents: `DocBin` files with every layer of tags, ready for training."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import spacy
from spacy.language import Language
from spacy.tokens import Doc, DocBin
from spacy.util import filter_spans

from db.exporting.documents import Document, documents
from db.exporting.files import ExportedFile, described, whole_file
from db.exporting.formats import Target
from db.model import EventMention, Mention, Observation, Quantity, TimeExpression
from nlp.layers import restore, write_layer

PER_FILE = 500
_LAYERS: dict[str, type[Any]] = {
    "mentions": Mention,
    "quantities": Quantity,
    "dates": TimeExpression,
    "observations": Observation,
}


def write_docbin(target: Target) -> Iterator[ExportedFile]:
    """`LANGUAGE-00001.spacy`, ...: 500 documents a file, tokenized as `spacy.blank(LANGUAGE)` does.

    Tags stand where the tagger leaves them: in `doc.spans["dateline_mentions"]` and its sisters, overlaps and all,
    and exactly in `doc._.dateline_mentions`; `doc.ents` holds the names that do not overlap. `doc.user_data` has
    the article's id, address and date.
    """
    pages: dict[str, _Pages] = {}
    for document in documents(target.selection):
        target.advance(1)
        language = document.article["language"] or "xx"
        page = pages.setdefault(language, _Pages(language))
        page.add(document)
        if page.held == PER_FILE:
            yield page.write(target)
    for language in sorted(pages):
        if pages[language].held:
            yield pages[language].write(target)


def as_doc(nlp: Language, document: Document) -> Doc:
    """The article as a spaCy document with every layer of its tags."""
    doc: Doc = nlp.make_doc(document.text)
    for layer, record in _LAYERS.items():
        rows = [span.values for span in document.spans if span.layer == layer]
        write_layer(doc, layer, [restore(record, _fields(record, row)) for row in rows])
    write_layer(
        doc, "events", [restore(EventMention, {**event.coding, "rule": ""}) for event in document.events]
    )
    names = [span for span in doc.spans["dateline_mentions"] if span.text.strip()]
    doc.set_ents(filter_spans(names))
    doc.user_data["dateline"] = document.meta()
    return doc


class _Pages:
    """The documents of one language, file by file."""

    def __init__(self, language: str) -> None:
        self.language = language
        # Vietnamese in syllables, as the tagger has it; other languages as spaCy cuts them.
        settings = {"nlp": {"tokenizer": {"@tokenizers": "spacy.Tokenizer.v1"}}} if language == "vi" else {}
        self.nlp = spacy.blank(language, config=settings)
        self.number = 0
        self._new()

    def _new(self) -> None:
        self.bin = DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_ID"], store_user_data=True)
        self.held = 0

    def add(self, document: Document) -> None:
        self.bin.add(as_doc(self.nlp, document))
        self.held += 1

    def write(self, target: Target) -> ExportedFile:
        self.number += 1
        name = f"{self.language}-{self.number:05}.spacy"
        with whole_file(target.folder, name) as path:
            path.write_bytes(self.bin.to_bytes())
        held = self.held
        self._new()
        return described(target.folder, name, held)


def _fields(record: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    values = {name: row[name] for name in record.__dataclass_fields__}
    if "concepts" in values:
        values["concepts"] = orjson.loads(values["concepts"])
    return values
