"""The codebook in words: one entry for the command line, the whole of it as a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from db.codebook import Codebook, Examples, Frame
from db.errors import NotFound

QUADS = (
    "domestic policy",
    "verbal cooperation",
    "material cooperation",
    "verbal conflict",
    "material conflict",
)
Lines = Callable[[Codebook, str], Iterator[str]]
_TABLES = ("types", "modes", "instruments", "stages", "roles")


def entry_lines(codebook: Codebook, name: str) -> Iterator[str]:
    """The entry of that name, whatever it is; NotFound names what there is."""
    tables = [table for table in _TABLES if _key(codebook, table, name)]
    if not tables:
        known = ", ".join(key for table in _TABLES for key in getattr(codebook, table))
        raise NotFound(f"the codebook has no '{name}'. It has: {known}")
    for table in tables:
        yield from _LINES[table](codebook, _key(codebook, table, name) or name)


def overview_lines(codebook: Codebook) -> Iterator[str]:
    """Every entry with its definition, one a line."""
    for table in _TABLES:
        yield f"{table}:"
        for name, entry in getattr(codebook, table).items():
            yield f"  {name:24} {entry.definition}"


def document_lines(codebook: Codebook) -> Iterator[str]:
    """The whole codebook in Markdown."""
    for table, title in zip(_TABLES, ("Event types", "Modes", "Instruments", "Stages", "Roles"), strict=True):
        yield f"## {title}"
        yield ""
        for name in getattr(codebook, table):
            first, *rest = _LINES[table](codebook, name)
            yield f"### {first}"
            yield ""
            yield from (f"- {line.strip()}" for line in rest if line.strip())
            yield ""


def _key(codebook: Codebook, table: str, name: str) -> str | None:
    return next((key for key in getattr(codebook, table) if key.lower() == name.lower()), None)


def _type_lines(codebook: Codebook, name: str) -> Iterator[str]:
    kind = codebook.types[name]
    yield name
    yield f"  {kind.definition}"
    yield f"  quad class {kind.quad} ({QUADS[kind.quad]}), told as {kind.speech}" + (
        ", two-sided" if kind.two_sided else ""
    )
    codes = [
        ("CAMEO", ", ".join(kind.cameo)),
        ("Goldstein", kind.goldstein),
        ("PLOVER score", kind.plover_score),
    ]
    yield "  " + "; ".join(f"{label} {value}" for label, value in codes if value not in ("", None))
    if kind.takes:
        yield f"  can be about: {', '.join(kind.takes)}"
    modes = [mode for mode, entry in codebook.modes.items() if name in entry.types]
    if modes:
        yield f"  modes: {', '.join(modes)}"
    yield from _example_lines(kind.examples)
    for frame in codebook.frames:
        if frame.type == name:
            yield f"  frame {frame.id}: {_words(frame)}"


def _mode_lines(codebook: Codebook, name: str) -> Iterator[str]:
    mode = codebook.modes[name]
    yield name
    yield f"  {mode.definition} ({', '.join(mode.types)})"
    yield f"  is: “{mode.example}”"


def _instrument_lines(codebook: Codebook, name: str) -> Iterator[str]:
    one = codebook.instruments[name]
    yield name
    yield f"  {one.definition}"
    codes = [f"Global Trade Alert {one.gta_type_id} ({one.gta_type})"] if one.gta_type_id else []
    codes += [f"MAST chapter {one.mast_chapter}"] if one.mast_chapter else []
    yield "  " + "; ".join([*codes, f"flow of goods: {one.flow}"])
    cues = one.cues.en + (codebook.cue_sets[one.cue_set].en if one.cue_set else ())
    yield f"  told by: {', '.join(cues)}" + (
        f" (where the words tell: {', '.join(one.when)})" if one.when else ""
    )
    yield from _example_lines(one.examples)


def _plain_lines(table: str) -> Lines:
    def lines(codebook: Codebook, name: str) -> Iterator[str]:
        entry = getattr(codebook, table)[name]
        yield name
        yield f"  {entry.definition}"
        yield from _example_lines(entry.examples)

    return lines


def _example_lines(examples: Examples) -> Iterator[str]:
    yield from (f"  is: “{sentence}”" for sentence in examples.positive)
    yield from (f"  is not: “{sentence}”" for sentence in examples.negative)


def _words(frame: Frame) -> str:
    words = ", ".join((*frame.verbs, *frame.nouns, *frame.adjectives)) or "no English word"
    if frame.vi:
        words += f" · {', '.join(frame.vi)}"
    if frame.object and frame.object != ("any",):
        words += f" [object: {', '.join(frame.object)}]"
    return words


_LINES: dict[str, Lines] = {
    "types": _type_lines,
    "modes": _mode_lines,
    "instruments": _instrument_lines,
    "stages": _plain_lines("stages"),
    "roles": _plain_lines("roles"),
}
