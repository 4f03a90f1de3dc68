"""A word that triggers a frame, and the words that tell which measure it is about."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from db.codebook import Frame
from nlp.coding.grammar import phrase
from nlp.coding.parties import Tags
from nlp.coding.word_index import lemma_of


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that triggers a frame, with the nouns that stand as its objects."""

    token: Token
    frame: Frame
    words: tuple[Token, ...]
    objects: tuple[Token, ...]
    nominal: bool


def told_with(trigger: Trigger) -> list[Token]:
    """The verbs that tell more of the measure: "put a levy on oil ... is lifting it", "the ban imposed on wine"."""
    told = [
        noun.head
        for noun in trigger.objects
        if noun.dep_ == "dobj" and noun.head != trigger.token and noun.i < trigger.token.i
    ]
    participles = (
        child
        for noun in trigger.objects
        for child in noun.children
        if child.dep_ == "acl" and child.tag_ == "VBN" and child != trigger.token
    )
    gerund = trigger.words[-1:] if trigger.words[-1].tag_ == "VBG" else ()  # "stopped selling urea to Laos"
    return [*told, *participles, *gerund]


def scope_text(trigger: Trigger, tags: Tags, *, clauses: bool = False) -> str:
    """The words that tell the instrument: trigger, objects and what hangs on them, without adjuncts.

    `clauses` adds the clauses that hang on the trigger ("requires miners to process ore at home").
    """
    nouns = [token for noun in trigger.objects for token in phrase(noun)]
    own = list(trigger.token.subtree) if clauses else phrase(trigger.token)
    if trigger.frame.effect:
        over = {t for child in trigger.token.children if child.lower_ == "over" for t in child.subtree}
        own = [token for token in own if token not in over]
    subjects = {
        token
        for child in trigger.token.children
        if child.dep_ == "nsubj" and child not in trigger.objects
        for token in child.subtree
    }
    verb_alone = not _tells_kind(trigger) and trigger.token not in trigger.objects
    skipped = {*subjects, trigger.token} if verb_alone else subjects
    told = [
        token
        for token in {*nouns, *own} - skipped
        if tags.named(token) is None and not (token.pos_ == "VERB" and token.lemma_ == "grant")
    ]  # who grants a right gives no grant
    tokens = sorted(told, key=lambda token: token.i)
    words = " ".join(token.lower_ for token in tokens)
    return f"{lemma_of(trigger.words[0])} {words}" if _tells_kind(trigger) else words


def _tells_kind(trigger: Trigger) -> bool:
    """Whether the trigger itself tells the instrument ("banned exports", not "granted licences")."""
    frame = trigger.frame
    return (
        trigger.nominal
        or "goods" in frame.object
        or bool(frame.needs)
        or frame.effect is None
        or frame.adjectives != ()
    )


def is_noun(token: Token) -> bool:
    return token.pos_ in ("NOUN", "PROPN")
