"""Tells the text of an article from what stands around it: credits, counters, pleas, walls."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from crawler.datafile import read_datafile

DATA = Path(__file__).with_name("furniture.yml")
SHORT_TEXT = 700
"""Characters; a longer text is an article whatever it speaks of."""
LONGEST_CREDIT = 80
LONGEST_LABEL = 70
MOST_CREDIT_WORDS = 10
LONGEST_CAPTION = 400
LONGEST_DATE = 70
MOST_DATE_WORDS = 6
YEAR = re.compile(r"(?<!\d)20\d\d(?!\d)")
NUMBER = re.compile(r"\d+")
WORD = re.compile(r"[^\W\d_]{2,}")


class FurnitureWords(BaseModel):
    """What `furniture.yml` holds."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    credit_words: tuple[str, ...]
    not_text: tuple[str, ...]
    box_labels: tuple[str, ...]
    byline_words: tuple[str, ...]
    update_words: tuple[str, ...]
    signature_labels: tuple[str, ...]
    signature_words: tuple[str, ...]
    placeholders: tuple[str, ...]
    not_authors: tuple[str, ...]
    class_names: tuple[str, ...]
    intro_names: tuple[str, ...]
    missing_titles: tuple[str, ...]
    walls: dict[str, tuple[str, ...]]


def is_text(paragraph: str) -> bool:
    """Whether a paragraph is text of the article: no counter, plea, source line, credit or captioned photo."""
    if not any(character.isalnum() for character in paragraph):
        return False
    if _whole("not_text").fullmatch(paragraph) or is_box_label(paragraph):
        return False
    return len(paragraph) > LONGEST_CAPTION or _credit().search(paragraph) is None


def is_box_label(line: str) -> bool:
    """Whether a line announces other articles: "Related", "Tin liên quan"."""
    return len(line) <= LONGEST_LABEL and _whole("box_labels").fullmatch(line) is not None


def is_dated(line: str) -> bool:
    """Whether a line does nothing but say when (and by whom) the article was written: "Updated 6 May 2024, 9:15"."""
    if len(line) > LONGEST_DATE or line.endswith((".", "!", "?", "”", '"', "»")):
        return False
    has_day = YEAR.search(line) is not None and len(NUMBER.findall(line)) > 1
    return has_day and len(WORD.findall(line)) <= MOST_DATE_WORDS


def is_update_line(line: str) -> bool:
    """Whether a line with a time in it speaks of a change, not of the publication: "Updated 6 May"."""
    return re.search(rf"\b(?:{'|'.join(_words().update_words)})\b", line, re.IGNORECASE) is not None


def without_credit(caption: str) -> str | None:
    """A caption without the photo credit at its end or beginning; None when nothing else is left.

    >>> without_credit("The port of Lianyungang. Photo: AFP")
    'The port of Lianyungang.'
    """
    return _credit().sub("", caption).strip(" -–—|([") or None


def strip_byline_words(name: str) -> str:
    """A name without "By" and its like in front."""
    return _byline().sub("", name)


def is_byline_label(label: str) -> bool:
    """Whether a label announces an author: "Written by", "Von"."""
    return _byline().fullmatch(label + " ") is not None


def signature(line: str) -> str | None:
    """The names in a line that does nothing but sign: "(Author: Jane Doe)", "By Jane Doe"; else None."""
    match = _signature().fullmatch(line)
    if match is None or match["names"]:
        return match and match["names"]
    people = match["people"].split()
    are_names = people[0][0].isupper() and people[-1][0].isupper()
    return match["people"] if are_names and (len(people) > 1 or people[0].isupper()) else None


def is_no_author(name: str) -> bool:
    """Whether a byline names no person: a desk, an agency, a placeholder."""
    return is_placeholder(name) or _whole("not_authors").fullmatch(name) is not None


def is_placeholder(name: str) -> bool:
    """Whether a byline names nobody: "admin", "Staff", "null"."""
    return _whole("placeholders").fullmatch(name) is not None


def find_wall(title: str | None, text: str) -> str | None:
    """What stands in front of the article, in words; None when the page is no such wall."""
    if len(text) > SHORT_TEXT:
        return None
    if title and _whole("missing_titles").fullmatch(title):
        return "the page says that there is no such article"
    for kind, pattern in _walls().items():
        if pattern.search(f"{title or ''}\n{text}"):
            return f"a {kind} page stands in front of the article"
    return None


@cache
def furniture_names() -> re.Pattern[str]:
    """Finds the class names of what is no text of the article, in class names parted by single spaces."""
    return re.compile(rf" (?:{'|'.join(_words().class_names)}) ")


@cache
def intro_names() -> re.Pattern[str]:
    """Finds the class names of a standfirst."""
    return re.compile(rf" (?:{'|'.join(_words().intro_names)}) ")


@cache
def _words() -> FurnitureWords:
    return read_datafile(DATA, FurnitureWords)


@cache
def _whole(name: str) -> re.Pattern[str]:
    patterns: tuple[str, ...] = getattr(_words(), name)
    return re.compile(r"\W*(?:" + "|".join(patterns) + r")\W*", re.IGNORECASE)


@cache
def _credit() -> re.Pattern[str]:
    words = "|".join(sorted(_words().credit_words, key=len, reverse=True))
    # Few words: a sentence that happens to begin with "Image:" is text.
    credit = rf"(?!\s*(?:\S+\s+){{{MOST_CREDIT_WORDS}}})\s*[^:：]{{2,{LONGEST_CREDIT}}}$"
    return re.compile(rf"[\s(\[|–—-]*\b(?:{words})\s*(?:by\s*)?[:：]{credit}", re.IGNORECASE)


@cache
def _byline() -> re.Pattern[str]:
    words = "|".join(sorted(_words().byline_words, key=len, reverse=True))
    return re.compile(rf"^\s*(?:{words})(?:\s*[:：]\s*|\s+)", re.IGNORECASE)


@cache
def _signature() -> re.Pattern[str]:
    labels, leading = "|".join(_words().signature_labels), "|".join(_words().signature_words)
    named = rf"[(（【\[]?\s*(?:{labels})\s*[:：]\s*(?P<names>[^:：)）】\]]{{2,80}})[)）】\]]?"
    people = rf"(?:{leading})\s+(?P<people>[^\W\d_][^\s,;:]*(?:\s+[^\s,;:]+){{0,4}})(?:,.*)?"
    return re.compile(rf"\s*(?:{named}|{people})\s*", re.IGNORECASE)


@cache
def _walls() -> dict[str, re.Pattern[str]]:
    return {kind: re.compile("|".join(signs), re.IGNORECASE) for kind, signs in _words().walls.items()}
