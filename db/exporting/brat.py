"""Documents as BRAT standoff: a text and an annotation file each, with the configuration that BRAT needs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from db.codebook import load_codebook
from db.exporting.annotation_tools import PARTICIPANT, labels
from db.exporting.documents import Argument, Document, Span, documents
from db.exporting.files import ExportedFile, write_lines
from db.exporting.formats import Target

PER_FOLDER = 1000
"""BRAT shows a folder as one list, so a folder holds so many documents."""
_BREAKS = re.compile(r"\s*[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+\s*")


def write_brat(target: Target) -> Iterator[ExportedFile]:
    """`NUMBER/ARTICLE.txt` and `.ann` for every article, and `annotation.conf`.

    Text-bound annotations for spans and triggers, events with their parties, attributes for modality, stage and
    instrument, normalizations for entities. A span over a line break is discontinuous, as BRAT wants it.
    """
    yield write_lines(target.folder, "annotation.conf", iter([_configuration().encode()]))
    yield write_lines(target.folder, "tools.conf", iter([b"[normalization]\nDateline DB:none\n"]))
    for number, document in enumerate(documents(target.selection)):
        target.advance(1)
        name = f"{number // PER_FOLDER:04}/{document.id}"
        yield write_lines(target.folder, f"{name}.txt", iter([document.text.encode()]))
        yield write_lines(target.folder, f"{name}.ann", iter(standoff(document)))


def standoff(document: Document) -> list[bytes]:
    """The lines of a document's annotation file."""
    page = _Page(document.text)
    for span in document.spans:
        identity = page.bind(span.label, span.start, span.end)
        if span.layer == "mentions":
            page.normalize(identity, span)
    for event in document.events:
        trigger = page.bind(event.label, event.trigger_start, event.trigger_end, fresh=True)
        arguments = [f"{a.role.title()}{n or ''}:{page.party(a)}" for n, a in _numbered(event.arguments)]
        page.event(trigger, event.label, arguments, event.coding)
    return [(line + "\n").encode() for line in page.lines]


def _numbered(arguments: tuple[Argument, ...]) -> Iterator[tuple[int, Argument]]:
    """BRAT writes a second actor as Actor2: every name of an argument can stand once."""
    seen: dict[str, int] = {}
    for argument in arguments:
        seen[argument.role] = seen.get(argument.role, 0) + 1
        yield (0 if seen[argument.role] == 1 else seen[argument.role]), argument


@dataclass(slots=True)
class _Page:
    text: str
    lines: list[str] = field(default_factory=list)
    bound: dict[tuple[int, int], str] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)

    def _number(self, letter: str) -> str:
        self.counts[letter] = self.counts.get(letter, 0) + 1
        return f"{letter}{self.counts[letter]}"

    def bind(self, label: str, start: int, end: int, *, fresh: bool = False) -> str:
        identity = self._number("T")
        words = self.text[start:end]
        places, shown, position = [], [], 0
        for gap in _BREAKS.finditer(words):
            if gap.start() > position:
                places.append((start + position, start + gap.start()))
                shown.append(words[position : gap.start()])
            position = gap.end()
        if position < len(words):
            places.append((start + position, end))
            shown.append(words[position:])
        places, shown = places or [(start, end)], shown or [" "]
        where = ";".join(f"{first} {last}" for first, last in places)
        self.lines.append(f"{identity}\t{label} {where}\t{' '.join(shown)}")
        if not fresh:
            self.bound.setdefault((start, end), identity)
        return identity

    def party(self, argument: Argument) -> str:
        known = self.bound.get((argument.start, argument.end))
        return known or self.bind(PARTICIPANT, argument.start, argument.end)

    def normalize(self, identity: str, span: Span) -> None:
        name = " ".join(str(span.values["name"]).split())
        self.lines.append(
            f"{self._number('N')}\tReference {identity} Dateline:{span.values['entity_id']}\t{name}"
        )

    def event(self, trigger: str, label: str, arguments: list[str], coding: dict[str, object]) -> None:
        identity = self._number("E")
        self.lines.append(f"{identity}\t{' '.join([f'{label}:{trigger}', *arguments])}")
        for name in ("modality", "stage", "instrument"):
            if coding.get(name):
                self.lines.append(f"{self._number('A')}\t{name.title()} {identity} {coding[name]}")


def _configuration() -> str:
    codebook = load_codebook()
    entities = [label for label in labels() if label not in codebook.types]
    events = "\n".join(f"{name}\tActor*:<ENTITY>, Recipient*:<ENTITY>" for name in codebook.types)
    values = {
        "Modality": "actual|future|hypothetical|negated",
        "Stage": "|".join(codebook.stages),
        "Instrument": "|".join(codebook.instruments),
    }
    attributes = "\n".join(f"{name}\tArg:<EVENT>, Value:{listed}" for name, listed in values.items())
    return (
        "[entities]\n" + "\n".join(entities) + "\n\n[relations]\n\n[events]\n" + events
        + "\n\n[attributes]\n" + attributes + "\n"
    )  # fmt: skip
