"""An event reduced to what is scored, and gold and predicted events of a sentence aligned with each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import combinations

from db.codebook import load_codebook
from db.model import UNKNOWN_COUNTRY, EventMention
from nlp.evaluation.gold import GoldEvent
from nlp.evaluation.matching import pair_off

_PLEDGES = frozenset({"AGREE", "CONCEDE", "THREATEN"})
_ASSERTED = frozenset({"actual", "future"})

Triple = tuple[str, str, str]
"""Country of the actor, event type, country of the recipient."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodedEvent:
    """The scored fields of an event; countries are sorted and stand once each."""

    event_type: str
    actors: tuple[str, ...] = ()
    recipients: tuple[str, ...] = ()
    modality: str = "actual"
    instrument: str | None = None
    direction: str | None = None
    stage: str | None = None
    effective_date: str | None = None
    commodities: tuple[tuple[str | None, frozenset[str]], ...] = ()
    quantities: tuple[tuple[float, str], ...] = ()
    accepted_types: frozenset[str] = frozenset()
    """Types that are as good as its own (gold only)."""

    @property
    def is_asserted(self) -> bool:
        """Whether the event is told as real: it happened or will happen."""
        return self.modality in _ASSERTED

    @property
    def quad(self) -> int:
        """The quad class of its type (0 for POLICY)."""
        return load_codebook().types[self.event_type].quad

    @property
    def is_two_sided(self) -> bool:
        """Whether actor and recipient may change places without a change of meaning."""
        return self.event_type in _two_sided()

    @property
    def strict(self) -> tuple[object, ...]:
        """Everything that must be right at once for `strict`."""
        return (self.actors, self.event_type, self.instrument, self.direction, self.stage, self.modality)

    def triples(self) -> list[Triple]:
        """Each actor with each recipient, "---" for a missing side; parties to a two-sided act in one order."""
        if self.is_two_sided and not self.recipients and len(self.actors) > 1:
            return [(one, self.event_type, other) for one, other in combinations(self.actors, 2)]
        pairs = [
            (actor, recipient)
            for actor in self.actors or (UNKNOWN_COUNTRY,)
            for recipient in self.recipients or (UNKNOWN_COUNTRY,)
        ]
        if self.is_two_sided:
            pairs = [pair if UNKNOWN_COUNTRY in pair else (min(pair), max(pair)) for pair in pairs]
        return [(actor, self.event_type, recipient) for actor, recipient in pairs]


def coded(event: GoldEvent | EventMention) -> CodedEvent:
    """The scored fields of a gold or a predicted event."""
    return CodedEvent(
        event_type=event.event_type,
        actors=tuple(sorted({one.country or UNKNOWN_COUNTRY for one in event.actor})),
        recipients=tuple(sorted({one.country or UNKNOWN_COUNTRY for one in event.recipient})),
        modality=event.modality or "actual",
        instrument=event.instrument,
        direction=event.direction,
        stage=event.stage,
        effective_date=event.effective_date,
        commodities=tuple((one.name, frozenset(one.hs)) for one in event.commodities),
        quantities=tuple((one.value, (one.unit or "").lower()) for one in event.quantities),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Alignment:
    """Gold and predicted events of a sentence: which belong together, and which have no counterpart."""

    pairs: tuple[tuple[CodedEvent, CodedEvent], ...]
    missed: tuple[CodedEvent, ...]
    invented: tuple[CodedEvent, ...]


def align(gold: Sequence[CodedEvent], predicted: Sequence[CodedEvent]) -> list[tuple[int, int]]:
    """Index pairs of events that agree in type or in both parties, most fields in common first."""
    candidates: list[tuple[tuple[float, ...], int, int]] = []
    for i, right in enumerate(gold):
        for j, mine in enumerate(predicted):
            same_type = mine.event_type == right.event_type or mine.event_type in right.accepted_types
            same_actors = mine.actors == right.actors
            same_recipients = mine.recipients == right.recipients
            if same_type or (same_actors and same_recipients):
                common = 2 * same_type + same_actors + same_recipients + _policy_in_common(right, mine)
                candidates.append(((float(common),), i, j))
    return pair_off(candidates)


def settle(
    gold: Sequence[GoldEvent], predicted: Sequence[CodedEvent]
) -> tuple[list[CodedEvent], list[CodedEvent], list[CodedEvent]]:
    """Gold and predicted events with the differences levelled that do not count, and those wrongly asserted.

    An accepted value is read as the gold's, a two-sided act may hold its parties on either side, AGREE,
    CONCEDE and THREATEN are as good `actual` as `future`, and an optional event counts on neither side. The
    third list holds predictions told as real whose gold event is negated or hypothetical.
    """
    wanted = [
        replace(coded(event), accepted_types=frozenset(filter(None, event.accept.get("event_type", ()))))
        for event in gold
    ]
    levelled = list(predicted)
    dropped: set[int] = set()
    wrongly = []
    for i, j in align(wanted, predicted):
        if gold[i].optional:
            dropped.add(j)
            continue
        levelled[j] = _level(wanted[i], levelled[j], gold[i])
        if not wanted[i].is_asserted and levelled[j].is_asserted:
            wrongly.append(levelled[j])
    kept = [event for event, told in zip(wanted, gold, strict=True) if not told.optional]
    return kept, [event for j, event in enumerate(levelled) if j not in dropped], wrongly


def alignment(gold: Sequence[CodedEvent], predicted: Sequence[CodedEvent]) -> Alignment:
    """The settled events of a sentence as pairs and leftovers."""
    pairs = align(gold, predicted)
    mine = {j for _, j in pairs}
    right = {i for i, _ in pairs}
    return Alignment(
        pairs=tuple((gold[i], predicted[j]) for i, j in pairs),
        missed=tuple(event for i, event in enumerate(gold) if i not in right),
        invented=tuple(event for j, event in enumerate(predicted) if j not in mine),
    )


def _policy_in_common(right: CodedEvent, mine: CodedEvent) -> int:
    fields = ("instrument", "direction", "stage")
    values = [(getattr(right, name), getattr(mine, name)) for name in fields]
    same = sum(1 for one, other in values if one is not None and one == other)
    return same + (right.modality == mine.modality)


def _level(right: CodedEvent, mine: CodedEvent, gold: GoldEvent) -> CodedEvent:
    scored = ("event_type", "modality", "instrument", "direction", "stage", "effective_date")
    changes = {
        name: getattr(right, name)
        for name, values in gold.accept.items()
        if name in scored and getattr(mine, name) in values
    }
    mine = replace(mine, **changes)
    if right.event_type in _PLEDGES and right.is_asserted and mine.is_asserted:
        mine = replace(mine, modality=right.modality)
    parties = {*mine.actors, *mine.recipients}
    same_type = mine.event_type == right.event_type
    if same_type and right.is_two_sided and parties == {*right.actors, *right.recipients}:
        mine = replace(mine, actors=right.actors, recipients=right.recipients)
    return mine


@cache
def _two_sided() -> frozenset[str]:
    return frozenset(name for name, one in load_codebook().types.items() if one.two_sided)
