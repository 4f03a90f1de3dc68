"""`dateline sources add`: a site is looked at and declared."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from crawler.commands import sources
from crawler.sites.adding import name_of
from crawler.sites.describing import look_at, pattern_of
from crawler.sources import load_sources
from db.errors import CrawlError, DatelineError, UsageError
from tests.crawler.conftest import Site

HEAD = "<html lang='vi-VN'><head><title>Tin tức | Báo Ardenia</title>{}</head><body>{}</body></html>"


def add(*arguments: str) -> Result:
    return CliRunner().invoke(sources, ["add", *arguments, "--allow-loopback"])


def declared(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, (result.output, result.exception)
    content = yaml.safe_load(result.stdout)
    assert isinstance(content, dict)
    return content


def front(site: Site, head: str = "", body: str = "") -> None:
    site.put("/", HEAD.format(head, body))


def stories(site: Site) -> list[str]:
    return [site.put_article(number) for number in range(10_000, 10_008)]


def test_the_feed_that_a_page_names_and_the_sitemap_of_robots_txt_are_found(site: Site) -> None:
    paths = stories(site)
    site.put_feed(paths, "/tin.rss")
    site.put_feed(paths, "/comments.rss")
    front(site, "<link rel='alternate' type='application/rss+xml' href='/tin.rss'>")
    urls = "".join(f"<url><loc>{site.base}{path}</loc></url>" for path in [*paths, "/about"])
    site.put("/maps/all.xml", f"<urlset>{urls}</urlset>")
    site.put(
        "/robots.txt",
        f"User-agent: *\nDisallow: /x\nSitemap: {site.base}/maps/all.xml",
        Content_Type="text/plain",
    )
    found = declared(add(site.base, "--dry-run"))
    assert found["feeds"] == [f"{site.base}/tin.rss"] and found["sitemaps"] == [f"{site.base}/maps/all.xml"]
    assert (found["title"], found["language"], found["timezone"]) == ("Báo Ardenia", "vi", "Asia/Ho_Chi_Minh")
    assert found["publisher"]["country"] == "VNM"  # type: ignore[index]
    assert found["article"] == {"url": r"[-_/]\d{5,}(?:\.[a-z]{3,5})?/?$"}
    assert found["checked"] is None


def test_a_feed_that_lists_no_article_is_left_out_and_news_is_no_name(site: Site) -> None:
    site.put_feed(stories(site), "/tin.rss")
    site.put("/broken.rss", "<rss><channel><item><link>oops</channel>")
    links = "".join(f"<link rel=alternate type=application/rss+xml href=/{n}.rss>" for n in ("tin", "broken"))
    site.put("/", f"<html lang=en><head><title>The Courier - News</title>{links}</head></html>")
    found = declared(add(site.base, "--dry-run"))
    assert found["feeds"] == [f"{site.base}/tin.rss"] and found["title"] == "The Courier"


def test_what_is_written_can_be_loaded_and_crawled_and_is_not_overwritten(site: Site, tmp_path: Path) -> None:
    site.put_feed(stories(site), "/rss")
    front(site)
    folder = tmp_path / "mine"
    options = [site.base, "--sources", str(folder), "--id", "toy", "--country", "GBR"]
    written = add(*options)
    assert written.exit_code == 0, (written.output, written.exception)
    assert "dateline sources check toy" in written.stderr
    source = load_sources(folder)["toy"]
    assert source.feeds == (f"{site.base}/rss",) and source.publisher.country == "GBR"
    checked = CliRunner().invoke(
        sources, ["check", "toy", "--sources", str(folder), "--allow-loopback", "--json"]
    )
    assert checked.exit_code == 0, checked.output
    before = (folder / "toy.yml").read_text()
    again = add(*options)
    assert isinstance(again.exception, UsageError) and "is there already" in str(again.exception)
    assert (folder / "toy.yml").read_text() == before


def test_a_page_that_lists_the_feeds_leads_to_them(site: Site) -> None:
    paths = stories(site)
    for number, name in enumerate(("world", "trade")):
        site.put_feed(paths[number * 4 : number * 4 + 4], f"/feeds/{name}.rss")
    site.put("/rss", "<p><a href='/feeds/world.rss'>World</a> <a href='/feeds/trade.rss'>Trade</a></p>")
    front(site)
    found = declared(add(site.base, "--dry-run"))
    assert found["feeds"] == [f"{site.base}/feeds/world.rss", f"{site.base}/feeds/trade.rss"]


def test_a_site_with_neither_feed_nor_sitemap_is_declared_by_its_list_of_articles(site: Site) -> None:
    front(site, body="".join(f"<a href='{path}'>t</a>" for path in [*stories(site), "/about", "/contact"]))
    found = declared(add(site.base, "--dry-run"))
    assert found["sections"] == [{"url": f"{site.base}/"}] and "feeds" not in found
    assert found["article"]


def test_the_address_of_a_feed_is_enough(site: Site) -> None:
    site.put_feed(stories(site), "/only.rss")
    assert declared(add(f"{site.base}/only.rss", "--dry-run"))["feeds"] == [f"{site.base}/only.rss"]


def test_a_site_that_offers_nothing_or_cannot_be_had_is_said_with_a_remedy(site: Site) -> None:
    front(site, body="<p>Welcome</p>")
    nothing = add(site.base, "--dry-run")
    assert isinstance(nothing.exception, CrawlError)
    assert "no feed, no sitemap and no list of articles was found" in str(nothing.exception)
    site.put("/", "", 503)
    assert "the server answered 503" in str(add(site.base, "--dry-run").exception)
    refused = CliRunner().invoke(sources, ["add", site.base, "--dry-run"])
    assert isinstance(refused.exception, DatelineError)
    assert "Give --allow-loopback" in str(refused.exception)
    for wrong in (["nonsense"], [site.base, "--id", "No Name"], [site.base, "--country", "Viet Nam"]):
        assert isinstance(add(*wrong).exception, UsageError)


def test_what_robots_txt_forbids_is_not_looked_at(site: Site) -> None:
    site.put_feed(stories(site), "/feed")
    site.put("/robots.txt", "User-agent: *\nDisallow: /feed", Content_Type="text/plain")
    front(site, "<link rel='alternate' type='application/rss+xml' href='/feed'>")
    assert isinstance(add(site.base, "--dry-run").exception, CrawlError)
    assert site.requests["/feed"] == 0


def test_a_hostile_site_costs_no_more_than_a_word(site: Site) -> None:
    bomb = "<!DOCTYPE r [<!ENTITY a 'aaaa'>]><rss><item><link>&a;</link></item></rss>"
    site.put("/bomb.rss", bomb)
    site.put("/sitemap.xml", b"\x1f\x8bnot gzip")
    site.put_feed(stories(site), "/feed.xml")
    front(
        site, "<link rel='alternate' type='application/rss+xml' href='/bomb.rss'>" * 3, "<a href='/feed.xml'>"
    )
    assert declared(add(site.base, "--dry-run"))["feeds"] == [f"{site.base}/feed.xml"]


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.courier.example/", "courier"),
        ("https://news.courier.co.uk/x", "news-courier"),
        ("http://127.0.0.1:8080", "127-0-0-1-8080"),
    ],
)
def test_a_source_is_named_after_its_site(url: str, name: str) -> None:
    assert name_of(url) == name


def test_the_name_of_a_site_is_the_part_of_its_title_that_its_address_holds() -> None:
    page = b"<html lang=en-GB><head><title>Courier \xe2\x80\x93 news from Ardenia</title></head></html>"
    looks = look_at(page, "https://www.courier.example")
    assert (looks.title, looks.language, looks.region) == ("Courier", "en", "uk")


def test_a_pattern_must_fit_nearly_all_articles() -> None:
    urls = [f"https://a.example/2025/10/0{day}/story" for day in range(1, 10)]
    assert pattern_of(urls, [r"/x/", r"/\d{4}/\d{2}/\d{2}/"]) == r"/\d{4}/\d{2}/\d{2}/"
    assert pattern_of([*urls[:4], *(f"https://a.example/{n}" for n in range(4))], [r"/\d{4}/\d{2}/"]) is None
    assert pattern_of(urls[:2], [r"/\d{4}/"]) is None
