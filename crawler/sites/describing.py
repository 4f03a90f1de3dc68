"""What a front page says of its publisher, and what the addresses of its articles have in common."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from lxml import etree
from parsel import Selector

from crawler.extraction.markup import decode, tidy, without_controls

MOST_OF = 0.9
FEWEST = 3
NO_NAMES = frozenset(
    {"news", "home", "homepage", "latest news", "trang chủ", "tin tức", "startseite", "accueil", "inicio"}
)
"""What front pages add to their name."""
DETECTABLE = 200
SEPARATORS = re.compile(r"\s+[|–—:·»-]\s+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Looks:
    """Name, language (ISO 639) and, where it says so, region (two small letters) or country of a site."""

    title: str | None
    language: str | None
    region: str | None
    country: str | None


def look_at(body: bytes, url: str, country: str | None = None) -> Looks:
    """What a front page (or a feed in its place) says; `country` is what a person says."""
    text = without_controls(decode(body))
    page = Selector(text=text or " ")
    stated = page.css("html::attr(lang), html::attr(xml\\:lang)").get() or _feed_says(body, "language") or ""
    language, _, region = stated.strip().replace("_", "-").lower().partition("-")
    if not re.fullmatch(r"[a-z]{2,3}", language):
        language = ""
    region = region.rpartition("-")[2]
    return Looks(
        title=_title(page, url) or _feed_says(body, "title"),
        language=language or _detected(page) or None,
        region={"gb": "uk"}.get(region, region) or None,
        country=country,
    )


def pattern_of(urls: Iterable[str], patterns: Sequence[str], share: float = MOST_OF) -> str | None:
    """The first pattern that fits (nearly) all addresses; None when none does, or there are too few to tell."""
    known = list(dict.fromkeys(urls))
    for pattern in patterns:
        fitting = sum(re.search(pattern, url) is not None for url in known)
        if fitting >= max(FEWEST, share * len(known)):
            return pattern
    return None


def _title(page: Selector, url: str) -> str | None:
    """The publisher's name: as stated, else the part of the title that the address holds, else its last part."""
    name = page.css(
        "meta[property='og:site_name']::attr(content), meta[name=application-name]::attr(content)"
    )
    if stated := tidy(name.get() or ""):
        return stated
    titles = page.css("head title::text, link[rel~=alternate][type*=rss]::attr(title)").getall()
    parts = [tidy(part) for title in titles for part in SEPARATORS.split(title) if part.strip()]
    parts = [part for part in parts if part.casefold() not in NO_NAMES] or parts
    host = _letters(urlsplit(url).hostname or "")
    held = (part for part in parts if len(_letters(part)) > 1 and _letters(part) in host)
    return next(held, parts[-1] if parts else None)


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if c.isalnum())


def _feed_says(body: bytes, name: str) -> str | None:
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError):
        return None
    if root is None or etree.QName(root).localname not in ("rss", "feed", "RDF"):
        return None
    found = root.xpath(f"(/*|/*/*[local-name()='channel'])/*[local-name()='{name}']/text()")
    return tidy(str(found[0])) or None if isinstance(found, list) and found else None


def _detected(page: Selector) -> str | None:
    text = tidy(" ".join(page.xpath("//body//text()[not(parent::script or parent::style)]").getall()))
    if len(text) < DETECTABLE:
        return None
    from py3langid import classify

    return str(classify(text[:4000])[0])
