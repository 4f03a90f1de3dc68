"""Opening a database, also by several programs at once."""

from __future__ import annotations

import multiprocessing
import subprocess
import sys
from multiprocessing.synchronize import Barrier
from pathlib import Path

from db.store import open_store


def _open_and_write(path: Path, barrier: Barrier) -> None:
    barrier.wait(30)
    with open_store(path) as store:
        store.start_run("crawl")


def test_programs_that_open_a_new_database_at_once_all_find_it_made(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    for attempt in range(5):
        path, barrier = tmp_path / f"{attempt}.db", context.Barrier(4)
        processes = [context.Process(target=_open_and_write, args=(path, barrier)) for _ in range(4)]
        for process in processes:
            process.start()
        for process in processes:
            process.join(60)
        assert [process.exitcode for process in processes] == [0, 0, 0, 0]
        with open_store(path, "read") as store:
            assert store.db["runs"].count == 4


def test_what_only_exports_and_tagging_need_is_not_loaded_with_the_store() -> None:
    program = "import sys, crawler.crawl, dateline.scheduling.supervisor; print({'pandas', 'numpy'} & set(sys.modules))"
    ran = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "set()"
