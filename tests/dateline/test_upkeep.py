"""What keeps a store safe over the years: backups in turn, verification, a run log that does not grow for ever."""

from __future__ import annotations

import asyncio
import json
import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from dateline.scheduling.plan import Settings, make_jobs
from dateline.scheduling.supervisor import Supervisor
from db.clock import present
from db.frontier import timestamp
from db.jobs import JobState, enrol, job_states
from db.store import open_store
from db.upkeep import REMEMBERED, back_up_in_turn, last_upkeep, tidy_run_log
from db.verification import content_hash
from tests.dateline.program import dateline


def do_now(db: Path, folder: Path, *names: str) -> dict[str, JobState]:
    """These jobs, which are due now, by a scheduler with nothing to crawl."""
    settings = Settings(db=db, backups=folder)
    jobs = {name: job for name, job in make_jobs({}, settings).items() if name in names}
    with open_store(db) as store:
        enrol(store, dict.fromkeys(names, present()))
    asyncio.run(Supervisor(jobs, settings, poll=0.1).run_round())
    with open_store(db, "read") as store:
        return job_states(store, names)


def test_the_scheduler_backs_up_and_verifies_and_status_knows(demo_copy: Path, tmp_path: Path) -> None:
    ended = do_now(demo_copy, tmp_path / "safe", "backup", "verify", "tidy")
    assert {state.outcome for state in ended.values()} == {"done"}, ended
    status = json.loads(dateline("status", "--json", "--db", demo_copy).stdout)
    assert status["upkeep"]["backup"]["ok"] and status["upkeep"]["verify"]["ok"]
    copy = tmp_path / "safe" / demo_copy.name
    with open_store(copy, "read") as restored, open_store(demo_copy, "read") as original:
        assert content_hash(restored.db) == content_hash(original.db)
    assert dateline("verify", "--db", copy).returncode == 0, "the restored copy has not all its witnesses"


def test_a_store_that_no_longer_holds_is_noted_and_status_says_so(demo_copy: Path, tmp_path: Path) -> None:
    with open_store(demo_copy) as store, store.transaction():
        store.db.execute("UPDATE mentions SET text = text || 'x' WHERE rowid = 1")
    ended = do_now(demo_copy, tmp_path, "verify")
    assert ended["verify"].outcome == "failed" and "1 faults" in (ended["verify"].message or "")
    with open_store(demo_copy, "read") as store:
        assert last_upkeep(store)["verify"]["ok"] is False
    status = dateline("status", "--db", demo_copy)
    assert status.returncode == 1 and "the last verify" in status.stdout


def test_of_many_backups_the_last_are_kept_and_each_can_be_restored(
    demo_copy: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(4):
        monkeypatch.setenv("DATELINE_CLOCK", f"2025-10-2{day}T03:30:00+00:00 {present().timestamp()} 0")
        back_up_in_turn(demo_copy, tmp_path / "safe", keep=2)
        with open_store(demo_copy) as store:
            store.start_run(f"day {day}")
    dated = sorted(path.name for path in (tmp_path / "safe").glob("dateline-2*.db"))
    assert dated == ["dateline-20251022T033000Z.db", "dateline-20251023T033000Z.db"]
    restored = tmp_path / "restored" / "dateline.db"
    restored.parent.mkdir()
    shutil.copy(tmp_path / "safe" / dated[0], restored)
    shutil.copytree(tmp_path / "safe" / "dateline-archive", restored.with_name("dateline-archive"))
    assert dateline("verify", "--db", restored).returncode == 0
    with open_store(restored, "read") as store:
        days = [
            row["command"] for row in store.db.query("SELECT command FROM runs WHERE command LIKE 'day%'")
        ]
    assert sorted(days) == ["day 0", "day 1"], "a later backup changed an earlier one"


def test_a_backup_that_fails_is_noted_and_leaves_the_one_before(demo_copy: Path, tmp_path: Path) -> None:
    folder = tmp_path / "safe"
    folder.write_text("not a folder")
    ended = do_now(demo_copy, folder, "backup")
    assert ended["backup"].outcome == "failed" and str(folder) in (ended["backup"].message or "")
    status = dateline("status", "--db", demo_copy)
    assert status.returncode == 1 and "the last backup" in status.stdout


def test_old_runs_without_news_are_forgotten_and_no_others(tmp_path: Path) -> None:
    now = present()
    old, young = timestamp(now - REMEMBERED - timedelta(days=1)), timestamp(now - timedelta(days=1))
    nothing, something = {"toy": {"found": 9, "articles_new": 0}}, {"toy": {"articles_new": 2}}
    rows = {
        "uneventful": (old, "done", nothing, None),
        "young": (young, "done", nothing, None),
        "brought": (old, "done", something, None),
        "told": (old, "done", nothing, "toy is unhealthy"),
        "failed": (old, "failed", nothing, None),
    }
    with open_store(tmp_path / "a.db") as store:
        for name, (started, status, counts, message) in rows.items():
            store.db.execute(
                "INSERT INTO runs (id, command, started, status, pid, counts, message)"
                " VALUES (?, 'run', ?, ?, 1, ?, ?)",
                [name, started, status, json.dumps(counts), message],
            )
        assert tidy_run_log(store, now) == 1
        left = {row["id"] for row in store.db.query("SELECT id FROM runs")}
    assert left == set(rows) - {"uneventful"}
