"""Who is said to have said so: named officials, anonymous sources, documents and media."""

from __future__ import annotations

from spacy.tokens import Span, Token

from db.codebook import Codebook
from db.model import Attribution, Participant
from nlp.coding.grammar import SUBJECTS
from nlp.coding.parties import Tags, parties

_SAYING = frozenset(
    [
        "say",
        "report",
        "tell",
        "add",
        "confirm",
        "announce",
        "state",
        "note",
        "explain",
        "write",
        "reveal",
        "quote",
        "claim",
        "admit",
        "promise",
        "warn",
        "caution",
        "signal",
        "insist",
        "stress",
        "reiterate",
        "show",
        "indicate",
        "declare",
        "argue",
        "recall",
        "rule",
        "disclose",
        "maintain",
        "contend",
        "acknowledge",
        "concede",
        "emphasise",
        "emphasize",
        "underline",
    ]
)
_OFFICIAL = frozenset({"person", "government", "ministry", "organisation", "bloc", "country", "party"})


def attribution_of(trigger: Token, sentence: Span, tags: Tags, codebook: Codebook) -> Attribution | None:
    """The source that the sentence gives for what `trigger` tells, or None."""
    according = _according(sentence)
    if according is not None:
        return _classified(according, tags, codebook, prefix="according to ")
    noun = speaker(trigger)
    return _classified(noun, tags, codebook) if noun is not None else None


def speaker(trigger: Token) -> Token | None:
    """The subject of the verb of saying above (or beside) the trigger."""
    node = trigger
    for _ in range(12):
        head = node.head
        if head == node:
            break
        if node.dep_ in ("ccomp", "parataxis", "xcomp") and head.lemma_.lower() in _SAYING:
            return next((child for child in head.children if child.dep_ in SUBJECTS), None)
        node = head
    for child in node.children:
        if child.dep_ in ("parataxis", "ccomp") and child.lemma_.lower() in _SAYING:
            return next((inner for inner in child.children if inner.dep_ in SUBJECTS), None)
    return None


def speaking_party(trigger: Token, tags: Tags) -> list[Participant]:
    """The government or official that says what `trigger` tells, for acts told without their actor."""
    noun = speaker(trigger)
    found = parties(noun, tags)
    return [one for one in found if one.sector != "BUS"]


def _according(sentence: Span) -> Token | None:
    for token in sentence:
        if token.lower_ == "according":
            for inner in token.subtree:
                if inner.dep_ == "pobj":
                    return inner
    return None


def _classified(noun: Token, tags: Tags, codebook: Codebook, prefix: str = "") -> Attribution | None:
    subtree = list(noun.subtree)
    text = prefix + noun.doc[subtree[0].i : subtree[-1].i + 1].text.strip(" ,.")
    lemma = noun.lemma_.lower()
    for kind in ("anonymous", "medium", "document"):
        words = codebook.reporting_sources.get(kind)
        if words and lemma in words.en:
            return Attribution(type={"anonymous": "anonymous_sources"}.get(kind, kind), text=text)
    mention = tags.named(noun)
    if mention is not None and mention.kind in _OFFICIAL:
        return Attribution(type="named_official", text=text)
    if parties(noun, tags) or lemma in (
        "ministry",
        "minister",
        "government",
        "spokesman",
        "spokeswoman",
        "official",
    ):
        return Attribution(type="named_official", text=text)
    return None
