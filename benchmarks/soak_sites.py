"""The sites of a soaked month, each on a loopback address of its own, and the process that serves them.

    python benchmarks/soak_sites.py SEED SOURCES DAYS EVERY_HOURS MINUTES LOG

What a site answers follows from the month and from the present moment of DATELINE_CLOCK. Prints the port, which
is the same on every address, and serves until standard input closes. LOG gets a line for every request.
"""

from __future__ import annotations

import contextlib
import gzip
import os
import random
import sys
import threading
import time
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cache
from html import escape
from http import HTTPStatus
from io import BufferedIOBase
from pathlib import Path
from typing import TextIO

from soak_month import HANGING, PAGES_ALONE, Fault, Month, Station, Story, Text, make_month

from dateline.newsroom.loopback import LoopbackSite
from dateline.newsroom.site import HTML, XML, Page
from db.clock import present
from db.frontier import timestamp

LISTING = "/listing"
NOTICE = b"<!DOCTYPE html><title>Back soon</title><p>We are tidying up. Please come again later.</p>"
RENEWED = b"<!DOCTYPE html><title>Renewed</title><p>This page has a new place. Ask our readers' desk.</p>"


def main() -> None:
    seed, sources, days, hours, minutes, log = sys.argv[1:]
    month = make_month(
        seed=int(seed),
        sources=int(sources),
        days=float(days),
        every=timedelta(hours=float(hours)),
        minutes=float(minutes),
    )
    with Path(log).open("a", buffering=1) as lines:
        sites = Sites(month, lines)
        print(sites.port, flush=True)
        closed = threading.Thread(target=_until_closed, daemon=True)
        closed.start()
        while closed.is_alive():
            sites.open_and_close()
            time.sleep(0.1)


def _until_closed() -> None:
    os.read(0, 1)


def address_of(number: int, port: int) -> str:
    """Where the site of a station stands."""
    return f"http://127.0.1.{number}:{port}"


class Sites:
    """All sites; those that refuse connections now are closed."""

    def __init__(self, month: Month, log: TextIO) -> None:
        self._month, self._log, self.port = month, log, 0
        self._open: dict[str, Site] = {}
        self.open_and_close()

    def open_and_close(self) -> None:
        """Have those listen that should, and no others."""
        now = present()
        for station in self._month.stations:
            fault = station.fault(now)
            is_closed = fault is not None and fault.kind == "refuses connections"
            if is_closed and station.name in self._open:
                self._open.pop(station.name).stop()
            elif not is_closed and station.name not in self._open:
                site = Site(station, self.port, self._log)
                self.port = site.port
                site.start()
                self._open[station.name] = site


class Site(LoopbackSite):
    """What a station shows at the present moment."""

    def __init__(self, station: Station, port: int, log: TextIO) -> None:
        super().__init__(port, "There is nothing here.", f"127.0.1.{station.number}")
        self._station, self._log = station, log
        self._by_path = {story.path: story for story in station.stories}

    @property
    def port(self) -> int:
        return int(self.base.rpartition(":")[2])

    def find(self, path: str) -> Page | None:
        now = present()
        if path == LISTING:
            return _listing(self._station, self.base, now)
        story = self._by_path.get(path)
        text = story.at(now) if story else None
        if story is None or text is None:
            return None
        fault = self._station.fault(now)
        is_new_layout = fault is not None and fault.kind == "changes layout"
        return Page(body=_article(story, text, is_new_layout), content_type=HTML, changed=text.since)

    def status_of(self, path: str) -> int:
        story = self._by_path.get(path)
        if story is None or present() < story.published:
            return 404
        return story.status

    def interfere(self, path: str, answer: BufferedIOBase) -> bool:
        if path.startswith("/go/"):
            _say(answer, 301, Location=f"{self.base}/news/{path.removeprefix('/go/')}")
            return True
        fault = self._station.fault(present())
        is_listing = path.startswith(LISTING)
        is_hit = fault is not None and (
            path in self._by_path if fault.kind in PAGES_ALONE else is_listing or fault.kind == "answers 500"
        )
        if fault is None or not is_hit or fault.kind in ("refuses connections", "changes layout"):
            return False
        # Before and not after: a site that hangs is still silent when the crawl has given up and ended.
        self._note(path, fault.kind.replace(" ", "-"))
        return _misbehave(fault, path, answer)

    def count(self, path: str, status: int) -> None:
        fault = self._station.fault(present())
        # The one fault with which a page is served as ever, and told apart by what it looks like.
        is_new_layout = fault is not None and fault.kind == "changes layout" and path in self._by_path
        is_met = is_new_layout and status == HTTPStatus.OK
        self._note(path, "changes-layout" if is_met else str(status))

    def _note(self, path: str, what: str) -> None:
        print(timestamp(present()), self._station.name, path, what, file=self._log)


def _misbehave(fault: Fault, path: str, answer: BufferedIOBase) -> bool:
    match fault.kind:
        case "answers 500":
            _say(answer, 500, b"Our server is not well.")
        case "has no name":
            _say(answer, 302, Location=f"http://{fault.source}.invalid{LISTING}")
        case "hangs":
            _hang(fault)
        case "redirects in a circle":
            _say(answer, 302, Location=f"{LISTING}/{random.getrandbits(32)}")
        case "lists no XML":
            _say(answer, 200, RENEWED)
        case "packs a bomb":
            _say(answer, 200, _bomb(), Content_Encoding="gzip")
        case "sends half pages":
            answer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 9000\r\n\r\n")
            answer.write(RENEWED[:60])
        case "sends wrong bytes":
            _say(answer, 200, random.Random(path).randbytes(3000))
        case "shows a notice":
            _say(answer, 200, NOTICE)
        case _:
            return False
    return True


def _say(answer: BufferedIOBase, status: int, body: bytes = b"", **headers: str) -> None:
    named = {"Content-Type": HTML, **{name.replace("_", "-"): value for name, value in headers.items()}}
    head = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    answer.write(f"HTTP/1.1 {status} So\r\n{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)


def _hang(fault: Fault) -> None:
    deadline = time.monotonic() + HANGING
    while present() < fault.end and time.monotonic() < deadline:
        time.sleep(0.2)


@cache
def _bomb() -> bytes:
    return gzip.compress(b"<rss>" + b" " * 30_000_000)


def _article(story: Story, text: Text, is_new_layout: bool) -> bytes:
    title = escape(text.title)
    paragraphs = "".join(f"<p>{escape(paragraph)}</p>\n" for paragraph in text.paragraphs)
    menu = "<nav><a href='/'>Home</a> <a href='/weather'>Weather</a> <a href='/letters'>Letters</a></nav>"
    if is_new_layout:
        return (
            f"<!DOCTYPE html><html lang='en'><head><title>{title}</title></head><body>{menu}"
            f"<main class='n-{story.source}'><h1 class='n-head'>{title}</h1>"
            f"<div class='n-text'>{paragraphs}</div></main></body></html>"
        ).encode()
    published = story.published.isoformat()
    return (
        f"<!DOCTYPE html><html lang='en'><head><title>{title}</title>"
        f"<meta property='article:published_time' content='{published}'>"
        f"<meta name='author' content='Ada Fenwright'></head><body><header>{menu}</header>"
        f"<article><h1>{title}</h1><time datetime='{published}'>{story.published:%d %B %Y}</time>\n{paragraphs}"
        f"</article><footer>{menu}</footer></body></html>"
    ).encode()


def _listing(station: Station, base: str, now: datetime) -> Page:
    entries = [(story, text) for story in station.listed(now) if (text := story.at(now))]
    changed = max(
        (text.since for _, text in entries), default=datetime.fromisoformat("2025-01-01T00:00:00+00:00")
    )
    addresses = [base + story.path for story, _ in entries]
    times = [text.since for _, text in entries]
    if station.kind == "sitemap":
        urls = "".join(
            f"<url><loc>{a}</loc><lastmod>{t.isoformat()}</lastmod></url>"
            for a, t in zip(addresses, times, strict=True)
        )
        return Page(body=f"<urlset>{urls}</urlset>".encode(), content_type=XML, changed=changed)
    if station.kind == "section":
        links = "".join(
            f"<li><a href='{a}'>{escape(text.title)}</a></li>"
            for a, (_, text) in zip(addresses, entries, strict=True)
        )
        return Page(
            body=f"<!DOCTYPE html><title>All</title><ul>{links}</ul>".encode(),
            content_type=HTML,
            changed=changed,
        )
    if station.kind == "atom":
        items = "".join(
            f"<entry><link href='{a}'/><updated>{t.isoformat()}</updated></entry>"
            for a, t in zip(addresses, times, strict=True)
        )
        return Page(
            body=f"<feed xmlns='http://www.w3.org/2005/Atom'>{items}</feed>".encode(),
            content_type=XML,
            changed=changed,
        )
    if station.kind == "forwarding feed":
        addresses = [a.replace("/news/", "/go/") for a in addresses]
    items = "".join(
        f"<item><link>{a}</link><pubDate>{format_datetime(story.published)}</pubDate></item>"
        for a, (story, _) in zip(addresses, entries, strict=True)
    )
    return Page(
        body=f"<rss version='2.0'><channel>{items}</channel></rss>".encode(),
        content_type=XML,
        changed=changed,
    )


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        main()
