"""Links the people of a document: short forms to full names, names to the registry, roles by the date."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from spacy.tokens import Doc

from db.model import UNKNOWN_COUNTRY
from nlp.facts.registry import Person, role_on
from nlp.names.findings import Finding
from nlp.names.gazetteer import slug
from nlp.names.office_holders import holder_of_family_name, is_like, is_vaguer, registered_person, seniority
from nlp.names.titles import Title


@dataclass(slots=True)
class Individual:
    """One person of the document: what is known so far, and the family and full names used for them."""

    entity_id: str
    name: str
    country: str
    role: str | None
    sector: str | None
    person: Person | None
    names: set[tuple[str, ...]] = field(default_factory=set)
    family: set[str] = field(default_factory=set)
    last_seen: int = -1
    past: str | None = None
    """The office that the text says the person has left."""
    is_told: bool = False
    """Whether the role is one that the text says, and not the registry's."""


class PeopleLinker:
    """Gives every person finding of one document its entity, canonical name, country and role."""

    def __init__(self, language: str, day: date | None) -> None:
        self.language = language
        self.day = day
        self.individuals: list[Individual] = []

    def link(self, findings: Sequence[Finding], words: Sequence[str]) -> None:
        """Fill in the findings; full names first, so that a headline's "Kato" finds the text's "Katsunobu Kato"."""
        people = [finding for finding in findings if finding.kind == "person"]
        full = [finding for finding in people if finding.end - finding.start > 1]
        for finding in sorted(full, key=lambda f: (f.start - f.end, f.start)):
            self._introduce(finding, _parts(words[finding.start : finding.end]))
        for finding in people:
            if finding.end - finding.start > 1:
                self._seen(finding)
            else:
                self._shorten(finding, words[finding.start])
        for finding in people:
            self._complete(finding)

    def link_again(self, findings: Sequence[Finding], words: Sequence[str]) -> None:
        """Fill in single names that were found by the family names of this linker."""
        for individual in self.individuals:
            individual.last_seen = -1
        for finding in sorted(findings, key=lambda f: f.start):
            if finding.entity_id:
                self._seen(finding)
            else:
                self._shorten(finding, " ".join(words[finding.start : finding.end]))
                self._complete(finding)

    def family_names(self) -> set[str]:
        """The names by which the document may call its people again."""
        return {name for individual in self.individuals for name in individual.family if individual.names}

    def _introduce(self, finding: Finding, name: tuple[str, ...]) -> None:
        individual = self._with_full_name(finding, name) or self._new(finding, name)
        individual.names.add(name)
        if len(name[-1]) > 2 and name[-1] not in _SUFFIXES:
            individual.family.add(name[-1])  # "Hartarto" of Airlangga Hartarto, whose family name it is not
        elif name[-1] in _SUFFIXES and len(name) > 2:
            individual.family.add(name[-2])
        self._learn(individual, finding)
        finding.entity_id = individual.entity_id

    def _with_full_name(self, finding: Finding, name: tuple[str, ...]) -> Individual | None:
        person = registered_person(" ".join(name), finding, self.language, self.day)
        for cut in range(len(name) - 1, 2, -1):  # "Faisal bin Farhan al-Saud": known without the last part
            if person is None and name[cut].lower() in ("al", "el", "bin"):
                person = registered_person(" ".join(name[:cut]), finding, self.language, self.day)
        if person is not None:
            known = self._by_id(f"person/{person.id}")
            if person.name.split()[0] not in name and len(name) < len(person.name.split()):
                finding.form = "short"  # "von der Leyen"
            return known or self._register(person)
        parts = {part for part in name if part[0].isupper()}
        for individual in self.individuals:
            if " ".join(name) in individual.family:
                finding.form = "short"  # "von der Leyen", "Lacalle Pou"
                return individual
            for other in individual.names:
                if name == other or (
                    parts <= set(other)
                    and len(parts) > 1
                    and _agrees(individual, finding)
                    and name[-1] == other[-1]
                ):
                    return individual
        return None

    def _new(self, finding: Finding, name: tuple[str, ...]) -> Individual:
        spelled = _spell(name)
        served = finding.country if finding.country != UNKNOWN_COUNTRY else finding.origin or UNKNOWN_COUNTRY
        country = served if served != UNKNOWN_COUNTRY else "unknown"
        individual = Individual(
            entity_id=f"person/x-{slug(spelled)}-{country.lower()}",
            name=spelled,
            country=served,
            role=None,
            sector=None,
            person=None,
        )
        individual.family = {name[-1]} | (
            {name[0]} if _family_first(finding.country, name, self.language) else set()
        )
        if len(name) > 2 and name[-2] in ("-",):
            individual.family.add("".join(name[-3:]))
        self.individuals.append(individual)
        return individual

    def _register(self, person: Person) -> Individual:
        tenure = role_on(person, self.day)
        # Officials of the European Union or the IMF act for these, not for the country they come from.
        country = tenure.country if tenure and not tenure.former else person.country
        individual = Individual(
            entity_id=f"person/{person.id}",
            name=person.name,
            country=country,
            person=person,
            role=tenure.role.role if tenure else None,
            sector=tenure.role.sector if tenure else None,
        )
        if tenure and tenure.former:
            individual.role = None
        individual.family = {person.family_name, *person.short_names(self.language)}
        self.individuals.append(individual)
        return individual

    def _learn(self, individual: Individual, finding: Finding) -> None:
        """What the words beside a name say counts for the person, above what the registry says."""
        if individual.country == UNKNOWN_COUNTRY and finding.country != UNKNOWN_COUNTRY:
            individual.country = finding.country
        if finding.role and finding.former:
            individual.past = f"former {finding.role}"
        if finding.role and not finding.former and not self._has_higher(individual, finding.role):
            individual.role, individual.sector, individual.is_told = finding.role, finding.sector, True

    def _has_higher(self, individual: Individual, role: str) -> bool:
        """Whether the person is known by an office that says more, or that the text told and that is above this one."""
        known = individual.role
        if not known:
            return False
        # Vietnamese calls the Treasury Secretary a finance minister.
        alike = self.language == "vi" and individual.person is not None and is_like(role, known)
        lower = individual.is_told and seniority(role) > seniority(known)
        return alike or lower or is_vaguer(role, known)

    def _seen(self, finding: Finding) -> None:
        individual = self._by_id(finding.entity_id)
        if individual is not None:
            individual.last_seen = finding.start

    def _shorten(self, finding: Finding, word: str) -> None:
        """A single name: somebody of this document, else a senior office-holder of the day, else unknown."""
        candidates = [
            i
            for i in self.individuals
            if word in i.family or (any(word == n[0] for n in i.names) and not finding.role)
        ]
        fitting = [i for i in candidates if _agrees(i, finding)] or (
            [] if finding.role and finding.country != "---" else candidates
        )
        if fitting:
            surname = [i for i in fitting if word in i.family] or fitting
            # The one named last before this place; in a headline, the one named first after it.
            before = [i for i in surname if i.last_seen >= 0]
            individual = max(before, key=lambda i: i.last_seen) if before else surname[0]
            finding.form = "short"
        else:
            person = registered_person(word, finding, self.language, self.day)  # "Jokowi"
            person = person or holder_of_family_name(word, finding, self.language, self.day)
            if person is not None:
                individual = self._by_id(f"person/{person.id}") or self._register(person)
                finding.form = "short"
            else:
                individual = self._new(finding, (word,))
                individual.names.add((word,))
                finding.form = "short"
        finding.entity_id = individual.entity_id
        self._learn(individual, finding)
        individual.last_seen = finding.start

    def _complete(self, finding: Finding) -> None:
        individual = self._by_id(finding.entity_id)
        if individual is None:
            return
        finding.name = individual.name
        finding.country = individual.country
        if finding.former and finding.role and finding.role != individual.role:
            finding.role = f"former {finding.role}"
        elif finding.role is None or self._has_higher(individual, finding.role):
            finding.role = individual.role or individual.past
        finding.sector = finding.sector or individual.sector
        if individual.person is not None:
            finding.rule += f"; registry {individual.person.id}"

    def _by_id(self, entity_id: str) -> Individual | None:
        return next((i for i in self.individuals if i.entity_id == entity_id), None)


def nominal_people(doc: Doc, titles: Sequence[Title], findings: Sequence[Finding]) -> list[Finding]:
    """ "The minister", "the president": the person named last before it who holds that office."""
    used = {finding.title for finding in findings}
    people = sorted((f for f in findings if f.kind == "person"), key=lambda f: f.end)
    ends = [f.end for f in people]
    found = []
    for title in titles:
        before = title.start - 1
        if (title.start, title.end) in used or before < 0 or doc[before].lower_ not in ("the", "this"):
            continue
        if title.end < len(doc) and (
            doc[title.end].text[0].isupper() or doc[title.end].lower_ in ("of", "for", "general")
        ):
            continue
        if not doc[title.start].text[0].islower():
            continue
        last = doc[title.end - 1].lower_
        country = title.country if title.country and not title.bare else None
        who = next(
            (
                f
                for f in reversed(people[: bisect_right(ends, before)])
                if f.role
                and (f.role == title.role or f.role.lower().split()[-1] == last)
                and country in (None, f.country)
            ),
            None,
        )
        if who is not None:
            found.append(
                Finding(
                    start=title.start,
                    end=title.end,
                    kind="person",
                    form="nominal",
                    entity_id=who.entity_id,
                    name=who.name,
                    country=who.country,
                    role=who.role,
                    sector=who.sector,
                    rule="title of the person named before",
                )
            )
    return found


def _agrees(individual: Individual, finding: Finding) -> bool:
    """Whether country and role beside a name leave it possible that this person is meant."""
    if finding.country != UNKNOWN_COUNTRY and individual.country not in (UNKNOWN_COUNTRY, finding.country):
        return False
    if finding.role and individual.role and finding.role != individual.role and not finding.former:
        if is_vaguer(finding.role, individual.role):
            return True
        held = {tenure.role.role for tenure in individual.person.tenures} if individual.person else set()
        return finding.role in held or (individual.person is None and individual.role is None)
    return True


_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III"})
_FAMILY_FIRST = frozenset({"CHN", "TWN", "HKG", "MAC", "KOR", "PRK", "VNM", "KHM", "HUN"})


def _family_first(country: str, name: Sequence[str], language: str) -> bool:
    return country in _FAMILY_FIRST or "-" in name


def _parts(words: Sequence[str]) -> tuple[str, ...]:
    """The words of a name, "Jr." one of them where the tokenizer cuts its dot off."""
    if len(words) > 2 and words[-1] == "." and words[-2] in _SUFFIXES:
        return (*words[:-2], f"{words[-2]}.")
    return tuple(words)


def _spell(name: Sequence[str]) -> str:
    return " ".join(name).replace(" - ", "-")
