"""Firms that bear a capital's name: "Amman Mineral" is not Jordan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from nlp.facts.name_words import NameWords
from nlp.facts.registry import roles_by_title
from nlp.names.findings import Finding
from nlp.names.head_words import is_capital


def named_after_capitals(doc: Doc, known: Sequence[Finding], words: NameWords) -> Iterator[Finding]:
    """Firms whose name begins with a capital's, which the model took for the city: "Amman Mineral"."""
    for finding in known:
        if "capital" not in finding.clues or finding.end - finding.start != 1 or finding.end == len(doc):
            continue
        city, head = doc[finding.start], doc[finding.end]
        is_name = is_capital(head) and head.pos_ == "PROPN" and head.text.isalpha() and not head.ent_type_
        beside = city.head == head or (city.head == head.head and city.head.pos_ != "PROPN")
        if is_name and city.dep_ == "compound" and beside and not _is_office(head, words):
            end = finding.end + 1
            yield Finding(
                start=finding.start, end=end, kind="organisation", rule="after a capital", weight=59
            )


def without_namesakes(
    doc: Doc, known: Sequence[Finding], named: Sequence[Finding], words: NameWords
) -> list[Finding]:
    """The findings without a capital's name where it is short for a firm, and nothing speaks of its country.

    `named` are the firms and bodies that the text names; a city's police or university lends its name to nobody.
    """
    offices = words.organisation | words.party | words.place | words.event
    firms = {
        f.start for f in named
        if f.end - f.start > 1 and f.kind in ("organisation", "company") and doc[f.end - 1].text not in offices
    }  # fmt: skip
    capitals = [f for f in known if "capital" in f.clues and f.end - f.start == 1]
    spoken = {f.country for f in known if "capital" not in f.clues}
    short_for = {f.entity_id for f in capitals if f.start in firms and f.country not in spoken}
    return [f for f in known if f.entity_id not in short_for]


def _is_office(word: Token, words: NameWords) -> bool:
    """Whether a word after a city is an office or a thing of the city: "Moscow Mayor", "Lima Airport"."""
    small = word.lower_
    return (
        word.text in words.place | words.event
        or small in words.government_nouns
        or small in roles_by_title("en")
    )
