"""Pages that fill in their text by script: a real Chromium over pages on loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path

import pytest

from crawler.crawl import crawl
from crawler.fetching.browser import VARIABLE, find_chromium, require_browser
from crawler.fetching.gateway import REFUSED, Gateway
from crawler.sources import Source
from db.archive import read_record
from db.errors import UsageError
from db.model import WarcReference
from db.store import archive_folder
from tests.crawler.conftest import PARAGRAPHS, Answer, Site, articles, make_source, pages

HAS_EXTRA, CHROMIUM = find_spec("scrapy_playwright") is not None, find_chromium()
needs_browser = pytest.mark.skipif(
    not (HAS_EXTRA and CHROMIUM),
    reason="the extra dateline[browser] is not installed" if not HAS_EXTRA else "no Chromium is installed",
)
SHELL = """<html lang="en"><head><title>Ardenia lowers the duty on copper</title>
<link rel="stylesheet" href="/style.css"></head><body><img src="/photo.jpg"><div id="root"></div>
<iframe src="/advert.html"></iframe><script src="/fill.js"></script></body></html>"""
FILL = """fetch('/text.json').then(r => r.json()).then(paragraphs => {
  const story = document.createElement('article');
  story.innerHTML = '<h1>Ardenia lowers the duty on copper</h1>' + paragraphs.map(p => `<p>${p}</p>`).join('');
  document.getElementById('root').append(story);
})"""


def put_shell(site: Site, path: str = "/news/story-1.htm", page: str = SHELL) -> str:
    """Serve a page without text, and what fills it in."""
    import json

    site.put(path, page)
    site.put("/fill.js", FILL, Content_Type="text/javascript")
    site.put("/text.json", json.dumps(PARAGRAPHS), Content_Type="application/json")
    site.put_feed([path])
    return path


def run(db: Path, *sources: Source, allow_loopback: bool = True):
    chosen = {source.id: source for source in sources}
    return crawl(db, chosen, allow_loopback=allow_loopback, progress=False)


@needs_browser
def test_text_that_scripts_fill_in_is_read_with_the_flag_and_only_with_it(site: Site, db: Path) -> None:
    path = put_shell(site)
    run(db, make_source(site))
    assert articles(db) == [] and site.requests["/fill.js"] == 0
    site.put_feed([put_shell(site, "/news/story-2.htm"), path])
    report = run(db, make_source(site, browser=True))
    (article,) = articles(db)
    assert article["text"] == "\n\n".join(PARAGRAPHS), report.of("toy").reason
    assert article["title"] == "Ardenia lowers the duty on copper"
    kept = read_record(
        archive_folder(db),
        WarcReference(
            file=article["warc_file"], offset=article["warc_offset"], digest=article["warc_digest"]
        ),
    )
    assert PARAGRAPHS[1].encode() in kept.body and kept.header("X-Dateline-Rendered") == "Chromium"
    # Scripts and their data were loaded, nothing else of the page.
    assert site.requests["/text.json"] == 1
    assert not site.requests["/style.css"] + site.requests["/photo.jpg"] + site.requests["/advert.html"]


@needs_browser
def test_a_section_page_that_scripts_fill_in_leads_to_its_articles(site: Site, db: Path) -> None:
    put_shell(site)
    listing = "document.body.innerHTML = \"<a href='/news/story-1.htm'>Ardenia lowers the duty</a>\""
    site.put("/world.htm", f"<html><body><script>{listing}</script></body></html>")
    run(db, make_source(site, feeds=[], sections=[{"url": f"{site.base}/world.htm"}], browser=True))
    assert [article["url"] for article in articles(db)] == [f"{site.base}/news/story-1.htm"]


@needs_browser
def test_robots_txt_holds_for_the_browser_also_after_a_redirect(site: Site, db: Path) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private/\n", Content_Type="text/plain")
    put_shell(site, "/private/story-2.htm")
    site.put("/news/story-1.htm", "", 302, Location="/private/story-2.htm")
    site.put_feed(["/news/story-1.htm", "/private/news/story-3.htm"])
    run(db, make_source(site, browser=True))
    assert articles(db) == [] and not site.requests["/private/news/story-3.htm"]
    for path in ("/news/story-1.htm", "/private/news/story-3.htm"):
        row = pages(db)[site.base + path]
        assert row["state"] == "refused" and "robots.txt forbids" in row["reason"], row["reason"]


@needs_browser
def test_a_page_leads_the_browser_to_no_address_that_is_not_public(site: Site, db: Path) -> None:
    """Loopback is allowed here, so a private address stands for every other."""
    path = "/news/story-1.htm"
    put_shell(site, path)
    site.put(path, "", 302, Location="http://169.254.169.254/latest/meta-data")
    run(db, make_source(site, browser=True))
    row = pages(db)[site.base + path]
    assert row["state"] == "refused" and "169.254.169.254 is a cloud metadata address" in row["reason"]


@needs_browser
def test_a_script_that_never_ends_costs_its_page_only(
    site: Site, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_BROWSER_TIMEOUT", "3")
    site.put("/news/story-1.htm", "<html><body><p>x</p><script>while (true) {}</script></body></html>")
    put_shell(site, "/news/story-2.htm")
    site.put_feed(["/news/story-1.htm", "/news/story-2.htm"])
    started = time.monotonic()
    run(db, make_source(site, browser=True))
    assert time.monotonic() - started < 60
    assert [article["url"] for article in articles(db)] == [f"{site.base}/news/story-2.htm"]
    assert pages(db)[f"{site.base}/news/story-1.htm"]["state"] == "failed"


@needs_browser
def test_a_download_is_no_page(site: Site, db: Path) -> None:
    put_shell(site)
    site.put(
        "/news/story-1.htm",
        b"%PDF-1.4",
        Content_Type="application/pdf",
        Content_Disposition="attachment; filename=x.pdf",
    )
    run(db, make_source(site, browser=True))
    row = pages(db)[f"{site.base}/news/story-1.htm"]
    assert articles(db) == [] and row["state"] == "refused" and "a download" in row["reason"], row["reason"]


def test_without_a_browser_that_is_said_before_the_first_request(
    site: Site, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(VARIABLE, "/nowhere/chromium")
    with pytest.raises(
        UsageError, match=r"source 'toy' asks for a browser: pip install 'dateline\[browser\]'"
    ):
        run(db, make_source(site, browser=True))
    assert not site.requests and not db.exists()
    require_browser([make_source(site)])


def ask(target: str, site: Site, *, allow_loopback: bool, method: str = "GET") -> bytes:
    """What the gateway answers to a request."""

    async def asking() -> bytes:
        gateway = Gateway(allow_loopback=allow_loopback)
        address = await gateway.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", int(address.rpartition(":")[2]))
        writer.write(f"{method} {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        answer = await asyncio.wait_for(reader.read(500), 15)
        writer.close()
        await gateway.close()
        return answer

    return asyncio.run(asking())


Target = Callable[[Site], str]


@pytest.mark.parametrize(
    "target",
    [
        lambda site: f"http://127.0.0.1:{site.port}/a",
        lambda site: f"http://2130706433:{site.port}/a",
        lambda site: f"http://localhost:{site.port}/a",
        lambda site: f"http://[::ffff:127.0.0.1]:{site.port}/a",
        lambda site: "http://10.0.0.1/a",
        lambda site: "http://169.254.169.254/a",
        lambda site: "ftp://127.0.0.1/a",
        lambda site: "file:///etc/passwd",
    ],
)
def test_the_gateway_opens_no_connection_to_an_address_that_is_not_public(site: Site, target: Target) -> None:
    assert ask(target(site), site, allow_loopback=False).startswith(b"HTTP/1.1 403")
    assert not site.requests


@pytest.mark.parametrize("host", ["127.0.0.1", "0x7f.1", "10.0.0.1", "[fd00::1]"])
def test_the_gateway_opens_no_tunnel_to_an_address_that_is_not_public(site: Site, host: str) -> None:
    answer = ask(f"{host}:{site.port}", site, allow_loopback=False, method="CONNECT")
    assert answer.startswith(b"HTTP/1.1 403") and REFUSED.encode() in answer


def test_the_gateway_passes_on_what_is_allowed(site: Site) -> None:
    site.answers["/a"] = Answer(b"hello")
    assert ask(f"{site.base}/a", site, allow_loopback=True).endswith(b"hello")
