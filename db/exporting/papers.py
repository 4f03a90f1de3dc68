"""What tells a reader of a data set what it is: its facts, in words and for machines."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from db.exporting.files import ExportedFile
from db.exporting.formats import Format
from db.exporting.selection import Selection
from db.history import latest_change
from db.query import EventQuery, as_filters

TITLE = "Events, measures and figures from the news"
DESCRIPTION = (
    "Who did what to whom, about which goods, with which policy instrument, when and how much, found in news "
    "articles by Dateline. Every value has the article, the place and the words that it came from."
)
TEXT_NOTE = (
    "Article texts, headlines and captions stay the property of their publishers. Check your right to pass them on; "
    "an export with --no-text holds offsets, hashes and addresses in their place."
)
WITHOUT_TEXTS = (
    "The articles' own words are left out: offsets, hashes and addresses stay. `dateline rehydrate` fills them in "
    "again from your own crawl."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything about a data set that its papers state. No clock: the same store and query give the same facts."""

    format: Format
    filters: dict[str, Any]
    texts: bool
    licence: str
    program: str
    taggers: tuple[str, ...]
    languages: tuple[str, ...]
    content_hash: str
    as_of: str
    """When the youngest article was fetched (UTC)."""
    first_day: str | None
    last_day: str | None
    changes_until: str = ""
    """The last change that the store had recorded; the next data set of changes begins after it."""
    since: str | None = None
    """What was asked for as the beginning of the changes; None for a data set of everything."""

    @property
    def version(self) -> str:
        """The version of the data set: the day of its youngest article and the beginning of the content hash."""
        return f"{self.as_of[:10].replace('-', '.') or '0'}+{self.content_hash[:12]}"


def gather_facts(
    selection: Selection,
    query: EventQuery,
    format_: Format,
    *,
    texts: bool,
    licence: str,
    content_hash: str,
    since: str | None = None,
) -> Facts:
    """Read what the papers need from the store: of the choice, or of the store where it says so."""
    db = selection.db

    def among(table: str, chosen: str) -> str:
        return f" WHERE id IN (SELECT id FROM temp.{chosen})" if table in selection.narrowed else ""

    def column(sql: str) -> tuple[str, ...]:
        rows = db.execute(sql + among("articles", "chosen_articles"))
        return tuple(str(row[0]) for row in rows if row[0])

    days = db.execute(f"SELECT min(day), max(day) FROM events{among('events', 'chosen')}").fetchone()
    return Facts(
        format=format_,
        filters=as_filters(query),
        texts=texts,
        licence=licence,
        program=f"dateline {version('dateline')}",
        taggers=tuple(sorted(column("SELECT DISTINCT tagger FROM articles"))),
        languages=tuple(sorted(column("SELECT DISTINCT language FROM articles"))),
        content_hash=content_hash,
        as_of=next(iter(column("SELECT max(fetched) FROM articles")), ""),
        first_day=days[0],
        last_day=days[1],
        changes_until=latest_change(db),
        since=since,
    )


def total_rows(files: list[ExportedFile], table: str) -> int | None:
    """How many rows of a table the files hold together; None where none of them is that table."""
    rows = [file.rows for file in files if file.table == table]
    return sum(rows) if rows else None
