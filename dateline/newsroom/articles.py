"""Sample articles: Markdown files with a front matter, read into checked records."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import quote
from zoneinfo import ZoneInfo

import yaml
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from db.errors import DataFileError

ARTICLES = Path(__file__).parent / "articles"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
SiteId = Literal["vtv", "vtv-english"]


class Box(BaseModel):
    """An embedded box that stands after the paragraph number `after` and is not text of the article."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int = Field(ge=1)
    title: str = Field(min_length=1)
    text: str = Field(min_length=1)


class NewsArticle(BaseModel):
    """One article of an edition: what its page shows, and the layout in which it is shown."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: SiteId
    section: str = Field(pattern=r"^[a-z]+(-[a-z]+)*$")
    slug: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    layout: Literal["old", "new"]
    published: AwareDatetime
    modified: AwareDatetime | None = None
    title: str = Field(min_length=1)
    standfirst: str = Field(min_length=1)
    authors: tuple[str, ...] = Field(min_length=1)
    caption: str = Field(min_length=1)
    photo_credit: str = Field(min_length=1)
    box: Box | None = None
    copy_of: str | None = None
    paragraphs: tuple[str, ...] = Field(min_length=1)

    @property
    def local_time(self) -> datetime:
        """The moment of publication on a clock in Hanoi."""
        return self.published.astimezone(HANOI)

    @property
    def last_change(self) -> datetime:
        """When the page last changed: the correction, else the publication."""
        return self.modified or self.published

    @property
    def path(self) -> str:
        """The address below the edition's root; its number holds the moment of publication in Hanoi."""
        digits = f"{self.local_time:%Y%m%d%H%M%S}{self.local_time.microsecond // 1000:03d}"
        number = digits if self.layout == "old" else "100" + digits[2:]
        # Only the Vietnamese edition dropped the section from its addresses with the newer layout.
        folder = "" if self.layout == "new" and self.site == "vtv" else f"/{self.section}"
        return f"{folder}/{quote(self.slug)}-{number}.htm"


def load_articles(folder: Path = ARTICLES) -> list[NewsArticle]:
    """Read every `*.md` of a folder, oldest first.

    A file with `copy_of: SLUG` carries no text of its own: it prints the text of that article. Raises
    `DataFileError` for a file that lacks a field, has one too many, or repeats a slug.
    """
    parts = {path: _split(path) for path in sorted(folder.glob("*.md"))}
    bodies = {str(fields.get("slug")): body for fields, body in parts.values()}
    articles: list[NewsArticle] = []
    for path, (fields, body) in parts.items():
        original = fields.get("copy_of")
        if original is not None and original not in bodies:
            raise DataFileError(path, "copy_of", f"no article has the slug {original!r}")
        text = body if original is None else bodies[str(original)]
        article = _checked(path, {**fields, "paragraphs": text})
        if any(other.slug == article.slug for other in articles):
            raise DataFileError(path, "slug", f"another article has {article.slug!r}, too")
        articles.append(article)
    return sorted(articles, key=lambda article: (article.published, article.slug))


def _split(path: Path) -> tuple[dict[str, object], list[str]]:
    """The front matter and the paragraphs of one file."""
    opening, _, rest = path.read_text(encoding="utf-8").partition("---\n")
    head, fence, body = rest.partition("\n---\n")
    if opening.strip() or not fence:
        raise DataFileError(path, "", "no front matter between two lines of ---")
    try:
        fields = yaml.safe_load(head)
    except yaml.YAMLError as error:
        raise DataFileError(path, "front matter", f"not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(fields, dict):
        raise DataFileError(path, "front matter", "not a list of keys and values")
    return fields, list(_paragraphs(body))


def _paragraphs(body: str) -> Iterator[str]:
    """Paragraphs are set apart by an empty line; a line break within one is a space."""
    for block in body.split("\n\n"):
        if text := " ".join(block.split()):
            yield text


def _checked(path: Path, fields: dict[str, object]) -> NewsArticle:
    try:
        return NewsArticle.model_validate(fields)
    except ValidationError as error:
        wrong = error.errors()[0]
        key = ".".join(str(part) for part in wrong["loc"])
        raise DataFileError(path, key, wrong["msg"]) from error
