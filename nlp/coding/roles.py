"""Fills the roles of a frame: who acts, at whom the act is aimed, and which rule says so."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Token

from db.codebook import Frame
from db.model import UNKNOWN_COUNTRY, Participant
from nlp.coding.conditions import complement
from nlp.coding.grammar import agent, is_passive, phrase, prepositional, subject
from nlp.coding.owners import Owners
from nlp.coding.parties import Tags, is_pronoun, participant, parties, unique
from nlp.coding.role_prepositions import AIMED, BESIDE, DRAWING, RATES
from nlp.coding.standing_behind import OWNERS, PLACES, doer_of, gate, maker
from nlp.coding.trigger import Trigger, told_with
from nlp.coding.venues import MARGINS, OCCASIONS, is_host
from nlp.coding.word_index import WordIndex

_PLACE_TYPES = frozenset({"PROTEST", "ASSAULT", "MOBILIZE", "COERCE", "AID", "RETREAT"})


@dataclass(frozen=True, slots=True)
class Side:
    """The participants on one side of an act, and the rule that found them."""

    who: tuple[Participant, ...] = ()
    rule: str = ""
    head: Token | None = None


class RoleFinder(Owners):
    """Finds roles in one sentence; `controls` are its verbs whose object is the understood subject below."""

    def __init__(self, tags: Tags, index: WordIndex, controls: frozenset[Token]) -> None:
        super().__init__(tags, index)
        self.controls = controls

    def actor(self, trigger: Trigger) -> Side:
        """Who does it, by syntax alone; `head` is set even when no party is named there."""
        if trigger.nominal:
            return self._nominal_actor(trigger)
        token = trigger.token
        for holder in (token, *trigger.objects):
            for name, noun in prepositional(holder):
                if name in trigger.frame.actor_via and parties(noun, self.tags):
                    return self._side(noun, f"{name}-phrase")
        if trigger.frame.goods_place:
            owner = gate(trigger, self.tags)
            if owner:
                return Side(tuple(owner), "whose market or ports")
        if is_passive(token) or (token.tag_ == "VBG" and agent(token) is not None):
            by = agent(token) or next((found for noun in trigger.objects if (found := agent(noun))), None)
            by = by or next((found for child in token.subtree if (found := agent(child))), None)
            return self._side(by, "by-phrase")
        doer = subject(token, self.controls)
        side = self._side(doer, "subject")
        if side.who or doer is None or trigger.frame.type != "ASSAULT":
            return side
        return Side(tuple(parties(doer_of(doer), self.tags)), "by-phrase", doer)  # "a raid by Chad killed"

    def recipient(self, trigger: Trigger, actors: Iterable[Participant]) -> Side:
        """At whom it is aimed: objects, then phrases with on, against, to, from and the like."""
        frame = trigger.frame
        doing = list(actors)
        taken = (
            {UNKNOWN_COUNTRY}
            if frame.type in INTERNAL or frame.mode == "convict"
            else {UNKNOWN_COUNTRY, *(one.country for one in doing)}
        )
        spans = {(one.start, one.end) for one in doing}
        pair = len({one.country for one in doing}) > 1
        for rule, found in (*self._candidates(trigger), *self._late(trigger)):
            if pair and rule == "partner without a name":
                continue  # "Egypt's minister and his Saudi counterpart"
            kept = tuple(
                one
                for one in unique(found)
                if (one.country not in taken or rule.startswith("partner"))
                and (one.start, one.end) not in spans
            )
            if kept:
                return Side(kept, rule)
        return Side()

    def _side(self, noun: Token | None, rule: str) -> Side:
        return Side(tuple(parties(noun, self.tags)), rule, noun)

    def _nominal_actor(self, trigger: Trigger) -> Side:
        token = trigger.token
        by = agent(token) or maker(token) or (None if trigger.frame.content else doer_of(token))
        if by is not None:
            return self._side(by, "by-phrase")
        if trigger.frame.content is not False:
            holders = (
                (token, token.head) if token.dep_ == "dobj" and token.head.lemma_ in DRAWING else (token,)
            )
            pairs = (pair for holder in holders for pair in prepositional(holder))
            drawn = ("from", "of") if len(holders) > 1 else ("from",)  # "won the backing of Brazil"
            for name, noun in sorted(pairs, key=lambda pair: pair[0]):
                if name in drawn and parties(noun, self.tags):
                    return self._side(noun, f"{name}-phrase")
        if trigger.frame.two_sided:
            found = self.both_sides(token)
            if len(found) > 1:
                return Side(tuple(found), "between-phrase")
        before = [child for child in token.children if child.i < token.i and child.dep_ in OWNERS]
        for child in before:
            named = self.tags.named(child)
            found = (
                [participant(named)] if named else parties(child, self.tags) if child.dep_ == "poss" else []
            )
            if found:
                also = [
                    p for other in child.conjuncts if (m := self.tags.named(other)) for p in [participant(m)]
                ]
                return Side(tuple(unique([*found, *also])), "possessor", child)
        for noun in trigger.objects:
            owner = self.owner(noun)
            if owner:
                return Side(tuple(owner), "owner of the measure", noun)
        pronoun = next((child for child in before if is_pronoun(child)), None)
        return Side((), "possessor", pronoun) if pronoun is not None else self._holder(token, trigger.frame)

    def _holder(self, token: Token, frame: Frame) -> Side:
        """The subject of the verb that a nominal act serves: "took steps", "announced a tightening"."""
        head = token.head
        if (head.lemma_.lower(),) in self.index.contexts["weighing"]:
            return Side()  # who welcomes or regrets an act need not have done it
        if head.lower_ in BESIDE and not frame.two_sided:
            return Side()  # "after a blast": whoever acts in the clause need not have done it
        if token.dep_ in ("dobj", "pobj") and head.pos_ in ("VERB", "ADP"):
            verb = head if head.pos_ == "VERB" else head.head
            if verb.pos_ == "VERB" and not is_passive(verb):
                return self._side(subject(verb, self.controls), "subject of the verb above")
        return Side()

    def _candidates(self, trigger: Trigger) -> Iterator[tuple[str, list[Participant]]]:
        frame = trigger.frame
        if frame.complements:
            noun = complement(trigger.token, frame, self.tags)
            if noun is not None:
                for name, inner in prepositional(noun):
                    if name in frame.preps:
                        yield "phrase after complement", parties(inner, self.tags)
            return
        if frame.content == "absorb" and (frame.type == "ACCUSE" or frame.authority):
            yield from self._accused(trigger)
        if (frame.effect == "restrict" and frame.type == "SANCTION") or frame.type in ("RETREAT", "POLICY"):
            yield from self._targets(trigger)
            return
        yield from self._addressed(trigger)

    def _addressed(self, trigger: Trigger) -> Iterator[tuple[str, list[Participant]]]:
        """Objects, prepositional phrases and what else is named, for acts that are no measures."""
        token, frame = trigger.token, trigger.frame
        for noun in trigger.objects:
            if self._is_whose_meeting(noun, trigger) or self._is_matter(noun.head.lower_, noun, frame):
                continue
            if noun.lemma_ not in MARGINS and (noun != token.head or not trigger.nominal):
                yield "object", self._no_venues(noun, frame, self.owner(noun) or parties(noun, self.tags))
        if frame.type == "REQUEST":
            yield "subject of the demand", self._asked(token)
        places = frame.type in _PLACE_TYPES or frame.mode == "visit"
        holders = [one for one in (token, *trigger.objects) if one.lemma_ not in MARGINS]
        phrases = [pair for holder in holders for pair in prepositional(holder)]
        for preposition in AIMED:
            if preposition in PLACES and not places:
                continue
            for name, noun in phrases:
                aimed = name == preposition and noun.lemma_ not in MARGINS and not _is_where(noun, frame)
                if aimed and not self._is_matter(name, noun, frame):
                    yield f"{name}-phrase", parties(noun, self.tags)
        if frame.type == "AID":
            yield "named in a clause", self._named(t for t in token.subtree if t.i > token.i)
        if frame.two_sided:
            yield "partner without a name", self._counterparts(trigger)
        else:
            yield "named within", self._within(trigger)

    def _no_venues(self, noun: Token, frame: Frame, found: list[Participant]) -> list[Participant]:
        """The parties of a deal or talks without the town where it was struck: "a deal in Madrid"."""
        if frame.type not in ("SUPPORT", "AGREE", "CONSULT"):
            return found
        return [
            one for one in found if one.start == noun.idx or not (one.entity_id or "").startswith("place/")
        ]

    def _is_matter(self, name: str, noun: Token, frame: Frame) -> bool:
        """Whether a phrase tells what one meets about or is jailed for, or where: nobody it is aimed at."""
        if frame.type == "COERCE":
            return name == "for"
        mention = self.tags.mentions.get(noun.i)
        if (
            name in ("at", "in")
            and frame.type in ("SUPPORT", "AGREE")
            and mention
            and mention.kind == "place"
        ):
            return True
        about = name in ("over", "about", "on") or noun.lemma_ in OCCASIONS or is_host(name, noun, self.tags)
        return frame.type == "CONSULT" and about

    def _is_whose_meeting(self, noun: Token, trigger: Trigger) -> bool:
        return (
            trigger.nominal and trigger.frame.type == "CONSULT" and is_host(noun.head.lower_, noun, self.tags)
        )

    def _counterparts(self, trigger: Trigger) -> list[Participant]:
        verb = (
            trigger.token.head.head if trigger.nominal and trigger.token.head.pos_ == "ADP" else trigger.token
        )
        for token in verb.subtree:
            if self.index.in_class(token.lemma_.lower(), ("counterpart",)):
                return [
                    Participant(start=token.idx, end=token.idx + len(token), text=token.text, sector="GOV")
                ]
        return []

    def _late(self, trigger: Trigger) -> Iterator[tuple[str, list[Participant]]]:
        """Where to look last: who the condition of a threat is about."""
        if trigger.frame.type == "THREATEN":
            for child in trigger.token.subtree:
                if child.dep_ == "advcl":
                    noun = next((inner for inner in child.children if inner.dep_ == "nsubj"), None)
                    yield "subject of the condition", parties(noun, self.tags)

    def _asked(self, token: Token) -> list[Participant]:
        for child in token.children:
            if child.dep_ in ("ccomp", "xcomp", "advcl"):
                noun = next((inner for inner in child.children if inner.dep_ in ("nsubj", "nsubjpass")), None)
                if noun is not None:
                    return parties(noun, self.tags)
                if child.dep_ == "ccomp":
                    compounds = [inner for inner in child.children if inner.dep_ == "compound"]
                    return self._named(compounds)
        return []

    def _accused(self, trigger: Trigger) -> Iterator[tuple[str, list[Participant]]]:
        if trigger.frame.object_accused:
            return
        if trigger.frame.authority:
            yield "subject of the ruling", self._asked(trigger.token)
        for noun in trigger.objects:
            yield "owner of the measure", self.owner(noun)
        holders = [token for token in trigger.token.subtree if token.i >= trigger.token.i]
        for preposition in ("against", "over", "about", "on", "of", "into", "by"):
            for holder in holders:
                for name, noun in prepositional(holder):
                    if name == preposition:
                        yield f"{name}-phrase", parties(noun, self.tags) or self.owner(noun)

    def _targets(self, trigger: Trigger) -> Iterator[tuple[str, list[Participant]]]:
        """Whom a measure hits: on- and against-phrases, the origin or destination of the goods."""
        token = trigger.token
        for noun in trigger.objects:
            measure = self.index.in_class(noun.lemma_.lower(), ("measure", "probe"))
            if not measure and not trigger.nominal:
                yield "object", parties(noun, self.tags)
        for holder in (token, *trigger.objects, *told_with(trigger)):
            for name, noun in prepositional(holder):
                if name in AIMED and name not in PLACES and not (name == "to" and noun.lower_ in RATES):
                    yield f"{name}-phrase", self._in_phrase(noun)
        if trigger.frame.mode in ("access", "pullback", "release") or trigger.frame.type == "POLICY":
            yield "named within", self._within(trigger)

    def _in_phrase(self, noun: Token) -> list[Participant]:
        found = parties(noun, self.tags)
        if found:
            return found
        return self._named(list(phrase(noun)))

    def _within(self, trigger: Trigger) -> list[Participant]:
        borders = {t for t in trigger.token.subtree if _is_where(t, trigger.frame) for t in t.subtree}
        nouns = [token for noun in trigger.objects for token in phrase(noun)] + [
            token for token in phrase(trigger.token) if token.i > trigger.token.i
        ]
        return self._named(noun for noun in nouns if noun not in borders)

    def _named(self, tokens: Iterable[Token]) -> list[Participant]:
        return unique(participant(mention) for token in tokens if (mention := self.tags.named(token)))


def _is_where(noun: Token, frame: Frame) -> bool:
    """Whether a noun only tells near whom they fought: "captured a camp on the Thai border"."""
    return (
        frame.type in ("ASSAULT", "COERCE")
        and noun.lemma_.lower() in ("border", "frontier")
        and noun.dep_ == "pobj"
    )


INTERNAL = frozenset({"PROTEST", "COERCE", "ASSAULT", "REQUEST", "ACCUSE", "REJECT", "CONCEDE"})
"""Types whose two sides are often of one country."""
