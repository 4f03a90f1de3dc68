"""Chooses the headline: what the page shows as one, against what it tells search engines."""

from __future__ import annotations

import re
from collections.abc import Callable
from difflib import SequenceMatcher

from lxml.html import HtmlElement

from crawler.extraction.markup import select, words
from crawler.extraction.sitenames import (
    SEPARATOR,
    headline_in,
    is_banner,
    letters,
    site_keys,
    without_site,
    word_list,
)

ALIKE = 0.3
UNRELATED = 0.4
KICKER_END = re.compile(r"[:|•·–—-]$")
FEWEST_WORDS = 4
LONGEST = 400
MOST_HEADLINES = 20
LONGEST_TAIL = 40
LONGEST_STATED = 90
"""Characters from which a headline for search engines may have been cut."""


def choose_title(
    tree: HtmlElement,
    headline: str | None,
    meta: Callable[..., str | None],
    publisher: str | None,
    host: str | None = None,
) -> str | None:
    """The headline on which most of JSON-LD, `og:title` and `h1` agree.

    What is said in `head` is often shortened or written for search engines; the `h1` is what a reader sees,
    but it may also be the name of the site: it must resemble one of the statements. `host` is the site's address.
    """
    sites = site_keys(publisher, host)
    element = words(next(iter(select(tree, "title")), None))
    shared = meta("og:title") or meta("twitter:title") or meta("parsely-title", "dc.title", "title")
    stated = [without_site(text, sites) for text in (headline, shared, element) if text]
    shown = [text for text in _headlines(tree, sites) if len(text) <= LONGEST]
    likely = max(shown, key=lambda text: _best_likeness(text, stated), default=None)
    if likely is None or (stated and _best_likeness(likely, stated) < ALIKE):
        named_by_site = headline or shared or (likely and letters(likely) in letters(element))
        if likely and not named_by_site:
            return likely
        return stated[0] if headline or shared else headline_in(tree, element, sites)
    headline, shared = (text and without_site(text, sites) for text in (headline, shared))
    spellings = [text for text in (headline, shared, likely) if text]
    if headline and _is_cut_short(headline, likely):
        headline = likely
    if shared and _adds_only_a_tail(shared, likely):
        shared = likely
    for_engines = headline is not None and letters(headline) == letters(without_site(element, sites))
    return _with_all_spaces(_vote(likely, headline, shared, for_engines), spellings)


def _headlines(tree: HtmlElement, sites: frozenset[str]) -> list[str]:
    """What the page shows as headlines of the first rank, without the banner of the site."""
    shown = [(element, words(element, between=" ")) for element in select(tree, "h1")[:MOST_HEADLINES]]
    found = [(element, text) for element, text in shown if text]
    return [text for element, text in found if not is_banner(element) and letters(text) not in sites]


def _is_cut_short(stated: str, shown: str) -> bool:
    """Whether a stated headline is the beginning of the shown one, cut where search engines cut."""
    beginning = stated.rstrip(" .…")
    is_beginning = shown.startswith(beginning) and len(beginning) < len(shown)
    return is_beginning and (len(stated) >= LONGEST_STATED or stated != beginning)


def _with_all_spaces(chosen: str, spellings: list[str]) -> str:
    """The chosen title as another place writes it with more spaces: a kicker and its headline are often one `h1`."""
    same = [chosen, *(text for text in spellings if letters(text) == letters(chosen))]
    return max(same, key=lambda text: len(text.split()))


def _vote(shown: str, headline: str | None, shared: str | None, for_engines: bool) -> str:
    """The title on which two of the three agree, written as JSON-LD writes it.

    Where the shared title is none of the others, with no more than a kicker or a tail, it is the newsroom's own
    headline, and the other two are one line for search engines; `for_engines` says that JSON-LD's headline is the
    page's `title`, too.
    """
    if shared and (tail := _behind_kicker(shared, shown)):
        return tail
    if headline and letters(headline) in (letters(shown), letters(shared or "")):
        is_other = shared and _is_other_headline(shared, shown)
        return shared if shared and is_other else headline
    if for_engines and shared and letters(shared) == letters(shown):
        return shown
    if headline and _likeness(headline, shown) < UNRELATED:
        return headline  # no variant for search engines but another headline: the one the article was filed under
    if shown in (headline, shared) or not (headline or shared):
        return shown
    if headline and _likeness(headline, shown) >= ALIKE:
        return headline
    return shared if shared and _likeness(shared, shown) >= ALIKE else shown


def _is_other_headline(shared: str, shown: str) -> bool:
    """Whether a shared title is a headline in its own right: whole, and not the shown one made longer or shorter."""
    if len(word_list(shared)) < FEWEST_WORDS or shared.rstrip().endswith(("...", "…")):
        return False
    is_shorter = set(word_list(shared)) <= set(word_list(shown))
    return not is_shorter and letters(shown) not in letters(shared)


def _behind_kicker(shared: str, shown: str) -> str | None:
    """The headline behind a kicker: the shared title, or the end that both have in common behind their kickers."""
    if shown.endswith(shared) and KICKER_END.search(shown[: -len(shared)].rstrip()):
        return shared
    one, two = shared.split(), shown.split()
    length = 0
    while length < min(len(one), len(two)) and one[-1 - length] == two[-1 - length]:
        length += 1
    kickers = [" ".join(words[: len(words) - length]) for words in (one, two)]
    if length >= FEWEST_WORDS and all(KICKER_END.search(kicker) for kicker in kickers):
        return " ".join(two[len(two) - length :])
    return None


def _adds_only_a_tail(stated: str, shown: str) -> bool:
    """Whether a stated title is the shown one with the name of a site or section behind it."""
    return letters(stated) == letters(shown) or any(
        letters(stated[: match.start()]) == letters(shown) and len(stated) - match.start() <= LONGEST_TAIL
        for match in SEPARATOR.finditer(stated)
    )


def _best_likeness(text: str, others: list[str]) -> float:
    return max((_likeness(text, other) for other in others), default=0.0)


def _likeness(first: str, second: str) -> float:
    one, two = word_list(first), word_list(second)
    if not one or not two:
        return 0.0
    shared = len(set(one) & set(two)) / min(len(set(one)), len(set(two)))
    return max(shared if min(len(one), len(two)) >= 3 else 0.0, SequenceMatcher(None, one, two).ratio())
