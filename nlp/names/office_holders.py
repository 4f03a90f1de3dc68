"""Finds in the registry whom a name means: by full name, by family name, title, country and day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import cache

from db.model import UNKNOWN_COUNTRY
from nlp.facts.registry import Person, Role, load_roles, people_by_alias, people_by_family_name, role_on
from nlp.names.findings import Finding

_MIDDLE_INITIAL = re.compile(r"(?<=\w)\s(?:[A-Z]\.\s?)+(?=[A-Z]\w)")
"""The "A." of "Mark A. Milley", which most texts leave out."""

_SENIOR = 60
"""Roles up to this line of roles.csv are known well enough that a bare family name means their holder."""


def registered_person(name: str, finding: Finding, language: str, day: date | None) -> Person | None:
    """Whom a full name means; None when the words beside it speak of a country that the person never served."""
    known = people_by_alias(language)
    full = name.replace(" - ", "-")
    people = known.get(full) or known.get(_MIDDLE_INITIAL.sub(" ", full)) or ()
    return _likeliest([person for person in people if _may_serve(person, finding.country)], day)


def holder_of_family_name(word: str, finding: Finding, language: str, day: date | None) -> Person | None:
    """Who of that family name holds an office that fits the words beside it, on that day."""
    fitting = []
    for person in people_by_family_name(language).get(word, ()):
        tenure = role_on(person, day)
        past_head = language == "vi" and finding.rule == "honorific" and _was_head(person, word, language)
        if not past_head and (tenure is None or (tenure.former and not finding.former)):
            continue
        if not _may_serve(person, finding.country):
            continue
        held = {held.role.role for held in person.tenures}
        if (
            finding.role
            and finding.role not in held
            and not any(is_vaguer(finding.role, role) for role in held)
        ):
            continue
        plain = not finding.role and finding.country == UNKNOWN_COUNTRY and not past_head
        if plain and tenure is not None and tenure.role.seniority > _SENIOR:
            continue
        fitting.append(person)
    return _likeliest(fitting, day)


def _was_head(person: Person, word: str, language: str) -> bool:
    """Whether only this person bears the name and has led, or will lead, a country: "ông Biden" in 2025."""
    alone = len(people_by_family_name(language)[word]) == 1 and len(word) > 4
    return alone and any(t.role.portfolio in _HEADS for t in person.tenures)


_HEADS = frozenset({"head_of_state", "head_of_government"})


def known_family_names(day: date | None) -> frozenset[str]:
    """Family names that on that day one senior office-holder of the registry bears, and nobody else in it."""
    return _family_names_on(day.isoformat()[:7] if day else "")


def is_vaguer(said: str, known: str) -> bool:
    """Whether the words say less than is known, as "Minister" does of a Finance Minister."""
    if known.endswith(" " + said):
        return True
    roles = _roles()
    if said not in roles or known not in roles or roles[said].portfolio is not None:
        return False
    return roles[known].portfolio is not None and (
        said in _BARE or known.split()[-1] == said.split()[-1] == said
    )


_BARE = frozenset({"Minister", "Official", "Chair"})
"""Roles that say nothing of what the person is charged with."""


def is_like(said: str, known: str) -> bool:
    """Whether both are offices of one portfolio, and the one said is every country's."""
    roles = _roles()
    if said not in roles or known not in roles or said == known:
        return False
    portfolios = {
        _SAME_PORTFOLIO.get(roles[one].portfolio or "", roles[one].portfolio) for one in (said, known)
    }
    return (
        len(portfolios) == 1
        and None not in portfolios
        and (roles[said].single_holder or roles[known].country is not None)
    )


_SAME_PORTFOLIO = {"commerce": "trade"}


def is_single_office(role: str) -> bool:
    """Whether one person at a time holds the office in a country, as with a finance minister."""
    known = _roles().get(role)
    return known is not None and known.single_holder


def seniority(role: str) -> int:
    """The place of a role in the order of roles.csv, the highest first; unknown ones last."""
    known = _roles().get(role)
    return known.seniority if known else 10**6


@cache
def _roles() -> dict[str, Role]:
    return {role.role: role for role in load_roles()}


@cache
def _family_names_on(month: str) -> frozenset[str]:
    day = date.fromisoformat(f"{month}-15") if month else None
    names = set()
    for name, people in people_by_family_name("en").items():
        tenure = role_on(people[0], day)
        if (
            len(people) == 1
            and tenure
            and not tenure.former
            and tenure.role.seniority <= _SENIOR
            and len(name) > 3
        ):
            names.add(name)
    return frozenset(names)


def _may_serve(person: Person, country: str) -> bool:
    return country in {UNKNOWN_COUNTRY, person.country, *(tenure.country for tenure in person.tenures)}


def _likeliest(people: Iterable[Person], day: date | None) -> Person | None:
    """The one with the most senior office on the day; those without an office last."""

    def rank(person: Person) -> tuple[bool, int]:
        tenure = role_on(person, day)
        return (tenure is None or tenure.former, tenure.role.seniority if tenure else 10**6)

    return min(people, key=rank, default=None)
