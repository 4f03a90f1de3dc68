"""What a figure measures, read from the dependency parse: the noun it belongs to, its "of" phrase, its subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from spacy.tokens import Doc, Span, Token

_LEFT = frozenset({"compound", "amod", "nmod", "poss", "nummod", "quantmod", "npadvmod", "advmod", "punct", "case"})
_NOUNS = frozenset({"NOUN", "PROPN"})
_CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "X", "SYM"})
_SKIPPED = frozenset({"more", "other", "such", "own", "same", "several", "many", "few", "total", "last", "next", "past", "previous", "year", "yesterday", "today"})
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_OBJECT_PREPOSITIONS = frozenset({"of", "for", "in", "on", "to", "from", "with", "at"})


def concept_of(quantity: Span, counted: bool, blocked: frozenset[int]) -> list[Token]:
    """The tokens of the phrase that says what a quantity measures, in the order of the text; none if nothing does.

    `counted`: the unit is itself the noun that is counted ("23 companies"). `blocked` are tokens of dates and
    other quantities, which are no part of a concept.
    """
    blocked = blocked | {token.i for token in quantity}
    found: list[Token] = []
    for token in _heads(quantity, counted, blocked):
        found.extend(phrase for phrase in _phrase(token, blocked) if phrase not in found)
    return sorted(found, key=lambda token: token.i)


def content_words(tokens: Iterable[Token]) -> tuple[str, ...]:
    """The words of a concept that carry meaning, as written; "-" for none is the caller's to add."""
    return tuple(
        token.text
        for token in tokens
        if token.pos_ in _CONTENT and token.lower_ not in _SKIPPED and any(c.isalnum() for c in token.text)
    )


def concept_text(doc: Doc, tokens: list[Token]) -> str:
    """The phrase as written, from its first to its last word where that is one stretch, else the words joined."""
    if not tokens:
        return ""
    if tokens[-1].i - tokens[0].i < len(tokens) + 3:
        return doc[tokens[0].i : tokens[-1].i + 1].text
    return " ".join(token.text for token in tokens)


def _heads(quantity: Span, counted: bool, blocked: frozenset[int]) -> list[Token]:
    root = quantity.root
    own = _after_of(root, blocked)
    owner = _modified_noun(root, blocked)
    if own and not counted:
        return [own, *_subjects(root)] if own.pos_ == "PRON" else [own]
    if owner is not None:
        return [owner]
    if counted and root.dep_ in _SUBJECTS:
        return []
    subjects = _subjects(root)
    subjects = [token for token in subjects if token.i not in blocked]
    nearby = _prepositional_objects(root, blocked) if not subjects else []
    return subjects or nearby


def _after_of(root: Token, blocked: frozenset[int]) -> Token | None:
    """"5% of its workforce": the workforce."""
    for child in root.children:
        if child.dep_ == "prep" and child.lower_ == "of":
            for thing in child.children:
                if thing.dep_ == "pobj" and thing.i not in blocked:
                    return thing
    return None


def _modified_noun(root: Token, blocked: frozenset[int]) -> Token | None:
    """"a 25% duty", "a fine of $5": the noun the figure stands in or hangs on."""
    token = root
    for _ in range(4):
        head = token.head
        if head is token:
            return None
        if head.pos_ in _NOUNS and head.i not in blocked and token.dep_ not in ("appos", "conj", "nsubj", "nsubjpass"):
            return head
        if head.pos_ not in ("ADP", "NUM", "SYM", "NOUN", "ADJ", "ADV") and head.i not in blocked:
            return None
        token = head
    return None


def _subjects(root: Token) -> list[Token]:
    """The subject of the clause around the figure; of a relative clause, the noun it belongs to."""
    for verb in _verbs_above(root):
        for child in verb.children:
            if child.dep_ in _SUBJECTS and not child.is_ancestor(root) and child is not root:
                if child.lower_ in ("that", "which", "who", "whom") and verb.dep_ == "relcl":
                    return [verb.head]
                if child.pos_ == "PRON":
                    return [] if verb.dep_ != "relcl" else [verb.head]
                return [child]
        if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in _NOUNS:
            return [verb.head]
    return []


def _verbs_above(token: Token) -> Iterator[Token]:
    count = 0
    for above in token.ancestors:
        if above.pos_ in ("VERB", "AUX") or above.dep_ == "ROOT":
            yield above
            count += 1
        if count == 3:
            return


def _prepositional_objects(root: Token, blocked: frozenset[int]) -> list[Token]:
    """"paid $500 for a roof": what follows the preposition, when there is no subject to take."""
    holders = [root, *([root.head] if root.head.pos_ == "VERB" else [])]
    for holder in holders:
        for child in holder.children:
            if child.dep_ == "prep" and child.lower_ in _OBJECT_PREPOSITIONS:
                for thing in child.children:
                    if thing.dep_ == "pobj" and thing.pos_ in _NOUNS and thing.i not in blocked:
                        return [thing]
    return []


def _phrase(head: Token, blocked: frozenset[int], depth: int = 0) -> list[Token]:
    """A noun with what stands before it, and the nouns of its "of", "in", "on", "to" phrases."""
    if head.pos_ == "PRON":
        return []
    tokens = [head] if head.i not in blocked else []
    for child in head.children:
        if child.i in blocked:
            continue
        if child.dep_ in _LEFT and child.pos_ in _CONTENT and child.i < head.i:
            tokens.extend(_phrase(child, blocked, depth + 1) if child.pos_ in _NOUNS else [child])
        elif child.dep_ == "prep" and child.lower_ in ("of", "on", "in", "to", "for", "from") and child.i > head.i and depth < 2:
            for thing in child.children:
                if thing.dep_ == "pobj" and thing.ent_type_ not in ("DATE", "TIME"):
                    tokens.extend(_phrase(thing, blocked, depth + 1))
        elif child.dep_ == "conj" and depth < 2 and child.pos_ in _NOUNS:
            tokens.extend(_phrase(child, blocked, depth + 1))
    return tokens
