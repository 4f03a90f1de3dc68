"""Batches over processes: in order, and a killed worker costs nothing."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from db.errors import WorkError
from nlp.workers import map_batches


def double(setting: str, batch: int) -> str:
    return f"{setting}{2 * batch}"


def die_once(folder: str, batch: int) -> int:
    mark = Path(folder) / "died"
    if batch == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return batch


def always_die(setting: str, batch: int) -> int:
    os.kill(os.getpid(), signal.SIGKILL)
    return batch


def test_results_come_in_the_order_of_the_batches() -> None:
    assert list(map_batches(double, range(20), workers=2, setting="=")) == [
        (n, f"={2 * n}") for n in range(20)
    ]


def test_a_killed_worker_costs_no_batch_and_doubles_none(tmp_path: Path) -> None:
    results = list(map_batches(die_once, range(8), workers=2, setting=str(tmp_path)))
    assert results == [(n, n) for n in range(8)] and (tmp_path / "died").exists()


def test_a_batch_that_kills_every_worker_is_an_error_and_no_endless_loop() -> None:
    with pytest.raises(WorkError, match="died"):
        list(map_batches(always_die, range(2), workers=1, setting=""))
