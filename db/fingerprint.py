"""One hash for one wording: texts that differ in case, spacing and punctuation alone have the same."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from db.grouping import load_grouping


def text_fingerprint(text: str) -> str | None:
    """SHA-256 of the words of a text, without case, spacing and punctuation; None when too short to tell."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    if len(words) < load_grouping().copies.min_words:
        return None
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
