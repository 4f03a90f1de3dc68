"""The reference tables: countries, blocs, regions, organisations, ministries, commodities, units and number words.

Surface forms are NFC and case-sensitive unless a table says otherwise. A form listed as ambiguous often means
something else ("Georgia", "đường") and wants evidence from its context; so does one that two rows claim.
"""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from nlp.facts.registry_rows import CoarseDate, Code, Names, Slug, Text, first_day, last_day
from nlp.facts.tables import read_table

Snake = Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
Headings = Annotated[
    tuple[Annotated[str, Field(pattern=r"^(0[1-9]|[1-8]\d|9[0-7])(\d\d)?$")], ...],
    BeforeValidator(lambda cell: tuple(cell.split("|")) if cell else ()),
]
Flag = Annotated[bool, BeforeValidator(lambda cell: {"true": True, "": False}.get(cell, cell))]
Number = Annotated[Fraction, BeforeValidator(lambda cell: Fraction(cell))]
Sector = Literal["GOV", "LEG", "JUD", "MIL", "BUS", "IGO", "NGO", "MED", "PTY", "REB"]


class _Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Country(_Row):
    """A country or territory; `short_vi` are the syllables that name it only in pairs ("Mỹ - Trung")."""

    code: Code
    name: Text
    names_en: Names
    names_vi: Names
    adjectives_en: Names
    capital_en: Names
    capital_vi: Names
    metonyms_en: Names
    metonyms_vi: Names
    ambiguous_en: Names
    short_vi: Names
    ambiguous_vi: Names

    def forms_en(self) -> frozenset[str]:
        """Every English form that can stand for the country."""
        return frozenset(
            (self.name, *self.names_en, *self.adjectives_en, *self.capital_en, *self.metonyms_en)
        )

    def forms_vi(self) -> frozenset[str]:
        """Every Vietnamese form that can stand for the country on its own."""
        return frozenset((*self.names_vi, *self.capital_vi, *self.metonyms_vi))

    @model_validator(mode="after")
    def _ambiguous_forms_are_forms(self) -> Country:
        _require_known(self.ambiguous_en, self.forms_en())
        _require_known(self.ambiguous_vi, self.forms_vi())
        return self


class Bloc(_Row):
    """A group of countries; `code` is EUE for the European Union and what belongs to it, else IGO."""

    id: Slug
    name: Text
    kind: Literal["bloc", "organisation"]
    code: Literal["EUE", "IGO"]
    names_en: Names
    names_vi: Names
    adjectives_en: Names
    metonyms_en: Names
    metonyms_vi: Names
    ambiguous: Names


class BlocMember(_Row):
    """One membership; the dates are ISO, as coarse as known, None where open or unknown; `until` is the last day."""

    bloc: Slug
    country: Code
    since: CoarseDate
    until: CoarseDate

    def holds_on(self, day: date) -> bool:
        """Whether the day may lie in the membership; a coarse date counts from its first to its last day."""
        return first_day(self.since) <= day <= last_day(self.until)


class Region(_Row):
    """A part of the world that is no actor: a continent, a sea, the West."""

    id: Slug
    name: Text
    names_en: Names
    names_vi: Names
    adjectives_en: Names


class Organisation(_Row):
    """A ministry, agency, court, party, company or international body; `country` ISO 3166-1, EUE or IGO."""

    id: Slug
    name: Text
    kind: Literal["ministry", "organisation", "party", "company", "government"]
    country: Code
    sector: Sector
    acronyms: Names
    names_en: Names
    names_vi: Names
    source: str
    ambiguous: Names


class Ministry(_Row):
    """What every government has: generic names to join with a country ("China's commerce ministry").

    English names are lower case and match in any case; Vietnamese ones match as written and stand before the country.
    """

    portfolio: Slug
    sector: Sector
    names_en: Names
    names_vi: Names


class Commodity(_Row):
    """Goods with their HS chapters or headings (none for generics); terms are lower case and match in any case.

    `extension` marks a code that the published code list lacks.
    """

    name: Snake
    hs: Headings
    label_en: Text
    label_vi: Text
    terms_en: Names
    terms_vi: Names
    extension: Flag
    ambiguous_en: Names
    ambiguous_vi: Names

    @model_validator(mode="after")
    def _ambiguous_terms_are_terms(self) -> Commodity:
        _require_known(self.ambiguous_en, self.terms_en)
        _require_known(self.ambiguous_vi, self.terms_vi)
        return self


class Unit(_Row):
    """A unit: `name` is its normal form. Forms of up to three characters match as written, longer in any case."""

    name: Text
    dimension: Text
    forms_en: Names
    forms_vi: Names
    symbols_before: Names
    symbols_after: Names
    ambiguous_en: Names
    ambiguous_vi: Names

    @model_validator(mode="after")
    def _ambiguous_forms_are_forms(self) -> Unit:
        _require_known(self.ambiguous_en, self.forms_en)
        _require_known(self.ambiguous_vi, self.forms_vi)
        return self


class NumberWord(_Row):
    """A number word: "unit" and "ten" add, "scale" multiplies what stands before it ("mươi" is 10), "fraction" is
    a part, "article" a one that need not count, "multiplier" a ratio ("twice"), "filler" adds nothing ("linh")."""

    model_config = ConfigDict(populate_by_name=True)

    language: Literal["en", "vi"]
    word: Text
    value: Number
    word_class: Literal["unit", "ten", "scale", "fraction", "article", "multiplier", "filler"] = Field(
        alias="class"
    )


@cache
def load_countries() -> tuple[Country, ...]:
    """The rows of `countries.csv`; like every loader here, raises DataFileError with file, line, column and fact."""
    return read_table("countries.csv", Country)


@cache
def load_blocs() -> tuple[Bloc, ...]:
    """The rows of `blocs.csv`."""
    return read_table("blocs.csv", Bloc)


@cache
def load_bloc_members() -> tuple[BlocMember, ...]:
    """The rows of `bloc_members.csv`; a country that left and came back has one row for each time."""
    return read_table("bloc_members.csv", BlocMember)


@cache
def load_regions() -> tuple[Region, ...]:
    """The rows of `regions.csv`."""
    return read_table("regions.csv", Region)


@cache
def load_organisations() -> tuple[Organisation, ...]:
    """The rows of `organisations.csv`."""
    return read_table("organisations.csv", Organisation)


@cache
def load_ministries() -> tuple[Ministry, ...]:
    """The rows of `ministries.csv`."""
    return read_table("ministries.csv", Ministry)


@cache
def load_commodities() -> tuple[Commodity, ...]:
    """The rows of `commodities.csv`."""
    return read_table("commodities.csv", Commodity)


@cache
def load_units() -> tuple[Unit, ...]:
    """The rows of `units.csv`."""
    return read_table("units.csv", Unit)


@cache
def load_numbers() -> tuple[NumberWord, ...]:
    """The rows of `numbers.csv`."""
    return read_table("numbers.csv", NumberWord)


def members_on(bloc: str, day: date) -> frozenset[str]:
    """The country codes of a bloc's members on a day; empty for a bloc without listed members."""
    return frozenset(m.country for m in load_bloc_members() if m.bloc == bloc and m.holds_on(day))


def _require_known(ambiguous: tuple[str, ...], forms: tuple[str, ...] | frozenset[str]) -> None:
    for form in ambiguous:
        if form not in forms:
            raise ValueError(f"ambiguous form {form!r} is none of the row's forms")
