"""`dateline load`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeVar, get_args

import click
import orjson

from db.errors import InputFileError
from db.loading import Loadable, load
from db.model import (
    Article,
    Attribution,
    Certainty,
    Commodity,
    Direction,
    EventMention,
    EventQuantity,
    Mention,
    Modality,
    Observation,
    Participant,
    Quantity,
    SourceSummary,
    Speech,
    Stage,
    TaggedDocument,
    Tagger,
    TimeExpression,
)
from db.options import db_option
from db.progress import progress_bar

Record = TypeVar("Record")
CLOSED = {
    "modality": get_args(Modality),
    "speech": get_args(Speech),
    "certainty": get_args(Certainty),
    "direction": get_args(Direction),
    "stage": get_args(Stage),
}
"""What the fields of an event can be, whatever the codebook."""


@click.command("load")
@click.argument("articles", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--tags", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="What 'dateline tag' made."
)
@click.option("--source", required=True, help="The id of the source that the articles are of.")
@click.option("--publisher", help="Its publisher; else the source's id.")
@click.option("--country", default="---", show_default=True, help="Its country, ISO 3166 code.")
@click.option(
    "--language", default="en", show_default=True, help="The language of articles that do not say theirs."
)
@db_option
def load_command(
    db: Path,
    articles: Path,
    tags: Path | None,
    source: str,
    publisher: str | None,
    country: str,
    language: str,
) -> None:
    """Load ARTICLES, JSON lines as 'dateline extract' prints them, with the TAGS that 'dateline tag' made of them.

    Lines belong together by their id. Into a new database this is several times faster than a crawl's own way.
    Articles without tags are tagged by the next 'dateline tag'.

    \b
    Example:
      dateline extract pages.jsonl > articles.jsonl
      dateline tag articles.jsonl > tags.jsonl
      dateline load articles.jsonl --tags tags.jsonl --source archive --db archive.db
    """
    summary = SourceSummary(
        id=source, title=source, publisher=publisher or source, country=country, language=language, url="",
        kind="loaded",
    )  # fmt: skip
    with progress_bar("Loading", None) as advance:
        done = load(db, summary, _items(articles, tags, source, language), progress=advance)
    click.echo(f"{done.new:,} articles loaded, {done.known:,} were there already, in {db}.")


def _items(articles: Path, tags: Path | None, source: str, language: str) -> Iterator[Loadable]:
    places = _places(tags) if tags else {}
    with (tags or articles).open("rb") as tag_file:
        for number, line in _lines(articles):
            article = _read(Article, line, articles, number)
            if article.error:
                continue
            tagged = None
            if article.id in places:
                tag_file.seek(places[article.id])
                tagged = _tagged(orjson.loads(tag_file.readline()), tags or articles)
            if article.language is None:
                article = dataclasses.replace(article, language=language)
            yield Loadable(article=article, source_id=source, tagged=tagged)


def _places(path: Path) -> dict[str, int]:
    """Where in the file the tags of each article begin, so that they need not be in memory."""
    places, offset = {}, 0
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                fields = orjson.loads(line)
                if not fields.get("error"):
                    places[str(fields["id"])] = offset
            except (orjson.JSONDecodeError, KeyError, AttributeError) as error:
                raise InputFileError(f"{path}:{number}: no line of 'dateline tag': {error}") from error
            offset += len(line)
    return places


def _lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open("rb") as file:
        for number, line in enumerate(file, 1):
            try:
                yield number, orjson.loads(line)
            except orjson.JSONDecodeError as error:
                raise InputFileError(f"{path}:{number}: not JSON: {error}") from error


def _read(kind: type[Record], fields: dict[str, Any], path: Path, number: int) -> Record:
    """A record of these fields; lists become tuples, what the record does not have is left out."""
    try:
        return _record(kind, fields)
    except (TypeError, KeyError, AttributeError) as error:
        raise InputFileError(f"{path}:{number}: no line of 'dateline extract': {error}") from error


def _record(kind: type[Record], fields: dict[str, Any], **parts: Any) -> Record:
    names = {field.name for field in dataclasses.fields(kind)}  # type: ignore[arg-type]
    values = {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in fields.items()
        if key in names
    }
    return kind(**{**values, **parts})


def _tagged(fields: dict[str, Any], path: Path) -> TaggedDocument:
    try:
        return TaggedDocument(
            id=fields["id"],
            language=fields["language"],
            document=fields["document"],
            tagger=_record(Tagger, fields["tagger"]),
            mentions=tuple(_record(Mention, m) for m in fields["mentions"]),
            quantities=tuple(_record(Quantity, q) for q in fields["quantities"]),
            dates=tuple(_record(TimeExpression, d) for d in fields["dates"]),
            events=tuple(_event(e) for e in fields["events"]),
            observations=tuple(_record(Observation, o) for o in fields["observations"]),
        )
    except (TypeError, KeyError, AttributeError) as error:
        raise InputFileError(f"{path}: the tags of '{fields.get('id')}' cannot be used: {error}") from error


def _event(fields: dict[str, Any]) -> EventMention:
    for name, values in CLOSED.items():
        if fields.get(name) is not None and fields[name] not in values:
            raise TypeError(f"{name}: there is no '{fields[name]}'. One of: {', '.join(values)}")
    return _record(
        EventMention,
        fields,
        attribution=_record(Attribution, fields["attribution"]) if fields["attribution"] else None,
        actor=tuple(_record(Participant, p) for p in fields["actor"]),
        recipient=tuple(_record(Participant, p) for p in fields["recipient"]),
        commodities=tuple(_record(Commodity, c) for c in fields["commodities"]),
        quantities=tuple(_record(EventQuantity, q) for q in fields["quantities"]),
    )
