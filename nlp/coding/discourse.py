"""Remembers who the text is about, for sentences that leave their actor to the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Token

from db.model import UNKNOWN_COUNTRY, Participant
from nlp.coding.parties import Tags, is_pronoun

_PLURAL = frozenset({"they", "both", "we", "their", "them"})
_GENERIC = frozenset(
    [
        "government",
        "ministry",
        "minister",
        "official",
        "cabinet",
        "parliament",
        "authority",
        "delegation",
        "president",
        "administration",
        "side",
        "country",
        "leader",
        "regulator",
        "spokesman",
        "spokeswoman",
        "negotiator",
        "commission",
        "lawmaker",
        "capital",
        "state",
    ]
)
_ANYBODYS = frozenset({"lawmaker", "negotiator", "leader", "minister", "regulator", "delegation"})
"""Who, told of in the plural and without an article, can be of any country."""
_MEASURES = frozenset(
    ["measure", "move", "step", "restriction", "curb", "control", "decision", "rule", "ban", "plan", "action"]
)


_MEMORY = 3
"""Sentences for which "the decision" means the measure told last."""
_RULERS = frozenset({"junta", "regime", "army", "military", "ruler", "court", "parliament", "authorities"})
"""Who means the country spoken of only with "the" before it."""
_OWN_STATE = _GENERIC | {"island", "nation", "kingdom", "bloc", "republic"}


def is_ruler(noun: Token) -> bool:
    """Whether a noun means those who rule a country: "in neighbouring Togo, the junta"."""
    return noun.lemma_.lower() in _GENERIC | _RULERS


def is_general(noun: Token) -> bool:
    """Whether a noun with "the" means a state or body that the sentence names: "Tonga said the island would"."""
    return noun.lemma_.lower() in _OWN_STATE and any(child.lower_ == "the" for child in noun.children)


@dataclass(slots=True)
class Focus:
    """The party that acted last, the pair that met last, and the measure told last."""

    actors: tuple[Participant, ...] = ()
    pair: tuple[Participant, ...] = ()
    owners: tuple[Participant, ...] = ()
    """Whose measure was told last."""
    sentence: int = 0
    """Which sentence is read."""
    measure_at: int = 0
    """In which sentence the last measure was told."""

    def note(self, actors: Iterable[Participant], recipients: Iterable[Participant], two_sided: bool) -> None:
        """Remember who acted."""
        acting = tuple(one for one in actors if one.country != UNKNOWN_COUNTRY)
        if acting:
            self.actors = acting
        together = acting + tuple(one for one in recipients if one.country != UNKNOWN_COUNTRY)
        if two_sided and len(together) > 1:
            self.pair = together

    def note_measure(self, actors: Iterable[Participant]) -> None:
        """Remember whose measure was told."""
        owners = tuple(one for one in actors if one.country != UNKNOWN_COUNTRY)
        if owners:
            self.owners, self.measure_at = owners, self.sentence

    def owner(self, noun: Token) -> tuple[Participant, ...]:
        """Whose act "the decision", "the step" means: that of the measure told last."""
        definite = any(child.lower_ in ("the", "this", "these") for child in noun.children)
        if self.sentence - self.measure_at > _MEMORY:
            return ()
        return self.owners if definite and noun.lemma_.lower() in _MEASURES else ()

    def partners(self, actors: Iterable[Participant]) -> tuple[Participant, ...]:
        """With whom the actors met last, for a meeting told with one side only."""
        names = {one.entity_id for one in actors}
        if names & {one.entity_id for one in self.pair}:
            return tuple(one for one in self.pair if one.entity_id not in names)
        return ()

    def resolve(self, noun: Token | None, tags: Tags) -> tuple[Participant, ...]:
        """Whom a pronoun or a general noun ("officials", "the ministry", "the measures") means, or nobody."""
        if noun is None or tags.named(noun) is not None:
            return ()
        lemma = noun.lemma_.lower()
        both = any(child.lower_ == "both" for child in noun.children)
        if (noun.lower_ in _PLURAL or both) and self.pair:
            return self.pair
        if both:
            return ()
        definite = any(child.lower_ in ("the", "its", "this", "these") for child in noun.children)
        if definite and lemma in _RULERS:
            return self.actors
        if lemma in _ANYBODYS and noun.tag_ == "NNS" and not definite:
            return ()
        if is_pronoun(noun) or lemma in _GENERIC or (lemma in _MEASURES and definite):
            return self.actors
        return ()
