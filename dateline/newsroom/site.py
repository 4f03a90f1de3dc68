"""One edition as its readers see it: every page of it, by path, rendered from the articles."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from dateline.newsroom.articles import HANOI, NewsArticle, SiteId
from db.errors import DataFileError

HERE = Path(__file__).parent
HTML = "text/html; charset=utf-8"
XML = "text/xml; charset=utf-8"
RELATED = 3
# A news sitemap lists what is at most two days old; here "now" is the newest article.
NEWS_AGE = timedelta(days=2)


class Edition(BaseModel):
    """The fixed wording of an edition, from `editions.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str
    language: str
    publisher: str
    sections: dict[str, str]
    words: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """What the server sends for one path."""

    body: bytes
    content_type: str
    changed: datetime

    @property
    def etag(self) -> str:
        """A strong validator: the same bytes have the same one in every run."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @property
    def last_modified(self) -> str:
        """The moment of the last change as an HTTP date."""
        return format_datetime(self.changed.astimezone(UTC).replace(microsecond=0), usegmt=True)


def load_editions(path: Path = HERE / "editions.yml") -> dict[SiteId, Edition]:
    """The wording of both editions by source id; raises `DataFileError` naming file and key."""
    try:
        return TypeAdapter(dict[SiteId, Edition]).validate_python(
            yaml.safe_load(path.read_text(encoding="utf-8"))
        )
    except ValidationError as error:
        wrong = error.errors()[0]
        key = ".".join(str(part) for part in wrong["loc"])
        raise DataFileError(path, key, wrong["msg"]) from error


def render_site(edition: Edition, articles: Iterable[NewsArticle], base: str) -> dict[str, Page]:
    """Every page of an edition by its path; all addresses in them start with `base`."""
    return dict(_Renderer(edition, articles, base).pages())


class _Renderer:
    """Renders one edition with its articles, newest first as a news site lists them."""

    def __init__(self, edition: Edition, articles: Iterable[NewsArticle], base: str) -> None:
        self.articles = sorted(articles, key=lambda article: (article.published, article.slug), reverse=True)
        self.edition = edition
        self.changed = max(
            (article.last_change for article in self.articles), default=datetime(2025, 1, 1, tzinfo=UTC)
        )
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self.templates.globals.update(base=base, edition=edition, words=edition.words)
        self.templates.filters["rfc822"] = lambda moment: format_datetime(
            moment.astimezone(HANOI).replace(microsecond=0)
        )
        self.templates.filters["iso"] = _iso

    def pages(self) -> Iterator[tuple[str, Page]]:
        for position, article in enumerate(self.articles):
            yield article.path, self._article(article, self.articles[position + 1 :])
            yield (
                f"/photos/{article.slug}.svg",
                self._page("photo.svg.j2", "image/svg+xml", article.published),
            )
        yield from self._listings()
        yield from self._sitemaps()
        yield "/robots.txt", self._page("robots.txt.j2", "text/plain; charset=utf-8", self.changed)
        yield "/private/", self._page("private.html.j2", HTML, self.changed)

    def _article(self, article: NewsArticle, older: list[NewsArticle]) -> Page:
        # Only older articles are linked, so a new one leaves the pages that are already out unchanged.
        return self._page(
            f"{article.layout}.html.j2",
            HTML,
            article.last_change,
            article=article,
            related=older[:RELATED],
            section=self.edition.sections[article.section],
            json_ld=self._json_ld(article),
        )

    def _json_ld(self, article: NewsArticle) -> dict[str, object]:
        base = self.templates.globals["base"]
        return {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "mainEntityOfPage": {"@type": "WebPage", "@id": f"{base}{article.path}"},
            "headline": article.title,
            "description": article.standfirst,
            "image": {
                "@type": "ImageObject",
                "url": f"{base}/photos/{article.slug}.svg",
                "width": 1200,
                "height": 630,
            },
            "datePublished": _iso(article.published),
            "dateModified": _iso(article.last_change),
            "author": [{"@type": "Person", "name": name} for name in article.authors],
            "publisher": {"@type": "Organization", "name": self.edition.publisher, "url": base},
        }

    def _listings(self) -> Iterator[tuple[str, Page]]:
        """Home page and home feed, then a page and a feed for each section."""
        sections = [("", "home", self.edition.words["home"], self.articles)]
        for key, name in self.edition.sections.items():
            sections.append((f"{key}.htm", key, name, [a for a in self.articles if a.section == key]))
        for page, feed, name, articles in sections:
            yield f"/{page}", self._page("listing.html.j2", HTML, self.changed, name=name, articles=articles)
            yield (
                f"/rss/{feed}.rss",
                self._page("feed.xml.j2", XML, self.changed, name=name, articles=articles),
            )

    def _sitemaps(self) -> Iterator[tuple[str, Page]]:
        """The index, one sitemap for each month with articles, and the sitemap of the latest news."""
        months: dict[str, list[NewsArticle]] = {}
        for article in self.articles:
            months.setdefault(_month_sitemap(article.local_time), []).append(article)
        newest = max((article.published for article in self.articles), default=self.changed)
        recent = [article for article in self.articles if newest - article.published <= NEWS_AGE]
        news = "/google-news-sitemap.xml"
        yield news, self._page("news_sitemap.xml.j2", XML, self.changed, articles=recent)
        for path, articles in months.items():
            yield path, self._page("sitemap.xml.j2", XML, self.changed, articles=articles)
        index = [*sorted(months), news]
        yield "/sitemap.xml", self._page("sitemap_index.xml.j2", XML, self.changed, sitemaps=index)

    def _page(self, template: str, content_type: str, changed: datetime, **values: Any) -> Page:
        text = self.templates.get_template(template).render(changed=changed, **values)
        return Page(body=text.encode(), content_type=content_type, changed=changed)


def _month_sitemap(day: datetime) -> str:
    """The address of the sitemap of a month: `/sitemaps/sitemaps-2025-10-1-31.xml`."""
    following = (day.replace(day=1) + timedelta(days=32)).replace(day=1)
    last = (following - timedelta(days=1)).day
    return f"/sitemaps/sitemaps-{day.year}-{day.month}-1-{last}.xml"


def _iso(moment: datetime) -> str:
    return moment.astimezone(HANOI).isoformat(timespec="seconds")
