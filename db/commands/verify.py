"""`dateline verify`."""

from __future__ import annotations

import contextlib
from pathlib import Path

import click

from db.errors import StoreError, VerificationFailed
from db.options import db_option
from db.progress import progress_bar
from db.seal import seal_store
from db.store import open_store
from db.verification import content_hash
from db.verification import verify as check

MOST_SHOWN = 50


@click.command()
@click.option("--hash", "only_hash", is_flag=True, help="Print the content hash and check nothing.")
@db_option
def verify(db: Path, only_hash: bool) -> None:
    """Check that every span, hash and archived page still holds; exit code 1 when one does not.

    The content hash is equal for two databases that hold the same articles and tags.

    Example:  dateline verify --hash
    """
    with open_store(db, "read") as store:
        if only_hash:
            click.echo(content_hash(store.db))
            return
        total = store.db.execute("SELECT count(*) FROM articles").fetchone()[0]
        faults = []
        with progress_bar("Verifying", total) as advance:
            for fault in check(store, lambda _: advance()):
                faults.append(fault)
                if len(faults) <= MOST_SHOWN:
                    click.echo(fault)
        if faults:
            raise VerificationFailed(
                f"{len(faults)} faults in {db}; restore the named rows or files from a backup"
            )
        spans = sum(
            store.db.execute(f"SELECT count(*) FROM {t}").fetchone()[0]
            for t in ("mentions", "quantities", "dates", "observations", "event_mentions")
        )
        click.echo(f"{total:,} articles and {spans:,} spans hold; content hash {content_hash(store.db)}")
    _renew_seal(db)


def _renew_seal(db: Path) -> None:
    """Seal what has been found sound, unless somebody is at work on it or it may only be read."""
    with contextlib.suppress(StoreError), open_store(db) as store:
        seal_store(store)
