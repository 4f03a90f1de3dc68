"""How alike two texts are: shared wording, shared figures, and bands by which a database finds the like.

MinHash with banding (Broder 1997; Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, chapter 3). The bands lie
in a table, so that nothing is kept in memory and a new article is compared with the few that share a band.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
import zlib
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from db.grouping import load_grouping

SHINGLE = 3
BANDS, ROWS = 20, 3
"""Texts that share half of their wording are found in 93 of 100 cases, seven tenths in all; a tenth in 2 of 100."""
_WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+")
_Hashes = npt.NDArray[np.uint64]


def _odd_numbers(count: int, seed: str) -> _Hashes:
    """Fixed pseudo-random odd numbers, the same on every machine."""
    digests = (hashlib.sha256(f"{seed} {number}".encode()).digest() for number in range(count))
    return np.array([int.from_bytes(digest[:8], "little") | 1 for digest in digests], dtype=np.uint64)


_FACTORS = _odd_numbers(BANDS * ROWS, "factor")
_OFFSETS = _odd_numbers(BANDS * ROWS, "offset")
_MIXERS = _odd_numbers(SHINGLE + ROWS + 1, "mixer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """What of a text is compared: hashed runs of three words, figures without separators, number of words."""

    shingles: _Hashes
    figures: frozenset[str]
    words: int

    def bands(self) -> list[int]:
        """Keys of which two like texts share one; empty for a text too short to tell."""
        if self.words < load_grouping().copies.min_words or not len(self.shingles):
            return []
        hashed = self.shingles[:, None] * _FACTORS[None, :] + _OFFSETS[None, :]
        least = hashed.min(axis=0).reshape(BANDS, ROWS)
        keys = (least * _MIXERS[SHINGLE : SHINGLE + ROWS]).sum(axis=1, dtype=np.uint64)
        keys = keys ^ (np.arange(BANDS, dtype=np.uint64) * _MIXERS[-1])
        return [int(key) for key in keys.view(np.int64)]


def wording(text: str) -> Wording:
    """The wording of a text, without case, spacing and punctuation."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    hashed = np.array([zlib.crc32(word.encode()) for word in words], dtype=np.uint64)
    runs = max(len(hashed) - SHINGLE + 1, 0)
    parts = [hashed[place : place + runs] * _MIXERS[place] for place in range(SHINGLE)]
    shingles = np.unique(np.bitwise_xor.reduce(parts)) if runs else np.array([], dtype=np.uint64)
    figures = frozenset(word.replace(".", "").replace(",", "") for word in words if word[0].isdigit())
    return Wording(shingles=shingles, figures=figures, words=len(words))


def shared_wording(a: Wording, b: Wording) -> float:
    """The share of the shorter text's runs of words that the longer has too; 0 where lengths differ too much."""
    shorter, longer = sorted((len(a.shingles), len(b.shingles)))
    if not shorter or shorter < longer * load_grouping().copies.least_length:
        return 0.0
    return len(np.intersect1d(a.shingles, b.shingles, assume_unique=True)) / shorter


def shared_figures(a: Wording, b: Wording) -> float:
    """The share of the figures of the text with fewer that the other has too; 1 where one has none."""
    fewer = min(len(a.figures), len(b.figures))
    return len(a.figures & b.figures) / fewer if fewer else 1.0


def copy_score(a: Wording, b: Wording, days_apart: float | None) -> float | None:
    """How surely two texts are copies, between 0 and 1; None when they are not.

    Texts of one template (two days' price reports) share wording and differ in figures, so figures weigh too; and
    the same words weeks later are a copy only when all but equal.
    """
    figures = load_grouping().copies
    if min(a.words, b.words) < figures.min_words:
        return None
    share = shared_wording(a, b)
    score = share * (1 - figures.figures_weight + figures.figures_weight * shared_figures(a, b))
    apart = days_apart is None or days_apart > figures.near_days
    return score if score >= (figures.least_apart if apart else figures.least) else None
