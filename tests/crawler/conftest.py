"""A small news site on loopback, and a source that declares it."""

from __future__ import annotations

import hashlib
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from crawler.sources import Source
from db.store import open_store

RUN_LOG = ("runs", "source_states", "source_days")
PARAGRAPHS = (
    "The ministry of trade in Ardenia said on Monday that it would cut the duty on imported copper from 12 to 5"
    " percent, a step that smelters had asked for since the spring.",
    "Officials told reporters that the lower rate will hold for one year and that it covers refined copper as"
    " well as scrap, which had been left out of an earlier plan.",
    "Producers in the south of the country criticised the decision. They fear that cheap metal will flow in"
    " before their own new works open next summer.",
)


@dataclass
class Answer:
    """What the site sends for a path."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    validators: bool = True


class Site:
    """Serves `answers` by path on 127.0.0.1; honours If-None-Match; counts what it is asked for."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Callable[[], Answer]] = {}
        self.requests: Counter[str] = Counter()
        self.statuses: Counter[int] = Counter()
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def do_GET(self) -> None:
                site.requests[self.path] += 1
                found = site.answers.get(self.path, Answer(b"nothing here", 404))
                answer = found() if callable(found) else found
                etag = f'"{hashlib.sha256(answer.body).hexdigest()}"'
                known = answer.validators and self.headers.get("If-None-Match") == etag
                status = 304 if known and answer.status == 200 else answer.status
                site.statuses[status] += 1
                self.send_response(status)
                headers = {"Content-Type": "text/html; charset=utf-8", **answer.headers}
                if answer.validators and answer.status == 200:
                    headers["ETag"] = etag
                body = b"" if status == 304 else answer.body
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def put(self, path: str, body: str | bytes, status: int = 200, **headers: str) -> None:
        """Serve a body; `Content_Type="..."` is a header."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers[path] = Answer(data, status, named)

    def put_article(self, number: int, *, title: str | None = None, extra: str = "") -> str:
        """Serve an article and return its path."""
        path = f"/news/story-{number}.htm"
        self.put(path, article_page(title or f"Ardenia lowers duty number {number}", extra, number))
        return path

    def put_feed(self, paths: list[str], path: str = "/feed.xml") -> None:
        items = "".join(f"<item><link>{self.base}{p}</link></item>" for p in paths)
        self.put(path, f"<rss version='2.0'><channel>{items}</channel></rss>", Content_Type="text/xml")

    def __enter__(self) -> Site:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join(5)
        self._server.server_close()


def article_page(title: str, extra: str = "", number: int = 0) -> str:
    first = f"Story {number}: " + PARAGRAPHS[0] + extra
    text = "".join(f"<p>{paragraph}</p>" for paragraph in (first, *PARAGRAPHS[1:]))
    return (
        f"<html lang='en'><head><title>{title}</title>"
        "<meta property='article:published_time' content='2025-10-06T08:00:05Z'></head>"
        f"<body><article><h1>{title}</h1>{text}</article></body></html>"
    )


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as running:
        yield running


@pytest.fixture
def source(site: Site) -> Source:
    return make_source(site)


def make_source(site: Site, **changes: Any) -> Source:
    declaration = {
        "id": "toy",
        "title": "Toy Times",
        "publisher": {"name": "Toy Times", "country": "GBR", "url": site.base},
        "language": "en",
        "feeds": [f"{site.base}/feed.xml"],
        "article": {"url": r"/news/story-\d+\.htm$"},
    }
    return Source.model_validate({**declaration, **changes})


@pytest.fixture
def db(tmp_path: Path) -> Path:
    return tmp_path / "toy.db"


def dump(db: Path) -> list[str]:
    """Every row of the database but the run log."""
    with open_store(db, "read") as store:
        lines = list(store.db.conn.iterdump())
    return [line for line in lines if not any(f'INTO "{table}"' in line for table in RUN_LOG)]


def pages(db: Path) -> dict[str, dict[str, Any]]:
    """The frontier by address."""
    with open_store(db, "read") as store:
        return {row["url"]: row for row in store.db["pages"].rows}


def articles(db: Path) -> list[dict[str, Any]]:
    """The stored articles by address."""
    with open_store(db, "read") as store:
        return sorted(store.db["articles"].rows, key=lambda row: row["url"])
