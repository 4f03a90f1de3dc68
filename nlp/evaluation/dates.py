"""Time expressions: the span, and its TIMEX3 value (as task A of TempEval-3 counts them)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from db.model import TaggedDocument, TimeExpression
from nlp.evaluation.figures import Figure, Slip, Tally, sentence_around
from nlp.evaluation.gold import DatesGold, GoldText, GoldTimex
from nlp.evaluation.matching import pair_off

_ZERO_SECONDS = re.compile(r"(T\d\d:\d\d):00$")
_CALENDAR = re.compile(r"\d{4}")
_FIGURES = ("strict", "relaxed", "strict+value", "relaxed+value", "resolvable")


class DateScorer:
    """Adds up time expressions, matched one to one: the same span first, then the longest overlap.

    strict: the same span. relaxed: spans that overlap. +value: and the same value. resolvable: strict+value
    over calendar points, whose value begins with a year.
    """

    def __init__(self) -> None:
        self.slips: list[Slip] = []
        self._tallies = {name: Tally() for name in _FIGURES}

    def add(self, gold: GoldText, found: TaggedDocument) -> None:
        """Score one text."""
        assert isinstance(gold, DatesGold)
        pairs = [
            (gold.timexes[i], found.dates[j]) for i, j in pair_off(_candidates(gold.timexes, found.dates))
        ]
        same_span = [(right, mine) for right, mine in pairs if _same_span(right, mine)]
        right_value = [(right, mine) for right, mine in pairs if plain(right.value) == plain(mine.value)]
        both = [pair for pair in same_span if pair in right_value]
        counts = {
            "strict": len(same_span),
            "relaxed": len(pairs),
            "strict+value": len(both),
            "relaxed+value": len(right_value),
        }
        for name, right in counts.items():
            self._tallies[name].add(right=right, predicted=len(found.dates), gold=len(gold.timexes))
        self._tallies["resolvable"].add(
            right=sum(is_calendar(right.value) for right, _ in both),
            predicted=sum(is_calendar(mine.value) for mine in found.dates),
            gold=sum(is_calendar(right.value) for right in gold.timexes),
        )
        self.slips += _slips(gold, found, pairs)

    def figures(self) -> list[Figure]:
        """All five figures; strict+value is the one to watch."""
        return [tally.figure(name) for name, tally in self._tallies.items()]


def plain(value: str) -> str:
    """The value in upper case and without seconds that are zero."""
    return _ZERO_SECONDS.sub(r"\1", value.strip().upper())


def is_calendar(value: str) -> bool:
    """Whether the value is a point of the calendar: a year, quarter, month, week, day or hour of it."""
    return bool(_CALENDAR.match(value))


def _same_span(right: GoldTimex, mine: TimeExpression) -> bool:
    return (right.start, right.end) == (mine.start, mine.end)


def _candidates(
    gold: Sequence[GoldTimex], found: Sequence[TimeExpression]
) -> list[tuple[tuple[float, ...], int, int]]:
    candidates: list[tuple[tuple[float, ...], int, int]] = []
    for i, right in enumerate(gold):
        for j, mine in enumerate(found):
            overlap = min(right.end, mine.end) - max(right.start, mine.start)
            if overlap > 0:
                candidates.append(((float(_same_span(right, mine)), float(overlap)), i, j))
    return candidates


def _slips(
    gold: DatesGold, found: TaggedDocument, pairs: Sequence[tuple[GoldTimex, TimeExpression]]
) -> list[Slip]:
    slips = []
    for right, mine in pairs:
        if not _same_span(right, mine) or plain(right.value) != plain(mine.value):
            words = gold.text[right.start : right.end]
            what = f"'{words}' is {right.value}, not '{mine.text}' {mine.value}"
            sentence = sentence_around(gold.text, right.start, right.end)
            slips.append(Slip(id=gold.id, error="wrong", what=what, sentence=sentence))
    for right in gold.timexes:
        if all(right is not pair[0] for pair in pairs):
            what = f"'{gold.text[right.start : right.end]}' {right.value}"
            sentence = sentence_around(gold.text, right.start, right.end)
            slips.append(Slip(id=gold.id, error="missed", what=what, sentence=sentence))
    for mine in found.dates:
        if all(mine is not pair[1] for pair in pairs):
            sentence = sentence_around(gold.text, mine.start, mine.end)
            what = f"'{mine.text}' as {mine.value}"
            slips.append(Slip(id=gold.id, error="false alarm", what=what, sentence=sentence))
    return slips
