"""`dateline articles` and `dateline search`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import orjson

from db.article_search import search_articles
from db.commands.events import check_date
from db.model import as_json
from db.options import RowFormat, db_option, format_option, print_rows
from db.store import open_store
from db.versions import Piece, diff_versions

COLUMNS = ("published", "language", "source_id", "title", "events", "duplicate_of", "id")


@click.command()
@click.option("--source", help="Only this source.")
@click.option("--language", help="Only this language (en, vi).")
@click.option("--since", callback=check_date, help="Published on or after, as 2025-10-20 or 2025-10.")
@click.option("--until", callback=check_date, help="Published on or before.")
@click.option(
    "--versions", "versions_of", metavar="ID", help="What changed in this article from version to version."
)
@click.option("--duplicates/--no-duplicates", default=True, help="Whether wire copies are listed too.")
@click.option("--limit", type=click.IntRange(1), help="At most so many; all by default.")
@format_option
@db_option
def articles(
    db: Path,
    source: str | None,
    language: str | None,
    since: str | None,
    until: str | None,
    versions_of: str | None,
    duplicates: bool,
    limit: int | None,
    row_format: RowFormat,
) -> None:
    """The articles collected, latest first; JSON and CSV hold their whole text.

    Example:  dateline articles --language vi --since 2025-10-15
    """
    if versions_of is not None:
        _print_versions(db, versions_of, row_format)
        return
    filters = {
        "a.source_id = ?": source,
        "a.language = ?": language,
        "a.published >= ?": since,
        "substr(a.published, 1, length(?1)) <= ?1": until,
    }
    conditions, values = ["1" if duplicates else "a.duplicate_of IS NULL"], []
    for condition, value in filters.items():
        if value is not None:
            conditions.append(condition.replace("?1", "?"))
            values += [value] * condition.count("?")
    with open_store(db, "read") as store:
        rows = store.db.query(
            "SELECT a.*, (SELECT count(DISTINCT m.event_id) FROM event_mentions m WHERE m.article_id = a.id) AS events"
            f" FROM articles a WHERE {' AND '.join(conditions)} ORDER BY a.published DESC, a.id LIMIT ?",
            [*values, -1 if limit is None else limit],
        )
        shown = print_rows(
            (_readable(row) if row_format == "table" else _structured(row) for row in rows),
            COLUMNS,
            row_format,
        )
        if shown == 0:
            total = store.db.execute("SELECT count(*) FROM articles").fetchone()[0]
            click.echo(f"No article matches; the database holds {total}.", err=True)


@click.command()
@click.argument("query")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True)
@format_option
@db_option
def search(db: Path, query: str, limit: int, row_format: RowFormat) -> None:
    """Full text search: articles that hold all the words, best first. Accents may be left out.

    Example:  dateline search "tap can binh"
    """
    if not query.split():
        raise click.BadParameter("write at least one word to search for")
    with open_store(db, "read") as store:
        rows = search_articles(store.db, query, limit)
        if print_rows(rows, ("published", "title", "found", "id"), row_format) == 0:
            total = store.db.execute("SELECT count(*) FROM articles").fetchone()[0]
            click.echo(f"None of {total} articles holds all of: {', '.join(query.split())}.", err=True)


def _print_versions(db: Path, article_id: str, row_format: RowFormat) -> None:
    with open_store(db, "read") as store:
        changes = diff_versions(store, article_id)
    if row_format == "json":
        click.echo(orjson.dumps([as_json(change) for change in changes], option=orjson.OPT_INDENT_2).decode())
    elif row_format != "table":
        raise click.BadParameter("--versions is shown as a table or as json")
    elif not changes:
        click.echo(f"There is one version of {article_id}; nothing was changed.", err=True)
    for change in changes if row_format == "table" else ():
        click.echo(f"version {change.from_version} → {change.to_version}, fetched {change.fetched}")
        if change.title_before != change.title_after:
            click.echo(f"  title: [-{change.title_before}-] {{+{change.title_after}+}}")
        for paragraph in change.paragraphs:
            click.echo("  " + "".join(_marked(piece) for piece in paragraph.pieces))


def _marked(piece: Piece) -> str:
    """One piece as word diffs show it: [-removed-] {+added+}."""
    return {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}[piece.operation].format(piece.text)


def _readable(row: dict[str, Any]) -> dict[str, Any]:
    published = (row["published"] or "").replace("T", " ").removesuffix("Z")
    return {**row, "published": published[:16]}


def _structured(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "authors": json.loads(row["authors"])}
