"""Scores the grouping of articles: which are copies of one text, which tell one story.

The gold articles go through a store of their own, in a temporary folder: stored, tagged, merged and grouped by the
code that does it every day. Both groupings are measured by B-cubed over all articles.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from db.clock import present
from db.errors import InputFileError
from db.frontier import Discovered
from db.merge import merge_events
from db.model import Article, SourceSummary, StoredArticle, TaggedDocument
from db.store import Store, article_id_of, open_store
from db.stories import group_stories
from nlp.evaluation.figures import Figure
from nlp.evaluation.gold import CHECKOUT
from nlp.evaluation.matching import BCubed

Grouping = Literal["copies", "stories"]
GROUPINGS: tuple[Grouping, ...] = ("copies", "stories")
StoredTagger = Callable[[Sequence[StoredArticle]], Sequence[TaggedDocument]]
_LABELS: dict[Grouping, str] = {"copies": "wire", "stories": "story"}
_FOUND: dict[Grouping, str] = {"copies": "coalesce(duplicate_of, id)", "stories": "story_id"}


class GroupedArticle(BaseModel):
    """One line of the gold: an article with the groups it belongs to."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    id: str
    source: str
    publisher: str
    published: str
    language: str
    title: str
    text: str
    wire: str
    story: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupingScore:
    """One grouping of one file."""

    task: Grouping
    gold: str
    part: str
    figure: Figure


def find_grouped() -> list[Path]:
    """The labelled articles of a checkout; none in an installation."""
    return sorted((CHECKOUT / "stories").glob("articles_*.jsonl"))


def read_grouped(path: Path) -> list[GroupedArticle]:
    """The labelled articles of a file; InputFileError names the line that is not one."""
    articles = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            articles.append(GroupedArticle.model_validate(orjson.loads(line)))
        except (ValidationError, orjson.JSONDecodeError) as error:
            raise InputFileError(
                f"{path}:{number}: not a labelled article: {str(error).splitlines()[0]}"
            ) from error
    return articles


def evaluate_grouping(path: Path, tag: StoredTagger, groupings: Sequence[Grouping]) -> list[GroupingScore]:
    """Store, tag and group the articles of a file, and score each grouping."""
    articles = read_grouped(path)
    with tempfile.TemporaryDirectory() as folder, open_store(Path(folder) / "grouped.db") as store:
        ids = {_put(store, article): article for article in articles}
        waiting = list(store.untagged(""))
        for stored, tagged in zip(waiting, tag(waiting), strict=True):
            store.save_tags(stored.id, tagged)
        merge_events(store)
        group_stories(store)
        part = "kept" if path.stem.endswith("_kept") else "dev"
        return [
            GroupingScore(task=one, gold=path.parent.name, part=part, figure=_score(store, ids, one))
            for one in groupings
        ]


def _put(store: Store, article: GroupedArticle) -> str:
    url = f"https://{article.source}.example/{article.id}"
    store.frontier.put_source(
        SourceSummary(
            id=article.source, title=article.publisher, publisher=article.publisher, country="---",
            language=article.language, url=f"https://{article.source}.example", kind="newspaper",
        )
    )  # fmt: skip
    store.frontier.discover(article.source, [Discovered(url=url)], present())
    page = store.frontier.page(url)
    assert page is not None
    read = Article(
        id=article.id, url=url, canonical_url=url, title=article.title, text=article.text,
        published=article.published, published_precision="minute", language=article.language,
    )  # fmt: skip
    store.save_article(read, source_id=article.source, page=page)
    return article_id_of(url)


def _score(store: Store, ids: dict[str, GroupedArticle], grouping: Grouping) -> Figure:
    rows = store.db.execute(f"SELECT id, {_FOUND[grouping]} FROM articles").fetchall()
    found: dict[str, str | None] = dict(rows)
    gold: dict[str, str | None] = {
        article_id: getattr(article, _LABELS[grouping]) for article_id, article in ids.items()
    }
    scored = BCubed()
    scored.add(gold, found)
    return scored.figure("articles (B-cubed)")
