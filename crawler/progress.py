"""Shows a crawl as it goes, one line a source, on standard error."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.table import Table

from crawler.fetching.job import Message
from crawler.report import CrawlReport, PageFailure

COLUMNS = ("found", "new", "fetched", "unchanged", "failed")


class CrawlProgress:
    """Counts messages into a report and shows it; without a terminal it only prints what is said."""

    def __init__(self, report: CrawlReport, *, shown: bool) -> None:
        self._report = report
        self._console = Console(stderr=True)
        live = shown and sys.stderr.isatty()
        self._live = Live(console=self._console, refresh_per_second=8, transient=True) if live else None

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()

    def listen(self, message: Message) -> None:
        """Count one message of the crawling process."""
        source = self._report.of(message.source_id)
        if message.what == "note":
            source.note(message.text, message.about)
        elif message.what == "broken":
            source.broken.append(f"{message.about}: {message.text}")
        elif message.what == "failure":
            source.failure = source.failure or PageFailure(message.about, message.text, message.remedy)
        else:
            source.add(message.what, message.number)
        self.refresh()

    def say(self, text: str) -> None:
        """Print a line of the crawling process above the numbers."""
        self._console.print(text, markup=False, highlight=False, soft_wrap=True)

    def refresh(self) -> None:
        """Show the numbers as they are now."""
        if self._live:
            self._live.update(self._table())

    def _table(self) -> Table:
        table = Table("source", *COLUMNS, "articles", box=None)
        for source_id, report in self._report.sources.items():
            counts = report.counts()
            articles = report.articles_new + report.articles_changed + report.duplicates
            table.add_row(source_id, *(str(counts[name]) for name in COLUMNS), str(articles))
        return table
