"""Who stands behind an act whose sentence names no actor: whose order or decree, whose ports or market."""

from __future__ import annotations

from spacy.tokens import Token

from db.model import Participant
from nlp.coding.grammar import agent, is_passive, subject
from nlp.coding.parties import Tags, participant, parties
from nlp.coding.trigger import Trigger

OWNERS = ("poss", "nmod", "compound", "amod")
"""Relations of a modifier that says whose a thing is."""
PLACES = ("in", "at", "through", "near", "inside", "outside")
"""Prepositions of place."""
_ORDERS = frozenset(
    {"order", "decree", "instruction", "directive", "ruling", "notice", "circular", "rule", "law"}
)
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
    for token in trigger.token.subtree:
        named = tags.named(token)
        state = named is not None and named.kind in ("country", "bloc", "place") and named.form != "adjective"
        place = token.dep_ == "dobj" or (token.dep_ == "pobj" and token.head.lower_ in PLACES)
        if token.lemma_.lower() in _GATES or (state and place and trigger.frame.goods_place):
            found = parties(token, tags)
            if found:
                return found
    return []


def maker(noun: Token) -> Token | None:
    """The by-phrase of a participle: "duties announced by"."""
    clauses = [child for child in noun.children if child.dep_ == "acl" and child.tag_ == "VBN"]
    return next((by for clause in clauses if (by := agent(clause)) is not None), None)
