"""Runs a pipeline over one text with a day of publication, and gives back one layer."""

from __future__ import annotations

from typing import TypeVar

from spacy.language import Language

from nlp.layers import read_layer

T = TypeVar("T")
MONDAY = "2025-10-20"


def tagged(nlp: Language, text: str, record: type[T], published: str | None = MONDAY) -> tuple[T, ...]:
    """The records of one layer of the text, published on a Monday unless told otherwise."""
    doc = nlp.make_doc(text)
    doc._.published = published
    return read_layer(nlp(doc), record)
