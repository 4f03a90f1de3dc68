"""What a page says about its article, from all the places that say it, arbitrated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, tzinfo
from urllib.parse import urljoin

from lxml.html import HtmlElement

from crawler.addresses import canonical_url, is_within, netloc
from crawler.authors import clean_authors, corporate_authors
from crawler.furniture import is_byline_label
from crawler.jsonld import Statement, read_statement
from crawler.markup import first_words, select, tidy, words
from crawler.moments import Moment, finest, moment_in_url, read_moment
from crawler.sources import Source
from crawler.titles import choose_title

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
AUTHOR_META = (
    "author",
    "article:author",
    "article:author_name",
    "parsely-author",
    "sailthru.author",
    "dc.creator",
    "byl",
    "byline",
    "authors",
)
BYLINES = (
    "[itemprop=author] [itemprop=name]",
    "article a[rel~=author]",
    "a[rel~=author]",
    "[itemprop=author]",
    "article [class*=byline] a[href*=author]",
    "[class*=author-name], [class*=authorName], [class*=author_name]",
    "[class*=byline] a",
    "a[href*='/author/'], a[href*='/authors/'], a[href*='/autor/'], a[href*='/auteur/']",
    "[class*=byline]",
    "[class~=author]",
    "[class*=contributors] a",
    "[class*=__author], [class*=-author]",
    "[class*=authors] [class*=name], [class*=authors] [class*=item]",
    # Where a byline closes the text, as in Vietnam, it stands alone on the right.
    "p[style*='text-align:right'], p[style*='text-align: right'], p[align=right]",
)
MOST_AUTHORS = 4
DATE_IN_URL = r"/(?P<year>20\d\d)[/-]?(?P<month>0[1-9]|1[0-2])[/-]?(?P<day>0[1-9]|[12]\d|3[01])(?=[/_-]|$)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """All of an article but its text."""

    title: str | None
    authors: tuple[str, ...]
    published: Moment | None
    modified: Moment | None
    canonical_url: str | None
    publisher: str | None
    section: str | None
    image: str | None
    language: str | None
    is_free: bool


class MetaTags:
    """The `meta` elements of a page by name, property or itemprop, in small letters."""

    def __init__(self, tree: HtmlElement) -> None:
        self._values: dict[str, list[str]] = {}
        for element in tree.iter("meta"):
            content = element.get("content")
            for attribute in ("property", "name", "itemprop"):
                name = element.get(attribute)
                if name and content and content.strip():
                    self._values.setdefault(name.strip().lower(), []).append(tidy(content))
                    break

    def first(self, *names: str) -> str | None:
        """The first value of the first name that has one."""
        return next((self._values[name][0] for name in names if name in self._values), None)

    def all(self, *names: str) -> list[str]:
        """All values of the first name that has one."""
        return next((self._values[name] for name in names if name in self._values), [])


def read_metadata(tree: HtmlElement, url: str, source: Source | None) -> Metadata:
    """Everything but the text; a declared source's rules come first, then JSON-LD, meta tags, the page itself."""
    statement, meta = read_statement(tree, url), MetaTags(tree)
    published = _published(tree, url, source, statement, meta)
    publisher = source.publisher.name if source else statement.publisher or meta.first("og:site_name")
    return Metadata(
        title=_declared_title(tree, source)
        or choose_title(
            tree, statement.headline, meta.first, meta.first("og:site_name") or statement.publisher
        ),
        authors=_authors(tree, source, statement, meta, publisher),
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
    moments = [read_moment(statement.published, zone)]
    moments += [read_moment(value, zone) for value in meta.all(*PUBLISHED_META)[:1]]
    if source:
        shown = first_words(tree, source.article.published)
        moments.append(read_moment(shown, zone, language=source.language))
        if source.article.published_in_url:
            moments.append(moment_in_url(url, source.article.published_in_url, zone))
    moment = finest(moments) or finest(_shown_times(tree, zone))
    return moment or moment_in_url(url, DATE_IN_URL, zone) or _guessed(tree, url)


def _shown_times(tree: HtmlElement, zone: tzinfo) -> list[Moment | None]:
    selectors = ("[itemprop=datePublished]", "time[pubdate]", "article time[datetime]", "time[datetime]")
    for css in selectors:
        for element in select(tree, css)[:3]:
            stated = element.get("datetime") or element.get("content") or words(element)
            if moment := read_moment(stated, zone):
                return [moment]
    return []


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


def _authors(
    tree: HtmlElement, source: Source | None, statement: Statement, meta: MetaTags, publisher: str | None
) -> tuple[str, ...]:
    site = meta.first("og:site_name")
    not_people = [
        *statement.organisations,
        *(name for name in (publisher, statement.publisher, site) if name),
    ]
    bylines = [
        [first_words(tree, source.article.authors) or ""] if source else [],
        list(statement.authors),
        meta.all(*AUTHOR_META),
        _labelled(meta),
        *(_signed(tree, css) for css in BYLINES),
    ]
    for names in bylines:
        if authors := clean_authors(names, not_people):
            return authors
    # Nobody signs as a person: whoever the page calls its author is one, be it an agency or the newsroom.
    for names in (list(statement.authors), list(statement.corporate_authors), meta.all(*AUTHOR_META)):
        if authors := corporate_authors(names):
            return authors
    return ()


def _signed(tree: HtmlElement, css: str) -> list[str]:
    """The bylines that a selector finds; none where there are so many that they sign other articles."""
    bylines = dict.fromkeys(text for text in map(words, select(tree, css)) if text)
    return list(bylines) if len(bylines) <= MOST_AUTHORS else []


def _labelled(meta: MetaTags) -> list[str]:
    """The author on a card for social media: `twitter:label1` says "Written by", `twitter:data1` who."""
    return [
        meta.first(f"twitter:data{number}") or ""
        for number in (1, 2)
        if is_byline_label(meta.first(f"twitter:label{number}") or "")
    ]


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
    address = urljoin(url, stated) if stated else None
    return address if address and address.startswith(("http://", "https://")) else None


def _language(tree: HtmlElement, statement: Statement, meta: MetaTags) -> str | None:
    root = tree.getroottree().getroot()
    stated = (root.get("lang"), root.get("{http://www.w3.org/XML/1998/namespace}lang"), root.get("xml:lang"))
    for value in (*stated, meta.first("og:locale", "content-language"), statement.language):
        match = re.match(r"([a-zA-Z]{2,3})(?:[-_]|$)", (value or "").strip())
        if match:
            return match[1].lower()
    return None
