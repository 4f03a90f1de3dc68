"""Small news sites on loopback with a folder of declarations, and schedulers at work on them."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from tests.crawler.conftest import Answer, Site, make_source
from tests.dateline.program import PROGRAM

PATIENCE = 60.0
"""Seconds after which a test gives up waiting for something that must come."""


@dataclass
class Newsroom:
    """Sites by the id of their source, the folder that declares them, and a database."""

    sites: dict[str, Site]
    folder: Path
    db: Path

    def declare(self, source_id: str, **changes: object) -> None:
        source = make_source(self.sites[source_id], id=source_id, title=source_id, **changes)
        text = yaml.safe_dump(source.model_dump(mode="json", exclude={"id"}, exclude_defaults=True))
        (self.folder / f"{source_id}.yml").write_text(text)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """A scheduler in a process of its own."""
        return subprocess.Popen(
            [PROGRAM, "schedule", *arguments, "--sources", self.folder, "--allow-loopback", "--db", self.db],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200"},
        )


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    """Two sites of three articles each; their sources are `north` and `south`."""
    with ExitStack() as stack:
        sites = {name: stack.enter_context(Site()) for name in ("north", "south")}
        room = Newsroom(sites=sites, folder=tmp_path / "declared", db=tmp_path / "news.db")
        room.folder.mkdir()
        for first, (name, site) in enumerate(sites.items()):
            site.put_feed([site.put_article(10 * first + number) for number in range(3)])
            room.declare(name)
        yield room


def hang(site: Site, path: str, released: Callable[[], bool]) -> None:
    """Let a path answer only when released, or at the end of the test's patience."""

    def wait() -> Answer:
        deadline = time.monotonic() + PATIENCE
        while not released() and time.monotonic() < deadline:
            time.sleep(0.02)
        return Answer(b"late", 500)

    site.answers[path] = wait


def until(has_come: Callable[[], object], what: str) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + PATIENCE
    while not has_come():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)
