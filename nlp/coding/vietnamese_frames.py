"""Finds the Vietnamese phrases that trigger frames, and the words around them that change what is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property

from db.codebook import Codebook, Frame
from nlp.coding.word_index import WordIndex

_TAIL = 30


class PhraseFrames:
    """The trigger phrases of a codebook as patterns over small letters."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All trigger phrases, longer ones first."""
        phrases = sorted(self.frames, key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(_as_pattern(phrase) for phrase in phrases) + r")(?!\w)")

    @cached_property
    def fixed(self) -> re.Pattern[str]:
        """Words that hold one which elsewhere is a trigger: cues of instruments ("bán phá giá"), "bắt đầu"."""
        cues = {cue for i in self.codebook.instruments.values() for cue in i.cues.vi if " " in cue}
        others = self.codebook.contexts["other_words"].vi
        return _any_of((cues | set(others)) - set(self.frames))

    @cached_property
    def frames(self) -> dict[str, list[Frame]]:
        """The frames of each phrase in the codebook's order."""
        table: dict[str, list[Frame]] = {}
        for frame in self.codebook.frames:
            for phrase in frame.vi:
                table.setdefault(phrase, []).append(frame)
        return table

    def frames_of(self, text: str) -> list[Frame]:
        """The frames whose phrase `text` is, gaps allowed."""
        known = self.frames.get(text)
        if known:
            return known
        return [
            f
            for phrase, fs in self.frames.items()
            if "*" in phrase and re.fullmatch(_as_pattern(phrase), text)
            for f in fs
        ]


class ContextWords:
    """The context lists and classes of a codebook as patterns."""

    def __init__(self, index: WordIndex) -> None:
        self._lists = {name: _any_of(map(" ".join, words)) for name, words in index.contexts.items()}
        self._classes = {name: _any_of(words) for name, words in index.classes.items()}

    def has(self, text: str, name: str) -> bool:
        """Whether a phrase of the context list stands in `text`."""
        return name in self._lists and self._lists[name].search(text) is not None

    def ends(self, text: str, name: str) -> bool:
        """Whether `text` ends in a phrase of the list."""
        tail = text[-_TAIL:]
        return any(not tail[match.end() :].strip() for match in self._lists[name].finditer(tail))

    def starts(self, text: str, name: str) -> bool:
        """Whether `text` starts with a phrase of the list."""
        return self._lists[name].match(text.lstrip()) is not None

    def without(self, text: str, name: str) -> str:
        """The text with the phrases of the list taken out."""
        return self._lists[name].sub(" ", text)

    def first(self, name: str, text: str, start: int, end: int) -> re.Match[str] | None:
        """The first phrase of the list in a stretch of text."""
        return self._lists[name].search(text, start, end)

    def all_matches(self, name: str, text: str) -> Iterator[re.Match[str]]:
        """The phrases of the list in a text."""
        return self._lists[name].finditer(text)

    def last_match(self, name: str, text: str, start: int, end: int) -> re.Match[str] | None:
        """The last phrase of the list in a stretch of text."""
        found = None
        for found in self._lists[name].finditer(text, start, end):  # noqa: B007
            pass
        return found

    def first_of_class(self, classes: Iterable[str], text: str, start: int, end: int) -> int | None:
        """Where the first noun of one of the classes stands, if any."""
        places = [
            m.start()
            for c in classes
            if c in self._classes and (m := self._classes[c].search(text, start, end))
        ]
        return min(places, default=None)


def has_phrase(text: str, phrase: str) -> bool:
    """Whether the phrase stands in `text` as whole words."""
    return re.search(r"(?<!\w)" + re.escape(phrase) + r"(?!\w)", text) is not None


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(phrases, key=len, reverse=True)
    if not ordered:
        return re.compile(r"(?!)")
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in ordered) + r")(?!\w)")


def _as_pattern(phrase: str) -> str:
    return r"\s+".join(r"(?:\S+\s+){0,11}\S+" if part == "*" else re.escape(part) for part in phrase.split())
