"""Chooses the headline: what the page shows as one, against what it tells search engines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from difflib import SequenceMatcher

from lxml.html import HtmlElement

from crawler.markup import select, tidy, words

SEPARATOR = re.compile(r"\s+[|•·»–—-]+\s+|\s*[|]\s*|--")
ALIKE = 0.3
UNRELATED = 0.4
LONGEST = 400
LONGEST_TAIL = 40


def choose_title(
    tree: HtmlElement, headline: str | None, meta: Callable[..., str | None], publisher: str | None
) -> str | None:
    """The headline on which most of JSON-LD, `og:title` and `h1` agree.

    What is said in `head` is often shortened or written for search engines; the `h1` is what a reader sees,
    but it may also be the name of the site: it must resemble one of the statements.
    """
    element = words(next(iter(select(tree, "title")), None))
    shared = meta("og:title") or meta("twitter:title") or meta("parsely-title", "dc.title", "title")
    stated = [_without_site(text, publisher) for text in (headline, shared, element) if text]
    shown = [text for text in (words(h1) for h1 in select(tree, "h1")) if 0 < len(text) <= LONGEST]
    likely = max(shown, key=lambda text: _best_likeness(text, stated), default=None)
    if likely is None or (stated and _best_likeness(likely, stated) < ALIKE):
        named_by_site = headline or shared or (likely and _key(likely) in _key(element))
        return likely if likely and not named_by_site else next(iter(stated), None)
    plain = [likely if text and _adds_only_a_tail(text, likely) else text for text in (headline, shared)]
    headline, shared = (text and _without_site(text, publisher) for text in plain)
    return _vote(likely, headline, shared)


def _vote(shown: str, headline: str | None, shared: str | None) -> str:
    """The title on which two of the three agree; where none do, the one that was written as a headline."""
    if headline and shared and _key(headline) == _key(shared):
        return headline
    if shared and _is_behind_kicker(shared, shown):
        return shared
    if headline and _likeness(headline, shown) < UNRELATED:
        return headline  # no variant for search engines but another headline: the one the article was filed under
    if shown in (headline, shared) or not (headline or shared):
        return shown
    if headline and _likeness(headline, shown) >= ALIKE:
        return headline
    return shared if shared and _likeness(shared, shown) >= ALIKE else shown


def _is_behind_kicker(shared: str, shown: str) -> bool:
    """Whether the `h1` is a kicker, a separator and then the shared title."""
    return shown.endswith(shared) and re.search(r"[:|•·–—-]\s*$", shown[: -len(shared)]) is not None


def _adds_only_a_tail(stated: str, shown: str) -> bool:
    """Whether a stated title is the shown one with the name of a site or section behind it."""
    if not stated.startswith(shown):
        return _key(stated) == _key(shown)
    tail = stated[len(shown) :]
    return not tail or (len(tail) <= LONGEST_TAIL and SEPARATOR.match(tail) is not None)


def _without_site(title: str, publisher: str | None) -> str:
    """A title without the site's name after (or before) a separator."""
    plain, site = tidy(title), _key(publisher or "")
    parts = [part for part in SEPARATOR.split(plain) if part.strip()]
    if len(parts) < 2 or not site:
        return plain
    last = _key(parts[-1])
    if last and (last == site or last in site or (site in last and len(parts[-1]) < LONGEST_TAIL)):
        return plain[: plain.rindex(parts[-1])].rstrip(" |•·»–—-")
    return plain[plain.index(parts[1], len(parts[0])) :] if _key(parts[0]) == site else plain


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
