"""The engine of the time grammars: rules over text, the words they are made of, and the choice among matches."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from db.model import DateType
from nlp.facts.tables import read_table
from nlp.stretches import places_by_kind, stretches

Direction = Literal["past", "future", "unknown"]


_MARGIN = 50
"""Characters around a time word that an expression with it may reach."""


class TimeWord(BaseModel):
    """One row of data/timewords.csv: a word of the grammar and what it counts for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Literal["en", "vi"]
    word: str
    kind: Literal[
        "month", "weekday", "unit", "season", "daypart", "cardinal", "ordinal", "frequency", "vague", "holiday",
        "decade", "roman",
    ]  # fmt: skip
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a rule may ask: the anchor, the way the clause looks in time, and what the text spoke of before."""

    anchor: date | None
    direction: Direction
    reference: str | None
    """The latest calendar value read before, to which "a year earlier" refers."""
    day: str | None
    """The latest single day read before, to which "the same day" and a clock time refer."""
    before: str
    after: str


Reading = tuple[DateType, str]
Reader = Callable[[re.Match[str], Context], Reading | None]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern and the function that turns its match into type and value, or None to decline."""

    name: str
    pattern: re.Pattern[str]
    read: Reader
    near: tuple[str, ...] = ()
    """Every match holds a word of one of these kinds; the pattern is tried around them only. Empty: everywhere."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place where a rule matches; `read` it once its context is known."""

    start: int
    end: int
    rule: Rule
    match: re.Match[str]


class Grammar:
    """An ordered set of rules of one language; among overlapping matches the longest, then the earlier rule, wins."""

    def __init__(self, language: Literal["en", "vi"]) -> None:
        self.language = language
        self.rules: list[Rule] = []
        self._kinds: dict[str, set[str]] = {}

    @classmethod
    def of(cls, *parts: Grammar) -> Grammar:
        """One grammar of the rules of several, in that order."""
        joined = cls(parts[0].language)
        joined.rules = [rule for part in parts for rule in part.rules]
        for part in parts:
            for word, kinds in part._kinds.items():
                joined._kinds.setdefault(word, set()).update(kinds)
        return joined

    def rule(self, *patterns: str, case: bool = False, near: str = "") -> Callable[[Reader], Reader]:
        """Register a reader for patterns, in which `{month}` and the like stand for the words of that kind.

        `near` names the words of which every match holds one, single ones or kinds ("today {month}"; `{digit}` is
        what has a figure in it). It makes the grammar four times as fast, and finds the same.
        """
        needed = tuple(near.split())
        for one in needed:
            for word in words(self.language, one[1:-1]) if one.startswith("{") else (one,):
                self._kinds.setdefault(re.split(r"\W", word)[0], set()).add(one)

        def register(read: Reader) -> Reader:
            for pattern in patterns:
                text = rf"(?<![\w$£€])(?:{_filled(pattern, self.language)})(?!\w)"
                flags = re.NOFLAG if case else re.IGNORECASE
                self.rules.append(Rule(read.__name__.strip("_"), re.compile(text, flags), read, needed))
            return read

        return register

    def candidates(self, text: str) -> list[Candidate]:
        """Every match of every rule, best first among those that overlap, else in the order of the text."""
        places = places_by_kind(text, self._kinds)
        where: dict[tuple[str, ...], list[tuple[int, int]]] = {(): [(0, len(text))]}
        found = []
        for rule in self.rules:
            if rule.near not in where:
                near = sorted({place for kind in rule.near for place in places.get(kind, ())})
                where[rule.near] = list(stretches(near, _MARGIN, text))
            for start, end in where[rule.near]:
                found += [
                    Candidate(match.start(), match.end(), rule, match)
                    for match in rule.pattern.finditer(text, start, end)
                ]
        order = {id(rule): place for place, rule in enumerate(self.rules)}
        return sorted(found, key=lambda c: (c.start, -c.end, order[id(c.rule)]))


def without_overlap(candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Groups of candidates that overlap, in the order of the text, each with its longest first."""
    group: list[Candidate] = []
    end = -1
    for candidate in candidates:
        if candidate.start >= end and group:
            yield sorted(group, key=lambda c: c.start - c.end)
            group = []
        group.append(candidate)
        end = max(end, candidate.end)
    if group:
        yield sorted(group, key=lambda c: c.start - c.end)


@cache
def words(language: str, kind: str) -> dict[str, str]:
    """The words of one kind in one language with their values, in lower case."""
    return {row.word.lower(): row.value for row in _rows() if (row.language, row.kind) == (language, kind)}


@cache
def _rows() -> tuple[TimeWord, ...]:
    return read_table("timewords.csv", TimeWord)


def _filled(pattern: str, language: str) -> str:
    """The pattern with each `{kind}` replaced by an alternation of its words, longest first."""

    def alternation(found: re.Match[str]) -> str:
        known = sorted(words(language, found[1]), key=len, reverse=True)
        return "(?:" + "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in known) + ")"

    return re.sub(r"\{([a-z]+)\}", alternation, pattern)
