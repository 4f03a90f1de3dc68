"""Makes events of event mentions: one happening, one row, however many articles report it.

The outcome depends on the set of mentions alone: `db.clustering` says which reports of a block tell one happening.
Nothing is deleted by merging; taking a mention away and merging again undoes it. A block is merged from the day of
its first unmerged mention on, until what was decided before is met again: what an article costs does not grow with
the years that are stored.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator

import orjson
from sqlite_utils import Database

from db.clustering import Clustering, Happening, days_from
from db.corrections import apply_reviews
from db.history import record_history
from db.measures import build_measures
from db.merge_rules import Report, blocks_merged_as, canonical_block, window_days
from db.merged_events import event_id_of, write_events
from db.store import Store
from db.tag_rows import merge_place
from db.tags import dissolve_events

BLOCKS = 100
"""How many blocks are merged in one transaction: most hold a report or two."""
ROWS = 10_000

_REPORTS = (
    "SELECT m.id, m.article_id, substr(a.published, 1, 10), m.start, m.coding, s.publisher, m.event_id"
    " FROM event_mentions m {by} JOIN articles a ON a.id = m.article_id LEFT JOIN articles o ON o.id = a.duplicate_of"
    " JOIN sources s ON s.id = coalesce(o.source_id, a.source_id) WHERE "
)
Progress = Callable[[str], None]
Told = tuple[Report, str | None]
"""A report and the event that it is stored with."""


def merge_events(store: Store, progress: Progress | None = None) -> int:
    """Merge every block that holds unmerged mentions, then the measures; returns the number of blocks.

    One transaction for some blocks at a time: an interrupted merge goes on where it stopped.
    """
    waiting = store.db.execute(
        "SELECT DISTINCT block FROM event_mentions INDEXED BY event_mentions_unmerged WHERE event_id IS NULL"
    )
    blocks = sorted({canonical_block(row[0]) for row in waiting})
    for start in range(0, len(blocks), BLOCKS):
        some = blocks[start : start + BLOCKS]
        with store.transaction():
            for block in some:
                _merge_block(store.db, block)
        if progress:
            for block in some:
                progress(block)
    build_measures(store)
    apply_reviews(store)
    record_history(store)
    return len(blocks)


def place_reports(db: Database) -> None:
    """Write where every stored report lies in time; for a database that was made before this was kept."""
    [last] = db.execute("SELECT coalesce(max(rowid), 0) FROM event_mentions").fetchone()
    for start in range(0, last + 1, ROWS):
        rows = db.execute(
            "SELECT m.rowid, m.coding ->> 'event_date', a.published FROM event_mentions m"
            " JOIN articles a ON a.id = m.article_id WHERE m.rowid BETWEEN ? AND ?",
            [start, start + ROWS - 1],
        ).fetchall()
        db.conn.executemany(
            "UPDATE event_mentions SET merge_day = ?, merge_from = ?, merge_until = ? WHERE rowid = ?",
            [(*merge_place({"event_date": said}, published or ""), rowid) for rowid, said, published in rows],
        )


def _merge_block(db: Database, block: str) -> None:
    unmerged = (
        "SELECT min(merge_day) FROM event_mentions INDEXED BY event_mentions_unmerged"
        " WHERE block IN (?, ?) AND event_id IS NULL"
    )
    names = blocks_merged_as(block)
    while (day := db.execute(unmerged, names).fetchone()[0]) is not None:
        _Stretch(db, block, day).merge()


class _Stretch:
    """The reports of a block from one day on, as far as anything about them changes."""

    def __init__(self, db: Database, block: str, start: str) -> None:
        self._db, self._start = db, start
        self._names = blocks_merged_as(block)
        self._window = window_days(block.partition("|")[0])
        self._clustering = Clustering()
        self._happenings: dict[str, Happening] = {}
        self._changed: dict[str, tuple[str | None, str]] = {}
        """By mention: the event it was stored with, and the one it belongs to."""
        self._until = start

    def merge(self) -> None:
        """Go from the first day on until nothing is decided otherwise than before, and write what is."""
        self._settle_context()
        done, sign = self._start, ">="
        while sign == ">=" or done < self._until:
            reach = self._until
            told = self._reports(f"m.merge_day {sign} ? AND m.merge_day <= ?", done, reach)
            self._settle_articles(report for report, _ in told)
            for report, known in told:
                self._place(report, known)
            done, sign = reach, ">"
        self._write()

    def _settle_context(self) -> None:
        """Settle what lies before the stretch and near it, or names a period that reaches into it."""
        near = days_from(self._start, -self._window)
        self._settle("m.merge_day >= ? AND m.merge_day < ?", near, self._start)
        period = "INDEXED BY event_mentions_period"
        self._settle("m.merge_until >= ? AND m.merge_day < ?", self._start, self._start, by=period)

    def _place(self, report: Report, known: str | None) -> None:
        if report.period is not None:
            begins, ends = (day.isoformat() for day in report.period)
            self._settle("m.merge_day BETWEEN ? AND ? AND m.merge_day < ?", begins, ends, self._start)
        happening = self._clustering.add(report)
        event_id = event_id_of(happening.first_report)
        if event_id != known:
            self._changed[report.id] = (known, event_id)
            self._until = max(self._until, self._reach(report))

    def _reach(self, report: Report) -> str:
        """The last day of any report that can be tied with this one."""
        reach = [days_from(report.day, self._window)]
        if report.period is not None:
            reach.append(report.period[1].isoformat())
        [later] = self._db.execute(
            "SELECT max(merge_day) FROM (SELECT merge_day FROM event_mentions INDEXED BY event_mentions_article"
            " WHERE article_id = ?1 AND block IN (?2, ?3) UNION ALL"
            " SELECT merge_day FROM event_mentions INDEXED BY event_mentions_period"
            " WHERE block IN (?2, ?3) AND merge_until >= ?4 AND merge_from <= ?4)",
            [report.article_id, *self._names, report.day],
        ).fetchone()
        return max(*reach, later or "")

    def _settle_articles(self, reports: Iterable[Report]) -> None:
        """Settle what lies before the stretch and stands in the same articles."""
        articles = json.dumps(sorted({report.article_id for report in reports}))
        among = "m.article_id IN (SELECT value FROM json_each(?)) AND m.merge_day < ?"
        self._settle(among, articles, self._start, by="INDEXED BY event_mentions_article")

    def _settle(self, condition: str, *parameters: str, by: str = "") -> None:
        for report, event_id in self._reports(condition, *parameters, by=by):
            if report.id not in self._clustering and event_id is not None:
                self._clustering.settle(report, self._happening(event_id))

    def _happening(self, event_id: str) -> Happening:
        if event_id not in self._happenings:
            first = self._db.execute(
                "SELECT merge_day, article_id, start, id FROM event_mentions WHERE event_id = ? ORDER BY 1, 2, 3, 4",
                [event_id],
            ).fetchone()
            self._happenings[event_id] = Happening(tuple(first))
        return self._happenings[event_id]

    def _reports(self, condition: str, *parameters: str, by: str = "") -> list[Told]:
        where = f"m.block IN (?, ?) AND {condition}"
        told = reports_of(self._db, where, [*self._names, *parameters], by=by)
        return sorted(told, key=lambda each: each[0].order)

    def _write(self) -> None:
        """Write the events whose reports are others now, whole; their other reports stay."""
        affected = {event_id for both in self._changed.values() for event_id in both if event_id}
        members: dict[str, list[Report]] = {event_id: [] for event_id in affected}
        ids = [json.dumps(sorted(affected)), json.dumps(sorted(self._changed))]
        among = "m.event_id IN (SELECT value FROM json_each(?)) OR m.id IN (SELECT value FROM json_each(?))"
        for report, known in reports_of(self._db, among, ids):
            _, event_id = self._changed.get(report.id, (None, known))
            assert event_id is not None
            members[event_id].append(report)
        stored = self._db.execute(
            "SELECT id FROM events WHERE id IN (SELECT value FROM json_each(?))", ids[:1]
        )
        dissolve_events(self._db, [row[0] for row in stored.fetchall()])
        write_events(self._db, [sorted(group, key=lambda r: r.order) for group in members.values() if group])


def reports_of(db: Database, condition: str, parameters: Iterable[str], *, by: str = "") -> Iterator[Told]:
    """The reports that a condition on `event_mentions m` chooses, each with its event."""
    for mention_id, article_id, published, start, coding, publisher, event_id in db.execute(
        _REPORTS.format(by=by) + f"({condition})", list(parameters)
    ):
        report = Report(
            id=mention_id,
            article_id=article_id,
            publisher=publisher,
            published=published or "",
            start=start,
            coding=orjson.loads(coding),
        )
        yield report, event_id
