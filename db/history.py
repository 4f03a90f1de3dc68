"""When events, measures and articles came, changed and went, so that a published data set can be brought up to date.

The store notes what was touched (triggers of `0007_history.sql`). At the end of a merge `record_history` compares
each touched row, and what belongs to it, with what it was: tagging again with the same outcome changes nothing here.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal

import orjson
from sqlite_utils import Database

from db.clock import present
from db.errors import UsageError
from db.store import Store

Kind = Literal["events", "measures", "articles"]
CHUNK = 500
DAY = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
# What belongs to a row, as (table, its column with the row's id). Who made a tag, and when, is not what it says.
_PARTS: dict[Kind, tuple[tuple[str, str], ...]] = {
    "articles": (
        ("articles", "id"),
        ("mentions", "article_id"),
        ("quantities", "article_id"),
        ("dates", "article_id"),
        ("observations", "article_id"),
    ),
    "events": (
        ("events", "id"),
        ("event_actors", "event_id"),
        ("event_commodities", "event_id"),
        ("event_quantities", "event_id"),
        ("event_mentions", "event_id"),
    ),
    "measures": (("measures", "id"), ("measure_stages", "measure_id")),
}
_LEFT_OUT = {
    *("tagger", "rule", "fetched", "warc_file", "warc_offset", "warc_digest", "block", "fingerprint"),
    *("merge_day", "merge_from", "merge_until", "begun"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """From when on changes are asked for; `after` leaves that very moment out."""

    at: str
    after: bool = False

    @property
    def condition(self) -> str:
        """SQL that compares a time with the moment, which is bound as `:at`."""
        return "> :at" if self.after else ">= :at"


def record_history(store: Store) -> int:
    """Compare everything touched since the last time, and note what came, changed or went; returns how many."""
    count = 0
    for kind in _PARTS:
        while ids := [
            row[0] for row in store.db.execute("SELECT id FROM touched WHERE kind = ? LIMIT ?", [kind, CHUNK])
        ]:
            with store.transaction():
                count += _record(store.db, kind, ids)
    return count


def is_recorded(db: Database) -> bool:
    """Whether nothing waits to be compared."""
    return not db.execute("SELECT EXISTS (SELECT 1 FROM touched)").fetchone()[0]


def latest_change(db: Database) -> str:
    """The moment of the last change recorded; "" for none."""
    row = db.execute(
        "SELECT max(max(added, coalesce(changed, ''), coalesce(withdrawn, ''))) FROM history"
    ).fetchone()
    return str(row[0] or "")


def moment_of(db: Database, told: str) -> Moment:
    """The moment that a run's id (its start), a date or a time names; raises UsageError for anything else.

    A time without an offset is UTC.
    """
    started = db.execute("SELECT started FROM runs WHERE id = ?", [told]).fetchone()
    if started is not None:
        return Moment(at=started[0].removesuffix("Z"))
    if DAY.fullmatch(told):
        return Moment(at=told)
    try:
        time = datetime.fromisoformat(told)
    except ValueError as error:
        raise UsageError(
            f"'{told}' is no run of this database, no date and no data set's folder. See 'dateline status --json' for "
            "the runs, or write a date as 2025-10-20"
        ) from error
    utc = time.replace(tzinfo=UTC) if time.tzinfo is None else time.astimezone(UTC)
    return Moment(at=utc.replace(tzinfo=None).isoformat())


def _record(db: Database, kind: Kind, ids: list[str]) -> int:
    asked = json.dumps(ids)
    digests = _digests(db, kind, asked)
    known = {
        row[0]: row[1:]
        for row in db.execute(
            "SELECT id, digest, withdrawn FROM history WHERE kind = ? AND id IN (SELECT value FROM json_each(?))",
            [kind, asked],
        )
    }
    now = present().isoformat(timespec="microseconds").replace("+00:00", "Z")
    told = [_outcome(kind, i, digests.get(i), known.get(i), now) for i in ids]
    for sql, parameters in filter(None, told):
        db.execute(sql, parameters)
    db.execute("DELETE FROM touched WHERE kind = ? AND id IN (SELECT value FROM json_each(?))", [kind, asked])
    return sum(outcome is not None for outcome in told)


def _outcome(
    kind: Kind, identity: str, digest: str | None, known: tuple[str | None, str | None] | None, now: str
) -> tuple[str, list[Any]] | None:
    where = "WHERE kind = ? AND id = ?"
    if digest is None:
        if known is None or known[1] is not None:
            return None
        return f"UPDATE history SET withdrawn = ?, digest = NULL {where}", [now, kind, identity]
    if known is None:
        return "INSERT INTO history VALUES (?, ?, ?, ?, NULL, NULL)", [kind, identity, digest, now]
    before, withdrawn = known
    if withdrawn is not None:
        sql = f"UPDATE history SET digest = ?, added = ?, changed = NULL, withdrawn = NULL {where}"
        return sql, [digest, now, kind, identity]
    if before is None:
        return f"UPDATE history SET digest = ? {where}", [digest, kind, identity]
    if before != digest:
        return f"UPDATE history SET digest = ?, changed = ? {where}", [digest, now, kind, identity]
    return None


def _digests(db: Database, kind: Kind, ids: str) -> dict[str, str]:
    """The digest of each row that is there, by id."""
    sums: dict[str, Any] = {}
    for table, key in _PARTS[kind]:
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})") if row[1] not in _LEFT_OUT]
        names = ", ".join(f'"{column}"' for column in columns)
        for row in db.execute(
            f"SELECT {key}, {names} FROM {_source(kind, table, key, names)}"
            f" WHERE {key} IN (SELECT value FROM json_each(?)) ORDER BY {names}",
            [ids],
        ):
            if row[0] not in sums and table != _PARTS[kind][0][0]:
                continue  # what hangs on a row that is not there
            sums.setdefault(row[0], hashlib.blake2b(digest_size=8)).update(orjson.dumps(row))
    return {identity: digest.hexdigest() for identity, digest in sums.items()}


def _source(kind: Kind, table: str, key: str, names: str) -> str:
    """The table as its readers see it: of events, what reviewers made of them."""
    if kind != "events":
        return table
    return (
        f"(SELECT {names} FROM {table} WHERE {key} NOT IN (SELECT event_id FROM overruled_events)"
        f" UNION ALL SELECT {names} FROM corrected_{table})"
    )
