"""Tells a wire copy from a new article: the same words under another address or headline."""

from __future__ import annotations

import hashlib
import re
import unicodedata

from sqlite_utils import Database

MIN_WORDS = 40
"""Shorter texts ("Live now: ...") repeat by chance and are never called copies."""


def text_fingerprint(text: str) -> str | None:
    """SHA-256 of the words of a text, without case, spacing and punctuation; None when too short to tell."""
    words = re.findall(r"\w+", unicodedata.normalize("NFKC", text).casefold())
    if len(words) < MIN_WORDS:
        return None
    return hashlib.sha256(" ".join(words).encode()).hexdigest()


def mark_copies(db: Database, fingerprint: str | None) -> int:
    """Settle which article of those with this text is the original; return how many there are.

    The original is the first published (then the lower id), whatever the order they were collected in; the
    others get `duplicate_of` and a reason in words.
    """
    if fingerprint is None:
        return 0
    rows = db.execute(
        "SELECT id, title, duplicate_of FROM articles WHERE fingerprint = ?"
        " ORDER BY published IS NULL, published, id",
        [fingerprint],
    ).fetchall()
    for index, (article_id, title, duplicate_of) in enumerate(rows):
        original, reason = None, None
        if index:
            original = rows[0][0]
            reason = "same text and title" if title == rows[0][1] else "same text under another headline"
        if duplicate_of != original:
            db.execute(
                "UPDATE articles SET duplicate_of = ?, duplicate_reason = ? WHERE id = ?",
                [original, reason, article_id],
            )
    return len(rows)
