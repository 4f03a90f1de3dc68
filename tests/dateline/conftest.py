"""The demonstration, run once by the real program; tests that change it work on a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.dateline.program import dateline

HERE = Path(__file__).parent


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


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The newsroom's addresses are fixed ports, so only one demonstration can run at a time."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.xdist_group("newsroom"))
