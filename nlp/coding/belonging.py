"""To which country people and bodies without one belong: "rebels", "the opposition", "800 workers"."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Token

from db.model import INTERNATIONAL, UNKNOWN_COUNTRY, Participant
from nlp.coding.grammar import is_passive, prepositional
from nlp.coding.noun_classes import is_reciprocal
from nlp.coding.parties import is_pronoun, unique
from nlp.coding.roles import INTERNAL, RoleFinder, Side
from nlp.coding.sentence_reading import SentenceReading
from nlp.coding.stages import Shape
from nlp.coding.trigger import Trigger
from nlp.coding.word_index import lemma_of

_NAMES = frozenset({"PERSON", "ORG", "NORP", "GPE"})
_LOCAL = INTERNAL | {"RETREAT", "MOBILIZE", "SANCTION", "AID"}
"""Types that a party without a country mostly carries out in the country that the sentence names."""
_AIMED_ACTS = frozenset({"ACCUSE", "THREATEN", "SANCTION", "ASSAULT"})
"""Types that two parties may do to one another."""


class Belonging:
    """Gives countries to the sides of the acts of one sentence."""

    def __init__(self, reading: SentenceReading, roles: RoleFinder) -> None:
        self.reading, self.roles, self.tags = reading, roles, reading.tags

    def settled(self, trigger: Trigger, shape: Shape, actor: Side, recipient: Side) -> tuple[Side, Side]:
        """People and bodies without a country belong to that of the other side: "rebels", "the opposition"."""
        if not recipient.who and len(unique(actor.who)) > 1 and self._is_mutual(trigger, shape):
            return replace(actor, who=actor.who[:1]), Side(actor.who[1:], "one another")
        if trigger.frame.effect is not None or shape.instrument is not None:
            return self._own_people(trigger, shape, actor, recipient), recipient
        if not actor.who:
            actor = self._unnamed_actor(trigger, shape, actor, recipient)
        if not actor.who and actor.head is None and is_passive(trigger.token) and recipient.who:
            actor = self._unsaid_actor(trigger, shape, recipient)
        known = [one for one in actor.who if one.country not in (UNKNOWN_COUNTRY, INTERNATIONAL)]
        if actor.rule == "between-phrase" and shape.event_type == "ASSAULT" and len(known) > 1:
            return replace(actor, who=actor.who[:1]), Side(actor.who[1:], "between-phrase")
        if len({one.country for one in known}) == 1 and not recipient.who and shape.event_type in INTERNAL:
            for noun in trigger.objects:
                owned = any(child.dep_ == "poss" and is_pronoun(child) for child in noun.children)
                if self._is_domestic(noun) and not owned:
                    return actor, Side((_of_country(noun, known[0].country),), "of the actor's country")
            if shape.event_type == "PROTEST" or trigger.frame.at_home:
                own = replace(known[0], entity_id=None, name=None, role=None)
                return actor, Side((own,), "of the actor's country")
        return actor, recipient

    def _own_people(self, trigger: Trigger, shape: Shape, actor: Side, recipient: Side) -> Side:
        """People without a country who speak to a government about its measure are its own: "senators urged"."""
        head = actor.head
        speaks = shape.event_type in ("REQUEST", "ACCUSE", "REJECT") and trigger.frame.effect is None
        if actor.who or head is None or not speaks or len({one.country for one in recipient.who}) != 1:
            return actor
        people = [head, *(noun for name, noun in prepositional(head) if name == "of")]
        if not any(self.reading.index.in_class(lemma_of(noun), ("domestic",)) for noun in people):
            return actor
        return Side((_of_country(head, recipient.who[0].country),), "of the recipient's country", head)

    def _is_mutual(self, trigger: Trigger, shape: Shape) -> bool:
        """Whether those who act do it to one another: "traded barbs", "expelled each other's envoys"."""
        if shape.event_type not in _AIMED_ACTS:
            return False
        return trigger.frame.two_sided or any(map(is_reciprocal, trigger.token.subtree))

    def _unnamed_actor(self, trigger: Trigger, shape: Shape, actor: Side, recipient: Side) -> Side:
        """An actor told without a country: that of the place, of the other side, or the one the sentence names."""
        head = actor.head
        if head is None or not self._is_group(head):
            return actor
        internal = shape.event_type in INTERNAL
        place = self.roles.place(trigger.token) or [
            one for noun in trigger.objects for one in self.roles.place(noun)
        ]
        if place and shape.event_type in _LOCAL:
            return Side((_of_country(head, place[0].country),), "of the place's country", head)
        aimed = [one for one in recipient.who if one.country != UNKNOWN_COUNTRY]
        if aimed and internal and trigger.frame.mode != "deport" and self._is_domestic(head):
            return Side((_of_country(head, aimed[0].country),), "of the recipient's country", head)
        named = self.reading.countries() if not aimed and shape.event_type in _LOCAL else ()
        country = named[0] if len(named) == 1 else UNKNOWN_COUNTRY
        return Side((_of_country(head, country),), "a party without a country", head)

    def _unsaid_actor(self, trigger: Trigger, shape: Shape, recipient: Side) -> Side:
        """Who does what is told in the passive: the owner of the forces, the place, the own country."""
        aimed = [one for one in recipient.who if one.country != UNKNOWN_COUNTRY]
        if shape.event_type == "MOBILIZE" and aimed:
            return Side(tuple(aimed[:1]), "whose forces they are")
        at_home = shape.event_type in ("ACCUSE", "COERCE") and trigger.frame.mode != "deport"
        if at_home and aimed and trigger.objects:
            place = self.roles.place(trigger.token)
            country = place[0].country if place else aimed[0].country
            return Side((_of_country(trigger.objects[0], country),), "where it was done")
        return Side()

    def _is_group(self, noun: Token) -> bool:
        """Whether a noun without a country is still somebody who acts: people, a body, a person's name."""
        index, lemma = self.reading.index, lemma_of(noun)
        if index.in_class(lemma, ("observer",)):
            return False
        return (
            index.in_class(lemma, ("group", "people")) or self.tags.is_body(noun) or noun.ent_type_ in _NAMES
        )

    def _is_domestic(self, noun: Token) -> bool:
        index = self.reading.index
        if noun.lemma_ == "party" and noun.tag_ == "NNS":
            # "all parties" to a conflict are nobody's own
            return any(index.in_class(child.lemma_.lower(), ("domestic",)) for child in noun.children)
        known = index.in_class(noun.lemma_.lower(), ("people", "domestic"))
        return known or noun.ent_type_ == "PERSON"


def _of_country(noun: Token, country: str) -> Participant:
    return Participant(start=noun.idx, end=noun.idx + len(noun), text=noun.text, country=country)
