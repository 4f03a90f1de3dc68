"""Finds addresses in what publishers offer for finding them: feeds, sitemaps, section pages.

Every form ends in the same `Listing`; a listing that cannot be read says why in `problem` and raises nothing.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

from lxml import etree
from parsel import Selector

from crawler.addresses import clean_url
from crawler.extraction.markup import decode, without_controls

MAX_UNPACKED = 20 * 1024 * 1024
MAX_LINKS = 50_000
ListingKind = Literal["feed", "sitemap", "section"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An address that a listing names; `changed` is the time of change it states (UTC, ISO 8601)."""

    url: str
    kind: Literal["article", "sitemap"] = "article"
    changed: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What one listing names, in its order and without repetition."""

    links: tuple[Link, ...] = ()
    problem: str | None = None
    next: str | None = None
    """The address of the next page of a section."""
    note: str | None = None
    """What of it was left aside, in words."""


class _Unreadable(Exception):
    """Why a listing cannot be read, in words."""


def read_listing(
    kind: ListingKind, body: bytes, url: str, *, links: str = "a", next_page: str | None = None
) -> Listing:
    """The addresses in a feed, sitemap or section page.

    `links` and `next_page` are the section's CSS selectors. Links of a sitemap index are of kind "sitemap".
    Nothing is fetched and no entity is resolved.
    """
    try:
        unpacked = _unpack(body)
        if not unpacked.strip():
            raise _Unreadable("it is empty")
        if kind == "section":
            return _read_section(unpacked, url, links, next_page)
        return _listing(_read_document(kind, unpacked, url))
    except _Unreadable as reason:
        return Listing(problem=str(reason))


def normal_time(text: str | None) -> str | None:
    """A time of a feed or sitemap (ISO 8601 or RFC 822) as UTC to the second; None when it is unreadable.

    >>> normal_time("Mon, 20 Oct 2025 09:39:15 +0700")
    '2025-10-20T02:39:15Z'
    """
    value = (text or "").strip()
    if not value:
        return None
    try:
        moment = datetime.fromisoformat(value)
    except ValueError:
        try:
            moment = parsedate_to_datetime(value)
        except ValueError:
            return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError):
        return None


def _unpack(body: bytes) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return body
    inflater = zlib.decompressobj(wbits=31)
    try:
        unpacked = inflater.decompress(body, MAX_UNPACKED)
    except zlib.error as error:
        raise _Unreadable("its gzip data are damaged") from error
    if inflater.unconsumed_tail:
        raise _Unreadable(f"it unpacks to more than {MAX_UNPACKED // 2**20} MB")
    return unpacked


def _listing(links: Iterable[Link], next_page: str | None = None) -> Listing:
    unique: dict[str, Link] = {}
    for link in links:
        if len(unique) >= MAX_LINKS and link.url not in unique:
            note = f"it names more than {MAX_LINKS:,} addresses; the first {MAX_LINKS:,} were taken"
            return Listing(links=tuple(unique.values()), next=next_page, note=note)
        unique.setdefault(link.url, link)
    return Listing(links=tuple(unique.values()), next=next_page)


def _read_section(body: bytes, url: str, links: str, next_page: str | None) -> Listing:
    page = Selector(text=without_controls(decode(body)), type="html")
    base = page.css("base::attr(href)").get()
    base = clean_url(base, url) or url if base else url
    found = (clean_url(href, base) for href in _hrefs(page, links))
    following = next((clean_url(href, base) for href in _hrefs(page, next_page)), None) if next_page else None
    return _listing((Link(url=address) for address in found if address), following)


def _hrefs(page: Selector, css: str) -> Iterator[str]:
    for element in page.css(css):
        href = element.attrib.get("href") or element.css("a::attr(href)").get()
        if href:
            yield href


def _read_document(kind: ListingKind, body: bytes, url: str) -> Iterator[Link]:
    if body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"[")):
        return _read_json_feed(body, url)
    if kind == "sitemap" and not body.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return _read_plain_sitemap(body, url)
    root = _parse_xml(kind, body)
    if _name(root) == "sitemapindex":
        return _read_urls(root, url, "sitemap")
    if _name(root) == "urlset":
        return _read_urls(root, url, "article")
    if _name(root) in ("rss", "RDF", "feed"):
        return _read_feed(root, url)
    hint = " (a web page)" if _name(root).lower() == "html" else ""
    raise _Unreadable(f"it is not a {kind}: its root element is <{_name(root)}>{hint}")


def _parse_xml(kind: str, body: bytes) -> etree._Element:
    try:
        root = etree.fromstring(body, _xml_parser())
        if root is None:  # what it says of its encoding may be wrong
            root = etree.fromstring(body.replace(b"\0", b"").strip(), _xml_parser("utf-8"))
    except (etree.XMLSyntaxError, ValueError) as error:
        raise _Unreadable(f"it is not well-formed XML ({str(error)[:120]})") from error
    if root is None:
        raise _Unreadable(f"it is not a {kind}: no XML was found in it")
    if _declares_entities(root.getroottree().docinfo):
        raise _Unreadable("it declares XML entities, which are refused")
    return root


def _xml_parser(encoding: str | None = None) -> etree.XMLParser:
    return etree.XMLParser(
        encoding=encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        recover=True,
        remove_pis=True,
    )


def _declares_entities(document: etree.DocInfo) -> bool:
    return document.internalDTD is not None and bool(document.internalDTD.entities())  # type: ignore[attr-defined]


def _read_urls(root: etree._Element, url: str, kind: Literal["article", "sitemap"]) -> Iterator[Link]:
    for entry in root:
        # Images and videos below have locations of their own.
        texts = {_name(element): element.text or "" for element in entry}
        address = clean_url(texts["loc"], url) if texts.get("loc") else None
        if address:
            news = next((e.text for e in entry.iter() if _name(e) == "publication_date"), None)
            yield Link(url=address, kind=kind, changed=normal_time(texts.get("lastmod") or news))


def _read_feed(root: etree._Element, url: str) -> Iterator[Link]:
    for item in root.iter():
        if _name(item) not in ("item", "entry"):
            continue
        base = clean_url(item.base, url) if item.base else None
        address = clean_url(_feed_link(item) or "", base or url)
        if address and address != clean_url(url):
            yield Link(url=address, changed=normal_time(_feed_time(item)))


def _feed_link(item: etree._Element) -> str | None:
    links = [element for element in item if _name(element) == "link"]
    texts = {_name(element): (element.text or "").strip() for element in item}
    if original := texts.get("origLink"):
        return original
    for link in links:
        if (link.text or "").strip():
            return link.text
    for link in links:
        if link.get("href") and link.get("rel", "alternate") == "alternate":
            return link.get("href")
    guid = next((element for element in item if _name(element) == "guid"), None)
    if guid is not None and guid.get("isPermaLink", "true") != "false" and guid.text:
        return guid.text
    about = item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about") or texts.get("id", "")
    return about if about.startswith(("http://", "https://")) else None


def _feed_time(item: etree._Element) -> str | None:
    texts = {_name(element): element.text for element in item}
    names = ("updated", "modified", "pubDate", "published", "date", "issued")
    return next((texts[name] for name in names if texts.get(name)), None)


def _read_json_feed(body: bytes, url: str) -> Iterator[Link]:
    try:
        feed = json.loads(body)
        items = feed["items"]
        entries = [item for item in items if isinstance(item, dict)]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _Unreadable("it is not a JSON feed") from error
    for item in entries:
        address = clean_url(str(item.get("url") or item.get("external_url") or ""), url)
        if address and (item.get("url") or item.get("external_url")):
            changed = item.get("date_modified") or item.get("date_published")
            yield Link(url=address, changed=normal_time(changed if isinstance(changed, str) else None))


def _read_plain_sitemap(body: bytes, url: str) -> Iterator[Link]:
    lines = body.decode("utf-8-sig", "replace").splitlines()
    addresses = [clean_url(line) for line in lines if line.strip()]
    if not any(addresses):
        raise _Unreadable("it is not a sitemap: neither XML nor a list of addresses")
    for address in addresses:
        if address:
            yield Link(url=address)


def _name(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""
