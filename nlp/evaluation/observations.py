"""Figures about the world: the value, and with it indicator, country, commodity, unit, period and change link."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from db.model import Observation, TaggedDocument
from nlp.evaluation.figures import Figure, Slip, Tally, on_one_line
from nlp.evaluation.gold import GoldObservation, GoldText, ObservationsGold
from nlp.evaluation.matching import close, pair_off

_FIELDS: Mapping[str, Callable[[GoldObservation | Observation], str | None]] = {
    "indicator": lambda one: one.indicator,
    "country": lambda one: one.country,
    "commodity": lambda one: one.commodity,
    "unit": lambda one: one.unit,
    "period": lambda one: one.period,
}


class ObservationScorer:
    """Adds up observations, matched one to one inside a text by value and then by most fields in common.

    `value` asks for the value alone, `value+unit` and its like for the value and that field (both empty is
    agreement), `all fields` for everything at once, `change link` for pairs (value, value it changed from).
    """

    def __init__(self) -> None:
        self.slips: list[Slip] = []
        self._tallies = {
            name: Tally() for name in ("value", *(f"value+{name}" for name in _FIELDS), "all fields")
        }
        self._links = Tally()

    def add(self, gold: GoldText, found: TaggedDocument) -> None:
        """Score one text."""
        assert isinstance(gold, ObservationsGold)
        agreements = {
            (i, j): _agreement(right, mine)
            for i, right in enumerate(gold.observations)
            for j, mine in enumerate(found.observations)
            if close(mine.value, right.value)
        }
        pairs = pair_off(
            ((float(sum(fields.values())), -abs(i - j)), i, j) for (i, j), fields in agreements.items()
        )
        matched = [agreements[pair] for pair in pairs]
        counts = {
            "value": len(matched),
            "all fields": sum(all(fields.values()) for fields in matched),
            **{f"value+{name}": sum(fields[name] for fields in matched) for name in _FIELDS},
        }
        for name, right in counts.items():
            self._tallies[name].add(
                right=right, predicted=len(found.observations), gold=len(gold.observations)
            )
        self._add_links(gold, found, pairs)
        self.slips += _slips(gold, found, {pair: agreements[pair] for pair in pairs})

    def figures(self) -> list[Figure]:
        """Value, value with each field, all fields, change link."""
        figures = [tally.figure(name) for name, tally in self._tallies.items()]
        return [*figures, self._links.figure("change link")]

    def _add_links(self, gold: ObservationsGold, found: TaggedDocument, pairs: list[tuple[int, int]]) -> None:
        gold_ids = {one.id: i for i, one in enumerate(gold.observations) if one.id}
        my_ids = {one.id: j for j, one in enumerate(found.observations)}
        wanted = {
            (i, gold_ids[one.change_from]) for i, one in enumerate(gold.observations) if one.change_from
        }
        mine = {
            (j, my_ids[one.change_from])
            for j, one in enumerate(found.observations)
            if one.change_from is not None and one.change_from in my_ids
        }
        counterpart = dict(pairs)
        right = sum((counterpart.get(after), counterpart.get(before)) in mine for after, before in wanted)
        self._links.add(right=right, predicted=len(mine), gold=len(wanted))


def _agreement(right: GoldObservation, mine: Observation) -> dict[str, bool]:
    return {name: _plain(read(right)) == _plain(read(mine)) for name, read in _FIELDS.items()}


def _plain(value: str | None) -> str:
    return "" if value in (None, "-", "---") else str(value).strip().casefold()


def _slips(
    gold: ObservationsGold, found: TaggedDocument, pairs: Mapping[tuple[int, int], Mapping[str, bool]]
) -> list[Slip]:
    sentence = on_one_line(gold.text)
    slips = []
    for (i, j), fields in sorted(pairs.items()):
        wrong = [name for name, same in fields.items() if not same]
        if wrong:
            right, mine = gold.observations[i], found.observations[j]
            told = ", ".join(f"{name} {_FIELDS[name](right)}, not {_FIELDS[name](mine)}" for name in wrong)
            slips.append(Slip(id=gold.id, error="wrong", what=f"{right.value:g}: {told}", sentence=sentence))
    for i, right in enumerate(gold.observations):
        if all(i != pair[0] for pair in pairs):
            slips.append(Slip(id=gold.id, error="missed", what=_told(right), sentence=sentence))
    for j, mine in enumerate(found.observations):
        if all(j != pair[1] for pair in pairs):
            slips.append(Slip(id=gold.id, error="false alarm", what=_told(mine), sentence=sentence))
    return slips


def _told(one: GoldObservation | Observation) -> str:
    fields = (one.indicator, one.country, one.commodity, f"{one.value:g}", one.unit, one.period)
    return " ".join(field for field in fields if field)
