"""The demonstration, run once by the real program; tests that change it work on a copy."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.dateline.program import dateline


@pytest.fixture(scope="session", autouse=True)
def ports() -> Iterator[None]:
    """Two ports of this session's own: the addresses of the newsroom stay the same from test to test."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        free = f"{first.getsockname()[1]},{second.getsockname()[1]}"
    os.environ["DATELINE_DEMO_PORTS"] = free
    yield
    del os.environ["DATELINE_DEMO_PORTS"]


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database that holds the demonstration, to be read only."""
    folder = tmp_path_factory.mktemp("demo")
    ran = dateline("demo", folder=folder)
    assert ran.returncode == 0, ran.stderr
    (folder / "report.txt").write_text(ran.stdout)
    return folder / "dateline.db"


@pytest.fixture
def demo_copy(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demonstration's folder, for tests that write."""
    shutil.copytree(demo.parent, tmp_path / "copy")
    return tmp_path / "copy" / "dateline.db"
