"""Compares what a crawl brought with what its source expects: less means that the layout may have changed."""

from __future__ import annotations

from collections.abc import Iterator

from crawler.report import SourceReport
from crawler.sources import Expectations

FIELDS = {"title": "a title", "published": "a date", "text": "a text", "authors": "an author"}
ONE_ODD_PAGE = 1
"""So many pages may lack a field in any crawl, as long as others have it."""


def find_faults(expect: Expectations, report: SourceReport) -> list[str]:
    """In what a crawl stayed below the minimums, in words; nothing for a source that expects nothing.

    Listings that were not read, because the server says that they are as before, are not held against it.
    """
    return [*_missing_links(expect, report), *_missing_fields(expect, report)]


def _missing_links(expect: Expectations, report: SourceReport) -> Iterator[str]:
    if not expect.articles:
        return
    if report.found < expect.articles and not report.unjudged:
        yield f"{report.found} links found, {expect.articles} expected"
    yield from report.broken


def _missing_fields(expect: Expectations, report: SourceReport) -> Iterator[str]:
    for field, least in expect.fill.items():
        # A page without text gives no article, so only the text can be held against it.
        pages = report.read if field == "text" else report.filled["text"]
        filled = report.filled[field]
        is_odd = filled > 0 and pages - filled <= ONE_ODD_PAGE
        if pages and filled < least * pages and not is_odd:
            yield f"{FIELDS[field]} was found on {filled} of {pages} pages, {least:.0%} expected"
