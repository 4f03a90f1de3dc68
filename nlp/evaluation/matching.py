"""Matching of predictions with gold: one to one by the best agreement, and B-cubed for groups."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from nlp.evaluation.figures import Figure, harmonic_mean

Name = TypeVar("Name", bound=Hashable)


def pair_off(candidates: Iterable[tuple[tuple[float, ...], int, int]]) -> list[tuple[int, int]]:
    """Pairs (gold index, predicted index), each index used once, from candidates (agreement, gold, predicted).

    The candidate that agrees most is taken first; of equal ones, that which stands first in the gold.
    """
    used_gold: set[int] = set()
    used_predicted: set[int] = set()
    pairs = []
    for _, gold, predicted in sorted(candidates, key=lambda one: (tuple(-x for x in one[0]), one[1], one[2])):
        if gold not in used_gold and predicted not in used_predicted:
            used_gold.add(gold)
            used_predicted.add(predicted)
            pairs.append((gold, predicted))
    return pairs


def close(one: float, other: float, tolerance: float = 1e-5) -> bool:
    """Whether two numbers are the same but for rounding."""
    return abs(one - other) <= 1e-8 + tolerance * abs(other)


@dataclass(slots=True)
class BCubed:
    """B-cubed of a grouping of names, over the gold names of all texts (Bagga and Baldwin 1998).

    For each gold name that was found: precision is the share of the gold names in its predicted group that
    are of its gold group, recall the share of its gold group that is in its predicted group. A gold name that
    was not found counts 0 for recall and not at all for precision.
    """

    precision_sum: float = 0.0
    recall_sum: float = 0.0
    found: int = 0
    names: int = 0

    def add(self, gold: Mapping[Name, str | None], predicted: Mapping[Name, str | None]) -> None:
        """Add one text: the group of each name on both sides; None is a group of its own."""
        for name in gold:
            self.names += 1
            if name not in predicted:
                continue
            self.found += 1
            right_group = _group(gold, name)
            my_group = _group(predicted, name)
            shared = len(right_group & my_group)
            self.precision_sum += shared / len(my_group & set(gold))
            self.recall_sum += shared / len(right_group)

    def figure(self, name: str) -> Figure:
        """The means over all names."""
        precision = self.precision_sum / self.found if self.found else 0.0
        recall = self.recall_sum / self.names if self.names else 0.0
        return Figure(
            name=name,
            precision=precision,
            recall=recall,
            f1=harmonic_mean(precision, recall),
            right=None,
            predicted=self.found,
            gold=self.names,
        )


def _group(groups: Mapping[Name, str | None], name: Name) -> set[Name]:
    mine = groups[name]
    return {name} if mine is None else {other for other, group in groups.items() if group == mine}
