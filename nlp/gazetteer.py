"""All names that Dateline knows, as one table of phrases a language: countries, blocs, places, bodies, people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal
from unicodedata import combining, normalize

from db.model import UNKNOWN_COUNTRY, Kind
from nlp.phrases import PhraseTable
from nlp.registry import people_by_alias

Use = Literal["name", "adjective", "capital", "seat", "pair", "government"]
"""How a surface names its entity; "pair" only beside another country, as "Trung" in "Mỹ - Trung"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One surface's meaning. A capital or a seat of government has the id of the government that acts there."""

    kind: Kind
    use: Use
    entity_id: str
    name: str
    country: str = UNKNOWN_COUNTRY
    ambiguous: bool = False
    sector: str | None = None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """The table of one language; surfaces are compared letter by letter, capitals included."""

    table: PhraseTable[Entry]

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, list[Entry]]]:
        """Start, end and entries of the known names among `words`, the leftmost longest."""
        return self.table.find(words)


@cache
def load_gazetteer(language: str, split: Callable[[str], tuple[str, ...]]) -> Gazetteer:
    """The gazetteer of "en" or "vi"; `split` cuts a surface into the words that the tokenizer makes of it."""
    table: PhraseTable[Entry] = PhraseTable()
    for surface, entry in _entries(language):
        words = split(surface)
        if words:
            table.add(words, entry)
    return Gazetteer(table)


@cache
def country_names() -> dict[str, str]:
    """The English name of every country code, the European Union's `EUE` among them."""
    return {row["code"]: row["name"] for row in _rows("countries.csv")} | {"EUE": "European Union"}


def _entries(language: str) -> Iterator[tuple[str, Entry]]:
    yield from _people(language)
    yield from _countries(language)
    yield from _blocs(language)
    yield from _organisations(language)
    yield from _regions(language)


def _rows(name):
    import csv
    from pathlib import Path
    with open(Path(__file__).parent/'data'/name,encoding='utf-8') as f:
        for r in csv.DictReader(f):
            yield {k:(v.split('|') if v else []) if k.startswith(('names','adj','capital','meton','ambig','short')) else v for k,v in r.items()}


def _people(language: str) -> Iterator[tuple[str, Entry]]:
    for alias, people in people_by_alias(language).items():
        for person in people:
            if " " in alias:
                yield alias, Entry(kind="person", use="name", entity_id=f"person/{person.id}", name=person.name, country=person.country)


def _countries(language: str) -> Iterator[tuple[str, Entry]]:
    for row in _rows("countries.csv"):
        code, name = row["code"], row["name"]
        ambiguous = set(row[f"ambiguous_{language}"])

        def entry(surface: str, use: Use, kind: Kind = "country", entity: str = f"country/{code}", called: str = name) -> tuple[str, Entry]:
            return surface, Entry(kind=kind, use=use, entity_id=entity, name=called, country=code, ambiguous=surface in ambiguous)

        for surface in [name]*(language=="en") + row[f"names_{language}"]:
            yield entry(surface, "name")
        for surface in row["adjectives_en"] if language == "en" else ():
            yield entry(surface, "adjective")
        for surface in row["short_vi"] if language == "vi" else ():
            yield entry(surface, "pair")
        capital = (row["capital_en"] or [""])[0]
        for surface in row[f"capital_{language}"]:
            yield entry(surface, "capital", "place", f"place/{slug(capital)}", capital)
        for surface in row[f"metonyms_{language}"]:
            yield entry(surface, "seat", "government", f"gov/{code}", f"Government of {name}")


def _blocs(language: str) -> Iterator[tuple[str, Entry]]:
    for row in _rows("blocs.csv"):
        kind = row["kind"]
        prefix = "bloc" if kind == "bloc" else "org"
        for surface in [row["name"]]*(language=="en") + row[f"names_{language}"]:
            yield surface, Entry(kind=kind, use="name", entity_id=f"{prefix}/{row['id']}", name=row["name"], country=row["code"])
        for surface in row["adjectives_en"] if language == "en" else ():
            yield surface, Entry(kind=kind, use="adjective", entity_id=f"{prefix}/{row['id']}", name=row["name"], country=row["code"])
        for surface in row[f"metonyms_{language}"]:
            yield surface, Entry(kind=kind, use="capital", entity_id=f"{prefix}/{row['id']}", name=row["name"], country=row["code"])


def government_id(country: str) -> str:
    """The id of a country's government; the European Union acts as the bloc itself."""
    return "bloc/eu" if country == "EUE" else f"gov/{country}"


def government_name(country: str) -> str:
    """The English name of a country's government."""
    name = country_names().get(country, country)
    if country == "EUE":
        return name
    article = "the " if name.startswith(("United", "Nether", "Philip", "Mald", "Baham", "Gamb", "Central Af", "Dominican R", "Czech R")) else ""
    return f"Government of {article}{name}"


@cache
def ministry_table(language: str) -> PhraseTable[str]:
    """Phrases for ministries with their portfolio, without a country: "commerce ministry"."""
    table: PhraseTable[str] = PhraseTable(fold=True)
    for row in _rows("ministries.csv"):
        for phrase in row[f"names_{language}"]:
            table.add(phrase.replace(",", " ,").split(), row["portfolio"])
    return table


def ministry_of(country: str, portfolio: str, phrase: str) -> tuple[str, str]:
    """Id and English name of a country's ministry: the registered one of that phrase, else a generic one."""
    known = _ministries_by_country().get((country, phrase.casefold()))
    if known:
        return known
    name = country_names().get(country, country)
    return f"org/{country.lower()}-{portfolio}-ministry", f"{portfolio.replace('-', ' ').capitalize()} ministry of {name}"


@cache
def _ministries_by_country() -> dict[tuple[str, str], tuple[str, str]]:
    """Every registered ministry by country and phrase, the country's own words taken off the phrase."""
    own = {row["code"]: [row["name"], *row["names_en"], *row["adjectives_en"]] for row in _rows("countries.csv")}
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for row in _rows("organisations.csv"):
        if row["kind"] != "ministry":
            continue
        for phrase in [row["name"], *row["names_en"]]:
            core = phrase
            for word in own.get(row["country"], []):
                for cut in (f"{word}'s ", f"{word} "):
                    core = core.removeprefix(cut)
                for cut in (f" of {word}", f" of the {word}", f" {word}"):
                    core = core.removesuffix(cut)
            found.setdefault((row["country"], core.casefold()), (f"org/{row['id']}", row["name"]))
    return found


def _organisations(language: str) -> Iterator[tuple[str, Entry]]:
    for row in _rows("organisations.csv"):
        ambiguous = set(row["ambiguous"])
        for surface in [row["name"]]*(language=="en") + row["acronyms"].split("|") + row[f"names_{language}"]:
            if surface:
                government = row["id"].endswith("-government")
                entity, name = f"org/{row['id']}", row["name"]
                if government:
                    entity, name = government_id(row["country"]), government_name(row["country"])
                yield surface, Entry(kind=row["kind"], use="government" if government else "name", entity_id=entity, name=name, country=row["country"], sector=row["sector"] or None, ambiguous=surface in ambiguous)


def _regions(language: str) -> Iterator[tuple[str, Entry]]:
    for row in _rows("regions.csv"):
        for surface in [row["name"]]*(language=="en") + row[f"names_{language}"]:
            yield surface, Entry(kind="place", use="name", entity_id=f"region/{row['id']}", name=row["name"])
        for surface in row["adjectives_en"] if language == "en" else ():
            yield surface, Entry(kind="place", use="adjective", entity_id=f"region/{row['id']}", name=row["name"])


def slug(name: str) -> str:
    """A name as the last part of an id: small Latin letters, digits and hyphens."""
    plain = normalize("NFD", name.translate(_STROKED).casefold())
    return re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not combining(c))).strip("-") or "unnamed"


_STROKED = str.maketrans("đĐøØłŁıßæÆ", "dDoOlLisaA")
