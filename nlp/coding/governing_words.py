"""What the word above an act says of it: reported, planned, only thought of, denied, untrue."""

from __future__ import annotations

from spacy.tokens import Token

from nlp.coding.standing import Standing
from nlp.coding.word_index import WordIndex, lemma_of

_AFFIRMED = frozenset({"true", "correct", "right", "case", "fact", "accurate"})
_CONTEXT_NAMES = {"planned": "plan", "reported": "report", "reversed": "stopped"}


def apply_context(head: Token, found: Standing, index: WordIndex) -> bool:
    """Note what the governing word says; False when the codebook does not know it."""
    known = False
    if any(child.lower_ == "neither" for child in head.children):
        found.negated = True
    for name in (
        "negated",
        "reversed",
        "hypothetical",
        "planned",
        "decided",
        "future",
        "reported",
        "transparent",
    ):
        if says(head, _CONTEXT_NAMES.get(name, name), index):
            known = True
            if name == "negated":
                found.negated = not found.negated
            elif name != "transparent":
                setattr(found, name, True)
            if name != "reported":
                break
    return known


def read_verdict(above: Token, found: Standing, index: WordIndex) -> bool:
    """Note what a predicate over a clause says of it, true or not, certain or not; False if it says neither."""
    verb = above.head if above.pos_ == "ADJ" else above
    if verb.lemma_ != "be":
        return False
    denied = any(child.dep_ == "neg" for child in verb.children)
    for predicate in verb.children:
        if predicate.dep_ not in ("acomp", "attr"):
            continue
        lemma = predicate.lemma_.lower()
        if (lemma in _AFFIRMED and denied) or ((lemma,) in index.contexts["negated"] and not denied):
            found.negated = not found.negated
            return True
        if (lemma,) in index.contexts["hypothetical"]:
            found.hypothetical = True
            return True
    return False


def says(head: Token, context: str, index: WordIndex) -> bool:
    lemma = lemma_of(head)
    for phrase in index.contexts[context]:
        if phrase[0] not in (lemma, head.lower_):
            continue
        after = {token.lower_ for token in head.doc[head.i + 1 : head.i + 5]}
        after |= {token.lemma_.lower() for token in head.doc[head.i + 1 : head.i + 5]}
        if all(word in after for word in phrase[1:]):
            return True
    return False
