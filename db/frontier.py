"""The crawl frontier: every address ever seen, what became of it, and when to go there again.

Only a change of what we know changes a row: a 304 or an identical body leaves it as it is, apart from the
time of the next attempt once that time has come. So a crawl over unchanged pages changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Protocol

from sqlite_utils import Database

from db.clock import present
from db.model import FetchedPage, SourceSummary, WarcReference

PageKind = Literal["feed", "sitemap", "section", "article"]
PageState = Literal["new", "fetched", "done", "skipped", "refused", "failed", "gone"]
FailureState = Literal["skipped", "refused", "failed", "gone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discovered:
    """An address that a listing names, with the time of change it advertises, if any."""

    url: str
    kind: PageKind = "article"
    lastmod: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontierPage:
    """One row of the frontier."""

    url: str
    source_id: str
    kind: PageKind
    state: PageState
    reason: str | None
    first_seen: str
    last_fetched: str | None
    status: int | None
    etag: str | None
    last_modified: str | None
    lastmod: str | None
    attempts: int
    visits: int
    next_attempt: str | None
    final_url: str | None
    warc: WarcReference | None
    article_id: str | None


class _Transactions(Protocol):
    db: Database

    def transaction(self) -> AbstractContextManager[None]: ...


def timestamp(moment: datetime) -> str:
    """A time as the database keeps it: UTC, to the second, "2025-10-20T02:39:15Z"."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_better_form(url: str, known: str, canonical: str | None) -> bool:
    """Whether one address of an article stands before another: the canonical one first, then by letters."""
    return (url != canonical, url) < (known != canonical, known)


class Frontier:
    """Reads and writes the `pages` and `sources` tables of an open store."""

    def __init__(self, store: _Transactions) -> None:
        self._store = store
        self._db = store.db

    def put_source(self, source: SourceSummary) -> None:
        """Insert or update a source's row; an equal row is left alone."""
        declaration = json.dumps(source.declaration, ensure_ascii=False, sort_keys=True)
        row = (
            source.id,
            source.title,
            source.publisher,
            source.country,
            source.language,
            source.url,
            source.kind,
            declaration,
        )
        if self._db.execute("SELECT * FROM sources WHERE id = ?", [source.id]).fetchone() == row:
            return
        with self._store.transaction():
            self._db.execute(
                "INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET"
                " title = excluded.title, publisher = excluded.publisher, country = excluded.country,"
                " language = excluded.language, url = excluded.url, kind = excluded.kind,"
                " declaration = excluded.declaration",
                row,
            )

    def declaration(self, source_id: str) -> dict[str, Any]:
        """The declaration of a source as it was when it was last put; empty for an unknown one."""
        row = self._db.execute("SELECT declaration FROM sources WHERE id = ?", [source_id]).fetchone()
        declared: dict[str, Any] = json.loads(row[0]) if row else {}
        return declared

    def discover(self, source_id: str, links: Iterable[Discovered], now: datetime) -> int:
        """Add unknown addresses and return how many; a known one becomes due when its `lastmod` has moved on.

        A page that several sources list belongs to the first of them by name, whichever came first.
        """
        new = 0
        with self._store.transaction():
            for link in links:
                added = self._db.execute(
                    "INSERT OR IGNORE INTO pages (url, source_id, kind, state, first_seen, lastmod)"
                    " VALUES (?, ?, ?, 'new', ?, ?)",
                    [link.url, source_id, link.kind, timestamp(now), link.lastmod],
                ).rowcount
                new += added
                if not added:
                    self._take_over(link.url, source_id)
                if not added and link.lastmod:
                    self._note_change(link, now)
        return new

    def page(self, url: str) -> FrontierPage | None:
        """The row of one address, or None."""
        return next(self._pages("WHERE url = ?", [url]), None)

    def source_of(self, url: str) -> str | None:
        """The source that a page belongs to now: another one may have listed it since it was fetched."""
        found = self._db.execute("SELECT source_id FROM pages WHERE url = ?", [url]).fetchone()
        return str(found[0]) if found else None

    def due(self, source_id: str, now: datetime) -> list[FrontierPage]:
        """The article pages of a source that are new or whose next attempt has come, oldest first."""
        return list(
            self._pages(
                "WHERE source_id = ? AND kind = 'article' AND (state = 'new' OR"
                " (state IN ('done', 'skipped', 'failed', 'gone') AND next_attempt <= ?)) ORDER BY first_seen, url",
                [source_id, timestamp(now)],
            )
        )

    def unread(self) -> Iterator[FrontierPage]:
        """The fetched article pages that have not been read into articles yet."""
        return iter(list(self._pages("WHERE state = 'fetched' ORDER BY last_fetched, url", [])))

    def fetched(self, page: FetchedPage, *, next_attempt: datetime | None = None) -> None:
        """Record a page's new content; an article page waits in state `fetched` until it is read."""
        warc = page.warc
        with self._store.transaction():
            self._db.execute(
                "UPDATE pages SET state = iif(kind = 'article', 'fetched', 'done'), reason = NULL, status = ?,"
                " last_fetched = ?, final_url = ?, etag = ?, last_modified = ?, attempts = 0, visits = 0,"
                " next_attempt = ?, warc_file = ?, warc_offset = ?, warc_digest = ? WHERE url = ?",
                [
                    page.status,
                    timestamp(page.fetched),
                    page.final_url,
                    page.etag,
                    page.last_modified,
                    timestamp(next_attempt) if next_attempt else None,
                    warc.file if warc else None,
                    warc.offset if warc else None,
                    warc.digest if warc else None,
                    page.url,
                ],
            )

    def not_modified(self, url: str, *, next_attempt: datetime | None) -> None:
        """A visit that found nothing new: only the next attempt moves (None: no more), and only for article pages.

        A page that had failed or gone, and of which we hold the content, is back, and so is its article.
        """
        when = timestamp(next_attempt) if next_attempt else None
        with self._store.transaction():
            self._db.execute(
                "UPDATE pages SET next_attempt = ?, visits = visits + 1, attempts = 0,"
                " reason = iif(state = 'skipped', reason, NULL),"
                " status = iif(state IN ('failed', 'gone'), 200, status),"
                " state = iif(state IN ('failed', 'gone') AND warc_file IS NOT NULL, 'done', state)"
                " WHERE url = ? AND kind = 'article'",
                [when, url],
            )
            self._db.execute(
                "UPDATE articles SET removed = NULL WHERE removed IS NOT NULL"
                " AND id = (SELECT article_id FROM pages WHERE url = ? AND state = 'done')",
                [url],
            )

    def reopen(self, url: str, is_open: bool) -> None:
        """Mark a known listing as one that is still to be read, or that has been found as it was."""
        states = ("new", "done") if is_open else ("done", "new")
        with self._store.transaction():
            self._db.execute(
                "UPDATE pages SET state = ? WHERE url = ? AND kind <> 'article' AND state = ?",
                [states[0], url, states[1]],
            )

    def listed_until(self, url: str, lastmod: str) -> None:
        """Record the time of the newest article that a listing names, or that was stated for it."""
        with self._store.transaction():
            self._db.execute(
                "UPDATE pages SET lastmod = ? WHERE url = ? AND kind <> 'article' AND lastmod IS NOT ?",
                [lastmod, url, lastmod],
            )

    def failed(
        self,
        url: str,
        *,
        status: int | None,
        reason: str,
        state: FailureState,
        next_attempt: datetime | None,
        now: datetime | None = None,
    ) -> None:
        """Record why an address gave nothing. An equal row stays.

        `gone` also marks its article as removed, unless the article is still there at another address.
        """
        when = timestamp(next_attempt) if next_attempt else None
        with self._store.transaction():
            known = self._db.execute(
                "SELECT state, reason, status FROM pages WHERE url = ?", [url]
            ).fetchone()
            if known == (state, reason, status) and when is None:
                return
            self._db.execute(
                "UPDATE pages SET state = ?, reason = ?, status = ?, attempts = attempts + 1, next_attempt = ?"
                " WHERE url = ?",
                [state, reason, status, when, url],
            )
            if state == "gone":
                self._db.execute(
                    "UPDATE articles SET removed = ? WHERE removed IS NULL"
                    " AND id = (SELECT article_id FROM pages WHERE url = ?) AND NOT EXISTS"
                    " (SELECT 1 FROM pages p WHERE p.article_id = articles.id AND p.state IN ('done', 'fetched'))",
                    [timestamp(now or present()), url],
                )

    def _take_over(self, url: str, source_id: str) -> None:
        # Sources without a publisher stand for single pages and foreign archives, and leave theirs to any other.
        taken = self._db.execute(
            "UPDATE pages SET source_id = :new WHERE url = :url AND source_id <> :new"
            " AND (SELECT publisher FROM sources WHERE id = :new) <> ''"
            " AND (source_id > :new OR (SELECT publisher FROM sources WHERE id = pages.source_id) = '')",
            {"new": source_id, "url": url},
        ).rowcount
        if taken:
            self._db.execute(
                "UPDATE articles SET source_id = ? WHERE url = ?"
                " AND id = (SELECT article_id FROM pages WHERE url = ?)",
                [source_id, url, url],
            )

    def _note_change(self, link: Discovered, now: datetime) -> None:
        self._db.execute(
            "UPDATE pages SET lastmod = ?, next_attempt = ? WHERE url = ? AND kind = 'article'"
            " AND (lastmod IS NULL OR lastmod < ?) AND (last_fetched IS NULL OR last_fetched < ?)",
            [link.lastmod, timestamp(now), link.url, link.lastmod, link.lastmod],
        )

    def _pages(self, where: str, parameters: list[Any]) -> Iterator[FrontierPage]:
        cursor = self._db.execute(
            "SELECT url, source_id, kind, state, reason, first_seen, last_fetched, status, etag, last_modified,"
            " lastmod, attempts, visits, next_attempt, final_url, warc_file, warc_offset, warc_digest, article_id"
            f" FROM pages {where}",
            parameters,
        )
        for row in cursor:
            yield _page(row)


def _page(row: sqlite3.Row | tuple[Any, ...]) -> FrontierPage:
    file, offset, digest = row[15], row[16], row[17]
    names = FrontierPage.__slots__
    values = dict(zip(names[:15], row[:15], strict=True))
    warc = WarcReference(file=file, offset=offset, digest=digest) if file else None
    return FrontierPage(**values, warc=warc, article_id=row[18])
