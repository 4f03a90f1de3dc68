"""What a figure measures, read from the dependency parse: the noun it belongs to, its "of" phrase, its subject."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

_LEFT = frozenset(
    {"compound", "amod", "nmod", "poss", "nummod", "quantmod", "npadvmod", "advmod", "punct", "case"}
)
_NOUNS = frozenset({"NOUN", "PROPN"})
_CONTENT = frozenset({"NOUN", "PROPN", "ADJ", "NUM", "X", "SYM"})
_SKIPPED = frozenset(
    {
        "more",
        "other",
        "such",
        "own",
        "same",
        "several",
        "many",
        "few",
        "total",
        "last",
        "next",
        "past",
        "previous",
        "year",
        "yesterday",
        "today",
    }
)
_PERIODS = frozenset({"year", "quarter", "month", "week"})
_ABSENT = frozenset({"there", "i", "we", "you"})
_SUBJECTS = ("nsubj", "nsubjpass", "csubj", "expl")
_OBJECT_PREPOSITIONS = frozenset({"of", "for", "in", "on", "to", "from", "with", "at"})


@dataclass(frozen=True, slots=True)
class Concept:
    """What a figure measures: the phrase it belongs to, and the words of who or what the clause says it of."""

    phrase: list[Token]
    context: list[Token]

    def words(self) -> tuple[str, ...]:
        """The words that carry meaning, as written, in the order of the text."""
        return content_words(sorted({*self.phrase, *self.context}, key=lambda token: token.i))


def concept_of(quantity: Span, counted: bool, blocked: frozenset[int]) -> Concept:
    """What a quantity measures; empty where nothing in the sentence says so.

    `counted`: the unit is itself the noun that is counted ("23 companies"). `blocked` are tokens of dates and
    other quantities, which are no part of a concept.
    """
    blocked = blocked | {token.i for token in quantity}
    heads, context = _heads(quantity, counted, blocked)
    return Concept(_phrases(heads, blocked), _phrases(context, blocked))


def _phrases(heads: list[Token], blocked: frozenset[int]) -> list[Token]:
    found: list[Token] = []
    for token in heads:
        found.extend(word for word in _phrase(token, blocked) if word not in found)
    return sorted(found, key=lambda token: token.i)


def content_words(tokens: Iterable[Token]) -> tuple[str, ...]:
    """The words of a concept that carry meaning, as written; "-" for none is the caller's to add."""
    return tuple(
        token.text
        for token in tokens
        if (token.pos_ in _CONTENT or (token.tag_ == "VBG" and token.dep_ in _SUBJECTS))
        and token.lower_ not in _SKIPPED
        and any(c.isalnum() for c in token.text)
    )


def concept_text(doc: Doc, tokens: list[Token]) -> str:
    """The phrase as written, from its first to its last word where that is one stretch, else the words joined."""
    if not tokens:
        return ""
    if tokens[-1].i - tokens[0].i < len(tokens) + 3:
        return doc[tokens[0].i : tokens[-1].i + 1].text
    return " ".join(token.text for token in tokens)


def _heads(quantity: Span, counted: bool, blocked: frozenset[int]) -> tuple[list[Token], list[Token]]:
    """The nouns of the phrase, and those of its context."""
    root = quantity.root
    subjects = [token for token in _subjects(root) if token.i not in blocked]
    own = _after_of(quantity, blocked)
    owner = own or _modified_noun(root, blocked)
    if owner is not None:
        return [owner], subjects
    if counted and root.dep_ in _SUBJECTS:
        return [], []
    if subjects or counted:
        return subjects, []
    return _prepositional_objects(root, blocked) or _noun_before(quantity, blocked), []


def _noun_before(quantity: Span, blocked: frozenset[int]) -> list[Token]:
    """The nearest noun before the figure in its sentence, when the parse joins it to none ("Total cost: $5")."""
    for token in reversed(list(quantity.doc[quantity.sent.start : quantity.start])):
        if token.pos_ in _NOUNS and token.i not in blocked and token.dep_ != "compound":
            return [token]
    return []


def _after_of(quantity: Span, blocked: frozenset[int]) -> Token | None:
    """For "5% of its workforce": the workforce."""
    children = (child for token in quantity for child in token.children if child.i >= quantity.end)
    for child in children:
        if child.dep_ == "prep" and child.lower_ == "of":
            for thing in child.children:
                if thing.dep_ == "pobj" and thing.i not in blocked:
                    return thing
    return None


def _modified_noun(root: Token, blocked: frozenset[int]) -> Token | None:
    """For "a 25% duty", "a fine of $5": the noun the figure stands in or hangs on."""
    token = root
    for _ in range(4):
        head = token.head
        if head == token:
            return None
        if head.lower_ in _PERIODS and head.i > root.i:
            return None  # "climbed 12.4 percent year on year"
        if (
            head.pos_ in _NOUNS
            and head.i not in blocked
            and token.dep_ not in ("appos", "conj", "nsubj", "nsubjpass")
        ):
            return head
        if head.pos_ not in ("ADP", "NUM", "SYM", "NOUN", "ADJ", "ADV") and head.i not in blocked:
            return None
        token = head
    return None


def _subjects(root: Token) -> list[Token]:
    """The subject of the clause around the figure; of a relative clause, the noun it belongs to."""
    for verb in _verbs_above(root):
        for child in verb.children:
            if child.dep_ in _SUBJECTS and not child.is_ancestor(root) and child != root:
                if child.lower_ in ("that", "which", "who", "whom") and verb.dep_ == "relcl":
                    return [verb.head]
                if child.lower_ in _ABSENT:
                    return []
                if child.pos_ == "PRON" and verb.dep_ == "relcl":
                    return [verb.head]
                if child.pos_ == "PRON":
                    break  # "the company said it has": whose it is may stand in the clause above
                return [child]
        planned = verb.dep_ == "acl" and verb.tag_ == "VB"  # "Dell announced plans to lay off 6,650 people"
        if verb.dep_ in ("acl", "relcl") and verb.head.pos_ in _NOUNS and not planned:
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
    """For "paid $500 for a roof": what follows the preposition, when there is no subject to take."""
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
        elif (
            child.dep_ == "prep"
            and child.lower_ in ("of", "on", "in", "to", "for", "from")
            and child.i > head.i
            and depth < 2
        ):
            for thing in child.children:
                if thing.dep_ == "pobj" and thing.ent_type_ not in ("DATE", "TIME"):
                    tokens.extend(_phrase(thing, blocked, depth + 1))
        elif child.dep_ == "conj" and depth < 2 and child.pos_ in _NOUNS:
            tokens.extend(_phrase(child, blocked, depth + 1))
    return tokens
