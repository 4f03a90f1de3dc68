"""Finds the line below (or just above) a headline that says when the article was published."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from itertools import islice

from lxml.html import HtmlElement

from crawler.extraction.furniture import is_update_line
from crawler.extraction.markup import INVISIBLE, tidy, words
from crawler.extraction.moments import Moment

LOOKED_AT = 60
"""So many elements below the headline, and a few above it, are looked at."""
ABOVE = 8
LONGEST = 90
DAY = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
DIGITS = re.compile(r"\d")


def beside_headline(tree: HtmlElement, read: Callable[[str | None], Moment | None]) -> Moment | None:
    """The time in a short line near the page's headline; that of an update only where there is no other."""
    headline = next(iter(tree.iter("h1")), None)
    if headline is None:
        headline = next(iter(tree.iter("h2")), None)
    if headline is None:
        return None
    updated = None
    for line in _lines(headline):
        moment = read(_time_in(line))
        if moment is not None and not is_update_line(line):
            return moment
        updated = updated or moment
    return updated


def _lines(headline: HtmlElement) -> Iterable[str]:
    """Short lines with a year in them: below the headline, then those close above it."""
    below = headline.xpath(f"following::*[position() <= {LOOKED_AT}]")
    above = headline.xpath(f"preceding::*[position() <= {ABOVE}]")
    for element in (*(below if isinstance(below, list) else []), *(above if isinstance(above, list) else [])):
        if (
            not isinstance(element, HtmlElement)
            or not isinstance(element.tag, str)
            or element.tag in INVISIBLE
        ):
            continue
        own = tidy(element.text or "")
        line = own if len(own) > LONGEST or not own else words(element)
        if len(line) <= LONGEST and DAY.search(line) and len(DIGITS.findall(line)) >= len("12025"):
            yield line


def _time_in(line: str) -> str:
    """A line without the words in front of its time: "Published:", "Thứ bảy," stay, a label before a colon goes."""
    label, colon, rest = line.partition(":")
    is_label = bool(colon) and not DIGITS.search(label) and len(label.split()) <= LABEL_WORDS
    return " ".join(islice((rest if is_label else line).split(), MOST_WORDS))


LABEL_WORDS = 3
MOST_WORDS = 16
