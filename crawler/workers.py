"""Reads many pages, in worker processes where asked, in their order.

A page that kills or stalls its worker becomes an article with an error, and the rest go on.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import chain, islice
from multiprocessing import forkserver
from typing import TYPE_CHECKING

from crawler.sources import Source
from db.model import Article

if TYPE_CHECKING:
    from crawler.extraction.page import Page

TIME_LIMIT = 30
"""Seconds for one page."""
FEW = 16
"""So many pages are read sooner than a worker has started."""
Work = tuple["Page", Source | None] | Article
"""A page with the source whose rules read it, or an article that is already there and only keeps its place."""


def default_workers() -> int:
    """One worker a processor that we may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def read_all(work: Iterable[Work], *, workers: int = 1) -> Iterator[Article]:
    """One article for each page, in the order of the pages."""
    pages = iter(work)
    first = list(islice(pages, FEW + 1))
    if workers <= 1 or len(first) <= FEW:
        for item in chain(first, pages):
            yield _read_in_time(item)
        return
    yield from read_in_pool(chain(first, pages), workers=workers)


def read_in_pool(work: Iterable[Work], *, workers: int) -> Iterator[Article]:
    """`read_all` in worker processes from the first page on, for whoever is not the main thread."""
    yield from _Pool(workers).read(iter(work))


def prepare_pool() -> None:
    """Begin to load what worker processes need, so that it is there when the first page is."""
    multiprocessing.get_context("forkserver").set_forkserver_preload(["crawler.preloaded"])
    forkserver.ensure_running()


class _Pool:
    """A pool of processes that is made anew when one of them dies."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._pool = self._start()

    def read(self, work: Iterator[Work]) -> Iterator[Article]:
        """Keep a few pages a worker under way; give the articles out in order."""
        under_way: deque[tuple[Work, Future[Article]]] = deque()
        try:
            for item in work:
                under_way.append((item, self._submit(item)))
                if len(under_way) >= 4 * self._workers:
                    yield self._next(under_way)
            while under_way:
                yield self._next(under_way)
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _next(self, under_way: deque[tuple[Work, Future[Article]]]) -> Article:
        item, future = under_way.popleft()
        try:
            return future.result()
        except BrokenProcessPool:
            self._restart(under_way)
            return self._alone(item)

    def _alone(self, item: Work) -> Article:
        """Read a page in a process of its own: if that dies too, the page is to blame."""
        with self._start(1) as pool:
            try:
                return pool.submit(_read_in_time, item).result()
            except BrokenProcessPool:
                page = item if isinstance(item, Article) else item[0]
                return Article(id=page.id, url=page.url, error="reading the page ended its process")

    def _submit(self, item: Work) -> Future[Article]:
        try:
            return self._pool.submit(_read_in_time, item)
        except BrokenProcessPool:
            broken: Future[Article] = Future()
            broken.set_exception(BrokenProcessPool())
            return broken

    def _restart(self, under_way: deque[tuple[Work, Future[Article]]]) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._pool = self._start()
        again = [(item, future if _is_read(future) else self._submit(item)) for item, future in under_way]
        under_way.clear()
        under_way.extend(again)

    def _start(self, workers: int | None = None) -> ProcessPoolExecutor:
        # Not fork: the program may have threads by now, and a lock copied while held is never released.
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["crawler.preloaded"])
        return ProcessPoolExecutor(workers or self._workers, mp_context=context)


def _is_read(future: Future[Article]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


class _OutOfTime(Exception):
    """A page took too long."""


def _read_in_time(item: Work) -> Article:
    from crawler.extraction.pages import read_article

    if isinstance(item, Article):
        return item
    page, source = item

    def stop(number: int, frame: object) -> None:
        raise _OutOfTime

    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        return read_article(page, source)
    former = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, TIME_LIMIT)
    try:
        return read_article(page, source)
    except _OutOfTime:
        return Article(id=page.id, url=page.url, error=f"reading took longer than {TIME_LIMIT} seconds")
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)
