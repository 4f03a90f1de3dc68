"""The noun that a number counts: "23 companies" counts companies; by the parse in English, by syllables in Vietnamese."""

from __future__ import annotations

import re
from dataclasses import dataclass

from spacy.tokens import Doc, Span, Token

from nlp.quantity_spans import FoundQuantity
from nlp.units import unit_table

_NOUNS = frozenset({"NOUN", "PROPN"})
_KEPT = frozenset({"NOUN", "PROPN", "ADJ", "VERB", "X"})
_DROPPED = frozenset({"more", "other", "such", "most", "own", "least", "extra", "many", "total", "different's"})
_FARTHEST = 6
_LABELLED = frozenset(
    "article annex block category chapter class clause day form game gate grade group level line mark model number page part phase "
    "round rule scenario schedule section stage step tier title type version week zone act appendix episode lot item".split()
)
"""Nouns that carry a number as their name."""


@dataclass(frozen=True, slots=True)
class CountedNoun:
    """What is counted: where its words end in the text, as written, and in normal form."""

    end: int
    surface: str
    name: str
    dimension: str = "count"


def english_noun(doc: Doc, found: FoundQuantity) -> CountedNoun | None:
    """The noun phrase that the number stands before, its head as lemma ("different products" is "different product").

    A unit of measure behind adjectives ("517 rushing yards") is that unit alone.
    """
    number = doc.char_span(found.number_start, found.number_end, alignment_mode="expand")
    if number is None:
        return None
    first = number.end
    noun = _after_of(doc, number) if first < len(doc) and doc[first].lower_ == "of" else _head(number)
    if noun is None or noun.i < number.end or noun.tag_ == "NNP" or english_label(doc, number) or noun.ent_type_ in ("DATE", "TIME") and noun.pos_ == "PROPN":
        return None
    words = [t for t in doc[first : noun.i] if t.pos_ in _KEPT and t.lower_ not in _DROPPED and t.dep_ != "case"]
    unit = unit_table("en").lookup(noun.text)
    if unit and (unit.dimension != "count" or unit.name in ("time", "point")):
        return CountedNoun(noun.idx + len(noun), noun.text, "count" if unit.name == "time" else unit.name, unit.dimension)
    names = [_normal(word) for word in [*words, noun]]
    surface = doc[words[0].i if words else noun.i : noun.i + 1].text
    return CountedNoun(noun.idx + len(noun), surface, " ".join(name for name in names if name))


def english_label(doc: Doc, number: Span) -> bool:
    """Whether the number names the thing before it: "Category 4", "Model 3", "S&P 500"."""
    before = doc[number.start - 1] if number.start else None
    if before is None or not number[0].text[0].isdigit():
        return False
    return before.lower_ in _LABELLED or (before.pos_ == "PROPN" and before.ent_type_ not in ("DATE", "TIME"))


def vietnamese_noun(text: str, found: FoundQuantity) -> CountedNoun | None:
    """The one or two syllables after the number, where they can be a counted noun."""
    match = re.compile(r"\s+([^\W\d_]+)(?:\s+([^\W\d_]+))?").match(text, found.end)
    if not match or match[1].lower() in _NO_VIETNAMESE_NOUN or not match[1].islower():
        return None
    two = match[2] and match[2].islower() and match[2] not in _NO_VIETNAMESE_NOUN
    end = match.end(2) if two else match.end(1)
    return CountedNoun(end, text[match.start(1) : end], text[match.start(1) : end].lower())


_NO_VIETNAMESE_NOUN = frozenset(
    "là và của trong với cho từ đến so vào ở tại thì mà đã sẽ đang để do bởi khi nếu như hay hoặc nhưng trên dưới trước sau "
    "lên xuống nữa này đó kia thứ nhất về theo cùng các những có không được bị ra qua".split()
)


def _head(number: Span) -> Token | None:
    token = number.root
    for _ in range(3):
        head = token.head
        if head is token:
            break
        near = number.end <= head.i <= number.end + _FARTHEST
        if near and head.pos_ in _NOUNS and token.dep_ in ("nummod", "compound", "amod", "nmod", "quantmod", "det", "advmod", "npadvmod"):
            return _last_of_compound(head)
        if head.pos_ not in ("NUM", "ADJ", "NOUN", "SYM", "PROPN", "ADV") or head.i > number.end + _FARTHEST:
            break
        token = head
    return _following(number)


def _following(number: Span) -> Token | None:
    """The noun that follows with nothing but adjectives between, when the parse does not join it to the number."""
    doc = number.doc
    last = None
    for token in doc[number.end : number.end + 4]:
        if token.pos_ in ("NOUN",):
            last = token
        elif last is not None or token.pos_ not in ("ADJ", "PUNCT") or token.text not in ("-",) and token.pos_ == "PUNCT":
            break
    if last is None or last.lower_ in ("today", "yesterday", "tomorrow"):
        return None
    return last


def _last_of_compound(noun: Token) -> Token:
    while noun.dep_ == "compound" and noun.head.i == noun.i + 1 and noun.head.pos_ in _NOUNS:
        noun = noun.head
    return noun


def _after_of(doc: Doc, number: Span) -> Token | None:
    """"one of the largest deals", "hundreds of jobs"."""
    for token in doc[number.end + 1 : number.end + 8]:
        if token.pos_ in ("PRON", "PUNCT", "VERB"):
            return None
        if token.pos_ in _NOUNS:
            noun = _last_of_compound(token)
            return _past_owner(noun)
    return None


def _past_owner(noun: Token) -> Token:
    return noun.head if noun.dep_ == "poss" and noun.head.pos_ in _NOUNS else noun


def _normal(token: Token) -> str:
    if token.pos_ == "PROPN":
        return token.lower_
    return token.lemma_.lower()
