"""Documents as CoNLL-2003 columns and as two-column IOB."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from db.exporting.documents import Document, documents
from db.exporting.files import ExportedFile, write_lines
from db.exporting.formats import Target
from db.exporting.tokens import Run, sentences, without_overlaps


class _Layout(NamedTuple):
    head: str
    """What stands before a document, with its `{id}`."""
    between: str
    """What stands between a word and its tag."""


_CONLL = _Layout("-DOCSTART- -X- O O\n\n", " -X- _ ")
_IOB = _Layout("# id = {id}\n", "\t")


def write_conll(target: Target) -> Iterator[ExportedFile]:
    """`documents.conll`: token, two empty columns, IOB2 tag of the names; `-DOCSTART-` before each document.

    Of names that overlap, the longest stands.
    """
    yield write_lines(target.folder, "documents.conll", _lines(target, _CONLL))


def write_iob(target: Target) -> Iterator[ExportedFile]:
    """`documents.iob`: token and IOB2 tag, a blank line after each sentence and `# id` before each document."""
    yield write_lines(target.folder, "documents.iob", _lines(target, _IOB))


def _lines(target: Target, layout: _Layout) -> Iterator[bytes]:
    for document in documents(target.selection):
        target.advance(1)
        yield _document(document, layout).encode()


def _document(document: Document, layout: _Layout) -> str:
    names = without_overlaps(s for s in document.spans if s.layer == "mentions")
    blocks = (_block(sentence, layout.between) for sentence in sentences(document.text, names))
    return layout.head.format(id=document.id) + "\n".join(blocks) + "\n"


def _block(sentence: list[Run], between: str) -> str:
    lines = []
    for words, label in sentence:
        rest = f"{between}O\n"
        if label is not None:
            lines.append(f"{words[0]}{between}B-{label}\n")
            words, rest = words[1:], f"{between}I-{label}\n"
        if words:
            lines.append(rest.join(words) + rest)
    return "".join(lines)
