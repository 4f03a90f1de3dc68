"""One article is one row, whatever links lead to it, and whichever of them is read first."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from crawler.addresses import own_form
from crawler.crawl import crawl
from crawler.sources import Source
from db.store import open_store
from db.verification import content_hash, verify
from tests.crawler.conftest import Site, article_page, articles, make_source, pages

MAIN = "/news/story-1.htm"
FORMS = (MAIN, "/amp/news/story-1.htm", "/news/story-1.htm?outputType=print")


@pytest.mark.parametrize(
    ("link", "listing", "own"),
    [
        ("http://a.example/1", "https://a.example/feed", "https://a.example/1"),
        ("https://a.example/1", "https://www.a.example/feed", "https://www.a.example/1"),
        ("http://www.a.example/1", "https://a.example/feed", "https://a.example/1"),
        ("http://en.a.example/1", "https://a.example/feed", "http://en.a.example/1"),  # another site
        ("http://other.example/1", "https://a.example/feed", "http://other.example/1"),
        ("http://a.example:8080/1", "https://a.example/feed", "http://a.example:8080/1"),
    ],
)
def test_a_page_is_known_by_the_form_that_its_site_uses(link: str, listing: str, own: str) -> None:
    assert own_form(link, listing, "https://a.example") == own
    assert own_form(own, listing, "https://a.example") == own


def publish(site: Site, order: tuple[str, ...]) -> Source:
    """One article under several addresses, of which each names the first as the canonical one."""
    for number, form in enumerate(FORMS):
        link = f"<head><link rel=canonical href='{site.base}{MAIN}'>"
        page = article_page("Ardenia lowers duty", f" Printed in form {number}.").replace("<head>", link)
        site.put(form, page)
    tracked = [f"{MAIN}?utm_source=feed&fbclid=1", f"{MAIN}#comments"]
    site.put_feed([*tracked, *order])
    return make_source(site, article={"url": r"/news/story-\d+\.htm"})


def test_links_to_one_article_make_one_row_whichever_is_read_first(site: Site, tmp_path: Path) -> None:
    hashes = set()
    for number, order in enumerate(permutations(FORMS)):
        db = tmp_path / f"{number}.db"
        crawl(db, {"toy": publish(site, order)}, allow_loopback=True, progress=False)
        (article,) = articles(db)
        assert article["url"] == article["canonical_url"] == site.base + MAIN
        assert "Printed in form 0." in article["text"] and article["version"] == 1
        assert {row["article_id"] for row in pages(db).values() if row["kind"] == "article"} == {
            article["id"]
        }
        with open_store(db, "read") as store:
            assert list(verify(store)) == []
            hashes.add(content_hash(store.db))
    assert len(hashes) == 1


def test_a_page_that_two_sources_list_belongs_to_the_first_by_name_whichever_came_first(
    site: Site, tmp_path: Path
) -> None:
    paths = [site.put_article(number) for number in range(4)]
    site.put_feed(paths[:3])
    site.put_feed(paths[1:], "/other.xml")
    early = make_source(site, id="early", title="Early", feeds=[f"{site.base}/other.xml"])
    sources = {"toy": make_source(site), "early": early}
    hashes = set()
    for order in (("toy", "early"), ("early", "toy")):
        db = tmp_path / f"{order[0]}.db"
        crawl(db, {}, urls=[site.base + paths[0]], known={}, allow_loopback=True, progress=False)
        for name in order:
            crawl(db, {name: sources[name]}, allow_loopback=True, progress=False)
        assert [row["source_id"] for row in articles(db)] == ["toy", "early", "early", "early"]
        with open_store(db, "read") as store:
            hashes.add(content_hash(store.db))
    assert len(hashes) == 1


def test_a_page_that_says_that_there_is_none_is_no_article(site: Site, source: Source, db: Path) -> None:
    words = (
        "<p>The page that you asked for has moved or never was. Try the search, or go to our front page.</p>"
    )
    titles = ["404 - Page not found | Toy Times", "Không tìm thấy trang", "Seite nicht gefunden"]
    paths = [f"/news/story-{number}.htm" for number in range(len(titles))]
    for path, title in zip(paths, titles, strict=True):
        site.put(path, f"<title>{title}</title><h1>{title}</h1>{words}")
    site.put_feed([*paths, site.put_article(9, title="404 metres of rail laid in Ardenia")])
    crawl(db, {"toy": source}, allow_loopback=True, progress=False)
    assert [article["title"] for article in articles(db)] == ["404 metres of rail laid in Ardenia"]
    for path in paths:
        row = pages(db)[site.base + path]
        assert (row["state"], row["reason"]) == ("skipped", "the page says that there is no such article")
