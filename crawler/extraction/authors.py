"""Makes names of bylines: one name a person, no publisher, address, role or "By"."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from crawler.extraction.furniture import is_no_author, is_placeholder, strip_byline_words
from crawler.extraction.markup import tidy

ADDRESS = re.compile(r"https?://\S+|www\.\S+|\S+@\S+\.\w+|@\w+")
SITE = re.compile(r"[(\[<]\s*(?:https?://|www\.)", re.IGNORECASE)
"""A name with the address of a site in brackets is that of the site."""
JOINTS = re.compile(
    r"\s*(?:;|\||/|•|·|、|；|，|\n)\s*|\s+(?:and|und|et|và|y|e|og|och|en|&|with|avec|mit|con|com|med|met|cùng)\s+",
    re.IGNORECASE,
)
COMMA = re.compile(r"\s*,\s*")
BRACKETS = re.compile(r"\s*[(\[<][^)\]>]*[)\]>]")
PARTICLES = frozenset(
    {"al", "bin", "da", "de", "del", "den", "der", "di", "dos", "du", "el", "la", "le", "ten", "van", "von"}
)
LONGEST_NAME = 60
MOST_WORDS = 6


def clean_authors(names: Iterable[str], not_people: Iterable[str] = ()) -> tuple[str, ...]:
    """The people in some bylines, each once, in order; `not_people` are names of publishers.

    >>> clean_authors(["By Jane Doe and John Roe, jane@example.org"])
    ('Jane Doe', 'John Roe')
    """
    others = {_key(name) for name in not_people if name}
    kept: dict[str, str] = {}
    for byline in names:
        if SITE.search(byline):
            continue
        for name in _split(byline):
            key = _key(name)
            if key and key not in others and not any(key == other.removesuffix("com") for other in others):
                kept.setdefault(key, name)
    return tuple(kept.values())


def corporate_authors(names: Iterable[str]) -> tuple[str, ...]:
    """Agencies or newsrooms that a page names as its author; placeholders are dropped."""
    plain = (tidy(ADDRESS.sub("", BRACKETS.sub("", name))).strip(" ,.;:-–—|*") for name in names)
    kept = {_key(name): name for name in plain if 2 <= len(name) <= LONGEST_NAME and not is_placeholder(name)}
    return tuple(name for key, name in kept.items() if key and not key.isdigit())


def _split(byline: str) -> Iterable[str]:
    plain = tidy(ADDRESS.sub("", BRACKETS.sub("", byline)))
    for part in JOINTS.split(strip_byline_words(plain)):
        for name in _at_commas(part or ""):
            cleaned = _capitalised(strip_byline_words(name).strip(" ,.;:-–—|*"))
            if _is_name(cleaned):
                yield cleaned


def _at_commas(text: str) -> list[str]:
    """Commas part people ("Jane Doe, John Roe") or a person from a role ("Jane Doe, Editor"): both are parted."""
    return COMMA.split(text)


def _is_name(name: str) -> bool:
    if not 2 <= len(name) <= LONGEST_NAME or len(name.split()) > MOST_WORDS or is_no_author(name):
        return False
    return any(character.isalpha() for character in name) and not any(
        character.isdigit() for character in name
    )


def _capitalised(name: str) -> str:
    """JANE DOE as Jane Doe; a name in mixed case stays as it is."""
    return name.title() if name.isupper() and len(name) > 4 and " " in name else name


def _key(name: str) -> str:
    return "".join(re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold()))
