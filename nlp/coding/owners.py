"""What nouns and phrases tell of parties: whose measure it is, where it happens, between whom."""

from __future__ import annotations

from spacy.tokens import Token

from db.model import Participant
from nlp.coding.grammar import agent, circumstances, is_passive
from nlp.coding.parties import Tags, participant, parties, unique
from nlp.coding.role_prepositions import TWO_SIDED
from nlp.coding.standing_behind import OWNERS, PLACES, maker
from nlp.coding.venues import MARGINS, is_host
from nlp.coding.word_index import WordIndex, lemma_of


class Owners:
    """Reads the nouns of one sentence."""

    def __init__(self, tags: Tags, index: WordIndex) -> None:
        self.tags, self.index = tags, index

    def is_place(self, noun: Token) -> bool:
        """Whether a phrase with "in" tells a place, and not a time or a manner ("in the days of the shah")."""
        named = self.tags.named(noun) is not None or self.index.in_class(lemma_of(noun), ("place",))
        return named or noun.ent_type_ in ("GPE", "LOC", "FAC")

    def place(self, token: Token) -> list[Participant]:
        """Where it happens: the country of an in-, at- or throughout-phrase."""
        for name, noun in circumstances(token):
            if name in (*PLACES, "throughout", "across", "outside"):
                found = parties(noun, self.tags) if self.is_place(noun) else []
                if found:
                    return found
        return []

    def is_domestic(self, noun: Token) -> bool:
        """Whether a noun without a country names people or bodies ("talks between the government and rebels")."""
        return self.index.in_class(noun.lemma_.lower(), ("domestic", "group"))

    def owner(self, noun: Token) -> list[Participant]:
        """Whose measure a noun names."""
        if self.index.in_class(noun.lemma_.lower(), ("measure",)):
            by = agent(noun) or maker(noun)
            if by is not None:
                return parties(by, self.tags)
            for child in noun.children:
                if child.dep_ in OWNERS and child.i < noun.i and (mention := self.tags.named(child)):
                    return [participant(mention)]
            for child in noun.children:
                if child.dep_ == "relcl" and not is_passive(child):
                    return parties(next((c for c in child.children if c.dep_ == "nsubj"), None), self.tags)
        return []

    def both_sides(self, token: Token) -> list[Participant]:
        before = [child for child in token.children if child.i < token.i and child.dep_ in OWNERS]
        found = [party for child in before for party in parties(child, self.tags)]
        for below in token.subtree:  # "talks on lumber between Ottawa and Washington"
            if below.lower_ == "between" and below.head != token:
                found += [
                    p for noun in below.children if noun.dep_ == "pobj" for p in parties(noun, self.tags)
                ]
        for name, noun in circumstances(token):
            if name in TWO_SIDED and noun.lemma_ not in MARGINS and not is_host(name, noun, self.tags):
                found += parties(noun, self.tags)
                if name == "between" and not parties(noun, self.tags) and self.is_domestic(noun):
                    found.append(Participant(start=noun.idx, end=noun.idx + len(noun), text=noun.text))
        return unique(found)
