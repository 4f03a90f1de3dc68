"""The application's own commands: `demo` and `run`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from db.errors import WorkError
from db.options import codebook_option, db_option
from nlp.commands import actors_option

if TYPE_CHECKING:
    from crawler.sources import Source

sources_option = click.option(
    "--sources",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder of source declarations instead of the shipped ones.",
)
loopback_option = click.option(
    "--allow-loopback", is_flag=True, help="Let this run fetch from 127.0.0.0/8 and ::1 (tests, the demo)."
)
model_option = click.option("--model", help="Another installed spaCy pipeline for English.")
workers_option = click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that read and tag."
)


@click.command()
@model_option
@workers_option
@click.option(
    "--serve",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Only serve the newsroom until Ctrl-C, with source declarations for it in DIR.",
)
@db_option
def demo(db: Path, model: str | None, workers: int, serve: Path | None) -> None:
    """See the whole loop at work, offline, on a small bundled newsroom.

    Example:  dateline demo
    """
    from rich.console import Console

    from dateline.demo import run_demo
    from dateline.report import db_argument, print_report
    from db.store import open_store

    if serve is not None:
        _serve(serve)
        return
    click.echo("Crawling the bundled newsroom on loopback, then tagging and merging ...", err=True)
    result = run_demo(db, model=model, workers=workers)
    for notice in result.notices:
        click.echo(notice, err=True)
    with open_store(db, "read") as store:
        print_report(store, Console(), db_argument=db_argument(db))
    gained = result.summary.gained
    click.echo(f"Done in {result.seconds:.0f} s: {_in_words(gained)}, in {db}.", err=True)


@click.command()
@click.argument("source", nargs=-1)
@sources_option
@loopback_option
@model_option
@workers_option
@actors_option
@codebook_option
@db_option
def run(
    db: Path,
    source: tuple[str, ...],
    folder: Path | None,
    allow_loopback: bool,
    model: str | None,
    workers: int,
) -> None:
    """Crawl what is due, tag what is new, merge events, and say what came of it.

    Without SOURCE, all declared sources. Safe to interrupt: the next run goes on.

    Example:  dateline run vtv vtv-english
    """
    from crawler.sources import choose_sources, load_sources

    chosen = choose_sources(load_sources(folder), source)
    _round(db, chosen, allow_loopback=allow_loopback, model=model, workers=workers, command="run")


def _round(
    db: Path,
    sources: dict[str, Source],
    *,
    allow_loopback: bool,
    model: str | None,
    workers: int,
    command: str,
) -> None:
    from crawler.report import CLOSING_COLUMNS
    from dateline.alerting.delivering import Deliveries
    from dateline.run import run_round
    from db.options import print_rows

    summary = run_round(
        db, sources, model=model, allow_loopback=allow_loopback, workers=workers, command=command
    )
    print_rows(summary.crawl.rows(), CLOSING_COLUMNS, "table")
    click.echo(f"Tagged {summary.tagged} articles; {_in_words(summary.gained)}, in {db}.")
    if summary.alerts.alerts or summary.alerts.deliveries != Deliveries():
        click.echo(f"{summary.alerts.in_words()}.")
    if summary.crawl.interrupted:
        raise KeyboardInterrupt
    if summary.crawl.failure:
        raise WorkError(summary.crawl.failure)


def _serve(folder: Path) -> None:
    import time

    from dateline.demo import serve_newsroom

    with serve_newsroom(folder) as (newsroom, sources):
        for notice in newsroom.notices:
            click.echo(notice, err=True)
        for source_id, address in newsroom.addresses.items():
            click.echo(f"{source_id} is served at {address}", err=True)
        click.echo(f"In another terminal:  dateline run --sources {folder} --allow-loopback", err=True)
        click.echo(f"Serving {len(sources)} editions; Ctrl-C ends.", err=True)
        while True:
            time.sleep(3600)


def _in_words(gained: dict[str, int]) -> str:
    if not any(gained.values()):
        return "nothing new"
    return ", ".join(f"{number:+,} {name}" for name, number in gained.items() if number)
