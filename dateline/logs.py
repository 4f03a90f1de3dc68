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
"""What a line can be about: keys of its JSON form, and words before the text."""


def log_option(function: Function) -> Function:
    """Add `--log text|json` and `--quiet`, which set the program's log up before the command runs."""

    def set_quiet(context: click.Context, parameter: click.Parameter, value: bool) -> bool:
        logging.getLogger("dateline").setLevel(logging.WARNING if value else logging.INFO)
        return value

    def set_form(context: click.Context, parameter: click.Parameter, value: LogForm) -> LogForm:
        set_up_log(value)
        return value

    function = click.option(
        "--quiet", is_flag=True, expose_value=False, callback=set_quiet, help="Say only what went wrong."
    )(function)
    return click.option(
        "--log",
        type=click.Choice(["text", "json"]),
        default="text",
        envvar="DATELINE_LOG",
        show_default=True,
        expose_value=False,
        callback=set_form,
        help="The form of what is said on standard error (or set DATELINE_LOG).",
    )(function)


def set_up_log(form: LogForm) -> None:
    """Write the log of the package `dateline` to standard error in this form."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if form == "json" else _Lines())
    logger = logging.getLogger("dateline")
    logger.handlers = [handler]
    logger.propagate = False


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        level = "" if record.levelno < logging.WARNING else f" {record.levelname.lower()}:"
        about = [str(record.__dict__[key]) for key in CONTEXT if record.__dict__.get(key) is not None]
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
