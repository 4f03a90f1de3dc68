"""`dateline explain`: from an event back to the words, the rule and the archived page."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from db.empty_answers import why_none
from db.errors import NotFound
from db.options import db_option
from db.provenance import explain_event
from db.query import EventQuery, find_events
from db.store import Store, open_store


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
        explained = explain_event(store, _full_id(store, event))
    if as_json:
        import orjson

        click.echo(orjson.dumps(explained, option=orjson.OPT_INDENT_2).decode())
        return
    _show(explained)


def _full_id(store: Store, beginning: str) -> str:
    if beginning == "latest":
        latest = next(find_events(store.db, EventQuery(modality="actual", limit=1)), None)
        if latest is None:
            raise NotFound(why_none(store.db, EventQuery()))
        return str(latest["id"])
    ids = store.db.execute(
        "SELECT id FROM events WHERE substr(id, 1, length(?)) = ? LIMIT 3", [beginning, beginning]
    ).fetchall()
    if not ids:
        raise NotFound(f"there is no event {beginning} in {store.path}. See 'dateline events' for the ids")
    if len(ids) > 1:
        raise NotFound(
            f"several events begin with {beginning} ({', '.join(i[0] for i in ids)}). Write more of the id"
        )
    return str(ids[0][0])


def _show(explained: dict[str, Any]) -> None:
    from rich.console import Console
    from rich.markup import escape
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(f"[bold]{escape(explained['headline'])}[/bold]  [dim]{explained['id']}[/dim]")
    for name, value in explained["coding"].items():
        console.print(f"  [dim]{name.replace('_', ' '):15}[/dim] {escape(value)}")
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
