"""At whom an act is aimed where its own words only point at it: "its oil company", "flew to Rome to plead"."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Token

from db.model import Participant
from nlp.coding.grammar import SUBJECTS, direct_objects, prepositional, subject
from nlp.coding.parties import Tags, parties
from nlp.coding.role_prepositions import DRAWING
from nlp.coding.standing_behind import doer_of
from nlp.coding.trigger import Trigger

_OWNING = frozenset({"its", "their", "his", "her"})
_STEPS = 6
_HITTING = frozenset(
    {"hit", "hurt", "batter", "squeeze", "punish", "affect", "strike", "cripple", "target", "harm"}
)
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
    if trigger.nominal and trigger.token.dep_ == "dobj" and trigger.token.head.lemma_ in DRAWING:
        yield "who drew it", _foreign(_who_drew(trigger.token.head, tags), own)
    if own and trigger.frame.type == "RETREAT" and trigger.frame.effect is not None:
        yield "on whom the measure lay", _foreign(_possessors(trigger, tags), own)
    if trigger.frame.type == "THREATEN":
        yield "object of what is threatened", _foreign(_objects_below(trigger.token, tags), own)
    if trigger.frame.type == "SANCTION":
        yield "whom it hit", _foreign(_whom_it_hit(trigger.token, tags), own)
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


def _objects_below(token: Token, tags: Tags) -> list[Participant]:
    """On whom falls what is threatened: "the threat to block Sweden's entry"."""
    clauses = [child for child in token.children if child.dep_ in ("acl", "xcomp", "ccomp")]
    return [party for clause in clauses for noun in direct_objects(clause) for party in parties(noun, tags)]


def _subject_below(token: Token, tags: Tags) -> list[Participant]:
    """Of whom a complaint speaks: "complained that Peru's levy hurt its growers"."""
    for clause in token.children:
        if clause.dep_ == "ccomp":
            noun = next((child for child in clause.children if child.dep_ in SUBJECTS), None)
            return parties(noun, tags)
    return []


def _who_drew(verb: Token, tags: Tags) -> list[Participant]:
    """Who, or whose act, drew praise or blame: "a refusal by Manila drew criticism"."""
    noun = subject(verb)
    if noun is None:
        return []
    return parties(noun, tags) or parties(doer_of(noun), tags)


def _possessors(trigger: Trigger, tags: Tags) -> list[Participant]:
    """Whose suspension, exclusion or blacklisting is lifted by another: "the union lifted Gabon's suspension"."""
    owners = (child for noun in trigger.objects for child in noun.children if child.dep_ == "poss")
    return [party for owner in owners for party in parties(owner, tags)]


def _whom_it_hit(token: Token, tags: Tags) -> list[Participant]:
    """The object of what the act does: "the decision to end the waiver hit Laotian sellers"."""
    node = token
    for _ in range(_STEPS):
        if node.dep_ == "nsubj" and node.head.lemma_.lower() in _HITTING:
            return [party for noun in direct_objects(node.head) for party in parties(noun, tags)]
        if node.head == node:
            break
        node = node.head
    return []


def _whose(trigger: Trigger, tags: Tags) -> list[Participant]:
    nouns = [
        *trigger.objects,
        *(noun for holder in (trigger.token, *trigger.objects) for _, noun in prepositional(holder)),
    ]
    return whose(nouns, trigger.token, tags)


def whose(nouns: Iterable[Token], node: Token, tags: Tags) -> list[Participant]:
    """Whom a possessive with the nouns means: the subject of a clause above `node`, or of the one that it opens."""
    owned = any(child.dep_ == "poss" and child.lower_ in _OWNING for noun in nouns for child in noun.children)
    if not owned:
        return []
    for _ in range(_STEPS):
        if node.head == node:
            break
        node = node.head
        found = [party for child in node.children if child.dep_ in SUBJECTS for party in parties(child, tags)]
        if found:
            return found
    return []
