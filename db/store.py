"""The one writer of the event store: articles with their pages, and tags with their articles.

Every public method that writes is one transaction: either all of it is in the database or nothing.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlite_utils import Database

from db import tags
from db.clock import present
from db.connection import Mode, connect, file_identity, moved_away, store_errors
from db.errors import NotFound, StoreError
from db.fingerprint import text_fingerprint
from db.frontier import Frontier, FrontierPage, is_better_form, timestamp
from db.model import Article, StoredArticle, TaggedDocument, document_text
from db.processes import is_alive

SaveOutcome = Literal["new", "changed", "unchanged", "duplicate"]


_opened: dict[Path, tuple[int, int] | None] = {}
"""What this process has had open for writing: if it is another file now, or none, somebody moved it meanwhile."""


@contextmanager
def open_store(path: Path, mode: Mode = "write") -> Iterator[Store]:
    """Open the store and close it at the end; raises what `db.connection.connect` raises.

    And StoreError for one to write to that this process had open and that was moved or replaced since: what is
    under way is not begun anew in an empty database.
    """
    known = path.absolute()
    if mode == "write" and known in _opened and file_identity(path) != _opened[known]:
        raise StoreError(moved_away(path))
    db = connect(path, mode)
    if mode == "write":
        _opened[known] = file_identity(path)
    try:
        with store_errors(path):
            yield Store(db, path)
    finally:
        db.close()


def forget_store(path: Path) -> None:
    """Say that a store which this process wrote was moved or deleted on purpose: another may come in its place."""
    _opened.pop(path.absolute(), None)


class Store:
    """An open database; `db` is its sqlite-utils handle, `frontier` its pages."""

    def __init__(self, db: Database, path: Path) -> None:
        self.db = db
        self.path = path
        self.frontier = Frontier(self)
        self._file = file_identity(path)

    @property
    def archive(self) -> Path:
        """The folder that keeps every page read, beside the database: `dateline-archive` for `dateline.db`."""
        return archive_folder(self.path)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; waits for another writer at the start, where waiting is still possible.

        A transaction that changed something counts the database's `user_version` on: see `db.seal`.
        """
        before = self.db.conn.total_changes
        self._require_file()
        with self.db.atomic():
            # A first statement that writes takes the write lock at once and waits for it. A transaction that
            # first reads and then writes would be refused without waiting if another writer came between.
            self.db.execute("DELETE FROM runs WHERE 0")
            yield
            if self.db.conn.total_changes != before:
                count = self.db.execute("PRAGMA user_version").fetchone()[0]
                self.db.execute(f"PRAGMA user_version = {(count + 1) % (1 << 31)}")
            self._require_file()

    def _require_file(self) -> None:
        """Raise StoreError when the file is gone: SQLite would go on writing to what nobody can open again."""
        if file_identity(self.path) != self._file:
            raise StoreError(moved_away(self.path))

    def start_run(self, command: str) -> str:
        """Open a row in the run log and return its id; runs whose process is gone are marked lost."""
        started = present()
        run_id = f"{started:%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"
        with self.transaction():
            self.mark_lost_runs()
            self.db.execute(
                "INSERT INTO runs (id, command, started, status, pid) VALUES (?, ?, ?, 'running', ?)",
                [run_id, command, timestamp(started), os.getpid()],
            )
        return run_id

    def mark_lost_runs(self) -> None:
        """Note the runs whose process is gone as lost; part of the caller's transaction, if there is one."""
        for lost, pid in self.db.execute("SELECT id, pid FROM runs WHERE status = 'running'").fetchall():
            if not is_alive(pid):
                self.db.execute("UPDATE runs SET status = 'lost' WHERE id = ?", [lost])

    def finish_run(
        self, run_id: str, status: str, counts: dict[str, Any] | None = None, message: str | None = None
    ) -> None:
        """Close a row of the run log with its status, counts and, on failure, the reason."""
        with self.transaction():
            self.db.execute(
                "UPDATE runs SET finished = ?, status = ?, counts = ?, message = ? WHERE id = ?",
                [
                    timestamp(present()),
                    status,
                    json.dumps(counts or {}, sort_keys=True),
                    message,
                    run_id,
                ],
            )

    def save_article(self, article: Article, *, source_id: str, page: FrontierPage) -> SaveOutcome:
        """Write what was read from a page, and the page's own row, in one transaction.

        "changed" keeps the former text as a version and clears the tags; "unchanged" touches only the page;
        "duplicate" is a new article whose wording another one already has; a copy that was cut or edited is "new",
        and marked as a copy in its row all the same.
        """
        article_id = article_id_of(article.canonical_url or article.url)
        with self.transaction():
            known = self.db.execute(
                "SELECT text_sha256, url FROM articles WHERE id = ?", [article_id]
            ).fetchone()
            sha256 = text_digest(article.title, article.text)
            if known is None:
                outcome = self._insert_article(article_id, article, source_id, page, sha256)
            elif known == (sha256, article.url):
                outcome = "unchanged"
            elif known[1] != article.url:
                # The same canonical address under another URL: which of them came first must not matter.
                outcome = "unchanged"
                if is_better_form(article.url, known[1], article.canonical_url):
                    self._adopt(article_id, article, page, sha256)
            else:
                self._change_article(article_id, article, page, sha256)
                outcome = "changed"
            self.db.execute(
                "UPDATE pages SET state = 'done', article_id = ?, reason = NULL WHERE url = ?",
                [article_id, page.url],
            )
            # Its page was fetched: an article that had been removed is back.
            self.db.execute(
                "UPDATE articles SET removed = NULL WHERE id = ? AND removed IS NOT NULL", [article_id]
            )
        return outcome

    def untagged(self, tagger: str) -> Iterator[StoredArticle]:
        """Articles without tags or tagged by another tagger than `tagger`; duplicates too, each has its spans."""
        ids = self.db.execute(
            "SELECT id FROM articles WHERE tagger IS NULL OR tagger <> ? ORDER BY published, id", [tagger]
        ).fetchall()
        for (article_id,) in ids:
            yield self.article_to_tag(article_id)

    def article_to_tag(self, article_id: str) -> StoredArticle:
        """One article as the tagger reads it; raises NotFound."""
        row = self.db.execute(
            "SELECT id, source_id, url, title, text, language, published_local, text_sha256 FROM articles"
            " WHERE id = ?",
            [article_id],
        ).fetchone()
        if row is None:
            raise NotFound(f"there is no article {article_id} in {self.path}. See 'dateline articles'")
        return StoredArticle(**dict(zip(StoredArticle.__slots__, row, strict=True)))

    def save_tags(self, article_id: str, tagged: TaggedDocument) -> bool:
        """Replace all tags of one article and mark it tagged, in one transaction; events merge afterwards.

        False, and nothing is written, when the article was corrected while it was being tagged: the spans are
        those of the former text, and the article waits for tags of the new one.
        """
        sha256 = hashlib.sha256(tagged.document.encode()).hexdigest()
        with self.transaction():
            row = self.db.execute("SELECT text_sha256 FROM articles WHERE id = ?", [article_id]).fetchone()
            if row is None or row[0] != sha256:
                return False
            tags.replace(self.db, article_id, tagged)
        return True

    def clear_tags(self) -> int:
        """Delete all tags, events and measures (never articles or reviews); returns the articles affected."""
        with self.transaction():
            return tags.clear(self.db)

    def _insert_article(
        self, article_id: str, article: Article, source_id: str, page: FrontierPage, sha256: str
    ) -> SaveOutcome:
        content = _content(article, page, sha256)
        canonical = article.canonical_url or article.url
        row = {
            "id": article_id,
            "source_id": self.frontier.source_of(page.url) or source_id,
            "url": article.url,
            "canonical_url": canonical,
            **content,
        }
        # In plain SQL: sqlite-utils looks at the table anew for every row, which doubles the cost.
        self.db.execute(
            f"INSERT INTO articles ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            list(row.values()),
        )
        from db import copies  # with numpy, which a process that only fetches pages does without

        copies.add_article(self.db, article_id)
        same = self.db.execute(
            "SELECT 1 FROM articles WHERE fingerprint = ? AND id <> ?", [content["fingerprint"], article_id]
        ).fetchone()
        return "duplicate" if same else "new"

    def _change_article(self, article_id: str, article: Article, page: FrontierPage, sha256: str) -> None:
        self.db.execute(
            "INSERT INTO article_versions SELECT id, version, title, text, modified, fetched, text_sha256,"
            " warc_file, warc_offset, warc_digest FROM articles WHERE id = ?",
            [article_id],
        )
        from db import copies

        copies.remove_article(self.db, article_id)
        tags.forget(self.db, article_id)
        version = self.db.execute("SELECT version FROM articles WHERE id = ?", [article_id]).fetchone()[0]
        content = _content(article, page, sha256)
        self.db.table("articles").update(
            article_id,
            {**content, "version": version + 1, "tagger": None, "removed": None},
        )
        copies.add_article(self.db, article_id)

    def _adopt(self, article_id: str, article: Article, page: FrontierPage, sha256: str) -> None:
        """Let an article be what stands under a better form of its address; that is no new version of it."""
        from db import copies

        read = ("text_sha256", "published_local", "language")
        before = self.db.execute(
            f"SELECT {', '.join(read)} FROM articles WHERE id = ?", [article_id]
        ).fetchone()
        row = {**_content(article, page, sha256), "url": article.url}
        if source_id := self.frontier.source_of(page.url):
            row["source_id"] = source_id
        copies.remove_article(self.db, article_id)
        if before != tuple(row[column] for column in read):
            # What its tags were made of: the words, their language, and the day that "yesterday" is counted from.
            tags.forget(self.db, article_id)
            row["tagger"] = None
        self.db.table("articles").update(article_id, row)
        copies.add_article(self.db, article_id)


def article_id_of(canonical_url: str) -> str:
    """The id of the article at a canonical address: 16 hexadecimal digits after `a`."""
    return "a" + hashlib.sha256(canonical_url.encode()).hexdigest()[:16]


def text_digest(title: str | None, text: str) -> str:
    """SHA-256 of the document text, the witness of every span."""
    return hashlib.sha256(document_text(title, text).encode()).hexdigest()


def in_utc(moment: str | None) -> str | None:
    """A time with an offset as UTC ("2025-10-20T02:39:15Z"); a date alone, or nothing, as it is."""
    if moment is None or "T" not in moment:
        return moment
    aware = datetime.fromisoformat(moment.replace("Z", "+00:00"))
    return timestamp(aware) if aware.tzinfo else moment


def archive_folder(database: Path) -> Path:
    """The folder of archived pages that belongs to a database."""
    return database.with_name(f"{database.stem}-archive")


def article_row(article: Article, sha256: str, *, fetched: str) -> dict[str, Any]:
    """The row of an article that no crawl of ours brought, but for its source and tagger: it has no archived page."""
    canonical = article.canonical_url or article.url
    content = _read_content(article, sha256)
    return {
        "id": article_id_of(canonical),
        "url": article.url,
        "canonical_url": canonical,
        "fetched": fetched,
        **content,
    }


def _content(article: Article, page: FrontierPage, sha256: str) -> dict[str, Any]:
    return {
        **_read_content(article, sha256),
        "fetched": page.last_fetched or page.first_seen,
        "warc_file": page.warc.file if page.warc else None,
        "warc_offset": page.warc.offset if page.warc else None,
        "warc_digest": page.warc.digest if page.warc else None,
    }


def _read_content(article: Article, sha256: str) -> dict[str, Any]:
    return {
        "title": article.title,
        "text": article.text,
        "language": article.language,
        "authors": json.dumps(list(article.authors), ensure_ascii=False),
        "published": in_utc(article.published),
        "published_local": article.published,
        "published_precision": article.published_precision,
        "modified": in_utc(article.modified),
        "publisher": article.publisher,
        "section": article.section,
        "image": article.image,
        "caption": article.caption,
        "text_sha256": sha256,
        "fingerprint": text_fingerprint(article.text),
    }
