"""The web application: each page is a module of this package that gives its routes; all of them only read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from dateline.web import feeds, monitoring
from db.errors import DatelineError, NotFound, StoreLocked

LOCAL = ("127.0.0.1", "localhost", "[::1]")
"""The names under which a server of this machine is asked for; others are refused, so that no web page of
somebody else's can read it through a browser here."""


def create_app(db: Path, *, hosts: Sequence[str] = LOCAL) -> Starlette:
    """An ASGI application that answers from a database, opened for reading for each answer.

    `hosts` are the names it may be asked for by ("*" for any).
    """
    app = Starlette(
        routes=[*monitoring.routes, *feeds.routes],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))],
        exception_handlers={DatelineError: _refuse},
    )
    app.state.db = db
    return app


def _refuse(request: Request, error: Exception) -> Response:
    status = 404 if isinstance(error, NotFound) else 503 if isinstance(error, StoreLocked) else 500
    return PlainTextResponse(f"{error}\n", status_code=status)
