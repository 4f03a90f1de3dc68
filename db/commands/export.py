"""`dateline export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from db.commands.events import checked_query, query_options
from db.empty_answers import why_none
from db.export import ExportFormat, export_dataset
from db.options import db_option
from db.store import open_store


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format", "file_format", type=click.Choice(["jsonl", "csv"]), default="jsonl", show_default=True
)
@query_options
@db_option
def export(db: Path, folder: Path, file_format: ExportFormat, **filters: Any) -> None:
    """Write a tagged data set into FOLDER: events with all that belongs to them, and a datapackage.json.

    Example:  dateline export rare-earths --format csv --commodity rare_earths
    """
    query = checked_query(filters)
    with open_store(db, "read") as store:
        files = export_dataset(store, folder, file_format, query)
        for file in files:
            click.echo(f"{folder / file.name}  {file.rows:,} rows  sha256 {file.sha256[:12]}")
        click.echo(f"{folder / 'datapackage.json'}  describes the files")
        if files[0].rows == 0:
            click.echo(why_none(store.db, query), err=True)
