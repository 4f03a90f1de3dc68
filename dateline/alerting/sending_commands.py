"""The commands of `dateline alerts` that send, and show what was sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dateline.logs import log_option
from db.errors import UsageError, WorkError
from db.options import RowFormat, db_option, format_option, print_rows

if TYPE_CHECKING:
    from dateline.alerting.delivering import Deliveries

DELIVERY_COLUMNS = ("id", "search", "address", "state", "alerts", "attempts", "next_attempt", "last_error")


@click.command("fire")
@log_option
@db_option
def fire(db: Path) -> None:
    """Look at what is new, write the alerts, and send what is due.

    The schedule and `dateline run` do this by themselves.

    Example:  dateline alerts fire
    """
    from dateline.alerting.message import title_of
    from dateline.alerting.round import fire_and_deliver
    from db.store import open_store

    with open_store(db) as store:
        done = fire_and_deliver(store)
    for alert in done.alerts:
        click.echo(f"{alert.search}: {title_of(alert)}")
    click.echo(done.in_words(), err=True)
    _fail_for_the_dead(done.deliveries)


@click.command("test")
@click.argument("name")
@log_option
@db_option
def test(db: Path, name: str) -> None:
    """Send one delivery, marked as a test, to each place of a search, whatever the hour.

    Example:  dateline alerts test rare-earths
    """
    from dateline.alerting.round import send_test
    from db.saved_searches import find_search
    from db.store import open_store

    with open_store(db) as store:
        search = find_search(store, name)
        if not search.channels:
            raise UsageError(f"'{name}' sends nowhere. Add it anew with --webhook, --email or --file")
        done = send_test(store, search)
    if done.dead:
        raise WorkError(
            f"{done.sent} of {len(search.channels)} places took the test; {'; '.join(done.errors)}"
        )
    click.echo(f"Test taken by {done.sent} of {len(search.channels)} places.", err=True)


@click.command()
@click.option("--failed", is_flag=True, help="Only those that failed and are not sent.")
@click.option("--search", help="Only those of this saved search.")
@format_option
@db_option
def deliveries(db: Path, failed: bool, search: str | None, row_format: RowFormat) -> None:
    """What was sent, what waits, what failed and why; latest first.

    Example:  dateline alerts deliveries --failed
    """
    from dateline.alerting.delivering import shown_address
    from db.outbox import list_deliveries
    from db.saved_searches import find_search
    from db.store import open_store

    with open_store(db, "read") as store:
        if search is not None:
            find_search(store, search)
        rows = (
            {**row, "address": shown_address(row["address"])}
            for row in list_deliveries(store, failed=failed, search=search)
        )
        if print_rows(rows, DELIVERY_COLUMNS, row_format) == 0:
            click.echo("No deliveries failed." if failed else "No deliveries yet.", err=True)


@click.command()
@click.argument("delivery", nargs=-1)
@log_option
@db_option
def retry(db: Path, delivery: tuple[str, ...]) -> None:
    """Send again what was given up: the deliveries named, or all of them.

    Example:  dateline alerts retry
    """
    from dateline.alerting.delivering import deliver_due
    from db.clock import present
    from db.outbox import revive
    from db.store import open_store

    with open_store(db) as store:
        revived = revive(store, delivery, present())
        done = deliver_due(store) if revived else None
    if done is None:
        click.echo("Nothing was given up. See 'dateline alerts deliveries --failed'.", err=True)
        return
    click.echo(
        f"{revived} taken up again: {done.sent} sent, {done.failed} failed and tried again later.", err=True
    )
    _fail_for_the_dead(done)


def _fail_for_the_dead(done: Deliveries) -> None:
    if done.dead:
        raise WorkError(f"{done.dead} deliveries were given up: {'; '.join(done.errors)}")
