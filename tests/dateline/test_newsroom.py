"""The demo newsroom shows its articles as a real site would, and keeps the promises a crawler relies on."""

import json
import re
import socket
import unicodedata
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import yaml
from lxml import etree, html

from dateline.newsroom.articles import ARTICLES, NewsArticle, load_articles
from dateline.newsroom.server import Newsroom
from db.errors import DataFileError

EXPECTED: dict[str, dict[str, Any]] = yaml.safe_load(
    Path(__file__).with_name("newsroom_expected.yml").read_text(encoding="utf-8")
)
SOURCES = ("vtv", "vtv-english")
WIRE_COPIES = {slug: e["same_text_as"] for slug, e in EXPECTED.items() if "same_text_as" in e}


@pytest.fixture(scope="module")
def newsroom() -> Iterator[Newsroom]:
    with Newsroom(ports=(0, 0)) as running:
        yield running


@pytest.fixture
def own_newsroom() -> Iterator[Newsroom]:
    """One that a test may change."""
    with Newsroom(ports=(0, 0)) as running:
        yield running


def ask(url: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, bytes]:
    parts = urlsplit(url)
    connection = HTTPConnection(parts.hostname or "", parts.port, timeout=10)
    try:
        connection.request(method, parts.path, headers={k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def page(url: str) -> html.HtmlElement:
    response, body = ask(url)
    assert response.status == 200, url
    return html.document_fromstring(body.decode())


def texts(tree: html.HtmlElement, selector: str) -> list[str]:
    return [" ".join(node.text_content().split()) for node in tree.cssselect(selector)]


def standfirst(tree: html.HtmlElement) -> str:
    (text,) = texts(tree, "h2")
    return text.removeprefix("VTV.vn - ")


def body_paragraphs(tree: html.HtmlElement, layout: str) -> list[str]:
    """As the site's structure says: paragraphs of the body but for those in embedded boxes."""
    root = tree.cssselect("#entry-body" if layout == "old" else "div.detail-content[itemprop=articleBody]")[0]
    for box in root.cssselect(".VCSortableInPreviewMode"):
        box.drop_tree()
    return texts(root, "p")


def locations(url: str) -> list[str]:
    _, body = ask(url)
    return [str(node.text) for node in etree.fromstring(body).iter("{*}loc")]


def feed_links(url: str) -> list[str]:
    _, body = ask(url)
    return [str(node.text) for node in etree.fromstring(body).findall("channel/item/link")]


def addresses_of(newsroom: Newsroom, source: str) -> list[str]:
    return sorted(newsroom.addresses[source] + e["path"] for e in EXPECTED.values() if e["source"] == source)


def new_article(**changes: Any) -> NewsArticle:
    fields: dict[str, Any] = {
        "site": "vtv-english",
        "section": "news",
        "slug": "a-late-story",
        "layout": "new",
        "published": datetime(2025, 12, 1, 3, 4, 5, tzinfo=UTC),
        "title": "A late story",
        "standfirst": "It came in last.",
        "authors": ("Lan Phuong",),
        "caption": "A desk.",
        "photo_credit": "VTV",
        "paragraphs": ("One.", "Two."),
    }
    return NewsArticle.model_validate(fields | changes)


@pytest.mark.parametrize("slug", EXPECTED)
def test_page_of_an_article_holds_what_is_expected_of_a_crawl(newsroom: Newsroom, slug: str) -> None:
    expected = EXPECTED[slug]
    tree = page(newsroom.addresses[expected["source"]] + expected["path"])
    everything = " ".join(tree.text_content().split())
    paragraphs = [standfirst(tree), *body_paragraphs(tree, expected["layout"])]
    assert texts(tree, "h1") == [expected["title"]]
    assert len(paragraphs) == expected["paragraphs"]
    assert paragraphs[0].startswith(expected["first_words"])
    assert paragraphs[-1].endswith(expected["last_words"])
    assert tree.get("lang") == expected["language"]
    canonical = tree.cssselect("link[rel=canonical]")[0].get("href")
    assert canonical == newsroom.url(slug) == newsroom.addresses[expected["source"]] + expected["path"]
    if "not_text" in expected:
        assert expected["not_text"] in everything
        assert not any(expected["not_text"] in paragraph for paragraph in paragraphs)


@pytest.mark.parametrize("slug", [slug for slug, e in EXPECTED.items() if e["layout"] == "old"])
def test_old_layout_shows_standfirst_time_author_and_caption_where_the_site_had_them(
    newsroom: Newsroom, slug: str
) -> None:
    expected, tree = EXPECTED[slug], page(newsroom.url(slug))
    (time,) = texts(tree, "span.time")
    shown = datetime.strptime(time.replace("GMT+7", "+0700"), "%d/%m/%Y %H:%M %z").astimezone(UTC)
    assert texts(tree, "h1.title_detail") == [expected["title"]]
    assert texts(tree, "h2.sapo")[0].startswith("VTV.vn - " + expected["first_words"])
    assert f"{shown:%Y-%m-%dT%H:%M}" == expected["published"][:16]
    assert texts(tree, "p.author") == [", ".join(expected["authors"])]
    credit = "Photo: " if expected["language"] == "en" else "Ảnh: "
    assert texts(tree, "#entry-body .PhotoCMS_Caption p")[0].startswith(f"{expected['caption']} {credit}")
    assert not tree.cssselect("script[type='application/ld+json']")
    assert re.search(r"-\d{17}\.htm$", expected["path"])


@pytest.mark.parametrize("slug", [slug for slug, e in EXPECTED.items() if e["layout"] == "new"])
def test_new_layout_carries_its_dates_and_authors_in_json_ld(newsroom: Newsroom, slug: str) -> None:
    expected, tree = EXPECTED[slug], page(newsroom.url(slug))
    (script,) = tree.cssselect("script[type='application/ld+json']")
    data = json.loads(script.text or "")
    modified = datetime.fromisoformat(data["dateModified"])
    assert data["@type"] == "NewsArticle"
    assert datetime.fromisoformat(data["datePublished"]) == datetime.fromisoformat(expected["published"])
    assert modified == datetime.fromisoformat(expected.get("modified", expected["published"]))
    assert [author["name"] for author in data["author"]] == expected["authors"]
    assert (data["headline"], data["description"]) == (expected["title"], standfirst(tree))
    assert data["publisher"]["name"] == "VTV"
    assert tree.cssselect("meta[property='og:title']")[0].get("content") == expected["title"]
    assert texts(tree, "figcaption p")[0].startswith(expected["caption"])
    assert re.search(r"-100\d{15}\.htm$", expected["path"])


@pytest.mark.parametrize("slug", EXPECTED)
def test_number_in_the_address_is_the_moment_of_publication_in_hanoi(slug: str) -> None:
    expected = EXPECTED[slug]
    number = re.findall(r"-(\d{17,18})\.htm$", expected["path"])[0]
    digits = number if expected["layout"] == "old" else "20" + number[3:]
    moment = datetime.strptime(digits[:14] + "+0700", "%Y%m%d%H%M%S%z")
    assert moment == datetime.fromisoformat(expected["published"])


@pytest.mark.parametrize("source", SOURCES)
def test_pages_hold_comment_counter_navigation_and_footer_outside_the_text(
    newsroom: Newsroom, source: str
) -> None:
    counter = {"vtv": "Bình luận (0)", "vtv-english": "Comment (0)"}[source]
    for address in addresses_of(newsroom, source):
        tree = page(address)
        layout = "old" if tree.cssselect("#entry-body") else "new"
        assert counter in texts(tree, ".box-comment p")
        assert tree.cssselect(".menu a[href]") and tree.cssselect(".footer p")
        assert not any(counter in paragraph for paragraph in body_paragraphs(tree, layout))


@pytest.mark.parametrize("source", SOURCES)
def test_home_feed_and_sitemaps_list_every_article_once(newsroom: Newsroom, source: str) -> None:
    base = newsroom.addresses[source]
    index = locations(f"{base}/sitemap.xml")
    months = [address for address in index if "/sitemaps/" in address]
    assert f"{base}/sitemaps/sitemaps-2025-10-1-31.xml" in months
    assert f"{base}/google-news-sitemap.xml" in index
    listed = [location for month in months for location in locations(month)]
    assert sorted(listed) == addresses_of(newsroom, source)
    assert sorted(feed_links(f"{base}/rss/home.rss")) == addresses_of(newsroom, source)
    assert set(locations(f"{base}/google-news-sitemap.xml")) < set(listed)


@pytest.mark.parametrize(
    ("source", "section"), [("vtv", "the-gioi"), ("vtv", "kinh-te"), ("vtv-english", "news")]
)
def test_section_page_and_section_feed_list_the_same_articles(
    newsroom: Newsroom, source: str, section: str
) -> None:
    base = newsroom.addresses[source]
    anchors = page(f"{base}/{section}.htm").cssselect("div.box-category-item a[data-type=title]")
    on_page = [base + str(anchor.get("href")) for anchor in anchors]
    assert on_page == feed_links(f"{base}/rss/{section}.rss")
    assert len(on_page) == len(set(on_page)) >= 4


def test_feed_items_are_newest_first_with_dates_in_hanoi_time(newsroom: Newsroom) -> None:
    _, body = ask(f"{newsroom.addresses['vtv']}/rss/the-gioi.rss")
    dates = [str(node.text) for node in etree.fromstring(body).findall("channel/item/pubDate")]
    moments = [parsedate_to_datetime(date) for date in dates]
    assert all(date.endswith("+0700") for date in dates)
    assert moments == sorted(moments, reverse=True)


@pytest.mark.parametrize("path", ["/robots.txt", "/rss/news.rss", "/sitemap.xml", "/news.htm", "article"])
def test_unchanged_page_is_answered_with_304_and_no_body(newsroom: Newsroom, path: str) -> None:
    base = newsroom.addresses["vtv-english"]
    url = newsroom.url("us-suspends-tariff-on-brazilian-coffee") if path == "article" else base + path
    first, _ = ask(url)
    etag, changed = str(first.headers["ETag"]), str(first.headers["Last-Modified"])
    for headers in (
        {"If_None_Match": etag},
        {"If_None_Match": f'"x", W/{etag}'},
        {"If_Modified_Since": changed},
    ):
        again, body = ask(url, **headers)
        assert (again.status, body) == (304, b""), headers
        assert again.headers["ETag"] == etag
    for headers in (
        {"If_None_Match": '"other"', "If_Modified_Since": changed},
        {"If_Modified_Since": "Mon, 01 Jan 2024 00:00:00 GMT"},
        {"If_Modified_Since": "not a date"},
    ):
        assert ask(url, **headers)[0].status == 200, headers


def test_robots_allows_articles_forbids_private_and_names_the_sitemap(newsroom: Newsroom) -> None:
    base = newsroom.addresses["vtv"]
    _, body = ask(f"{base}/robots.txt")
    assert body.decode().split("\n\n") == [
        "User-agent: *\nDisallow: /private/",
        f"Sitemap: {base}/sitemap.xml\n",
    ]
    assert ask(f"{base}/private/")[0].status == 200
    assert page(newsroom.url("my-tam-dinh-chi-thue-nhap-khau-ca-phe-brazil")).cssselect("a[href='/private/']")


def test_head_request_has_the_length_but_no_body(newsroom: Newsroom) -> None:
    url = newsroom.url("us-suspends-tariff-on-brazilian-coffee")
    response, body = ask(url, "HEAD")
    assert (response.status, body) == (200, b"")
    assert int(response.headers["Content-Length"]) == len(ask(url)[1])


def test_unknown_address_is_404(newsroom: Newsroom) -> None:
    assert ask(f"{newsroom.addresses['vtv']}/no-such-page-100251020093915569.htm")[0].status == 404


def test_two_newsrooms_at_the_same_ports_serve_the_same_bytes() -> None:
    with Newsroom(ports=(0, 0)) as first:
        ports = [urlsplit(base).port or 0 for base in first.addresses.values()]
        before = [ask(first.url(article.slug)) for article in first.articles]
    with Newsroom(ports=(ports[0], ports[1])) as second:
        assert second.notices == []
        after = [ask(second.url(article.slug)) for article in second.articles]
    assert [(r.getheaders(), body) for r, body in before] == [(r.getheaders(), body) for r, body in after]


def test_taken_port_gives_way_to_a_free_one_and_says_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        taken = other.getsockname()[1]
        with Newsroom(ports=(taken, 0)) as newsroom:
            base = newsroom.addresses["vtv"]
            assert urlsplit(base).port != taken
            assert len(newsroom.notices) == 1
            assert str(taken) in newsroom.notices[0] and base in newsroom.notices[0]
            assert ask(f"{base}/robots.txt")[0].status == 200


def test_ports_are_free_again_after_the_newsroom_closed() -> None:
    with Newsroom(ports=(0, 0)) as newsroom:
        base = newsroom.addresses["vtv"]
    with pytest.raises(ConnectionRefusedError):
        ask(f"{base}/robots.txt")


def test_requests_and_answers_are_counted(own_newsroom: Newsroom) -> None:
    base = own_newsroom.addresses["vtv"]
    etag = str(ask(f"{base}/robots.txt")[0].headers["ETag"])
    ask(f"{base}/robots.txt", If_None_Match=etag)
    ask(f"{own_newsroom.addresses['vtv-english']}/nothing")
    assert own_newsroom.requests == Counter({"/robots.txt": 2, "/nothing": 1})
    assert own_newsroom.answers == Counter({200: 1, 304: 1, 404: 1})


def test_published_article_appears_in_lists_and_leaves_other_articles_unchanged(
    own_newsroom: Newsroom,
) -> None:
    base = own_newsroom.addresses["vtv-english"]
    others = {a.slug: ask(own_newsroom.url(a.slug))[1] for a in own_newsroom.articles}
    url = own_newsroom.publish(new_article())
    assert url == f"{base}/news/a-late-story-100251201100405000.htm"
    assert body_paragraphs(page(url), "new") == ["One.", "Two."]
    assert feed_links(f"{base}/rss/news.rss")[0] == url
    assert url in locations(f"{base}/sitemaps/sitemaps-2025-12-1-31.xml")
    assert {slug: ask(own_newsroom.url(slug))[1] for slug in others} == others
    with pytest.raises(ValueError, match="a-late-story"):
        own_newsroom.publish(new_article())


@pytest.mark.parametrize("status", [410, 404])
def test_withdrawn_article_is_gone_from_its_address_and_all_lists(
    own_newsroom: Newsroom, status: int
) -> None:
    slug, base = "us-suspends-tariff-on-brazilian-coffee", own_newsroom.addresses["vtv-english"]
    url = own_newsroom.url(slug)
    own_newsroom.withdraw(slug, status)
    assert ask(url)[0].status == status
    assert url not in feed_links(f"{base}/rss/home.rss")
    assert url not in locations(f"{base}/sitemaps/sitemaps-2025-11-1-30.xml")
    with pytest.raises(LookupError, match=slug):
        own_newsroom.withdraw(slug)


def test_corrected_article_keeps_its_address_and_changes_text_date_and_etag(own_newsroom: Newsroom) -> None:
    slug = "us-suspends-tariff-on-brazilian-coffee"
    url = own_newsroom.url(slug)
    before, _ = ask(url)
    own_newsroom.correct(slug, "New first.\n\nNew\nsecond.", title="New title")
    after, body = ask(url, If_None_Match=str(before.headers["ETag"]))
    tree = html.document_fromstring(body.decode())
    data = json.loads(tree.cssselect("script[type='application/ld+json']")[0].text or "")
    assert (after.status, own_newsroom.url(slug)) == (200, url)
    assert body_paragraphs(tree, "new") == ["New first.", "New second."]
    assert texts(tree, "h1") == ["New title"]
    assert (data["datePublished"], data["dateModified"]) == (
        "2025-11-05T21:33:30+07:00",
        "2025-11-05T22:33:30+07:00",
    )
    assert after.headers["Last-Modified"] == "Wed, 05 Nov 2025 15:33:30 GMT"


def test_written_sources_differ_from_the_shipped_ones_only_by_address(
    newsroom: Newsroom, tmp_path: Path
) -> None:
    shipped_folder = Path(__file__).parents[2] / "crawler" / "sources"
    written = newsroom.write_sources(tmp_path / "sources")
    assert [path.name for path in written] == ["vtv.yml", "vtv-english.yml"]
    for path in written:
        base = newsroom.addresses[path.stem]
        text, shipped = (
            path.read_text(encoding="utf-8"),
            (shipped_folder / path.name).read_text(encoding="utf-8"),
        )
        anywhere = re.compile(r"https?://[\w.:-]+(?=[/\"'\s,}\]])")
        assert set(anywhere.findall(text)) == {base}
        assert anywhere.sub("", text) == anywhere.sub("", shipped)
        declared = yaml.safe_load(text)
        for address in [*declared.get("feeds", []), *declared.get("sitemaps", [])]:
            assert ask(address)[0].status == 200, address
        for section in declared.get("sections", []):
            assert page(section["url"]).cssselect(section["links"])


def test_expectations_cover_every_article_file_and_nothing_else() -> None:
    articles = load_articles()
    assert {article.slug for article in articles} == set(EXPECTED)
    assert len(articles) == len(list(ARTICLES.glob("*.md")))
    assert min(Counter(article.site for article in articles).values()) >= 9
    assert all(6 <= len(article.paragraphs) <= 10 for article in articles)


def test_wire_copy_has_the_text_of_its_original_under_another_headline() -> None:
    articles = {article.slug: article for article in load_articles()}
    assert WIRE_COPIES
    for copy, original in WIRE_COPIES.items():
        assert articles[copy].paragraphs == articles[original].paragraphs
        assert articles[copy].standfirst == articles[original].standfirst
        assert articles[copy].title != articles[original].title
        assert articles[copy].path != articles[original].path


def test_article_files_are_in_composed_unicode_form() -> None:
    for path in ARTICLES.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        assert unicodedata.is_normalized("NFC", text), path.name


FRONT = """---
site: vtv
section: the-gioi
slug: mot-bai
layout: new
published: "2025-10-20T09:39:15+07:00"
title: Một bài
standfirst: Tóm tắt.
authors: [Thu Hà]
caption: Chú thích.
photo_credit: VTV
---
Đoạn một.
"""


@pytest.mark.parametrize(
    ("old", "new", "names"),
    [
        ("title: Một bài\n", "", "title"),
        ("title: Một bài\n", "title: Một bài\nmood: good\n", "mood"),
        ("09:39:15+07:00", "09:39:15", "published"),
        ("layout: new", "layout: newest", "layout"),
        ("Đoạn một.\n", "", "paragraphs"),
        ("title: Một bài\n", "copy_of: no-such\n", "copy_of"),
        ("title: Một bài\n", "title: [\n", "front matter"),
        ("---\nsite", "site", "no front matter"),
    ],
)
def test_unfit_article_file_is_refused_by_file_and_key(
    tmp_path: Path, old: str, new: str, names: str
) -> None:
    (tmp_path / "fit.md").write_text(FRONT, encoding="utf-8")
    assert [article.title for article in load_articles(tmp_path)] == ["Một bài"]
    (tmp_path / "unfit.md").write_text(FRONT.replace("mot-bai", "hai").replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError, match=rf"unfit\.md.*{names}"):
        load_articles(tmp_path)


def test_second_file_with_the_same_slug_is_refused(tmp_path: Path) -> None:
    for name in ("one.md", "two.md"):
        (tmp_path / name).write_text(FRONT, encoding="utf-8")
    with pytest.raises(DataFileError, match=r"two\.md, slug"):
        load_articles(tmp_path)
