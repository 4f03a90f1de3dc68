"""One site behind one loopback port: conditional requests, removed pages, a count of requests."""

import logging
from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from threading import Lock, Thread
from urllib.parse import urlsplit

from dateline.newsroom.site import HTML, Page

log = logging.getLogger(__name__)


class LoopbackSite:
    """Serves `pages` on a loopback address between `start` and `stop`; `pages` may be replaced while it runs.

    `requests` counts paths, `answers` status codes; `removed` maps a path that is gone to its status. A site
    that makes its pages as they are asked for, or that misbehaves, overrides `find`, `status_of` or `interfere`.
    """

    def __init__(self, port: int, missing: str, host: str = "127.0.0.1") -> None:
        """Bind the port (0 for any free one); raises `OSError` when it is taken."""
        self.pages: Mapping[str, Page] = {}
        self.removed: dict[str, int] = {}
        self.requests: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self.missing = f"<!DOCTYPE html><title>404</title><p>{missing}</p>\n".encode()
        self._lock = Lock()
        self._server = _Server((host, port), _Handler)
        self._server.site = self
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base(self) -> str:
        """The root address, without a slash at its end."""
        host, port = self._server.server_address[:2]
        return f"http://{host!s}:{port}"

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self._server.shutdown()
            self._thread.join()
        self._server.server_close()

    def find(self, path: str) -> Page | None:
        """The page at a path; None where there is none."""
        return self.pages.get(path)

    def status_of(self, path: str) -> int:
        """The status of a path without a page."""
        return self.removed.get(path, HTTPStatus.NOT_FOUND)

    def interfere(self, path: str, answer: BufferedIOBase) -> bool:
        """Answer in another way than with a page, byte by byte, or not at all; whether that was done."""
        return False

    def count(self, path: str, status: int) -> None:
        """Remember one answered request."""
        with self._lock:
            self.requests[path] += 1
            self.answers[status] += 1


class _Server(ThreadingHTTPServer):
    request_queue_size = 128
    site: LoopbackSite


class _Handler(BaseHTTPRequestHandler):
    server: _Server
    protocol_version = "HTTP/1.1"
    timeout = 30
    # Head and body leave in one write; two would cost 40 ms each on a kept connection.
    wbufsize = -1

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a demonstration prints its own report."""
        log.debug(format, *args)

    def _answer(self, *, with_body: bool) -> None:
        site = self.server.site
        path = urlsplit(self.path).path
        if site.interfere(path, self.wfile):
            self.close_connection = True
            return
        page = site.find(path)
        if page is None:
            status = site.status_of(path)
            content_type, body = HTML, site.missing
        else:
            status = HTTPStatus.NOT_MODIFIED if self._has(page) else HTTPStatus.OK
            content_type, body = page.content_type, b"" if status == HTTPStatus.NOT_MODIFIED else page.body
        site.count(path, status)
        # No Date and Server headers: the same page is the same bytes in every run, also in an archive.
        self.send_response_only(status)
        if page is not None:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", page.last_modified)
        if status != HTTPStatus.NOT_MODIFIED:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if with_body:
            self.wfile.write(body)

    def _has(self, page: Page) -> bool:
        """Whether the client says that it holds this very page; its ETags, where sent, decide alone."""
        if tags := self.headers.get("If-None-Match"):
            known = [tag.strip().removeprefix("W/") for tag in tags.split(",")]
            return page.etag in known or "*" in known
        since = _moment(self.headers.get("If-Modified-Since"))
        changed = _moment(page.last_modified)
        return since is not None and changed is not None and changed <= since


def _moment(text: str | None) -> datetime | None:
    """An HTTP date, or None for one that is absent or unreadable (HTTP says: ignore it)."""
    try:
        moment = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
