"""Declarations: what is shipped is sound, and what is wrong is said with source, key and file."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from crawler.addresses import is_within, netloc
from crawler.sources import Source, choose_sources, load_source, load_sources
from db.errors import DataFileError, InputFileError, NotFound

GOOD: dict[str, Any] = {
    "title": "X",
    "publisher": {"name": "X", "country": "GBR", "url": "https://x.example"},
    "language": "en",
    "feeds": ["https://x.example/rss"],
}


def write(folder: Path, **changes: object) -> Path:
    path = folder / "x.yml"
    path.write_text(yaml.safe_dump({**GOOD, **changes}))
    return path


def test_the_shipped_sources_are_sound() -> None:
    sources = load_sources()
    assert {"vtv", "vtv-english"} <= set(sources)
    assert sources["vtv"].claims("https://vtv.vn/bai-viet-100250311084207316.htm")
    assert not sources["vtv"].claims("https://english.vtv.vn.evil.example/bai-viet-100250311084207316.htm")
    assert sources["vtv"].interval.total_seconds() == 1800


def test_the_shipped_sources_cover_the_world_of_trade_policy() -> None:
    sources = load_sources()
    countries = {source.publisher.country for source in sources.values()} - {"EUE", "IGO", "---"}
    assert len(sources) >= 45 and len(countries) >= 18
    assert {"wto", "imf", "european-commission", "federal-register", "moit", "meti", "mofcom-english"} <= set(
        sources
    )
    assert sum(source.language == "vi" for source in sources.values()) >= 7


@pytest.mark.parametrize("source", load_sources().values(), ids=list(load_sources()))
def test_a_shipped_source_lists_articles_on_its_publishers_own_sites(source: Source) -> None:
    own = frozenset({netloc(source.publisher.url), *source.publisher.sites})
    assert source.listings and all(is_within(url, own) for url in source.listings)
    assert all(url.startswith("https://") for url in (source.publisher.url, *source.listings))
    assert len(set(source.listings)) == len(source.listings)
    assert source.expect.articles >= 1 and source.interval >= timedelta(minutes=30)
    assert not any(
        source.claims(url) for url in (source.publisher.url, *source.listings) if source.article.url
    )


def test_no_two_shipped_sources_share_a_listing_or_a_title() -> None:
    sources = load_sources().values()
    listings = [url for source in sources for url in source.listings]
    titles = [source.title for source in sources]
    assert len(set(listings)) == len(listings) and len(set(titles)) == len(titles)


ARTICLES = {
    "vnexpress": "https://vnexpress.net/gia-dong-tang-4790123.html",
    "tuoitre": "https://tuoitre.vn/bo-cong-thuong-noi-ve-thue-20251006081522101.htm",
    "vietnamplus": "https://www.vietnamplus.vn/xuat-khau-gao-tang-post1067001.vnp",
    "nhandan": "https://nhandan.vn/xuat-khau-gao-tang-post912345.html",
    "baochinhphu": "https://baochinhphu.vn/giam-thue-dong-102251006120000111.htm",
    "bbc": "https://www.bbc.co.uk/news/articles/c0abcd12efgo",
    "guardian": "https://www.theguardian.com/business/2025/oct/06/copper-duty-cut",
    "federal-register": "https://www.federalregister.gov/documents/2025/10/06/2025-00001/a-notice",
    "us-treasury": "https://home.treasury.gov/news/press-releases/sb0001",
    "ustr": "https://ustr.gov/about/policy-offices/press-office/press-releases/2025/october/a-statement",
    "uk-business-trade": "https://www.gov.uk/government/news/a-new-agreement",
    "xinhua-english": "https://english.news.cn/20251006/0123456789abcdef0123456789abcdef/c.html",
    "wto": "https://www.wto.org/english/news_e/news25_e/dgno_06oct25_e.htm",
    "eu-trade": "https://policy.trade.ec.europa.eu/news/a-new-agreement-2025-10-06_en",
}


@pytest.mark.parametrize("name", ARTICLES)
def test_an_address_as_the_publisher_writes_it_is_an_article(name: str) -> None:
    assert load_sources()[name].claims(ARTICLES[name])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"feeds": ["exmaple"]}, "source 'x': feeds[0] is not a URL: 'exmaple'. See "),
        ({"fieds": []}, "source 'x': fieds is not a known key"),
        ({"feeds": []}, "one of feeds, sitemaps or sections is required"),
        ({"title": None}, "source 'x': title"),
        ({"timezone": "Hanoi"}, "timezone is not a time zone"),
        ({"every": "often"}, "every is not a span of time"),
        ({"article": {"url": "("}}, "article.url is not a regular expression"),
        ({"article": {"body": ["p", "p >"]}}, "article.body[1] is not a CSS selector"),
        ({"max_age": "old"}, "max_age is not a span of time"),
        (
            {"sections": [{"url": "https://x.example/n", "numbered": "https://x.example/n?p=2"}]},
            "with {page}",
        ),
        ({"sections": [{"url": "https://x.example/n", "pages": 0}]}, "sections[0].pages"),
        ({"publisher": {**GOOD["publisher"], "sites": ["https://x.example"]}}, "is not the name of a site"),
        ({"publisher": {"name": "X", "country": "England", "url": "https://x.example"}}, "publisher.country"),
    ],
)
def test_a_faulty_declaration_names_source_key_and_file(
    tmp_path: Path, changes: dict[str, object], words: str
) -> None:
    path = write(tmp_path, **changes)
    with pytest.raises(DataFileError) as caught:
        load_source(path)
    assert words in str(caught.value) and "x.yml" in str(caught.value)


def test_broken_yaml_an_empty_folder_and_an_unknown_name_are_said(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="holds no source declaration"):
        load_sources(tmp_path)
    with pytest.raises(InputFileError, match="no folder"):
        load_sources(tmp_path / "none")
    path = write(tmp_path)
    with pytest.raises(NotFound, match="no source is called 'y'; known: x"):
        choose_sources(load_sources(tmp_path), ("y",))
    path.write_text("title: [")
    with pytest.raises(DataFileError, match="line"):
        load_source(path)
