"""Servers that mean harm: each is ended, refused or survived, and the row of its page says what happened."""

from __future__ import annotations

import gzip
import random
import re
import socketserver
import subprocess
import sys
import threading
import time
import zlib
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from crawler.crawl import crawl
from crawler.fetching.job import Job
from crawler.report import CrawlReport
from crawler.sources import Source
from db.errors import UsageError
from db.store import archive_folder, open_store
from tests.crawler.conftest import PARAGRAPHS, Site, article_page, articles, make_source, pages
from tests.crawler.test_crawl import make_due

PAGE = "/news/story-1.htm"
SECRET = "the words of a local file"
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
LIMIT = 2
PROGRAM = (
    "import sys, crawler.fetching.settings\n"
    f"crawler.fetching.settings.TIMEOUT = {LIMIT}\n"
    "from crawler.fetching.process import main\n"
    "code = main()\n"
    "sys.stderr.write(open('/proc/self/status').read())\n"
    "sys.exit(code)"
)
Stream = Callable[[], Iterator[bytes]]


class Raw:
    """Sends whatever bytes a test likes, for as long as it likes or somebody listens."""

    def __init__(self) -> None:
        self.streams: dict[str, Stream] = {}
        self.requests: Counter[str] = Counter()
        raw = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self) -> None:
                path = self.rfile.readline().split(b" ")[1].decode()
                raw.requests[path] += 1
                try:
                    while self.rfile.readline().strip():
                        pass
                    stream = raw.streams.get(path)
                    for block in (
                        stream() if stream else [b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n"]
                    ):
                        self.wfile.write(block)
                except OSError:
                    pass

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.base = f"http://127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def raw() -> Iterator[Raw]:
    server = Raw()
    yield server
    server.close()


def run(db: Path, source: Source) -> CrawlReport:
    return crawl(db, {source.id: source}, allow_loopback=True, progress=False)


def fetch(db: Path, url: str) -> CrawlReport:
    return crawl(db, {}, urls=[url], allow_loopback=True, progress=False)


def fetch_alone(db: Path, source: Source) -> float:
    """Run the crawling process with `LIMIT` seconds a page in the place of 30; the most megabytes it held."""
    with open_store(db, "write") as store:
        store.frontier.put_source(source.summary())
        run_id = store.start_run("test")
    job = Job(
        run_id=run_id,
        db=db,
        archive=archive_folder(db),
        sources={source.id: source},
        allow_loopback=True,
        unthrottled=True,
    )
    command = [sys.executable, "-c", PROGRAM]
    done = subprocess.run(
        command, input=job.model_dump_json(), check=True, timeout=60, capture_output=True, text=True
    )
    (peak,) = re.findall(r"VmHWM:\s+(\d+) kB", done.stderr)
    return int(peak) / 1024


def feed(base: str) -> Stream:
    body = f"<rss version='2.0'><channel><item><link>{base}{PAGE}</link></item></channel></rss>".encode()
    return lambda: iter([HEAD, b"Content-Length: %d\r\n\r\n" % len(body), body])


def source_of(base: str) -> Source:
    declaration = {
        "id": "toy",
        "title": "Toy Times",
        "publisher": {"name": "Toy Times", "country": "GBR", "url": base},
        "language": "en",
        "feeds": [f"{base}/feed.xml"],
    }
    return Source.model_validate(declaration)


def endless() -> Iterator[bytes]:
    yield HEAD + b"\r\n<html><body>"
    while True:
        yield b"<p>" + b"more and more " * 5000


def test_a_page_without_end_is_refused(raw: Raw, db: Path) -> None:
    raw.streams[PAGE] = endless
    report = fetch(db, raw.base + PAGE)
    assert "refused: larger than 20 MB" in (report.of("web").reason or "")
    assert pages(db)[raw.base + PAGE]["state"] == "refused" and articles(db) == []


def test_a_robots_txt_without_end_holds_nothing_up(raw: Raw, db: Path) -> None:
    raw.streams["/robots.txt"] = endless
    body = article_page("Ardenia lowers the duty").encode()
    raw.streams[PAGE] = lambda: iter([HEAD, b"Content-Length: %d\r\n\r\n" % len(body), body])
    fetch(db, raw.base + PAGE)
    assert raw.requests["/robots.txt"] and pages(db)[raw.base + PAGE]["state"] in ("done", "refused")


def drip(head: bytes, drop: bytes) -> Stream:
    """A drop at a time: never silent, never done."""

    def stream() -> Iterator[bytes]:
        yield head
        while True:
            yield drop
            time.sleep(0.1)

    return stream


@pytest.mark.parametrize(
    ("head", "drop"),
    [(HEAD + b"\r\n<html>", b"<p>x"), (HEAD, b"X-More: x\r\n"), (b"HTTP/1.1 200", b" ")],
    ids=["body", "headers", "status line"],
)
def test_a_page_that_comes_drop_by_drop_is_given_up_in_time(
    raw: Raw, db: Path, head: bytes, drop: bytes
) -> None:
    raw.streams["/feed.xml"], raw.streams[PAGE] = feed(raw.base), drip(head, drop)
    started = time.monotonic()
    fetch_alone(db, source_of(raw.base))
    assert time.monotonic() - started < 3 * LIMIT + 20
    row = pages(db)[raw.base + PAGE]
    assert row["state"] == "failed" and "no answer within" in row["reason"], row["reason"]


def packed(wbits: int) -> bytes:
    """400 MB in 400 kB, made a piece at a time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, wbits)
    zeros = b"0" * 1_000_000
    return packer.compress(b"<p>") + b"".join(packer.compress(zeros) for _ in range(400)) + packer.flush()


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is read from /proc")
@pytest.mark.parametrize(
    ("encoding", "pack"),
    [
        ("gzip", lambda: packed(31)),
        ("deflate", lambda: packed(15)),
        ("gzip, gzip", lambda: gzip.compress(packed(31))),
    ],
)
def test_a_bomb_in_any_wrapping_is_refused_in_little_memory(
    site: Site, db: Path, encoding: str, pack: Callable[[], bytes]
) -> None:
    site.put_feed([PAGE])
    site.put(PAGE, pack(), Content_Encoding=encoding)
    megabytes = fetch_alone(db, make_source(site))
    row = pages(db)[site.base + PAGE]
    assert row["state"] == "refused" and "unpacks to more than 20 MB" in row["reason"], row["reason"]
    assert megabytes < 250


def test_a_sitemap_that_unpacks_without_end_is_refused(site: Site, db: Path) -> None:
    site.put("/map.xml.gz", gzip.compress(b"<urlset>" + b" " * 60_000_000), Content_Type="application/gzip")
    report = run(db, make_source(site, feeds=[], sitemaps=[f"{site.base}/map.xml.gz"]))
    assert "it unpacks to more than 20 MB" in (report.of("toy").reason or "")


def bomb(root: str) -> str:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return (
        f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY l0 "ha">{laughs}]>'
        f"<{root}><channel><item><title>&l9;</title><link>/news/story-1.htm</link></item></channel>"
        f"<url><loc>&l9;</loc></url></{root}>"
    )


def theft(root: str, file: Path) -> str:
    return (
        f'<?xml version="1.0"?><!DOCTYPE {root} [<!ENTITY x SYSTEM "{file.as_uri()}">'
        f'<!ENTITY % y SYSTEM "http://127.0.0.1:1/y.dtd"> %y;]>'
        f"<{root}><channel><item><link>/news/&x;</link></item></channel>"
        f"<url><loc>/news/&x;</loc></url></{root}>"
    )


@pytest.mark.parametrize(("kind", "root"), [("feeds", "rss"), ("sitemaps", "urlset")])
def test_xml_entities_are_refused_whether_they_explode_or_steal(
    site: Site, db: Path, tmp_path: Path, kind: str, root: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    for number, body in enumerate((bomb(root), theft(root, secret))):
        site.put(f"/{number}.xml", body, Content_Type="text/xml")
    listed = {"feeds": [], kind: [f"{site.base}/{number}.xml" for number in range(2)]}
    started = time.monotonic()
    report = run(db, make_source(site, **listed))
    assert time.monotonic() - started < 30
    assert "it declares XML entities, which are refused" in (report.of("toy").reason or "")
    assert not any("words" in url for url in pages(db)) and site.requests[PAGE] == 0


def test_200_000_nested_divs_give_a_reason_and_not_a_crash(site: Site, db: Path) -> None:
    deep = "<div>" * 200_000 + "<p>" + PARAGRAPHS[0] + "</p>" + "</div>" * 200_000
    site.put(PAGE, f"<html><body><h1>Ardenia lowers the duty</h1>{deep}</body></html>")
    site.put_article(2)
    site.put_feed([PAGE, "/news/story-2.htm"])
    started = time.monotonic()
    run(db, make_source(site))
    assert time.monotonic() - started < 60
    assert [article["url"] for article in articles(db)] == [f"{site.base}/news/story-2.htm"]
    row = pages(db)[site.base + PAGE]
    assert row["state"] == "skipped" and row["reason"], row


VIETNAMESE = (
    "Bộ Công Thương cho biết hôm thứ Hai rằng thuế nhập khẩu đồng sẽ giảm từ 12 xuống 5 phần trăm, mức mà các"
    " nhà máy luyện kim đã đề nghị từ mùa xuân."
)


@pytest.mark.parametrize(
    ("stated", "written"),
    [("utf-8", "utf-16"), ("iso-8859-1", "utf-8"), ("utf-8", "windows-1252"), ("x-no-such", "utf-8")],
)
def test_a_page_that_lies_about_its_encoding_is_read_as_it_is_written(
    site: Site, db: Path, stated: str, written: str
) -> None:
    text = "“Crème brûlée”, said the minister’s office in Genève. " + PARAGRAPHS[1]
    if written.startswith("utf"):
        text = VIETNAMESE
    page = article_page("Thuế nhập khẩu đồng" if text == VIETNAMESE else "Genève").replace(
        PARAGRAPHS[1], text
    )
    site.put(PAGE, page.encode(written), Content_Type=f"text/html; charset={stated}")
    fetch(db, site.base + PAGE)
    (article,) = articles(db)
    assert text in article["text"], article["text"]


NOISE = random.Random(20251020).randbytes(5000)


@pytest.mark.parametrize(
    "body", [b"\0" * 5000, b"\xff\xfe\x00\xd8" * 500, b"%PDF-1.7 " * 300, b"<" * 50_000, NOISE]
)
def test_what_only_says_that_it_is_html_gives_no_article(site: Site, db: Path, body: bytes) -> None:
    site.put(PAGE, body)
    report = fetch(db, site.base + PAGE)
    assert articles(db) == [] and report.of("web").reason


def test_bytes_that_are_no_text_do_not_take_the_place_of_an_article(
    site: Site, source: Source, db: Path
) -> None:
    page = site.put_article(1)
    site.put_feed([page])
    run(db, source)
    (before,) = articles(db)
    good = site.answers[page]
    for body in (NOISE, bytes(reversed(NOISE))):
        site.put(page, body)
        make_due(db)
        run(db, source)
        assert [row["text"] for row in articles(db)] == [before["text"]]
        assert "no text" in pages(db)[site.base + page]["reason"]
    site.answers[page] = good
    make_due(db)
    run(db, source)
    assert pages(db)[site.base + page]["state"] == "done" and articles(db)[0]["version"] == 1


METADATA = (
    "http://169.254.169.254/latest",
    "http://2852039166/latest",
    "http://0xa9fea9fe/latest",
    "http://0251.0376.0251.0376/latest",
    "http://[::ffff:169.254.169.254]/latest",
    "http://[::ffff:a9fe:a9fe]/latest",
    "http://[64:ff9b::a9fe:a9fe]/latest",
    "http://[fd00:ec2::254]/latest",
    "http://user@169.254.169.254:80/latest",
)


def test_a_redirect_to_a_metadata_address_is_refused_in_every_form(site: Site, db: Path) -> None:
    paths = [f"/news/story-{number}.htm" for number in range(len(METADATA))]
    for path, target in zip(paths, METADATA, strict=True):
        # One step more: the check holds on every redirect, not only on the first.
        site.put(f"/step{path}", "", 301, Location=target)
        site.put(path, "", 302, Location=f"/step{path}")
    site.put_feed(paths)
    run(db, make_source(site))
    for path, target in zip(paths, METADATA, strict=True):
        row = pages(db)[site.base + path]
        assert row["state"] == "refused" and "not a public address" in row["reason"], (target, row["reason"])


@pytest.mark.parametrize(
    "host",
    ["0x7f000001", "017700000001", "[::1]", "[::]", "[::127.0.0.1]", "127.0.0.1.", "①②⑦.0.0.1", "LOCALHOST"],
)
def test_more_forms_of_loopback_are_refused_without_the_flag(site: Site, db: Path, host: str) -> None:
    site.put_article(1)
    crawl(db, {}, urls=[f"http://{host}:{site.port}{PAGE}"], progress=False)
    assert not site.requests and articles(db) == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/x", "data:text/html,<p>x</p>", "javascript:alert(1)", "//"],
)
def test_only_http_and_https_are_asked_for(db: Path, url: str) -> None:
    with pytest.raises(UsageError, match="not a web address"):
        crawl(db, {}, urls=[url], allow_loopback=True, progress=False)


def test_a_listing_leads_to_no_other_scheme_and_a_page_to_no_other_page(site: Site, db: Path) -> None:
    refresh = "<meta http-equiv='refresh' content='0;url=http://169.254.169.254/'>"
    site.put(PAGE, article_page("Ardenia lowers the duty").replace("<head>", f"<head>{refresh}"))
    items = "".join(
        f"<item><link>{link}</link></item>" for link in ("file:///etc/passwd", f"{site.base}{PAGE}")
    )
    site.put("/feed.xml", f"<rss version='2.0'><channel>{items}</channel></rss>", Content_Type="text/xml")
    run(db, make_source(site))
    assert [article["url"] for article in articles(db)] == [site.base + PAGE]
    assert not [url for url in pages(db) if not url.startswith(site.base)]
