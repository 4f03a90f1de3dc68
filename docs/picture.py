"""Draws the demonstration's report as docs/report.svg: `python docs/picture.py [DATABASE]`."""

from __future__ import annotations

import io
import re
import sys
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme

from dateline.report import print_report
from db.store import open_store

TARGET = Path(__file__).with_name("report.svg")
THEME = TerminalTheme(
    (250, 250, 248),
    (40, 42, 46),
    [
        (40, 42, 46),
        (181, 38, 50),
        (22, 120, 70),
        (150, 100, 0),
        (30, 90, 170),
        (120, 60, 150),
        (0, 120, 130),
        (90, 90, 90),
    ],
    [
        (90, 92, 96),
        (181, 38, 50),
        (22, 120, 70),
        (150, 100, 0),
        (30, 90, 170),
        (120, 60, 150),
        (0, 120, 130),
        (20, 20, 20),
    ],
)


def draw(database: Path) -> str:
    """The report on a database as SVG that needs no font from elsewhere."""
    console = Console(record=True, width=132, file=io.StringIO(), force_terminal=True)
    with open_store(database, "read") as store:
        print_report(store, console, db_argument="")
    svg = console.export_svg(title="dateline demo", theme=THEME, unique_id="dateline")
    return re.sub(r"@font-face \{.*?\}\s*", "", svg, flags=re.DOTALL).replace("Fira Code, ", "")


if __name__ == "__main__":
    TARGET.write_text(draw(Path(sys.argv[1] if len(sys.argv) > 1 else "dateline.db")), encoding="utf-8")
    print(f"{TARGET} is drawn")
