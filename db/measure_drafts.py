"""Which acts are steps of one measure, and through which stages it lives: pure rules, without a database.

Within one country and family of instruments, acts in order of date join the measure they share goods or target
with; an act that names neither joins only when there is a single measure it can mean.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Set
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, get_args

from db.days import first_day
from db.merge_rules import load_merging, same_instrument
from db.model import Stage
from db.tag_rows import content_id

STAGES: tuple[str, ...] = get_args(Stage)
"""In the order in which a measure goes through them, where several are told of one day."""
STOPPED = ("suspended", "lifted", "rejected")
BEFORE_FORCE = ("proposed", "investigation", "announced")


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """An event as the building of measures sees it."""

    event_id: str
    country: str
    instrument: str
    stage: str
    modality: str
    date: str
    basis: str
    day: str
    """First day of the date; `UNKNOWN_DAY` when there is none."""
    effective_date: str | None
    facts: dict[str, Any]
    targets: frozenset[str] = frozenset()
    goods: dict[str, list[str]] = field(default_factory=dict)
    """Goods with their headings; like the targets left out where the act's place in a measure is settled."""

    @property
    def order(self) -> str:
        """What acts are sorted by: day and id."""
        return self.day + self.event_id


@dataclass(slots=True)
class Draft:
    """A measure as far as it is known: its acts in order, and what they say it is about."""

    acts: list[Act] = field(default_factory=list)
    instrument: str = ""
    targets: frozenset[str] = frozenset()
    goods: dict[str, list[str]] = field(default_factory=dict)
    stored: str | None = None
    """The id of the stored measure that it goes on from, whose acts are not among `acts`."""
    begun: str = ""
    """Where its first act stands: see `Act.order`."""

    @property
    def id(self) -> str:
        """The id of the measure, made of that of its first act."""
        return self.stored or content_id("m", self.acts[0].event_id)

    def add(self, act: Act) -> None:
        """Make an act the next of the measure."""
        self.acts.append(act)
        self.begun = self.begun or act.order
        if not self.instrument or self.instrument in _general_instruments():
            self.instrument = act.instrument
        self.targets |= act.targets
        self.goods = self.goods | act.goods

    def fit(self, act: Act) -> int:
        """0 when the act cannot be about this measure, else how strongly it can: 1 is "nothing speaks against"."""
        if not same_instrument(self.instrument, act.instrument) or self._is_too_vague(act):
            return 0
        score = 1
        pairs: tuple[tuple[Set[str], Set[str]], ...] = (
            (self.goods.keys(), act.goods.keys()),
            (self.targets, act.targets),
        )
        for mine, theirs in pairs:
            share = bool(mine & theirs)
            if mine and theirs and not share:
                return 0
            score += 2 * share + (not mine and not theirs)
        return score

    def _is_too_vague(self, act: Act) -> bool:
        """Whether nothing is told of what the measure is about, and the act tells it only long after it began."""
        if self.goods or self.targets or not (act.goods or act.targets) or not self.begun:
            return False
        began, comes = first_day(self.begun[:10]), first_day(act.day)
        return began is not None and comes is not None and (comes - began).days > load_merging().vague_days


@cache
def _general_instruments() -> frozenset[str | None]:
    return frozenset(family.general for family in load_merging().families.values())


def draft_measures(acts: Iterable[Act], known: Iterable[Draft] = ()) -> list[Draft]:
    """Group the acts of one country and family into measures; the order of the input does not matter.

    Acts go on from the `known` measures, which hold all earlier acts. Their own acts are never moved.
    """
    drafts = _Drafts(sorted(known, key=lambda draft: draft.begun))
    for act in sorted(acts, key=lambda act: act.order):
        drafts.add(act)
    return drafts.found


class _Drafts:
    """The measures found so far, with those that share goods or a target with an act at hand."""

    def __init__(self, known: list[Draft]) -> None:
        self.found = known
        self._about: defaultdict[str, set[int]] = defaultdict(set)
        for index, draft in enumerate(known):
            self._note(draft, index)

    def add(self, act: Act) -> None:
        """Put an act into the measure that it fits best, else into one of its own."""
        chosen = self._best(act)
        if chosen is None:
            chosen = self._only(act)
        if chosen is None:
            chosen = len(self.found)
            self.found.append(Draft())
        self.found[chosen].add(act)
        self._note(act, chosen)

    def _note(self, about: Act | Draft, index: int) -> None:
        for key in _keys(about):
            self._about[key].add(index)

    def _best(self, act: Act) -> int | None:
        """The latest of the measures that share most with an act."""
        shared = {index for key in _keys(act) for index in self._about[key]}
        fits = [(self.found[index].fit(act), index) for index in shared]
        return max(((score, index) for score, index in fits if score > 2), default=(0, None))[1]

    def _only(self, act: Act) -> int | None:
        """The one measure that an act can be about; None when there are several, or none."""
        possible = (index for index, draft in enumerate(self.found) if draft.fit(act))
        only = next(possible, None)
        return only if next(possible, None) is None else None


def _keys(act: Act | Draft) -> list[str]:
    """What two acts must share to be strongly tied: goods, a target, or that they name neither."""
    return [*(f"good {name}" for name in act.goods), *(f"target {code}" for code in act.targets)] or [
        "neither"
    ]


def stages_of(acts: list[Act]) -> list[tuple[str, str, str, Act]]:
    """(stage, date, basis, act) in order of date; a stage that only repeats the one before is left out.

    A measure announced with a day of effect enters into force on that day, unless it is ended before.
    """
    told: list[tuple[str, str, str, Act]] = []
    for act in acts:
        if act.effective_date and act.stage == "in_force":
            told.append((act.stage, act.effective_date, "effective_date", act))
            continue
        told.append((act.stage, act.date, act.basis, act))
        if act.stage == "announced" and act.effective_date:
            told.append(("in_force", act.effective_date, "effective_date", act))
    told.sort(key=lambda item: (first_day(item[1]) or date.max, STAGES.index(item[0]), item[3].event_id))
    kept: list[tuple[str, str, str, Act]] = []
    for item in told:
        if kept and kept[-1][0] == item[0]:
            continue
        if kept and kept[-1][0] == "in_force" and item[0] in BEFORE_FORCE:
            continue  # an extension of what is in force already, or a report that looks back
        if item[2] == "effective_date" and item[3].stage == "announced" and kept and kept[-1][0] in STOPPED:
            continue
        kept.append(item)
    return kept
