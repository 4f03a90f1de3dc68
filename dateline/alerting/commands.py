"""`dateline alerts`: saved searches that tell of what they find, and the deliveries of what they told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dateline.alerting.sending_commands import deliveries, fire, retry, test
from db.commands.events import check_date, checked_query, query_options
from db.errors import UsageError
from db.options import RowFormat, db_option, format_option, print_rows

if TYPE_CHECKING:
    from db.saved_searches import Channel, SavedSearch

LIST_COLUMNS = ("name", "filters", "deliveries", "alerts", "last", "state")


@click.group()
def alerts() -> None:
    """Saved searches that tell you: once of each event, and again when its measure changes stage.

    Example:  dateline alerts add rare-earths --commodity rare_earths --min-sources 2 --file alerts.jsonl
    """


@alerts.command()
@click.argument("name")
@query_options
@click.option("--webhook", "webhooks", multiple=True, metavar="URL", help="Post to this address; repeatable.")
@click.option("--secret-env", metavar="NAME", help="The environment variable with the webhooks' secret.")
@click.option("--email", "emails", multiple=True, metavar="ADDR", help="Write to this address; repeatable.")
@click.option(
    "--file",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="Append JSON lines to this file; repeatable.",
)
@click.option("--quiet", metavar="SPAN", help="Hours in which nothing is sent (22:00-07:00).")
@click.option("--digest", metavar="CRON", help="Send together at these hours ('0 8 * * *').")
@click.option("--timezone", "zone", default="UTC", show_default=True, help="The zone of those hours.")
@click.option(
    "--from", "tells_from", callback=check_date, help="Also tell of what was published since this day."
)
@db_option
def add(
    db: Path,
    name: str,
    webhooks: tuple[str, ...],
    secret_env: str | None,
    emails: tuple[str, ...],
    files: tuple[Path, ...],
    quiet: str | None,
    digest: str | None,
    zone: str,
    tells_from: str | None,
    **filters: Any,
) -> None:
    """Keep a search under NAME; the filters are those of `dateline events`.

    It tells of what comes from now on, and of what happened or was decided (--modality for others).

    Example:  dateline alerts add china-curbs --actor CHN --instrument export_licence --file curbs.jsonl
    """
    from dateline.alerting.adding import email_channel, file_channel, missing_settings, watch, webhook_channel
    from db.clock import present
    from db.days import first_day
    from db.store import open_store

    query = checked_query(filters)
    if secret_env is not None and not webhooks:
        raise UsageError("--secret-env is for webhooks; name one with --webhook, or leave it out")
    channels = [
        *(webhook_channel(url, secret_env) for url in webhooks),
        *(email_channel(address) for address in emails),
        *(file_channel(path) for path in files),
    ]
    since = first_day(tells_from)
    with open_store(db) as store:
        search = watch(
            store,
            name,
            query,
            channels=channels,
            now=present(),
            tells_from=since.isoformat() if since else None,
            zone=zone,
            quiet=quiet,
            digest=digest,
        )
    click.echo(f"Watching '{name}' from {search.tells_from} on: {_words_of(search)}", err=True)
    for missing in missing_settings(channels):
        click.echo(f"Still to do where alerts are sent from: {missing}.", err=True)
    click.echo(f"What would it have told of?  dateline alerts preview {name}", err=True)


@alerts.command("list")
@format_option
@db_option
def list_searches(db: Path, row_format: RowFormat) -> None:
    """The saved searches, what they told of, and how their deliveries stand.

    Example:  dateline alerts list
    """
    from db.saved_searches import all_searches
    from db.store import open_store

    with open_store(db, "read") as store:
        rows = []
        for search in all_searches(store):
            told = store.db.execute(
                "SELECT count(*), max(fired) FROM alerts WHERE saved_search_id = ? AND reason <> 'test'",
                [search.id],
            ).fetchone()
            rows.append(
                {
                    "name": search.name,
                    "filters": _words_of(search),
                    "deliveries": [_place(channel) for channel in search.channels],
                    "alerts": told[0],
                    "last": told[1],
                    "state": "paused" if search.paused else "watching",
                }
            )
        if print_rows(rows, LIST_COLUMNS, row_format) == 0:
            click.echo("No saved searches yet. See 'dateline alerts add --help'.", err=True)


@alerts.command()
@click.argument("name")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Alerts to show.")
@format_option
@db_option
def show(db: Path, name: str, limit: int, row_format: RowFormat) -> None:
    """One saved search: what it asks, where it sends, and its latest alerts.

    Example:  dateline alerts show rare-earths
    """
    from dateline.alerting.message import record_of
    from db.outbox import list_alerts
    from db.saved_searches import find_search
    from db.store import open_store

    with open_store(db, "read") as store:
        search = find_search(store, name)
        found = list_alerts(store, search_id=search.id, limit=limit)
    if row_format == "table":
        for what, value in _about(search):
            click.echo(f"{what:<12} {value}")
    shown = print_rows(
        (record_of(alert) for alert in found), ("fired", "reason", "title", "alert"), row_format
    )
    if shown == 0:
        click.echo(f"It has told of nothing yet. See 'dateline alerts preview {name}'.", err=True)


@alerts.command()
@click.argument("name")
@db_option
def remove(db: Path, name: str) -> None:
    """Forget a saved search, what it told of and what it was still to send.

    Example:  dateline alerts remove rare-earths
    """
    from db.saved_searches import find_search, remove_search
    from db.store import open_store

    with open_store(db) as store:
        remove_search(store, find_search(store, name))
    click.echo(f"Removed '{name}'.", err=True)


@alerts.command()
@click.argument("name")
@db_option
def pause(db: Path, name: str) -> None:
    """Let a saved search rest: it tells of nothing and sends nothing until it is resumed.

    Example:  dateline alerts pause rare-earths
    """
    from db.saved_searches import find_search, set_paused
    from db.store import open_store

    with open_store(db) as store, store.transaction():
        set_paused(store, find_search(store, name), True)
    click.echo(f"Paused '{name}'. It goes on with:  dateline alerts resume {name}", err=True)


@alerts.command()
@click.argument("name")
@db_option
def resume(db: Path, name: str) -> None:
    """Let a paused search go on; what came meanwhile is not told of.

    Example:  dateline alerts resume rare-earths
    """
    from dateline.alerting.adding import resume as go_on
    from db.clock import present
    from db.saved_searches import find_search
    from db.store import open_store

    with open_store(db) as store:
        search = find_search(store, name)
        if not search.paused:
            raise UsageError(f"'{name}' is not paused. See 'dateline alerts list'")
        go_on(store, search, present())
    click.echo(f"Watching '{name}' again from now on.", err=True)


@alerts.command("preview")
@click.argument("name")
@click.option("--days", type=click.IntRange(1), default=30, show_default=True, help="So many days back.")
@click.option("--until", callback=check_date, help="The last of these days; today by default.")
@click.option("--each", is_flag=True, help="Show each alert instead of counts a day.")
@format_option
@db_option
def show_preview(
    db: Path, name: str, days: int, until: str | None, each: bool, row_format: RowFormat
) -> None:
    """What a search would have told of; changes and sends nothing.

    Example:  dateline alerts preview rare-earths --days 30
    """
    from dataclasses import asdict

    from dateline.alerting.preview import by_day, last_day_told, preview
    from db.clock import present
    from db.days import last_day
    from db.saved_searches import find_search
    from db.store import open_store

    last = last_day(until) or present().date()
    with open_store(db, "read") as store:
        search = find_search(store, name)
        found = preview(store, search, last=last, days=days)
        latest = None if found else last_day_told(store, search)
    rows: list[dict[str, Any]] = [asdict(alert) for alert in found]
    columns: tuple[str, ...] = ("day", "reason", "title", "event_id")
    if not each:
        rows = [{"day": day, "alerts": number} for day, number in by_day(found).items()]
        columns = ("day", "alerts")
    print_rows(rows, columns, row_format)
    span = f"the {days} days until {last.isoformat()}"
    if found:
        click.echo(f"{len(found)} alerts in {span}.", err=True)
    elif latest:
        click.echo(f"None in {span}. The latest match was told on {latest}: --until {latest}", err=True)
    else:
        click.echo(f"None in {span}: nothing stored matches.", err=True)


def _words_of(search: SavedSearch) -> str:
    from db.empty_answers import option_words
    from db.query import as_filters

    words = [option_words(field, value) for field, value in as_filters(search.query).items()]
    return " ".join(words) or "every event"


def _place(channel: Channel) -> str:
    from dateline.alerting.delivering import shown_address

    return f"{channel.kind} {shown_address(channel.address)}"


def _about(search: SavedSearch) -> list[tuple[str, str]]:
    hours = [f"digest {search.digest}"] if search.digest else []
    hours += [f"quiet {search.quiet}"] if search.quiet else []
    return [
        ("name", search.name + (" (paused)" if search.paused else "")),
        ("filters", _words_of(search)),
        ("tells from", search.tells_from),
        ("hours", f"{', '.join(hours)} ({search.zone})" if hours else "at once"),
        *(("delivers to", _place(channel)) for channel in search.channels),
    ]


for command in (fire, test, deliveries, retry):
    alerts.add_command(command)
