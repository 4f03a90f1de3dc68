"""The listings of a source: where they lie, and what a listing gave, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import urlsplit

from crawler.addresses import is_within
from crawler.listings.discovery import Link, ListingKind
from crawler.sources import NEXT_PAGE, Section, Source
from db.frontier import timestamp


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A listing to look at: its address, its form, how deep below the declared one it lies.

    `changed` is the time of change that an index states for it; `number` counts the pages of a section, of
    which at most `pages` are read.
    """

    url: str
    kind: ListingKind
    links: str = "a"
    depth: int = 0
    changed: str | None = None
    number: int = 1
    pages: int = 1
    next_page: str = NEXT_PAGE
    numbered: str | None = None

    def __str__(self) -> str:
        return name_page(self.kind, self.url)

    @property
    def is_declared(self) -> bool:
        """Whether the source's declaration names it, not another listing."""
        return self.depth == 0 and self.number == 1

    def following(self, linked: str | None) -> Place | None:
        """The next page of a section, where the page `linked` to or its number says; None after the last."""
        if self.kind != "section" or self.number >= self.pages:
            return None
        url = self.numbered.replace("{page}", str(self.number + 1)) if self.numbered else linked
        return replace(self, url=url, number=self.number + 1) if url and url != self.url else None


def places_of(source: Source) -> Iterator[Place]:
    """The listings that a source declares."""
    yield from (Place(url=url, kind="feed") for url in source.feeds)
    yield from (Place(url=url, kind="sitemap") for url in source.sitemaps)
    yield from (_section(section) for section in source.sections)


def name_page(kind: str, url: str) -> str:
    """What messages call a page: a listing by form and path, an article by its address."""
    parts = urlsplit(url)
    return (
        url if kind == "article" else f"{kind} {parts.path or '/'}" + (f"?{parts.query}" * bool(parts.query))
    )


def wanted_links(source: Source, links: Sequence[Link], now: datetime) -> list[Link]:
    """The links that look like articles of the source and are not known to be older than it asks for."""
    limit = timestamp(now - source.oldest) if source.oldest else ""
    return [link for link in links if source.claims(link.url) and (link.changed or limit) >= limit]


def explain_links(source: Source, links: Sequence[Link], wanted: Sequence[Link]) -> str:
    """Why a listing gave fewer articles than it has links."""
    if not links:
        return "it holds no link"
    if not any(is_within(link.url, source.sites) for link in links):
        return f"{len(links)} links, 0 on the sites of this source"
    matched = sum(source.claims(link.url) for link in links)
    words = f"{len(links)} links, {matched} matched the article pattern"
    old = matched - len(wanted)
    return f"{words}, {old} of them older than {source.max_age} passed over" if old else words


def _section(section: Section) -> Place:
    return Place(
        url=section.url,
        kind="section",
        links=section.links,
        pages=section.pages,
        next_page=section.next,
        numbered=section.numbered,
    )
