"""What belongs to events (parties, goods, figures, the first report) as columns, read for thousands of events at once.

One query a table for each batch of events: a subquery for every cell took about twice as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

if TYPE_CHECKING:
    from db.exporting.tables import Field

Row = tuple[Any, ...]
CODED = " AND t.event_id NOT IN (SELECT event_id FROM main.overruled_events)"
"""What keeps the machine's coding of events to those that no reviewer overruled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows that hang on events, and what each gives to which column of its event: joined with `|`, or in a list."""

    rows: str
    order: str
    columns: dict[str, str]
    first: bool = False
    """Only the first row counts."""


def part_of(column: str) -> Part | None:
    """The part that a column of events comes from; None for a column of their own table."""
    return next((part for part in PARTS if column in part.columns), None)


def with_parts(db: Database, rows: list[Row], fields: Sequence[Field], *, corrected: bool) -> list[Row]:
    """Rows that begin with an event's id, with the columns of `fields` (each of a part) put after their own.

    `corrected` events have what reviewers made of them.
    """
    if not rows:
        return rows
    ids = json.dumps([row[0] for row in rows])
    for part, group in groupby(fields, key=attrgetter("part")):
        columns = list(group)
        # Lists are never missing, for a reader of JSON lines; in rows and columns, an empty cell says it.
        nothing = tuple("[]" if field.column.type == "json" else None for field in columns)
        found = dict(_read(db, part, columns, ids, "", CODED if corrected else ""))
        if corrected:
            found |= _read(db, part, columns, ids, "corrected_", "")
        rows = [row + found.get(row[0], nothing) for row in rows]
    return rows


def _read(
    db: Database, part: Part, columns: list[Field], ids: str, prefix: str, condition: str
) -> Iterator[tuple[str, Row]]:
    # Not by the views that stand before these tables: SQLite would read a whole table for every batch.
    expressions = ", ".join(field.expression for field in columns)
    cursor = db.execute(
        f"SELECT t.event_id, {expressions} FROM main.{prefix}{part.rows}"
        f" t.event_id IN (SELECT value FROM json_each(?)){condition} ORDER BY t.event_id, {part.order}",
        [ids],
    )
    in_lists = columns[0].column.type == "json"
    for event_id, group in groupby(cursor, key=itemgetter(0)):
        rows = list(islice(group, 1 if part.first else None))
        if in_lists:
            yield event_id, tuple(f"[{','.join(values)}]" for values in zip(*rows, strict=True))[1:]
        else:
            yield event_id, rows[0][1:] if len(rows) == 1 else _joined(rows)


def _joined(rows: list[Row]) -> Row:
    columns = ([value for value in values if value is not None] for values in zip(*rows, strict=True))
    return tuple("|".join(values) if values else None for values in columns)[1:]


def _side(side: str) -> Part:
    keys = ("name", "text", "entity_id", "country", "sector", "role")
    pairs = ", ".join(f"'{key}', t.{key}" for key in keys)
    return Part(
        rows=f"event_actors t WHERE t.side = '{side}' AND",
        order="t.position",
        columns={
            **{f"{side}_{c}": f"coalesce(t.{c}, '')" for c in ("name", "country", "entity_id", "role")},
            side: f"json_object({pairs})",
        },
    )


PARTS = (
    _side("actor"),
    _side("recipient"),
    Part(
        rows="event_commodities t WHERE",
        order="t.name",
        columns={
            "commodities": "t.name",
            "hs": "(SELECT group_concat(h.value, '|') FROM json_each(t.hs) h)",
            "commodities_list": "json_object('name', t.name, 'hs', json(t.hs))",
        },
    ),
    Part(
        rows="event_quantities t WHERE",
        order="t.position",
        columns={
            "quantities": "printf('%.15g %s %s', t.value, t.unit, t.role)",
            "quantities_list": "json_object('value', t.value, 'unit', t.unit, 'role', t.role)",
        },
    ),
    Part(
        rows="event_mentions t CROSS JOIN articles a ON a.id = t.article_id WHERE",
        order="a.published, t.article_id, t.start",
        columns={"sentence": "t.text", "url": "a.url"},
        first=True,
    ),
)
