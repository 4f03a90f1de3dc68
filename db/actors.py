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
            "SELECT a.entity_id, a.n_events, e.name, e.kind, e.country FROM actor_months a INDEXED BY actor_months_top"
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
    db: Database,
    name: str,
    *,
    since: str | None = None,
    until: str | None = None,
    limit: int | None = None,
    raw: bool = False,
) -> list[dict[str, Any]]:
    """With whom an actor (name, alias, id or country code) takes part in events, most often first.

    `as_actor` counts the events in which the other acts, `as_recipient` those in which it is acted on. Reviewers'
    corrections count, unless `raw`.
    """
    ids, _ = named_parties(db, name)
    if len(name) == 3 and name.isupper():
        ids.append(f"country/{name}")
    among = ", ".join("?" * len(ids))
    ids = [row[0] for row in db.execute(f"SELECT id FROM entities WHERE id IN ({among})", ids)]
    if not ids:
        return []
    reviewed = not raw and db.execute("SELECT EXISTS (SELECT 1 FROM overruled_events)").fetchone()[0]
    partners = _partners(db, "event_actors", ids, since, until, limit=None if reviewed else limit)
    if reviewed:
        overruled = "AND p.event_id IN (SELECT event_id FROM overruled_events)"
        _add(partners, _partners(db, "event_actors", ids, since, until, overruled), -1)
        _add(partners, _partners(db, "corrected_event_actors", ids, since, until), 1)
    best = sorted(
        ((entity_id, counts) for entity_id, counts in partners.items() if counts[0] > 0),
        key=lambda partner: (-partner[1][0], partner[0]),
    )
    return [
        {**_entity(db, entity_id), "events": n, "as_actor": acts, "as_recipient": receives}
        for entity_id, (n, acts, receives) in best[:limit]
    ]


Partners = dict[str, tuple[int, int, int]]
"""By entity: the events shared, those in which it acts, those in which it is acted on."""


def _partners(
    db: Database,
    table: str,
    ids: list[str],
    since: str | None,
    until: str | None,
    only: str = "",
    limit: int | None = None,
) -> Partners:
    most = -1 if limit is None else limit
    if len(ids) == 1 and table == "event_actors" and not (since or until or only):
        # Kept by triggers: the busiest of actors is answered as fast as any.
        kept = (
            "SELECT other_id, n_events, as_actor, as_recipient FROM actor_pairs WHERE entity_id = ?"
            " ORDER BY n_events DESC, other_id LIMIT ?"
        )
        return {other: (n, acts, receives) for other, n, acts, receives in db.execute(kept, [*ids, most])}
    among = ", ".join("?" * len(ids))
    days = "".join(f" AND p.day {sign} ?" for sign, day in ((">=", since), ("<=", until)) if day)
    by = "INDEXED BY event_actors_entity" if table == "event_actors" else ""
    rows = db.execute(
        "SELECT o.entity_id, count(DISTINCT o.event_id), count(DISTINCT CASE o.side WHEN 'actor' THEN o.event_id END),"
        " count(DISTINCT CASE o.side WHEN 'recipient' THEN o.event_id END)"
        f" FROM {table} p {by} CROSS JOIN {table} o ON o.event_id = p.event_id"
        f" WHERE p.entity_id IN ({among}) AND p.side IN ('actor', 'recipient'){days} {only}"
        f" AND o.entity_id IS NOT NULL AND o.entity_id NOT IN ({among}) GROUP BY 1"
        " ORDER BY 2 DESC, 1 LIMIT ?",
        [*ids, *(day for day in (since, until) if day), *ids, most],
    )
    return {other: (n, acts, receives) for other, n, acts, receives in rows}


def _add(partners: Partners, others: Partners, sign: int) -> None:
    for other, counts in others.items():
        before = partners.get(other, (0, 0, 0))
        partners[other] = (
            before[0] + sign * counts[0],
            before[1] + sign * counts[1],
            before[2] + sign * counts[2],
        )


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
            "SELECT p.event_id, p.entity_id, p.day FROM overruled_events o CROSS JOIN event_actors p"
            " ON p.event_id = o.event_id",
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
