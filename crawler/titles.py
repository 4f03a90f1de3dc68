"""Chooses the headline: what the page shows as one, against what it tells search engines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from difflib import SequenceMatcher

from lxml.html import HtmlElement

from crawler.markup import select, tidy, words

SEPARATOR = re.compile(r"\s+[|•·»–—-]\s+|\s*[|]\s*")
ALIKE = 0.3
LONGEST = 400


def choose_title(
    tree: HtmlElement,
    headline: str | None,
    meta: Callable[..., str | None],
    publisher: str | None,
) -> str | None:
    """The `h1` that the page's own statements confirm, else those statements, else the `title` element.

    What is said in `head` is often shortened or written for search engines; the `h1` is what a reader sees,
    but it may also be the name of the site: it must resemble one of the statements.
    """
    element = words(next(iter(select(tree, "title")), None))
    stated = [
        _without_site(text, publisher)
        for text in (headline, meta("og:title"), meta("twitter:title"), meta("parsely-title", "dc.title", "title"), element)
        if text
    ]
    shown = [text for text in (words(h1) for h1 in select(tree, "h1")) if 0 < len(text) <= LONGEST]
    likely = max(shown, key=lambda text: _best_likeness(text, stated), default=None)
    if likely and (not stated or _best_likeness(likely, stated) >= ALIKE):
        return likely
    return next(iter(stated), None) or next(iter(shown), None)


def _without_site(title: str, publisher: str | None) -> str:
    """A title without the site's name after (or before) a separator."""
    parts = [part for part in SEPARATOR.split(tidy(title)) if part.strip()]
    if len(parts) < 2:
        return tidy(title)
    site = _key(publisher or "")
    if site and _key(parts[-1]) in (site, "the" + site) or (site and site in _key(parts[-1]) and len(parts[-1]) < 40):
        return tidy(title)[: tidy(title).rindex(parts[-1])].rstrip(" |•·»–—-")
    if site and _key(parts[0]) == site:
        return tidy(title)[tidy(title).index(parts[1]) :]
    return tidy(title)


def _best_likeness(text: str, others: list[str]) -> float:
    return max((_likeness(text, other) for other in others), default=0.0)


def _likeness(first: str, second: str) -> float:
    one, two = _words(first), _words(second)
    if not one or not two:
        return 0.0
    shared = len(set(one) & set(two)) / min(len(set(one)), len(set(two)))
    return max(shared if min(len(one), len(two)) >= 3 else 0.0, SequenceMatcher(None, one, two).ratio())


def _words(text: str) -> list[str]:
    found = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    # Writing without spaces: compare characters.
    return list("".join(found)) if found and max(map(len, found)) > 12 and len(found) < 4 else found


def _key(text: str) -> str:
    return "".join(re.findall(r"\w+", text.casefold()))
