"""Prepositional phrases that tell how much or when, and nobody: "by 5 percent", "by $50 million", "in June"."""

from __future__ import annotations

from spacy.tokens import Token

_AMOUNTS = frozenset({"MONEY", "PERCENT", "QUANTITY", "DATE", "TIME", "CARDINAL"})


def gives_figure(preposition: Token) -> bool:
    """Whether a phrase gives a figure ("declined by 5 percent")."""
    return any(
        noun.pos_ == "NUM" or any(child.dep_ == "nummod" for child in noun.children)
        for noun in preposition.children
    )


def gives_amount(preposition: Token) -> bool:
    """Whether a phrase gives an amount of money, a share or a time ("was cut by $50 million", "by a third")."""
    return any(noun.ent_type_ in _AMOUNTS for noun in preposition.children)
