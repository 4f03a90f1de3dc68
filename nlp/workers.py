"""Spreads batches over worker processes, in order, and goes on when a worker is killed."""

from __future__ import annotations

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, TypeVar

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
    deaths = 0
    try:
        while True:
            try:
                while len(under_way) < 3 * workers and (batch := next(waiting, None)) is not None:
                    under_way.append((batch, _unsent()))
                _send(pool, function, setting, under_way)
                if not under_way:
                    return
                result = under_way[0][1].result()
            except BrokenProcessPool:
                deaths += 1
                if deaths >= _TRIES:
                    raise WorkError(
                        f"a worker process died {deaths} times on the same texts. "
                        "Give the machine more memory, or use fewer workers"
                    ) from None
                pool.shutdown(wait=False, cancel_futures=True)
                pool = _new_pool(workers)
                under_way = deque((batch, _unsent()) for batch, _ in under_way)
                continue
            deaths = 0
            yield under_way.popleft()[0], result
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _unsent() -> Future[Any]:
    """A future that no pool knows yet: it is cancelled, which no future under way ever is."""
    future: Future[Any] = Future()
    future.cancel()
    return future


def _send(
    pool: ProcessPoolExecutor,
    function: Callable[[str, Batch], Result],
    setting: str,
    under_way: deque[tuple[Batch, Future[Result]]],
) -> None:
    for place, (batch, future) in enumerate(under_way):
        if future.cancelled():
            under_way[place] = (batch, pool.submit(function, setting, batch))


def _new_pool(workers: int) -> ProcessPoolExecutor:
    # Not fork: a forked child inherits locks of threads that it does not have.
    return ProcessPoolExecutor(workers, mp_context=multiprocessing.get_context("spawn"))
