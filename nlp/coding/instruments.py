"""Decides the policy instrument from the words of a clause, and from known measures where they leave it open."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from db.codebook import Codebook, Instrument
from db.errors import DataFileError
from nlp.coding.word_index import word_pattern

KNOWN_MEASURES = Path(__file__).parents[1] / "data" / "known_measures.csv"


class KnownMeasure(BaseModel):
    """A measure that was in force, as general knowledge has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str
    commodity: str
    flow: str
    instrument: str
    since: str
    until: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """What the words say of the instrument; `rule` says which words."""

    instrument: str | None
    flow: str
    rule: str = ""


def told_flow(codebook: Codebook, text: str, language: str) -> str:
    """`export`, `import` or `production` as the words tell it, else `unknown`; the first named counts."""
    found: list[tuple[int, str]] = []
    for name, words in codebook.flows.items():
        match = _any_of(getattr(words, language), language).search(text)
        if match:
            found.append((match.start(), name))
    return min(found)[1] if found else "unknown"


def told_instrument(
    codebook: Codebook, text: str, language: str, flow: str | None = None, only: tuple[str, ...] = ()
) -> Told:
    """The first instrument of the codebook whose words stand in `text` with a flow that fits."""
    text = text.lower()
    flow = flow or told_flow(codebook, text, language)
    starts = {word[:_START] for word in re.findall(r"\w+", text)}
    for name, instrument in codebook.instruments.items():
        if only and name not in only:
            continue
        if instrument.when and flow not in instrument.when:
            continue
        cue = _first_cue(codebook, instrument, text, language, starts)
        if cue:
            return Told(name, flow, f"instrument {name}: '{cue}'" + (f", {flow}" if instrument.when else ""))
    return Told(None, flow)


def known_instrument(country: str, commodities: frozenset[str], day: str, flow: str) -> str | None:
    """The kind of a measure in force that fits country, commodity and day, where the words leave it open."""
    kinds = {
        measure.instrument
        for measure in known_measures()
        if measure.country == country
        and measure.commodity in commodities
        and measure.flow == flow
        and measure.since <= day
        and (not measure.until or day <= measure.until)
    }
    return kinds.pop() if len(kinds) == 1 else None


def known_flow(country: str, commodities: frozenset[str], kinds: frozenset[str]) -> str | None:
    """The one flow that a country's known measures of these kinds on these commodities are about, if just one."""
    flows = {
        m.flow
        for m in known_measures()
        if m.country == country and m.commodity in commodities and m.instrument in kinds
    }
    return flows.pop() if len(flows) == 1 else None


@cache
def known_measures(path: Path = KNOWN_MEASURES) -> tuple[KnownMeasure, ...]:
    """The register of known measures; raises DataFileError naming line and column."""
    rows = []
    with path.open(encoding="utf-8", newline="") as file:
        for number, row in enumerate(csv.DictReader(file), 2):
            try:
                rows.append(KnownMeasure.model_validate(row))
            except ValidationError as error:
                first = error.errors()[0]
                raise DataFileError(path, f"line {number}, {first['loc'][0]}", first["msg"]) from error
    return tuple(rows)


_START = 3
"""Letters at the start of a word that are enough to pass over most instruments without trying their patterns."""


def _first_cue(
    codebook: Codebook, instrument: Instrument, text: str, language: str, starts: set[str]
) -> str | None:
    shared = codebook.cue_sets[instrument.cue_set] if instrument.cue_set else None
    cues = getattr(instrument.cues, language) + (getattr(shared, language) if shared else ())
    if not cues or (language == "en" and not _may_begin(cues, starts)):
        return None
    match = _any_of(cues, language).search(text)
    return match.group() if match else None


def _may_begin(cues: tuple[str, ...], starts: set[str]) -> bool:
    known = _cue_starts(cues)
    return known is None or not known.isdisjoint(starts)


@cache
def _cue_starts(cues: tuple[str, ...]) -> frozenset[str] | None:
    """The first letters of the words that the cues can begin with; None where some can begin with any."""
    first = [re.split(r"[ -]", cue)[0].removesuffix("y") for cue in cues]
    if any(len(word) < _START or not word[:_START].isalnum() for word in first):
        return None
    return frozenset(word[:_START] for word in first)


@cache
def _any_of(cues: tuple[str, ...], language: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_cue(cue, language).pattern})" for cue in cues))


def _cue(cue: str, language: str) -> re.Pattern[str]:
    return word_pattern(cue) if language == "en" else _plain(cue)


@cache
def _plain(cue: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)" + re.escape(cue) + r"(?!\w)")
