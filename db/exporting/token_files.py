"""Documents as CoNLL-2003 columns and as two-column IOB."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from operator import attrgetter

from db.exporting.documents import Document, Span, documents
from db.exporting.files import ExportedFile, write_lines
from db.exporting.formats import Target
from db.exporting.tokens import Token, sentences, without_overlaps


def write_conll(target: Target) -> Iterator[ExportedFile]:
    """`documents.conll`: token, two empty columns, IOB2 tag of the names; `-DOCSTART-` before each document.

    Of names that overlap, the longest stands.
    """
    yield write_lines(target.folder, "documents.conll", _lines(target, _conll))


def write_iob(target: Target) -> Iterator[ExportedFile]:
    """`documents.iob`: token and IOB2 tag, a blank line after each sentence and `# id` before each document."""
    yield write_lines(target.folder, "documents.iob", _lines(target, _iob))


def _lines(target: Target, form: str) -> Iterator[bytes]:
    for document in documents(target.selection):
        target.advance(1)
        yield _document(document, form).encode()


_conll = "{} -X- _ {}\n"
_iob = "{}\t{}\n"


def _document(document: Document, form: str) -> str:
    names = without_overlaps(s for s in document.spans if s.layer == "mentions")
    head = "-DOCSTART- -X- O O\n\n" if form is _conll else f"# id = {document.id}\n"
    blocks = []
    for sentence in sentences(document.text, names):
        tags = _tags(sentence, names)
        blocks.append("".join(form.format(t.text, tag) for t, tag in zip(sentence, tags, strict=True)))
    return head + "\n".join(blocks) + "\n"


def _tags(sentence: list[Token], names: list[Span]) -> list[str]:
    """The tag of each token; `names` do not overlap and are in order."""
    tags = []
    last = None
    for token in sentence:
        place = bisect_right(names, token.start, key=attrgetter("start")) - 1
        span = names[place] if place >= 0 and token.end <= names[place].end else None
        tags.append("O" if span is None else f"{'I' if span is last else 'B'}-{span.label}")
        last = span
    return tags
