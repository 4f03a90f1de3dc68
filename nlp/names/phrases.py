"""Longest match of known phrases in the words of a text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar
from unicodedata import is_normalized, normalize

from spacy.attrs import ORTH
from spacy.tokens import Doc

V = TypeVar("V")
_HEADLINE = 4
"""Words that a line in capitals must have; a shorter one may be a name or an acronym."""


class PhraseTable(Generic[V]):
    """Phrases as sequences of words, each with its values; one look-up a word, whatever the size."""

    def __init__(self, *, fold: bool = False) -> None:
        """With `fold`, upper and lower case are one."""
        self.fold = fold
        self._by_first: dict[str, dict[tuple[str, ...], list[V]]] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, words: Sequence[str], value: V) -> None:
        """Add a phrase; a phrase added twice has both values, the first one first."""
        key = tuple(self._key(word) for word in words)
        if not key:
            return
        values = self._by_first.setdefault(key[0], {}).setdefault(key, [])
        if value not in values:
            values.append(value)
        lengths = self._lengths.setdefault(key[0], [])
        if len(key) not in lengths:
            lengths.append(len(key))
            lengths.sort(reverse=True)

    def at(self, words: Sequence[str], start: int) -> tuple[int, list[V]] | None:
        """The end of the longest phrase that begins at `start`, with its values."""
        first = self._key(words[start])
        for length in self._lengths.get(first, ()):
            if start + length > len(words):
                continue
            key = tuple(self._key(word) for word in words[start : start + length])
            values = self._by_first[first].get(key)
            if values:
                return start + length, values
        return None

    def find(self, words: Sequence[str]) -> Iterator[tuple[int, int, list[V]]]:
        """Start, end and values of the phrases in `words`, the leftmost longest, not overlapping."""
        free = 0
        lengths = self._lengths
        for place, word in enumerate(words):
            # Most words begin no phrase; asking here saves a call for each of them.
            if place < free or (word.casefold() if self.fold else word) not in lengths:
                continue
            found = self.at(words, place)
            if found and word in ("the", "The") and found[0] > place + 1:
                longer = self.at(words, place + 1)  # "the Gulf" is no match in "the Gulf Cooperation Council"
                if longer and longer[0] > found[0]:
                    continue
            if found:
                yield place, *found
                free = found[0]

    def _key(self, word: str) -> str:
        return word.casefold() if self.fold else word


def words_of(doc: Doc) -> list[str]:
    """The words as phrases are compared: composed letters, straight apostrophes, headlines in capitals toned down."""
    texts = texts_of(doc)
    words = [plain_word(text) for text in texts]
    for start, end in _lines(texts):
        # One word with small letters is enough to tell that a line is no headline in capitals.
        line = words[start:end]
        city = _dateline(line)
        words[start : start + city] = [word.capitalize() for word in line[:city]]
        if any(word != word.upper() for word in line):
            continue
        letters = [word for word in line if any(character.isalpha() for character in word)]
        if len(letters) >= _HEADLINE:
            words[start:end] = [
                word.capitalize() if len(word) > 3 or not word.isascii() else word for word in line
            ]
    return words


def _dateline(line: Sequence[str]) -> int:
    """How many words at the start of a line are the place it was sent from: "HO CHI MINH CITY, Oct 20 (Xinhua) --"."""
    count = 0
    while count < min(5, len(line)) and line[count].isupper() and line[count].isalpha():
        count += 1
    rest = line[count : count + 8]
    if not count or not rest or rest[0] not in (",", "(", "-", "–", "—", "--"):
        return 0
    ends = any(word in ("-", "–", "—", "--") for word in rest)
    return count if ends and len("".join(line[:count])) > 3 else 0


def texts_of(doc: Doc) -> list[str]:
    """The tokens' texts; reading them in one go takes a fifth of the time of one token after the other."""
    strings = doc.vocab.strings
    return [strings[key] for key in doc.to_array(ORTH).tolist()]


def _lines(texts: Sequence[str]) -> Iterator[tuple[int, int]]:
    start = 0
    for place, text in enumerate(texts):
        if "\n" in text and text.isspace():
            yield start, place
            start = place + 1
    yield start, len(texts)


def plain_word(word: str) -> str:
    """One word with composed letters (NFC) and a straight apostrophe."""
    if word.isascii():
        return word
    if not is_normalized("NFC", word):
        word = normalize("NFC", word)
    return word.replace("’", "'")
