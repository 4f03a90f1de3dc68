"""A long export of spaCy documents that was killed goes on from the last file that it had noted."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

import nlp.docbin
from db.exporting import dataset
from db.exporting.dataset import export_dataset
from db.query import EventQuery
from db.store import open_store
from tests.dateline.exporting.exports import Exports

KILLED = """
import os, signal, sys
from pathlib import Path
import dateline.exporting, nlp.docbin
from db.exporting import dataset
from db.query import EventQuery
from db.store import open_store

written = []
def describe(folder, name, rows):
    if len(written) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    written.append(name)
    return described(folder, name, rows)

described, nlp.docbin.described = nlp.docbin.described, describe
nlp.docbin.PER_FILE, dataset.NOTE_EVERY = 3, 0
with open_store(Path(sys.argv[1]), "read") as store:
    dataset.export_dataset(store, Path(sys.argv[2]), "spacy", EventQuery())
"""


def test_files_that_were_noted_are_not_made_again(
    exports: Exports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, exports.db, tmp_path / "out"], timeout=240)
    assert killed.returncode == -signal.SIGKILL
    made: list[str] = []

    def as_doc(*arguments):  # type: ignore[no-untyped-def]
        made.append(arguments[1].id)
        return original(*arguments)

    original = nlp.docbin.as_doc
    monkeypatch.setattr(nlp.docbin, "as_doc", as_doc)
    monkeypatch.setattr(nlp.docbin, "PER_FILE", 3)
    monkeypatch.setattr(dataset, "NOTE_EVERY", 0)
    counts = []
    for folder in (tmp_path / "out", tmp_path / "new"):
        made.clear()
        with open_store(exports.db, "read") as store:
            export_dataset(store, folder, "spacy", EventQuery())
        counts.append(len(made))
    # Four files of three documents each stood.
    assert counts == [exports.counts()["articles"] - 3 * 4, exports.counts()["articles"]]
    for path in (tmp_path / "new").iterdir():
        assert (tmp_path / "out" / path.name).read_bytes() == path.read_bytes(), path.name
