"""`dateline status`: is all well, and if not, what."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from db.errors import WorkError
from db.options import db_option, print_rows

if TYPE_CHECKING:
    from dateline.health import Health, SourceHealth

SOURCE_COLUMNS = ("source", "last_success", "new_today", "usual_a_day", "filled", "next_due", "verdict")
MB = 2**20
UPKEEP = ("backup", "verify")


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
    print_rows([*_numbers(health)], ("what", "number"), "table")
    print_rows([_source_row(source) for source in health.sources], SOURCE_COLUMNS, "table", title="Sources")
    failures = [{"source": s.source, "failure": s.failure} for s in health.sources if s.failure]
    if failures:
        print_rows(failures, ("source", "failure"), "table", title="Last failures")
    print_rows(
        health.runs, ("started", "finished", "command", "status", "message"), "table", title="Last runs"
    )
    never = {"done": "never", "ok": None, "detail": None}
    upkeep = [dict(health.upkeep.get(what, {"what": what, **never})) for what in UPKEEP]
    print_rows(upkeep, ("what", "done", "ok", "detail"), "table", title="Upkeep")
    for verdict in health.verdicts:
        click.echo(f"Not well: {verdict}")


def _numbers(health: Health) -> Iterator[dict[str, Any]]:
    for name, number in health.counts.items():
        yield {"what": name.replace("_", " "), "number": number}
    disk = health.disk
    yield {"what": "MB of database", "number": round(disk.database / MB, 1)}
    yield {"what": "MB of archive", "number": round(disk.archive / MB, 1)}
    yield {"what": "MB more a day", "number": round(disk.growth_a_day / MB, 2)}
    yield {"what": "MB free on the disk", "number": round(disk.free / MB)}
    if disk.days_left is not None:
        yield {"what": "days until the disk is full", "number": round(disk.days_left)}


def _source_row(source: SourceHealth) -> dict[str, Any]:
    usual = None if source.usual_a_day is None else round(source.usual_a_day, 1)
    return {
        "source": source.source,
        "last_success": source.last_success,
        "new_today": source.new_today,
        "usual_a_day": usual,
        "filled": ", ".join(_filled(source)),
        "next_due": source.next_due,
        "verdict": "; ".join(source.verdicts) or ("declared no more" if source.retired else "well"),
    }


def _filled(source: SourceHealth) -> Iterator[str]:
    """On which share of the pages each field was found, and of what is expected where it is less."""
    for name, share in source.filled.items():
        if share is not None:
            least = source.expected.get(name, 0.0)
            yield f"{name} {share:.0%}" + (f" of {least:.0%}" if share < least else "")
