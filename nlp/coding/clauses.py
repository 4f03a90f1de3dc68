"""Forms of clauses that change what may be claimed of an act in them."""

from __future__ import annotations

from spacy.tokens import Token


def is_infinitive(node: Token, head: Token) -> bool:
    """Whether `node` is a to-infinitive right behind `head` ("is to", "are now to"), not a purpose named first."""
    return any(
        child.lower_ == "to" and child.dep_ == "aux" and 0 < child.i - head.i <= 2 for child in node.children
    )


def leaves_open(node: Token, head: Token) -> bool:
    """Whether the clause is a question the sentence does not answer: "has not said when it will resume"."""
    asks = any(c.dep_ == "advmod" and c.lower_ in ("when", "where", "how", "why") for c in node.children)
    return asks and any(child.dep_ == "neg" for child in head.children)


def is_there(head: Token) -> bool:
    """Whether somebody is said to be in a place: "is in Rome to plead"."""
    return head.lemma_ == "be" and any(
        noun.ent_type_ == "GPE"
        for child in head.children
        if child.lower_ in ("in", "at")
        for noun in child.children
    )
