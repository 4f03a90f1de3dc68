"""What a crawl found, in numbers and, for every zero, in words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from db.model import Article
from db.source_health import SourceCrawl

COUNTS = ("found", "new", "fetched", "unchanged", "not_modified", "failed")
CLOSING_COLUMNS = (
    "source",
    "found",
    "new",
    "fetched",
    "unchanged",
    "failed",
    "articles_new",
    "articles_changed",
    "reason",
)
"""What the closing table of a crawl shows."""
READ_COUNTS = ("articles_new", "articles_changed", "articles_unchanged", "duplicates", "unreadable")


@dataclass(frozen=True, slots=True)
class PageFailure:
    """One page that could not be had: its address, why, and what to do about it."""

    url: str
    words: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.url}: {self.words}. {self.remedy}".rstrip(". ")


@dataclass(slots=True)
class SourceReport:
    """One source's part of a crawl: `found` links, `new` ones among them, pages, articles, and notes.

    `unchanged` pages are as we have them, for `not_modified` pages and listings the server said so (304).
    """

    found: int = 0
    new: int = 0
    fetched: int = 0
    unchanged: int = 0
    not_modified: int = 0
    failed: int = 0
    articles_new: int = 0
    articles_changed: int = 0
    articles_unchanged: int = 0
    duplicates: int = 0
    unreadable: int = 0
    unjudged: int = 0
    """Listings that were not read because they had not changed or are left in peace."""
    read: int = 0
    """Pages read into articles, whatever became of them."""
    filled: Counter[str] = field(default_factory=Counter)
    """On how many of them each field was found."""
    broken: list[str] = field(default_factory=list)
    """Declared listings that gave no article, with the reason."""
    notes: dict[str, list[str]] = field(default_factory=dict)
    """What was said, and of which places."""
    failure: PageFailure | None = None
    """The first page that could not be had; an article that is gone is none."""
    faults: list[str] = field(default_factory=list)
    """In what the crawl stayed below what the source expects."""

    def add(self, what: str, number: int = 1) -> None:
        """Count; `what` is the name of a field."""
        setattr(self, what, getattr(self, what) + number)

    def note(self, text: str, about: str = "") -> None:
        """Remember why something gave nothing, once for each place that it is said of."""
        places = self.notes.setdefault(text, [])
        if about and about not in places:
            places.append(about)

    def measure(self, article: Article) -> None:
        """Count which fields a page that was read has filled; one without text fills none."""
        self.read += 1
        if not article.error:
            self.filled.update(
                name for name in ("title", "published", "text", "authors") if getattr(article, name)
            )

    @property
    def reason(self) -> str | None:
        """Why there is a zero among found links, fetched pages and articles, else why a page failed, else None."""
        if self.found and self.fetched and (self.articles_new or self.articles_changed):
            return self._failures
        if self.notes:
            return "; ".join(_sentence(text, places) for text, places in self.notes.items())
        if self.articles_new or self.articles_changed:
            return None
        if self.fetched or self.unchanged:
            return "the pages fetched hold nothing new"
        return "every article that is listed has been collected; none is due for another visit"

    @property
    def _failures(self) -> str | None:
        """How many pages could not be had, and why the first one; None when all could."""
        if not self.failed or self.failure is None:
            return None
        return f"{self.failed} failed, the first: {self.failure.url}: {self.failure.words}"

    @property
    def words(self) -> str | None:
        """The reason for a zero, and what is not as expected; None when there is nothing to say."""
        faults = "unhealthy: " + "; ".join(self.faults) if self.faults else None
        return "; ".join(filter(None, (self.reason, faults))) or None

    def crawl(self, source_id: str, at: datetime, *, is_whole: bool = True) -> SourceCrawl:
        """This part of a crawl, which may have been cut short, as the store keeps it."""
        return SourceCrawl(
            source_id=source_id,
            at=at,
            counts={**self.counts(), "read": self.read, "articles_new": self.articles_new + self.duplicates},
            filled=self.filled,
            got_something=bool(self.found or self.fetched or self.unchanged or self.not_modified),
            faults=self.faults,
            reason=self.reason,
            failure=str(self.failure) if self.failure else None,
            is_whole=is_whole,
        )

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
    def unhealthy(self) -> dict[str, list[str]]:
        """By source, in words, in what a crawl stayed below what the source expects; no failure of the crawl."""
        return {source_id: report.faults for source_id, report in self.sources.items() if report.faults}

    @property
    def health(self) -> str | None:
        """What is unhealthy, in one line; None when nothing is."""
        return "; ".join(f"{name} is unhealthy: {', '.join(f)}" for name, f in self.unhealthy.items()) or None

    @property
    def is_failure(self) -> bool:
        """Whether something failed and nothing at all was got."""
        reports = self.sources.values()
        got = any(r.found or r.fetched or r.unchanged or r.not_modified for r in reports)
        return any(r.failure for r in reports) and not got and self.articles_new + self.articles_changed == 0

    @property
    def failure(self) -> str | None:
        """Of a crawl that got nothing because everything failed: what, where and what to do, in one line."""
        if not self.is_failure:
            return None
        first = next((r.failure for r in self.sources.values() if r.failure), None)
        others = sum(report.failed for report in self.sources.values()) - 1
        more = f" ({others} more failed; the reasons stand in the table)" if others > 0 else ""
        return f"nothing could be fetched. {first}{more}"

    def rows(self) -> list[dict[str, Any]]:
        """One row a source, for the closing table."""
        return [
            {"source": source_id, **report.counts(), "reason": report.words, "unhealthy": report.faults}
            for source_id, report in self.sources.items()
        ]

    def record(self) -> dict[str, Any]:
        """What the run log keeps: the counts of each source, and in what it is not healthy."""
        return {
            source_id: report.counts() | ({"unhealthy": report.faults} if report.faults else {})
            for source_id, report in self.sources.items()
        }
