"""What long-running commands say on standard error: a line for a person, or JSON for a log collector."""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Literal

import click
import orjson

from db.options import Function

LogForm = Literal["text", "json"]
CONTEXT = ("job", "outcome", "run_id", "search", "delivery", "address")
"""What a line can be about: keys of its JSON form."""
NAMED = ("job", "outcome", "search", "delivery", "address")
"""Those that stand before the text in the form for people."""


def log_option(function: Function) -> Function:
    """Add `--log text|json`, `--quiet` and `--verbose`, which set the program's log up before the command runs."""

    def set_quiet(context: click.Context, parameter: click.Parameter, value: bool) -> None:
        if value:
            logging.getLogger("dateline").setLevel(logging.WARNING)

    def set_verbose(context: click.Context, parameter: click.Parameter, value: bool) -> None:
        if value:
            logging.getLogger("dateline").setLevel(logging.DEBUG)

    def set_form(context: click.Context, parameter: click.Parameter, value: LogForm) -> None:
        set_up_log(value)

    for flag, callback, about in (
        ("--quiet", set_quiet, "Say only what went wrong."),
        ("--verbose", set_verbose, "Say also what began, and what ended without news."),
    ):
        function = click.option(flag, is_flag=True, expose_value=False, callback=callback, help=about)(
            function
        )
    return click.option(
        "--log",
        type=click.Choice(["text", "json"]),
        default="text",
        envvar="DATELINE_LOG",
        show_default=True,
        expose_value=False,
        is_eager=True,  # before the two that say how much of it
        callback=set_form,
        help="The form of what is said on standard error (or set DATELINE_LOG).",
    )(function)


def set_up_log(form: LogForm, **about: str) -> None:
    """Write the log of the package `dateline`, and of its web server, to standard error in this form, from INFO on.

    `about` is what each line is about, by names of `CONTEXT`.
    """

    def tell(record: logging.LogRecord) -> bool:
        record.__dict__.update(about)
        return True

    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if form == "json" else _Lines())
    handler.addFilter(tell)
    for name, level in (("dateline", logging.INFO), ("uvicorn", logging.WARNING)):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.propagate = False
        logger.setLevel(level)


def repeat_line(line: str, **about: str) -> str | None:
    """Say again what another process of ours wrote in JSON, about this job; returns its text.

    None, and nothing said, for a line that is none of its log's.
    """
    if not line.startswith('{"time"'):
        return None
    try:
        told = orjson.loads(line)
        level, name, text = (
            logging.getLevelNamesMapping()[told["level"].upper()],
            told["log"],
            told["message"],
        )
    except (orjson.JSONDecodeError, KeyError, AttributeError):
        return None
    known = {key: told[key] for key in CONTEXT if key in told}
    logging.getLogger(name).log(level, "%s", text, extra=about | known)
    return str(text)


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        level = "" if record.levelno < logging.WARNING else f" {record.levelname.lower()}:"
        about = [str(record.__dict__[key]) for key in NAMED if record.__dict__.get(key) is not None]
        where = f" {', '.join(about)}:" if about else ""
        return f"{at:%Y-%m-%dT%H:%M:%SZ}{level}{where} {' '.join(record.getMessage().split())}"


class _JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "log": record.name,
            "message": record.getMessage(),
        }
        line |= {key: record.__dict__[key] for key in CONTEXT if record.__dict__.get(key) is not None}
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return orjson.dumps(line).decode()
