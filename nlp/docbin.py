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
        if language not in pages:
            pages[language] = _Pages(language, target)
        page = pages[language]
        page.add(document)
        if page.held == PER_FILE:
            yield page.write()
    for language in sorted(pages):
        if pages[language].held:
            yield pages[language].write()


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

    def __init__(self, language: str, target: Target) -> None:
        self.language, self.target = language, target
        # Vietnamese in syllables, as the tagger has it; other languages as spaCy cuts them.
        settings = {"nlp": {"tokenizer": {"@tokenizers": "spacy.Tokenizer.v1"}}} if language == "vi" else {}
        self.nlp = spacy.blank(language, config=settings)
        self.number = 0
        self._begin()

    def _begin(self) -> None:
        self.number += 1
        self.name = f"{self.language}-{self.number:05}.spacy"
        self.bin = DocBin(attrs=["ORTH", "SPACY", "ENT_IOB", "ENT_TYPE", "ENT_ID"], store_user_data=True)
        self.held = 0

    def add(self, document: Document) -> None:
        if self.name not in self.target.finished:
            self.bin.add(as_doc(self.nlp, document))
        self.held += 1

    def write(self) -> ExportedFile:
        file = self.target.finished.get(self.name)
        if file is None:
            with whole_file(self.target.folder, self.name) as path:
                path.write_bytes(self.bin.to_bytes())
            file = described(self.target.folder, self.name, self.held)
        self._begin()
        return file


def _fields(record: type[Any], row: dict[str, Any]) -> dict[str, Any]:
    values = {name: row[name] for name in record.__dataclass_fields__}
    if "concepts" in values:
        values["concepts"] = orjson.loads(values["concepts"])
    return values
