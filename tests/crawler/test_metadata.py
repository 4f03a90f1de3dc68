"""Titles, bylines, times, addresses: the small readings that make up an article."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.addresses import canonical_url, clean_url
from crawler.extraction.authors import clean_authors, corporate_authors
from crawler.extraction.furniture import is_text, without_credit
from crawler.extraction.jsonld import read_statement
from crawler.extraction.markup import parse
from crawler.extraction.metadata import Metadata, read_metadata
from crawler.extraction.moments import moment_in_url, read_moment
from crawler.extraction.titles import choose_title

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.mark.parametrize(
    ("text", "expected", "precision"),
    [
        ("2025-10-06T09:39:15+07:00", "2025-10-06T09:39:15+07:00", "second"),
        ("2025-10-06T02:39:15.123Z", "2025-10-06T02:39:15Z", "second"),
        ("2025-10-06 09:39", "2025-10-06T09:39:00+07:00", "minute"),
        ("2025-10-06T09:39:15+0700", "2025-10-06T09:39:15+07:00", "second"),
        ("Mon, 06 Oct 2025 09:39:15 +0700", "2025-10-06T09:39:15+07:00", "second"),
        ("06/10/2025 09:39 GMT+7", "2025-10-06T09:39:00+07:00", "minute"),
        ("Thứ hai, 6/10/2025, 21:39 (GMT+7)", "2025-10-06T21:39:00+07:00", "minute"),
        ("09:39 - 06/10/2025", "2025-10-06T09:39:00+07:00", "minute"),
        ("10/16/2025 9:39 PM", "2025-10-16T21:39:00+07:00", "minute"),
        ("2025-10-06", "2025-10-06", "day"),
        ("2025-10-06T00:00:00+07:00", "2025-10-06", "day"),
        ("2025-10", "2025-10", "month"),
        ("1759714755", "2025-10-06T08:39:15+07:00", "second"),
        ("October 6, 2025", "2025-10-06", "day"),
    ],
)
def test_a_time_keeps_how_exactly_it_is_known(text: str, expected: str, precision: str) -> None:
    moment = read_moment(text, HANOI)
    assert moment is not None and (str(moment), moment.precision) == (expected, precision)


@pytest.mark.parametrize(
    "text", [None, "", "yesterday-ish", "9999-99-99", "0001-01-01", "31/02/2025", "3025-01-01", "12"]
)
def test_what_is_no_time_is_none(text: str | None) -> None:
    assert read_moment(text) is None


def test_the_number_in_an_address_holds_the_time() -> None:
    parts = "".join(rf"(?P<{part}>\d\d)" for part in ("year", "month", "day", "hour", "minute", "second"))
    pattern = rf"-(?:100|20){parts}\d{{3}}\.htm$"
    for url in ("https://a.example/x-100251006093915569.htm", "https://a.example/x-20251006093915569.htm"):
        assert str(moment_in_url(url, pattern, HANOI)) == "2025-10-06T09:39:15+07:00"


@pytest.mark.parametrize(
    ("bylines", "expected"),
    [
        (["By Jane Doe and John Roe"], ("Jane Doe", "John Roe")),
        (["Jane Doe, jane@example.org"], ("Jane Doe",)),
        (["https://example.org/jane", "Jane Doe"], ("Jane Doe",)),
        (["The Velin Courier", "Jane Doe"], ("Jane Doe",)),
        (["Bích Vân và Thu Giang"], ("Bích Vân", "Thu Giang")),
        (["JANE DOE"], ("Jane Doe",)),
        (["Reuters", "Staff Writer", "admin", "105092"], ()),
        (["Jane Doe (Port Velin)"], ("Jane Doe",)),
    ],
)
def test_a_byline_gives_people(bylines: list[str], expected: tuple[str, ...]) -> None:
    assert clean_authors(bylines, ["The Velin Courier"]) == expected


def test_an_agency_is_named_where_nobody_signs() -> None:
    assert corporate_authors(["Reuters", "admin", "12345"]) == ("Reuters",)


@pytest.mark.parametrize(
    ("head", "h1", "expected"),
    [
        (
            "<title>Cheap copper: 5 facts | Courier</title>",
            "Ardenia lowers duty on copper",
            "Ardenia lowers duty on copper",
        ),
        (
            "<meta property=og:title content='Ardenia lowers duty | Courier'>",
            "Ardenia lowers duty",
            "Ardenia lowers duty",
        ),
        (
            "<meta property=og:title content='Ardenia lowers duty on copper'>",
            "The Courier",
            "Ardenia lowers duty on copper",
        ),
        (
            "<meta property=og:title content='Ardenia lowers duty'>",
            "Copper - Ardenia lowers duty",
            "Ardenia lowers duty",
        ),
        (
            "<meta property=og:title content='Trade: Ardenia lowers its copper duty'>",
            "Economy - Ardenia lowers its copper duty",
            "Ardenia lowers its copper duty",
        ),
        (
            "<meta property=og:title content='Ardenia lowers duty | Courier | 06.10.2025'>",
            "Ardenia lowers duty",
            "Ardenia lowers duty",
        ),
    ],
)
def test_the_headline_is_what_the_page_shows_as_one(head: str, h1: str, expected: str) -> None:
    tree = parse(f"<html><head>{head}</head><body><h1>{h1}</h1></body></html>")
    assert tree is not None
    found = tree.xpath("//meta/@content")
    assert (
        choose_title(
            tree, None, lambda *names: found[0] if found and "og:title" in names else None, "Courier"
        )
        == expected
    )


def read(head: str, body: str = "<p>x</p>", url: str = "https://a.example/x", root: str = "en") -> Metadata:
    tree = parse(f"<html lang={root}><head>{head}</head><body>{body}</body></html>")
    assert tree is not None
    return read_metadata(tree, url, None)


def json_ld(**statement: object) -> str:
    return f"<script type=application/ld+json>{json.dumps({'@type': 'NewsArticle', **statement})}</script>"


def test_a_shared_title_of_its_own_is_the_headline_that_the_newsroom_wrote() -> None:
    head = json_ld(headline="Copper duty in Ardenia: what you must know")
    shared = "<meta property=og:title content='Ministry gives way to the smelters'>"
    assert read(head + shared, "<h1>Copper duty in Ardenia: what you must know</h1>").title == (
        "Ministry gives way to the smelters"
    )


def test_a_shared_title_that_is_only_shorter_is_no_headline_of_its_own() -> None:
    head = json_ld(headline="Ardenia lowers its duty on copper and wire")
    shared = "<meta property=og:title content='Ardenia lowers its duty'>"
    assert read(head + shared, "<h1>Ardenia lowers its duty on copper and wire</h1>").title == (
        "Ardenia lowers its duty on copper and wire"
    )


def test_the_day_is_the_one_that_readers_saw() -> None:
    published = read(json_ld(datePublished="2025-10-07T00:50:17+07:00")).published
    assert str(published) == "2025-10-07T00:50:17+07:00"


@pytest.mark.parametrize("first", ["2025-10-06T20:59:59", "2025-10-06T18:59:59Z"])
def test_of_two_ways_to_write_a_time_the_one_with_its_place_is_kept(first: str) -> None:
    meta = "<meta property=article:published_time content='2025-10-06T20:59:59+02:00'>"
    assert str(read(json_ld(datePublished=first) + meta).published) == "2025-10-06T20:59:59+02:00"


@pytest.mark.parametrize(
    ("url", "root", "more", "expected"),
    [
        ("https://a.example.vn/x", "vi", "", "2025-04-03"),
        ("https://a.example.co.uk/x", "en-GB", "", "2025-04-03"),
        ("https://example.com/x", "en-US", "", "2025-03-04"),
        ("https://a.example/x", "en", "<meta name=lastmod content='2025-03-05'>", "2025-03-04"),
        ("https://a.example/2025/03/04/x", "en", "", "2025-03-04"),
    ],
)
def test_day_and_month_are_told_apart_by_the_page(url: str, root: str, more: str, expected: str) -> None:
    assert (
        str(read(f"<meta name=pubdate content='03/04/2025'>{more}", url=url, root=root).published) == expected
    )


def test_a_day_behind_the_title_is_better_than_a_guess() -> None:
    page = "<p>Smoke over the port on 24 April 2023</p>"
    assert str(read("<title>Duty falls | Courier | 28.04.2023</title>", page).published) == "2023-04-28"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("<div>(责编：王小明、李华)</div>", ("王小明", "李华")),
        ("<p>By Jane Doe, in <a href=/news>News</a></p>", ("Jane Doe",)),
        ("<p>Tác giả: Nguyễn Văn An</p>", ("Nguyễn Văn An",)),
        ("<p>By the end of the year the duty will have fallen, said Jane Doe of the ministry.</p>", ()),
    ],
)
def test_a_line_that_only_signs_names_the_author(line: str, expected: tuple[str, ...]) -> None:
    assert read("", f"<h1>Duty falls</h1><p>Text.</p>{line}").authors == expected


def test_an_agency_that_the_page_names_stands_before_its_publisher() -> None:
    publisher = {"@type": "Organization", "name": "Courier"}
    head = (
        json_ld(author=publisher, publisher=publisher) + "<meta name=articleAuthor content='Ardenia Press'>"
    )
    assert read(head).authors == ("Ardenia Press",)


@pytest.mark.parametrize(
    "script",
    [
        '{"@type":"NewsArticle","headline":"H","author":{"name":"Jane Doe"},}',
        '<!-- {"@type":"NewsArticle","headline":"H","author":"Jane Doe"} -->',
        '[{"@type":"WebPage"},{"@graph":[{"@type":["Report","NewsArticle"],"headline":"H","author":["Jane Doe"]}]}]',
        '{"@type":"WebPage","mainEntity":{"@type":"Article","headline":"H","author":[{"givenName":"Jane","familyName":"Doe"}]}}',
        '{"@type":"NewsArticle","headline":"H\nx","author":"Jane Doe"};',
    ],
)
def test_json_ld_is_read_however_it_is_wrapped(script: str) -> None:
    tree = parse(
        f"<html><head><script type='application/ld+json'>{script}</script></head><body>x</body></html>"
    )
    assert tree is not None
    statement = read_statement(tree, "https://a.example/")
    assert statement.headline in ("H", "H x") and statement.authors == ("Jane Doe",)


@pytest.mark.parametrize(
    "line",
    ["Photo: AFP/TTXVN", "Ảnh: TTXVN", "Comment (0)", "Bình luận (12)", "Source: https://a.example/x",
     "Nguồn: vtv.vn/x", "Read more: Copper at a record", "* * *", "Advertisement",
     "A ship at Port Velin (Photo: J. Roe)"],
)  # fmt: skip
def test_furniture_is_no_text(line: str) -> None:
    assert not is_text(line)


@pytest.mark.parametrize(
    "line",
    ["The photo shows a ship.", "Comment is free, he said.", "Sources said that the duty falls.",
     "Ảnh hưởng của thuế còn chưa rõ.",
     "“Image: it matters”, the minister wrote in a long letter that was read out."],
)  # fmt: skip
def test_text_is_text(line: str) -> None:
    assert is_text(line)


def test_a_caption_loses_its_credit() -> None:
    assert without_credit("Ships at Port Velin. Ảnh: AFP/TTXVN") == "Ships at Port Velin."
    assert without_credit("Photo: AFP") is None


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("HTTPS://Example.org:443/a?utm_source=x&id=7#top", "https://example.org/a?id=7"),
        ("http://example.org", "http://example.org/"),
        ("https://example.org/a?b=2&a=1&fbclid=z", "https://example.org/a?a=1&b=2"),
    ],
)
def test_one_page_has_one_address(url: str, expected: str) -> None:
    assert canonical_url(url) == expected


@pytest.mark.parametrize(
    "url",
    ["", "nonsense", "ftp://a.example/", "javascript:alert(1)", "http://", "http://[::1", "mailto:a@b.c"],
)
def test_what_is_no_web_address_is_none(url: str) -> None:
    assert clean_url(url) is None


@given(st.from_regex(r"https?://[a-z]{1,8}\.example(:[0-9]{2,4})?(/[\w%&=?#.~-]{0,20}){0,3}", fullmatch=True))
def test_canonical_addresses_are_idempotent(url: str) -> None:
    once = canonical_url(url)
    assert once is None or canonical_url(once) == once
