"""What a page says about its article, from all the places that say it, arbitrated."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import partial
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.addresses import canonical_url, is_within, netloc
from crawler.extraction.bylines import read_authors
from crawler.extraction.datelines import beside_headline
from crawler.extraction.jsonld import Statement, read_statement
from crawler.extraction.markup import MetaTags, first_words, select, words
from crawler.extraction.moments import Moment, finest, moment_in_url, read_moment
from crawler.extraction.titles import choose_title
from crawler.sources import Source

PUBLISHED_META = (
    "article:published_time",
    "og:article:published_time",
    "article:published",
    "datepublished",
    "parsely-pub-date",
    "sailthru.date",
    "pubdate",
    "publishdate",
    "publish-date",
    "publish_date",
    "date.created",
    "dc.date.issued",
    "dcterms.created",
    "dcterms.date",
    "dc.date",
    "article.published",
    "cxenseparse:recs:publishtime",
    "date",
)
MODIFIED_META = (
    "article:modified_time",
    "og:updated_time",
    "datemodified",
    "lastmod",
    "last-modified",
    "dcterms.modified",
)
GENERIC_DOMAINS = frozenset({"com", "org", "net", "us", "gov", "edu", "info", "news", "ph"})
DATE_IN_URL = r"/(?P<year>20\d\d)[/-]?(?P<month>0[1-9]|1[0-2])[/-]?(?P<day>0[1-9]|[12]\d|3[01])(?=[/_-]|$)"

STAMP_IN_URL = (
    r"[/_-](?P<year>20\d\d)(?P<month>0[1-9]|1[0-2])(?P<day>0[1-9]|[12]\d|3[01])"
    r"(?:[01]\d|2[0-3])(?:[0-5]\d){1,2}(?=\.|/|$)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """All of an article but its text."""

    title: str | None
    description: str | None
    authors: tuple[str, ...]
    published: Moment | None
    modified: Moment | None
    canonical_url: str | None
    publisher: str | None
    section: str | None
    image: str | None
    language: str | None
    is_free: bool


def read_metadata(tree: HtmlElement, url: str, source: Source | None) -> Metadata:
    """Everything but the text; a declared source's rules come first, then JSON-LD, meta tags, the page itself."""
    statement, meta = read_statement(tree, url), MetaTags(tree)
    published = _published(tree, url, source, statement, meta)
    publisher = source.publisher.name if source else statement.publisher or meta.first("og:site_name")
    return Metadata(
        title=_declared_title(tree, source)
        or choose_title(
            tree,
            statement.headline,
            meta.first,
            meta.first("og:site_name") or statement.publisher,
            netloc(url),
        ),
        description=meta.first("og:description") or meta.first("description", "twitter:description"),
        authors=read_authors(tree, source, statement, meta, publisher),
        published=published,
        modified=_modified(statement, meta, published, _zone(source)),
        canonical_url=_canonical(tree, url, meta),
        publisher=publisher,
        section=_section(tree, source, statement, meta),
        image=_image(url, statement, meta),
        language=_language(tree, statement, meta),
        is_free=statement.is_free,
    )


def _zone(source: Source | None) -> tzinfo:
    return source.zone if source else UTC


def _declared_title(tree: HtmlElement, source: Source | None) -> str | None:
    return first_words(tree, source.article.title) if source else None


def _published(
    tree: HtmlElement, url: str, source: Source | None, statement: Statement, meta: MetaTags
) -> Moment | None:
    zone = _zone(source)
    in_url = moment_in_url(url, DATE_IN_URL, zone) or moment_in_url(url, STAMP_IN_URL, zone)
    known = [read_moment(value, zone) for value in (statement.modified, meta.first(*MODIFIED_META))]
    read = partial(read_moment, zone=zone, month_first=_month_first(tree, url, meta), near=[in_url, *known])
    moments = [read(statement.published), *(read(value) for value in meta.all(*PUBLISHED_META)[:1])]
    if source:
        moments.append(read(first_words(tree, source.article.published), language=source.language))
        if source.article.published_in_url:
            moments.append(moment_in_url(url, source.article.published_in_url, zone))
    moment = finest(moments) or finest(_shown_times(tree, read))
    moment = moment or finest([in_url, beside_headline(tree, read)])
    moment = moment or _in_title(tree, meta, read) or _guessed(tree, url)
    return moment.seen_from(zone) if moment and source else moment


def _month_first(tree: HtmlElement, url: str, meta: MetaTags) -> bool:
    """Whether numbers on this page are month, day, year: it says that it is from a country where they are."""
    root, host = tree.getroottree().getroot(), netloc(url)
    if host.rpartition(".")[2] not in GENERIC_DOMAINS:
        return False
    stated = root.get("lang") or root.get("xml:lang") or meta.first("og:locale") or ""
    return re.fullmatch(r"en[-_](?:us|ph)", stated.strip().lower()) is not None


def _shown_times(tree: HtmlElement, read: Callable[[str | None], Moment | None]) -> list[Moment | None]:
    selectors = ("[itemprop=datePublished]", "time[pubdate]", "article time[datetime]", "time[datetime]")
    for css in selectors:
        for element in select(tree, css)[:3]:
            if moment := read(element.get("datetime") or element.get("content") or words(element)):
                return [moment]
    return []


def _in_title(
    tree: HtmlElement, meta: MetaTags, read: Callable[[str | None], Moment | None]
) -> Moment | None:
    """The day that some sites write behind the headline and their name."""
    titles = [meta.first("og:title") or "", *map(words, select(tree, "title"))]
    tails = (re.split(r"\s[|–—-]\s", title)[-1].strip() for title in titles)
    return next((read(tail) for tail in tails if re.fullmatch(r"\d+[./-]\d+[./-]\d+", tail)), None)


def _guessed(tree: HtmlElement, url: str) -> Moment | None:
    from htmldate import find_date

    try:
        return read_moment(find_date(tree, original_date=True, url=url, extensive_search=True))
    except (ValueError, TypeError, AttributeError):
        return None


def _modified(statement: Statement, meta: MetaTags, published: Moment | None, zone: tzinfo) -> Moment | None:
    moment = read_moment(statement.modified, zone) or read_moment(meta.first(*MODIFIED_META), zone)
    if moment and published and moment.at < published.at and not moment.agrees_with(published):
        return None
    return moment


def _canonical(tree: HtmlElement, url: str, meta: MetaTags) -> str | None:
    """The address that the page gives itself; one that leads to another site or to a front page is not believed."""
    here = canonical_url(url)
    links = [element.get("href") for element in select(tree, "link[rel~=canonical]")]
    for stated in (*links, meta.first("og:url")):
        address = canonical_url(stated, url) if stated else None
        if address is None or here is None:
            continue
        same_site = is_within(address, frozenset({netloc(here)})) or is_within(
            here, frozenset({netloc(address)})
        )
        is_front_page = re.fullmatch(r"https?://[^/]+/?", address) is not None
        if same_site and (not is_front_page or address == here):
            return address
    return here


def _section(tree: HtmlElement, source: Source | None, statement: Statement, meta: MetaTags) -> str | None:
    declared = first_words(tree, source.article.section) if source else None
    return declared or meta.first("article:section") or statement.section


def _image(url: str, statement: Statement, meta: MetaTags) -> str | None:
    stated = statement.image or meta.first("og:image", "og:image:url", "twitter:image")
    try:
        address = urljoin(url, stated) if stated else None
    except ValueError:
        return None
    return address if address and address.startswith(("http://", "https://")) else None


def _language(tree: HtmlElement, statement: Statement, meta: MetaTags) -> str | None:
    root = tree.getroottree().getroot()
    stated = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang"))
    for value in (*stated, meta.first("og:locale", "content-language"), statement.language):
        match = re.match(r"([a-zA-Z]{2,3})(?:[-_]|$)", (value or "").strip())
        if match:
            return match[1].lower()
    return None
