"""The versions of an article, and what was changed from each to the next: corrections are news."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Literal

from db.errors import NotFound
from db.store import Store

Operation = Literal["same", "removed", "added"]
SIMILAR = 0.4
"""Paragraphs that share so much are one that was changed; others are two."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Words of a changed paragraph that stayed, went or came."""

    operation: Operation
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphChange:
    """One paragraph that was changed, removed (`after` is None) or added (`before` is None)."""

    before: str | None
    after: str | None
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionChange:
    """What changed from one version of an article to the next.

    `fetched` and `modified` are those of the later one; the titles differ where the headline was changed.
    """

    article_id: str
    from_version: int
    to_version: int
    fetched: str
    modified: str | None
    title_before: str | None
    title_after: str | None
    paragraphs: tuple[ParagraphChange, ...]


def diff_versions(store: Store, article_id: str) -> list[VersionChange]:
    """The changes of an article from version to version, oldest first; empty when there is only one.

    Raises NotFound for an id that the store does not hold.
    """
    versions = store.db.execute(
        "SELECT version, title, text, modified, fetched FROM article_versions WHERE article_id = ?1"
        " UNION ALL SELECT version, title, text, modified, fetched FROM articles WHERE id = ?1 ORDER BY version",
        [article_id],
    ).fetchall()
    if not versions:
        raise NotFound(f"there is no article {article_id} in {store.path}. See 'dateline articles'")
    return [
        VersionChange(
            article_id=article_id,
            from_version=before[0],
            to_version=after[0],
            fetched=after[4],
            modified=after[3],
            title_before=before[1],
            title_after=after[1],
            paragraphs=tuple(compare_texts(before[2], after[2])),
        )
        for before, after in pairwise(versions)
    ]


def compare_texts(before: str, after: str) -> Iterator[ParagraphChange]:
    """The paragraphs (apart by blank lines) in which two texts differ, in the order of the later one."""
    old, new = before.split("\n\n"), after.split("\n\n")
    for tag, i1, i2, j1, j2 in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag != "equal":
            yield from _compare_blocks(old[i1:i2], new[j1:j2])


def compare_words(before: str, after: str) -> tuple[Piece, ...]:
    """Two forms of a paragraph word by word; but for spaces, all pieces not "added" make up the former one."""
    old, new = re.findall(r"\S+\s*", before), re.findall(r"\S+\s*", after)
    words = SequenceMatcher(a=before.split(), b=after.split(), autojunk=False)
    pieces: list[Piece] = []
    for tag, i1, i2, j1, j2 in words.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", "".join(new[j1:j2])))
            continue
        pieces += [Piece("removed", "".join(old[i1:i2]))] if i2 > i1 else []
        pieces += [Piece("added", "".join(new[j1:j2]))] if j2 > j1 else []
    return tuple(pieces)


def _compare_blocks(old: Sequence[str], new: Sequence[str]) -> Iterator[ParagraphChange]:
    """Pair the paragraphs that are alike, in their order; the rest went or came."""
    start = 0
    for paragraph in new:
        partner = next((n for n in range(start, len(old)) if _is_alike(old[n], paragraph)), None)
        if partner is None:
            yield ParagraphChange(before=None, after=paragraph, pieces=(Piece("added", paragraph),))
            continue
        yield from _removed(old[start:partner])
        pieces = compare_words(old[partner], paragraph)
        yield ParagraphChange(before=old[partner], after=paragraph, pieces=pieces)
        start = partner + 1
    yield from _removed(old[start:])


def _removed(paragraphs: Sequence[str]) -> Iterator[ParagraphChange]:
    for paragraph in paragraphs:
        yield ParagraphChange(before=paragraph, after=None, pieces=(Piece("removed", paragraph),))


def _is_alike(before: str, after: str) -> bool:
    return SequenceMatcher(a=before.split(), b=after.split(), autojunk=False).ratio() >= SIMILAR
