"""`dateline export` by the real program: one line for what goes wrong, and nothing half done."""

from __future__ import annotations

import json
import resource
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.dateline.exporting.exports import Exports
from tests.dateline.program import PROGRAM, dateline


@pytest.mark.parametrize("name", ["jsonl", "parquet"])
def test_a_disk_that_takes_no_more_is_told_in_one_line(exports: Exports, tmp_path: Path, name: str) -> None:
    ran = subprocess.run(
        [PROGRAM, "export", tmp_path / "out", "--format", name, "--db", exports.db],
        capture_output=True,
        text=True,
        timeout=240,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (35_000, 35_000)),
    )
    assert ran.returncode == 1
    assert "writing failed" in ran.stderr.splitlines()[-1]
    assert "Traceback" not in ran.stderr
    assert not (tmp_path / "out/datapackage.json").exists()
    assert not list((tmp_path / "out").rglob("*.part"))
    again = dateline("export", tmp_path / "out", "--format", name, "--db", exports.db)
    assert again.returncode == 0, again.stderr
    for path in exports.of(name).iterdir():
        assert path.read_bytes() == (tmp_path / "out" / path.name).read_bytes(), path.name


def test_an_export_that_was_killed_leaves_nothing_that_looks_finished(
    exports: Exports, tmp_path: Path
) -> None:
    process = subprocess.Popen([PROGRAM, "export", tmp_path / "out", "--format", "brat", "--db", exports.db])
    deadline = time.monotonic() + 120
    while not list((tmp_path / "out").rglob("*.ann")) and time.monotonic() < deadline:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    ran = dateline("export", tmp_path / "out", "--format", "brat", "--db", exports.db)
    assert ran.returncode == 0, ran.stderr
    whole = {
        p.relative_to(exports.of("brat")): p.read_bytes()
        for p in exports.of("brat").rglob("*")
        if p.is_file()
    }
    assert {
        p.relative_to(tmp_path / "out"): p.read_bytes() for p in (tmp_path / "out").rglob("*") if p.is_file()
    } == whole


def test_since_takes_a_run_for_changes_and_a_day_for_events(exports: Exports, tmp_path: Path) -> None:
    [(run,)] = exports.rows("SELECT id FROM runs ORDER BY started LIMIT 1")
    ran = dateline("export", tmp_path / "changes", "--since", run, "--db", exports.db)
    assert ran.returncode == 0, ran.stderr
    changes = [json.loads(line) for line in (tmp_path / "changes/changes.jsonl").read_text().splitlines()]
    assert {(c["kind"], c["change"]) for c in changes} == {
        ("events", "added"), ("measures", "added"), ("articles", "added"),
    }  # fmt: skip
    assert len(changes) == sum(exports.counts()[kind] for kind in ("events", "measures", "articles"))
    ran = dateline("export", tmp_path / "late", "--since", "2025-11", "--db", exports.db)
    assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "late/changes.jsonl").exists()
    events = [json.loads(line) for line in (tmp_path / "late/events.jsonl").read_text().splitlines()]
    assert events
    assert all(event["day"] >= "2025-11" for event in events)


def test_the_difference_of_two_data_sets_is_told_in_words(exports: Exports, tmp_path: Path) -> None:
    chosen = dateline("export", tmp_path / "china", "--country", "CHN", "--format", "csv", "--db", exports.db)
    assert chosen.returncode == 0, chosen.stderr
    ran = dateline("export", "--diff", tmp_path / "china", exports.of("csv"))
    assert ran.returncode == 0, ran.stderr
    assert "Both were made of a store with the same content." in ran.stdout
    assert "The query differs: country = CHN, then everything." in ran.stdout
    assert "event added: " in ran.stdout
    assert "withdrawn" not in ran.stderr
    bad = dateline("export", "--diff", tmp_path, exports.of("csv"))
    assert (bad.returncode, "holds no data set" in bad.stderr) == (2, True)


def test_a_call_without_a_folder_is_a_usage_error(exports: Exports) -> None:
    ran = dateline("export", "--db", exports.db)
    assert ran.returncode == 2
    assert "name the FOLDER" in ran.stderr
