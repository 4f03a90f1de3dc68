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

Direction = Literal["past", "future", "unknown"]


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

    @classmethod
    def of(cls, *parts: Grammar) -> Grammar:
        """One grammar of the rules of several, in that order."""
        joined = cls(parts[0].language)
        joined.rules = [rule for part in parts for rule in part.rules]
        return joined

    def rule(self, *patterns: str, case: bool = False) -> Callable[[Reader], Reader]:
        """Register a reader for patterns, in which `{month}` and the like stand for the words of that kind."""

        def register(read: Reader) -> Reader:
            for pattern in patterns:
                text = rf"(?<![\w$£€])(?:{_filled(pattern, self.language)})(?!\w)"
                flags = re.NOFLAG if case else re.IGNORECASE
                self.rules.append(Rule(read.__name__.strip("_"), re.compile(text, flags), read))
            return read

        return register

    def candidates(self, text: str) -> list[Candidate]:
        """Every match of every rule, best first among those that overlap, else in the order of the text."""
        found = [
            Candidate(match.start(), match.end(), rule, match)
            for rule in self.rules
            for match in rule.pattern.finditer(text)
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
