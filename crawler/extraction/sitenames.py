"""Tells the headline from the name of the site that stands beside it, in titles and above pages."""

from __future__ import annotations

import re
import unicodedata

from lxml.html import HtmlElement

from crawler.extraction.markup import select, tidy, words

SEPARATOR = re.compile(r"\s+[|•·»–—-]+\s+|\s*[|]\s*|--")
LONGEST_TAIL = 40
MOST_TAIL_WORDS = 5
FEWEST_WORDS = 3
SHORTEST_LABEL = 3
MOST_HEADINGS = 100
HOME = re.compile(
    r"(?:https?://[^/?#]+)?/?(?:[a-z]{2}(?:-[a-z]{2})?/?)?(?:(?:index|home|default)\.\w+)?$", re.IGNORECASE
)
BANNER = re.compile(r"(?:^|[\W_])(?:logo|brand|site-?(?:title|name)|masthead)", re.IGNORECASE)
COMMON_LABELS = frozenset({"www", "news", "mobile", "com", "org", "net", "gov", "edu", "info"})


def site_keys(publisher: str | None, host: str | None) -> frozenset[str]:
    """What the site may be called in a title: its publisher, its address, the telling part of its address."""
    labels = (host or "").lower().partition(":")[0].removeprefix("www.").split(".")
    known = [label for label in labels[:-1] if label not in COMMON_LABELS and len(label) >= SHORTEST_LABEL]
    return frozenset({letters(publisher or ""), letters(".".join(labels)), *map(letters, known)} - {""})


def without_site(title: str, sites: frozenset[str]) -> str:
    """A title without the site's name after (or before) a separator."""
    plain = tidy(title)
    name, colon, rest = plain.partition(": ")
    if colon and letters(name) in sites:
        return rest
    parts = [part for part in SEPARATOR.split(plain) if part.strip()]
    if len(parts) < 2:
        return plain
    last = letters(parts[-1])
    if last and any(_is_site(last, site, len(parts[-1])) for site in sites):
        return plain[: plain.rindex(parts[-1])].rstrip(" |•·»–—-")
    return plain[plain.index(parts[1], len(parts[0])) :] if letters(parts[0]) in sites else plain


def names_behind(title: str) -> list[str]:
    """What stands behind the headline in a page's `title`: the names of sections and of the site."""
    return [part.strip() for part in SEPARATOR.split(title)[1:] if part.strip()]


def headline_in(tree: HtmlElement, title: str, sites: frozenset[str]) -> str | None:
    """The headline within a page's `title`: the part that the page shows as a heading, else all but a short tail."""
    plain = without_site(title, sites)
    parts = [part for part in SEPARATOR.split(plain) if part.strip()]
    if len(parts) < 2:
        return plain or None
    headings = {letters(words(h)) for h in select(tree, "h1, h2, h3")[:MOST_HEADINGS] if not is_banner(h)}
    for part in sorted(parts, key=len, reverse=True):
        if letters(part) in headings and len(word_list(part)) >= FEWEST_WORDS:
            return part.strip()
    is_tail = len(word_list(parts[-1])) <= MOST_TAIL_WORDS and len(word_list(parts[0])) >= FEWEST_WORDS
    if is_tail and len(parts[-1]) < len(plain) / 2:
        return plain[: plain.rindex(parts[-1])].rstrip(" |•·»–—-")
    return plain


def is_banner(heading: HtmlElement) -> bool:
    """Whether a heading is the site's own: it leads to the front page, or is called its logo."""
    links = [*heading.iter("a"), *heading.iterancestors("a")]
    if any(HOME.match(tidy(link.get("href") or "#")) for link in links):
        return True
    return BANNER.search(f"{heading.get('class') or ''} {heading.get('id') or ''}") is not None


def letters(text: str) -> str:
    """A text's letters and digits, in small letters, by which titles are compared."""
    return "".join(re.findall(r"\w+", text.casefold()))


def word_list(text: str) -> list[str]:
    """A text's words in small letters; its characters where it is written without spaces."""
    found = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    return list("".join(found)) if found and max(map(len, found)) > 12 and len(found) < 4 else found


def _is_site(last: str, site: str, length: int) -> bool:
    return last == site or (len(last) > 1 and last in site) or (site in last and length < LONGEST_TAIL)
