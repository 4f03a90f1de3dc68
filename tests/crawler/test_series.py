"""Which sitemaps of an index are read."""

from __future__ import annotations

from crawler.listings.discovery import Link
from crawler.listings.series import closed_sitemaps, is_read, newest_sitemaps
from db.frontier import FrontierPage

SITE = "https://courier.example"


def sitemap(name: str, changed: str | None = None) -> Link:
    return Link(url=f"{SITE}/{name}.xml", kind="sitemap", changed=changed)


def page(link: Link, lastmod: str | None, fetched: str | None = "2025-10-06T00:00:00Z") -> FrontierPage:
    return FrontierPage(
        url=link.url,
        source_id="courier",
        kind="sitemap",
        state="done",
        reason=None,
        first_seen="2025-10-01T00:00:00Z",
        last_fetched=fetched,
        status=200,
        etag=None,
        last_modified=None,
        lastmod=lastmod,
        attempts=0,
        visits=0,
        next_attempt=None,
        final_url=None,
        warc=None,
        article_id=None,
    )


def closed(*known: tuple[Link, FrontierPage]) -> set[str]:
    return closed_sitemaps([link for link, _ in known], {link.url: row for link, row in known})


def test_the_newest_sitemaps_come_first() -> None:
    links = [sitemap("s-2024-12-1-5"), sitemap("s-2025-2-1-5"), sitemap("s-2025-10-16-20")]
    assert newest_sitemaps(links, 2) == [links[2], links[1]]
    dated = [sitemap("a", "2025-01-01T00:00:00Z"), sitemap("b", "2025-02-01T00:00:00Z")]
    assert newest_sitemaps(dated, 1) == [dated[1]]


def test_a_sitemap_that_states_no_later_change_than_when_it_was_read_is_left_alone() -> None:
    link = sitemap("a", "2025-10-05T00:00:00Z")
    assert is_read(link, page(link, "2025-10-05T00:00:00Z"))
    assert not is_read(link, page(link, "2025-10-04T00:00:00Z"))
    assert not is_read(link, page(link, "2025-10-05T00:00:00Z", fetched=None))
    assert not is_read(link, None)


def test_a_past_month_is_closed_once_a_later_one_has_articles_a_week_newer() -> None:
    august, september = sitemap("2025-08"), sitemap("2025-09")
    assert closed(
        (august, page(august, "2025-08-31T20:00:00Z")), (september, page(september, "2025-09-20T08:00:00Z"))
    ) == {august.url}
    assert not closed(
        (august, page(august, "2025-08-31T20:00:00Z")), (september, page(september, "2025-09-02T08:00:00Z"))
    )


def test_a_sleeping_section_an_unread_sitemap_and_one_without_dates_are_never_closed() -> None:
    world, sport, first, second = sitemap("world"), sitemap("sport"), sitemap("all-1"), sitemap("all-2")
    newest = "2025-10-06T00:00:00Z"
    assert not closed((world, page(world, newest)), (sport, page(sport, "2024-01-01T00:00:00Z")))
    unread = page(first, "2024-01-01T00:00:00Z", fetched=None)
    assert not closed((first, unread), (second, page(second, newest)))
    assert not closed((first, page(first, None)), (second, page(second, newest)))
