"""Declarations: what is shipped is sound, and what is wrong is said with source, key and file."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from crawler.sources import choose_sources, load_source, load_sources
from db.errors import DataFileError, InputFileError, NotFound

GOOD = {
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
