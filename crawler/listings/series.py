"""Which sitemaps of an index to read: the newest, and of those none that cannot hold anything new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from crawler.listings.discovery import Link
from db.frontier import FrontierPage

CLOSED_AFTER = timedelta(days=7)
"""A sitemap of a numbered or dated series is closed when another one has articles so much newer."""


def newest_sitemaps(links: Iterable[Link], limit: int) -> list[Link]:
    """The sitemaps of an index to look at: by stated change, else by the numbers in their names, newest first."""
    return sorted(links, key=_age, reverse=True)[:limit]


def is_read(link: Link, page: FrontierPage | None) -> bool:
    """Whether a sitemap was read before and states no later change than it did then."""
    if page is None or page.last_fetched is None or page.lastmod is None:
        return False
    return link.changed is not None and link.changed <= page.lastmod


def closed_sitemaps(links: Iterable[Link], pages: Mapping[str, FrontierPage]) -> set[str]:
    """Sitemaps read before whose newest article is a week older than that of another in the same series.

    Only sitemaps whose addresses differ in nothing but numbers are a series: of one for each month, the past
    months change no more, whereas that of a section may sleep for weeks and wake up.
    """
    newest: dict[str, str] = {}
    read = [
        (link.url, pages[link.url].lastmod or "")
        for link in links
        if link.changed is None and link.url in pages and pages[link.url].last_fetched
    ]
    for url, lastmod in read:
        newest[_shape(url)] = max(newest.get(_shape(url), ""), lastmod)
    return {url for url, lastmod in read if lastmod and _is_week_older(lastmod, newest[_shape(url)])}


def _shape(url: str) -> str:
    return re.sub(r"\d+", "0", url)


def _is_week_older(moment: str, newest: str) -> bool:
    return _time(newest) - _time(moment) > CLOSED_AFTER


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def _age(link: Link) -> tuple[str, bool, tuple[int, ...]]:
    return (
        link.changed or "",
        "news" in link.url.lower(),
        tuple(int(n) for n in re.findall(r"\d{1,18}", link.url)),
    )
