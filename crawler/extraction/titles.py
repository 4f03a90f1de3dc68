"""Chooses the headline: what the page shows as one, against what it tells search engines."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from difflib import SequenceMatcher

from lxml.html import HtmlElement

from crawler.extraction.markup import select, tidy, words

SEPARATOR = re.compile(r"\s+[|•·»–—-]+\s+|\s*[|]\s*|--")
ALIKE = 0.3
UNRELATED = 0.4
KICKER_END = re.compile(r"[:|•·–—-]$")
FEWEST_WORDS = 4
LONGEST = 400
MOST_HEADLINES = 20
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
    shown = [
        text for text in (words(h1) for h1 in select(tree, "h1")[:MOST_HEADLINES]) if 0 < len(text) <= LONGEST
    ]
    likely = max(shown, key=lambda text: _best_likeness(text, stated), default=None)
    if likely is None or (stated and _best_likeness(likely, stated) < ALIKE):
        named_by_site = headline or shared or (likely and _key(likely) in _key(element))
        return likely if likely and not named_by_site else next(iter(stated), None)
    headline, shared = (text and _without_site(text, publisher) for text in (headline, shared))
    if shared and _adds_only_a_tail(shared, likely):
        shared = likely
    return _vote(likely, headline, shared)


def _vote(shown: str, headline: str | None, shared: str | None) -> str:
    """The title on which two of the three agree, written as JSON-LD writes it.

    Where the shared title is none of the others, with no more than a kicker or a tail, it is the newsroom's own
    headline, and the other two are one line for search engines.
    """
    if shared and (tail := _behind_kicker(shared, shown)):
        return tail
    if headline and _key(headline) in (_key(shown), _key(shared or "")):
        is_other = shared and _is_other_headline(shared, shown)
        return shared if shared and is_other else headline
    if headline and _likeness(headline, shown) < UNRELATED:
        return headline  # no variant for search engines but another headline: the one the article was filed under
    if shown in (headline, shared) or not (headline or shared):
        return shown
    if headline and _likeness(headline, shown) >= ALIKE:
        return headline
    return shared if shared and _likeness(shared, shown) >= ALIKE else shown


def _is_other_headline(shared: str, shown: str) -> bool:
    """Whether a shared title is a headline in its own right: whole, and not the shown one made longer or shorter."""
    if len(_words(shared)) < FEWEST_WORDS or shared.rstrip().endswith(("...", "…")):
        return False
    is_shorter = set(_words(shared)) <= set(_words(shown))
    return not is_shorter and _key(shown) not in _key(shared)


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
    return _key(stated) == _key(shown) or any(
        _key(stated[: match.start()]) == _key(shown) and len(stated) - match.start() <= LONGEST_TAIL
        for match in SEPARATOR.finditer(stated)
    )


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
