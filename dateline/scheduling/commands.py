"""`dateline schedule`: crawls, tagging and upkeep at their hours, in one round or for ever."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dateline.commands import loopback_option, model_option, sources_option, workers_option
from dateline.logs import log_option
from db.errors import WorkError
from db.options import Function, db_option, print_rows

if TYPE_CHECKING:
    from dateline.scheduling.plan import Job
    from db.jobs import JobState

COLUMNS = ("job", "every", "last", "outcome", "due", "message")


def _span(context: click.Context, parameter: click.Parameter, value: str) -> timedelta:
    from crawler.sources import read_duration

    try:
        return read_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _scheduler_options(function: Function) -> Function:
    for option in (
        db_option,
        log_option,
        click.option(
            "--time-limit",
            "limit",
            default="30m",
            show_default=True,
            callback=_span,
            metavar="SPAN",
            help="A crawl that takes longer is ended and tried again later.",
        ),
        click.option(
            "--parallel",
            type=click.IntRange(1, 64),
            default=4,
            show_default=True,
            help="Jobs at a time, each in a process of its own.",
        ),
        workers_option,
        model_option,
        loopback_option,
        sources_option,
    ):
        function = option(function)
    return function


@click.group()
def schedule() -> None:
    """Crawls, tagging and upkeep at their hours.

    Example:  dateline schedule tick
    """


@schedule.command()
@_scheduler_options
def run(db: Path, folder: Path | None, **given: Any) -> None:
    """Do what is due, for ever; SIGTERM or Ctrl-C ends it within seconds and loses nothing.

    Example:  dateline schedule run --parallel 2
    """
    import asyncio

    from crawler.sources import load_sources
    from dateline.scheduling.plan import Settings, make_jobs
    from dateline.scheduling.supervisor import Supervisor

    settings = Settings(db=db, sources=folder, **given)
    jobs = make_jobs(load_sources(folder), settings)
    click.echo(f"Scheduling {len(jobs)} jobs on {db}; Ctrl-C ends.", err=True)
    asyncio.run(Supervisor(jobs, settings).run())
    click.echo("Ended. What was finished is kept; the rest is due again at once.", err=True)


@schedule.command()
@_scheduler_options
@click.option("--dry-run", is_flag=True, help="Only say what is due.")
def tick(db: Path, folder: Path | None, dry_run: bool, **given: Any) -> None:
    """One round over what is due; for cron, systemd timers and CronJobs.

    Example:  dateline schedule tick --dry-run
    """
    import asyncio

    from crawler.sources import load_sources
    from dateline.scheduling.plan import Settings, make_jobs
    from dateline.scheduling.supervisor import Supervisor
    from db.clock import present
    from db.frontier import timestamp

    settings = Settings(db=db, sources=folder, **given)
    jobs = make_jobs(load_sources(folder), settings)
    if not dry_run:
        ended = asyncio.run(Supervisor(jobs, settings).run_round())
        print_rows([_row(jobs[state.name], state) for state in ended], COLUMNS, "table")
        if not ended:
            click.echo("Nothing is due. See 'dateline schedule tick --dry-run' for the hours.", err=True)
        _fail_if_all_failed(ended)
        return
    rows = []
    known, hours = _known(db, jobs)
    for name, job in jobs.items():
        state = known.get(name)
        due = state.next_due if state else timestamp(hours[name])
        rows.append(_row(job, state) | {"due": "now" if due <= timestamp(present()) else due})
    print_rows(rows, COLUMNS, "table")


def _known(db: Path, jobs: dict[str, Job]) -> tuple[dict[str, JobState], dict[str, datetime]]:
    """What a database says of the jobs; for one that is not there yet, that all of them are due."""
    from dateline.scheduling.plan import first_hours
    from db.clock import present
    from db.jobs import job_states
    from db.store import open_store

    if not db.exists():
        return {}, dict.fromkeys(jobs, present())
    with open_store(db, "read") as store:
        return job_states(store, jobs), first_hours(store, jobs, present())


def _row(job: Job, state: JobState | None) -> dict[str, Any]:
    cadence = job.cadence
    every = cadence.at or ("on demand" if job.on_demand else _in_words(cadence.shortest))
    if state is None:
        return {"job": job.name, "every": every, "last": None, "outcome": None, "message": None}
    return {
        "job": job.name,
        "every": every,
        "last": state.last_finished,
        "outcome": "running" if state.state == "running" else state.outcome,
        "due": state.next_due,
        "failures": state.failures,
        "message": state.message,
    }


def _fail_if_all_failed(ended: list[JobState]) -> None:
    crawls = [state for state in ended if state.name.startswith("crawl ")]
    failed = [state for state in crawls if state.outcome in ("failed", "timed out")]
    if crawls and len(failed) == len(crawls):
        first = failed[0]
        raise WorkError(f"nothing could be crawled. {first.name}: {first.message}")


def _in_words(span: timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    for size, letter in ((10080, "w"), (1440, "d"), (60, "h")):
        if minutes % size == 0:
            return f"{minutes // size}{letter}"
    return f"{minutes}m"
