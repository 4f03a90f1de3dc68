"""Describes a site as a source: looks for its feeds and sitemaps, its language, its name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import yaml
from parsel import Selector
from pydantic import BaseModel, ConfigDict

from crawler.addresses import clean_url, is_within, netloc
from crawler.datafile import read_datafile
from crawler.extraction.markup import decode, without_controls
from crawler.fetching.probing import Probed
from crawler.listings.discovery import Listing, ListingKind, read_listing
from crawler.sites.describing import Looks, look_at, pattern_of
from crawler.sources import SOURCE_ID, Expectations, Source
from db.errors import CrawlError, InputFileError, UsageError
from db.model import UNKNOWN_COUNTRY

DATA = Path(__file__).with_name("sites.yml")
MOST_FEEDS = 8
MOST_SITEMAPS = 4
MOST_TRIED = 24
SOME_OF_ALL = 0.1
"""The share of articles among the links of a page that lists some."""
FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
SECOND_LEVEL = frozenset({"co", "com", "gov", "org", "net", "ac", "edu", "gob", "gouv", "go", "or"})
Fetch = Callable[[Sequence[str]], dict[str, Probed]]


class Domain(BaseModel):
    """What the end of a site's name says of its publisher."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: str
    timezone: str


class SiteHabits(BaseModel):
    """What `sites.yml` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    feeds: tuple[str, ...]
    sitemaps: tuple[str, ...]
    articles: tuple[str, ...]
    domains: dict[str, Domain]


@dataclass(slots=True)
class Found:
    """The listings of a site that can be read, with what they list."""

    feeds: dict[str, Listing] = field(default_factory=dict)
    sitemaps: dict[str, Listing] = field(default_factory=dict)

    def links(self, site: frozenset[str]) -> list[str]:
        """The article addresses of the feeds, or of the sitemaps where there is no feed."""
        listings = self.feeds.values() or self.sitemaps.values()
        return [
            link.url
            for listing in listings
            for link in listing.links
            if link.kind == "article" and is_within(link.url, site)
        ]


def describe_site(
    url: str, fetch: Fetch, *, source_id: str | None = None, country: str | None = None
) -> Source:
    """A declaration of the site at `url`, from what its front page, robots.txt and common paths offer.

    Raises `UsageError` for an address that is none, `CrawlError` when the page cannot be had or nothing on
    the site lists articles; both say what to do.
    """
    address = _checked_address(url)
    root = urljoin(address, "/")
    pages = fetch([address, urljoin(root, "/robots.txt")])
    front = pages[address]
    if front.trouble:
        raise CrawlError(f"{address}: {front.trouble}. {front.remedy}")
    found = _find(front, pages.get(urljoin(root, "/robots.txt")), fetch)
    looks = look_at(front.body, front.final_url, country)
    return _declare(source_id or name_of(root), root, front, found, looks)


def name_of(url: str) -> str:
    """The id that a source gets from its address: `daily-example` for https://www.daily.example.co.uk."""
    site = netloc(_checked_address(url))
    labels = site.partition(":")[0].split(".")
    if labels[-1].isdigit():
        return re.sub(r"\D+", "-", site)
    kept = labels[:-1] or labels
    if len(kept) > 1 and kept[-1] in SECOND_LEVEL:
        kept = kept[:-1]
    return "-".join("".join(c for c in label if c.isalnum() or c == "-").strip("-") for label in kept)


def write_source(source: Source, folder: Path) -> Path:
    """Write the declaration into a folder; raises `UsageError` when one of this id is there."""
    path = folder / f"{source.id}.yml"
    refuse_to_overwrite(path)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(as_yaml(source))
    except OSError as error:
        raise InputFileError(
            f"{path} cannot be written: {error.strerror}. Name a folder with --sources"
        ) from error
    return path


def refuse_to_overwrite(path: Path) -> None:
    """Raise `UsageError` when there is a declaration already."""
    if path.exists():
        raise UsageError(f"{path} is there already and stays as it is. Choose another name with --id")


def as_yaml(source: Source) -> str:
    """The declaration as it is written: what is not left to defaults, in the usual order."""
    content = source.model_dump(mode="json", exclude={"id"}, exclude_defaults=True)
    content["checked"] = None
    text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=110, default_flow_style=None)
    return (
        f"# Found by `dateline sources add`; look it over, then: dateline sources check {source.id}\n{text}"
    )


def checked_name(name: str) -> str:
    """The id of a source; raises `UsageError` for one that no file may have."""
    if not re.fullmatch(SOURCE_ID, name):
        raise UsageError(
            f"not a name for a source: {name!r}. Use small letters, digits and hyphens with --id"
        )
    return name


def checked_country(code: str | None) -> str | None:
    """A country's code; raises `UsageError` for what is none."""
    if code is not None and not re.fullmatch("[A-Z]{3}", code):
        raise UsageError(f"not a country's code: {code!r}. Give three capital letters, such as VNM")
    return code


@cache
def habits() -> SiteHabits:
    """How sites are made, as far as it is written in `sites.yml`."""
    return read_datafile(DATA, SiteHabits)


def _checked_address(url: str) -> str:
    address = clean_url(url)
    if address is None:
        raise UsageError(f"not a web address: {url!r}. Give one that begins with http:// or https://")
    return address


def _find(front: Probed, robots: Probed | None, fetch: Fetch) -> Found:
    found, site = Found(), frozenset({netloc(front.final_url)})
    root = urljoin(front.final_url, "/")
    named = [*_alternates(front), *_feed_links(front)]
    if not read_listing("feed", front.body, front.final_url).problem:
        named.insert(0, front.final_url)
    feeds = named or [urljoin(root, path) for path in habits().feeds]
    sitemaps = list(_robots_sitemaps(robots)) or [urljoin(root, path) for path in habits().sitemaps]
    sitemaps = [url for url in sitemaps if is_within(url, site)][: 2 * MOST_SITEMAPS]
    answers = fetch([*feeds[:MOST_TRIED], *sitemaps])
    _accept(found.feeds, "feed", feeds, answers, site)
    _accept(found.sitemaps, "sitemap", sitemaps, answers, site)
    if not found.feeds:  # a page that lists the feeds, as many a site has at /rss
        pages = (answers[url] for url in feeds if url in answers and not answers[url].trouble)
        deeper = [url for page in pages for url in _feed_links(page)]
        if deeper:
            _accept(found.feeds, "feed", deeper, fetch(deeper[:MOST_TRIED]), site)
    found.feeds = dict(list(found.feeds.items())[:MOST_FEEDS])
    found.sitemaps = dict(list(found.sitemaps.items())[:MOST_SITEMAPS])
    return found


def _accept(
    kept: dict[str, Listing],
    kind: ListingKind,
    urls: Sequence[str],
    answers: dict[str, Probed],
    site: frozenset[str],
) -> None:
    """Keep the listings that can be read and name pages of the site, each content once."""
    for url in urls:
        answer = answers.get(url)
        if answer is None or answer.trouble:
            continue
        listing = read_listing(kind, answer.body, answer.final_url)
        is_ours = any(is_within(link.url, site) for link in listing.links)
        if is_ours and all(listing.links != other.links for other in kept.values()):
            kept[answer.final_url] = listing


def _alternates(page: Probed) -> Iterator[str]:
    for link in Selector(text=without_controls(decode(page.body)) or " ").css("link[rel~=alternate][href]"):
        if link.attrib.get("type", "").lower() in FEED_TYPES and "comment" not in link.attrib["href"]:
            address = clean_url(link.attrib["href"], page.final_url)
            if address:
                yield address


def _feed_links(page: Probed) -> list[str]:
    """Links whose address looks like that of a feed."""
    found: dict[str, None] = {}
    for link in Selector(text=without_controls(decode(page.body)) or " ").css("a[href]"):
        address = clean_url(link.attrib["href"], page.final_url)
        path = urlsplit(address).path.lower() if address else ""
        if address and path.endswith(
            (".rss", ".rdf", "/rss.xml", "/feed.xml", "/atom.xml", "/feed/", "/feed")
        ):
            found.setdefault(address)
    return list(found)


def _robots_sitemaps(robots: Probed | None) -> Iterator[str]:
    if robots is None or robots.trouble:
        return
    for line in robots.body.decode("utf-8", "replace").splitlines():
        name, _, value = line.partition(":")
        address = clean_url(value, robots.final_url) if name.strip().lower() == "sitemap" else None
        if address:
            yield address


def _declare(source_id: str, root: str, front: Probed, found: Found, looks: Looks) -> Source:
    links = found.links(frozenset({netloc(front.final_url)}))
    # One broken feed among good ones must not hide what the articles of the others have in common.
    largest = max(found.feeds.values(), key=lambda listing: len(listing.links), default=Listing())
    pattern = pattern_of(links, habits().articles) or pattern_of(
        (link.url for link in largest.links), habits().articles
    )
    sections = []
    if not found.feeds and not found.sitemaps:
        pattern = _pattern_of_section(front)
        sections = [{"url": front.final_url}]
    domain = habits().domains.get(looks.region or "") or habits().domains.get(_ending(root))
    name = looks.title or netloc(root)
    least = max(1, min(5, len(set(links)) // 2))
    declared = {
        "id": source_id,
        "title": name,
        "publisher": {"name": name, "country": domain.country if domain else UNKNOWN_COUNTRY, "url": root},
        "language": looks.language or "en",
        "timezone": domain.timezone if domain else "UTC",
        "feeds": [
            url for url, listing in found.feeds.items() if pattern is None or _names_article(listing, pattern)
        ],
        # A sitemap names every page there is; without a pattern of its articles a feed is the better guide.
        "sitemaps": list(found.sitemaps) if pattern or not found.feeds else [],
        "sections": sections,
        "article": {"url": pattern} if pattern else {},
        "every": "1h",
        "expect": Expectations(articles=least, fill={"title": 1.0, "published": 0.9, "text": 0.9}),
    }
    if looks.country:
        declared["publisher"] = {"name": name, "country": looks.country, "url": root}
    return Source.model_validate(declared)


def _names_article(listing: Listing, pattern: str) -> bool:
    return any(re.search(pattern, link.url) for link in listing.links)


def _pattern_of_section(front: Probed) -> str:
    """What the articles that a front page lists have in common; raises `CrawlError` when it lists none."""
    site = frozenset({netloc(front.final_url)})
    listed = read_listing("section", front.body, front.final_url).links
    pattern = pattern_of(
        [link.url for link in listed if is_within(link.url, site)], habits().articles, SOME_OF_ALL
    )
    if pattern is None:
        raise CrawlError(
            f"{front.url}: no feed, no sitemap and no list of articles was found. Give the address of a page"
            " that lists articles, or write the declaration by hand (see 'dateline sources show vtv')"
        )
    return pattern


def _ending(url: str) -> str:
    return (urlsplit(url).hostname or "").rpartition(".")[2]
