"""What a crawl found, in numbers and, for every zero, in words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

COUNTS = ("found", "new", "fetched", "unchanged", "failed")
READ_COUNTS = ("articles_new", "articles_changed", "articles_unchanged", "duplicates", "unreadable")


@dataclass(slots=True)
class SourceReport:
    """One source's part of a crawl: `found` links, `new` ones among them, pages, articles, and notes."""

    found: int = 0
    new: int = 0
    fetched: int = 0
    unchanged: int = 0
    failed: int = 0
    articles_new: int = 0
    articles_changed: int = 0
    articles_unchanged: int = 0
    duplicates: int = 0
    unreadable: int = 0
    notes: dict[str, list[str]] = field(default_factory=dict)
    """What was said, and of which places."""

    def add(self, what: str, number: int = 1) -> None:
        """Count; `what` is the name of a field."""
        setattr(self, what, getattr(self, what) + number)

    def note(self, text: str, about: str = "") -> None:
        """Remember why something gave nothing, once for each place that it is said of."""
        places = self.notes.setdefault(text, [])
        if about and about not in places:
            places.append(about)

    @property
    def reason(self) -> str | None:
        """Why there is a zero among found links, fetched pages and articles; None when there is none."""
        if self.found and self.fetched and (self.articles_new or self.articles_changed):
            return None
        if self.notes:
            return "; ".join(_sentence(text, places) for text, places in self.notes.items())
        if self.articles_new or self.articles_changed:
            return None
        if self.fetched or self.unchanged:
            return "the pages fetched hold nothing new"
        return "every article that is listed has been collected; none is due for another visit"

    def counts(self) -> dict[str, int]:
        """The numbers by their names."""
        return {name: getattr(self, name) for name in (*COUNTS, *READ_COUNTS)}


def _sentence(text: str, places: list[str]) -> str:
    if not places:
        return text
    more = f" and {len(places) - 1} more" if len(places) > 1 else ""
    return f"{places[0]}{more}: {text}"


@dataclass(slots=True)
class CrawlReport:
    """A whole crawl: one report a source, in the order asked for."""

    run_id: str
    sources: dict[str, SourceReport] = field(default_factory=dict)
    interrupted: bool = False

    def of(self, source_id: str) -> SourceReport:
        """The report of one source, begun when it is first asked for."""
        return self.sources.setdefault(source_id, SourceReport())

    @property
    def articles_new(self) -> int:
        """New articles over all sources, wire copies among them."""
        return sum(report.articles_new + report.duplicates for report in self.sources.values())

    @property
    def articles_changed(self) -> int:
        """Articles of which a new version was kept."""
        return sum(report.articles_changed for report in self.sources.values())

    @property
    def is_failure(self) -> bool:
        """Whether something failed and nothing at all was got."""
        reports = self.sources.values()
        got = any(r.found or r.fetched or r.unchanged for r in reports)
        return any(r.failed for r in reports) and not got and self.articles_new + self.articles_changed == 0

    def rows(self) -> list[dict[str, Any]]:
        """One row a source, for the closing table."""
        return [
            {"source": source_id, **report.counts(), "reason": report.reason}
            for source_id, report in self.sources.items()
        ]
