"""All names that Dateline knows, as one table of phrases a language: countries, blocs, places, bodies, people."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal
from unicodedata import combining, normalize

from db.model import EUROPEAN_UNION, UNKNOWN_COUNTRY, Kind
from nlp.facts.own_actors import known_organisations
from nlp.facts.reference import Country, load_blocs, load_countries, load_regions
from nlp.facts.registry import people_by_alias
from nlp.names.cities import load_cities
from nlp.names.findings import Finding
from nlp.names.phrases import PhraseTable, plain_word

Use = Literal["name", "adjective", "capital", "seat", "pair", "government"]
"""How a surface names its entity; "pair" only beside another country, as "Trung" in "Mỹ - Trung"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One surface's meaning. A capital is a place until it acts; a seat of government acts by itself."""

    kind: Kind
    use: Use
    entity_id: str
    name: str
    country: str = UNKNOWN_COUNTRY
    ambiguous: bool = False
    sector: str | None = None


def build_gazetteer(language: str, split: Callable[[str], Iterable[str]]) -> PhraseTable[Entry]:
    """The names of "en" or "vi", letter by letter; `split` cuts a surface into the words of the tokenizer."""
    table: PhraseTable[Entry] = PhraseTable()
    for entries in (_people, _countries, _blocs, _organisations, _regions, _cities):
        for surface, entry in entries(language):
            table.add([plain_word(word) for word in split(surface)], entry)
    return table


def country_inside(words: Sequence[str], start: int, end: int, table: PhraseTable[Entry]) -> Finding | None:
    """The country that a body's name begins or ends with: "US" of "US Treasury", "Japan" of "Bank of Japan"."""
    spans = [(start, stop) for stop in range(min(start + 4, end - 1), start, -1)]
    spans += [(first, end) for first in range(max(end - 6, start + 1), end)]
    for first, stop in spans:
        if first > start and stop - first == 1 and words[first].isupper() and len(words[first]) < 3:
            continue  # the "SA" of "Vale SA" is no South Africa
        found = table.at(words[:stop], first)
        entry = found[1][0] if found and found[0] == stop else None
        if entry is not None and entry.kind == "country" and entry.use in ("name", "adjective"):
            return Finding(
                start=first, end=stop, kind="country", form="adjective", entity_id=entry.entity_id,
                name=entry.name, country=entry.country, rule="known inside a name", weight=1, inner=True,
                clues={entry.use},
            )  # fmt: skip
    return None


@cache
def country_names() -> dict[str, str]:
    """The English name of every country code, the European Union's `EUE` among them."""
    return {row.code: row.name for row in load_countries()} | {EUROPEAN_UNION: "European Union"}


def government_id(country: str) -> str:
    """The id of a country's government; the European Union acts as the bloc itself."""
    return "bloc/eu" if country == EUROPEAN_UNION else f"gov/{country}"


def government_name(country: str) -> str:
    """The English name of a country's government."""
    name = country_names().get(country, country)
    if country == EUROPEAN_UNION:
        return name
    return f"Government of {'the ' if name.startswith(_WITH_ARTICLE) else ''}{name}"


@cache
def capitals() -> dict[str, str]:
    """The country of each capital by the capital's entity id; without those by whose name a bloc acts too."""
    seats = {surface for row in load_blocs() for surface in (*row.metonyms_en, *row.metonyms_vi)}
    return {
        f"place/{slug(row.capital_en[0])}": row.code
        for row in load_countries()
        if row.capital_en and not seats & {*row.capital_en, *row.capital_vi}
    }


def slug(name: str) -> str:
    """A name as the last part of an id: small Latin letters, digits and hyphens; never empty.

    >>> slug("Nguyễn Hồng Diên")
    'nguyen-hong-dien'
    """
    plain = normalize("NFD", name.casefold().translate(_STROKED))
    latin = re.sub(r"[^a-z0-9]+", "-", "".join(c for c in plain if not combining(c))).strip("-")
    # Chinese, Cyrillic and Arabic names keep an id of their own by their code points.
    return latin or "-".join(f"{ord(c):x}" for c in name[:8] if c.isalnum()) or "unnamed"


_LONG = 4
"""Letters that a name in one word must have to be known wherever it stands ("Jokowi"; "MBS" may be else)."""

_WITH_ARTICLE = (
    "United",
    "Netherlands",
    "Philippines",
    "Maldives",
    "Bahamas",
    "Gambia",
    "Dominican Republic",
)
_STROKED = str.maketrans({"đ": "d", "ø": "o", "ł": "l", "ı": "i", "æ": "ae", "œ": "oe", "ß": "ss"})


def _people(language: str) -> Iterator[tuple[str, Entry]]:
    for alias, people in people_by_alias(language).items():
        if " " in alias or "-" in alias or len(alias) >= _LONG:
            person = people[0]
            yield (
                alias,
                Entry(kind="person", use="name", entity_id="", name=person.name, country=UNKNOWN_COUNTRY),
            )


def _countries(language: str) -> Iterator[tuple[str, Entry]]:
    for row in load_countries():
        english = language == "en"
        ambiguous = row.ambiguous_en if english else row.ambiguous_vi
        for surface in (row.name, *row.names_en) if english else row.names_vi:
            yield surface, _country(row, "name", surface in ambiguous)
        for surface in row.adjectives_en if english else ():
            yield surface, _country(row, "adjective", surface in ambiguous)
        for surface in () if english else row.short_vi:
            yield surface, _country(row, "pair", False)
        for surface in row.capital_en if english else row.capital_vi:
            capital = row.capital_en[0] if row.capital_en else surface
            yield surface, Entry(
                kind="place", use="capital", entity_id=f"place/{slug(capital)}", name=capital,
                country=row.code, ambiguous=surface in ambiguous,
            )  # fmt: skip
        for surface in row.metonyms_en if english else row.metonyms_vi:
            yield surface, Entry(
                kind="government", use="seat", entity_id=government_id(row.code), name=government_name(row.code),
                country=row.code, ambiguous=surface in ambiguous, sector="GOV",
            )  # fmt: skip


def _country(row: Country, use: Use, ambiguous: bool) -> Entry:
    return Entry(
        kind="country", use=use, entity_id=f"country/{row.code}", name=row.name, country=row.code,
        ambiguous=ambiguous,
    )  # fmt: skip


def _blocs(language: str) -> Iterator[tuple[str, Entry]]:
    for row in load_blocs():
        uses: list[tuple[Use, tuple[str, ...]]] = [
            ("name", (row.name, *(row.names_en if language == "en" else row.names_vi))),
            ("adjective", row.adjectives_en if language == "en" else ()),
            ("capital", row.metonyms_en if language == "en" else row.metonyms_vi),
        ]
        for use, surfaces in uses:
            for surface in surfaces:
                yield (
                    surface,
                    Entry(
                        kind=row.kind,
                        use=use,
                        entity_id=f"{'bloc' if row.kind == 'bloc' else 'org'}/{row.id}",
                        name=row.name,
                        country=row.code,
                        ambiguous=use == "name" and surface in row.ambiguous,
                        sector="IGO",
                    ),
                )


def _organisations(language: str) -> Iterator[tuple[str, Entry]]:
    for row in known_organisations():
        is_government = row.id.endswith("-government")
        own = row.names_en if language == "en" else row.names_vi
        if language == "en":
            own += tuple(_turned(name) for name in (row.name, *own) if _turned(name))
        for surface in (row.name, *row.acronyms, *own):
            yield (
                surface,
                Entry(
                    kind=row.kind,
                    use="government" if is_government else "name",
                    entity_id=government_id(row.country) if is_government else f"org/{row.id}",
                    name=government_name(row.country) if is_government else row.name,
                    country=row.country,
                    ambiguous=surface in row.ambiguous,
                    sector=row.sector,
                ),
            )


def _turned(name: str) -> str:
    """A ministry of several things called by them: "Economy, Trade and Industry Ministry"; "" for other names."""
    things = re.fullmatch(r"Ministry of (?:the )?([A-Z]\w+(?:,? (?:and )?[A-Z]\w+)+)", name)
    return f"{things[1]} Ministry" if things and " and " in things[1] else ""


def _regions(language: str) -> Iterator[tuple[str, Entry]]:
    for row in load_regions():
        for surface in (row.name, *row.names_en) if language == "en" else row.names_vi:
            yield surface, Entry(kind="place", use="name", entity_id=f"region/{row.id}", name=row.name)
        for surface in row.adjectives_en if language == "en" else ():
            yield surface, Entry(kind="place", use="adjective", entity_id=f"region/{row.id}", name=row.name)


def _cities(language: str) -> Iterator[tuple[str, Entry]]:
    for row in load_cities():
        for surface in row.surfaces(language):
            yield (
                surface,
                Entry(
                    kind="place",
                    use="name",
                    entity_id=f"place/{slug(row.name)}",
                    name=row.name,
                    country=row.country,
                    ambiguous=row.ambiguous,
                ),
            )
