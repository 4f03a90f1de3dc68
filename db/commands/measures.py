"""`dateline measures` and `dateline observations`."""

from __future__ import annotations

from pathlib import Path

import click

from db.commands.events import check_date
from db.options import RowFormat, db_option, format_option, print_rows
from db.store import open_store
from db.world import find_measures, find_observations

MEASURE_COLUMNS = ("measure", "stage", "since", "history", "events", "id")
OBSERVATION_COLUMNS = (
    "period",
    "indicator",
    "country",
    "commodity",
    "value",
    "unit",
    "from",
    "change",
    "text",
)


@click.command()
@click.option("--on", "day", callback=check_date, help="The state of every measure on this day.")
@click.option("--country", help="Applied by this country, ISO 3166 code (CHN).")
@click.option("--target", help="Aimed at this country.")
@click.option("--instrument", help="Policy instrument (export_licence, ...).")
@click.option("--commodity", help="Commodity (rare_earths, ...).")
@click.option("--stage", help="Only measures in this stage (in_force, suspended, ...).")
@click.option("--raw", is_flag=True, help="What the machine coded, without people's corrections.")
@format_option
@db_option
def measures(
    db: Path,
    day: str | None,
    country: str | None,
    target: str | None,
    instrument: str | None,
    commodity: str | None,
    stage: str | None,
    raw: bool,
    row_format: RowFormat,
) -> None:
    """Policies through their stages, with the article that says so; as they stand today, or --on a day.

    Example:  dateline measures --on 2025-10-20 --commodity rare_earths
    """
    with open_store(db, "read") as store:
        rows = find_measures(
            store.db,
            day,
            country=country,
            target=target,
            instrument=instrument,
            commodity=commodity,
            stage=stage,
            raw=raw,
        )
        if print_rows(rows, MEASURE_COLUMNS, row_format) == 0:
            first = store.db.execute("SELECT min(date) FROM measure_stages").fetchone()[0]
            total = store.db.execute("SELECT count(*) FROM measures").fetchone()[0]
            known = f"the first stage of any is of {first}" if first else "collect some with 'dateline run'"
            click.echo(f"No measure matches; the database holds {total}, {known}.", err=True)


@click.command()
@click.option("--indicator", help="export_volume, price, inflation, ...")
@click.option("--country", help="Whose figure, ISO 3166 code (CHN).")
@click.option("--commodity", help="Of which commodity (rare_earths, ...).")
@click.option("--since", callback=check_date, help="First period, as 2025-08.")
@click.option("--until", callback=check_date, help="Last period, as 2025-09.")
@format_option
@db_option
def observations(
    db: Path,
    indicator: str | None,
    country: str | None,
    commodity: str | None,
    since: str | None,
    until: str | None,
    row_format: RowFormat,
) -> None:
    """Figures about the world, each with unit, period, the figure it changed from, and its words.

    Example:  dateline observations --country CHN --commodity rare_earths
    """
    with open_store(db, "read") as store:
        rows = find_observations(
            store.db, indicator=indicator, country=country, commodity=commodity, since=since, until=until
        )
        if print_rows(rows, OBSERVATION_COLUMNS, row_format) == 0:
            total = store.db.execute("SELECT count(*) FROM observations").fetchone()[0]
            click.echo(f"No observation matches; the database holds {total}.", err=True)
