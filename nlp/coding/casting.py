"""Gives the roles of an act to parties: by syntax first, then by what the sentence and the text before imply."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Token

from db.model import Participant
from nlp.coding.attribution import speaker, speaking_party
from nlp.coding.bearers import cast_bearer
from nlp.coding.belonging import Belonging
from nlp.coding.discourse import Focus, is_general, is_ruler
from nlp.coding.grammar import SUBJECTS, agent, is_passive, prepositional, subject
from nlp.coding.implied_recipients import implied_recipients, whose
from nlp.coding.parties import Tags, is_pronoun, participant, parties
from nlp.coding.roles import RoleFinder, Side
from nlp.coding.sentence_reading import SentenceReading
from nlp.coding.stages import Shape
from nlp.coding.standing_behind import OWNERS, behind, supplier
from nlp.coding.trigger import Trigger
from nlp.coding.word_index import lemma_of

_CONTROLLERS = frozenset({"REQUEST", "SUPPORT", "ACCUSE"})
_KINDS = {"PERSON": "person", "ORG": "organisation"}
_GROUPS = frozenset({"organisation", "party", "company", "ministry", "bloc"})
_MEANT_BY = {
    **dict.fromkeys(("he", "she"), frozenset({"person"})),
    "it": _GROUPS,
    "they": _GROUPS | {"person"},
}
"""What kinds of names a pronoun can stand for."""
_OWN_THINGS = {"MOBILIZE": ("force",), "AID": ("aid", "arms"), "COOPERATE": ("arms", "goods")}
"""What somebody sends or gives who owns it: "Kenyan police were deployed", "Dutch tanks were handed to Chad"."""
_ABOUT_ACTS = frozenset({"ACCUSE", "SUPPORT"})


class Casting:
    """Fills actor and recipient of the triggers of one sentence."""

    def __init__(self, reading: SentenceReading, focus: Focus) -> None:
        self.reading, self.focus, self.tags = reading, focus, reading.tags
        controls = frozenset(t.token for t in reading.triggers if t.frame.type in _CONTROLLERS)
        self.roles = RoleFinder(self.tags, reading.index, controls)
        self.belonging = Belonging(reading, self.roles)

    def cast(self, trigger: Trigger, shape: Shape) -> tuple[Side, Side]:
        """Both sides of the act; either may be empty."""
        borne = cast_bearer(trigger, self.roles, self.tags) if _tells_bearer(trigger) else None
        if borne is not None:
            actor, bearing = borne
            return actor, bearing if bearing.who else self._whose(bearing.head, actor)
        actor = self.actor(trigger)
        recipient = self._recipient(trigger, actor)
        if shape.event_type == "PROTEST" and trigger.frame.type == "PROTEST" and not actor.who:
            actor, recipient = self._protesters(trigger, actor, recipient)
        return self.belonging.settled(trigger, shape, actor, recipient)

    def actor(self, trigger: Trigger) -> Side:
        """Who acts: named there, speaking there, or implied."""
        side = self.roles.actor(trigger)
        if side.rule == "subject" and side.head is not None:
            side = replace(side, who=(*_first_of_pair(side.head, self.tags), *side.who))
        if trigger.frame.complements:
            said = speaker(trigger.token)
            who = parties(said, self.tags) or list(self.focus.resolve(said, self.tags))
            return Side(tuple(who), "who says so") if who else side
        if trigger.frame.subject and trigger.objects:
            owner = self.roles.owner(trigger.objects[0]) if trigger.frame.effect is not None else []
            who = owner or speaking_party(trigger.token, self.tags)
            return Side(tuple(who), "owner of the measure" if owner else "who says so")
        if side.who:
            return side
        return next((found for found in self._implied(trigger, side) if found.who), side)

    def _implied(self, trigger: Trigger, side: Side) -> Iterator[Side]:
        token, head = trigger.token, side.head
        if head is not None and self.reading.index.in_class(lemma_of(head), ("document",)):
            yield Side(
                tuple(behind(trigger, self.tags) or _where_issued(head, self.tags)), "whose decree", head
            )
        verb = trigger.words[0]
        if verb.pos_ == "NOUN" and not trigger.nominal and verb.i > 0:
            yield Side(tuple(_before_headline_verb(verb, self.tags)), "before the verb of a headline", head)
        if head is not None and head.lower_ in ("we", "i", "our"):
            yield Side(tuple(speaking_party(token, self.tags)), "speaker of the quote", head)
        yield Side(tuple(self._subject_above(token, head)), "subject of the clause above", head)
        if trigger.frame.goods_owner:
            noun = subject(token)
            if noun is not None and noun.lemma_ == "export":
                yield Side(tuple(parties(noun, self.tags)), "whose exports they are", noun)
        yield from self._implied_by_object(trigger, head)
        if head is None and trigger.frame.effect is not None:
            yield from self._behind_measure(trigger)
        if head is not None and is_ruler(head):
            yield Side(tuple(self.roles.place(token)), "whose rulers they are", head)
        if not self._means_a_stranger(token, head):
            yield Side(self.focus.resolve(head, self.tags), "actor of the text before", head)
        told_of_others = trigger.frame.goods_owner or trigger.frame.modal
        if told_of_others or (head is None and (is_passive(token) or trigger.nominal)):
            yield Side(tuple(speaking_party(token, self.tags)), "who says so", head)

    def _implied_by_object(self, trigger: Trigger, head: Token | None) -> Iterator[Side]:
        """Who does it by what it is done to or with: whose aid, whose forces, in whose country."""
        token = trigger.token
        if head is None and is_passive(token) and trigger.frame.effect is None:
            yield Side(tuple(supplier(trigger, self.tags)), "whose aid or supplies they are")
            yield from self._where_told(trigger)
        if head is None and (is_passive(token) or trigger.nominal):
            yield Side(tuple(self._owner_of_object(trigger)), "whose forces or goods they are")
        if trigger.frame.actor_via:
            yield Side(tuple(behind(trigger, self.tags)), "who stands behind it")

    def _owner_of_object(self, trigger: Trigger) -> list[Participant]:
        """Whose troops are sent and whose goods are given, where nobody else is said to do it."""
        classes = _OWN_THINGS.get(trigger.frame.type, ())
        for noun in trigger.objects:
            named = self.tags.named(noun)
            if self.reading.index.in_class(lemma_of(noun), classes) and (
                named is None or named.form == "nominal"
            ):
                found = [
                    mention for c in noun.children if c.dep_ in OWNERS and (mention := self.tags.named(c))
                ]
                if found:
                    return [participant(found[0])]
        return []

    def _where_told(self, trigger: Trigger) -> Iterator[Side]:
        """In which country it is done, or from where somebody is shut out: "was suspended from Mercosur"."""
        for name, noun in prepositional(trigger.token):
            expelled = name == "from" and trigger.frame.type in ("SANCTION", "COERCE")
            # who kills in a place is not told by it
            inside = name in ("in", "across", "into", "inside") and self.roles.is_place(noun)
            if expelled or (inside and trigger.frame.type != "ASSAULT"):
                yield Side(tuple(parties(noun, self.tags)), "where it was said", noun)

    def _behind_measure(self, trigger: Trigger) -> Iterator[Side]:
        """Who stands behind a measure told without its actor."""
        token = trigger.token
        if is_passive(token):
            yield Side(tuple(behind(trigger, self.tags)), "who stands behind it")
            owners = (one for noun in trigger.objects for one in self.roles.owner(noun))
            yield Side(tuple(owners), "owner of the measure")
            yield Side(tuple(supplier(trigger, self.tags)), "whose supplies they are")
            yield Side(tuple(self.roles.place(token)), "where it was done")
        if trigger.frame.barred:
            goods = (one for noun in trigger.objects for one in parties(noun, self.tags))
            yield Side(tuple(goods), "whose goods they are")

    def _recipient(self, trigger: Trigger, actor: Side) -> Side:
        found = self.roles.recipient(trigger, actor.who)
        if found.who:
            return found
        inner, above = self.reading.content(trigger), self.reading.standing(trigger).under
        if inner is not None and trigger.frame.content is True:
            below = self.roles.recipient(inner, actor.who)
            return below if below.who else self._implied_recipient(trigger, actor)
        if trigger.frame.civil:
            demands = (t for t in self.reading.below(trigger) if t.frame.type == "REQUEST")
            asked = (self.roles.recipient(t, actor.who) for t in demands)
            own = {one.country for one in actor.who}
            foreign = (side for side in asked if side.who and not own & {one.country for one in side.who})
            return next(foreign, found)
        if above is not None and above.frame.emits_content:
            return Side(self.actor(above).who, "who speaks of it")
        if trigger.frame.type in _ABOUT_ACTS:
            for noun in trigger.objects:
                doing = {one.country for one in actor.who}
                who = [one for one in self.focus.owner(noun) if one.country not in doing]
                if who:
                    return Side(tuple(who), "whose act the text before told")
        if trigger.frame.two_sided and trigger.frame.type == "CONSULT" and len(actor.who) < 2:
            return Side(self.focus.partners(actor.who), "partner of the text before")
        return self._implied_recipient(trigger, actor)

    def _implied_recipient(self, trigger: Trigger, actor: Side) -> Side:
        implied = implied_recipients(trigger, actor.who, self.tags)
        return next((Side(tuple(who), rule) for rule, who in implied if who), Side())

    def _whose(self, noun: Token | None, actor: Side) -> Side:
        """Who bears a measure told of "its goods": whoever speaks above."""
        own = {one.country for one in actor.who}
        owner = whose([noun], noun.head, self.tags) if noun is not None else []
        return Side(tuple(one for one in owner if one.country not in own), "whose goods they are", noun)

    def _subject_above(self, token: Token, noun: Token | None) -> list[Participant]:
        """Whom a pronoun means when a clause above has a subject: "Japan said it had halted aid"."""
        if noun is None or not (is_pronoun(noun) or is_general(noun)):
            return []
        for above in _subjects_above(token, noun):
            found = parties(above, self.tags) if is_pronoun(noun) or above.i < noun.i else []
            if found:
                return found
        return []

    def _means_a_stranger(self, token: Token, noun: Token | None) -> bool:
        """Whether a pronoun means somebody whom the sentence names and we cannot place: "the RSF said it would"."""
        kinds = _MEANT_BY.get(noun.lower_) if noun is not None else None
        if noun is None or kinds is None:
            return False
        above = next((one for one in _subjects_above(token, noun) if not is_pronoun(one)), None)
        if above is None:
            return False
        mention = self.tags.mentions.get(above.i)
        kind = mention.kind if mention is not None else _KINDS.get(above.ent_type_)
        return kind in kinds or (kind is None and above.pos_ == "PROPN")

    def _protesters(self, trigger: Trigger, actor: Side, recipient: Side) -> tuple[Side, Side]:
        place = self.roles.place(trigger.token)
        if place:
            return Side(tuple(place), "place of the protest", actor.head), recipient
        return Side(recipient.who, "at whom the protest is aimed", actor.head), Side()


def _subjects_above(token: Token, noun: Token) -> Iterator[Token]:
    """The first subject of each clause above a word, nearest first; never `noun` itself."""
    node = token
    while node.head != node:
        node = node.head
        above = next((child for child in node.children if child.dep_ in SUBJECTS and child != noun), None)
        if above is not None:
            yield above


def _tells_bearer(trigger: Trigger) -> bool:
    """Whether the subject bears the measure: "faces a duty", "was hit with a duty", "subject to a duty"."""
    frame, token = trigger.frame, trigger.token
    if frame.goods_owner:
        return True
    return frame.passive_bearer and is_passive(token) and agent(token) is None


def _first_of_pair(noun: Token, tags: Tags) -> list[Participant]:
    """The first party of a headline that joins two by a comma: "Lima, Quito sign pact"."""
    first = noun.sent.start
    if noun.i - first == 2 and noun.doc[first + 1].text == "," and tags.named(noun) is not None:
        return parties(noun.doc[first], tags)
    return []


def _before_headline_verb(verb: Token, tags: Tags) -> list[Participant]:
    """The party right before a verb that the parser took for a noun, and the one before its comma."""
    named = verb.nbor(-1)
    found = parties(named.head if named.dep_ == "conj" else named, tags)
    first = verb.sent.start
    if found and named.i - first == 2 and verb.doc[first + 1].text == ",":
        return [*parties(verb.doc[first], tags), *found]
    return found


def _where_issued(document: Token, tags: Tags) -> list[Participant]:
    """The country in which a decree was signed ("the decree, signed in Lima, bars")."""
    for clause in document.children:
        if clause.dep_ == "acl":
            for name, noun in prepositional(clause):
                if name in ("in", "at") and parties(noun, tags):
                    return parties(noun, tags)
    return []
