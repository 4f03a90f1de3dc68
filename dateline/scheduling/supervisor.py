"""Does the jobs that are due, several at a time, each in a process of its own, and notes what came of them."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import secrets
import signal
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, timedelta

from dateline.scheduling.cadence import new_rate, next_due
from dateline.scheduling.child import Child
from dateline.scheduling.plan import CRAWL, Job, Settings, due_jobs, has_work, share_places
from dateline.scheduling.ward import Result
from db.clock import moment_of, on_the_clock, present
from db.connection import file_identity, moved_away
from db.errors import StoreError, StoreLocked
from db.jobs import (
    JobState,
    Outcome,
    Settlement,
    beat,
    command_of,
    in_words,
    is_at_work,
    job_states,
    put_off,
    recover,
    retire,
    schedulers,
    settle,
    sign_in,
    sign_out,
    take,
)
from db.processes import process_mark
from db.run_log import latest_run
from db.store import Store, open_store

POLL = 1.0
"""Seconds between two looks at what is due."""
log = logging.getLogger("dateline.schedule")


class Supervisor:
    """A scheduler at work on one database. Of several, each job is done by one."""

    def __init__(
        self,
        jobs: Mapping[str, Job],
        settings: Settings,
        *,
        poll: float = POLL,
        renewed: Callable[[], Mapping[str, Job] | None] = lambda: None,
    ) -> None:
        """`renewed` gives the jobs anew when they have changed; it is asked at every look."""
        self.jobs = dict(jobs)
        self.settings = settings
        self._renewed = renewed
        self._file: tuple[int, int] | None = None
        self.holder = f"{process_mark()}/{secrets.token_hex(3)}"
        self._poll = poll
        # A living scheduler needs the machine's time to prolong it, however fast the clock of a rehearsal runs.
        self._lease = on_the_clock(settings.lease)
        self._under_way: dict[str, tuple[Child, asyncio.Task[None]]] = {}
        self._stopping = asyncio.Event()
        self._beaten = 0.0

    def stop(self) -> None:
        """Begin no more jobs and end those under way; they are due again at once."""
        self._stopping.set()

    async def run(self) -> None:
        """Do what is due until stopped. A database that another program holds for long is waited for.

        Raises StoreError when the database is no longer there, or no longer the same; nothing is begun in another.
        """
        with self._store() as store:
            if not self._tell_of_others(store):
                self._retire(store, job_states(store))
            sign_in(store, self.holder, present())
        with self._signals():
            try:
                while not self._stopping.is_set():
                    with self._patience():
                        self._renew()
                        self._recover()
                        self._begin_due()
                    await self._wait()
            finally:
                await self._end_all()
        with self._store() as store:
            sign_out(store, self.holder)

    async def run_round(self) -> list[JobState]:
        """Do each job that is due now once, then what they give others to do; returns how they ended."""
        with self._signals():
            self._recover()
            with self._store() as store:
                if not self._tell_of_others(store):
                    self._retire(store, job_states(store))
                waiting = [job for job in due_jobs(store, self.jobs, present()) if not job.on_demand]
                known = job_states(store, self.jobs)
            names = [job.name for job in waiting]
            while (waiting or self._under_way) and not self._stopping.is_set():
                for job in share_places(waiting, known, self._at_work(), self.settings.parallel):
                    waiting.remove(job)
                    self._begin(job)
                await self._wait()
            for job in self.jobs.values():
                if not self._stopping.is_set() and self._is_demanded(job) and self._begin(job):
                    names.append(job.name)
                    while self._under_way and not self._stopping.is_set():
                        await self._wait()
            await self._end_all()
        with open_store(self.settings.db, "read") as store:
            ended = job_states(store, names)
        return [ended[name] for name in names]

    def _is_demanded(self, job: Job) -> bool:
        if not job.on_demand:
            return False
        with self._store() as store:
            if not has_work(store, job.name):
                return False
            put_off(store, {job.name: present()})
        return True

    def _begin_due(self) -> None:
        with self._store() as store:
            due = due_jobs(store, self.jobs, present())
            known = job_states(store, self.jobs)
        for job in share_places(due, known, self._at_work(), self.settings.parallel):
            self._begin(job)

    def _at_work(self) -> dict[str, bool]:
        """The jobs under way, and of each whether it takes long."""
        return {name: child.takes_long for name, (child, _) in self._under_way.items()}

    def _begin(self, job: Job) -> bool:
        with self._store() as store:
            if not take(store, job.name, holder=self.holder, now=present(), lease=self._lease):
                return False
            before = job_states(store, [job.name])[job.name]
        log.debug("begun", extra={"job": job.name})
        child = Child(job.task, job.limit)
        doing = asyncio.create_task(self._do(job, child, before, present()))
        self._under_way[job.name] = (child, doing)
        return True

    async def _do(self, job: Job, child: Child, before: JobState, begun: datetime) -> None:
        try:
            result = await child.run()
            end = self._settlement(job, child, result, before, begun)
            is_settled, run_id = False, None
            while not is_settled:
                with self._patience(), self._store() as store:
                    settle(store, job.name, holder=self.holder, end=end)
                    run_id = latest_run(store, command_of(job.name), begun)
                    is_settled = True
                await asyncio.sleep(0 if is_settled else self._poll)
            about = {"job": job.name, "outcome": end.outcome, "run_id": run_id}
            log.log(_level(end, result), end.message or end.outcome, extra=about)
        finally:
            del self._under_way[job.name]

    def _settlement(
        self, job: Job, child: Child, result: Result, before: JobState, begun: datetime
    ) -> Settlement:
        now = present()
        if child.was_stopped and not child.timed_out:
            return Settlement(
                outcome="interrupted",
                finished=now,
                next_due=now,
                failures=before.failures,
                message="it was stopped",
            )
        if result.failure is not None:
            was_hung_up = job.name.startswith(CRAWL) and child.takes_long
            outcome: Outcome = "timed out" if child.timed_out or was_hung_up else "failed"
            failures = before.failures + 1
            due = next_due(job.cadence, now, rate=before.rate, failures=failures)
            return Settlement(
                outcome=outcome, finished=now, next_due=due, failures=failures, message=result.failure
            )
        since = timedelta() if before.last_success is None else begun - moment_of(before.last_success)
        rate = new_rate(before.rate, result.brought, since, job.cadence)
        due = next_due(job.cadence, now, rate=rate, failures=0)
        return Settlement(
            outcome="done", finished=now, next_due=due, failures=0, rate=rate, message=result.message
        )

    def _recover(self) -> None:
        with self._store() as store:
            for name in recover(store, present()):
                log.warning("lost: the scheduler that did it is gone", extra={"job": name})

    async def _wait(self) -> None:
        """Until a job ends, a stop is asked for, or it is time to look again; leases are prolonged meanwhile.

        Raises what befell the scheduler while it noted the end of a job.
        """
        if time.monotonic() - self._beaten > self.settings.lease.total_seconds() / 4:
            with self._patience():
                await self._beat()
        stopped = asyncio.create_task(self._stopping.wait())
        ends = [doing for _, doing in self._under_way.values()]
        ended, _ = await asyncio.wait(
            [stopped, *ends], timeout=self._poll, return_when=asyncio.FIRST_COMPLETED
        )
        stopped.cancel()
        for doing in ended - {stopped}:
            doing.result()

    async def _beat(self) -> None:
        self._beaten = time.monotonic()
        with self._store() as store:
            lost = beat(store, self._under_way, holder=self.holder, now=present(), lease=self._lease)
        for name in lost & self._under_way.keys():
            log.warning("another scheduler has taken it over; ended here", extra={"job": name})
            await self._under_way[name][0].stop()

    async def _end_all(self) -> None:
        under_way = list(self._under_way.values())
        await asyncio.gather(*(child.stop() for child, _ in under_way))
        # What goes wrong now has gone wrong before: the database is gone, and the jobs are lost.
        await asyncio.gather(*(doing for _, doing in under_way), return_exceptions=True)
        with contextlib.suppress(StoreError), self._store() as store, store.transaction():
            store.mark_lost_runs()  # of those that had to be killed

    @contextlib.contextmanager
    def _store(self) -> Iterator[Store]:
        """The store, as long as it is the file that this scheduler began with."""
        if self._file is not None and file_identity(self.settings.db) != self._file:
            raise StoreError(moved_away(self.settings.db))
        with open_store(self.settings.db) as store:
            self._file = file_identity(self.settings.db)
            yield store

    def _tell_of_others(self, store: Store) -> bool:
        """Whether another scheduler is at work on the store, which is said."""
        others = [holder for holder, seen in schedulers(store) if is_at_work(holder, seen, present())]
        for holder in others:
            log.info("another scheduler (%s) is at work on it; they share the jobs", in_words(holder))
        return bool(others)

    def _renew(self) -> None:
        if (jobs := self._renewed()) is not None:
            went, self.jobs = self.jobs.keys() - jobs.keys(), dict(jobs)
            with self._store() as store:
                self._retire(store, went)

    def _retire(self, store: Store, names: Iterable[str]) -> None:
        """Forget the crawls of sources that are declared no more, so that nobody waits to hear of them."""
        crawls = sorted(name for name in names if name.startswith(CRAWL) and name not in self.jobs)
        for name in retire(store, crawls):
            log.info("declared no more: it is crawled and judged no longer", extra={"job": name})

    @contextlib.contextmanager
    def _signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    @contextlib.contextmanager
    def _patience(self) -> Iterator[None]:
        """A store that another program holds for longer than we wait is tried again at the next look."""
        try:
            yield
        except StoreLocked as error:
            log.warning("%s", error)


def _level(end: Settlement, result: Result) -> int:
    """How loud the end of a job is said: news and interruptions by default, faults always."""
    if end.outcome not in ("done", "interrupted"):
        return logging.WARNING
    return logging.INFO if result.is_news or end.outcome == "interrupted" else logging.DEBUG
