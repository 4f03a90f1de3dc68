"""Reads the parse: who is the subject of a predicate, what its objects are, under what it stands."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from nlp.coding.figures_in_phrases import gives_amount

SUBJECTS = frozenset({"nsubj", "nsubjpass", "csubj", "csubjpass"})
OBJECTS = frozenset({"dobj", "dative", "oprd", "attr"})
_RELATIVE = frozenset({"which", "that", "who", "whom", "whose"})
_FINITE = frozenset({"nsubj", "csubj", "aux", "dobj", "expl"})
_WANTING = frozenset({"want", "see", "have", "get", "need", "like", "keep", "prefer", "demand"})
_CAUSING = frozenset({"prompt", "lead", "provoke", "spur", "cause", "drive", "induce", "push"})
"""Verbs whose object does what stands below them: "prompted Peru to ban"."""
_CLAUSES = frozenset({"relcl", "advcl", "ccomp", "acl", "parataxis"})
_ADJUNCTS = frozenset(
    [
        "after",
        "before",
        "amid",
        "following",
        "despite",
        "because",
        "during",
        "since",
        "until",
        "till",
        "in",
        "at",
        "under",
        "without",
        "pending",
        "like",
        "unlike",
        "besides",
        "if",
        "as",
        "when",
        "while",
        "though",
        "although",
    ]
)


def coordinated(head: Token) -> list[Token]:
    """`head` and all that is coordinated with it, in the order of the text."""
    found = [head]
    for token in found:
        found += [child for child in token.children if child.dep_ == "conj" and child not in found]
    return sorted(found, key=lambda token: token.i)


def is_passive(predicate: Token) -> bool:
    """Whether the grammatical subject undergoes the act."""
    if any(child.dep_ in ("nsubjpass", "auxpass", "csubjpass") for child in predicate.children):
        return True
    if predicate.dep_ == "acl" and predicate.tag_ == "VBN":
        # with an object of its own it is a past tense that the parser took for a participle
        return not any(child.dep_ == "dobj" for child in predicate.children)
    if predicate.dep_ == "conj" and predicate.tag_ == "VBN" and not _own_subject(predicate):
        return is_passive(predicate.head)
    if predicate.dep_ == "ccomp" and predicate.tag_ == "VBN" and predicate.head.lemma_ in _WANTING:
        return not any(
            child.dep_ in ("aux", "dobj") for child in predicate.children
        )  # "want duties scrapped"
    # "Taxed at the border, Hungarian fuel ...": a bare participle that describes the subject of its clause
    return (
        predicate.dep_ == "advcl"
        and predicate.tag_ == "VBN"
        and not any(child.dep_ in _FINITE for child in predicate.children)
    )


def stands_beside(clause: Token, head: Token) -> bool:
    """Whether a clause that the parser took for the content of a later verb stands for itself.

    "Rome backs plan, Berlin vows to block it": the later verb has a content of its own.
    """
    if clause.i > head.i or clause.tag_ in ("VB", "VBG", "VBN"):
        return False
    between = head.doc[clause.i : head.i]
    return any(token.text == ";" for token in between) or any(
        child.dep_ in ("dobj", "xcomp", "ccomp") and child.i > head.i for child in head.children
    )


def subject(predicate: Token, object_control: frozenset[Token] = frozenset(), depth: int = 0) -> Token | None:
    """The surface subject: own, shared with a coordinated verb, or that of the controlling verb.

    `object_control` names the verbs whose object is the understood subject below them ("urged X to").
    """
    if depth > 8:
        return None
    own = _own_subject(predicate)
    if own is not None:
        return _antecedent(own, predicate)
    gerund = _opening_gerund(predicate)
    if gerund is not None:
        return gerund
    head = predicate.head
    if head == predicate:
        return None
    if predicate.dep_ in ("conj", "acomp", "attr", "oprd", "dep"):
        return subject(head, object_control, depth + 1)
    if predicate.dep_ in ("xcomp", "advcl", "ccomp"):
        return _controller(head, object_control, depth, held=False)
    if predicate.dep_ == "pcomp":
        above = head.head
        while above.pos_ in ("ADP", "ADV", "ADJ", "SCONJ") and above.head != above:
            above = above.head
        return _controller(above, object_control, depth, held=True)
    if predicate.dep_ in ("acl", "relcl"):
        return _noun_clause_subject(predicate, object_control, depth)
    return None


def _opening_gerund(predicate: Token) -> Token | None:
    """A gerund with its doer that the parser took for a clause beside: "Shelling by Chadian troops killed"."""
    if predicate.tag_ not in ("VBD", "VBZ"):
        return None
    for child in predicate.children:
        apart = any(token.text == "," for token in predicate.doc[child.i : predicate.i])
        if child.dep_ == "advcl" and child.tag_ == "VBG" and child.i < predicate.i and not apart:
            return child if agent(child) is not None else None
    return None


def _controller(above: Token, object_control: frozenset[Token], depth: int, *, held: bool) -> Token | None:
    """The understood subject of a clause below `above`."""
    if above in object_control or above.lemma_ in _CAUSING:
        return next(iter(direct_objects(above)), None)
    if above.pos_ in ("NOUN", "PROPN"):
        return possessor(above) or (_holder(above, object_control, depth) if held else None)
    return subject(above, object_control, depth + 1)


def agent(predicate: Token) -> Token | None:
    """The noun of a by-phrase."""
    for child in predicate.children:
        by = child.dep_ == "agent" or (child.lower_ == "by" and child.dep_ == "prep")
        if by and not gives_amount(child):
            for noun in child.children:
                if noun.dep_ == "pobj":
                    return noun
    return None


def direct_objects(predicate: Token) -> list[Token]:
    """Direct objects, the subject of a passive, or the noun that a participle or relative clause describes."""
    found = [child for child in predicate.children if child.dep_ in OBJECTS]
    if is_passive(predicate):
        if predicate.dep_ == "acl":
            found.append(predicate.head)
        else:
            passive = subject(predicate)
            found += [passive] if passive is not None else []
    elif predicate.dep_ == "relcl":
        found = [predicate.head if token.lower_ in _RELATIVE else token for token in found]
        if not found and _own_subject(predicate) is not None:
            found = [predicate.head]
    if not found:
        found = _raised(predicate)
    if not found:
        for conjunct in predicate.children:
            if conjunct.dep_ == "conj" and conjunct.pos_ == "VERB" and not _own_subject(conjunct):
                found = [child for child in conjunct.children if child.dep_ == "dobj"][:1]
    return [noun for token in found for noun in coordinated(token) if noun == token or noun.pos_ != "VERB"]


def _raised(predicate: Token) -> list[Token]:
    """The noun that is object of the verb in sense and subject of the infinitive in the parse: "let staff visit"."""
    for clause in predicate.children:
        if clause.dep_ == "ccomp" and clause.tag_ == "VB" and clause.i > predicate.i:
            if any(child.lower_ in ("that", "if", "whether") for child in clause.children):
                continue
            return [child for child in clause.children if child.dep_ == "nsubj" and child.i > predicate.i][:1]
    return []


def circumstances(noun: Token) -> Iterator[tuple[str, Token]]:
    """The phrases under a noun and, where it is the subject of its sentence, under its verb.

    "Fighting was reported between ...", "rioting broke out in ...".
    """
    yield from prepositional(noun)
    if noun.dep_ in SUBJECTS and noun.head.pos_ in ("VERB", "AUX"):
        yield from prepositional(noun.head)


def prepositional(head: Token) -> Iterator[tuple[str, Token]]:
    """Pairs of preposition and noun under `head`, with those of compound prepositions ("out of")."""
    for child in head.children:
        if (
            child.dep_ in ("prep", "agent", "dative")
            and child.pos_
            in (
                "ADP",
                "SCONJ",
                "VERB",
                "ADV",
                "PART",
            )
        ) or child.dep_ == "prt":
            yield from _nouns(child, child.lower_)


def possessor(noun: Token) -> Token | None:
    """Whose it is: genitive, compound or adjective of nationality before the noun."""
    for relation in ("poss", "nmod", "compound", "amod"):
        for child in noun.children:
            if child.dep_ == relation and child.i < noun.i and (child.ent_type_ or relation == "poss"):
                return child
    return None


def phrase(head: Token, *, adjuncts: bool = False) -> list[Token]:
    """The tokens under `head` without clauses of their own, and without after- and in-phrases.

    `adjuncts` keeps those phrases. Coordinated verbs are left out, coordinated nouns are not.
    """
    found = [head]
    for token in found:
        for child in token.children:
            if child.dep_ in _CLAUSES and not (child.dep_ == "acl" and child.tag_ == "VBN" and adjuncts):
                continue
            if child.dep_ == "conj" and child.pos_ in ("VERB", "AUX") and token.pos_ in ("VERB", "AUX"):
                continue
            if child.dep_ == "prep" and child.lower_ in _ADJUNCTS and not adjuncts:
                continue
            found.append(child)
    return sorted(found, key=lambda token: token.i)


def hangs_on(token: Token, verb: Token) -> bool:
    """Whether a word stands at most four steps below a verb."""
    node = token
    for _ in range(4):
        if node.head == verb:
            return True
        node = node.head
    return False


def _own_subject(predicate: Token) -> Token | None:
    own = next((child for child in predicate.children if child.dep_ in SUBJECTS), None)
    if own is None and predicate.pos_ in ("NOUN", "PROPN"):
        below = [child for child in predicate.children if child.dep_ == "compound"]
        own = next((noun for verb in below for noun in verb.children if noun.dep_ == "nsubj"), None)
    return own


def _antecedent(token: Token, predicate: Token) -> Token:
    if token.lower_ in _RELATIVE and predicate.dep_ == "relcl":
        return predicate.head
    return token


def _noun_clause_subject(predicate: Token, object_control: frozenset[Token], depth: int) -> Token | None:
    noun = predicate.head
    if predicate.dep_ == "acl" and predicate.tag_ == "VB":
        return possessor(noun) or _holder(noun, object_control, depth) or _seat(noun)
    if predicate.dep_ == "acl" and is_passive(predicate):
        return None
    return noun


def _holder(noun: Token, object_control: frozenset[Token], depth: int) -> Token | None:
    """Whoever has the plan, the right, the chance: the subject of the verb the noun is object of."""
    verb = noun.head
    if noun.dep_ not in ("dobj", "attr") or verb.pos_ not in ("VERB", "AUX"):
        return None
    if any(child.dep_ == "expl" for child in verb.children):
        return None
    return subject(verb, object_control, depth + 1)


def _seat(noun: Token) -> Token | None:
    """The place where a plan is made: "no plans in Paris to"."""
    holders = (noun, noun.head)
    return next((n for h in holders for name, n in prepositional(h) if name in ("in", "by", "within")), None)


def _nouns(preposition: Token, name: str) -> Iterator[tuple[str, Token]]:
    for child in preposition.children:
        if child.dep_ in ("pobj", "dobj"):
            for noun in coordinated(child):
                yield name, noun
        elif child.dep_ == "prep":
            yield from _nouns(child, child.lower_)
