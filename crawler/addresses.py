"""Addresses of pages: one form for each page, whatever link led to it."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from pydantic import BaseModel, ConfigDict
from w3lib.url import canonicalize_url, safe_url_string

from crawler.datafile import read_datafile

DATA = Path(__file__).with_name("addresses.yml")


class AddressWords(BaseModel):
    """What `addresses.yml` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    tracking: tuple[str, ...]


def clean_url(url: str, base: str | None = None) -> str | None:
    """The absolute http(s) address without fragment and tracking parameters, or None for anything else.

    >>> clean_url("/a.htm?utm_source=x&id=7#top", "https://Example.org/news")
    'https://example.org/a.htm?id=7'
    """
    try:
        absolute = safe_url_string(urljoin(base, url.strip()) if base else url.strip())
        parts = urlsplit(absolute)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    default = {"http": 80, "https": 443}[parts.scheme]
    literal = f"[{host}]" if ":" in host else host
    netloc = literal if port in (None, default) else f"{literal}:{port}"
    query = "&".join(
        pair for pair in parts.query.split("&") if pair and not _is_tracking(pair.partition("=")[0])
    )
    return parts._replace(netloc=netloc, query=query, fragment="", path=parts.path or "/").geturl()


def canonical_url(url: str, base: str | None = None) -> str | None:
    """The form under which a page is known: `clean_url` with its query in a fixed order.

    >>> canonical_url("https://example.org/a?b=2&a=1")
    'https://example.org/a?a=1&b=2'
    """
    cleaned = clean_url(url, base)
    if cleaned is None:
        return None
    return clean_url(str(canonicalize_url(cleaned, keep_blank_values=True)))


def netloc(url: str) -> str:
    """Host and port of an address, without `www.`: two addresses with the same one are of one site."""
    return urlsplit(url).netloc.lower().rpartition("@")[2].removeprefix("www.")


def is_within(url: str, sites: frozenset[str]) -> bool:
    """Whether the address lies on one of the sites (as `netloc` names them) or on a subdomain of one."""
    place = netloc(url)
    return any(place == site or place.endswith("." + site) for site in sites)


def own_form(url: str, listing: str, publisher: str) -> str:
    """An address as its site writes its own: with the listing's `www.` or without, by https where the publisher is.

    >>> own_form("http://example.org/a", "https://www.example.org/feed", "https://example.org")
    'https://www.example.org/a'
    """
    parts, place = urlsplit(url), urlsplit(listing)
    if netloc(url) == netloc(listing):
        parts = parts._replace(netloc=place.netloc)
    is_secure = "https" in (place.scheme, urlsplit(publisher).scheme) and parts.port is None
    if is_secure and netloc(url) in (netloc(listing), netloc(publisher)):
        parts = parts._replace(scheme="https")
    return parts.geturl()


@cache
def _tracking() -> tuple[frozenset[str], tuple[str, ...]]:
    names = read_datafile(DATA, AddressWords).tracking
    whole = frozenset(name.lower() for name in names if not name.endswith("*"))
    return whole, tuple(name[:-1].lower() for name in names if name.endswith("*"))


def _is_tracking(name: str) -> bool:
    whole, prefixes = _tracking()
    return name.lower() in whole or name.lower().startswith(prefixes)
