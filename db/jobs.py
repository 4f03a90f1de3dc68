"""The scheduler's rows: when each job is due, who does it, what came of it. Of two schedulers, one gets a job."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from db.clock import moment_of
from db.frontier import timestamp
from db.processes import is_gone
from db.store import Store

SILENT = timedelta(minutes=10)
"""A scheduler that has not been heard of for so long hangs, or is gone with its machine."""
Outcome = Literal["done", "failed", "timed out", "lost", "interrupted"]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """One job as the scheduler remembers it; times are UTC as the store writes them."""

    name: str
    state: str
    next_due: str
    last_started: str | None
    last_finished: str | None
    last_success: str | None
    outcome: Outcome | None
    message: str | None
    failures: int
    rate: float | None
    holder: str | None
    expires: str | None

    def is_due(self, now: datetime) -> bool:
        """Whether it waits and its hour has come."""
        return self.state == "waiting" and self.next_due <= timestamp(now)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """How a job ended: what is written when its lease is given back."""

    outcome: Outcome
    finished: datetime
    next_due: datetime
    failures: int
    rate: float | None = None
    message: str | None = None


def command_of(name: str) -> str:
    """What the run log calls the runs of a job."""
    return f"schedule {name}"


def enrol(store: Store, due: Mapping[str, datetime]) -> None:
    """Note jobs that are not known yet, with the hour at which each is first due."""
    with store.transaction():
        store.db.conn.executemany(
            "INSERT OR IGNORE INTO jobs (name, state, next_due) VALUES (?, 'waiting', ?)",
            [(name, timestamp(when)) for name, when in due.items()],
        )


def job_states(store: Store, names: Iterable[str] | None = None) -> dict[str, JobState]:
    """The jobs by name, all or the named ones that are known."""
    columns = ", ".join(JobState.__slots__)
    rows = store.db.execute(f"SELECT {columns} FROM jobs ORDER BY name").fetchall()
    states = (JobState(**dict(zip(JobState.__slots__, row, strict=True))) for row in rows)
    wanted = None if names is None else set(names)
    return {state.name: state for state in states if wanted is None or state.name in wanted}


def take(store: Store, name: str, *, holder: str, now: datetime, lease: timedelta) -> bool:
    """Lease a job that waits and is due; False when another scheduler was quicker or it is not due."""
    with store.transaction():
        taken = store.db.execute(
            "UPDATE jobs SET state = 'running', holder = ?, expires = ?, last_started = ?"
            " WHERE name = ? AND state = 'waiting' AND next_due <= ?",
            [holder, timestamp(now + lease), timestamp(now), name, timestamp(now)],
        )
    return bool(taken.rowcount)


def beat(store: Store, names: Iterable[str], *, holder: str, now: datetime, lease: timedelta) -> set[str]:
    """Prolong the leases of a holder; returns the jobs that it holds no longer, which it must stop at once."""
    wanted = set(names)
    with store.transaction():
        store.db.execute(
            "UPDATE jobs SET expires = ? WHERE holder = ? AND state = 'running'",
            [timestamp(now + lease), holder],
        )
        store.db.execute("UPDATE schedulers SET seen = ? WHERE holder = ?", [timestamp(now), holder])
        held = {name for (name,) in store.db.execute("SELECT name FROM jobs WHERE holder = ?", [holder])}
    return wanted - held


def settle(store: Store, name: str, *, holder: str, end: Settlement) -> bool:
    """Give a lease back with what came of the job; False, and nothing written, when it was lost to another."""
    with store.transaction():
        done = store.db.execute(
            "UPDATE jobs SET state = 'waiting', holder = NULL, expires = NULL, last_finished = ?, outcome = ?,"
            " last_success = iif(? = 'done', ?, last_success), next_due = ?, failures = ?,"
            " rate = coalesce(?, rate), message = ? WHERE name = ? AND holder = ?",
            [
                timestamp(end.finished),
                end.outcome,
                end.outcome,
                timestamp(end.finished),
                timestamp(end.next_due),
                end.failures,
                end.rate,
                end.message,
                name,
                holder,
            ],
        )
    return bool(done.rowcount)


def recover(store: Store, now: datetime) -> list[str]:
    """Free the jobs whose holder is gone and note them as lost; they are due at once, and counted as failures.

    On this machine a holder is gone when its process is; a clock that jumps changes nothing. What it had
    begun ends soon after it and is waited for, at most until the lease expires, so that nothing is done twice
    at once. Of another machine we only know that it has not been heard of until its lease expired.
    """
    lost = []
    with store.transaction():
        store.mark_lost_runs()
        rows = store.db.execute(
            "SELECT name, holder, expires FROM jobs WHERE state = 'running' ORDER BY name"
        ).fetchall()
        for name, holder, expires in rows:
            gone = is_gone(holder)
            if (gone and not _goes_on(store, name)) or (gone is not False and expires < timestamp(now)):
                lost.append(name)
                store.db.execute(
                    "UPDATE jobs SET state = 'waiting', holder = NULL, expires = NULL, outcome = 'lost',"
                    " last_finished = ?, next_due = ?, failures = failures + 1, message = ? WHERE name = ?",
                    [timestamp(now), timestamp(now), _who(holder), name],
                )
        for holder, _ in schedulers(store):
            if is_gone(holder):
                sign_out(store, holder)
    return lost


def sign_in(store: Store, holder: str, now: datetime) -> None:
    """Note that a scheduler has begun its work."""
    with store.transaction():
        store.db.execute(
            "INSERT INTO schedulers (holder, started, seen) VALUES (?, ?, ?)",
            [holder, timestamp(now), timestamp(now)],
        )


def sign_out(store: Store, holder: str) -> None:
    """Note that a scheduler has ended its work, or that it was ended."""
    with store.transaction():
        store.db.execute("DELETE FROM schedulers WHERE holder = ?", [holder])


def schedulers(store: Store) -> list[tuple[str, str]]:
    """The schedulers that have begun and not ended their work, each with when it was last heard of."""
    return store.db.execute("SELECT holder, seen FROM schedulers ORDER BY seen DESC, holder").fetchall()


def is_at_work(holder: str, seen: str, now: datetime) -> bool:
    """Whether a scheduler is alive as far as we can know, and has been heard of lately."""
    return not is_gone(holder) and now - moment_of(seen) < SILENT


def put_off(store: Store, due: Mapping[str, datetime]) -> None:
    """Set the hours of waiting jobs."""
    rows: list[tuple[Any, ...]] = [(timestamp(when), name) for name, when in due.items()]
    with store.transaction():
        store.db.conn.executemany("UPDATE jobs SET next_due = ? WHERE name = ? AND state = 'waiting'", rows)


def retire(store: Store, names: Iterable[str]) -> list[str]:
    """Forget those of these jobs that wait; returns their names."""
    question = "DELETE FROM jobs WHERE state = 'waiting' AND name = ?"
    with store.transaction():
        return [name for name in names if store.db.execute(question, [name]).rowcount]


def _goes_on(store: Store, name: str) -> bool:
    """Whether a run that was begun for a job has not ended yet."""
    question = "SELECT 1 FROM runs WHERE status = 'running' AND command = ?"
    return store.db.execute(question, [command_of(name)]).fetchone() is not None


def _who(holder: str) -> str:
    return f"the scheduler that did it ({in_words(holder)}) is gone"


def in_words(holder: str) -> str:
    """A holder as a person reads it."""
    host, number = holder.split("/")[:2]
    return f"process {number} on {host}"
