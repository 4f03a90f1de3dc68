"""One question about events, asked the same way by the command line, the exports and other programs."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from db.errors import NotFound

EVENT_COLUMNS = (
    "date",
    "event_type",
    "actor",
    "recipient",
    "instrument",
    "commodities",
    "stage",
    "id",
)
"""What a table of events shows; the other formats hold every field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Filters that combine with AND; None leaves a filter out.

    `actor` and `recipient` match an entity id, a name or any collected alias of the people or organisations on
    that side, or a country code; `country` matches either side. `hs` is a prefix of a heading. `since` and
    `until` are ISO dates, both included, compared with the day of the event or else of its first report.
    """

    actor: str | None = None
    recipient: str | None = None
    country: str | None = None
    event_type: str | None = None
    quad: int | None = None
    instrument: str | None = None
    commodity: str | None = None
    hs: str | None = None
    stage: str | None = None
    direction: str | None = None
    modality: str | None = None
    since: str | None = None
    until: str | None = None
    source: str | None = None
    language: str | None = None
    min_sources: int | None = None
    text: str | None = None
    limit: int | None = None


_DATE = "coalesce(e.event_date, e.reported)"
_NAMED = (
    "SELECT id FROM entities WHERE name = {at} COLLATE NOCASE"
    " UNION SELECT entity_id FROM entity_aliases WHERE alias = {at} COLLATE NOCASE"
)
# A country's name stands for everybody who acts for it, as its code does.
_PARTY = (
    "EXISTS (SELECT 1 FROM event_actors p WHERE p.event_id = e.id AND p.side = '{side}' AND (p.country = {at}"
    f" OR p.entity_id = {{at}} OR p.entity_id IN ({_NAMED})"
    f" OR 'country/' || p.country IN ({_NAMED})))"
)
_ARTICLE = (
    "EXISTS (SELECT 1 FROM event_mentions m JOIN articles a ON a.id = m.article_id"
    " WHERE m.event_id = e.id AND {})"
)
_CONDITIONS: dict[str, str] = {
    "actor": _PARTY.format(side="actor", at=":actor"),
    "recipient": _PARTY.format(side="recipient", at=":recipient"),
    "country": "EXISTS (SELECT 1 FROM event_actors p WHERE p.event_id = e.id AND p.country = :country)",
    "event_type": "e.event_type = :event_type",
    "quad": "e.quad = :quad",
    "instrument": "e.instrument = :instrument",
    "commodity": "EXISTS (SELECT 1 FROM event_commodities c WHERE c.event_id = e.id AND c.name = :commodity)",
    "hs": (
        "EXISTS (SELECT 1 FROM event_commodities c, json_each(c.hs) h WHERE c.event_id = e.id"
        " AND h.value LIKE :hs || '%')"
    ),
    "stage": "e.stage = :stage",
    "direction": "e.direction = :direction",
    "modality": "e.modality = :modality",
    "since": "e.day >= :since",
    "until": "substr(e.day, 1, length(:until)) <= :until",
    "source": _ARTICLE.format("a.source_id = :source"),
    "language": _ARTICLE.format("a.language = :language"),
    "min_sources": "e.n_independent_sources >= :min_sources",
    "text": _ARTICLE.format("a.rowid IN (SELECT rowid FROM articles_fts WHERE articles_fts MATCH :text)"),
}


def find_events(db: Database, query: EventQuery) -> Iterator[dict[str, Any]]:
    """The events that match, last reported first, each with its parties, goods, figures and a sentence."""
    where, parameters = _where(query)
    limit = f" LIMIT {int(query.limit)}" if query.limit is not None else ""
    for row in db.query(
        f"SELECT e.*, {_DATE} AS date FROM events e{where} ORDER BY e.reported DESC, e.day DESC, e.id{limit}",
        parameters,
    ):
        yield _complete(db, row)


def find_event(db: Database, event_id: str) -> dict[str, Any]:
    """One event in the form of `find_events`; raises NotFound."""
    row = next(db.query(f"SELECT e.*, {_DATE} AS date FROM events e WHERE e.id = ?", [event_id]), None)
    if row is None:
        raise NotFound(f"there is no event {event_id}. See 'dateline events' for the ids")
    return _complete(db, row)


def count_events(db: Database, query: EventQuery) -> int:
    """How many events match, `limit` aside."""
    where, parameters = _where(query)
    return int(db.execute(f"SELECT count(*) FROM events e{where}", parameters).fetchone()[0])


def why_none(db: Database, query: EventQuery) -> str:
    """Why nothing matches, in words: which single filter stands in the way, or that there are no events."""
    if count_events(db, EventQuery()) == 0:
        articles = db.execute("SELECT count(*) FROM articles").fetchone()[0]
        if not articles:
            return "The database holds no articles yet. Collect some with 'dateline run'."
        return f"No event has been coded yet from {articles} articles. Tag them with 'dateline tag'."
    reasons = []
    for field in _given(query):
        without = count_events(db, dataclasses.replace(query, **{field: None}))
        if without:
            option = field.replace("_", "-").replace("event-type", "type")
            reasons.append(f"{without:,} without --{option} {getattr(query, field)}")
    if reasons:
        return "No event matches all filters; there are " + ", ".join(reasons) + "."
    return "No event matches, even with any one filter left out. See 'dateline events --limit 5' for what there is."


def fts_phrase(text: str) -> str:
    """A user's words as a full-text query that can't be a syntax error: each word quoted, all required."""
    return " ".join('"' + word.replace('"', '""') + '"' for word in text.split())


def _given(query: EventQuery) -> list[str]:
    return [field for field in _CONDITIONS if getattr(query, field) is not None]


def _where(query: EventQuery) -> tuple[str, dict[str, Any]]:
    given = _given(query)
    parameters = {field: getattr(query, field) for field in given}
    if query.text is not None:
        parameters["text"] = fts_phrase(query.text)
    return (" WHERE " + " AND ".join(_CONDITIONS[field] for field in given)) if given else "", parameters


def _complete(db: Database, event: dict[str, Any]) -> dict[str, Any]:
    parties: dict[str, list[dict[str, Any]]] = {"actor": [], "recipient": []}
    for p in db.query("SELECT * FROM event_actors WHERE event_id = ? ORDER BY position", [event["id"]]):
        parties[p["side"]].append(
            {k: p[k] for k in ("name", "text", "entity_id", "country", "sector", "role")}
        )
    goods = [
        {"name": name, "hs": json.loads(hs)}
        for name, hs in db.execute(
            "SELECT name, hs FROM event_commodities WHERE event_id = ? ORDER BY name", [event["id"]]
        )
    ]
    figures = list(
        db.query(
            "SELECT value, unit, role FROM event_quantities WHERE event_id = ? ORDER BY position",
            [event["id"]],
        )
    )
    witness = next(
        db.query(
            "SELECT m.text AS sentence, a.url, a.title, a.published FROM event_mentions m"
            " JOIN articles a ON a.id = m.article_id WHERE m.event_id = ?"
            " ORDER BY a.published, m.article_id, m.start LIMIT 1",
            [event["id"]],
        ),
        {},
    )
    return {**event, **parties, "commodities": goods, "quantities": figures, "witness": witness}


def party_names(parties: list[dict[str, Any]]) -> str:
    """The parties of one side as a reader knows them: "Scott Bessent (USA), He Lifeng (CHN)"."""
    names = []
    for p in parties:
        name = p["name"] or p["text"]
        known = p["country"] not in ("---", "IGO", "EUE") and (p["entity_id"] or "").startswith(
            ("person", "org")
        )
        names.append(f"{name} ({p['country']})" if known else name)
    return ", ".join(dict.fromkeys(names))


def event_line(event: dict[str, Any]) -> dict[str, Any]:
    """An event with lists as readable words, for tables."""
    return {
        **event,
        "actor": party_names(event["actor"]),
        "recipient": party_names(event["recipient"]),
        "commodities": ", ".join(c["name"] for c in event["commodities"]),
        "quantities": ", ".join(f"{q['value']:g} {q['unit']} ({q['role']})" for q in event["quantities"]),
    }
