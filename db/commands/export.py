"""`dateline export`."""

from __future__ import annotations

from collections import Counter
from functools import partial
from pathlib import Path
from typing import Any

import click

from db.commands.events import checked_query, query_options
from db.empty_answers import why_none
from db.errors import UsageError
from db.exporting.dataset import Options, export_dataset
from db.exporting.differences import COMPARED, compare
from db.exporting.files import ExportedFile
from db.exporting.formats import find_format, known_formats
from db.options import db_option
from db.progress import step_bar
from db.query import DATE
from db.store import open_store

MOST_SHOWN = 30
MOST_TOLD = 20


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
@click.argument("folder", required=False, type=click.Path(file_okay=False, path_type=Path))
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
@click.option(
    "--since",
    "--changes-since",
    "changes_since",
    metavar="RUN|DATE|DIR",
    help="Only what came, changed or went in the database since a run began, since a day, or since the data set in "
    "DIR; the table `changes` says which. (The first day of events, --since elsewhere, is --from here.)",
)
@click.option(
    "--diff",
    nargs=2,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="OLD NEW",
    help="Tell in words how two data sets differ; write nothing.",
)
@partial(query_options, first_day="--from")
@click.option(
    "--limit", type=click.IntRange(1), help="At most so many events, the last reported; all by default."
)
@db_option
def export(
    db: Path,
    folder: Path | None,
    file_format: str,
    no_text: bool,
    licence: str,
    partition: Any,
    changes_since: str | None,
    diff: tuple[Path, Path] | None,
    **filters: Any,
) -> None:
    """Write a tagged data set into FOLDER: events with all that belongs to them, and what describes them.

    Example:  dateline export rare-earths --format csv --commodity rare_earths
    """
    if diff is not None:
        print_differences(*diff)
        return
    if folder is None:
        raise click.UsageError("name the FOLDER to write the data set to")
    query = checked_query(filters)
    if changes_since is not None:
        tell_meaning(changes_since, query.until)
    options = Options(texts=not no_text, licence=licence, partition=partition, changes_since=changes_since)
    label = f"Exporting {find_format(file_format).name}"
    with open_store(db, "read") as store:
        with step_bar(label) as begin:
            files = export_dataset(store, folder, file_format, query, options, begin)
        show_files(folder, files)
        if not any(file.rows for file in files):
            nothing = "Nothing changed since then." if changes_since else why_none(store.db, query)
            click.echo(nothing, err=True)


def tell_meaning(changes_since: str, until: str | None) -> None:
    """Say what --since means here, since other commands mean the day of events; refuse what can only be meant so."""
    if not DATE.fullmatch(changes_since):
        return
    if until is not None:
        raise click.UsageError(
            f"--since asks an export for what changed since, --until for events up to a day. For events of these days "
            f"write --from {changes_since} --until {until}; for what changed, --since a run's id or a data set's folder"
        )
    click.echo(
        f"Exporting what came, changed or went in the database since {changes_since}. For events from that day on "
        f"write --from {changes_since}",
        err=True,
    )


def print_differences(old: Path, new: Path) -> None:
    """Print how two data sets differ: the settings, then every row up to a number, then the counts."""
    comparison = compare(old, new)
    for sentence in comparison.settings():
        click.echo(sentence)
    told: Counter[tuple[str, str]] = Counter()
    for difference in comparison.differences():
        told[difference.table, difference.change] += 1
        if told[difference.table, difference.change] <= MOST_TOLD:
            click.echo(
                f"{COMPARED[difference.table]} {difference.change}: {difference.words} ({difference.id})"
            )
    for table in COMPARED:
        counts = [f"{told[table, c]:,} {c}" for c in ("added", "changed", "withdrawn") if told[table, c]]
        click.echo(f"{table}: {', '.join(counts) or 'no difference'}", err=True)


def show_files(folder: Path, files: list[ExportedFile]) -> None:
    """Print the files written, the first thirty of many."""
    for file in files[:MOST_SHOWN]:
        click.echo(f"{folder / file.name}  {file.rows:,} rows  sha256 {file.sha256[:12]}")
    if len(files) > MOST_SHOWN:
        click.echo(f"... and {len(files) - MOST_SHOWN:,} more files")
    click.echo(f"{folder / 'datapackage.json'}  describes the files")
