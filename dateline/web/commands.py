"""`dateline serve`."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from pathlib import Path

import click

from dateline.logs import log_option
from db.errors import UsageError
from db.options import db_option

log = logging.getLogger("dateline.web")


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8321, show_default=True, type=click.IntRange(0, 65535))
@click.option(
    "--name",
    "names",
    multiple=True,
    metavar="HOST",
    help="A further name that it may be asked for by, such as dateline.example.org (* for any). Repeatable.",
)
@log_option
@db_option
def serve(db: Path, host: str, port: int, names: tuple[str, ...]) -> None:
    """Show the state of things to browsers (/), monitors (/healthz, /metrics) and feed readers.

    Reads only, and has no passwords: leave it on this machine, or put a web server that asks for one before it.

    Example:  dateline serve --port 8321
    """
    import uvicorn

    from dateline.web.app import LOCAL, create_app
    from db.store import open_store

    with open_store(db, "read"):
        pass  # says at once what is wrong with a database that cannot be read
    with _listening(host, port) as listener, contextlib.suppress(KeyboardInterrupt):
        app = create_app(db, hosts=(*LOCAL, *names))
        log.info("Serving %s at http://%s:%d/; Ctrl-C ends.", db, host, listener.getsockname()[1])
        config = uvicorn.Config(app, log_config=None, access_log=False)
        uvicorn.Server(config).run([listener])


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens; raises UsageError where it cannot."""
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except OSError as error:
        number = error.errno or 0
        why = os.strerror(number) if number > 0 else error.strerror or error
        raise UsageError(
            f"it cannot listen at {host} port {port}: {why}. Name others with --host and --port"
        ) from error
