"""The options that commands share, and how a command shows its rows."""

from __future__ import annotations

import csv
import io
import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Literal, TypeVar

import click
import orjson

Function = TypeVar("Function", bound=Callable[..., Any])
RowFormat = Literal["table", "json", "jsonl", "csv"]
FORMATS = ("table", "json", "jsonl", "csv")
SHORT_CELL = 13
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""What a spreadsheet would run, apostrophes before it or not: with one more it can be taken off again."""


def db_option(function: Function) -> Function:
    """Add `--db PATH`, which reaches the command as `db: Path`."""
    return click.option(
        "--db",
        type=click.Path(dir_okay=False, path_type=Path),
        default=Path("dateline.db"),
        envvar="DATELINE_DB",
        show_default=True,
        help="The database (or set DATELINE_DB).",
    )(function)


def format_option(function: Function) -> Function:
    """Add `--format` and `--json`, which reach the command as `row_format: RowFormat`."""

    def as_json(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
        if value:
            context.params["row_format"] = "json"
        return value

    def keep_json(context: click.Context, parameter: click.Parameter, value: str) -> str:
        return "json" if context.params.get("row_format") == "json" else value

    function = click.option(
        "--json",
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=as_json,
        help="Same as --format json.",
    )(function)
    return click.option(
        "--format",
        "row_format",
        type=click.Choice(FORMATS),
        default="table",
        callback=keep_json,
        show_default=True,
        help="How to print the rows.",
    )(function)


def print_rows(
    rows: Iterable[dict[str, Any]], columns: Sequence[str], row_format: RowFormat, *, title: str | None = None
) -> int:
    """Print rows on stdout and return how many there were.

    A table shows `columns` only; json, jsonl and csv hold every key of the rows. CSV cells that a
    spreadsheet would run as a formula get a leading apostrophe.
    """
    if row_format == "jsonl":
        count = 0
        for row in rows:
            sys.stdout.write(orjson.dumps(row).decode() + "\n")
            count += 1
        return count
    kept = list(rows)
    if row_format == "json":
        sys.stdout.write(orjson.dumps(kept, option=orjson.OPT_INDENT_2).decode() + "\n")
    elif row_format == "csv":
        sys.stdout.write(csv_text(kept, list(kept[0]) if kept else columns))
    else:
        _print_table(kept, columns, title)
    return len(kept)


def csv_text(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> str:
    """The rows as CSV with a header line; lists and objects as JSON, no cell a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    for row in rows:
        writer.writerow([csv_cell(row.get(column)) for column in columns])
    return out.getvalue()


def csv_cell(value: Any) -> Any:
    """One value as a CSV cell that no spreadsheet runs as a formula."""
    if isinstance(value, (list, tuple, dict)):
        value = orjson.dumps(value).decode()
    if isinstance(value, str) and _FORMULA.match(value):
        return "'" + value
    return value


def cell_value(cell: str) -> str:
    """The text that `csv_cell` made a cell of."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell


def plain_text(value: Any) -> str:
    """One value as a person reads it in a table: no brackets, no `None`, whole numbers without `.0`."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:,.10g}"
    if isinstance(value, (list, tuple)):
        return ", ".join(plain_text(item) for item in value)
    return str(value)


def readable_amount(value: float, unit: str) -> str:
    """A figure as a newspaper prints it: "16.6 billion dollar", "6,538 metric ton", "3.8 %"."""
    unit = "%" if unit == "percentage" else unit
    for size, word in ((1e12, "trillion"), (1e9, "billion"), (1e6, "million")):
        if abs(value) >= size:
            return f"{value / size:,.4g} {word} {unit}".rstrip()
    return f"{value:,.10g} {unit}".rstrip()


def _print_table(rows: Sequence[dict[str, Any]], columns: Sequence[str], title: str | None) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=title, title_justify="left", header_style="bold", box=box.SIMPLE_HEAD, pad_edge=False)
    table.collapse_padding = True
    console = Console() if sys.stdout.isatty() else Console(width=_piped_width())
    widths = {
        column: max((len(plain_text(row.get(column))) for row in rows), default=0) for column in columns
    }
    whole = sum(max(width, len(column)) for column, width in widths.items() if width <= SHORT_CELL)
    wide = sum(width > SHORT_CELL for width in widths.values())
    fits = whole + wide * SHORT_CELL + 2 * len(columns) <= console.width
    for column in columns:
        values = [row.get(column) for row in rows]
        numeric = bool(rows) and all(isinstance(value, (int, float, type(None))) for value in values)
        # Dates, codes and ids stay whole; the columns that hold sentences and lists share what is left.
        short = fits and widths[column] <= SHORT_CELL
        table.add_column(
            column.replace("_", " "),
            justify="right" if numeric else "left",
            overflow="fold",
            no_wrap=short,
            min_width=SHORT_CELL if fits and not short else None,
        )
    for row in rows:
        table.add_row(*(Text(plain_text(row.get(column))) for column in columns))
    console.print(table)


def _piped_width() -> int:
    import os

    return max(int(os.environ.get("COLUMNS", "120")), 100)


def codebook_option(function: Function) -> Function:
    """Add `--codebook FILE`: for the whole program, the shipped codebook is extended by the file."""

    def use(context: click.Context, parameter: click.Parameter, value: Path | None) -> None:
        from db.codebook import VARIABLE, load_codebook

        if value is not None:
            load_codebook(value)  # what is wrong with it is told before any work begins
            os.environ[VARIABLE] = str(value.absolute())

    return click.option(
        "--codebook",
        type=click.Path(dir_okay=False, path_type=Path),
        envvar="DATELINE_CODEBOOK",
        expose_value=False,
        callback=use,
        help="A file of your own that extends the codebook (or set DATELINE_CODEBOOK).",
    )(function)
