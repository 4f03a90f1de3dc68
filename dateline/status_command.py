"""`dateline status`: is all well, and if not, what."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from db.errors import WorkError
from db.options import db_option, print_rows

if TYPE_CHECKING:
    from dateline.health import Health, SourceHealth

SOURCE_COLUMNS = ("source", "last_success", "new_today", "usual_a_day", "filled", "next_due", "verdict")
MB = 2**20


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@db_option
def status(db: Path, as_json: bool) -> None:
    """What the database holds, how each source does, what waits; exit code 1 when something is not well.

    Example:  dateline status
    """
    from dateline.health import read_health
    from db.clock import present
    from db.store import open_store

    with open_store(db, "read") as store:
        health = read_health(store, present())
    if as_json:
        import orjson

        click.echo(orjson.dumps(health.as_json(), option=orjson.OPT_INDENT_2).decode())
    else:
        _print(health)
    if not health.is_healthy:
        number = len(health.verdicts) + sum(bool(source.verdicts) for source in health.sources)
        what = "thing is" if number == 1 else "things are"
        raise WorkError(f"{number} {what} not well in {db}; see above")


def _print(health: Health) -> None:
    numbers = [{"what": name.replace("_", " "), "number": n} for name, n in health.counts.items()]
    numbers += [
        {"what": "MB of database", "number": round(health.disk.database / MB, 1)},
        {"what": "MB of archive", "number": round(health.disk.archive / MB, 1)},
        {"what": "MB free on the disk", "number": round(health.disk.free / MB)},
    ]
    print_rows(numbers, ("what", "number"), "table")
    print_rows([_source_row(source) for source in health.sources], SOURCE_COLUMNS, "table", title="Sources")
    print_rows(
        health.runs, ("started", "finished", "command", "status", "message"), "table", title="Last runs"
    )
    if health.upkeep:
        rows = list(health.upkeep.values())
        print_rows([dict(row) for row in rows], ("what", "done", "ok", "detail"), "table", title="Upkeep")
    for verdict in health.verdicts:
        click.echo(f"Not well: {verdict}")


def _source_row(source: SourceHealth) -> dict[str, Any]:
    shares = (f"{name} {share:.0%}" for name, share in source.filled.items() if share is not None)
    usual = None if source.usual_a_day is None else round(source.usual_a_day, 1)
    return {
        "source": source.source,
        "last_success": source.last_success,
        "new_today": source.new_today,
        "usual_a_day": usual,
        "filled": ", ".join(shares),
        "next_due": source.next_due,
        "verdict": "; ".join(source.verdicts) or "well",
    }
