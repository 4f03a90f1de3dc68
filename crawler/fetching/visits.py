"""Decides from what is known of a page whether to visit it now, and with which validators."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.clock import present
from db.frontier import FrontierPage, timestamp

if TYPE_CHECKING:
    from crawler.listings.discovery import Link

RESTING = 3
"""So many failures in a row, and a listing is left in peace until its next attempt."""


def validators(page: FrontierPage | None) -> dict[str, str]:
    """Headers that let a server answer "not modified"; only where we still hold what it would compare with."""
    if page is None or page.warc is None or page.state == "fetched":
        return {}
    headers = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value for name, value in headers.items() if value}


def is_wanted(page: FrontierPage, before: FrontierPage | None, link: Link) -> bool:
    """Whether a listed page is to be fetched now: it is new, due, or says that it changed since we knew it.

    `before` is what was known of it when its listing came.
    """
    if page.state == "new":
        return True
    if page.state == "refused" and page.next_attempt is None:
        return True  # by a rule of ours, which may have changed since
    if page.next_attempt is not None and page.next_attempt <= _timestamp_now():
        return True
    if before is None or link.changed is None or page.state != "done":
        return False
    # Not if another crawl has fetched it in the meantime.
    return (before.lastmod or link.changed) < link.changed and page.last_fetched == before.last_fetched


def is_resting(page: FrontierPage) -> bool:
    """Whether a listing is left in peace for now: its server asked for it, or it failed several times."""
    waits = page.next_attempt is not None and page.next_attempt > _timestamp_now()
    return waits and (page.state == "refused" or page.status in (429, 503) or page.attempts >= RESTING)


def _timestamp_now() -> str:
    """The present moment as the frontier writes it."""
    return timestamp(present())
