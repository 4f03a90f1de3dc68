"""Groups articles into stories: reports of the same thing over days, in whatever language.

Articles are taken in order of publication. Each joins the story of the recent report that it shares most with,
unless that story began too long ago, or begins a story of its own; a copy goes where its original is. So the outcome
depends on the articles alone: one that comes late makes the grouping begin again at its day and go on until nothing
changes any more for a whole window.
"""

from __future__ import annotations

from collections import Counter, defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, field

from db.days import first_day
from db.grouping import load_grouping
from db.store import Store
from db.story_features import Report, likeness, read_report, shared_things
from db.tags import content_id

BATCH = 200
Progress = Callable[[str], None]


@dataclass(slots=True)
class _Recent:
    """The reports of the last days, and where to find them by what they speak of."""

    window: int
    reports: deque[Report] = field(default_factory=deque)
    stories: dict[str, str] = field(default_factory=dict)
    begun: dict[str, int] = field(default_factory=dict)
    by_trait: dict[str, dict[str, Report]] = field(default_factory=lambda: defaultdict(dict))

    def add(self, report: Report, story_id: str) -> None:
        self.reports.append(report)
        self.stories[report.id] = story_id
        self.begun.setdefault(story_id, report.day)
        for trait in report.traits():
            self.by_trait[trait][report.id] = report

    def forget_before(self, day: int) -> None:
        while self.reports and self.reports[0].day < day - self.window:
            old = self.reports.popleft()
            del self.stories[old.id]
            for trait in old.traits():
                del self.by_trait[trait][old.id]

    def like(self, report: Report, most: int) -> list[Report]:
        """The reports that share most of what is rare, in a fixed order."""
        weights: Counter[str] = Counter()
        known: dict[str, Report] = {}
        for trait in sorted(set(report.traits())):
            sharing = self.by_trait.get(trait)
            if sharing:
                known |= sharing
                for other in sharing:
                    weights[other] += 1_000_000 // len(sharing)
        best = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:most]
        return [known[other] for other, _ in best]


def group_stories(store: Store, progress: Progress | None = None) -> int:
    """Give every tagged article its story; returns how many articles were looked at.

    The articles of a batch are written in one transaction with their stories: an interrupted grouping goes on
    where it stopped. The cost of an article depends on how many were published in its days, not on the store.
    """
    first = store.db.execute(
        "SELECT min(coalesce(published, '')) FROM articles WHERE story_id IS NULL AND tagger IS NOT NULL"
    ).fetchone()[0]
    if first is None:
        return 0
    window = load_grouping().stories.window_days
    recent = _recent_before(store, first, window)
    looked_at, unchanged_since, batch = 0, None, []
    for article_id in _from(store, first):
        report = read_report(store.db, article_id)
        recent.forget_before(report.day)
        story_id, reason, score = _place(store, report, recent)
        recent.add(report, story_id)
        looked_at += 1
        if progress:
            progress(article_id)
        if report.placed != (story_id, reason, score):
            batch.append((report, story_id, reason, score))
            unchanged_since = None
        elif unchanged_since is None:
            unchanged_since = report.day
        elif report.day > unchanged_since + window and not _waiting(store, report, batch):
            break
        if len(batch) >= BATCH:
            _write(store, batch)
            batch = []
    _write(store, batch)
    return looked_at


def _place(store: Store, report: Report, recent: _Recent) -> tuple[str, str | None, float | None]:
    """The story that an article belongs to, with the reason and the score; a new one where nothing fits."""
    if report.original != report.id:
        of_original = recent.stories.get(report.original) or _stored_story(store, report.original)
        if of_original:
            return of_original, "copy of a report", 1.0
    figures = load_grouping().stories
    best: tuple[float, Report] | None = None
    for other in recent.like(report, figures.candidates):
        story = recent.stories[other.id]
        if report.day - recent.begun[story] > figures.window_days:
            continue  # a saga is not one story: what follows weeks later is told as another
        score = likeness(report, other)
        if score >= figures.least and (best is None or score > best[0]):
            best = score, other
    if best is None or not report.published:
        return content_id("s", report.id), None, None
    return recent.stories[best[1].id], shared_things(report, best[1]), round(best[0], 3)


def _recent_before(store: Store, first: str, window: int) -> _Recent:
    """The grouped reports of the window before a moment."""
    recent = _Recent(window=window)
    if not first:
        return recent
    rows = store.db.execute(
        "SELECT id FROM articles WHERE story_id IS NOT NULL AND tagger IS NOT NULL AND published < ?1"
        " AND published >= date(substr(?1, 1, 10), ?2) ORDER BY published, id",
        [first, f"-{window} days"],
    ).fetchall()
    for (article_id,) in rows:
        report = read_report(store.db, article_id)
        recent.add(report, str(report.story_id))
    for story_id in recent.begun:
        begun = store.db.execute("SELECT first_published FROM stories WHERE id = ?", [story_id]).fetchone()[0]
        day = first_day((begun or "")[:10])
        if day:
            recent.begun[story_id] = day.toordinal()
    return recent


def _from(store: Store, first: str) -> list[str]:
    """The tagged articles from a moment on, in order; those of unknown date come before all others."""
    since = "published >= ?" if first else "coalesce(published, '') >= ?"  # the former is read from an index
    rows = store.db.execute(
        f"SELECT id FROM articles WHERE {since} AND tagger IS NOT NULL ORDER BY coalesce(published, ''), id",
        [first],
    )
    return [row[0] for row in rows]


def _waiting(store: Store, report: Report, batch: list[tuple[Report, str, str | None, float | None]]) -> bool:
    """Whether any article from this one on has no story yet."""
    row = store.db.execute(
        "SELECT 1 FROM articles INDEXED BY articles_ungrouped WHERE story_id IS NULL AND published >= ?"
        " AND tagger IS NOT NULL LIMIT 1",
        [report.published],
    ).fetchone()
    return row is not None or bool(batch)


def _stored_story(store: Store, article_id: str) -> str | None:
    row = store.db.execute("SELECT story_id FROM articles WHERE id = ?", [article_id]).fetchone()
    return row[0] if row else None


def _write(store: Store, batch: list[tuple[Report, str, str | None, float | None]]) -> None:
    if not batch:
        return
    with store.transaction():
        changed = {report.story_id for report, *_ in batch if report.story_id} | {
            story for _, story, *_ in batch
        }
        store.db.conn.executemany(
            "INSERT OR IGNORE INTO stories (id, title, n_articles) VALUES (?, ?, 0)",
            [(story_id, report.title) for report, story_id, *_ in batch],
        )
        store.db.conn.executemany(
            "UPDATE articles SET story_id = ?, story_reason = ?, story_score = ? WHERE id = ?",
            [(story_id, reason, score, report.id) for report, story_id, reason, score in batch],
        )
        for story_id in sorted(changed):
            _describe(store, story_id)
        # What comes within a window is read again in the next run; what is older, hardly ever.
        store.db.conn.executemany(
            "INSERT OR REPLACE INTO recent_reports VALUES (?, ?, ?, ?)",
            [report.kept() for report, *_ in batch],
        )
        oldest = max(report.day for report, *_ in batch) - 2 * load_grouping().stories.window_days
        store.db.execute("DELETE FROM recent_reports WHERE day < ?", [oldest])


def _describe(store: Store, story_id: str) -> None:
    """Bring a story's own row in line with its articles; a story without any is deleted."""
    rows = store.db.execute(
        "SELECT title, published FROM articles WHERE story_id = ? ORDER BY coalesce(published, ''), id",
        [story_id],
    ).fetchall()
    if not rows:
        store.db.execute("DELETE FROM stories WHERE id = ?", [story_id])
        return
    store.db.execute(
        "UPDATE stories SET title = ?, first_published = ?, last_published = ?, n_articles = ? WHERE id = ?",
        [rows[0][0] or "", rows[0][1], rows[-1][1], len(rows), story_id],
    )
