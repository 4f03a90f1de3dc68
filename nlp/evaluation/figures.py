"""What an evaluation gives: figures (precision, recall, F1 with their counts) and slips (what went wrong where)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Literal

_LONGEST = 300
_SENTENCE_END = re.compile(r"[.!?…]['\"”’)]*\s|\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One measure: precision, recall and F1 between 0 and 1, and the counts behind them.

    `right` is None where the measure is a mean and no count (grouping); the three ratios are None where
    there was nothing to find and nothing found, or only a count is meant (`negated or hypothetical asserted`).
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    right: int | None
    predicted: int
    gold: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One thing the tagger missed, made up, or found with a wrong value."""

    id: str
    error: Literal["missed", "false alarm", "wrong"]
    what: str
    sentence: str


@dataclass(slots=True)
class Tally:
    """Counts of what was right, predicted and in the gold, summed over texts (micro average)."""

    right: int = 0
    predicted: int = 0
    gold: int = 0

    def add(self, *, right: int, predicted: int, gold: int) -> None:
        """Add the counts of one text."""
        self.right += right
        self.predicted += predicted
        self.gold += gold

    def add_bags(self, gold: Iterable[Hashable], predicted: Iterable[Hashable]) -> None:
        """Compare two bags: order is of no weight, each item counts as often as it stands in both."""
        wanted, found = Counter(gold), Counter(predicted)
        self.add(right=(wanted & found).total(), predicted=found.total(), gold=wanted.total())

    def figure(self, name: str) -> Figure:
        """Precision, recall and F1 of the counts: 0 where one side is empty, None where both are."""
        if not self.predicted and not self.gold:
            return Figure(name=name, precision=None, recall=None, f1=None, right=0, predicted=0, gold=0)
        precision = self.right / self.predicted if self.predicted else 0.0
        recall = self.right / self.gold if self.gold else 0.0
        return Figure(
            name=name,
            precision=precision,
            recall=recall,
            f1=harmonic_mean(precision, recall),
            right=self.right,
            predicted=self.predicted,
            gold=self.gold,
        )


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of several tallies."""
    whole = Tally()
    for tally in tallies:
        whole.add(right=tally.right, predicted=tally.predicted, gold=tally.gold)
    return whole


def harmonic_mean(precision: float, recall: float) -> float:
    """F1 of a precision and a recall; 0 when both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def sentence_around(text: str, start: int, end: int) -> str:
    """The sentence (roughly) that holds a span, on one line and not too long to read."""
    begin = max((found.end() for found in _SENTENCE_END.finditer(text, 0, start)), default=0)
    after = _SENTENCE_END.search(text, end)
    return on_one_line(text[begin : after.end() if after else len(text)])


def on_one_line(text: str) -> str:
    """The text with its white space evened out, cut with an ellipsis where it is very long."""
    even = " ".join(text.split())
    return even if len(even) <= _LONGEST else even[:_LONGEST] + "…"
