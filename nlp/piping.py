"""Runs texts through a pipeline in batches: one bad text takes no other down, a huge one takes no huge memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

PIECE = 30_000
"""Characters the parser sees at once: it needs about 10 MB for each thousand characters of a text."""

BATCH = 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A document text with what components may ask of it: when published, where its title ends."""

    text: str
    published: str | None = None
    title_end: int = 0


def run_pipeline(nlp: Language, sources: Sequence[Source]) -> list[Doc | str]:
    """For each source its tagged document, or the reason why there is none; documents in the order given.

    Sources are tried together, and those that failed once more alone, as a batch fails as a whole.
    """
    results = _run_together(nlp, sources)
    if len(sources) > 1:
        for place, result in enumerate(results):
            if isinstance(result, str):
                results[place] = _run_together(nlp, [sources[place]])[0]
    return results


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


def _run_together(nlp: Language, sources: Sequence[Source]) -> list[Doc | str]:
    own = {name for name in nlp.pipe_names if name.startswith("dateline_") and name != "dateline_paragraphs"}
    model = set(nlp.pipe_names) - own
    pieces = [(piece, place) for place, source in enumerate(sources) for piece in cut_text(source.text)]
    with _collected_failures(nlp) as failures:
        parsed: dict[int, list[Doc]] = {}
        for doc, place in nlp.pipe(pieces, as_tuples=True, batch_size=BATCH, disable=own):
            parsed.setdefault(place, []).append(doc)
        wanted = [sum(piece_place == place for _, piece_place in pieces) for place in range(len(sources))]
        whole = [
            (_joined(docs, sources[place]), place)
            for place, docs in sorted(parsed.items())
            if len(docs) == wanted[place]
        ]
        tagged = {
            place: doc for doc, place in nlp.pipe(whole, as_tuples=True, batch_size=BATCH, disable=model)
        }
    reason = failures[-1] if failures else "the pipeline dropped the text"
    return [tagged.get(place, reason) for place in range(len(sources))]


def _joined(docs: Sequence[Doc], source: Source) -> Doc:
    doc = docs[0] if len(docs) == 1 else Doc.from_docs(list(docs), ensure_whitespace=False)
    if doc is None or doc.text != source.text:
        raise AssertionError("tokens do not spell the text they came from")
    doc._.published = source.published
    doc._.title_end = source.title_end
    return doc


@contextmanager
def _collected_failures(nlp: Language) -> Iterator[list[str]]:
    """Components' exceptions as text, in place of the end of the whole stream."""
    failures: list[str] = []

    def note(name: str, component: object, docs: Iterable[Doc], error: Exception) -> Any:
        failures.append(f"{name} failed: {type(error).__name__}: {error}")

    before = nlp.default_error_handler
    nlp.set_error_handler(note)
    try:
        yield failures
    finally:
        nlp.set_error_handler(before)
