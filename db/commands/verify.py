"""`dateline verify`."""

from __future__ import annotations

from pathlib import Path

import click

from db.options import db_option
from db.store import open_store
from db.upkeep import verify_store
from db.verification import content_hash


@click.command()
@click.option("--hash", "only_hash", is_flag=True, help="Print the content hash and check nothing.")
@db_option
def verify(db: Path, only_hash: bool) -> None:
    """Check that every span, hash and archived page still holds; exit code 1 when one does not.

    The content hash is equal for two databases that hold the same articles and tags.

    Example:  dateline verify --hash
    """
    if only_hash:
        with open_store(db, "read") as store:
            click.echo(content_hash(store.db))
        return
    click.echo(verify_store(db, click.echo))
