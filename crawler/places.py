"""The listings of a source: where they lie, and what a listing gave, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from crawler.addresses import is_within
from crawler.discovery import Link, ListingKind
from crawler.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A listing to look at: its address, its form, how deep below the declared one it lies."""

    url: str
    kind: ListingKind
    links: str = "a"
    depth: int = 0

    def __str__(self) -> str:
        return name_page(self.kind, self.url)


def places_of(source: Source) -> Iterator[Place]:
    """The listings that a source declares."""
    yield from (Place(url=url, kind="feed") for url in source.feeds)
    yield from (Place(url=url, kind="sitemap") for url in source.sitemaps)
    yield from (Place(url=section.url, kind="section", links=section.links) for section in source.sections)


def name_page(kind: str, url: str) -> str:
    """What messages call a page: a listing by form and path, an article by its address."""
    return url if kind == "article" else f"{kind} {urlsplit(url).path or '/'}"


def explain_links(source: Source, links: Sequence[Link], wanted: Sequence[Link]) -> str:
    """Why a listing gave fewer articles than it has links."""
    if not links:
        return "it holds no link"
    if not any(is_within(link.url, source.sites) for link in links):
        return f"{len(links)} links, 0 on the sites of this source"
    return f"{len(links)} links, {len(wanted)} matched the article pattern"
