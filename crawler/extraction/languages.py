"""Tells the language of a text."""

from __future__ import annotations

import re

ENGLISH = frozenset(
    {"the", "of", "and", "to", "in", "that", "for", "on", "with", "as", "is", "was", "are", "be"}
    | {"has", "have", "it", "its", "by", "at", "from", "a", "an", "this", "their", "which", "said"}
)
"""Words without which hardly any English is written; no other language has as many of them."""
ONLY_ENGLISH = frozenset({"the", "of", "and", "that", "with", "from", "which", "their"})
LEAST_ENGLISH = 0.2
WORD = re.compile(r"[^\W\d_]+")


def tell_language(text: str) -> str:
    """The language (ISO 639-1) that a text is most probably in.

    >>> tell_language("The price of rice and the cost of shipping rose in the first week of the year.")
    'en'
    """
    if is_plain_english(text):
        return "en"
    # Its model takes as long to load as fifty pages to read, and it is not asked about plain English.
    from py3langid import classify

    return str(classify(text)[0])


def is_plain_english(text: str) -> bool:
    """Whether a text is beyond doubt English; False only says that it may be something else."""
    words = WORD.findall(text.lower()) if text.isascii() or "the" in text else []
    found = [word for word in words if word in ENGLISH]
    return len(found) >= LEAST_ENGLISH * max(len(words), 1) and len(ONLY_ENGLISH.intersection(found)) > 1
