"""At whom an act is aimed where its own words only point at it: "its oil company", "flew to Rome to plead"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from db.model import Participant
from nlp.coding.grammar import SUBJECTS, prepositional
from nlp.coding.parties import Tags, parties
from nlp.coding.trigger import Trigger

_OWNING = frozenset({"its", "their", "his", "her"})
_STEPS = 6
_STAYING = ("to", "in", "at")


def implied_recipients(
    trigger: Trigger, doing: Iterable[Participant], tags: Tags
) -> Iterator[tuple[str, list[Participant]]]:
    """Each rule that may tell the other side, with whom it finds; parties of the actor's country are left out."""
    own = {one.country for one in doing}
    if trigger.frame.type == "REQUEST":
        yield "where they plead", _foreign(_where_they_plead(trigger.token, tags), own)
    if trigger.frame.type == "ACCUSE":
        yield "subject of the complaint", _foreign(_subject_below(trigger.token, tags), own)
    yield "whose it is", _foreign(_whose(trigger, tags), own)


def _foreign(found: list[Participant], own: set[str]) -> list[Participant]:
    return [one for one in found if one.country not in own]


def _where_they_plead(token: Token, tags: Tags) -> list[Participant]:
    """The capital an envoy went to: "flew to Rome to plead", "is in Rome to ask"."""
    node = token
    for _ in range(2):
        if node.dep_ not in ("advcl", "xcomp", "conj"):
            return []
        node = node.head
        for name, noun in prepositional(node):
            if name in _STAYING and (found := parties(noun, tags)):
                return found
    return []


def _subject_below(token: Token, tags: Tags) -> list[Participant]:
    """Of whom a complaint speaks: "complained that Peru's levy hurt its growers"."""
    for clause in token.children:
        if clause.dep_ == "ccomp":
            noun = next((child for child in clause.children if child.dep_ in SUBJECTS), None)
            return parties(noun, tags)
    return []


def _whose(trigger: Trigger, tags: Tags) -> list[Participant]:
    """Whom a possessive in the object means: the subject of a clause above, or of the clause this one opens."""
    nouns = [
        *trigger.objects,
        *(noun for holder in (trigger.token, *trigger.objects) for _, noun in prepositional(holder)),
    ]
    owned = any(child.dep_ == "poss" and child.lower_ in _OWNING for noun in nouns for child in noun.children)
    if not owned:
        return []
    node = trigger.token
    for _ in range(_STEPS):
        if node.head == node:
            break
        node = node.head
        found = [party for child in node.children if child.dep_ in SUBJECTS for party in parties(child, tags)]
        if found:
            return found
    return []
