"""Whether a noun is of a class of the codebook: by its word, what it counts, or what is named there."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Token

from nlp.coding.grammar import prepositional
from nlp.coding.parties import Tags, parties
from nlp.coding.word_index import WordIndex, lemma_of

_UNITS = frozenset({"percent", "%", "million", "billion", "$", "€", "£"})
_NO_THINGS = ("people", "firm", "envoy", "force", "place", "ties", "measure", "proposal")


def is_a(noun: Token, classes: Iterable[str], index: WordIndex, tags: Tags) -> bool:
    """Whether a noun, or the noun it counts ("a series of curbs"), belongs to one of the classes."""
    names = tuple(classes)
    if "any" in names:
        return True
    compounds = [child for child in noun.children if child.dep_ in ("compound", "nmod", "amod")]
    inner = [inner for name, inner in prepositional(noun) if name == "of"]
    for token in (noun, *inner, *(compounds if index.in_class(lemma_of(noun), ("general",)) else ())):
        lemma = lemma_of(token)
        if index.in_class(lemma, names) or index.in_class(token.lower_, names):
            return True
        if "goods" in names and (token.i in tags.commodities or _has_origin(token, index)):
            return True
    if "named" in names and tags.named(noun) is not None:
        return True
    if "civilian" in names and noun.ent_type_ == "NORP" and noun.tag_ in ("NNS", "NNPS"):
        return True
    if "state" in names and tags.is_state(noun):
        return True
    if "people" in names and noun.pos_ == "NUM" and not any(c.lower_ in _UNITS for c in noun.subtree):
        return True  # "arrests 20"
    if "official" in names and noun.ent_type_ == "PERSON":
        return True
    if "aid" in names and any(child.lemma_ in ("million", "billion") for child in noun.subtree):
        return True
    if "group" in names and (noun.ent_type_ in ("PERSON", "NORP") or tags.is_body(noun)):
        return True
    return "party" in names and (bool(parties(noun, tags)) or is_reciprocal(noun))


def is_reciprocal(noun: Token) -> bool:
    """Whether the word ends "each other" or "one another"."""
    before = noun.doc[noun.i - 1].lower_ if noun.i > 0 else ""
    return (before, noun.lower_) in (("each", "other"), ("one", "another"))


def _has_origin(token: Token, index: WordIndex) -> bool:
    """Whether a noun is a thing named by its country of origin ("Chinese toys"), not people or a body."""
    if token.tag_ != "NNS" or index.in_class(lemma_of(token), _NO_THINGS):
        return False
    return any(child.dep_ == "amod" and child.ent_type_ in ("NORP", "GPE") for child in token.children)
