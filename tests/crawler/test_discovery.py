# ruff: noqa: E501 (each listing stands on one line)
"""Feeds, sitemaps and section pages, sound and hostile."""

from __future__ import annotations

import gzip

import pytest

from crawler.discovery import Link, read_listing
from crawler.series import newest_sitemaps

BASE = "https://courier.example/feed"
A, B = "https://courier.example/a", "https://courier.example/b?id=2"


@pytest.mark.parametrize(
    "feed",
    [
        f"<rss version='2.0'><channel><link>{BASE}</link><item><link>{A}</link></item><item><guid>{B}</guid></item></channel></rss>",
        f"<rss><channel><item><link>\n {A} </link></item><item><title>x &nbsp; y</title><link><![CDATA[{B}&utm_medium=rss]]></link></item></channel></rss>",
        f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><item rdf:about='{A}'/><item><link>{B}</link></item></rdf:RDF>",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link rel='self' href='x'/><link href='{A}'/></entry><entry><link rel='alternate' href='/b?id=2'/></entry></feed>",
        f'{{"version": "https://jsonfeed.org/version/1.1", "items": [{{"url": "{A}"}}, {{"external_url": "{B}"}}, 7]}}',
    ],
)
def test_every_form_of_feed_gives_its_links_in_order(feed: str) -> None:
    listing = read_listing("feed", feed.encode(), BASE)
    assert [link.url for link in listing.links] == [A, B] and listing.problem is None


def test_times_of_change_are_utc() -> None:
    feed = f"<rss><item><link>{A}</link><pubDate>Mon, 06 Oct 2025 09:39:15 +0700</pubDate></item><item><link>{B}</link><pubDate>soon</pubDate></item></rss>"
    assert [link.changed for link in read_listing("feed", feed.encode(), BASE).links] == [
        "2025-10-06T02:39:15Z",
        None,
    ]


def test_a_sitemap_index_gives_sitemaps_and_a_packed_sitemap_articles() -> None:
    index = f"<sitemapindex><sitemap><loc>{A}</loc><lastmod>2025-10-06</lastmod></sitemap></sitemapindex>"
    assert read_listing("sitemap", index.encode(), BASE).links == (
        Link(url=A, kind="sitemap", changed="2025-10-06T00:00:00Z"),
    )
    news = f"<urlset xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>{A}</loc><n:news><n:publication_date>2025-10-06T08:00:00+02:00</n:publication_date></n:news></url></urlset>"
    assert read_listing("sitemap", gzip.compress(news.encode()), BASE).links == (
        Link(url=A, changed="2025-10-06T06:00:00Z"),
    )
    assert [link.url for link in read_listing("sitemap", f"{A}\n{B}\n".encode(), BASE).links] == [A, B]


def test_the_newest_sitemaps_come_first() -> None:
    names = ["s-2024-12-1-5.xml", "s-2025-2-1-5.xml", "s-2025-10-16-20.xml"]
    links = [Link(url=f"https://courier.example/{name}", kind="sitemap") for name in names]
    assert newest_sitemaps(links, 2) == [links[2], links[1]]
    dated = [
        Link(url=A, kind="sitemap", changed="2025-01-01T00:00:00Z"),
        Link(url=B, kind="sitemap", changed="2025-02-01T00:00:00Z"),
    ]
    assert newest_sitemaps(dated, 1) == [dated[1]]


def test_a_section_page_gives_what_its_selector_finds() -> None:
    page = "<nav><a href='/x'>x</a></nav><div class=i><a href='a'>1</a></div><div class=i><a href='/b?id=2#c'>2</a></div><div class=i><a href='javascript:1'>3</a></div>"
    assert [link.url for link in read_listing("section", page.encode(), BASE, links=".i").links] == [A, B]


BOMB = (
    "<!DOCTYPE r [<!ENTITY a 'aaaaaaaaaa'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1 if n else str()};' * 10}'>" for n in range(9))
    + "]><rss><item><link>&a8;</link></item></rss>"
)
EXTERNAL = "<!DOCTYPE r [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><rss><item><link>https://courier.example/&x;</link></item></rss>"


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("feed", BOMB.encode(), "entit"),
        ("feed", EXTERNAL.encode(), "it declares XML entities, which are refused"),
        ("sitemap", gzip.compress(b"<urlset>" + b" " * 30_000_000), "unpacks to more than 20 MB"),
        ("sitemap", gzip.compress(b"<urlset></urlset>")[:-12] + b"xxxxxxxxxxxx", "gzip data are damaged"),
        ("feed", b"", "it is empty"),
        ("feed", b"\x00\xff\x00", "it is not"),
        ("feed", b"<html><body>Sign in</body></html>", "its root element is <html>"),
        ("feed", b'{"items": 5}', "it is not a JSON feed"),
        ("feed", b"[" * 100_000, "it is not a JSON feed"),
        ("sitemap", b"hello", "neither XML nor a list"),
    ],
)
def test_a_hostile_or_wrong_listing_says_what_is_wrong(kind: str, body: bytes, words: str) -> None:
    listing = read_listing(kind, body, BASE)  # type: ignore[arg-type]
    assert listing.links == () and words in (listing.problem or "")
