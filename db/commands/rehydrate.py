"""`dateline rehydrate`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from db.errors import WorkError
from db.exporting.rehydration import rehydrate as fill_in
from db.options import db_option
from db.store import open_store

MOST_SHOWN = 50


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, exists=True, path_type=Path))
@click.argument("result", type=click.Path(file_okay=False, path_type=Path))
@db_option
def rehydrate(db: Path, folder: Path, result: Path) -> None:
    """Fill the texts into the data set in FOLDER (made with --no-text) from your own crawl, into RESULT.

    Every article that your database lacks, or has with other words, is named; its rows stay without words.

    Example:  dateline rehydrate published-set my-set
    """
    told: Counter[str] = Counter()
    with open_store(db, "read") as store:
        for looked in fill_in(store, folder, result):
            told[looked.status] += 1
            if looked.status != "found" and told["missing"] + told["changed"] <= MOST_SHOWN:
                click.echo(f"{looked.status}  {looked.article_id}  {looked.url}")
    absent = told["missing"] + told["changed"]
    if absent > MOST_SHOWN:
        click.echo(f"... and {absent - MOST_SHOWN:,} more")
    click.echo(
        f"{told['found']:,} of {told.total():,} articles found, {told['missing']:,} missing,"
        f" {told['changed']:,} changed; written to {result}",
        err=True,
    )
    if told.total() and not told["found"]:
        raise WorkError(
            f"{db} holds none of the articles of {folder}. Crawl them first, or name another --db"
        )
