"""`dateline actors`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import click
from sqlite_utils import Database

from db.actors import event_counts, network, top_by_month
from db.commands.events import check_date
from db.options import RowFormat, db_option, format_option, print_rows
from db.query_plan import named_parties
from db.store import open_store

COLUMNS = ("name", "kind", "country", "role", "articles", "acts", "receives", "id")


@click.command()
@click.argument("name", required=False)
@click.option("--country", help="Only this country, ISO 3166 code (CHN).")
@click.option("--kind", help="Only this kind: person, ministry, organisation, bloc, country, ...")
@click.option("--by-month", is_flag=True, help="The most active of each month, at most --limit a month.")
@click.option("--network", "with_whom", is_flag=True, help="With whom NAME takes part in events.")
@click.option("--since", callback=check_date, help="With --by-month or --network: first month or day.")
@click.option("--until", callback=check_date, help="With --by-month or --network: last month or day.")
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True)
@click.option("--raw", is_flag=True, help="Count what the machine coded, without people's corrections.")
@format_option
@db_option
def actors(
    db: Path,
    name: str | None,
    country: str | None,
    kind: str | None,
    by_month: bool,
    with_whom: bool,
    since: str | None,
    until: str | None,
    limit: int,
    raw: bool,
    row_format: RowFormat,
) -> None:
    """Who is in the news, and how often they act or are acted on.

    NAME may be any form that an article used ("Trump", "Hà Lập Phong").

    Example:  dateline actors --kind person
    """
    if by_month and (with_whom or name is not None):
        raise click.BadParameter("--by-month is about all actors; leave out NAME and --network")
    if with_whom and name is None:
        raise click.BadParameter("--network needs a NAME: dateline actors China --network")
    with open_store(db, "read") as store:
        rows: Iterable[dict[str, Any]]
        if by_month:
            columns: tuple[str, ...] = ("month", "name", "kind", "country", "events", "id")
            rows = top_by_month(store.db, each=limit, since=since, until=until, raw=raw)
        elif with_whom and name:
            columns = ("name", "kind", "country", "events", "as_actor", "as_recipient", "id")
            rows = network(
                store.db, name, since=since, until=f"{until}~" if until else None, limit=limit, raw=raw
            )
        else:
            columns, rows = COLUMNS, _listed(store.db, name, country, kind, limit, raw)
        if print_rows(rows, columns, row_format) == 0:
            click.echo("No such actor. See 'dateline actors' for the most active ones.", err=True)


def _listed(
    db: Database, name: str | None, country: str | None, kind: str | None, limit: int, raw: bool
) -> Iterator[dict[str, Any]]:
    """The entities that match, most active first."""
    counts = event_counts(db, raw=raw)
    among = None if name is None else set(named_parties(db, name)[0])
    rows = [
        {"id": entity_id, "name": full, "kind": kind_of, "country": code}
        for entity_id, full, kind_of, code in db.execute("SELECT id, name, kind, country FROM entities")
        if (among is None or entity_id in among)
        and (country is None or code == country.upper())
        and (kind is None or kind_of == kind)
    ]
    articles = {row["id"]: -1 for row in rows}
    rows.sort(key=lambda row: (-counts["actor"][row["id"]], row["id"]))
    # Among those who act equally often, the more written about comes first: counted only where it can matter.
    least = counts["actor"][rows[min(limit, len(rows)) - 1]["id"]] if rows else 0
    tied = [row for row in rows if counts["actor"][row["id"]] >= least]
    for row in tied:
        articles[row["id"]] = _articles(db, row["id"])
    tied.sort(key=lambda row: (-counts["actor"][row["id"]], -articles[row["id"]], row["id"]))
    for row in tied[:limit]:
        yield {
            **row,
            "role": _role(db, row["id"]),
            "articles": articles[row["id"]],
            "acts": counts["actor"][row["id"]],
            "receives": counts["recipient"][row["id"]],
        }


def _articles(db: Database, entity_id: str) -> int:
    return int(
        db.execute(
            "SELECT count(DISTINCT article_id) FROM mentions WHERE entity_id = ?", [entity_id]
        ).fetchone()[0]
    )


def _role(db: Database, entity_id: str) -> str | None:
    """The role by which the entity is most often called."""
    row = db.execute(
        "SELECT role FROM mentions WHERE entity_id = ? AND role IS NOT NULL"
        " GROUP BY role ORDER BY count(*) DESC, role LIMIT 1",
        [entity_id],
    ).fetchone()
    return str(row[0]) if row else None
