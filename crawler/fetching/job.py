"""What the crawling process is told on its standard input, and what it says on its standard output."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from crawler.sources import Source

WEB = "web"
"""The source of single pages that no declared source claims."""


class PageRequest(BaseModel):
    """One address that a person asked for, and the source whose rules read it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str
    source_id: str
    browser: bool = False


class Job(BaseModel):
    """One crawl: which listings, which single pages, into which database."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run_id: str
    db: Path
    archive: Path
    sources: dict[str, Source] = {}
    pages: tuple[PageRequest, ...] = ()
    allow_loopback: bool = False
    unthrottled: bool = False
    contact: str | None = None
    parent: int | None = None
    """The process that waits for this crawl."""

    @property
    def needs_browser(self) -> bool:
        """Whether any of its pages is to be fetched with a browser."""
        by_source = any(source.browser for source in self.sources.values())
        return by_source or any(page.browser for page in self.pages)


class Message(BaseModel):
    """One line from the crawling process.

    A count that rose; a `note` of why something gave nothing; a `failure` of a page, with its remedy; a
    listing that is `broken`: it was to list articles and gave none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    source_id: str
    what: Literal[
        "found",
        "new",
        "fetched",
        "unchanged",
        "not_modified",
        "failed",
        "unjudged",
        "note",
        "failure",
        "broken",
    ]
    number: int = 1
    text: str = ""
    about: str = ""
    remedy: str = ""
