"""The commands: JSON lines in and out, tables, exit codes, and one clear line for what is wrong."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner, Result

from crawler.commands import crawl, extract, sources
from crawler.extraction.page import Page
from crawler.workers import read_all
from db.errors import CrawlError, DatelineError, InputFileError
from db.model import Article, as_json
from tests.crawler.conftest import Site, article_page, articles


def call(command: click.Command, *arguments: str, stdin: str | None = None) -> Result:
    return CliRunner().invoke(command, arguments, input=stdin)


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_extract_keeps_order_and_gives_every_field_of_an_article(tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "url": f"https://a.example/{n}", "html": article_page(f"Story {n} of many")}
        for n in range(40)
    ]
    (tmp_path / "in.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    result = call(extract, str(tmp_path / "in.jsonl"), "--workers", "2")
    assert result.exit_code == 0, result.output
    assert [row["id"] for row in lines(result)] == [row["id"] for row in rows]
    assert list(lines(result)[0]) == list(as_json(Article(id="", url="")))
    assert lines(result)[7]["title"] == "Story 7 of many"


def test_a_bad_line_is_said_and_the_next_one_goes_on(tmp_path: Path) -> None:
    (tmp_path / "a.html.gz").write_bytes(gzip.compress(article_page("Packed story").encode()))
    (tmp_path / "in.jsonl").write_text(
        "\n".join(
            [
                "not json",
                json.dumps({"id": "no-url"}),
                json.dumps({"id": "odd", "url": "http://[::1", "html": "<p>x</p>"}),
                json.dumps({"id": "no-file", "url": "https://a.example/", "html_file": "none.html"}),
                json.dumps([1]),
                json.dumps({"id": "good", "url": "https://a.example/", "html_file": "a.html.gz"}),
            ]
        )
    )
    result = call(extract, str(tmp_path / "in.jsonl"))
    assert result.exit_code == 1
    assert [bool(row["error"]) for row in lines(result)] == [True, True, True, True, True, False]
    assert [row["id"] for row in lines(result)] == ["", "no-url", "odd", "no-file", "", "good"]
    messages = result.stderr.splitlines()
    assert len(messages) == 5 and messages[0].startswith(f"{tmp_path / 'in.jsonl'}:1: not JSON")


def test_a_page_without_an_article_is_no_bad_line() -> None:
    result = call(extract, stdin=json.dumps({"id": "1", "url": "https://a.example/", "html": "<p></p>"}))
    assert result.exit_code == 0 and lines(result)[0]["error"] == "no article text was found"


def test_a_missing_file_is_one_clear_error() -> None:
    result = call(extract, "/nowhere/in.jsonl")
    assert isinstance(result.exception, DatelineError) and result.exception.exit_code == 2
    assert "/nowhere/in.jsonl cannot be read" in str(result.exception)


def test_a_page_that_kills_its_worker_costs_only_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    work: list[Any] = [
        (Page(id=str(n), url=f"https://a.example/{n}", body=article_page(f"Story {n}").encode()), None)
        for n in range(24)
    ]
    work[5] = (Killer(), None)
    read = list(read_all(work, workers=2))
    assert [article.id for article in read] == [str(n) if n != 5 else "killer" for n in range(24)]
    assert [article.id for article in read if article.error] == ["killer"]


class Killer:
    """A page that ends the process which reads it."""

    id = "killer"
    url = "https://a.example/killer"
    content_type = None
    final_url = None

    @property
    def body(self) -> bytes:
        import os

        os._exit(9)


def test_crawl_prints_a_row_a_source_and_keeps_messages_apart(site: Site, db: Path, tmp_path: Path) -> None:
    site.put_feed([site.put_article(1)])
    folder = declare(site, tmp_path)
    options = ["--db", str(db), "--sources", str(folder), "--allow-loopback", "--json"]
    planned = call(crawl, *options, "--dry-run")
    assert (
        planned.exit_code == 0
        and [row["kind"] for row in json.loads(planned.stdout)] == ["feed"]
        and not site.requests
    )
    result = call(crawl, *options)
    assert result.exit_code == 0, result.output
    (row,) = json.loads(result.stdout)
    assert (row["source"], row["articles_new"], row["reason"]) == ("toy", 1, None)


def test_a_crawl_that_gets_nothing_because_all_failed_says_what_where_and_what_to_do(
    site: Site, db: Path, tmp_path: Path
) -> None:
    result = call(crawl, "--db", str(db), "--sources", str(declare(site, tmp_path)), "--allow-loopback")
    assert "404" in " ".join(result.stdout.split())
    assert isinstance(result.exception, CrawlError) and result.exception.exit_code == 1
    assert str(result.exception) == (
        f"nothing could be fetched. {site.base}/feed.xml: the server answered 404 (not found). Check the address"
    )


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:1/x", "127.0.0.1 refused the connection. Check the address and your connection"),
        ("{site}/gone", "the server answered 410 (gone). Check the address"),
        ("{site}/private", "robots.txt forbids /private. It is left alone"),
        ("http://10.1.2.3/", "10.1.2.3 is a private address. Give a public web address"),
    ],
)
def test_a_single_page_that_fails_is_one_line_with_its_address_reason_and_remedy(
    site: Site, db: Path, url: str, words: str
) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /private", Content_Type="text/plain")
    site.put("/gone", "", 410)
    address = url.format(site=site.base)
    result = call(crawl, "--db", str(db), "--allow-loopback", "--url", address)
    assert isinstance(result.exception, CrawlError) and "\n" not in str(result.exception)
    assert str(result.exception).startswith(f"nothing could be fetched. {address}: ")
    assert words in str(result.exception)


def test_that_loopback_must_be_allowed_is_the_remedy(site: Site, db: Path) -> None:
    result = call(crawl, "--db", str(db), "--url", f"{site.base}/x", "--url", f"{site.base}/y")
    assert "Give --allow-loopback to fetch from this machine" in str(result.exception)
    assert "(1 more failed; the reasons stand in the table)" in str(result.exception)


def test_a_missing_contact_is_said_once_of_a_crawl_of_others_sites(
    site: Site, db: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = ["--db", str(db), "--url", "http://nowhere.invalid/1", "--url", "http://nowhere.invalid/2"]
    monkeypatch.delenv("DATELINE_CONTACT", raising=False)
    assert call(crawl, *outside).stderr.count("DATELINE_CONTACT") == 1
    local = ["--db", str(db), "--allow-loopback", "--url", site.base + site.put_article(1)]
    assert "DATELINE_CONTACT" not in call(crawl, *local).stderr
    monkeypatch.setenv("DATELINE_CONTACT", "desk@courier.example")
    assert "DATELINE_CONTACT" not in call(crawl, *outside).stderr


def test_urls_come_from_a_file_and_a_bad_one_is_named(site: Site, db: Path, tmp_path: Path) -> None:
    listed = tmp_path / "urls.txt"
    listed.write_text(f"# pages\n\n{site.base}{site.put_article(1)}\n")
    options = ["--db", str(db), "--allow-loopback", "--urls", str(listed)]
    assert call(crawl, *options).exit_code == 0 and len(articles(db)) == 1
    listed.write_text("https://a.example/\nnonsense\n")
    assert f"{listed}:2: not a web address: 'nonsense'" in str(call(crawl, *options).exception)


def test_sources_are_listed_shown_and_checked(site: Site, tmp_path: Path) -> None:
    folder = str(declare(site, tmp_path))
    site.put_feed([site.put_article(1)])
    assert json.loads(call(sources, "list", "--sources", folder, "--json").stdout)[0]["id"] == "toy"
    assert "max_pages: 500" in call(sources, "show", "toy", "--sources", folder).stdout
    healthy = call(sources, "check", "toy", "--sources", folder, "--allow-loopback", "--json")
    assert healthy.exit_code == 0 and json.loads(healthy.stdout)[0]["finding"] == "healthy"
    site.put("/feed.xml", "<rss></rss>")
    ill = call(sources, "check", "toy", "--sources", folder, "--allow-loopback", "--json")
    assert ill.exit_code == 1 and "0 links found, 1 expected" in json.loads(ill.stdout)[0]["finding"]


@pytest.mark.parametrize("command", [crawl, extract, *sources.commands.values()])
def test_help_carries_an_example(command: click.Command) -> None:
    assert "  dateline " in call(command, "--help").output or "| dateline " in call(command, "--help").output


def declare(site: Site, tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / "toy.yml").write_text(
        f"title: Toy\npublisher: {{name: Toy, country: GBR, url: '{site.base}'}}\nlanguage: en\n"
        f"feeds: ['{site.base}/feed.xml']\nexpect: {{articles: 1, fill: {{title: 1.0}}}}\n"
    )
    return folder


def test_a_file_that_is_no_archive_is_one_clear_error(tmp_path: Path) -> None:
    for name, body in {"a.yml": b"title: x\n", "b.gz": gzip.compress(b"words"), "c.warc": b""}.items():
        file = tmp_path / name
        file.write_bytes(body)
        result = call(crawl, "--warc", str(file), "--db", str(tmp_path / "x.db"))
        assert isinstance(result.exception, InputFileError) and not result.output
        assert str(result.exception) == f"{file} is not a WARC file, or is damaged"
