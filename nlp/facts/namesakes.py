"""Names that two places share: which one the words around speak of; read from `nlp/data/namesakes.csv`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict

from nlp.facts.reference import load_countries
from nlp.facts.registry_rows import Code, Names, Text
from nlp.facts.tables import read_table
from nlp.names.findings import Finding


class Namesake(BaseModel):
    """Another bearer of a known name, and the words that, anywhere in a text, speak for it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Literal["en", "vi"]
    surface: Text
    kind: Literal["country", "place"]
    entity_id: Annotated[str, BeforeValidator(str.strip)]
    name: Text
    country: Code
    cues: Names


@cache
def load_namesakes(language: str) -> dict[str, Namesake]:
    """By surface; DataFileError names the line and column of a row that breaks a rule."""
    return {row.surface: row for row in read_table("namesakes.csv", Namesake) if row.language == language}


def tell_namesakes(words: Sequence[str], findings: Sequence[Finding], language: str) -> None:
    """Give a shared name to the other bearer where the text's words speak for it and none for the first."""
    table = load_namesakes(language)
    spoken: set[str] | None = None
    for finding in findings:
        if finding.kind != "country" or finding.end - finding.start > 2:
            continue
        other = table.get(" ".join(words[finding.start : finding.end]))
        if other is None or other.country == finding.country:
            continue
        spoken = spoken or set(words)
        if spoken.intersection(other.cues) and not spoken.intersection(
            _own_words(finding.country, other.surface)
        ):
            finding.kind, finding.entity_id, finding.name = other.kind, other.entity_id, other.name
            finding.country, finding.rule = other.country, finding.rule + "; namesake"


@cache
def _own_words(code: str, surface: str) -> frozenset[str]:
    """Single words that only the first bearer goes by: its capital and its people."""
    row = next(row for row in load_countries() if row.code == code)
    own = (*row.capital_en, *row.capital_vi, *row.adjectives_en)
    return frozenset(
        word
        for word in own
        if (" " not in word and not word.startswith(surface[:5])) or word == surface + "n"
    )
