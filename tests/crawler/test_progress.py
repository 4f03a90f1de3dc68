"""What a crawl shows on a terminal while it goes on."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from crawler.sources import Source
from tests.crawler.conftest import Answer, Site

PROGRAM = "from dateline.cli import main; main()"
COLUMNS = ("found", "new", "fetched", "unchanged", "failed", "articles")


def on_terminal(arguments: list[str]) -> str:
    """What a command writes to a terminal on its standard error, without control sequences."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        stdout=subprocess.DEVNULL,
        stderr=theirs,
        env={**os.environ, "COLUMNS": "120", "TERM": "xterm"},
    )
    os.close(theirs)
    shown = b""
    with suppress(OSError):  # how a terminal ends
        while block := os.read(ours, 65536):
            shown += block
    os.close(ours)
    assert process.wait(60) == 0
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", shown.decode())


def test_every_source_has_a_line_of_numbers_that_rise_while_the_crawl_goes_on(
    site: Site, source: Source, db: Path, tmp_path: Path
) -> None:
    paths = [site.put_article(number) for number in range(40)]
    site.put("/news/story-99.htm", "gone", 404)
    site.put_feed([*paths, "/news/story-99.htm"])
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "toy.yml").write_text(source.model_dump_json(exclude={"id"}), encoding="utf-8")
    for path in paths:
        answer = site.answers[path]
        assert isinstance(answer, Answer)
    shown = on_terminal(["crawl", "--db", str(db), "--sources", str(folder), "--allow-loopback"])
    assert all(column in shown for column in COLUMNS)
    rows = [[int(n) for n in found] for found in re.findall(r"toy" + r"\s+(\d+)" * len(COLUMNS), shown)]
    assert rows[-1] == [41, 41, 40, 0, 1, 40]
    assert len({tuple(row) for row in rows}) > 2, "the numbers came only at the end"
    assert rows == sorted(rows)
