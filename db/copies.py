"""Tells wire copies from new articles: the same text under another address, headline or byline, cut or edited.

Copies of one text are a group: the articles that likeness joins, directly or over others. The first published is
the original, the others point to it with a reason and a score. Which articles form a group depends on the articles
alone, never on the order in which they came. The caller holds the transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.days import first_day
from db.grouping import load_grouping
from db.likeness import Wording, copy_score, shared_wording, wording
from db.tags import dissolve_events, leave_story

_COLUMNS = "a.rowid, a.id, a.title, a.text, a.published, a.fingerprint, coalesce(a.duplicate_of, a.id)"


@dataclass(frozen=True, slots=True)
class _Text:
    rowid: int
    id: str
    title: str | None
    text: str
    published: str | None
    fingerprint: str | None
    original: str

    @property
    def order(self) -> tuple[bool, str, str]:
        return self.published is None, self.published or "", self.id

    @property
    def day(self) -> int:
        return day_number(self.published)


def add_article(db: Database, article_id: str, words: Wording | None = None) -> None:
    """Put a new article, or one with a new text, among its copies; `words` where its wording is at hand."""
    [mine] = _texts(db, "a.id = ?", [article_id])
    words = words or wording(mine.text)
    bands = words.bands()
    if not bands:
        return
    candidates = _candidates(db, mine, bands)
    db.conn.executemany(
        "INSERT OR IGNORE INTO article_bands VALUES (?, ?, ?)",
        [(band, mine.day, mine.rowid) for band in dict.fromkeys(bands)],
    )
    originals = sorted({other.original for other in candidates if _joins(mine, words, other, candidates)})
    if not originals:
        return
    marks = ", ".join("?" * len(originals))
    group = _texts(db, f"a.id IN ({marks}) OR a.duplicate_of IN ({marks})", [*originals, *originals])
    _write_group(db, [mine, *group])


def has_like(db: Database, rowid: int, row: dict[str, Any], bands: list[int]) -> bool:
    """Whether any other article might be a copy of this one, whose bands are stored: a first look."""
    window = load_grouping().copies.window_days
    day = day_number(row["published"])
    marks = ", ".join("?" * len(bands))
    near = db.execute(
        f"SELECT 1 FROM article_bands WHERE band IN ({marks}) AND day BETWEEN ? AND ? AND article_rowid <> ? LIMIT 1",
        [*bands, day - window, day + window, rowid],
    ).fetchone()
    equal = db.execute(
        "SELECT 1 FROM articles WHERE fingerprint = ? AND rowid <> ? LIMIT 1", [row["fingerprint"], rowid]
    ).fetchone()
    return near is not None or equal is not None


def index_articles(db: Database) -> None:
    """Write the bands of every stored article; for a database that was made before there were any."""
    rowids = [row[0] for row in db.execute("SELECT rowid FROM articles ORDER BY rowid")]
    for rowid in rowids:
        text, published = db.execute(
            "SELECT text, published FROM articles WHERE rowid = ?", [rowid]
        ).fetchone()
        bands = dict.fromkeys(wording(text).bands())
        db.conn.executemany(
            "INSERT INTO article_bands VALUES (?, ?, ?)",
            [(band, day_number(published), rowid) for band in bands],
        )


def remove_article(db: Database, article_id: str) -> None:
    """Take an article out of its group, before its text changes; what it alone held together falls apart."""
    [mine] = _texts(db, "a.id = ?", [article_id])
    db.execute("DELETE FROM article_bands WHERE article_rowid = ?", [mine.rowid])
    group = _texts(db, "a.id = ? OR a.duplicate_of = ?", [mine.original, mine.original])
    _write_group(db, [mine])
    rest = [other for other in group if other.id != article_id]
    while rest:
        joined = [rest.pop()]
        for one in joined:
            words = wording(one.text)
            near = [other for other in rest if _score(one, words, other, wording(other.text)) is not None]
            joined += near
            rest = [other for other in rest if other not in near]
        _write_group(db, joined)


def _candidates(db: Database, mine: _Text, bands: list[int]) -> list[_Text]:
    """The articles that share a band and lie near in time, and those with equal words at any time."""
    window = load_grouping().copies.window_days
    marks = ", ".join("?" * len(bands))
    near = f"a.rowid IN (SELECT article_rowid FROM article_bands WHERE band IN ({marks}) AND day BETWEEN ? AND ?)"
    found = _texts(db, near, [*bands, mine.day - window, mine.day + window])
    found += _texts(db, "a.fingerprint = ?", [mine.fingerprint])
    return [other for other in {text.id: text for text in found}.values() if other.id != mine.id]


def _joins(mine: _Text, words: Wording, other: _Text, candidates: list[_Text]) -> bool:
    """Whether a candidate is a copy; of a group whose original is one, the other members need no look."""
    if other.id != other.original and any(
        one.id == other.original and _score(mine, words, one, wording(one.text)) is not None
        for one in candidates
    ):
        return False
    return _score(mine, words, other, wording(other.text)) is not None


def _score(a: _Text, a_words: Wording, b: _Text, b_words: Wording) -> float | None:
    if a.fingerprint is not None and a.fingerprint == b.fingerprint:
        return 1.0
    apart = abs(a.day - b.day) if a.day and b.day else None
    return copy_score(a_words, b_words, apart)


def _write_group(db: Database, group: Iterable[_Text]) -> None:
    """Point every copy to the first published; only what changes is written."""
    first, *others = sorted(group, key=lambda text: text.order)
    _point(db, first.id, None, None, None)
    words = wording(first.text)
    for other in others:
        theirs = wording(other.text)
        score = _score(first, words, other, theirs)
        reason = _reason(first, words, other, theirs, score)
        _point(db, other.id, first.id, reason, round(score or shared_wording(words, theirs), 3))


def _point(
    db: Database, article_id: str, original: str | None, reason: str | None, score: float | None
) -> None:
    changed = db.execute(
        "UPDATE articles SET duplicate_of = ?1, duplicate_reason = ?2, duplicate_score = ?3 WHERE id = ?4"
        " AND (duplicate_of IS NOT ?1 OR duplicate_reason IS NOT ?2 OR duplicate_score IS NOT ?3)",
        [original, reason, score, article_id],
    ).rowcount
    if changed:
        # Whose report it is has changed: its events count their sources anew, its story is found anew.
        told = db.execute(
            "SELECT DISTINCT event_id FROM event_mentions WHERE article_id = ? AND event_id IS NOT NULL",
            [article_id],
        )
        dissolve_events(db, [row[0] for row in told.fetchall()])
        leave_story(db, article_id)


def _reason(first: _Text, words: Wording, other: _Text, theirs: Wording, score: float | None) -> str:
    headline = "and title" if first.title == other.title else "under another headline"
    if first.fingerprint is not None and first.fingerprint == other.fingerprint:
        return f"same text {headline}"
    if score is None:
        return "copy of another copy"
    if theirs.words < 0.9 * words.words:
        return f"same text, shortened, {headline}"
    if theirs.words > 1.1 * words.words:
        return f"same text with additions, {headline}"
    return f"same text, edited, {headline}"


def day_number(published: str | None) -> int:
    """The day of publication as a number; 0 when unknown."""
    day = first_day((published or "")[:10])
    return day.toordinal() if day else 0


def _texts(db: Database, where: str, values: list[object]) -> list[_Text]:
    return [
        _Text(*row)
        for row in db.execute(f"SELECT {_COLUMNS} FROM articles a WHERE {where} ORDER BY a.id", values)
    ]
