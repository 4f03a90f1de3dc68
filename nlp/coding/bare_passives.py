"""Mends the parse of passives told without "was", as headlines tell them: "Envoy expelled from Oslo"."""

from __future__ import annotations

from spacy.tokens import Span

from nlp.coding.word_index import WordIndex, lemma_of

_OBJECTS = frozenset({"dobj", "dative", "ccomp", "xcomp", "oprd", "aux", "auxpass", "prt"})

_OPENING = frozenset({"as", "after", "while", "when"})
"""Words that open a clause of its own behind the verb of a headline."""


def mend_bare_passives(sentence: Span, index: WordIndex) -> None:
    """Mark the subject of a verb that cannot do without an object, and has none, as the one it was done to.

    The verbs are the codebook's class `undergone`. The parser reads "Two journalists detained in Minsk" as if the
    journalists had detained somebody.
    """
    for verb in sentence:
        if verb.tag_ not in ("VBD", "VBN") or not index.in_class(lemma_of(verb), ("undergone",)):
            continue
        children = list(verb.children)
        clause = next((c for c in children if c.i > verb.i and c.lower_ in _OPENING), None)
        if clause is not None:
            for child in children:
                if child.dep_ == "dobj" and child.i > clause.i:
                    child.dep_ = "dep"  # "killed as rebels shell the city": the city is no object of "killed"
        if any(child.dep_ in _OBJECTS for child in children):
            continue
        for child in children:
            if child.dep_ == "nsubj" and child.i < verb.i and not child.tag_.startswith("W"):
                child.dep_ = "nsubjpass"
