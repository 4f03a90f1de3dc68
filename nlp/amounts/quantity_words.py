"""The words around figures: how they bound, move, label or follow one."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict

from nlp.facts.registry_rows import Names
from nlp.facts.tables import read_table

Kind = Literal[
    "about",
    "more",
    "less",
    "up",
    "down",
    "moved_up",
    "moved_down",
    "not_up",
    "filler",
    "label",
    "not_million",
    "wordlike",
    "not_counted",
]


class QuantityWords(BaseModel):
    """One row of data/quantity_words.csv: the words of one kind in one language.

    "about", "more" and "less" stand before a figure they bound; "up" and "down" say that it is the amount of a
    change, "moved_up" and "moved_down" only with "by" ("raised rates by"), "filler" may stand between; "label" nouns
    carry a number as their name ("Category 4"); after "48m", "not_million" words leave the m a metre; "wordlike"
    units are also common words; "not_counted" words follow a number but are nothing it counts.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    language: Literal["en", "vi"]
    kind: Kind
    words: Names


@cache
def quantity_words(language: str, kind: Kind) -> frozenset[str]:
    """The words of one kind in one language; empty where the table has none."""
    rows = read_table("quantity_words.csv", QuantityWords)
    return frozenset(
        word for row in rows if (row.language, row.kind) == (language, kind) for word in row.words
    )


@cache
def alternation(language: str, kind: Kind) -> str:
    """The words as a regular expression, longest first, each ending where a word does."""
    ordered = sorted(quantity_words(language, kind), key=len, reverse=True)
    return "|".join(re.escape(w).replace(r"\ ", r"\s+") + (r"\b" if w[-1].isalpha() else "") for w in ordered)
