"""What processes take up, read from /proc while they run: memory and open file handles over time."""

from __future__ import annotations

import contextlib
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

PAUSE = 1.0
"""Seconds between two looks."""
PAGE_KB = 4
ENOUGH = 60
"""Fewer points say nothing of a trend."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One process at one look; `kind` is "scheduler", or the module that a child runs."""

    at: float
    pid: int
    kind: str
    kilobytes: int
    handles: int


class Watch:
    """Looks at the schedulers that are alive, and at all they have started, until it is stopped."""

    def __init__(self, schedulers: Callable[[], list[int]]) -> None:
        self.samples: list[Sample] = []
        self._schedulers, self._begun = schedulers, time.monotonic()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ended.set()
        self._thread.join()

    def as_rows(self) -> list[dict[str, object]]:
        return [asdict(sample) for sample in self.samples]

    def _run(self) -> None:
        while not self._ended.wait(PAUSE):
            at = time.monotonic() - self._begun
            below = children()
            for scheduler in self._schedulers():
                self._look(at, scheduler, "scheduler")
                for pid in descendants(scheduler, below):
                    self._look(at, pid, _module(pid))

    def _look(self, at: float, pid: int, kind: str) -> None:
        with contextlib.suppress(OSError, IndexError, ValueError):
            resident = int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE_KB
            handles = sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir())
            self.samples.append(Sample(round(at, 1), pid, kind, resident, handles))


def children() -> dict[int, list[int]]:
    """The numbers of the processes that each process has started."""
    found: dict[int, list[int]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            parent = int(stat.read_text(errors="replace").rpartition(")")[2].split()[1])
            found.setdefault(parent, []).append(int(stat.parent.name))
    return found


def descendants(pid: int, below: dict[int, list[int]]) -> Iterator[int]:
    """What a process has started, and what that has."""
    waiting = list(below.get(pid, []))
    while waiting:
        child = waiting.pop()
        yield child
        waiting.extend(below.get(child, []))


def _module(pid: int) -> str:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_text(errors="replace").split("\0")
        if "-m" in words:
            return words[words.index("-m") + 1]
    return "other"


@dataclass(frozen=True, slots=True)
class Trend:
    """How a figure went over time: its median at first and at last, and its slope an hour."""

    first: float
    last: float
    slope: float
    count: int


def trend(points: list[tuple[float, float]]) -> Trend | None:
    """The trend of a figure at moments in seconds; None for too few of them."""
    if len(points) < ENOUGH:
        return None
    third = len(points) // 3
    moments, figures = zip(*points, strict=True)
    slope = statistics.linear_regression(moments, figures).slope if len(set(moments)) > 1 else 0.0
    return Trend(
        first=statistics.median(figures[:third]),
        last=statistics.median(figures[-third:]),
        slope=slope * 3600,
        count=len(points),
    )


def longest_run(samples: list[Sample]) -> list[Sample]:
    """The samples of the scheduler that lived longest, without its first tenth, in which it warms up."""
    runs: dict[int, list[Sample]] = {}
    for sample in samples:
        if sample.kind == "scheduler":
            runs.setdefault(sample.pid, []).append(sample)
    run = max(runs.values(), key=len, default=[])
    return run[len(run) // 10 :]


def peaks(samples: list[Sample], kind: str) -> list[tuple[float, float]]:
    """Of each child of a kind: when it was last seen, and the most kilobytes that it held."""
    most: dict[int, tuple[float, float]] = {}
    for sample in samples:
        if sample.kind == kind:
            before = most.get(sample.pid, (0.0, 0.0))
            most[sample.pid] = (sample.at, max(before[1], float(sample.kilobytes)))
    return sorted(most.values())
