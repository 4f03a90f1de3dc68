"""The noun that a number counts: by the parse in English, by syllables in Vietnamese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, Span, Token

from nlp.amounts.found_quantity import FoundQuantity
from nlp.amounts.quantity_words import quantity_words
from nlp.amounts.units import unit_table
from nlp.facts.registry_rows import Text
from nlp.facts.tables import read_table

_NOUNS = frozenset({"NOUN", "PROPN"})
_KEPT = frozenset({"NOUN", "PROPN", "ADJ", "X"})
_DROPPED = frozenset({"more", "such", "most", "own", "least", "extra", "many", "total", "different's"})
_FARTHEST = 6


@dataclass(frozen=True, slots=True)
class CountedNoun:
    """What is counted: where its words end in the text, as written, and in normal form."""

    end: int
    surface: str
    name: str
    dimension: str = "count"
    is_known: bool = False
    """Whether the table of counted nouns has it."""


def english_noun(doc: Doc, text: str, found: FoundQuantity) -> CountedNoun | None:
    """The noun phrase that the number stands before, its head as lemma ("different products" is "different product").

    A unit of measure behind adjectives ("517 rushing yards") is that unit alone.
    """
    number = doc.char_span(found.number_start, found.number_end, alignment_mode="expand")
    if number is None:
        return None
    first = number.end
    noun = _after_of(doc, number) if first < len(doc) and doc[first].lower_ == "of" else _head(number)
    if (
        noun is None
        or noun.i < number.end
        or noun.tag_ == "NNP"
        or english_label(doc, number)
        or (noun.ent_type_ in ("DATE", "TIME") and noun.pos_ == "PROPN")
    ):
        return None
    if found.kind == "word" and noun.tag_ == "NN" and 1 < found.value <= 12 and doc[first - 1].whitespace_:
        return None  # "the two plan to meet": a verb taken for a noun
    if _measures_next(doc, first, noun, found):
        noun = doc[first]
    unit = unit_table("en").lookup(noun.text) if noun.pos_ == "NOUN" else None
    if unit and (unit.dimension != "count" or unit.name in ("time", "point")):
        return CountedNoun(
            noun.idx + len(noun), noun.text, "count" if unit.name == "time" else unit.name, unit.dimension
        )
    words = list(_words(doc[first : noun.i + 1]))
    if not words:
        return None
    end = noun.idx + len(noun)
    return CountedNoun(end, text[words[0][0] : end], " ".join(word for _, word in words))


def _measures_next(doc: Doc, first: int, noun: Token, found: FoundQuantity) -> bool:
    """For "a 12 page document", "a three-bed flat": a noun in the singular between number and noun is the unit."""
    token = doc[first]
    one_thing = noun.tag_ == "NN" and found.value != 1
    return one_thing and token.i < noun.i and token.tag_ == "NN" and token.dep_ in ("compound", "nmod")


def _words(span: Span) -> Iterator[tuple[int, str]]:
    """The words of a noun phrase in normal form, hyphened ones as one, with their places in the text."""
    pieces: list[Token] = []
    for token in span:
        pieces.append(token)
        following = span.doc[token.i + 1] if token.i + 1 < span.end else None
        if following is not None and (following.text == "-" or token.text == "-") and not token.whitespace_:
            continue
        last = pieces[-1]
        if len(pieces) > 1:
            yield pieces[0].idx, "".join(piece.lower_ for piece in pieces[:-1]) + _normal(last)
        elif last.pos_ in _KEPT and last.lower_ not in _DROPPED and last.dep_ not in ("case", "det"):
            yield last.idx, _normal(last)
        pieces = []


def english_label(doc: Doc, number: Span) -> bool:
    """Whether the number names the thing before it: "Category 4", "Model 3", "S&P 500"."""
    before = doc[number.start - 1] if number.start else None
    if before is None or not number[0].text[0].isdigit():
        return False
    return before.lower_ in quantity_words("en", "label") or (
        before.pos_ == "PROPN" and before.ent_type_ not in ("DATE", "TIME")
    )


def vietnamese_noun(text: str, found: FoundQuantity) -> CountedNoun | None:
    """The one or two syllables after the number, where they can be a counted noun."""
    match = re.compile(r"\s+([^\W\d_]+)(?:\s+([^\W\d_]+))?").match(text, found.end)
    if not match or match[1].lower() in quantity_words("vi", "not_counted") or not match[1].islower():
        return None
    two = match[2] and match[2].islower() and match[2] not in quantity_words("vi", "not_counted")
    end = match.end(2) if two else match.end(1)
    surface = text[match.start(1) : end]
    name = " ".join(surface.lower().split())
    known = _vietnamese_nouns()
    if name not in known and match[1].lower() in known:  # "12 mỏ đồng": one syllable is the noun
        end, surface, name = match.end(1), match[1], match[1].lower()
    return CountedNoun(end, surface, known.get(name, name), is_known=name in known)


class CountedWord(BaseModel):
    """One row of data/counted_nouns.csv: a Vietnamese noun that is often counted, and its name in English."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    vietnamese: Text
    name: Text


@cache
def _vietnamese_nouns() -> dict[str, str]:
    return {row.vietnamese: row.name for row in read_table("counted_nouns.csv", CountedWord)}


def _head(number: Span) -> Token | None:
    token = number.root
    for _ in range(3):
        head = token.head
        if head == token:
            break
        near = number.end <= head.i <= number.end + _FARTHEST
        if (
            near
            and head.pos_ in _NOUNS
            and token.dep_ in ("nummod", "compound", "amod", "nmod", "quantmod", "det", "advmod", "npadvmod")
        ):
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
        elif (
            last is not None
            or token.pos_ not in ("ADJ", "PUNCT")
            or (token.text not in ("-",) and token.pos_ == "PUNCT")
        ):
            break
    if last is None or last.lower_ in ("today", "yesterday", "tomorrow"):
        return None
    return last


def _last_of_compound(noun: Token) -> Token:
    while noun.dep_ == "compound" and noun.head.i == noun.i + 1 and noun.head.pos_ in _NOUNS:
        noun = noun.head
    return noun


def _after_of(doc: Doc, number: Span) -> Token | None:
    """For "one of the largest deals", "hundreds of jobs"."""
    for child in doc[number.end].children:
        if child.dep_ == "pobj" and child.pos_ in _NOUNS and child.i < number.end + 10:
            return _past_owner(child)
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
