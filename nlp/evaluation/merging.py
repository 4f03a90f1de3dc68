"""Merging: are the mentions that tell one happening put together, over articles and languages, and no others?

Every gold mention is a passage; the event that the tagger finds in it (of the same type if there is one) stands
for it, else the article's event of that type and those parties, since an article keeps the fullest mention of
each; a passage for which there is none stands alone. `pairs` counts pairs of mentions put together;
`b-cubed` is the mean over mentions of how pure and how whole the cluster of each is (Bagga and Baldwin, 1998);
`b-cubed of found` leaves out the passages without an event, `found` says for how many there is one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from itertools import combinations

from db.clustering import cluster
from db.merge_rules import Report, block_of, canonical_block
from db.model import EventMention, TaggedDocument
from nlp.evaluation.figures import Figure, Slip, Tally, harmonic_mean, on_one_line
from nlp.evaluation.gold import GoldHappening, GoldText, StoryGold


class MergingScorer:
    """Collects the articles of a file; the clusters are made when the figures are asked for."""

    def __init__(self) -> None:
        self.slips: list[Slip] = []
        self._reports: list[Report] = []
        self._gold: list[tuple[str, str | None, GoldHappening]] = []

    def add(self, gold: GoldText, found: TaggedDocument) -> None:
        """Take in one article."""
        assert isinstance(gold, StoryGold)
        reports = [_report(gold, number, event) for number, event in enumerate(found.events)]
        self._reports += reports
        for happening in gold.events:
            start = gold.text.find(happening.sentence)
            report = _standing_for(happening, start, start + len(happening.sentence), found.events, reports)
            self._gold.append((gold.id, report.id if report else None, happening))

    def figures(self) -> list[Figure]:
        """Pairs, B-cubed, and how many of the passages have an event."""
        groups = dict(_groups(self._reports))
        mine = [
            groups.get(report or "", f"alone-{number}") for number, (_, report, _) in enumerate(self._gold)
        ]
        keys = [happening.key for _, _, happening in self._gold]
        found = sum(report is not None for _, report, _ in self._gold)
        self.slips = list(self._slips(mine, keys))
        seen = [number for number, (_, report, _) in enumerate(self._gold) if report is not None]
        told_keys, told_mine = [keys[n] for n in seen], [mine[n] for n in seen]
        return [
            _pairs(keys, mine),
            _b_cubed(keys, mine, "b-cubed"),
            _b_cubed(told_keys, told_mine, "b-cubed of found"),
            Tally(found, found, len(keys)).figure("found"),
        ]

    def _slips(self, mine: list[str], keys: list[str]) -> Iterator[Slip]:
        for (a, mine_a, key_a), (b, mine_b, key_b) in combinations(
            zip(self._gold, mine, keys, strict=True), 2
        ):
            if (mine_a == mine_b) == (key_a == key_b):
                continue
            sentences = f"{on_one_line(a[2].sentence)} / {on_one_line(b[2].sentence)}"
            if key_a == key_b:
                yield Slip(
                    id=f"{a[0]}, {b[0]}", error="missed", what=f"one happening: {key_a}", sentence=sentences
                )
            else:
                what = f"two happenings: {key_a}, {key_b}"
                yield Slip(id=f"{a[0]}, {b[0]}", error="false alarm", what=what, sentence=sentences)


def _report(gold: StoryGold, number: int, event: EventMention) -> Report:
    return Report(
        id=f"{gold.id}#{number}",
        article_id=gold.id,
        publisher=gold.publisher,
        published=(gold.published or "")[:10],
        start=event.start,
        coding=asdict(event),
    )


def _standing_for(
    happening: GoldHappening, start: int, end: int, events: tuple[EventMention, ...], reports: list[Report]
) -> Report | None:
    """The found event whose trigger lies in the passage, of the same type or actor; else one of the article."""
    inside = [
        (event, report)
        for event, report in zip(events, reports, strict=True)
        if start <= event.trigger_start < end
    ]
    for event, report in inside:
        if event.event_type == happening.event_type:
            return report
    for event, report in inside:
        if {one.country for one in event.actor} & set(happening.actor):
            return report
    for event, report in zip(events, reports, strict=True):  # the headline tells it, or a fuller passage
        parties = {one.country for one in (*event.actor, *event.recipient)}
        same_kind = event.event_type == happening.event_type and set(happening.actor) <= parties
        if same_kind and _may_agree(event.event_date, happening.event_date):
            return report
    return None


def _may_agree(found: str | None, said: str | None) -> bool:
    return found is None or said is None or found.startswith(said) or said.startswith(found)


def _groups(reports: list[Report]) -> Iterator[tuple[str, str]]:
    """For each report the name of its cluster."""
    blocks: dict[str, list[Report]] = defaultdict(list)
    for report in reports:
        blocks[canonical_block(block_of(report.coding, report.article_id))].append(report)
    for block, members in sorted(blocks.items()):
        for number, group in enumerate(cluster(members)):
            for report in group:
                yield report.id, f"{block}#{number}"


def _pairs(keys: list[str], mine: list[str]) -> Figure:
    tally = Tally()
    for one, other in combinations(range(len(keys)), 2):
        gold, predicted = keys[one] == keys[other], mine[one] == mine[other]
        tally.add(right=gold and predicted, predicted=predicted, gold=gold)
    return tally.figure("pairs")


def _b_cubed(keys: list[str], mine: list[str], name: str) -> Figure:
    wanted, found = _members(keys), _members(mine)
    common = [len(wanted[key] & found[group]) for key, group in zip(keys, mine, strict=True)]
    size = len(keys) or 1
    precision = sum(n / len(found[group]) for n, group in zip(common, mine, strict=True)) / size
    recall = sum(n / len(wanted[key]) for n, key in zip(common, keys, strict=True)) / size
    f1 = harmonic_mean(precision, recall)
    return Figure(
        name=name,
        precision=precision,
        recall=recall,
        f1=f1,
        right=None,
        predicted=len(found),
        gold=len(wanted),
    )


def _members(names: list[str]) -> dict[str, set[int]]:
    members: dict[str, set[int]] = defaultdict(set)
    for place, name in enumerate(names):
        members[name].add(place)
    return members
