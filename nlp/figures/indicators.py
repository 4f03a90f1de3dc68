"""What a figure about the world can be of: exports, prices, output; the words for each, and the units it comes in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from nlp.facts.reference import load_units
from nlp.facts.tables import read_table

Words = Annotated[tuple[str, ...], BeforeValidator(lambda cell: tuple(cell.split("|")) if cell else ())]


class Indicator(BaseModel):
    """One row of data/indicators.csv; `dimensions` are those of units.csv that its figures can have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    indicator: str
    dimensions: Words
    forms_en: Words
    verbs_en: Words
    forms_vi: Words


_OTHER_WORD = re.compile(
    r"\b(?:đánh|tham|trị|thẩm\s+định|ngang)\s+giá\b|\bgiá\s+trị\s+(?:gia|cốt)\b", re.IGNORECASE
)
"""Compounds in which the syllable "giá" (price) means something else."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word in the text that names indicators: `form` is the entry it matched."""

    start: int
    end: int
    form: str


@cache
def load_indicators() -> tuple[Indicator, ...]:
    """The rows of `indicators.csv`."""
    return read_table("indicators.csv", Indicator)


def find_triggers(text: str, language: str) -> Iterator[Trigger]:
    """The words for indicators in the text, the longest where they overlap."""
    for match in _pattern(language).finditer(text):
        if _OTHER_WORD.search(text[max(0, match.start() - 8) : match.end() + 6]):
            continue
        yield Trigger(match.start(), match.end(), re.sub(r"\s+", " ", match.group().lower()))


def indicator_of(form: str, unit: str, language: str, *, verb: bool = False) -> str | None:
    """The indicator that a word names with a figure in that unit: "exports" in tonnes is export_volume."""
    dimension = dimension_of(unit)
    for row in load_indicators():
        forms = row.verbs_en if verb else row.forms_en if language == "en" else row.forms_vi
        if dimension in row.dimensions and form in {known.lower() for known in forms}:
            return row.indicator
    return None


@cache
def verbs() -> frozenset[str]:
    """The verbs whose object is a figure of an indicator ("exported 6,538 tonnes")."""
    return frozenset(verb for row in load_indicators() for verb in row.verbs_en)


@cache
def dimension_of(unit: str) -> str:
    """What a unit measures, by units.csv; a rate of money is "currency rate"; a noun that is no unit is "noun"."""
    known = {row.name: row.dimension for row in load_units()}
    if unit in known:
        return known[unit]
    first, _, per = unit.partition(" per ")
    if per:
        dimension = known.get(first, "noun")
        return "currency rate" if dimension == "currency" else dimension
    return "" if unit == "-" or unit.startswith("%") else "noun"


@cache
def _pattern(language: str) -> re.Pattern[str]:
    forms = {
        form for row in load_indicators() for form in (row.forms_en if language == "en" else row.forms_vi)
    }
    ordered = sorted(forms, key=len, reverse=True)
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(f).replace(r"\ ", r"\s+") for f in ordered) + r")(?!\w)",
        re.IGNORECASE,
    )
