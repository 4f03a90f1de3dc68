"""`dateline schedule`: crawls, tagging and upkeep at their hours, in one round or for ever."""

from __future__ import annotations

import logging
import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dateline.commands import loopback_option, model_option, sources_option, workers_option
from dateline.logs import log_option
from db.errors import UsageError, WorkError
from db.options import Function, db_option, print_rows

if TYPE_CHECKING:
    from dateline.deployment.files import Kind
    from dateline.scheduling.plan import Job
    from db.jobs import JobState

log = logging.getLogger("dateline.schedule")
NO_CONTACT = "DATELINE_CONTACT is not set, so publishers cannot reach you. Set it to an e-mail or web address"
COLUMNS = ("job", "every", "last", "outcome", "due", "message")


def _span(context: click.Context, parameter: click.Parameter, value: str) -> timedelta:
    from crawler.sources import read_duration

    try:
        return read_duration(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _hours(context: click.Context, parameter: click.Parameter, value: str) -> str:
    from crawler.sources import check_hours

    try:
        return check_hours(value)
    except ValueError as error:
        raise click.BadParameter(str(error)) from error


def _zone(context: click.Context, parameter: click.Parameter, value: str) -> str:
    from zoneinfo import available_timezones

    if value not in available_timezones():
        raise click.BadParameter(f"is not a time zone such as Asia/Ho_Chi_Minh: {value!r}")
    return value


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
            "--tag-every",
            default="1m",
            show_default=True,
            callback=_span,
            metavar="SPAN",
            help="New articles are tagged this often at most; each time costs the loading of a model.",
        ),
        click.option(
            "--parallel",
            type=click.IntRange(1, 64),
            default=4,
            show_default=True,
            help="Jobs at a time, each in its own process; up to twice as many where publishers keep us waiting.",
        ),
        click.option(
            "--zone",
            default="UTC",
            show_default=True,
            callback=_zone,
            metavar="ZONE",
            help="The time zone of these two.",
        ),
        click.option(
            "--verify-at",
            default="0 4 * * 0",
            show_default=True,
            callback=_hours,
            metavar="CRON",
            help="When everything stored is checked against its witnesses.",
        ),
        click.option("--backup-at", default="30 3 * * *", show_default=True, callback=_hours, metavar="CRON"),
        click.option(
            "--keep-backups",
            type=click.IntRange(1, 1000),
            default=7,
            show_default=True,
            help="Of how many backups the database is kept.",
        ),
        click.option(
            "--backups",
            type=click.Path(file_okay=False, path_type=Path),
            help="A folder, best on another disk, that a proved backup is kept in.",
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

    from dateline.scheduling.declarations import Declarations
    from dateline.scheduling.plan import Settings
    from dateline.scheduling.supervisor import Supervisor

    settings = Settings(db=db, sources=folder, **given)
    declared = Declarations(settings)
    _refuse_a_lost_database(db)
    if not (settings.allow_loopback or os.environ.get("DATELINE_CONTACT")):
        log.warning(NO_CONTACT)
    log.info("Scheduling %d jobs on %s; Ctrl-C ends.", len(declared.jobs), db)
    asyncio.run(Supervisor(declared.jobs, settings, renewed=declared).run())
    log.info("Ended. What was finished is kept; the rest is due again at once.")


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
    _refuse_a_lost_database(db)
    if not dry_run:
        ended = asyncio.run(Supervisor(jobs, settings).run_round())
        print_rows([_row(jobs[state.name], state) for state in ended], COLUMNS, "table")
        if not ended:
            log.info("Nothing is due. See 'dateline schedule tick --dry-run' for the hours.")
        _fail_if_all_failed(ended)
        return
    rows = []
    known, hours = _known(db, jobs)
    for name, job in jobs.items():
        state = known.get(name)
        due = state.next_due if state else timestamp(hours[name])
        rows.append(_row(job, state) | {"due": "now" if due <= timestamp(present()) else due})
    print_rows(rows, COLUMNS, "table")


@schedule.command()
@db_option
def alive(db: Path) -> None:
    """Exit code 0 when a scheduler is at work on this database; for the health checks of containers.

    Example:  dateline schedule alive
    """
    from db.clock import present
    from db.jobs import is_at_work, schedulers
    from db.store import open_store

    with open_store(db, "read") as store:
        known = schedulers(store)
    if not any(is_at_work(holder, seen, present()) for holder, seen in known):
        last = f"; the last one was heard of at {known[0][1]}" if known else ""
        raise WorkError(f"no scheduler is at work on {db}{last}. Start one with 'dateline schedule run'")
    click.echo("A scheduler is at work.", err=True)


@schedule.command()
@click.option("--systemd", "kind", flag_value="systemd", help="Services with a sandbox.")
@click.option("--cron", "kind", flag_value="cron", help="A crontab with a round every ten minutes.")
@click.option("--compose", "kind", flag_value="compose", help="A container file and a compose file.")
@click.option("--scrapyd", "kind", flag_value="scrapyd", help="An egg with a spider for each source.")
@click.option(
    "--to",
    "target",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("deploy"),
    show_default=True,
    help="The folder that the files are written to.",
)
@click.option(
    "--backups",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder, best on another disk, that a proved backup is kept in.",
)
@click.option("--user", help="Who the services run as; by default you.")
@click.option("--contact", help="Who crawls, for the publishers; by default DATELINE_CONTACT.")
@click.option(
    "--checkout",
    type=click.Path(file_okay=False, path_type=Path),
    help="The checkout of Dateline that the container is built from; by default this folder.",
)
@loopback_option
@sources_option
@db_option
def export(kind: Kind | None, target: Path, folder: Path | None, **given: Any) -> None:
    """Write the files that start Dateline under systemd, cron, a container engine or scrapyd.

    Example:  dateline schedule export --systemd --to deploy
    """
    from dateline.deployment.files import KINDS, Deployment, write_files

    if kind is None:
        raise click.UsageError(f"say what for: one of {', '.join('--' + name for name in KINDS)}")
    deployment = Deployment(sources=folder, **given)
    for path in write_files(kind, target, deployment):
        click.echo(path)
    if kind != "compose" and not deployment.words()["contact"]:
        click.echo(f"warning: {NO_CONTACT}, and export again", err=True)


def _refuse_a_lost_database(db: Path) -> None:
    """A new database is not begun beside the archive of one that was moved away, or whose disk is not there."""
    from db.store import archive_folder

    if not db.exists() and archive_folder(db).is_dir():
        raise UsageError(
            f"there is no database {db}, and yet its archive {archive_folder(db)}: was it moved? Put it back, name"
            " it with --db, or move the archive away to begin a new one"
        )


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
