"""`dateline review`: people accept, reject and change what the machine coded."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
import orjson

from db.event_ids import full_event_id
from db.options import RowFormat, db_option, format_option, print_rows
from db.reviewed_gold import gold_lines
from db.reviews import CHANGEABLE, Review, add_review, default_reviewer, list_reviews
from db.store import open_store

LIST_COLUMNS = (
    "reviewed",
    "reviewer",
    "verdict",
    "target_id",
    "field",
    "machine_value",
    "value",
    "state",
    "reason",
    "id",
)


@click.group()
def review() -> None:
    """Correct the machine: accept, reject or change an event, who acts in it, or a merge.

    A review is a row of its own; the machine's value stays, and `--raw` shows it. EVENT is an id from 'dateline
    events', its beginning, or the word 'latest'.

    \b
    Examples:
      dateline review accept latest
      dateline review change latest stage suspended --reason "for a year only"
      dateline review list
    """


def _options(function: Callable[..., Any]) -> Callable[..., Any]:
    function = click.option("--by", default=default_reviewer, help="Who says so (or set DATELINE_REVIEWER).")(
        function
    )
    return db_option(click.option("--reason", help="Why.")(function))


def _add(db: Path, **values: Any) -> None:
    with open_store(db) as store:
        if values["target_table"] == "events":
            values["target_id"] = full_event_id(store.db, values["target_id"])
        elif values["target_table"] == "event_actors":
            event, _, rest = values["target_id"].partition("/")
            values["target_id"] = f"{full_event_id(store.db, event)}/{rest}"
        if values.get("field") == "merged_into":
            values["value"] = full_event_id(store.db, values["value"])
        click.echo(add_review(store, Review(**values)))


@review.command()
@click.argument("event")
@_options
def accept(db: Path, event: str, by: str, reason: str | None) -> None:
    """Say that EVENT is right as the machine coded it."""
    _add(db, target_table="events", target_id=event, verdict="accept", reviewer=by, reason=reason)


@review.command()
@click.argument("event")
@_options
def reject(db: Path, event: str, by: str, reason: str | None) -> None:
    """Say that EVENT is none: it leaves every answer but those with --raw."""
    _add(db, target_table="events", target_id=event, verdict="reject", reviewer=by, reason=reason)


@review.command()
@click.argument("event")
@click.argument("field", type=click.Choice([name for name in CHANGEABLE if name != "merged_into"]))
@click.argument("value")
@_options
def change(db: Path, event: str, field: str, value: str, by: str, reason: str | None) -> None:
    """Give FIELD of EVENT another VALUE ("" for none); commodities are names with commas between."""
    _add(
        db, target_table="events", target_id=event, verdict="change", field=field, value=value, reviewer=by,
        reason=reason,
    )  # fmt: skip


@review.command()
@click.argument("event")
@click.argument("side", type=click.Choice(["actor", "recipient"]))
@click.argument("number", type=click.IntRange(0))
@click.argument("entity")
@_options
def link(db: Path, event: str, side: str, number: int, entity: str, by: str, reason: str | None) -> None:
    """Say who party NUMBER (from 0) on a SIDE of EVENT is: an id as in 'dateline actors', or "" for nobody known."""
    _add(
        db, target_table="event_actors", target_id=f"{event}/{side}/{number}", verdict="change", field="entity_id",
        value=entity, reviewer=by, reason=reason,
    )  # fmt: skip


@review.command()
@click.argument("event")
@click.argument("other")
@_options
def merge(db: Path, event: str, other: str, by: str, reason: str | None) -> None:
    """Say that OTHER is the same happening as EVENT, which takes its reports."""
    _add(
        db, target_table="events", target_id=other, verdict="change", field="merged_into", value=event,
        reviewer=by, reason=reason,
    )  # fmt: skip


@review.command()
@click.argument("mention")
@_options
def split(db: Path, mention: str, by: str, reason: str | None) -> None:
    """Say that the report MENTION (its id in 'dateline explain') tells another happening than its event."""
    _add(db, target_table="event_mentions", target_id=mention, verdict="reject", reviewer=by, reason=reason)


@review.command()
@click.argument("review_id", metavar="REVIEW")
@_options
def withdraw(db: Path, review_id: str, by: str, reason: str | None) -> None:
    """Take a review back; both stay on record."""
    _add(db, target_table="reviews", target_id=review_id, verdict="withdraw", reviewer=by, reason=reason)


@review.command("list")
@click.argument("event", required=False)
@format_option
@db_option
def show_list(db: Path, event: str | None, row_format: RowFormat) -> None:
    """All reviews, or those of EVENT, the latest first, and what became of each."""
    with open_store(db, "read") as store:
        wanted = full_event_id(store.db, event) if event else None
        if print_rows(list_reviews(store.db, wanted), LIST_COLUMNS, row_format) == 0:
            click.echo("No reviews yet. See 'dateline review --help'.", err=True)


@review.command()
@db_option
def gold(db: Path) -> None:
    """Print the reviewed sentences as gold, for 'dateline evaluate --task events --gold FILE'.

    Example:  dateline review gold > reviewed.jsonl
    """
    with open_store(db, "read") as store:
        count = 0
        for count, line in enumerate(gold_lines(store.db), 1):  # noqa: B007
            click.echo(orjson.dumps(line).decode())
    if not count:
        click.echo("No event has been reviewed yet. See 'dateline review --help'.", err=True)
