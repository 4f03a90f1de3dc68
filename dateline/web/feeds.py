"""For feed readers: `/alerts.atom` and `/alerts.json` of all saved searches, `/alerts/NAME.atom` of one."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from dateline.alerting.feeds import alerts_feed_atom, alerts_feed_json
from db.store import open_store


def show_atom(request: Request) -> Response:
    """The latest alerts as Atom."""
    with open_store(request.app.state.db, "read") as store:
        feed = alerts_feed_atom(store, request.path_params.get("name"))
    return Response(feed, media_type="application/atom+xml")


def show_json(request: Request) -> Response:
    """The latest alerts as a JSON Feed."""
    with open_store(request.app.state.db, "read") as store:
        feed = alerts_feed_json(store, request.path_params.get("name"))
    return Response(feed, media_type="application/feed+json")


routes = [
    Route("/alerts.atom", show_atom),
    Route("/alerts.json", show_json),
    Route("/alerts/{name}.atom", show_atom),
    Route("/alerts/{name}.json", show_json),
]
