"""The report that a person reads after the demonstration: collected, events, measures, figures, what next."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from db.event_rows import event_line
from db.options import plain_text, readable_amount
from db.query import EventQuery, find_events
from db.store import Store
from db.world import find_measures, find_observations

MAIN_EVENTS = 10
MAIN_FIGURES = 14
QUAD_STYLES = {0: "cyan", 1: "green", 2: "bold green", 3: "yellow", 4: "bold red"}
QUAD_NAMES = {
    0: "domestic policy",
    1: "verbal cooperation",
    2: "material cooperation",
    3: "verbal conflict",
    4: "material conflict",
}


def print_report(store: Store, console: Console, *, db_argument: str) -> None:
    """Print the report on what the store holds; `db_argument` is how the user names this database."""
    console.print(_collected(store))
    console.print(_main_events(store))
    console.print(_measures(store))
    console.print(_figures(store))
    console.print(_next_commands(db_argument))


def main_events(store: Store, number: int = MAIN_EVENTS) -> list[dict[str, Any]]:
    """The events that most publishers and articles report, then those about a measure, then the latest."""

    def weight(event: dict[str, Any]) -> tuple[Any, ...]:
        return (
            event["modality"] in ("actual", "future"),
            event["n_independent_sources"],
            event["n_articles"],
            event["instrument"] is not None,
            abs(event["plover_score"] or 0),
            event["day"] or "",
        )

    return sorted(find_events(store.db, EventQuery()), key=weight, reverse=True)[:number]


def _collected(store: Store) -> Group:
    table = Table(title="What was collected", title_justify="left", header_style="bold")
    for name in ("source", "publisher", "articles", "copies", "languages", "from", "to"):
        table.add_column(name, justify="right" if name in ("articles", "copies") else "left")
    rows = store.db.execute(
        "SELECT s.title, s.publisher, count(*), count(a.duplicate_of), group_concat(DISTINCT a.language),"
        " min(substr(a.published, 1, 10)), max(substr(a.published, 1, 10))"
        " FROM articles a JOIN sources s ON s.id = a.source_id GROUP BY s.id ORDER BY s.id"
    )
    for row in rows:
        table.add_row(*(plain_text(value) for value in row))
    counts = {
        name: store.db.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
        for name in ("entities", "mentions", "quantities", "dates", "events", "measures", "observations")
    }
    line = " · ".join(f"[bold]{number:,}[/bold] {name}" for name, number in counts.items())
    return Group(table, Text.from_markup(line), Text())


def _main_events(store: Store) -> Group:
    table = Table(title="The ten main events", title_justify="left", header_style="bold", show_lines=False)
    for name in ("date", "who", "what", "to whom", "about", "stage", "articles"):
        table.add_column(name, overflow="fold", justify="right" if name == "articles" else "left")
    for event in sorted(main_events(store), key=lambda e: e["day"] or ""):
        line = event_line(event)
        about = " on ".join(
            part.replace("_", " ") for part in (line["instrument"] or "", line["commodities"]) if part
        )
        kind = Text(event["event_type"], style=QUAD_STYLES[event["quad"]])
        if event["content_type"]:
            kind.append(f" {event['content_type']}", style="dim")
        if event["modality"] != "actual":
            kind.append(f" ({event['modality']})", style="italic")
        table.add_row(
            event["date"],
            line["actor"],
            kind,
            line["recipient"],
            about,
            plain_text(event["stage"]).replace("_", " "),
            str(event["n_articles"]),
        )
    key = Text("  ").join(Text(name, style=QUAD_STYLES[quad]) for quad, name in QUAD_NAMES.items())
    return Group(table, key, Text())


def _measures(store: Store) -> Group:
    day = store.db.execute("SELECT max(substr(published, 1, 10)) FROM articles").fetchone()[0]
    table = Table(title=f"Measures in force on {day}", title_justify="left", header_style="bold")
    for name in ("measure", "since", "history"):
        table.add_column(name, overflow="fold")
    for measure in find_measures(store.db, day, stage="in_force"):
        history = measure["history"].replace("_", " ")
        table.add_row(measure["measure"], plain_text(measure["since"]), history)
    return Group(table, Text())


def _figures(store: Store) -> Group:
    figures = find_observations(store.db)
    # A change says more than a level, a figure told twice more than one told once, goods more than none.
    figures.sort(
        key=lambda f: (f["change"] is None, -f["articles"], f["commodity"] is None, f["indicator"], f["id"])
    )
    shown = sorted(
        figures[:MAIN_FIGURES], key=lambda f: (plain_text(f["country"]), f["period"] or "", f["id"])
    )
    table = Table(title="Figures found", title_justify="left", header_style="bold")
    for name in ("what", "period", "value", "change", "in the words"):
        table.add_column(name, overflow="fold", justify="right" if name in ("value", "change") else "left")
    for figure in shown:
        what = " ".join(
            plain_text(part).replace("_", " ")
            for part in (figure["country"], figure["commodity"], figure["indicator"])
            if part
        )
        value = readable_amount(figure["value"], figure["unit"])
        table.add_row(what, plain_text(figure["period"]), value, plain_text(figure["change"]), figure["text"])
    rest = (
        f"{len(shown)} of {len(figures)}; all of them: dateline observations"
        if len(figures) > len(shown)
        else ""
    )
    return Group(table, Text(rest, style="dim"), Text())


def _next_commands(db_argument: str) -> Panel:
    lines = Text()
    for command, why in (
        (
            f"dateline measures --on 2025-10-20 --commodity rare_earths{db_argument}",
            "what was in force that day",
        ),
        (f"dateline explain latest{db_argument}", "why an event is here: sentence, rule, archived page"),
        (f'dateline search "tap can binh"{db_argument}', "full text, accents or not"),
    ):
        lines.append(command, style="bold cyan")
        lines.append(f"\n    {why}\n", style="dim")
    lines.rstrip()
    return Panel(lines, title="Try next", title_align="left", expand=False)


def db_argument(db: Path) -> str:
    """What a pasted command needs to find this database: nothing for the default one."""
    return "" if db == Path("dateline.db") else f" --db {db}"
