"""Declarations of news sources: one YAML file a publisher, checked before the first request."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from cronsim import CronSim, CronSimError
from cssselect import SelectorError, parse
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from crawler.addresses import clean_url, is_within, netloc
from crawler.datafile import read_datafile
from db.errors import DataFileError, InputFileError, NotFound
from db.model import SourceSummary

SHIPPED = Path(__file__).with_name("sources")
SOURCE_ID = r"[a-z0-9]+(-[a-z0-9]+)*"
DURATION = re.compile(r"(\d+)\s*([mhdw])")
SITE = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]+(?::\d+)?")
NEXT_PAGE = "a[rel~=next], link[rel~=next], .pagination .next a, .pager .next a, a.next-page"
UNITS = {"m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _check_url(value: str) -> str:
    if clean_url(value) is None:
        raise ValueError(f"is not a URL: {value!r}")
    return value


def _check_pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"is not a regular expression ({error}): {value!r}") from error
    return value


def _check_selector(value: str) -> str:
    try:
        parse(value)
    except SelectorError as error:
        raise ValueError(f"is not a CSS selector ({error}): {value!r}") from error
    return value


def _check_duration(value: str) -> str:
    if not DURATION.fullmatch(value):
        raise ValueError(f"is not a span of time such as 30m, 6h or 1d: {value!r}")
    return value


def check_hours(value: str) -> str:
    """A cron expression as it is; raises ValueError for one that cannot be read."""
    try:
        CronSim(value, datetime(2025, 1, 1))
    except CronSimError as error:
        raise ValueError(f"is not a cron expression such as '0 6 * * 1-5' ({error}): {value!r}") from error
    return value


def _check_timezone(value: str) -> str:
    if value not in _timezones():
        raise ValueError(f"is not a time zone such as Asia/Ho_Chi_Minh: {value!r}")
    return value


@cache
def _timezones() -> frozenset[str]:
    # Asked for again, it would read the folders of time zones again, for every source.
    return frozenset(available_timezones())


def _listed(value: Any) -> Any:
    return [value] if isinstance(value, str) else value


def _check_site(value: str) -> str:
    if not SITE.fullmatch(value):
        raise ValueError(f"is not the name of a site such as example.org: {value!r}")
    return value.removeprefix("www.")


def _check_numbered(value: str) -> str:
    if "{page}" not in value or clean_url(value.replace("{page}", "2")) is None:
        raise ValueError(f"is not a URL with {{page}} in the place of the number: {value!r}")
    return value


Url = Annotated[str, AfterValidator(_check_url)]
Site = Annotated[str, AfterValidator(_check_site)]
Numbered = Annotated[str, AfterValidator(_check_numbered)]
Pattern = Annotated[str, AfterValidator(_check_pattern)]
Selector = Annotated[str, AfterValidator(_check_selector)]
Selectors = Annotated[tuple[Selector, ...], BeforeValidator(_listed)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_listed)]
Duration = Annotated[str, AfterValidator(_check_duration)]
Hours = Annotated[str, AfterValidator(check_hours)]
TimeZone = Annotated[str, AfterValidator(_check_timezone)]


class _Declared(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Publisher(_Declared):
    """Who stands behind the source."""

    name: str
    country: str = Field(pattern="^([A-Z]{3}|---)$")
    url: Url
    kind: str = "newspaper"
    sites: tuple[Site, ...] = ()
    """Further sites (`bbc.co.uk`) that are the publisher's own."""


class Section(_Declared):
    """A page that lists articles; `links` selects the links (or what holds one).

    At most `pages` pages of the list are read: the next one is where `next` leads, or where `numbered` says
    with {page} for the number.
    """

    url: Url
    links: Selector = "a"
    pages: int = Field(default=1, gt=0, le=50)
    next: Selector = NEXT_PAGE
    numbered: Numbered | None = None


class ArticleRules(_Declared):
    """How this publisher marks up an article; each list is tried in order, general reading comes after."""

    url: Pattern | None = None
    title: Selectors = ()
    body: Selectors = ()
    drop: Selectors = ()
    authors: Selectors = ()
    published: Selectors = ()
    caption: Selectors = ()
    section: Selectors = ()
    strip: Patterns = ()
    published_in_url: Pattern | None = None


class Expectations(_Declared):
    """What a healthy crawl brings; less means that the layout may have changed."""

    articles: int = 0
    fill: dict[Literal["title", "published", "text", "authors"], float] = {}


class Source(_Declared):
    """One publisher's declaration; `id` is the stem of its file."""

    id: str = ""
    title: str
    publisher: Publisher
    language: str = Field(pattern="^[a-z]{2,3}$")
    timezone: TimeZone = "UTC"
    feeds: tuple[Url, ...] = ()
    sitemaps: tuple[Url, ...] = ()
    sections: tuple[Section, ...] = ()
    article: ArticleRules = ArticleRules()
    every: Duration = "6h"
    at: Hours | None = None
    """Set hours instead of `every`: a cron expression in the source's time zone."""
    max_pages: int = Field(default=500, gt=0)
    max_sitemaps: int = Field(default=10, gt=0)
    max_age: Duration | None = None
    """Listed articles that are known to be older are passed over; by default none is."""
    browser: bool = False
    """Sections and articles are fetched with a browser, for text that scripts fill in (`dateline[browser]`)."""
    expect: Expectations = Expectations()
    checked: date | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _lists_something(self) -> Source:
        if not (self.feeds or self.sitemaps or self.sections):
            raise ValueError("one of feeds, sitemaps or sections is required")
        return self

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the pages give their times."""
        return ZoneInfo(self.timezone)

    @property
    def interval(self) -> timedelta:
        """How often the source is to be crawled."""
        return read_duration(self.every)

    @cached_property
    def sites(self) -> frozenset[str]:
        """The sites whose pages belong to this source."""
        named = frozenset(netloc(url) for url in (self.publisher.url, *self.listings))
        return named.union(self.publisher.sites)

    @property
    def listings(self) -> tuple[str, ...]:
        """The addresses where the source's articles are listed, feeds first."""
        return (*self.feeds, *self.sitemaps, *(section.url for section in self.sections))

    @property
    def oldest(self) -> timedelta | None:
        """The age beyond which a listed article is passed over; None for no limit."""
        return read_duration(self.max_age) if self.max_age else None

    def claims(self, url: str) -> bool:
        """Whether the address looks like an article of this source."""
        pattern = self.article.url
        return is_within(url, self.sites) and (pattern is None or re.search(pattern, url) is not None)

    def as_row(self) -> dict[str, Any]:
        """What a table of sources shows."""
        return {
            "id": self.id,
            "title": self.title,
            "publisher": self.publisher.name,
            "country": self.publisher.country,
            "language": self.language,
            "kind": self.publisher.kind,
            "feeds": len(self.feeds),
            "sitemaps": len(self.sitemaps),
            "sections": len(self.sections),
            "every": self.every,
            "checked": self.checked.isoformat() if self.checked else None,
        }

    def summary(self) -> SourceSummary:
        """The part that the database keeps."""
        return SourceSummary(
            id=self.id,
            title=self.title,
            publisher=self.publisher.name,
            country=self.publisher.country,
            language=self.language,
            url=self.publisher.url,
            kind=self.publisher.kind,
            declaration=self.model_dump(mode="json", exclude={"id"}, exclude_defaults=True),
        )


def read_duration(text: str) -> timedelta:
    """A span such as `30m`, `6h`, `1d` or `2w`; raises ValueError for anything else."""
    match = DURATION.fullmatch(text)
    if match is None:
        raise ValueError(f"not a span of time such as 30m, 6h or 1d: {text!r}")
    return timedelta(**{UNITS[match[2]]: int(match[1])})


def load_source(path: Path) -> Source:
    """Read one declaration; raises `DataFileError` naming the source, the key and the file."""
    name = f"source {path.stem!r}"
    if not re.fullmatch(SOURCE_ID, path.stem):
        raise DataFileError(path, "", "a source's file is named in small letters, digits and hyphens")
    return read_datafile(path, Source, name=name).model_copy(update={"id": path.stem})


def load_sources(folder: Path | None = None) -> dict[str, Source]:
    """All declarations of a folder (the shipped ones by default) by id, in the order of their ids."""
    folder = folder or SHIPPED
    if not folder.is_dir():
        raise InputFileError(f"no folder of source declarations at {folder}")
    sources = {path.stem: load_source(path) for path in sorted(folder.glob("*.yml"))}
    if not sources:
        raise InputFileError(f"{folder} holds no source declaration (*.yml)")
    return sources


def choose_sources(sources: dict[str, Source], names: tuple[str, ...]) -> dict[str, Source]:
    """The named sources, all when none is named; raises `NotFound` naming the unknown one."""
    for name in names:
        if name not in sources:
            raise NotFound(f"no source is called {name!r}; known: {', '.join(sources)}")
    return {name: sources[name] for name in names} if names else sources
