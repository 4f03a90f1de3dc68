"""Who stands behind an act whose sentence names no actor: whose order or decree, whose ports or market."""

from __future__ import annotations

from spacy.tokens import Token

from db.model import Participant
from nlp.coding.grammar import agent, is_passive, possessor, prepositional, subject
from nlp.coding.parties import Tags, participant, parties
from nlp.coding.trigger import Trigger

OWNERS = ("poss", "nmod", "compound", "amod")
"""Relations of a modifier that says whose a thing is."""
PLACES = ("in", "at", "through", "near", "inside", "outside")
"""Prepositions of place."""
_ORDERS = frozenset(
    {"order", "decree", "instruction", "directive", "ruling", "notice", "circular", "rule", "law"}
)
_SENT = frozenset({"supply", "delivery", "flow", "shipment", "export", "sale", "aid"})
_GATES = frozenset(
    {"port", "customs", "custom", "border", "market", "harbour", "harbor", "quay", "warehouse", "soil"}
)


def behind(trigger: Trigger, tags: Tags) -> list[Participant]:
    """Who stands behind an act told without its actor: whose order or decree, whose ports or market."""
    for token in trigger.token.sent:
        if token.lemma_.lower() in _ORDERS and (token.dep_ in ("pobj", "nsubj") or token.head.dep_ == "prep"):
            owner = next(
                (mention for c in token.children if c.dep_ in OWNERS and (mention := tags.named(c))),
                None,
            )
            if owner is not None:
                return [participant(owner)]
            by = agent(token) or maker(token)
            if by is None:
                clause = next((c for c in token.children if c.dep_ == "relcl" and not is_passive(c)), None)
                by = subject(clause) if clause is not None else None
            if by is not None and by != token and parties(by, tags):
                return parties(by, tags)
    return gate(trigger, tags)


def gate(trigger: Trigger, tags: Tags) -> list[Participant]:
    """The country whose ports, customs or market the goods leave or reach."""
    doer = subject(trigger.token)
    before = set(doer.subtree) if doer is not None else set()
    for token in trigger.token.subtree:
        if token in before and token.lemma_.lower() not in _GATES:
            continue  # "carmakers in Germany will pay"
        named = tags.named(token)
        state = named is not None and named.kind in ("country", "bloc", "place") and named.form != "adjective"
        place = token.dep_ == "dobj" or (token.dep_ == "pobj" and token.head.lower_ in PLACES)
        if token.lemma_.lower() in _GATES or (state and place and trigger.frame.goods_place):
            found = parties(token, tags)
            if found:
                return found
    return []


def supplier(trigger: Trigger, tags: Tags) -> list[Participant]:
    """Whose deliveries to another they are: "Russia's gas supplies to Moldova were cut off"."""
    for noun in trigger.objects:
        owner = possessor(noun)
        sends = any(name == "to" and parties(other, tags) for name, other in prepositional(noun))
        if owner is not None and sends and noun.lemma_ in _SENT:
            return parties(owner, tags)
    return []


def doer_of(noun: Token) -> Token | None:
    """The noun of the by-phrase that tells who did what a noun means, also behind its object.

    "The expulsion by Peru of", "the expulsion of a Chilean envoy by Peru", "the duty announced by Peru".
    """
    own = agent(noun) or maker(noun)
    if own is not None:
        return own
    inside = (below for name, below in prepositional(noun) if name == "of")
    return next((by for below in inside if (by := agent(below)) is not None), None)


def maker(noun: Token) -> Token | None:
    """The by-phrase of a participle: "duties announced by"."""
    clauses = [child for child in noun.children if child.dep_ == "acl" and child.tag_ == "VBN"]
    return next((by for clause in clauses if (by := agent(clause)) is not None), None)
