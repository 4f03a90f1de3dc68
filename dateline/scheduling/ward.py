"""The process that does one job: reads it from standard input, does it, says in one line what came of it.

A process of its own, so that a job that hangs or crashes is ended without the others. It ends with the
scheduler that started it.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from db.connection import moved_away
from db.errors import DatelineError, StoreError
from db.jobs import command_of
from db.processes import end_with_parent

GRACE = 25.0
"""Seconds to end in when the scheduler has gone."""


class Task(BaseModel):
    """What a ward is told: which job, on which database, with which settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    db: Path
    sources: Path | None = None
    allow_loopback: bool = False
    model: str | None = None
    workers: int = 1
    backups: Path | None = None
    keep_backups: int = 7
    parent: int | None = None
    """The process of the scheduler."""


class Result(BaseModel):
    """What a ward says at its end. `brought` counts new articles; `failure` is why it did not succeed.

    `is_news` when somebody who watches wants to hear of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    brought: int = 0
    is_news: bool = False
    message: str | None = None
    failure: str | None = None


def main() -> int:
    """Do the job on standard input; exit status 0 when its result was said, whatever it is."""
    task = Task.model_validate_json(sys.stdin.buffer.readline())
    signal.signal(signal.SIGTERM, _interrupt)
    end_with_parent(GRACE, parent=task.parent)
    try:
        if not task.db.is_file():
            raise StoreError(moved_away(task.db))
        result = _do(task)
    except DatelineError as error:
        result = Result(failure=str(error))
    except KeyboardInterrupt:
        return 130
    sys.stdout.write(result.model_dump_json() + "\n")
    return 0


def _do(task: Task) -> Result:
    """Do the job with a row in the run log for it; a crawl keeps its own."""
    from dateline.logs import set_up_log
    from db.run_log import logged_run

    kind, _, about = task.name.partition(" ")
    if kind == "crawl":
        return _crawl(task, about)
    with logged_run(task.db, command_of(task.name)) as (run_id, counts):
        set_up_log("json", run_id=run_id)  # which the scheduler reads and says again
        result = _KINDS[kind](task)
        counts["brought"] = result.brought
        signal.signal(signal.SIGTERM, signal.SIG_IGN)  # it is done: that is noted, however great the hurry
    return result


def _crawl(task: Task, source_id: str) -> Result:
    from crawler.crawl import crawl
    from crawler.sources import SHIPPED, load_source

    # This declaration alone: one that cannot be read stops no other source.
    source = load_source((task.sources or SHIPPED) / f"{source_id}.yml")
    report = crawl(
        task.db,
        {source.id: source},
        allow_loopback=task.allow_loopback,
        workers=task.workers,
        command=command_of(task.name),
        progress=False,
    )
    if report.interrupted:
        raise KeyboardInterrupt
    part = report.of(source_id)
    brought = report.articles_new
    said = f"{part.found} found, {brought} new, {report.articles_changed} changed"
    return Result(
        brought=brought,
        is_news=bool(brought or report.articles_changed or part.faults),
        message=f"{said}; {part.words}" if part.words else said,
        failure=report.failure,
    )


def _tag(task: Task) -> Result:
    from nlp.pipeline import DEFAULT_MODEL
    from nlp.stored import tag_stored

    tagged = tag_stored(task.db, task.model or DEFAULT_MODEL, workers=task.workers)
    return Result(brought=tagged, is_news=tagged > 0, message=f"{tagged} articles tagged")


def _alerts(task: Task) -> Result:
    from dateline.alerting.delivering import Deliveries
    from dateline.alerting.round import fire_and_deliver
    from db.store import open_store

    with open_store(task.db) as store:
        done = fire_and_deliver(store, merge=False)
    said = "; ".join((done.in_words(), *done.deliveries.errors[:1]))
    return Result(
        brought=len(done.alerts), is_news=bool(done.alerts or done.deliveries != Deliveries()), message=said
    )


def _backup(task: Task) -> Result:
    from db.upkeep import back_up_in_turn, noting

    assert task.backups is not None
    with noting(task.db, "backup") as note:
        made = back_up_in_turn(task.db, task.backups, keep=task.keep_backups)
        note.detail = f"{made.path}, {made.articles:,} articles"
    return Result(is_news=True, message=note.detail)


def _verify(task: Task) -> Result:
    from db.upkeep import verify_store

    return Result(is_news=True, message=verify_store(task.db))


def _tidy(task: Task) -> Result:
    from db.clock import present
    from db.store import open_store
    from db.upkeep import tidy_run_log

    with open_store(task.db) as store:
        return Result(message=f"{tidy_run_log(store, present())} old runs without news deleted from the log")


_KINDS: dict[str, Callable[[Task], Result]] = {
    "tag": _tag,
    "alerts": _alerts,
    "backup": _backup,
    "verify": _verify,
    "tidy": _tidy,
}


def _interrupt(number: int, frame: Any) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
