"""Golden pages, and what a page may do to be hard to read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.extraction.markup import decode
from crawler.extraction.page import Page
from crawler.extraction.pages import read_article
from crawler.sources import load_sources
from db.model import as_json
from tests.crawler.conftest import PARAGRAPHS, article_page

PAGES = Path(__file__).with_name("pages")
SOURCES = load_sources()


def read(html: str | bytes, url: str = "https://courier.example/a", **page: Any) -> Any:
    body = html.encode() if isinstance(html, str) else html
    return read_article(Page(id="1", url=url, body=body, **page))


@pytest.mark.parametrize("name", sorted(path.stem for path in PAGES.glob("*.html")))
def test_a_golden_page_is_read_as_expected(name: str) -> None:
    expected = json.loads((PAGES / f"{name}.json").read_text())
    page = Page(id=name, url=expected["url"], body=(PAGES / f"{name}.html").read_bytes())
    article = as_json(read_article(page, SOURCES.get(expected["source"])))
    assert {key: article[key] for key in expected["article"]} == expected["article"]
    assert article["id"] == name and article["text"] == "\n\n".join(article["paragraphs"])


def test_every_shipped_source_with_rules_has_a_golden_page() -> None:
    seen = {json.loads(path.read_text())["source"] for path in PAGES.glob("*.json")}
    assert {name for name, source in SOURCES.items() if source.article.body} <= seen


def test_rules_that_find_nothing_give_way_to_general_reading() -> None:
    page = Page(
        id="1", url="https://vtv.vn/x-100250311101542118.htm", body=article_page("Duty falls").encode()
    )
    article = read_article(page, SOURCES["vtv"])
    assert article.title == "Duty falls" and len(article.paragraphs) == 3


@pytest.mark.parametrize(
    ("body", "header"),
    [
        ("<meta charset='windows-1252'><p>Giá đồng</p>".encode(), None),
        ("<p>Giá đồng</p>".encode(), "text/html; charset=iso-8859-1"),
        ("<p>Giá đồng</p>".encode("utf-16"), "text/html; charset=utf-8"),
        ("<p>Giá đồng</p>".encode("windows-1258", "xmlcharrefreplace"), "text/html; charset=windows-1258"),
    ],
)
def test_a_page_is_decoded_by_what_it_is(body: bytes, header: str | None) -> None:
    text = decode(body, header)
    assert "đồng" in text or "&#" in text


def test_latin_bytes_declared_as_utf_8_are_still_words() -> None:
    assert "Ministère" in decode(
        "<meta charset=utf-8><p>Ministère de l'économie à Québec, été, ça</p>".encode("cp1252")
    )


@pytest.mark.parametrize("body", [b"", b"   ", b"\x00\x01", b"<html></html>", b"%PDF-1.4 \x00\xff", b"<p>"])
def test_a_page_without_an_article_says_so_and_raises_nothing(body: bytes) -> None:
    article = read(body)
    assert article.error and not article.text


def test_200_000_nested_elements_end_in_words_not_in_a_crash() -> None:
    article = read("<div>" * 200_000 + "<p>deep</p>" + "</div>" * 200_000)
    assert article.error and "nested too deep" in article.error


def test_a_canonical_address_on_another_site_is_not_believed() -> None:
    page = article_page("Duty falls").replace(
        "<head>", "<head><link rel=canonical href='https://other.example/b'>"
    )
    assert read(page).canonical_url == "https://courier.example/a"


def test_a_canonical_address_without_path_is_not_believed() -> None:
    page = article_page("Duty falls").replace(
        "<head>", "<head><link rel=canonical href='https://courier.example/'>"
    )
    assert read(page).canonical_url == "https://courier.example/a"


def test_a_credit_at_the_end_of_a_caption_in_the_text_is_no_paragraph() -> None:
    page = article_page("Duty falls").replace(
        "<p>Officials", "<p>A ship at Port Velin. Photo: AFP</p><p>Officials"
    )
    assert not any("Port Velin" in paragraph for paragraph in read(page).paragraphs)


def test_reading_twice_gives_the_same() -> None:
    assert read(article_page("Duty falls")) == read(article_page("Duty falls"))


def test_the_words_of_the_article_are_not_changed() -> None:
    assert read(article_page("Duty falls")).paragraphs[1:] == PARAGRAPHS[1:]


@pytest.mark.parametrize("root", ["rss version='2.0'", "feed", "urlset", "sitemapindex"])
def test_a_listing_served_as_a_page_is_no_article(root: str) -> None:
    words = "<p>" + " ".join(PARAGRAPHS) + "</p>"
    article = read(f"<?xml version='1.0'?>\n<{root}><title>News</title>{words}</{root.split()[0]}>")
    assert article.error == "the page is a feed or a sitemap, not an article"


@pytest.mark.parametrize("address", ["http://[::1", "http://a.example:99999/", "//", "https://xn--/"])
def test_an_address_in_a_page_that_is_none_costs_nothing(address: str) -> None:
    head = f"<head><meta property=og:image content='{address}'><link rel=canonical href='{address}'>"
    article = read(article_page("Duty falls").replace("<head>", head))
    assert article.title == "Duty falls" and article.canonical_url == "https://courier.example/a"


ODD_STATEMENTS = [
    '{"@type": "NewsArticle", "headline": {"a": 1}, "author": [null, {"name": [1, {}]}], "publisher": ["x", null]}',
    '{"@graph": {"@type": ["Article", 3], "author": {"@id": [1]}, "mainEntityOfPage": [], "image": [[]]}}',
    '{"@type": "NewsArticle", "datePublished": {"@value": []}, "inLanguage": {"name": "en"}, "url": ["x"]}',
    '[[[[{"@type": null}]]]]',
]


@pytest.mark.parametrize("statement", ODD_STATEMENTS)
def test_json_ld_of_any_shape_is_passed_over_where_it_makes_no_sense(statement: str) -> None:
    script = f"<head><script type='application/ld+json'>{statement}</script>"
    article = read(article_page("Duty falls").replace("<head>", script))
    assert article.title == "Duty falls" and article.published == "2025-10-06T08:00:05Z"
