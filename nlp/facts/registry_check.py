"""Checks of the registry of office-holders that no single row can answer: doubles, overlaps, gaps."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import timedelta
from difflib import get_close_matches
from itertools import pairwise
from pathlib import Path

from nlp.facts.own_actors import read_own_actors
from nlp.facts.registry import DATA
from nlp.facts.registry_rows import PersonRow, RoleRow, TenureRow, first_day, last_day, read_rows

GAP = timedelta(days=120)
"""A vacancy that long between two holders of an office is worth a look; shorter ones are politics as usual."""

_Office = tuple[str, str, str | None]
_Line = tuple[int, TenureRow]


def check_registry(folder: Path = DATA, *, gaps: bool = True) -> list[str]:
    """What is wrong in the three files, in words that name file and line; empty when all is well.

    Gaps are hints (a holder may simply not be listed); leave them out with `gaps=False`. A malformed row
    raises DataFileError, as in the loader.
    """
    roles = read_rows(folder / "roles.csv", RoleRow)
    people = read_rows(folder / "people.csv", PersonRow)
    tenures = read_rows(folder / "tenures.csv", TenureRow)
    single = {row.role for _, row in roles if row.holders == "one"}
    problems = [
        *_doubles("roles.csv", "role", [(line, row.role) for line, row in roles]),
        *_doubles("roles.csv", "English title", _titles(roles, "titles_en")),
        *_doubles("roles.csv", "Vietnamese title", _titles(roles, "titles_vi")),
        *_doubles("people.csv", "id", [(line, row.id) for line, row in people]),
        *_doubles("people.csv", "name", [(line, row.name) for line, row in people]),
        *_strangers(tenures, {row.id for _, row in people}, {row.role for _, row in roles}),
        *_backward(tenures),
        *_overlaps(tenures, single),
    ]
    return problems + (list(_gaps(tenures, single)) if gaps else [])


def check_own(file: Path, folder: Path = DATA) -> list[str]:
    """What is wrong in a user's own file of actors, alone and beside the registry; empty when all is well.

    A malformed entry raises DataFileError.
    """
    own = read_own_actors(file)
    roles = {row.role: row for _, row in read_rows(folder / "roles.csv", RoleRow)}
    known = {row.id: row for _, row in read_rows(folder / "people.csv", PersonRow)}
    held = [*read_rows(folder / "tenures.csv", TenureRow)]
    problems = []
    for kind, ids in (
        ("people", [person.row().id for person in own.people]),
        ("organisations", [organisation.row().id for organisation in own.organisations]),
    ):
        problems += [f"{kind}: two entries have the id {one!r}" for one, n in Counter(ids).items() if n > 1]
    for number, person in enumerate(own.people):
        same = known.get(person.row().id)
        if same is not None and same.country != person.country:
            problems.append(
                f"people[{number}]: {person.name} of {person.country} has the id of {same.name} of {same.country}; "
                "give an 'id' of its own"
            )
    for place, row in own.tenures():
        if row.role not in roles:
            near = ", ".join(get_close_matches(row.role, roles, 3)) or ", ".join(sorted(roles)[:3]) + ", ..."
            problems.append(f"{place}: unknown role {row.role!r}. Known are: {near}")
        elif first_day(row.start) > last_day(row.end):
            problems.append(f"{place}: ends ({row.end}) before the start ({row.start})")
        elif roles[row.role].holders == "one":
            problems += [f"{place}: {fact}" for fact in _beside(row, held)]
        held.append((0, row))
    return problems


def _beside(row: TenureRow, held: list[_Line]) -> Iterator[str]:
    """Who else holds the office at the same time for certain."""
    for _, other in held:
        same = (other.role, other.country, other.organisation) == (row.role, row.country, row.organisation)
        begun = max(last_day(row.start), last_day(other.start))
        ended = min(first_day(row.end or "9999"), first_day(other.end or "9999"))
        if same and other.person != row.person and begun < ended:
            until = f" until {other.end}" if other.end else ""
            yield (
                f"overlap of {row.person} and {other.person} as {row.role} of {row.country} "
                f"(from {other.start or 'an unknown day'}{until})"
            )


def _titles(roles: list[tuple[int, RoleRow]], column: str) -> list[tuple[int, str]]:
    return [(line, title.casefold()) for line, row in roles for title in getattr(row, column)]


def _doubles(file: str, what: str, values: list[tuple[int, str]]) -> Iterator[str]:
    times = Counter(value for _, value in values)
    for line, value in values:
        if times[value] > 1:
            yield f"{file}, line {line}: duplicate {what} {value!r}"


def _strangers(tenures: list[_Line], people: set[str], roles: set[str]) -> Iterator[str]:
    for line, row in tenures:
        if row.person not in people:
            yield f"tenures.csv, line {line}: unknown person {row.person!r}"
        if row.role not in roles:
            yield f"tenures.csv, line {line}: unknown role {row.role!r}"
    serving = {row.person for _, row in tenures}
    yield from (f"people.csv: {person!r} has no tenure" for person in sorted(people - serving))


def _backward(tenures: list[_Line]) -> Iterator[str]:
    for line, row in tenures:
        if first_day(row.start) > last_day(row.end):
            yield f"tenures.csv, line {line}: {row.person} ends ({row.end}) before the start ({row.start})"


def _overlaps(tenures: list[_Line], single: set[str]) -> Iterator[str]:
    """Two tenures at once for certain: more than the day of handover, whatever the coarse dates stand for."""
    for office, held in _offices(tenures).items():
        for place, (line, row) in enumerate(held):
            for other_line, other in held[place + 1 :]:
                if row.person != other.person and office[0] not in single:
                    continue
                begun = max(last_day(row.start), last_day(other.start))
                if row == other or begun < min(first_day(row.end or "9999"), first_day(other.end or "9999")):
                    yield (
                        f"tenures.csv, lines {line} and {other_line}: overlap of {row.person} and "
                        f"{other.person} as {_words(office)}"
                    )


def _gaps(tenures: list[_Line], single: set[str]) -> Iterator[str]:
    for office, held in _offices(tenures).items():
        for (line, row), (next_line, following) in pairwise(held):
            open_ended = row.end is None or following.start is None
            if office[0] in single and not open_ended:
                empty = first_day(following.start) - last_day(row.end)
                if empty > GAP:
                    yield (
                        f"tenures.csv, lines {line} and {next_line}: gap of {empty.days} days between "
                        f"{row.person} and {following.person} as {_words(office)}"
                    )


def _offices(tenures: list[_Line]) -> dict[_Office, list[_Line]]:
    held: dict[_Office, list[_Line]] = defaultdict(list)
    for line, row in sorted(tenures, key=lambda item: (first_day(item[1].start), last_day(item[1].end))):
        held[row.role, row.country, row.organisation].append((line, row))
    return held


def _words(office: _Office) -> str:
    role, country, organisation = office
    return f"{role} of {organisation or country}"
