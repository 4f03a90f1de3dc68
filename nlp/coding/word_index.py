"""Looks up the codebook's words: which frames, classes and contexts a lemma belongs to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from spacy.tokens import Token

from db.codebook import Codebook, Frame

Phrase = tuple[str, ...]


@dataclass(frozen=True)
class WordIndex:
    """The codebook turned round: from words to what they may mean."""

    codebook: Codebook
    verbs: dict[str, list[tuple[Phrase, Frame]]] = field(default_factory=dict)
    nouns: dict[str, list[tuple[Phrase, Frame]]] = field(default_factory=dict)
    adjectives: dict[str, list[tuple[Phrase, Frame]]] = field(default_factory=dict)
    classes: dict[str, frozenset[str]] = field(default_factory=dict)
    contexts: dict[str, frozenset[Phrase]] = field(default_factory=dict)

    def in_class(self, lemma: str, names: Iterable[str]) -> bool:
        """Whether the lemma stands in one of the named classes."""
        return any(lemma in self.classes.get(name, ()) for name in names)


def index_codebook(codebook: Codebook, language: str) -> WordIndex:
    """The index for "en" or "vi"."""
    index = WordIndex(codebook)
    for frame in codebook.frames:
        for table, words in (
            (index.verbs, frame.verbs),
            (index.nouns, frame.nouns),
            (index.adjectives, frame.adjectives),
        ):
            for entry in words:
                words_of_entry = tuple(entry.split())
                key = words_of_entry[-1] if table is index.nouns else words_of_entry[0]
                table.setdefault(key, []).append((words_of_entry, frame))
    for table in (index.verbs, index.nouns, index.adjectives):
        for entries in table.values():
            entries.sort(key=lambda entry: -len(entry[0]))
    for name, listed in codebook.classes.items():
        index.classes[name] = frozenset(getattr(listed, language))
    for name, listed in codebook.contexts.items():
        index.contexts[name] = frozenset(tuple(entry.split()) for entry in getattr(listed, language))
    return index


@lru_cache(maxsize=4096)
def word_pattern(phrase: str) -> re.Pattern[str]:
    """A pattern that finds the phrase as whole words, hyphen or space between them, plural or not.

    A star stands for up to three words between: "process * at home".
    """
    parts = [_part(part) for part in re.split(r"[ -]", phrase)]
    return re.compile(r"(?<![\w])" + r"[\s-]+".join(parts) + r"(?![\w])")


def lemma_of(token: Token) -> str:
    """The lemma in small letters; that of a capitalised plural is put right ("Tariffs")."""
    lemma = token.lemma_.lower()
    if token.pos_ == "PROPN" and lemma.endswith("s") and len(lemma) > 3 and not lemma.endswith("ss"):
        return lemma[:-3] + "y" if lemma.endswith("ies") else lemma[:-1]
    return lemma


def _part(part: str) -> str:
    if part == "*":
        return r"(?:\w+[\s-]+){0,3}\w+"
    if part.endswith("y") and len(part) > 2 and part[-2] not in "aeiou":
        return re.escape(part[:-1]) + "(?:y|ies)"
    return re.escape(part) + "(?:s|es)?"
