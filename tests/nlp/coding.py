"""Codes sentences through the whole pipeline, for the tests of events."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.language import Language

from db.model import EventMention
from nlp.layers import read_layer
from nlp.piping import Source, run_pipeline


def code(
    nlp: Language, sentences: Sequence[str], published: str = "2025-10-20"
) -> list[tuple[EventMention, ...]]:
    """The events of each text; fails when a text could not be tagged."""
    docs = run_pipeline(nlp, [Source(text=sentence, published=published) for sentence in sentences])
    coded = []
    for doc in docs:
        assert not isinstance(doc, str), doc
        coded.append(read_layer(doc, EventMention))
    return coded


def countries(event: EventMention) -> tuple[set[str], set[str]]:
    """The countries of both sides."""
    return {one.country for one in event.actor}, {one.country for one in event.recipient}
