"""A soak in small: a scheduler that is killed, sources that misbehave, and a report that sees what is amiss."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

SOAK = Path(__file__).parents[2] / "benchmarks" / "soak.py"
SMALL = (
    "--sources",
    "4",
    "--days",
    "1",
    "--every",
    "4",
    "--minutes",
    "0.5",
    "--kills",
    "2",
    "--seed",
    "6",
    "--small",
)


def soak(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, SOAK, *arguments], capture_output=True, text=True, timeout=240, check=False
    )


@pytest.fixture(scope="module")
def soaked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("soak")
    ran = soak(*SMALL, "--keep", folder)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "No promise was broken." in ran.stdout
    assert " 0 to be kept" not in ran.stdout, "it promised nothing"
    return folder


def test_a_day_with_kills_and_faults_breaks_no_promise(soaked: Path) -> None:
    with closing(sqlite3.connect(soaked / "soak.db")) as db:
        assert db.execute("SELECT count(*) FROM articles").fetchone()[0] > 5
    assert len((soaked / "access.log").read_text().splitlines()) > 20


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE articles SET text = text || ' And more.' WHERE rowid = 1", "never published"),
        ("UPDATE articles SET removed = fetched WHERE removed IS NULL", "marked as removed and stands"),
        ("UPDATE articles SET url = replace(url, '/news/', '/none/')", "is missing"),
    ],
    ids=["another text", "falsely removed", "lost"],
)
def test_what_is_amiss_in_the_store_is_seen(soaked: Path, tmp_path: Path, damage: str, said: str) -> None:
    folder = tmp_path / "soak"
    shutil.copytree(soaked, folder)
    with closing(sqlite3.connect(folder / "soak.db")) as db, db:
        assert db.execute(damage).rowcount
    checked = soak("--again", folder)
    assert checked.returncode == 1 and said in checked.stdout, checked.stdout
