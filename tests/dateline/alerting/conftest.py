"""Receivers on loopback that take, refuse, hang and repeat what alerts send them, and a small world that makes news."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from dateline.alerting.adding import file_channel, watch
from dateline.alerting.firing import fire
from db.merge import merge_events
from db.model import Commodity, EventMention
from db.outbox import Alert
from db.query import make_query
from db.saved_searches import Channel, SavedSearch
from db.store import Store, open_store
from tests.db.world import ban, put_article, tag

NOW = datetime(2025, 10, 20, 12, 0, tzinfo=UTC)
PATIENCE = 60.0


@dataclass
class Received:
    """One request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> dict[str, Any]:
        return dict(json.loads(self.body))

    @property
    def id(self) -> str:
        return self.headers["webhook-id"]


@dataclass
class Reply:
    """How the receiver answers."""

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""


class Sink:
    """A receiver of webhooks; `reply` answers, the n-th request of a path as `replies[path][n]` where there is one."""

    def __init__(self) -> None:
        self.received: list[Received] = []
        self.replies: dict[str, list[Reply | Callable[[], Reply]]] = {}
        sink = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                sink.received.append(Received(self.path, headers, body))
                waiting = sink.replies.get(self.path, [])
                found = waiting.pop(0) if waiting else Reply()
                reply = found() if callable(found) else found
                self.send_response(reply.status)
                for name, value in {**reply.headers, "Content-Length": str(len(reply.body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(reply.body)

            def do_GET(self) -> None:
                raise AssertionError("a redirect was followed")

            def log_message(self, format: str, *args: Any) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: Any, client_address: Any) -> None:
                pass  # the sender was killed or gave up: what these tests are about

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    def url(self, path: str = "/hook") -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}{path}"

    def of(self, path: str) -> list[Received]:
        return [request for request in self.received if request.path == path]

    def __enter__(self) -> Sink:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def hang(released: threading.Event) -> Callable[[], Reply]:
    """A reply that does not come until released."""

    def wait() -> Reply:
        released.wait(PATIENCE)
        return Reply(500)

    return wait


def until(has_come: Callable[[], object], what: str) -> None:
    """Wait for something that must come."""
    deadline = time.monotonic() + PATIENCE
    while not has_come():
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        time.sleep(0.02)


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as opened:
        yield opened


@dataclass
class World:
    """A store in which things happen, searches that watch it, and a clock set by hand."""

    store: Store
    folder: Path
    now: datetime = NOW

    def watch(self, name: str = "curbs", *, channels: tuple[Channel, ...] = (), **given: Any) -> SavedSearch:
        """Add a search; what is no setting of a watch is a filter."""
        settings = {k: given.pop(k) for k in ("tells_from", "zone", "quiet", "digest") if k in given}
        return watch(self.store, name, make_query(given), channels=channels, now=self.now, **settings)

    def watch_to_file(self, name: str = "curbs", **given: Any) -> Path:
        path = self.folder / f"{name}.jsonl"
        self.watch(name, channels=(file_channel(path),), **given)
        return path

    def report(
        self,
        name: str,
        text: str,
        *,
        source_id: str = "daily",
        published: str | None = None,
        merge: bool = True,
        coding: Callable[[str], EventMention] = ban,
        **values: Any,
    ) -> None:
        """An article with one event, merged."""
        day = published or self.now.strftime("%Y-%m-%dT%H:%M:%SZ")
        put_article(self.store, name, text, source_id=source_id, published=day)
        tag(self.store, name, coding(text, **values))
        if merge:
            merge_events(self.store)

    def fire(self) -> list[Alert]:
        fired = fire(self.store, self.now)
        assert fired is not None, "reports wait to be merged"
        return fired

    def pass_days(self, days: float) -> None:
        self.now += timedelta(days=days)

    def rows(self, table: str) -> list[dict[str, Any]]:
        return list(self.store.db.query(f"SELECT * FROM {table} ORDER BY rowid"))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_store(tmp_path / "news.db") as store:
        yield World(store, tmp_path)


def goods(*names: str) -> tuple[Commodity, ...]:
    return tuple(Commodity(name=name, hs=("2846",)) for name in names)
