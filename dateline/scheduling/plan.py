"""Which jobs there are: a crawl for each source, tagging and alerts on what they bring, upkeep at set hours."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from crawler.sources import Source
from dateline.alerting.firing import has_alert_work
from dateline.scheduling.cadence import Cadence, next_due, source_cadence, within_reach
from dateline.scheduling.ward import Task
from db.clock import moment_of, present
from db.jobs import JobState, enrol, job_states, put_off
from db.source_health import last_crawls
from db.store import Store

CRAWL_LIMIT = timedelta(minutes=30)
WORK_LIMIT = timedelta(hours=6)
"""For jobs that work through the whole store."""
CRAWL = "crawl "
TAG = "tag"
ALERTS = "alerts"
UPKEEP = ("backup", "verify", "tidy")
"""Jobs with set hours, which a new scheduler waits for."""
TIDY_AT = "50 3 * * *"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a scheduler was asked for; see the options of `dateline schedule run`."""

    db: Path
    sources: Path | None = None
    allow_loopback: bool = False
    model: str | None = None
    workers: int = 1
    parallel: int = 4
    limit: timedelta = CRAWL_LIMIT
    lease: timedelta = timedelta(minutes=2)
    tag_every: timedelta = timedelta(minutes=1)
    backups: Path | None = None
    keep_backups: int = 7
    backup_at: str = "30 3 * * *"
    verify_at: str = "0 4 * * 0"
    zone: str = "UTC"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Something done at its hours. A job `on_demand` is done when there is work for it, not before its hour."""

    name: str
    cadence: Cadence
    limit: timedelta
    on_demand: bool = False
    task: Task = field(repr=False)


def make_jobs(sources: Mapping[str, Source], settings: Settings) -> dict[str, Job]:
    """All jobs by name: `crawl SOURCE` for each source, `tag`, `alerts`, and `backup` and `verify` where asked for."""

    def job(name: str, cadence: Cadence, limit: timedelta, *, on_demand: bool = False) -> Job:
        task = Task(
            name=name,
            db=settings.db.absolute(),
            sources=settings.sources.absolute() if settings.sources else None,
            allow_loopback=settings.allow_loopback,
            model=settings.model,
            workers=settings.workers,
            backups=settings.backups.absolute() if settings.backups else None,
            keep_backups=settings.keep_backups,
            parent=os.getpid(),
        )
        return Job(name=name, cadence=cadence, limit=limit, on_demand=on_demand, task=task)

    minute = Cadence(shortest=timedelta(minutes=1), longest=timedelta(minutes=1))
    tagging = Cadence(shortest=settings.tag_every, longest=settings.tag_every)
    jobs = [
        *(
            job(
                f"{CRAWL}{source.id}",
                source_cadence(source.interval, source.at, source.timezone),
                settings.limit,
            )
            for source in sources.values()
        ),
        job(TAG, tagging, WORK_LIMIT, on_demand=True),
        job(ALERTS, minute, WORK_LIMIT, on_demand=True),
        job("verify", _daily(settings.verify_at, settings.zone), WORK_LIMIT),
        job("tidy", _daily(TIDY_AT, settings.zone), WORK_LIMIT),
    ]
    if settings.backups is not None:
        jobs.append(job("backup", _daily(settings.backup_at, settings.zone), WORK_LIMIT))
    return {job.name: job for job in jobs}


def _daily(at: str, zone: str) -> Cadence:
    hour = timedelta(hours=1)
    return Cadence(shortest=hour, longest=timedelta(days=1), at=at, zone=zone)


def first_hours(store: Store, jobs: Mapping[str, Job], now: datetime) -> dict[str, datetime]:
    """When each job is due that the scheduler does not know yet: now, or a cadence after its last crawl."""
    crawled = last_crawls(store)
    hours = dict.fromkeys(jobs, now)
    for job in jobs.values():
        if job.name in UPKEEP:
            hours[job.name] = next_due(job.cadence, now, rate=None, failures=0)
        last = crawled.get(job.name.removeprefix(CRAWL)) if job.name.startswith(CRAWL) else None
        if last is not None:
            hours[job.name] = next_due(job.cadence, moment_of(last), rate=None, failures=0)
    return hours


def enrol_jobs(store: Store, jobs: Mapping[str, Job], now: datetime) -> dict[str, JobState]:
    """Note the jobs that are new, mend hours that lie out of reach, and return what is known of each."""
    known = job_states(store, jobs)
    if len(known) < len(jobs):
        enrol(store, first_hours(store, jobs, now))
    nearer = {}
    for name, state in known.items():
        due = moment_of(state.next_due)
        near = within_reach(due, now, jobs[name].cadence)
        if near < due:
            nearer[name] = near
    if nearer:
        put_off(store, nearer)
    return job_states(store, jobs)


def due_jobs(store: Store, jobs: Mapping[str, Job], now: datetime) -> list[Job]:
    """The jobs to begin now, those that have waited longest first."""
    known = enrol_jobs(store, jobs, now)
    due = [state for state in known.values() if state.is_due(now)]
    due.sort(key=lambda state: (state.next_due, state.name))
    return [
        jobs[state.name] for state in due if not jobs[state.name].on_demand or has_work(store, state.name)
    ]


def share_places(
    due: Sequence[Job], known: Mapping[str, JobState], under_way: Mapping[str, bool], parallel: int
) -> list[Job]:
    """Which of the due jobs to begin now; `under_way` says of each job at work whether it takes long.

    There are `parallel` places. A crawl that takes long waits for its publisher rather than for this machine:
    it gives up its place, until twice as many are at work in all. Jobs that hung last time come last, and are
    half of `parallel` at most. So publishers that hang, however many at once, do not hold up the others.
    """

    def hung(name: str) -> bool:
        return name in known and known[name].outcome == "timed out"

    in_places = sum(not (takes_long and name.startswith(CRAWL)) for name, takes_long in under_way.items())
    free = min(parallel - in_places, 2 * parallel - len(under_way))
    for_hung = max(1, parallel // 2) - sum(map(hung, under_way))
    good, slow = [job for job in due if not hung(job.name)], [job for job in due if hung(job.name)]
    return [*good, *slow[: max(0, for_hung)]][: max(0, free)]


def has_work(store: Store, name: str) -> bool:
    """Whether there is something to do for a job that is done on demand."""
    if name == ALERTS:
        return has_alert_work(store, present())
    return any(store.db.execute(question).fetchone() for question in _UNFINISHED)


_UNFINISHED = (
    "SELECT 1 FROM articles WHERE tagger IS NULL LIMIT 1",
    "SELECT 1 FROM event_mentions WHERE event_id IS NULL LIMIT 1",
    # A merge that was ended before it came to the measures, or to the history.
    "SELECT 1 FROM touched WHERE kind <> 'articles' LIMIT 1",
)
