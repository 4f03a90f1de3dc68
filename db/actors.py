"""Questions about who acts: the most active month by month, how often each acts, and with whom."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any, Literal

from sqlite_utils import Database

from db.query_plan import named_parties

Side = Literal["actor", "recipient"]


def top_by_month(
    db: Database,
    *,
    side: Side = "actor",
    each: int = 10,
    since: str | None = None,
    until: str | None = None,
    raw: bool = False,
) -> Iterator[dict[str, Any]]:
    """The entities in most events of each month, `each` for every month from `since` to `until`, latest first.

    Read from counts that are kept with every event, so that the cost is that of the answer, not of the events.
    """
    corrections = {} if raw else _corrections(db, side)
    for month in _months(db, side, since, until):
        changed = corrections.get(month, Counter())
        rows = db.conn.execute(
            "SELECT a.entity_id, a.n_events, e.name, e.kind, e.country FROM actor_months a"
            " LEFT JOIN entities e ON e.id = a.entity_id WHERE a.side = ? AND a.month = ?"
            " ORDER BY a.n_events DESC, a.entity_id LIMIT ?",
            [side, month, each + len(changed)],
        ).fetchall()
        counts = Counter({row[0]: row[1] for row in rows})
        known = {
            row[0]: {"id": row[0], "name": row[2], "kind": row[3], "country": row[4]}
            for row in rows
            if row[2]
        }
        for entity_id in changed.keys() - counts.keys():
            counts[entity_id] = _count(db, side, month, entity_id)
        counts.update(changed)
        best = sorted(
            ((n, entity_id) for entity_id, n in counts.items() if n > 0), key=lambda b: (-b[0], b[1])
        )
        for number, entity_id in best[:each]:
            yield {"month": month, **(known.get(entity_id) or _entity(db, entity_id)), "events": number}


def event_counts(db: Database, *, raw: bool = False) -> dict[Side, Counter[str]]:
    """In how many events each entity acts, and in how many it is acted on."""
    counts: dict[Side, Counter[str]] = {"actor": Counter(), "recipient": Counter()}
    for side, counted in counts.items():
        rows = db.execute(
            "SELECT entity_id, sum(n_events) FROM actor_months WHERE side = ? GROUP BY entity_id", [side]
        )
        counted.update(dict(rows.fetchall()))
        if not raw:
            for changed in _corrections(db, side).values():
                counted.update(changed)
    return counts


def network(
    db: Database, name: str, *, since: str | None = None, until: str | None = None, limit: int | None = None
) -> list[dict[str, Any]]:
    """With whom an actor (name, alias, id or country code) takes part in events, most often first.

    `as_actor` counts the events in which the other acts, `as_recipient` those in which it is acted on.
    """
    ids, _ = named_parties(db, name)
    if len(name) == 3 and name.isupper():
        ids.append(f"country/{name}")
    among = ", ".join("?" * len(ids))
    days = "".join(f" AND p.day {sign} ?" for sign, day in ((">=", since), ("<=", until)) if day)
    rows = db.execute(
        "SELECT o.entity_id, count(DISTINCT o.event_id), count(DISTINCT CASE o.side WHEN 'actor' THEN o.event_id END),"
        " count(DISTINCT CASE o.side WHEN 'recipient' THEN o.event_id END)"
        " FROM event_actors p INDEXED BY event_actors_entity CROSS JOIN event_actors o ON o.event_id = p.event_id"
        f" WHERE p.entity_id IN ({among}) AND p.side IN ('actor', 'recipient'){days}"
        f" AND o.entity_id IS NOT NULL AND o.entity_id NOT IN ({among})"
        " GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ?",
        [*ids, *(day for day in (since, until) if day), *ids, -1 if limit is None else limit],
    )
    return [
        {**_entity(db, entity_id), "events": n, "as_actor": acts, "as_recipient": receives}
        for entity_id, n, acts, receives in rows.fetchall()
    ]


def _months(db: Database, side: Side, since: str | None, until: str | None) -> Iterator[str]:
    """The months that hold events, latest first; one look into the index for each."""
    before = f"{until[:7]}~" if until else "~"
    while True:
        row = db.execute(
            "SELECT max(month) FROM actor_months WHERE side = ? AND month < ?", [side, before]
        ).fetchone()
        if not row[0] or (since and row[0] < since[:7]):
            return
        before = row[0]
        yield before


def _corrections(db: Database, side: Side) -> dict[str, Counter[str]]:
    """By month, how reviewers' corrections change the count of each entity."""
    changes: dict[str, Counter[str]] = {}
    for sign, sql in (
        (
            -1,
            "SELECT p.event_id, p.entity_id, p.day FROM overruled_events o JOIN event_actors p USING (event_id)",
        ),
        (1, "SELECT p.event_id, p.entity_id, p.day FROM corrected_event_actors p"),
    ):
        rows = db.execute(
            f"SELECT DISTINCT * FROM ({sql} WHERE p.side = ? AND p.entity_id IS NOT NULL)", [side]
        )
        for _, entity_id, day in rows:
            changes.setdefault((day or "")[:7], Counter())[entity_id] += sign
    return changes


def _count(db: Database, side: Side, month: str, entity_id: str) -> int:
    row = db.execute(
        "SELECT n_events FROM actor_months WHERE side = ? AND month = ? AND entity_id = ?",
        [side, month, entity_id],
    ).fetchone()
    return int(row[0]) if row else 0


def _entity(db: Database, entity_id: str) -> dict[str, Any]:
    row = db.execute("SELECT name, kind, country FROM entities WHERE id = ?", [entity_id]).fetchone()
    name, kind, country = row or (entity_id, None, None)
    return {"id": entity_id, "name": name, "kind": kind, "country": country}
