"""`dateline export` with the formats of every package: the store's own, and spaCy documents."""

from __future__ import annotations

from collections.abc import Iterator

from db.commands.export import export
from db.exporting.files import ExportedFile
from db.exporting.formats import Format, Target, add_format
from db.exporting.shipped import documents_with_articles

__all__ = ["export"]


def _write_docbin(target: Target) -> Iterator[ExportedFile]:
    from nlp.docbin import write_docbin  # spaCy is loaded for this format only

    yield from write_docbin(target)


add_format(
    Format(
        name="spacy",
        summary="spaCy DocBin, with overlapping spans in doc.spans",
        parts=documents_with_articles("spacy", _write_docbin),
        needs_texts=True,
    )
)
