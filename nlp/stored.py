"""Tags the stored articles that need it: what `dateline tag` without a file and `dateline run` do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from db.merge import merge_events
from db.model import StoredArticle, TaggedDocument
from db.store import open_store
from db.stories import group_stories
from db.tags import tagger_name
from nlp.pipeline import DEFAULT_MODEL
from nlp.piping import BATCH
from nlp.tagging import TextToTag, shared_tagger
from nlp.workers import map_batches


def tag_stored(db: Path, model: str = DEFAULT_MODEL, *, workers: int = 1, again: bool = False) -> int:
    """Tag every stored article that has no tags of this tagger, and return how many were tagged.

    With `again` all tags are deleted first. What is done is kept when the run is stopped; progress goes to
    stderr. Raises ModelError, StoreError and its children.
    """
    with open_store(db) as store:
        if again:
            store.clear_tags()
        tagger = tagger_name(shared_tagger(model).tagger)
        # Counted first and read again in batches: a hundred thousand texts need not be in memory at once.
        total = sum(1 for _ in store.untagged(tagger))
        with _progress() as progress:
            task, saved = progress.add_task("Tagging", total=total), 0
            for article_id, tagged in _tagged(store.untagged(tagger), model, workers):
                saved += store.save_tags(article_id, tagged)
                progress.advance(task)
        # Stories first: the merge ends by noting what has changed, and an article's story is part of it.
        group_stories(store)
        merge_events(store)
    return saved


def _tagged(
    articles: Iterator[StoredArticle], model: str, workers: int
) -> Iterator[tuple[str, TaggedDocument]]:
    batches = iter(lambda: [_text(article) for article in islice(articles, BATCH)], [])
    results: Iterable[tuple[list[TextToTag], list[TaggedDocument]]]
    if workers > 1:
        results = map_batches(_work, batches, workers=workers, setting=model)
    else:
        results = ((batch, _work(model, batch)) for batch in batches)
    for batch, records in results:
        for text, record in zip(batch, records, strict=True):
            yield text.id, record


def _work(model: str, batch: list[TextToTag]) -> list[TaggedDocument]:
    return list(shared_tagger(model).tag_many(batch))


def _text(article: StoredArticle) -> TextToTag:
    return TextToTag(
        id=article.id,
        text=article.text,
        title=article.title,
        published=article.published,
        language=article.language,
    )


def _progress() -> Progress:
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=Console(stderr=True),
        transient=True,
    )
