"""`dateline export`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from db.commands.events import checked_query, query_options
from db.empty_answers import why_none
from db.errors import UsageError
from db.exporting.dataset import Options, export_dataset
from db.exporting.files import ExportedFile
from db.exporting.formats import find_format, known_formats
from db.options import db_option
from db.progress import progress_bar
from db.store import open_store

MOST_SHOWN = 30


class FormatName(click.ParamType[str]):
    """The name of a known format; asked when the command runs, as packages above the store add theirs."""

    name = "format"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The name itself, or a usage error that lists the names."""
        try:
            return find_format(str(value)).name
        except UsageError as error:
            self.fail(str(error), param, ctx)

    def get_metavar(self, param: click.Parameter, ctx: click.Context | None = None) -> str:
        """What stands for the value in the help."""
        return "FORMAT"


def list_formats(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Print every format with its sentence, and end."""
    if value:
        for name, known in known_formats().items():
            click.echo(f"{name:16}{known.summary}")
        context.exit()


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option(
    "--format",
    "file_format",
    type=FormatName(),
    default="jsonl",
    show_default=True,
    help="How the data is written; --formats lists them.",
)
@click.option(
    "--formats",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=list_formats,
    help="List the formats and end.",
)
@click.option("--no-text", is_flag=True, help="Leave out the articles' own words; offsets and hashes stay.")
@click.option(
    "--licence", default="CC-BY-4.0", show_default=True, help="Of the annotations, by its SPDX name."
)
@click.option(
    "--partition",
    type=click.Choice(["auto", "month", "none"]),
    default="auto",
    show_default=True,
    help="Parquet: one file a month for large tables, for all, or never.",
)
@query_options
@db_option
def export(
    db: Path, folder: Path, file_format: str, no_text: bool, licence: str, partition: Any, **filters: Any
) -> None:
    """Write a tagged data set into FOLDER: events with all that belongs to them, and what describes them.

    Example:  dateline export rare-earths --format csv --commodity rare_earths
    """
    query = checked_query(filters)
    options = Options(texts=not no_text, licence=licence, partition=partition)
    label = f"Exporting {find_format(file_format).name}"
    with open_store(db, "read") as store:
        with progress_bar(label, None) as advance:
            files = export_dataset(store, folder, file_format, query, options, advance)
        show_files(folder, files)
        if not any(file.rows for file in files):
            click.echo(why_none(store.db, query), err=True)


def show_files(folder: Path, files: list[ExportedFile]) -> None:
    """Print the files written, the first thirty of many."""
    for file in files[:MOST_SHOWN]:
        click.echo(f"{folder / file.name}  {file.rows:,} rows  sha256 {file.sha256[:12]}")
    if len(files) > MOST_SHOWN:
        click.echo(f"... and {len(files) - MOST_SHOWN:,} more files")
    click.echo(f"{folder / 'datapackage.json'}  describes the files")
