"""The newsroom: both editions on loopback, and what an editor does with them."""

import logging
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import datetime, timedelta
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path
from types import TracebackType
from typing import Self

from dateline.newsroom.articles import NewsArticle, SiteId, load_articles
from dateline.newsroom.loopback import LoopbackSite
from dateline.newsroom.site import load_editions, render_site

# Addresses stand in the pages, so fixed ports make two runs give the same pages to the last byte. They lie below
# 32768, where systems begin to hand out ports for outgoing connections: one of those holds its port for a minute more.
PORTS = (24251, 24252)
ROOT = re.compile(r"https?://[A-Za-z0-9.-]*[A-Za-z0-9](:[0-9]+)?")

log = logging.getLogger(__name__)


class Newsroom:
    """Both editions, served on 127.0.0.1 from `__enter__` to `__exit__`.

    >>> with Newsroom(ports=(0, 0)) as newsroom:
    ...     sorted(newsroom.addresses)
    ['vtv', 'vtv-english']
    """

    def __init__(
        self, *, ports: tuple[int, int] = PORTS, articles: Iterable[NewsArticle] | None = None
    ) -> None:
        """`ports` are those of vtv and vtv-english, 0 for any free one.

        A port that is taken gives way to a free one, and a line in `notices` says so. `articles` are
        the shipped ones unless others are given.
        """
        self.notices: list[str] = []
        self._articles = {
            article.slug: article for article in (load_articles() if articles is None else articles)
        }
        self._editions = load_editions()
        self._ports: dict[SiteId, int] = {"vtv": ports[0], "vtv-english": ports[1]}
        self._sites: dict[SiteId, LoopbackSite] = {}
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as starting:
            for source in self._ports:
                site = self._sites[source] = self._open(source)
                starting.callback(site.stop)
                self._render(source)
                site.start()
            self._running = starting.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._running.close()

    @property
    def addresses(self) -> dict[str, str]:
        """The root address of each edition by source id, without a slash at its end."""
        return {source: site.base for source, site in self._sites.items()}

    @property
    def articles(self) -> list[NewsArticle]:
        """What is out now, oldest first."""
        return sorted(self._articles.values(), key=lambda article: (article.published, article.slug))

    @property
    def requests(self) -> Counter[str]:
        """How often each path was asked for, over both editions."""
        return sum((site.requests.copy() for site in self._sites.values()), Counter[str]())

    @property
    def answers(self) -> Counter[int]:
        """How often each status code was given, over both editions."""
        return sum((site.answers.copy() for site in self._sites.values()), Counter[int]())

    def url(self, slug: str) -> str:
        """The full address of an article; `LookupError` if none with this slug is out."""
        article = self._article(slug)
        return self._sites[article.site].base + article.path

    def publish(self, article: NewsArticle) -> str:
        """Put a new article out, in feeds and sitemaps too, and return its address."""
        if article.slug in self._articles:
            raise ValueError(f"an article with the slug {article.slug!r} is already out: use correct()")
        self._articles[article.slug] = article
        self._sites[article.site].removed.pop(article.path, None)
        self._render(article.site)
        return self.url(article.slug)

    def withdraw(self, slug: str, status: int = HTTPStatus.GONE) -> None:
        """Take an article out of every list; its address answers 410 from now on, or 404 if so asked."""
        article = self._article(slug)
        del self._articles[slug]
        self._sites[article.site].removed[article.path] = status
        self._render(article.site)

    def correct(
        self, slug: str, text: str, *, title: str | None = None, modified: datetime | None = None
    ) -> None:
        """Change a text (paragraphs apart by an empty line), by default an hour after its last change."""
        article = self._article(slug)
        changes = {
            "paragraphs": tuple(" ".join(block.split()) for block in text.split("\n\n") if block.strip()),
            "title": title or article.title,
            "modified": modified or article.last_change + timedelta(hours=1),
        }
        self._articles[slug] = NewsArticle.model_validate({**article.model_dump(), **changes})
        self._render(article.site)

    def write_sources(self, folder: Path) -> list[Path]:
        """Write the shipped declarations of both editions; only scheme and host of each address differ."""
        folder.mkdir(parents=True, exist_ok=True)
        return [self._write_source(folder / f"{source}.yml", base) for source, base in self.addresses.items()]

    def _write_source(self, path: Path, base: str) -> Path:
        shipped = files("crawler").joinpath("sources", path.name).read_text(encoding="utf-8")
        path.write_text(ROOT.sub(base, shipped), encoding="utf-8")
        return path

    def _article(self, slug: str) -> NewsArticle:
        if slug not in self._articles:
            raise LookupError(f"no article with the slug {slug!r} is out")
        return self._articles[slug]

    def _render(self, source: SiteId) -> None:
        articles = [article for article in self._articles.values() if article.site == source]
        site = self._sites[source]
        site.pages = render_site(self._editions[source], articles, site.base)

    def _open(self, source: SiteId) -> LoopbackSite:
        port, missing = self._ports[source], self._editions[source].words["missing"]
        try:
            return LoopbackSite(port, missing)
        except OSError as error:
            site = LoopbackSite(0, missing)
            notice = f"port {port} is not free ({error.strerror}): {source} is served at {site.base}"
            self.notices.append(notice)
            log.warning(notice)
            return site
