"""Amounts: the value, and with it the unit, the direction of change and what is measured.

Every figure counts all amounts: `value+unit` is right where value and unit both are. A range agrees with a range
only; numbers agree within a hundred-thousandth. "-" stands for no unit and for no concept.
"""

from __future__ import annotations

from dataclasses import dataclass

from db.model import Quantity, TaggedDocument
from nlp.evaluation.figures import Figure, Slip, Tally, on_one_line
from nlp.evaluation.gold import GoldQuantity, GoldText, QuantitiesGold
from nlp.evaluation.matching import close, pair_off

_NONE = "-"
_NEEDS: dict[str, tuple[str, ...]] = {
    "value": (),
    "value+unit": (),
    "value+change": ("change",),
    "value+concept (shares a word)": ("concepts",),
    "value+concept (same words)": ("concepts",),
    "value+unit+change": ("change",),
}
"""Each figure with the fields that the gold must give for it; where it does not, an amount counts neither way."""


@dataclass(frozen=True, slots=True)
class _Agreement:
    unit: bool
    change: bool
    shares_word: bool
    same_words: bool

    @property
    def weight(self) -> float:
        return 4 * self.unit + 2 * self.change + self.shares_word + 0.5 * self.same_words

    def holds(self) -> dict[str, bool]:
        parts = (True, self.unit, self.change, self.shares_word, self.same_words, self.unit and self.change)
        return dict(zip(_NEEDS, parts, strict=True))


class QuantityScorer:
    """Adds up amounts, matched one to one inside a text by the best agreement."""

    def __init__(self) -> None:
        self.slips: list[Slip] = []
        self._tallies = {name: Tally() for name in _NEEDS}

    def add(self, gold: GoldText, found: TaggedDocument) -> None:
        """Score one text."""
        assert isinstance(gold, QuantitiesGold)
        candidates = {
            (i, j): _agreement(right, mine)
            for i, right in enumerate(gold.quantities)
            for j, mine in enumerate(found.quantities)
            if _same_value(right.value, mine)
        }
        pairs = pair_off(((one.weight, -abs(i - j)), i, j) for (i, j), one in candidates.items())
        for name, tally in self._tallies.items():
            silent = {i for i, right in enumerate(gold.quantities) if not _tells(right, _NEEDS[name])}
            counted = [pair for pair in pairs if pair[0] not in silent]
            tally.add(
                right=sum(candidates[pair].holds()[name] for pair in counted),
                predicted=len(found.quantities) - (len(pairs) - len(counted)),
                gold=len(gold.quantities) - len(silent),
            )
        self.slips += _slips(gold, found, {pair: candidates[pair] for pair in pairs})

    def figures(self) -> list[Figure]:
        """value and value+unit; those of change and concept where the gold tells them."""
        return [tally.figure(name) for name, tally in self._tallies.items() if tally.gold or not _NEEDS[name]]


def _tells(right: GoldQuantity, fields: tuple[str, ...]) -> bool:
    return all(getattr(right, name) is not None for name in fields)


def _same_value(right: float | tuple[float, float], mine: Quantity) -> bool:
    if isinstance(right, tuple):
        return (
            mine.value_high is not None and close(mine.value, right[0]) and close(mine.value_high, right[1])
        )
    return mine.value_high is None and close(mine.value, right)


def _agreement(right: GoldQuantity, mine: Quantity) -> _Agreement:
    wanted = {word.casefold() for word in right.concepts or ()}
    words = {word.casefold() for word in mine.concepts or (_NONE,)}
    return _Agreement(
        unit=_plain(right.unit) == _plain(mine.unit_normalized),
        change=right.change is not None and right.change == mine.change,
        shares_word=bool(wanted & words),
        same_words=wanted == words,
    )


def _plain(unit: str | None) -> str:
    return (unit or _NONE).strip().casefold()


def _slips(
    gold: QuantitiesGold, found: TaggedDocument, pairs: dict[tuple[int, int], _Agreement]
) -> list[Slip]:
    sentence = on_one_line(gold.text)
    slips = []
    for (i, j), agreement in sorted(pairs.items()):
        right, mine = gold.quantities[i], found.quantities[j]
        if not agreement.unit or (right.change is not None and not agreement.change):
            what = f"'{mine.text}' is {_told(right)}, not {_predicted(mine)}"
            slips.append(Slip(id=gold.id, error="wrong", what=what, sentence=sentence))
    for i, right in enumerate(gold.quantities):
        if all(i != pair[0] for pair in pairs):
            slips.append(Slip(id=gold.id, error="missed", what=_told(right), sentence=sentence))
    for j, mine in enumerate(found.quantities):
        if all(j != pair[1] for pair in pairs):
            what = f"'{mine.text}' as {_predicted(mine)}"
            slips.append(Slip(id=gold.id, error="false alarm", what=what, sentence=sentence))
    return slips


def _told(right: GoldQuantity) -> str:
    ends = right.value if isinstance(right.value, tuple) else (right.value,)
    value = " to ".join(f"{end:g}" if abs(end) < 1e5 else f"{end:,.10g}" for end in ends)
    return f"{value} {_plain(right.unit)} ({right.change or 'any change'})"


def _predicted(mine: Quantity) -> str:
    value = mine.value if mine.value_high is None else (mine.value, mine.value_high)
    return _told(GoldQuantity(value=value, unit=mine.unit_normalized, change=mine.change))
