"""Whether everything that runs by itself is well, source by source, and in words why not."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crawler.sources import Source
from dateline.scheduling.cadence import source_cadence
from db.clock import moment_of
from db.frontier import timestamp
from db.jobs import JobState, in_words, is_at_work, job_states, schedulers
from db.outbox import count_dead
from db.source_health import FIELDS, days_of, source_states
from db.store import Store
from db.store_state import (
    DiskUse,
    count_rows,
    declarations,
    disk_use,
    last_runs,
    oldest_untagged,
    read_pages_of,
    troubles_of_pages,
)
from db.upkeep import last_upkeep

USUAL_DAYS = 28
"""The days before today over which a source's usual rate is taken."""
KNOWN_DAYS = 7
"""Days a source must have been known for before it has a usual rate."""
BUSY = 4.0
"""Articles a day from which a whole day without any is odd."""
FEW_FAILURES = 3
"""Failures in a row that are nothing yet."""
LATE = 3
"""Pauses without a success after which a source is overdue."""
ENOUGH_READ = 10
"""Pages read in a week from which the share of filled fields says something."""
MANY = 0.5
"""The share of refused, paywalled or unreadable pages that makes a verdict."""
LONG_UNTAGGED = timedelta(hours=12)
FEW_DAYS_LEFT = 14
LITTLE_SPACE = 500 * 2**20
OLD_VERIFY = timedelta(days=31)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceHealth:
    """How one source does; `verdicts` says in words what is not well, nothing when all is.

    `filled` is on which share of the week's pages each field was found, `expected` what its declaration expects;
    `failure` is why the last crawl that failed did. One that is `retired` is declared no more, and not judged.
    """

    source: str
    last_crawl: str
    last_success: str | None
    new_today: int
    usual_a_day: float | None
    filled: Mapping[str, float | None]
    expected: Mapping[str, float]
    next_due: str | None
    failures: int
    reason: str | None
    failure: str | None
    retired: bool = False
    verdicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """The state of everything; `verdicts` says what is not well with the store and the scheduler."""

    at: str
    counts: Mapping[str, int]
    disk: DiskUse
    upkeep: Mapping[str, Mapping[str, Any]]
    sources: tuple[SourceHealth, ...]
    jobs: Mapping[str, JobState]
    runs: list[dict[str, Any]]
    verdicts: tuple[str, ...] = field(default=())

    @property
    def is_healthy(self) -> bool:
        """Whether nothing at all is to be said against it."""
        return not self.verdicts and not any(source.verdicts for source in self.sources)

    def as_json(self) -> dict[str, Any]:
        """Everything, for programs."""
        whole = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {"healthy": self.is_healthy} | whole | {"disk": _disk_as_json(self.disk)}


def read_health(store: Store, now: datetime) -> Health:
    """Look at the store as it is now; changes nothing."""
    jobs = job_states(store)
    days = days_of(store, timestamp(now - timedelta(days=USUAL_DAYS + 1))[:10])
    states = source_states(store)
    counts = count_rows(store)
    disk = disk_use(store, now)
    upkeep = last_upkeep(store)
    is_scheduled = any(name.startswith("crawl ") for name in jobs)
    sources = tuple(
        _source_health(
            store,
            Source.model_validate(declaration | {"id": source_id}),
            states[source_id],
            days.get(source_id, []),
            jobs.get(f"crawl {source_id}"),
            now,
            is_scheduled=is_scheduled,
        )
        for source_id, declaration in declarations(store).items()
        if declaration
    )
    return Health(
        at=timestamp(now),
        counts=counts,
        disk=disk,
        upkeep=upkeep,
        sources=sources,
        jobs={name: job for name, job in jobs.items() if not name.startswith("crawl ")},
        runs=last_runs(store),
        verdicts=tuple(_store_verdicts(store, jobs, disk, upkeep, now)),
    )


def _source_health(
    store: Store,
    source: Source,
    state: Mapping[str, Any],
    days: list[dict[str, Any]],
    job: JobState | None,
    now: datetime,
    *,
    is_scheduled: bool,
) -> SourceHealth:
    today = timestamp(now)[:10]
    week = [day for day in days if day["day"] >= timestamp(now - timedelta(days=KNOWN_DAYS))[:10]]
    read = sum(day["read"] for day in week)
    health = SourceHealth(
        source=source.id,
        last_crawl=state["last_crawl"],
        last_success=state["last_success"],
        new_today=sum(day["articles_new"] for day in days if day["day"] == today),
        usual_a_day=_usual(days, now),
        filled={name: sum(day[f"with_{name}"] for day in week) / read if read else None for name in FIELDS},
        expected={str(name): least for name, least in source.expect.fill.items()},
        next_due=job.next_due if job else None,
        failures=job.failures if job else 0,
        reason=state["reason"],
        failure=state["failure"] or (job.message if job and job.failures else None),
        retired=is_scheduled and job is None,
    )
    if health.retired:
        return health
    verdicts = (
        *_silence(source, health, days, job, now),
        *state["faults"],
        *_emptiness(source, health, read, state["faults"]),
        *_walls(troubles_of_pages(store, source.id), read_pages_of(store, source.id)),
    )
    return dataclasses.replace(health, verdicts=verdicts)


def _usual(days: list[dict[str, Any]], now: datetime) -> float | None:
    """New articles a day before today; None for a source that is not known for long.

    The first day is left out: it brings what had gathered before.
    """
    today = timestamp(now)[:10]
    before = [day for day in days if day["day"] < today][1:]
    if not before:
        return None
    known = (now.date() - datetime.fromisoformat(before[0]["day"]).date()).days
    return sum(day["articles_new"] for day in before) / known if known >= KNOWN_DAYS else None


def _silence(
    source: Source, health: SourceHealth, days: list[dict[str, Any]], job: JobState | None, now: datetime
) -> Iterator[str]:
    if job is not None and job.failures >= FEW_FAILURES:
        yield f"failed {job.failures} times in a row: {job.message}"
    elif health.last_success is None:
        yield f"never reached: {health.failure or health.reason or 'no reason was noted'}"
    else:
        pause = source_cadence(source.interval, source.at, source.timezone).longest
        if source.at is None and now - moment_of(health.last_success) > LATE * max(pause, timedelta(days=1)):
            yield f"not reached since {health.last_success}: {health.failure or 'no crawl came to its end'}"
    yesterday = timestamp(now - timedelta(days=1))[:10]
    lately = sum(day["articles_new"] for day in days if day["day"] >= yesterday)
    if health.usual_a_day and health.usual_a_day >= BUSY and not lately:
        yield f"no new article since {yesterday}, where {health.usual_a_day:.0f} a day are usual"


def _emptiness(source: Source, health: SourceHealth, read: int, faults: list[str]) -> Iterator[str]:
    if read < ENOUGH_READ or faults:
        return
    for name, least in source.expect.fill.items():
        share = health.filled.get(name)
        if share is not None and share < least:
            yield f"{name} was found on {share:.0%} of this week's pages, {least:.0%} expected: layout drift?"


def _walls(troubles: Mapping[str, int], read: int) -> Iterator[str]:
    for word, verdict in (("robots.txt", "robots.txt forbids"), ("paywall", "a paywall stands before")):
        number = sum(count for reason, count in troubles.items() if word in reason)
        if number >= ENOUGH_READ and number >= MANY * (number + read):
            yield f"{verdict} {number} of {number + read} pages"


def _store_verdicts(
    store: Store,
    jobs: Mapping[str, JobState],
    disk: DiskUse,
    upkeep: Mapping[str, Mapping[str, Any]],
    now: datetime,
) -> Iterator[str]:
    waiting = oldest_untagged(store)
    if waiting is not None and now - moment_of(waiting) > LONG_UNTAGGED:
        yield f"an article has waited for its tags since {waiting}. Run 'dateline tag' or look at its job"
    for holder, seen in schedulers(store):
        if not is_at_work(holder, seen, now):
            yield f"the scheduler ({in_words(holder)}) is gone or hangs since {seen}. Start 'dateline schedule run'"
    for name, job in jobs.items():
        if not name.startswith("crawl ") and job.failures >= FEW_FAILURES:
            yield f"the job {name!r} failed {job.failures} times in a row: {job.message}"
    if disk.free < LITTLE_SPACE:
        yield f"only {disk.free / 2**20:,.0f} MB are free on the disk"
    elif disk.days_left is not None and disk.days_left < FEW_DAYS_LEFT:
        yield f"the disk is full in {disk.days_left:.0f} days at the present growth"
    for what, last in upkeep.items():
        if not last["ok"]:
            yield f"the last {what} ({last['done']}) failed: {last['detail']}"
    if dead := count_dead(store):
        yield f"alert deliveries were given up: {dead}. See 'dateline alerts deliveries --failed'"
    if "verify" in upkeep and now - moment_of(upkeep["verify"]["done"]) > OLD_VERIFY:
        yield f"the store was last verified on {upkeep['verify']['done'][:10]}. Run 'dateline verify'"


def _disk_as_json(disk: DiskUse) -> dict[str, Any]:
    return {**dataclasses.asdict(disk), "days_left": disk.days_left}
