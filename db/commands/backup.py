"""`dateline backup`."""

from __future__ import annotations

from pathlib import Path

import click

from db.backup import backup_store
from db.options import db_option
from db.progress import progress_bar
from db.upkeep import noting


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--archive/--no-archive", default=True, help="Whether the archived pages are copied too.")
@db_option
def backup(db: Path, file: Path, archive: bool) -> None:
    """Copy the store to FILE while it may be in use, and prove the copy.

    The archive of pages is copied beside it (FILE-archive); files that are there already are kept. To restore,
    use the copy: --db FILE.

    Example:  dateline backup backups/2025-10-20.db
    """
    with noting(db, "backup") as note, progress_bar("Copying", None) as advance:
        made = backup_store(db, file, archive=archive, progress=lambda *_: advance())
        note.detail = f"{made.path.absolute()}, {made.articles:,} articles"
    click.echo(
        f"{made.path}  {made.bytes:,} bytes, {made.articles:,} articles, content hash {made.content_hash[:12]};"
        f" archive: {made.archive_copied} files copied, {made.archive_kept} there already"
    )
