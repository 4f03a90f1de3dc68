"""A data set's folder holds what its package names and nothing else, whenever an export was killed."""

from __future__ import annotations

import json
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from db.errors import InputFileError, WorkError
from db.exporting.dataset import Options, export_dataset
from db.exporting.files import told_failures
from db.exporting.workplace import UNFINISHED, working_in
from db.merge import merge_events
from db.query import EventQuery
from db.store import Store
from tests.db.world import ban, put_article, tag

TEXT = "{} banned exports of rare earths, it said."
NAMES = {"CHN": "China", "JPN": "Japan", "IDN": "Indonesia"}
DYING = """
import os, signal, sys
from pathlib import Path
from db.exporting import files, workplace
from db.exporting.dataset import Options, export_dataset
from db.query import EventQuery
from db.store import open_store

db, folder, name, place, number = sys.argv[1:]
left = int(number)

def dying(function):
    def call(*arguments, **names):
        global left
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments, **names)
    return call

if place == "write":
    Path.replace = dying(Path.replace)
else:
    setattr(workplace, place, dying(getattr(workplace, place)))
with open_store(Path(db), "read") as store:
    export_dataset(store, Path(folder), name, EventQuery(), Options(partition="month"))
"""


@pytest.fixture
def filled(store: Store) -> Store:
    for number, (code, name) in enumerate(NAMES.items()):
        text = TEXT.format(name)
        put_article(store, code.lower(), text, published=f"2025-0{number + 1}-20T02:00:00Z")
        tag(store, code.lower(), ban(text, code))
    merge_events(store)
    return store


def kill(store: Store, folder: Path, name: str, place: str, number: int) -> None:
    """Have an export killed in its `number`th write, move or removal of a file."""
    command = [sys.executable, "-c", DYING, store.path, folder, name, place, str(number)]
    assert subprocess.run(list(map(str, command)), timeout=120).returncode == -signal.SIGKILL


def files(folder: Path) -> dict[str, bytes]:
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def named(folder: Path) -> set[str]:
    """What the package names, and itself."""
    package = json.loads((folder / "datapackage.json").read_text())
    return {file["path"] for file in package["resources"]} | {"datapackage.json"}


@pytest.mark.parametrize(
    ("name", "place", "number"),
    [
        ("brat", "write", 5),
        ("brat", "_move", 4),
        ("parquet", "write", 12),
        ("web-annotation", "_move", 2),
        ("stata", "write", 9),
        ("csv", "_move", 20),
    ],
)
def test_an_export_of_another_format_clears_away_what_a_killed_one_left(
    filled: Store, tmp_path: Path, name: str, place: str, number: int
) -> None:
    folder = tmp_path / "out"
    kill(filled, folder, name, place, number)
    assert files(folder)
    assert not (folder / "datapackage.json").exists()
    export_dataset(filled, folder, "jsonl", EventQuery())
    assert set(files(folder)) == named(folder)
    assert not (folder / UNFINISHED).exists()


@pytest.mark.parametrize(("place", "number"), [("write", 7), ("_move", 3), ("_move", 11)])
def test_the_same_export_goes_on_and_gives_the_same_bytes(
    filled: Store, tmp_path: Path, place: str, number: int
) -> None:
    options = Options(partition="month")
    kill(filled, tmp_path / "out", "brat", place, number)
    for folder in (tmp_path / "out", tmp_path / "new"):
        export_dataset(filled, folder, "brat", EventQuery(), options)
    assert files(tmp_path / "out") == files(tmp_path / "new")


@pytest.mark.parametrize("number", [0, 3])
def test_killed_while_it_clears_an_earlier_data_set_away(filled: Store, tmp_path: Path, number: int) -> None:
    folder = tmp_path / "out"
    export_dataset(filled, folder, "brat", EventQuery())
    kill(filled, folder, "csv", "_remove", number)
    assert not (folder / "datapackage.json").exists()
    export_dataset(filled, folder, "csv", EventQuery())
    assert set(files(folder)) == named(folder)


def test_a_file_put_into_a_data_set_is_neither_lost_nor_left_unnamed(filled: Store, tmp_path: Path) -> None:
    export_dataset(filled, tmp_path / "out", "csv", EventQuery())
    before = files(tmp_path / "out")
    (tmp_path / "out/thesis.txt").write_text("years of work")
    with pytest.raises(WorkError, match=r"holds other files \(thesis\.txt\)\. Move them away"):
        export_dataset(filled, tmp_path / "out", "jsonl", EventQuery())
    assert files(tmp_path / "out") == {**before, "thesis.txt": b"years of work"}


def test_two_exports_do_not_write_to_one_folder(filled: Store, tmp_path: Path) -> None:
    with working_in(tmp_path / "out", "mine"):
        with pytest.raises(WorkError, match="another export is writing to"):
            export_dataset(filled, tmp_path / "out", "csv", EventQuery())


def test_a_file_is_no_folder(filled: Store, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputFileError, match="cannot be used as a folder"):
        export_dataset(filled, tmp_path / "out", "csv", EventQuery())
    assert (tmp_path / "out").read_text() == "a file"


def test_a_folder_may_have_any_name(filled: Store, tmp_path: Path) -> None:
    folder = tmp_path / "dữ liệu 数据 🇻🇳" / "đất hiếm"
    export_dataset(filled, folder, "csv", EventQuery())
    assert set(files(folder)) == named(folder)


def test_no_room_to_sort_in_is_told_with_the_remedy(tmp_path: Path) -> None:
    with (
        pytest.raises(WorkError, match=r"^there is no room .* Set SQLITE_TMPDIR"),
        told_failures(tmp_path),
        closing(sqlite3.connect(":memory:")) as db,
    ):
        db.execute("PRAGMA max_page_count = 2")
        db.execute("CREATE TABLE sorted AS SELECT randomblob(100000)")
