"""`dateline events`, and the filters that it shares with other commands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import click

from db.empty_answers import why_none
from db.errors import UsageError
from db.event_rows import event_line
from db.options import RowFormat, db_option, format_option, print_rows
from db.query import EVENT_COLUMNS, EventQuery, find_events, make_query
from db.store import open_store


def query_options(function: Any, *, first_day: str = "--since") -> Any:
    """Add the filters of an EventQuery, which reach the command under the query's field names.

    `first_day` is the option for the query's `since` in a command that means something else by `--since`.
    """
    options = [
        click.option("--actor", help="Who acts: name, alias, id, or country code."),
        click.option("--recipient", help="To whom: name, alias, id, or country code."),
        click.option("--country", help="A country on either side, ISO 3166 code (CHN)."),
        click.option("--role", help="The role of that party, or of any (Finance Minister)."),
        click.option("--type", "event_type", help="Event type (SANCTION, CONSULT, ...)."),
        click.option("--quad", type=click.IntRange(0, 4), help="Quad class, 1-4; 0 is domestic policy."),
        click.option("--instrument", help="Policy instrument (export_licence, import_tariff, ...)."),
        click.option("--commodity", help="Commodity (rare_earths, steel, ...)."),
        click.option("--hs", help="HS heading or its beginning (2846, 28)."),
        click.option("--stage", help="Stage of the measure (announced, in_force, suspended, ...)."),
        click.option("--direction", help="restrict, ease or support."),
        click.option("--modality", help="actual, future, hypothetical or negated."),
        click.option(first_day, "since", callback=check_date, help="First day, as 2025-10-20 or 2025-10."),
        click.option("--until", callback=check_date, help="Last day, as 2025-10-20 or 2025-10."),
        click.option("--source", help="Reported by this source."),
        click.option("--language", help="Reported in this language (en, vi)."),
        click.option(
            "--min-sources", type=click.IntRange(1), help="At least so many independent publishers."
        ),
        click.option("--text", help="Words that a reporting article holds."),
        click.option("--raw", is_flag=True, help="What the machine coded, without people's corrections."),
    ]
    for option in reversed(options):
        function = option(function)
    return function


def check_date(context: click.Context, parameter: click.Parameter, value: str | None) -> str | None:
    """A date as coarse as the user likes, or a usage error that shows how to write one."""
    if value is not None and not re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", value):
        raise click.BadParameter(f"'{value}' is no date; write it as 2025-10-20, 2025-10 or 2025")
    return value


def checked_query(filters: dict[str, Any]) -> EventQuery:
    """The query of these options; raises click's usage error for a value that no event can have."""
    try:
        return make_query(filters)
    except UsageError as error:
        raise click.BadParameter(f"--{error}") from error


@click.command()
@query_options
@click.option("--limit", type=click.IntRange(1), help="At most so many; all by default.")
@format_option
@db_option
def events(db: Path, row_format: RowFormat, **filters: Any) -> None:
    """Who did what to whom: the events that match all filters, latest first.

    Example:  dateline events --country CHN --commodity rare_earths --since 2025-10
    """
    query = checked_query(filters)
    with open_store(db, "read") as store:
        found = find_events(store.db, query)
        rows = found
        if row_format == "csv":
            rows = map(event_line, found)
        elif row_format == "table":
            rows = map(_table_line, found)
        if print_rows(rows, EVENT_COLUMNS, row_format) == 0:
            click.echo(why_none(store.db, query), err=True)
        elif row_format == "table":
            click.echo("Why is an event here?  dateline explain ID", err=True)


def _table_line(event: dict[str, Any]) -> dict[str, Any]:
    # The beginning of an id is enough for `explain` and leaves the columns of words their room.
    modality = "" if event["modality"] == "actual" else f" ({event['modality']})"
    return {**event_line(event), "id": event["id"][:10], "event_type": event["event_type"] + modality}
