"""Spreads batches over worker processes, in order, and goes on when a worker is killed."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from db.errors import WorkError

Batch = TypeVar("Batch")
Result = TypeVar("Result")
_TRIES = 3


def map_batches(
    function: Callable[[str, Batch], Result], batches: Iterable[Batch], *, workers: int, setting: str
) -> Iterator[tuple[Batch, Result]]:
    """Each batch with `function(setting, batch)`, in the order of the batches, made by `workers` processes.

    When a worker dies (killed, out of memory) a new pool takes up the batches that were under way. A batch
    that has seen three pools die raises WorkError. At most three batches a worker are under way at once.
    """
    waiting = iter(batches)
    under_way: deque[tuple[Batch, Future[Result]]] = deque()
    pool = _new_pool(workers)
    tries = 0
    try:
        while True:
            while len(under_way) < 3 * workers and (batch := next(waiting, None)) is not None:
                under_way.append((batch, pool.submit(function, setting, batch)))
            if not under_way:
                return
            try:
                result = under_way[0][1].result()
            except BrokenProcessPool:
                tries += 1
                if tries >= _TRIES:
                    raise WorkError(
                        f"a worker process died {tries} times on the same texts; give them more memory or fewer workers"
                    ) from None
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _new_pool(workers)
                under_way = deque((batch, pool.submit(function, setting, batch)) for batch, _ in under_way)
                continue
            tries = 0
            yield under_way.popleft()[0], result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _new_pool(workers: int) -> ProcessPoolExecutor:
    # Not fork: a forked child inherits locks of threads that it does not have.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
