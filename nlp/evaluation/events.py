"""Events: is there one, of which type, who did it to whom, and the policy it is about.

sentence, type, quad, actor, recipient, dyad and triple count asserted events only (`actual` or `future`), so a
negated or hypothetical event that is told as real is a false alarm. The policy figures count all events:
instrument, direction, stage and effective date where they are given, modality always, and `strict`, which asks
for actors, type, instrument, direction, stage and modality at once.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from db.model import TaggedDocument
from nlp.evaluation.coded_event import Alignment, CodedEvent, alignment, coded, settle
from nlp.evaluation.figures import Figure, Slip, Tally, on_one_line
from nlp.evaluation.gold import EventsGold, GoldText
from nlp.evaluation.matching import close

_ASSERTED = ("sentence", "type", "quad", "actor", "recipient", "dyad", "triple")
_GIVEN = ("instrument", "direction", "stage", "effective_date")
_POLICY = (
    "instrument",
    "direction",
    "stage",
    "modality",
    "effective_date",
    "commodity",
    "quantity",
    "strict",
)


class EventScorer:
    """Adds up events, sentence by sentence."""

    def __init__(self, *, per_type: bool = False) -> None:
        self.slips: list[Slip] = []
        self._per_type = per_type
        self._tallies = {name: Tally() for name in _ASSERTED}
        self._policy = {name: Tally() for name in _POLICY}
        self._types: dict[str, Tally] = defaultdict(Tally)
        self._wrongly_asserted = 0
        self._unreal = 0
        self._has_policy = False

    def add(self, gold: GoldText, found: TaggedDocument) -> None:
        """Score one sentence."""
        assert isinstance(gold, EventsGold)
        self._has_policy |= any("instrument" in one.model_fields_set for one in gold.events)
        right, mine, wrongly = settle(gold.events, [coded(event) for event in found.events])
        self._wrongly_asserted += len(wrongly)
        self._unreal += sum(not event.is_asserted for event in right)
        self._add_asserted([e for e in right if e.is_asserted], [e for e in mine if e.is_asserted])
        aligned = alignment(right, mine)
        self._add_policy(aligned)
        self._policy["strict"].add_bags([e.strict for e in right], [e.strict for e in mine])
        self.slips += _slips(gold, aligned, wrongly)

    def figures(self) -> list[Figure]:
        """The figures of asserted events, of policy where the gold has it, and of each type if asked for."""
        figures = [tally.figure(name) for name, tally in self._tallies.items()]
        if self._has_policy:
            figures += [tally.figure(name.replace("_", " ")) for name, tally in self._policy.items()]
        figures.append(
            Figure(
                name="negated or hypothetical asserted",
                precision=None,
                recall=None,
                f1=None,
                right=None,
                predicted=self._wrongly_asserted,
                gold=self._unreal,
            )
        )
        if self._per_type:
            figures += [tally.figure(f"type {name}") for name, tally in sorted(self._types.items())]
        return figures

    def _add_asserted(self, gold: Sequence[CodedEvent], predicted: Sequence[CodedEvent]) -> None:
        tallies = self._tallies
        tallies["sentence"].add_bags(["event"][: len(gold)], ["event"][: len(predicted)])
        tallies["type"].add_bags([e.event_type for e in gold], [e.event_type for e in predicted])
        tallies["quad"].add_bags([e.quad for e in gold], [e.quad for e in predicted])
        tallies["actor"].add_bags(
            {c for e in gold for c in e.actors}, {c for e in predicted for c in e.actors}
        )
        tallies["recipient"].add_bags(
            {c for e in gold for c in e.recipients}, {c for e in predicted for c in e.recipients}
        )
        wanted = [triple for event in gold for triple in event.triples()]
        mine = [triple for event in predicted for triple in event.triples()]
        tallies["triple"].add_bags(wanted, mine)
        tallies["dyad"].add_bags([(a, r) for a, _, r in wanted], [(a, r) for a, _, r in mine])
        for name in {event.event_type for event in (*gold, *predicted)}:
            self._types[name].add_bags(
                [name for e in gold if e.event_type == name],
                [name for e in predicted if e.event_type == name],
            )

    def _add_policy(self, aligned: Alignment) -> None:
        for name in _GIVEN:
            tally = self._policy[name]
            values = [(getattr(right, name), getattr(mine, name)) for right, mine in aligned.pairs]
            values += [(getattr(right, name), None) for right in aligned.missed]
            values += [(None, getattr(mine, name)) for mine in aligned.invented]
            for right, mine in values:
                tally.add(
                    right=right is not None and right == mine,
                    predicted=mine is not None,
                    gold=right is not None,
                )
        self._policy["modality"].add(
            right=sum(right.modality == mine.modality for right, mine in aligned.pairs),
            predicted=len(aligned.pairs) + len(aligned.invented),
            gold=len(aligned.pairs) + len(aligned.missed),
        )
        gold = [*(right for right, _ in aligned.pairs), *aligned.missed]
        predicted = [*(mine for _, mine in aligned.pairs), *aligned.invented]
        self._policy["commodity"].add(
            right=sum(_commodities_in_common(right, mine) for right, mine in aligned.pairs),
            predicted=sum(len(event.commodities) for event in predicted),
            gold=sum(len(event.commodities) for event in gold),
        )
        self._policy["quantity"].add(
            right=sum(_quantities_in_common(right, mine) for right, mine in aligned.pairs),
            predicted=sum(len(event.quantities) for event in predicted),
            gold=sum(len(event.quantities) for event in gold),
        )


def _commodities_in_common(right: CodedEvent, mine: CodedEvent) -> int:
    """How many goods are the same by name or by an HS heading, each counted once."""
    left = list(mine.commodities)
    count = 0
    for name, headings in right.commodities:
        same = next((one for one in left if (name and one[0] == name) or one[1] & headings), None)
        if same is not None:
            left.remove(same)
            count += 1
    return count


def _quantities_in_common(right: CodedEvent, mine: CodedEvent) -> int:
    """How many figures have the same unit and the same value (to a thousandth), each counted once."""
    left = list(mine.quantities)
    count = 0
    for value, unit in right.quantities:
        same = next((one for one in left if one[1] == unit and close(one[0], value, 1e-3)), None)
        if same is not None:
            left.remove(same)
            count += 1
    return count


def _slips(gold: EventsGold, aligned: Alignment, wrongly: Sequence[CodedEvent]) -> list[Slip]:
    sentence = on_one_line(gold.text)
    slips = []
    for event in wrongly:
        what = f"{_told(event)} is negated or hypothetical"
        slips.append(Slip(id=gold.id, error="false alarm", what=what, sentence=sentence))
    for right, mine in aligned.pairs:
        if mine not in wrongly and (right.strict, right.recipients) != (mine.strict, mine.recipients):
            what = f"{_told(right)}, not {_told(mine)}"
            slips.append(Slip(id=gold.id, error="wrong", what=what, sentence=sentence))
    slips += [Slip(id=gold.id, error="missed", what=_told(e), sentence=sentence) for e in aligned.missed]
    slips += [
        Slip(id=gold.id, error="false alarm", what=_told(e), sentence=sentence) for e in aligned.invented
    ]
    return slips


def _told(event: CodedEvent) -> str:
    parties = f"{'+'.join(event.actors) or '---'} {event.event_type} {'+'.join(event.recipients) or '---'}"
    policy = ", ".join(filter(None, (event.instrument, event.direction, event.stage, event.modality)))
    return f"{parties} ({policy})"
