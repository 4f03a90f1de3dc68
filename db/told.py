"""What a saved search has told of, so that no happening is told twice: happenings, known by their reports.

An event's id is that of its first report, and changes when an earlier one is found; a report's id changes when its
article is corrected or tagged anew. So a happening counts as told when one of the event's reports was told, or
takes the place of one that was: in the same text or a copy of it, with nothing that speaks against it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from db.merge_rules import Report, may_be_retold, same_event


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """A report of an event with what it can be known by again: the text it is in, and its block."""

    report: Report
    block: str
    original: str
    """The article, or the one it is a copy of."""
    trigger: str


def tellings_of(db: Database, chosen: Sequence[tuple[str, str]]) -> dict[str, list[Telling]]:
    """The reports of the events of these (id, table prefix), as `db.event_rows.read_events` takes them."""
    found: dict[str, list[Telling]] = {event_id: [] for event_id, _ in chosen}
    for prefix in dict.fromkeys(prefix for _, prefix in chosen):
        ids = json.dumps([event_id for event_id, of in chosen if of == prefix])
        for event_id, telling in _tellings(db, prefix, ids):
            found[event_id].append(telling)
    return found


def events_reported_since(db: Database, day: str) -> list[str]:
    """The events that have a report published on a day or later."""
    rows = db.execute(
        "SELECT m.event_id FROM articles a CROSS JOIN event_mentions m ON m.article_id = a.id"
        " WHERE a.published >= ?1 AND m.event_id IS NOT NULL UNION"
        " SELECT m.event_id FROM articles a CROSS JOIN event_mentions m ON m.article_id = a.id"
        " WHERE a.published IS NULL AND a.fetched >= ?1 AND m.event_id IS NOT NULL UNION"
        " SELECT id FROM corrected_events ORDER BY 1",
        [day],
    )
    return [row[0] for row in rows]


def events_told(db: Database, search_id: int) -> list[str]:
    """The events, as they are now, of the happenings that a search told of."""
    rows = db.execute(
        "SELECT DISTINCT m.event_id FROM told_reports r CROSS JOIN event_mentions m ON m.id = r.mention_id"
        " WHERE r.saved_search_id = ? AND m.event_id IS NOT NULL ORDER BY 1",
        [search_id],
    )
    return [row[0] for row in rows]


def known_since(tellings: Iterable[Telling], sources: int) -> str:
    """The day on which so many independent publishers had told of it; "9999-12-31" when there are fewer."""
    first: dict[str, str] = {}
    for telling in tellings:
        day, publisher = telling.report.published, telling.report.publisher
        first[publisher] = min(day, first.get(publisher, day))
    days = sorted(first.values())
    return days[sources - 1] if len(days) >= sources else "9999-12-31"


def told_happening(db: Database, search_id: int, tellings: Sequence[Telling]) -> int | None:
    """The happening, already told of by this search, that these reports are of; None when it is news."""
    ids = json.dumps([telling.report.id for telling in tellings])
    row = db.execute(
        "SELECT min(happening_id) FROM told_reports WHERE saved_search_id = ?"
        " AND mention_id IN (SELECT value FROM json_each(?))",
        [search_id, ids],
    ).fetchone()
    if row[0] is not None:
        return int(row[0])
    places = [_told_in_its_place(db, search_id, telling) for telling in tellings]
    replaced = [happening for happening, is_copy in places if happening is not None and not is_copy]
    copied = [happening for happening, _ in places if happening is not None]
    if replaced:
        return replaced[0]
    # A copy is weaker evidence: the merge may have put it with reports of something that was never told.
    if copied and len(copied) == len(places):
        return copied[0]
    taken_back = (_told_and_taken_back(db, search_id, telling) for telling in tellings)
    return next((happening for happening in taken_back if happening is not None), None)


def remember(
    db: Database,
    search_id: int,
    tellings: Iterable[Telling],
    *,
    stage: str | None,
    happening: int | None = None,
) -> int:
    """Note reports as told, of a new happening or one known already; part of the caller's transaction."""
    if happening is None:
        happening = int(
            db.execute(
                "INSERT INTO told_happenings (saved_search_id, stage) VALUES (?, ?) RETURNING id",
                [search_id, stage],
            ).fetchone()[0]
        )
    db.conn.executemany(
        "INSERT OR IGNORE INTO told_reports VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                search_id,
                telling.report.id,
                happening,
                telling.report.article_id,
                telling.block,
                telling.report.published,
                json.dumps(telling.report.coding, ensure_ascii=False, sort_keys=True),
            )
            for telling in tellings
        ],
    )
    return happening


def told_stages(db: Database, search_id: int, measure_id: str) -> dict[int, str | None]:
    """The happenings of a measure that a search told of, each with the stage last told."""
    return dict(
        db.execute(
            "SELECT DISTINCT h.id, h.stage FROM events e JOIN event_mentions m ON m.event_id = e.id"
            " JOIN told_reports r ON r.mention_id = m.id AND r.saved_search_id = ?"
            " JOIN told_happenings h ON h.id = r.happening_id WHERE e.measure_id = ?",
            [search_id, measure_id],
        ).fetchall()
    )


def note_stage(db: Database, happenings: Mapping[int, object], stage: str | None) -> None:
    """Note the stage of their measure as told for these happenings; part of the caller's transaction."""
    db.conn.executemany("UPDATE told_happenings SET stage = ? WHERE id = ?", [(stage, h) for h in happenings])


def _tellings(db: Database, prefix: str, ids: str) -> Iterator[tuple[str, Telling]]:
    rows = db.execute(
        "SELECT m.event_id, m.id, m.article_id, m.block, m.trigger_text, m.start, m.coding,"
        " coalesce(a.published, a.fetched), coalesce(o.id, a.id), s.publisher"
        f" FROM {prefix}event_mentions m JOIN articles a ON a.id = m.article_id"
        " LEFT JOIN articles o ON o.id = a.duplicate_of"
        " JOIN sources s ON s.id = coalesce(o.source_id, a.source_id)"
        " WHERE m.event_id IN (SELECT value FROM json_each(?)) ORDER BY m.event_id, m.id",
        [ids],
    )
    for event_id, mention, article, block, trigger, start, coding, day, original, publisher in rows:
        report = Report(
            id=mention,
            article_id=article,
            publisher=publisher,
            published=day[:10],
            start=start,
            coding=json.loads(coding),
        )
        yield event_id, Telling(report=report, block=block, original=original, trigger=trigger)


def _told_in_its_place(db: Database, search_id: int, telling: Telling) -> tuple[int | None, bool]:
    """The happening of a told report that this one repeats, and whether that report is a copy that still stands.

    If it does not, it is of this text as it was before it changed.
    """
    rows = db.execute(
        "SELECT r.happening_id, r.mention_id, r.article_id, r.published, r.coding, m.trigger_text,"
        " m.event_id IN (SELECT x.event_id FROM event_mentions x WHERE x.article_id = :article)"
        " FROM articles a JOIN told_reports r ON r.article_id = a.id AND r.saved_search_id = :search"
        " AND r.block = :block LEFT JOIN event_mentions m ON m.id = r.mention_id"
        " WHERE a.id = :original OR a.duplicate_of = :original ORDER BY r.happening_id",
        {
            "article": telling.report.article_id,
            "search": search_id,
            "block": telling.block,
            "original": telling.original,
        },
    ).fetchall()
    for happening, mention, article, published, coding, trigger, has_its_own in rows:
        is_there = trigger is not None
        if is_there and (article == telling.report.article_id or has_its_own or trigger != telling.trigger):
            continue  # that report still stands beside this one, which is then of something else
        told = _told(mention, article, published, coding)
        if may_be_retold(told, telling.report):
            return int(happening), is_there
    return None, False


def _told_and_taken_back(db: Database, search_id: int, telling: Telling) -> int | None:
    """The happening of a report told from another article that no longer stands there: the merge would have put
    this one together with it.
    """
    rows = db.execute(
        "SELECT r.happening_id, r.mention_id, r.article_id, r.published, r.coding FROM told_reports r"
        " LEFT JOIN event_mentions m ON m.id = r.mention_id"
        " WHERE r.saved_search_id = ? AND r.block = ? AND r.article_id <> ? AND m.id IS NULL ORDER BY 1",
        [search_id, telling.block, telling.report.article_id],
    )
    return next(
        (int(happening) for happening, *told in rows if same_event(_told(*told), telling.report)), None
    )


def _told(mention: str, article: str, published: str, coding: str) -> Report:
    return Report(
        id=mention, article_id=article, publisher="", published=published, start=0, coding=json.loads(coding)
    )
