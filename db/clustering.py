"""Groups reports of one block into happenings, one report after the other in order of day, article and place.

A report joins the latest happening with a report that `merge_rules.same_event` allows, or begins one. What was
decided before never depends on what comes later, so a block can be gone on with from any day: only the reports
that can be tied with what comes, by nearness in time, by a period that is named, or by their article, are looked
at. So the cost of a report is that of its days, however many years the block is long.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from db.days import first_day
from db.merge_rules import Report, in_period, load_merging, same_event, window_days

Order = tuple[str, str, int, str]
"""Day, article, start and id of a report: see `Report.order`."""


@dataclass(frozen=True, slots=True)
class Happening:
    """A happening, known by where its first report stands."""

    order: Order

    @property
    def first_day(self) -> str:
        """The day of its first report; "" when unknown."""
        return self.order[0]

    @property
    def first_report(self) -> str:
        """The id of its first report."""
        return self.order[-1]


class Clustering:
    """The happenings of one block, as far as they are known."""

    def __init__(self) -> None:
        self._told: list[tuple[Report, Happening]] = []
        self._in_order: list[tuple[Order, int]] = []
        self._of_article: defaultdict[str, list[int]] = defaultdict(list)
        self._with_period: list[int] = []
        self._known: set[str] = set()

    def __contains__(self, report_id: str) -> bool:
        return report_id in self._known

    def settle(self, report: Report, happening: Happening) -> None:
        """Note a report as told of a happening, whatever the rules say."""
        number = len(self._told)
        self._told.append((report, happening))
        self._known.add(report.id)
        insort(self._in_order, (report.order, number))
        self._of_article[report.article_id].append(number)
        if report.period is not None:
            self._with_period.append(number)

    def add(self, report: Report) -> Happening:
        """Find the happening of a report that comes after all that were added; a new one if it joins none."""
        happening = self._joined(report) or Happening(report.order)
        self.settle(report, happening)
        return happening

    def _joined(self, report: Report) -> Happening | None:
        by_happening: defaultdict[Happening, list[Report]] = defaultdict(list)
        for number in self._within_reach(report):
            other, happening = self._told[number]
            by_happening[happening].append(other)
        for happening in sorted(by_happening, key=lambda h: h.order, reverse=True):
            for other in by_happening[happening]:
                if same_event(report, other) and not _too_late(report, other, happening):
                    return happening
        return None

    def _within_reach(self, report: Report) -> set[int]:
        """The reports that this one can be tied with: near in time, in a period, or in the same article."""
        numbers = set(self._of_article[report.article_id])
        if first_day(report.day) is None:
            return numbers
        numbers.update(n for n in self._with_period if in_period(report, self._told[n][0]))
        reach = window_days(report.coding["event_type"])
        numbers.update(self._between(days_from(report.day, -reach), days_from(report.day, reach)))
        if report.period is not None:
            begins, ends = report.period
            numbers.update(self._between(begins.isoformat(), ends.isoformat()))
        return numbers

    def _between(self, since: str, until: str) -> Iterator[int]:
        start = bisect_left(self._in_order, since, key=lambda place: place[0][0])
        stop = bisect_right(self._in_order, until, key=lambda place: place[0][0])
        return (number for _, number in self._in_order[start:stop])


def days_from(day: str, days: int) -> str:
    """The ISO day so many days after (or before) one; as it is where it is no day."""
    begins = first_day(day)
    return (begins + timedelta(days=days)).isoformat() if begins else day


def cluster(reports: list[Report]) -> list[list[Report]]:
    """Group the reports of one block into happenings; the order of the input does not matter."""
    clustering = Clustering()
    groups: dict[Happening, list[Report]] = {}
    for report in sorted(reports, key=lambda r: r.order):
        groups.setdefault(clustering.add(report), []).append(report)
    return list(groups.values())


def _too_late(report: Report, other: Report, happening: Happening) -> bool:
    """Whether only nearness ties a report to a happening that began too long ago: then it is the next of its kind."""
    if report.article_id == other.article_id or in_period(report, other) or in_period(other, report):
        return False
    return report.day > days_from(happening.first_day, load_merging().longest_days)
