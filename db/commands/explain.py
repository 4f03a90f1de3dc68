"""`dateline explain`: from an event back to the words, the rule and the archived page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from db.event_ids import full_event_id
from db.options import db_option
from db.provenance import explain_event
from db.store import open_store


@click.command()
@click.argument("event")
@click.option("--json", "as_json", is_flag=True, help="Print everything as JSON.")
@db_option
def explain(db: Path, event: str, as_json: bool) -> None:
    """Why an event is in the database: sentences, spans, rule, versions, archived pages.

    EVENT is an id from 'dateline events', its beginning, or the word 'latest'.

    Example:  dateline explain latest
    """
    with open_store(db, "read") as store:
        explained = explain_event(store, full_event_id(store.db, event))
    if as_json:
        import orjson

        click.echo(orjson.dumps(explained, option=orjson.OPT_INDENT_2).decode())
        return
    _show(explained)


def _show(explained: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(f"[bold]{escape(explained['headline'])}[/bold]  [dim]{explained['id']}[/dim]")
    for name, value in explained["coding"].items():
        console.print(f"  [dim]{name.replace('_', ' '):15}[/dim] {escape(value)}")
    for review in explained["reviews"]:
        console.print(f"  [dim]{'review':15}[/dim] {escape(_review_line(review))}")
    for number, mention in enumerate(explained["mentions"], 1):
        console.print(f"\n[bold]{number}. {escape(mention['title'] or '')}[/bold]")
        console.print(
            f"   {escape(mention['publisher'])}, {mention['published'] or 'no date'}  {escape(mention['url'])}"
        )
        sentence = Text("   “")
        sentence.append_text(_marked(mention))
        sentence.append("”")
        console.print(sentence)
        for name, value in mention["why"].items():
            console.print(f"   [dim]{name:12}[/dim] {escape(value)}")
        console.print(f"   [dim]{'report':12} {mention['id']}[/dim]")


def _review_line(review: dict[str, Any]) -> str:
    """A review in words: "stage: in_force became suspended; mai, 2026-11-26: gazette"."""
    said = {"accept": "accepted", "reject": "rejected"}.get(review["verdict"], review["verdict"])
    if review["target_table"] == "event_mentions":
        said = f"report {review['target_id']} split off"
    elif review["field"]:
        said = (
            f"{review['field']}: {review['machine_value'] or 'nothing'} became {review['value'] or 'nothing'}"
        )
    state = "" if review["state"] == "in force" else f" ({review['state']})"
    reason = f": {review['reason']}" if review["reason"] else ""
    return f"{said}{state}; {review['reviewer']}, {review['reviewed'][:10]}{reason}"


def _marked(mention: dict[str, Any]) -> Any:
    """The sentence with the trigger and the parties marked in brackets and colour."""
    from rich.text import Text

    styles = {"trigger": "bold red", "actor": "bold green", "recipient": "bold blue"}
    out, at = Text(), 0
    sentence: str = mention["sentence"]
    for mark in mention["marks"]:
        if mark["start"] < at:
            continue
        out.append(sentence[at : mark["start"]])
        out.append(f"[{sentence[mark['start'] : mark['end']]}]", style=styles[mark["as"]])
        out.append(f"({mark['as']})", style="dim")
        at = mark["end"]
    out.append(sentence[at:])
    return out
