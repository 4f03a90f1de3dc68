"""`dateline export` by the real program: one line for what goes wrong, and nothing half done."""

from __future__ import annotations

import json
import re
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


def test_since_asks_for_changes_by_run_or_day_and_from_for_events_of_a_day_on(
    exports: Exports, tmp_path: Path
) -> None:
    [(run, day)] = exports.rows("SELECT id, substr(started, 1, 10) FROM runs ORDER BY started LIMIT 1")
    for since in (run, day):
        ran = dateline("export", tmp_path / since, "--since", since, "--db", exports.db)
        assert ran.returncode == 0, ran.stderr
        lines = (tmp_path / since / "changes.jsonl").read_text().splitlines()
        changes = [json.loads(line) for line in lines]
        assert {(c["kind"], c["change"]) for c in changes} == {
            ("events", "added"), ("measures", "added"), ("articles", "added"),
        }  # fmt: skip
        assert len(changes) == sum(exports.counts()[kind] for kind in ("events", "measures", "articles"))
        assert (f"write --from {since}" in ran.stderr) == (since == day)
    ran = dateline("export", tmp_path / "late", "--from", "2025-11", "--db", exports.db)
    assert ran.returncode == 0, ran.stderr
    assert not (tmp_path / "late/changes.jsonl").exists()
    events = [json.loads(line) for line in (tmp_path / "late/events.jsonl").read_text().splitlines()]
    assert events
    assert all(event["day"] >= "2025-11" for event in events)


def test_a_span_of_days_copied_from_a_question_is_not_taken_for_changes(
    exports: Exports, tmp_path: Path
) -> None:
    span = ("--since", "2025-10", "--until", "2025-11")
    ran = dateline("export", tmp_path / "out", *span, "--db", exports.db)
    assert ran.returncode == 2
    assert "write --from 2025-10 --until 2025-11" in ran.stderr
    assert not (tmp_path / "out").exists()


def test_the_difference_of_two_data_sets_is_told_in_words(exports: Exports, tmp_path: Path) -> None:
    chosen = dateline("export", tmp_path / "china", "--country", "CHN", "--format", "csv", "--db", exports.db)
    assert chosen.returncode == 0, chosen.stderr
    ran = dateline("export", "--diff", tmp_path / "china", exports.of("csv"))
    assert ran.returncode == 0, ran.stderr
    assert "Both were made of a store with the same content." in ran.stdout
    assert "The query differs: country = CHN, then everything." in ran.stdout
    added = re.findall(r"^event added: (\S+) .*\((\w+)\)$", ran.stdout, re.MULTILINE)
    assert len({day for day, _ in added}) > 5
    days = dict(exports.rows("SELECT id, day FROM events"))
    assert [one for _, one in added] == sorted((one for _, one in added), key=lambda one: (days[one], one))
    assert "event added: " in ran.stdout
    assert "withdrawn" not in ran.stderr
    update = dateline(
        "export", tmp_path / "update", "--since", exports.of("csv"), "--format", "csv", "--db", exports.db
    )
    assert update.returncode == 0, update.stderr
    bad = dateline("export", "--diff", exports.of("csv"), tmp_path / "update")
    assert (bad.returncode, "holds only what changed since" in bad.stderr) == (2, True)
    bad = dateline("export", "--diff", tmp_path, exports.of("csv"))
    assert (bad.returncode, "holds no data set" in bad.stderr) == (2, True)


def test_a_call_without_a_folder_is_a_usage_error(exports: Exports) -> None:
    ran = dateline("export", "--db", exports.db)
    assert ran.returncode == 2
    assert "name the FOLDER" in ran.stderr


def test_a_limit_takes_the_last_reported_events(exports: Exports, tmp_path: Path) -> None:
    ran = dateline("export", tmp_path / "out", "--limit", "3", "--db", exports.db)
    assert ran.returncode == 0, ran.stderr
    asked = dateline("events", "--limit", "3", "--format", "jsonl", "--db", exports.db)
    ids = [
        {json.loads(line)["id"] for line in lines.splitlines()}
        for lines in (asked.stdout, (tmp_path / "out/events.jsonl").read_text())
    ]
    assert ids[0] == ids[1]
    assert len(ids[0]) == 3
