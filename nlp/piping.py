"""Runs texts through a pipeline in batches: one bad text takes no other down, a huge one takes no huge memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import LAYERS

PIECE = 20_000
"""Characters the parser sees at once: it needs about 10 MB for each thousand characters of a text."""

BATCH = 32
_AT_ONCE = 80_000
"""Characters in one batch of the parser; long texts go in smaller batches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document text with what components may ask of it: when published, where its title ends."""

    text: str
    published: str | None = None
    title_end: int = 0


def run_pipeline(nlp: Language, sources: Sequence[Source]) -> list[Doc | str]:
    """For each source its tagged document, or the reason why there is none; documents in the order given.

    Sources are tried together; when one fails, each is tried alone.
    """
    try:
        return list(_run_together(nlp, sources))
    except Exception as error:  # noqa: BLE001 (whatever a component does to one text, the others go on)
        if len(sources) == 1:
            return [f"tagging failed: {type(error).__name__}: {error}"]
        return [result for source in sources for result in run_pipeline(nlp, [source])]


def cut_text(text: str, limit: int = PIECE) -> Iterator[str]:
    """Pieces of at most `limit` characters that join to `text`, cut after a line, a sentence or a space."""
    start = 0
    while len(text) - start > limit:
        end = start + limit
        for mark in ("\n", ". ", " "):
            found = text.rfind(mark, start + limit // 2, end)
            if found > 0:
                end = found + len(mark)
                break
        yield text[start:end]
        start = end
    yield text[start:]


def _run_together(nlp: Language, sources: Sequence[Source]) -> list[Doc]:
    own = {f"dateline_{name}" for name in LAYERS}.intersection(nlp.pipe_names)
    model = set(nlp.pipe_names) - own
    pieces = ((piece, place) for place, source in enumerate(sources) for piece in cut_text(source.text))
    longest = max((min(len(source.text), PIECE) for source in sources), default=0)
    size = max(1, min(BATCH, _AT_ONCE // max(1, longest)))
    parsed: dict[int, list[Doc]] = {}
    for doc, place in nlp.pipe(pieces, as_tuples=True, batch_size=size, disable=own):
        parsed.setdefault(place, []).append(doc)
    whole = (_joined(parsed[place], source) for place, source in enumerate(sources))
    return list(nlp.pipe(whole, batch_size=BATCH, disable=model))


def _joined(docs: Sequence[Doc], source: Source) -> Doc:
    doc = docs[0] if len(docs) == 1 else Doc.from_docs(list(docs), ensure_whitespace=False)
    if doc is None or doc.text != source.text:
        raise AssertionError("tokens do not spell the text they came from")
    doc._.published = source.published
    doc._.title_end = source.title_end
    return doc
