"""Negation, doubt and time to come in the words beside a verb or noun: adverbs, auxiliaries, determiners."""

from __future__ import annotations

from itertools import pairwise

from spacy.tokens import Token

from nlp.coding.grammar import SUBJECTS
from nlp.coding.standing import Standing
from nlp.coding.word_index import WordIndex


def read_own(node: Token, found: Standing, index: WordIndex) -> None:
    """Negation, auxiliaries, determiners and adjectives of one word."""
    words = index.contexts
    if (node.dep_ == "ROOT" or _opens_headline(node)) and any(map(_is_to, node.children)):
        found.future = True  # a headline: "Norway to build a plant"
    if any(
        _is_before_infinitive(node.doc[child.i - 1], node.head) for child in node.children if _is_to(child)
    ):
        found.negated = not any(child.dep_ == "neg" for child in node.children) or found.negated
    for child in node.children:
        if child.dep_ == "neg" and not _is_before_infinitive(child, node):
            found.negated = not found.negated
        elif _denies(child, node, index):
            found.negated = True
        if child.dep_ in ("aux", "auxpass"):
            _read_modal(child.lower_, found, index)
        elif child.dep_ in ("amod", "advmod", "compound"):
            _read_modifier(child, found, index)
        elif (child.dep_ == "mark" and child.lower_ in ("whether", "if")) or (
            child.dep_ == "prep" and any((noun.lower_,) in words["theory"] for noun in child.children)
        ):
            found.hypothetical = True
        elif child.dep_ == "advcl" and is_condition(child, index):
            found.conditional = True


def _denies(child: Token, node: Token, index: WordIndex) -> bool:
    """Whether a determiner, an adverb, a phrase or the subject denies the word it stands with."""
    if any(_is_denying_phrase(one, node) for one in (child, *_below_auxiliary(child))):
        return True
    if (
        child.dep_ in ("det", "preconj", "advmod", "cc")
        and (child.lower_,) in index.contexts["negative_words"]
    ):
        return True
    return child.dep_ in SUBJECTS and node.pos_ in ("VERB", "AUX") and _negative_subject(child, index)


def _read_modifier(child: Token, found: Standing, index: WordIndex) -> None:
    words, lemma = index.contexts, child.lemma_.lower()
    if (lemma,) in words["hypothetical"]:
        found.hypothetical = True
    elif (child.dep_ != "compound" or _is_headline_verb(child)) and (lemma,) in words["plan"] | {
        ("planned",)
    }:
        found.planned = True
    elif (lemma,) in words["future"] or child.lower_ in ("upcoming", "forthcoming", "expected", "scheduled"):
        found.future = True


def is_inverted_condition(token: Token) -> bool:
    """Whether the sentence opens with a condition without "if": "Were Peru to ..." and the like."""
    sentence = token.sent
    words = [word for word in sentence[:6] if not word.is_punct and not word.is_space]
    if len(words) < 3:
        return False
    if words[0].lower_ in ("suppose", "supposing", "imagine", "assume", "assuming", "picture"):
        return True
    if words[0].lower_ not in ("were", "had", "should"):
        return False
    return all(word.text != "?" for word in sentence[-3:]) and words[1].pos_ not in (
        "VERB",
        "AUX",
        "ADP",
        "PUNCT",
    )


def holds_no_longer(token: Token) -> bool:
    """Whether what held is said to have ended: "no longer pays the duty", "is not subject to the quota any more"."""
    holders = (token, token.head) if token.dep_ in ("acomp", "attr") else (token,)
    for holder in holders:
        denied = any(child.dep_ == "neg" for child in holder.children)
        for child in holder.children:
            inside = {word.lower_ for word in child.subtree}
            if child.lower_ == "longer" and "no" in inside:
                return True
            if denied and (child.lower_ == "anymore" or inside in ({"any", "more"}, {"any", "longer"})):
                return True
    return False


def is_weighed_against(token: Token) -> bool:
    """Whether the verb stands right behind "rather than" or "instead of"."""
    before = [word.lower_ for word in token.doc[max(token.sent.start, token.i - 3) : token.i]]
    return any(pair in pairwise(before) for pair in (("rather", "than"), ("instead", "of")))


def has_negated_object(node: Token, index: WordIndex) -> bool:
    """Whether the verb's object is denied: "imposed no duty", "raised neither objection nor doubt"."""
    return node.pos_ == "VERB" and any(
        inner.dep_ in ("det", "preconj") and (inner.lower_,) in index.contexts["negative_words"]
        for child in node.children
        if child.dep_ == "dobj"
        for inner in child.children
    )


def is_condition(clause: Token, index: WordIndex) -> bool:
    return any(
        (child.lower_,) in index.contexts["condition"] and child.dep_ in ("mark", "advmod", "aux")
        for child in clause.children
    )


def _is_headline_verb(word: Token) -> bool:
    """Whether a noun in the plural stands right behind a name: "UK eyes quotas"."""
    return word.tag_ == "NNS" and word.i > 0 and bool(word.nbor(-1).ent_type_)


def _opens_headline(node: Token) -> bool:
    """Whether the parser took the verb of a headline for a clause under the name before it."""
    name = node.head
    return node.dep_ in ("relcl", "acl") and name.dep_ == "ROOT" and bool(name.ent_type_) and name.i < node.i


def _is_to(token: Token) -> bool:
    return token.lower_ == "to" and token.dep_ == "aux" and token.i > 0


def _is_before_infinitive(token: Token, verb: Token) -> bool:
    """Whether a "not" or "never" that hangs on `verb` stands before the infinitive it means ("vowed never to")."""
    follows = token.i + 1 < len(token.doc) and token.nbor().lower_ == "to"
    return token.lower_ in ("never", "not") and token.head == verb and token.i > verb.i and follows


def _below_auxiliary(child: Token) -> list[Token]:
    return list(child.children) if child.dep_ == "aux" else []


def _is_denying_phrase(child: Token, node: Token) -> bool:
    """Whether an adverb or a phrase denies the verb: "no longer", "at no time", "by no means", "not once"."""
    if child.dep_ not in ("advmod", "prep", "npadvmod"):
        return False
    inside = {word.lower_ for word in child.subtree if word != child}
    if child.dep_ == "prep":
        return child.i < node.i and "no" in inside and len(inside) <= 3
    return bool(inside & {"no", "not"}) and child.lower_ in ("longer", "once", "time", "way", "more")


def _read_modal(lower: str, found: Standing, index: WordIndex) -> None:
    if lower in ("would", "'d"):
        found.would = True
    elif lower == "must":
        found.obliged = True
    elif (lower,) in index.contexts["doubt_modals"]:
        found.hypothetical = True
    elif (lower,) in index.contexts["future_modals"]:
        found.future = True


def _negative_subject(child: Token, index: WordIndex) -> bool:
    return (child.lower_,) in index.contexts["negative_words"] or any(
        (inner.lower_,) in index.contexts["negative_words"]
        and inner.dep_ in ("det", "preconj", "cc", "advmod")
        for inner in child.children
    )
