# ruff: noqa: E501 (each listing stands on one line)
"""Feeds, sitemaps and section pages, sound and hostile."""

from __future__ import annotations

import gzip

import pytest

from crawler.listings.discovery import Link, read_listing

BASE = "https://courier.example/feed"
A, B = "https://courier.example/a", "https://courier.example/b?id=2"


@pytest.mark.parametrize(
    "feed",
    [
        f"<rss version='2.0'><channel><link>{BASE}</link><item><link>{A}</link></item><item><guid>{B}</guid></item></channel></rss>",
        f"<rss><channel><item><link>\n {A} </link></item><item><title>x &nbsp; y</title><link><![CDATA[{B}&utm_medium=rss]]></link></item></channel></rss>",
        f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://purl.org/rss/1.0/'><item rdf:about='{A}'/><item><link>{B}</link></item></rdf:RDF>",
        f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><link rel='self' href='x'/><link href='{A}'/></entry><entry><link rel='alternate' href='/b?id=2'/></entry></feed>",
        f"<?xml version='1.0'?><!DOCTYPE rss SYSTEM 'http://courier.example/rss-0.91.dtd'><rss version='0.91'><channel><item><title>x</title><link>{A}</link></item><item><link>{B}</link></item></channel></rss>",
        f"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns='http://channel.netscape.com/rdf/simple/0.9/'><channel><link>{BASE}</link></channel><item><link>{A}</link></item><item><link>{B}</link></item></rdf:RDF>",
        "<feed xmlns='http://www.w3.org/2005/Atom' xml:base='https://courier.example/'><entry><link href='a'/></entry><entry><id>https://courier.example/b?id=2</id></entry></feed>",
        f"<rss xmlns:feedburner='http://rssnamespace.org/feedburner/ext/1.0'><item><link>https://proxy.example/1</link><feedburner:origLink>{A}</feedburner:origLink></item><item><link>{B}</link></item></rss>",
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


def test_the_location_of_a_picture_is_not_that_of_its_article() -> None:
    urlset = f"<urlset xmlns:i='http://www.google.com/schemas/sitemap-image/1.1'><url><loc>{A}</loc><i:image><i:loc>https://courier.example/p.jpg</i:loc></i:image></url></urlset>"
    assert [link.url for link in read_listing("sitemap", urlset.encode(), BASE).links] == [A]


@pytest.mark.parametrize(
    ("declared", "written"),
    [
        ("utf-8", "latin-1"),
        ("iso-8859-1", "utf-8"),
        ("utf-16", "utf-8"),
        ("no-such", "utf-8"),
        ("Shift_JIS", "shift_jis"),
        ("utf-16", "utf-16"),
    ],
)
def test_a_feed_whose_encoding_is_misstated_is_read_all_the_same(declared: str, written: str) -> None:
    title = "経済" if written == "shift_jis" else "Été"
    feed = f"<?xml version='1.0' encoding='{declared}'?><rss><item><title>{title}</title><link>{A}</link></item></rss>"
    assert [link.url for link in read_listing("feed", feed.encode(written), BASE).links] == [A]


@pytest.mark.parametrize("kind", ["feed", "section"])
def test_of_a_hundred_thousand_links_the_first_half_is_taken_and_that_is_said(kind: str) -> None:
    items = "".join(
        f"<item><link>/{n}</link></item>" if kind == "feed" else f"<a href='/{n}'>x</a>"
        for n in range(100_000)
    )
    listing = read_listing(kind, f"<rss>{items}</rss>".encode() if kind == "feed" else items.encode(), BASE)  # type: ignore[arg-type]
    assert len(listing.links) == 50_000
    assert listing.note == "it names more than 50,000 addresses; the first 50,000 were taken"


def test_a_section_page_names_its_next_page() -> None:
    page = "<base href='/list/'><a href='a'>1</a><a rel='nofollow next' href='?page=2'>older</a>"
    listing = read_listing("section", page.encode(), BASE, links="a:not([rel])", next_page="a[rel~=next]")
    assert listing.next == "https://courier.example/list/?page=2"
    assert [link.url for link in listing.links] == ["https://courier.example/list/a"]


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
        ("sitemap", gzip.compress(b"<urlset>" + b" " * 30_000_000, mtime=0), "unpacks to more than 20 MB"),
        (
            "sitemap",
            gzip.compress(b"<urlset></urlset>", mtime=0)[:-12] + b"xxxxxxxxxxxx",
            "gzip data are damaged",
        ),
        ("feed", b"", "it is empty"),
        ("feed", b"\x00\xff\x00", "it is not"),
        (
            "feed",
            b"<!DOCTYPE html><html><body>Sign&nbsp;in<br></body></html>",
            "its root element is <html> (a web page)",
        ),
        ("sitemap", b"<rdf><x/></rdf>", "it is not a sitemap: its root element is <rdf>"),
        (
            "feed",
            b"<!DOCTYPE r [<!ENTITY % p SYSTEM 'http://127.0.0.1:9/x'> %p;]><rss/>",
            "entities, which are refused",
        ),
        (
            "feed",
            b"<!DOCTYPE r [<!ENTITY a '" + b"a" * 50_000 + b"'>]><rss>" + b"&a;" * 50_000 + b"</rss>",
            "entities",
        ),
        ("feed", b'{"items": 5}', "it is not a JSON feed"),
        ("feed", b"[" * 100_000, "it is not a JSON feed"),
        ("sitemap", b"hello", "neither XML nor a list"),
    ],
)
def test_a_hostile_or_wrong_listing_says_what_is_wrong(kind: str, body: bytes, words: str) -> None:
    listing = read_listing(kind, body, BASE)  # type: ignore[arg-type]
    assert listing.links == () and words in (listing.problem or "")


def test_control_characters_in_a_section_page_cost_no_link() -> None:
    page = f"<a \x01b\x00='c' href='{A}'>one</a><a href='{B}\x02'>two</a>".encode()
    assert [link.url for link in read_listing("section", page, BASE).links] == [A, B]
