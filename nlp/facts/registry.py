"""The registry of office-holders: who they are, what they are called, and which office they held on a day."""

from __future__ import annotations

import os
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

from db.errors import DataFileError
from nlp.facts.own_actors import VARIABLE, OwnActors, own_actors
from nlp.facts.registry_rows import PersonRow, RoleRow, TenureRow, first_day, last_day, read_rows

DATA = Path(__file__).parents[1] / "data"


@dataclass(frozen=True, slots=True, kw_only=True)
class Role:
    """An office: its English name, its sector, and the titles that texts give it by language ("en", "vi")."""

    role: str
    sector: str
    country: str | None
    portfolio: str | None
    single_holder: bool
    seniority: int
    titles: Mapping[str, tuple[str, ...]] = field(hash=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tenure:
    """One person in one office; `start` and `end` are ISO dates as coarse as known, None where open.

    `former` is set by `role_on` when the day asked about lies after the end.
    """

    person: str
    role: Role
    country: str
    organisation: str | None
    start: str | None
    end: str | None
    source: str | None
    former: bool = False

    def holds_on(self, day: date) -> bool:
        """Whether the day may lie in the tenure: a coarse date counts from its first to its last day."""
        return first_day(self.start) <= day <= last_day(self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An office-holder; `aliases` are further full names by language ("en", "vi"), `tenures` the oldest first."""

    id: str
    name: str
    country: str
    family_name: str
    gender: str | None
    aliases: Mapping[str, tuple[str, ...]] = field(hash=False)
    tenures: tuple[Tenure, ...]

    def names(self, language: str) -> tuple[str, ...]:
        """Every full name a text in that language may use: the Latin spellings always, with and without accents."""
        own = [form for alias in self.aliases.get(language, ()) for form in _tone_spellings(alias)]
        latin = [name for known in (self.name, *self.aliases["en"]) for name in _spellings(known)]
        return tuple(dict.fromkeys((*latin, *own)))

    def short_names(self, language: str) -> tuple[str, ...]:
        """The names that stand alone in later mentions: the family name, and its form in the language's aliases.

        The aliases follow the order of the home country: the family name first where `name` has it first
        ("Tập" of Tập Cận Bình), the given name last for Vietnamese ("Chính" of Phạm Minh Chính).
        """
        place = -1 if self.country == "VNM" else 0 if self.name.split()[0] == self.family_name else None
        own = () if language == "en" or place is None else self.aliases.get(language, ())
        local = [alias.split()[place or 0] for alias in own]
        return tuple(dict.fromkeys((*_spellings(self.family_name), *local)))


def role_on(person: Person, day: date | None) -> Tenure | None:
    """The office a person held on a day, the most senior of several (the order of `roles.csv`).

    Where none was in force, the one that ended last before the day, with `former` set; None if there was
    none either. Without a day, the office held as far as the registry knows.
    """
    moment = day or date.max
    holding = [tenure for tenure in person.tenures if tenure.holds_on(moment)]
    if holding:
        return min(holding, key=lambda tenure: tenure.role.seniority)
    ended = [tenure for tenure in person.tenures if last_day(tenure.end) < moment]
    if not ended:
        return None
    latest = max(ended, key=lambda tenure: (last_day(tenure.end), -tenure.role.seniority))
    return replace(latest, former=True)


@cache
def people_by_alias(language: str) -> dict[str, tuple[Person, ...]]:
    """Every full name of the language (NFC, case as written) with the people who bear it."""
    return _index((name, person) for person in load_people() for name in person.names(language))


@cache
def people_by_family_name(language: str = "en") -> dict[str, tuple[Person, ...]]:
    """Every short form of the language ("Xi"; in Vietnamese also "Tập") with the people it may mean."""
    return _index((name, person) for person in load_people() for name in person.short_names(language))


@cache
def roles_by_title(language: str) -> dict[str, Role]:
    """Every title of the language, case-folded, with its one role."""
    return {title.casefold(): role for role in load_roles() for title in role.titles[language]}


@cache
def load_roles(folder: Path = DATA) -> tuple[Role, ...]:
    """The offices of `roles.csv`, the most senior first; DataFileError names the line that breaks a rule."""
    return tuple(
        Role(
            role=row.role,
            sector=row.sector,
            country=row.country,
            portfolio=row.portfolio,
            single_holder=row.holders == "one",
            seniority=line,
            titles={
                "en": row.titles_en,
                "vi": tuple(form for title in row.titles_vi for form in _tone_spellings(title)),
            },
        )
        for line, row in read_rows(folder / "roles.csv", RoleRow)
    )


@cache
def load_people(folder: Path = DATA) -> tuple[Person, ...]:
    """Everybody of `people.csv` with the offices of `tenures.csv`.

    DataFileError names file, line and column of the first row that is malformed or names an unknown person or role.
    """
    roles = {role.role: role for role in load_roles(folder)}
    people = read_rows(folder / "people.csv", PersonRow)
    known = {row.id for _, row in people}
    own = own_actors() if folder == DATA else OwnActors()
    tenures: dict[str, list[Tenure]] = defaultdict(list)
    for line, row in read_rows(folder / "tenures.csv", TenureRow):
        for column, value, allowed in (("person", row.person, known), ("role", row.role, roles)):
            if value not in allowed:
                raise DataFileError(
                    folder / "tenures.csv", f"line {line}, column {column}", f"unknown {column} {value!r}"
                )
        values = row.model_dump() | {"role": roles[row.role]}
        tenures[row.person].append(Tenure(**values))
    for place, row in own.tenures():
        if row.role not in roles:
            raise DataFileError(
                os.environ[VARIABLE], place, f"unknown role {row.role!r}", remedy=_ROLES_REMEDY
            )
        tenures[row.person].append(Tenure(**row.model_dump() | {"role": roles[row.role]}))
    rows = {row.id: row for _, row in people}
    for added in (person.row() for person in own.people):
        rows[added.id] = _merged(rows[added.id], added) if added.id in rows else added
    return tuple(_person(row, tenures[row.id]) for row in rows.values())


_ROLES_REMEDY = "'dateline actors check' lists the roles that are known"


def _merged(row: PersonRow, added: PersonRow) -> PersonRow:
    """A known person with the further aliases of a user's entry."""
    names = (row.name, *row.aliases_en)
    further = tuple(name for name in (added.name, *added.aliases_en) if name not in names)
    return row.model_copy(
        update={
            "aliases_en": (*row.aliases_en, *further),
            "aliases_vi": tuple(dict.fromkeys((*row.aliases_vi, *added.aliases_vi))),
        }
    )


def _person(row: PersonRow, tenures: list[Tenure]) -> Person:
    return Person(
        id=row.id,
        name=row.name,
        country=row.country,
        family_name=row.family_name,
        gender=row.gender,
        aliases={"en": row.aliases_en, "vi": row.aliases_vi},
        tenures=tuple(sorted(tenures, key=lambda tenure: first_day(tenure.start))),
    )


_STROKED = str.maketrans("đĐøØłŁı", "dDoOlLi")  # letters that Unicode does not decompose


def _spellings(name: str) -> tuple[str, ...]:
    """A name as written, without accents, and with the typographer's apostrophe."""
    plain = unicodedata.normalize("NFD", name.translate(_STROKED))
    bare = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(dict.fromkeys((name, bare, name.replace("'", "’"))))


# Vietnamese puts the tone of an open syllable on either vowel: Hòa or Hoà, Ủy or Uỷ; never so after "q" (quý).
_MOVABLE_TONE = re.compile(r"(?<![qQ])(?:([òóỏõọùúủũụÒÓỎÕỌÙÚỦŨỤ])([aey])|([ouOU])([àáảãạèéẻẽẹỳýỷỹỵ]))\b")


def _tone_spellings(text: str) -> tuple[str, ...]:
    """A Vietnamese text as written, and in every mixture of the two habits of placing the tone."""

    def moved(found: re.Match[str]) -> str:
        first, last = (unicodedata.normalize("NFD", vowel) for vowel in found.groups() if vowel)
        return unicodedata.normalize("NFC", first[0] + last[1:] + last[0] + first[1:])

    choices = [dict.fromkeys((word, _MOVABLE_TONE.sub(moved, word))) for word in text.split(" ")]
    return tuple(" ".join(words) for words in product(*choices))


def _index(pairs: Iterable[tuple[str, Person]]) -> dict[str, tuple[Person, ...]]:
    found: dict[str, list[Person]] = defaultdict(list)
    for name, person in pairs:
        found[name].append(person)
    return {name: tuple(people) for name, people in found.items()}
