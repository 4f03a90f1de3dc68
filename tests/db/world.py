"""A small world for the store's tests: articles, pages and tags made by hand, in a real database file."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import count
from typing import Any

from db.archive import ArchiveWriter
from db.frontier import Discovered
from db.model import (
    Article,
    Commodity,
    EventMention,
    FetchedPage,
    Mention,
    Observation,
    Participant,
    SourceSummary,
    TaggedDocument,
    Tagger,
    document_text,
)
from db.store import SaveOutcome, Store

_RUNS = count()
NOW = datetime(2025, 10, 20, 3, 0, tzinfo=UTC)
TAGGER = Tagger(name="dateline", version="test", model="none")
NAMES = {"CHN": "China", "USA": "United States", "JPN": "Japan", "IDN": "Indonesia"}


def source(source_id: str = "daily", publisher: str = "The Daily") -> SourceSummary:
    """A declared publisher."""
    return SourceSummary(
        id=source_id,
        title=source_id.title(),
        publisher=publisher,
        country="VNM",
        language="en",
        url=f"https://{source_id}.example",
        kind="newspaper",
        declaration={},
    )


def put_article(
    store: Store,
    name: str,
    text: str,
    *,
    title: str | None = None,
    published: str = "2025-10-20T02:00:00Z",
    source_id: str = "daily",
    fetched: datetime = NOW,
) -> SaveOutcome:
    """Take one article through frontier, archive and store, as a crawl does."""
    store.frontier.put_source(source(source_id, source_id))
    url = f"https://{source_id}.example/{name}"
    store.frontier.discover(source_id, [Discovered(url=url)], fetched)
    with ArchiveWriter(store.archive, f"{source_id}-{os.getpid()}-{next(_RUNS)}") as archive:
        warc = archive.write(url, 200, [("Content-Type", "text/html")], text.encode(), fetched)
    store.frontier.fetched(
        FetchedPage(url=url, source_id=source_id, status=200, fetched=fetched, final_url=url, warc=warc)
    )
    page = store.frontier.page(url)
    assert page is not None
    article = Article(
        id=name, url=url, canonical_url=url, title=title, text=text, published=published,
        published_precision="second", language="en",
    )  # fmt: skip
    return store.save_article(article, source_id=source_id, page=page)


def article_id(store: Store, name: str) -> str:
    """The id of the article with this name at the end of its address."""
    row = store.db.execute("SELECT id FROM articles WHERE url LIKE '%/' || ?", [name]).fetchone()
    assert row is not None, name
    return str(row[0])


def party(document: str, words: str, country: str, entity_id: str | None = None) -> Participant:
    """A participant named by `words` of the document."""
    start = document.index(words)
    identity = entity_id or f"country/{country}"
    return Participant(
        start=start,
        end=start + len(words),
        text=words,
        entity_id=identity,
        name=words if identity.startswith("person/") else NAMES.get(country, words),
        country=country,
        sector="GOV",
    )


def event(document: str, trigger: str, event_type: str = "SANCTION", **values: Any) -> EventMention:
    """An event whose clause is the whole document."""
    start = document.index(trigger)
    defaults: dict[str, Any] = {"quad": 4, "modality": "actual", "event_id": f"{event_type}-{trigger}"}
    return EventMention(
        **{
            "start": 0,
            "end": len(document),
            "trigger_start": start,
            "trigger_end": start + len(trigger),
            "event_type": event_type,
            "rule": "by hand",
            **defaults,
            **values,
        }
    )


def tag(store: Store, name: str, *events: EventMention, observations: tuple[Observation, ...] = ()) -> None:
    """Store tags for an article: mentions of every participant, the events, the observations."""
    assert store.save_tags(article_id(store, name), tagged(store, name, *events, observations=observations))


def tagged(
    store: Store, name: str, *events: EventMention, observations: tuple[Observation, ...] = ()
) -> TaggedDocument:
    """Tags of the text that an article has now."""
    stored = store.article_to_tag(article_id(store, name))
    document = document_text(stored.title, stored.text)
    mentions = {
        (p.start, p.end): Mention(
            start=p.start,
            end=p.end,
            text=p.text,
            kind="person" if (p.entity_id or "").startswith("person/") else "country",
            form="full",
            entity_id=p.entity_id or "",
            name=p.name or "",
            country=p.country,
            rule="by hand",
        )
        for e in events
        for p in (*e.actor, *e.recipient)
    }
    return TaggedDocument(
        id=stored.id,
        language="en",
        document=document,
        tagger=TAGGER,
        mentions=tuple(mentions.values()),
        events=tuple(events),
        observations=observations,
    )


def ban(document: str, country: str = "CHN", trigger: str = "banned", **values: Any) -> EventMention:
    """A ban on exports of rare earths by the country that the document names first."""
    values = {
        "actor": (party(document, NAMES[country], country),),
        "instrument": "export_ban",
        "direction": "restrict",
        "stage": "in_force",
        "commodities": (Commodity(name="rare_earths", hs=("2846",)),),
        **values,
    }
    return event(document, trigger, **values)
