"""Names: the right span with the right label, which names mean the same, and who holds which office.

A span is compared without a leading article and a trailing possessive, as corpora differ on them. A prediction
that is not right but lies in a wider annotated phrase of its label is left out of the count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from db.model import Kind, Mention, TaggedDocument
from nlp.evaluation.figures import Figure, Slip, Tally, sentence_around, total
from nlp.evaluation.gold import EntitiesGold, GoldText
from nlp.evaluation.matching import BCubed

LABELS: dict[Kind, str] = {
    "person": "PERSON",
    "country": "PLACE",
    "government": "PLACE",
    "place": "PLACE",
    "ministry": "ORG",
    "organisation": "ORG",
    "party": "ORG",
    "bloc": "ORG",
    "company": "ORG",
}
_SCORED = ("PERSON", "PLACE", "ORG")
_ARTICLES = re.compile(r"(?:(?:the|a|an)\s+)+(?=\S)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?<=.)(?:['’]s|['’])\Z", re.DOTALL)

Name = tuple[int, int, str]
"""Start, end and label."""


class EntityScorer:
    """Adds up names; adjectives ("Japanese") count as places where the gold groups names, or as told."""

    def __init__(self, *, adjectives: bool | None = None) -> None:
        self.slips: list[Slip] = []
        self._adjectives = adjectives
        self._labels = {label: Tally() for label in _SCORED}
        self._grouping = BCubed()
        self._people = {"person with country": Tally(), "person with role": Tally()}
        self._countries = Tally()

    def add(self, gold: GoldText, found: TaggedDocument) -> None:
        """Score one text."""
        assert isinstance(gold, EntitiesGold)
        wanted = {
            (*trim(gold.text, one.start, one.end), one.label): one.entity
            for one in gold.ents
            if one.label in _SCORED
        }
        predicted = self._predicted(gold, found, grouped=any(group is not None for group in wanted.values()))
        for label, tally in self._labels.items():
            tally.add_bags(_with_label(wanted, label), _with_label(predicted, label))
        if any(group is not None for group in wanted.values()):
            self._grouping.add(wanted, predicted)
        self._add_people(gold, found)
        if gold.countries is not None:
            self._countries.add_bags(set(gold.countries), {one.code for one in found.countries})
        self.slips += _slips(gold, set(wanted), set(predicted))

    def figures(self) -> list[Figure]:
        """PERSON, PLACE, ORG, ALL; then grouping, offices and countries where the gold has them."""
        figures = [tally.figure(label) for label, tally in self._labels.items()]
        figures.append(total(self._labels.values()).figure("ALL"))
        if self._grouping.names:
            figures.append(self._grouping.figure("grouping (B-cubed)"))
        figures += [tally.figure(name) for name, tally in self._people.items() if tally.gold]
        if self._countries.gold:
            figures.append(self._countries.figure("countries"))
        return figures

    def _predicted(
        self, gold: EntitiesGold, found: TaggedDocument, *, grouped: bool
    ) -> dict[Name, str | None]:
        adjectives = grouped if self._adjectives is None else self._adjectives
        names = {
            (*trim(gold.text, one.start, one.end), LABELS[one.kind]): one.entity_id or None
            for one in found.mentions
            if one.form != "nominal" and (adjectives or one.form != "adjective")
        }
        right = {(*trim(gold.text, one.start, one.end), one.label) for one in gold.ents}
        return {name: group for name, group in names.items() if name in right or not _in_wider(name, gold)}

    def _add_people(self, gold: EntitiesGold, found: TaggedDocument) -> None:
        """Whose country and office the gold tells, name by name; persons it says nothing of count neither way."""
        told = {
            trim(gold.text, one.start, one.end): one
            for one in gold.ents
            if one.label == "PERSON" and one.country
        }
        people = {trim(gold.text, one.start, one.end): one for one in found.mentions if _is_named_person(one)}
        for span, right in told.items():
            mine = people.get(span)
            same_country = mine is not None and mine.country == right.country
            self._people["person with country"].add(right=same_country, predicted=mine is not None, gold=1)
            if right.role:
                same_role = same_country and mine is not None and _same_role(mine.role, right.role)
                claimed = mine is not None and mine.role is not None
                self._people["person with role"].add(right=same_role, predicted=claimed, gold=1)


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without leading articles, a trailing possessive and trailing white space."""
    articles = _ARTICLES.match(text, start, end)
    if articles and articles.end() < end:
        start = articles.end()
    possessive = _POSSESSIVE.search(text[start:end])
    if possessive:
        end = start + possessive.start()
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end


def _is_named_person(mention: Mention) -> bool:
    return mention.kind == "person" and mention.form != "nominal"


def _same_role(mine: str | None, right: str) -> bool:
    return (mine or "").casefold() == right.casefold()


def _with_label(names: Iterable[Name], label: str) -> list[Name]:
    return [name for name in names if name[2] == label]


def _in_wider(name: Name, gold: EntitiesGold) -> bool:
    start, end, label = name
    return any(one.start <= start and end <= one.end and one.label == label for one in gold.mentions)


def _slips(gold: EntitiesGold, wanted: set[Name], predicted: set[Name]) -> list[Slip]:
    slips = []
    for start, end, label in sorted(wanted ^ predicted):
        slips.append(
            Slip(
                id=gold.id,
                error="missed" if (start, end, label) in wanted else "false alarm",
                what=f"{label} '{gold.text[start:end]}'",
                sentence=sentence_around(gold.text, start, end),
            )
        )
    return slips
