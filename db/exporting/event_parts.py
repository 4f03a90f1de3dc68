"""What belongs to events (parties, goods, figures, the first report) as columns, read beside the events themselves.

Each part is one query over the whole choice in order of event, read in step with the events: asking for the parts of
some thousand events at a time took twice as long, and a subquery for every cell four times.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING, Any

from sqlite_utils import Database

if TYPE_CHECKING:
    from db.exporting.tables import Field

Row = tuple[Any, ...]
FETCHED = 2_000
MONTH = "substr(coalesce({}.day, 'undated'), 1, 7)"
"""The month of an event, always of seven characters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Rows that hang on events, and what each gives to which column of its event: joined with `|`, or in a list."""

    rows: str
    order: str
    columns: dict[str, str]
    first: bool = False
    """Only the first row counts."""

    def select(self, fields: Sequence[Field], *, chosen: bool, month: bool) -> str:
        """The query of its rows in the order in which events are read: by id or, with `month`, by month and id.

        The first column is that order's key. The plus signs have SQLite read the table as it lies and sort what it
        read: going through an index, it would fetch a page for every row.
        """
        key, months = "+t.event_id", ""
        if month:
            key, months = f"{MONTH.format('e')} || t.event_id", " JOIN events e ON e.id = t.event_id"
        columns = ", ".join([f"{key} AS key", *(field.expression for field in fields)])
        which = "t.event_id IN (SELECT id FROM temp.chosen)" if chosen else "+t.event_id IS NOT NULL"
        rows, _, condition = self.rows.partition(" WHERE ")
        where = f"{condition} AND {which}" if condition else which
        return f"SELECT {columns} FROM {rows}{months} WHERE {where} ORDER BY key, {self.order}"


def part_of(column: str) -> Part | None:
    """The part that a column of events comes from; None for a column of their own table."""
    return next((part for part in PARTS if column in part.columns), None)


def with_parts(
    db: Database, batches: Iterable[list[Row]], fields: Sequence[Field], *, chosen: bool, month: bool = False
) -> Iterator[list[Row]]:
    """Rows of events in order of id, with the columns of `fields` (each of a part) put after their own.

    The id is the first value of a row. With `month`, the last one is the month, which stays the last, and rows are
    in order of month and id. `chosen` keeps to the temporary table of ids.
    """
    streams = [
        _Stream(db, part, list(group), chosen=chosen, month=month)
        for part, group in groupby(fields, key=attrgetter("part"))
    ]
    for rows in batches:
        keys = [row[-1] + row[0] for row in rows] if month else [row[0] for row in rows]
        pieces = [stream.of(keys) for stream in streams]
        heads, tails = (
            ([row[:-1] for row in rows], [row[-1:] for row in rows]) if month else (rows, [()] * len(rows))
        )
        yield [tuple(chain.from_iterable(values)) for values in zip(heads, *pieces, tails, strict=True)]


class _Stream:
    """The columns of one part, asked for in order of event."""

    def __init__(self, db: Database, part: Part, fields: list[Field], *, chosen: bool, month: bool) -> None:
        self._cursor = db.execute(part.select(fields, chosen=chosen, month=month))
        self._first, self._in_lists = part.first, fields[0].column.type == "json"
        # Lists are never missing, for a reader of JSON lines; in rows and columns, an empty cell says it.
        self._nothing = tuple("[]" if field.column.type == "json" else None for field in fields)
        self._ahead: list[Row] = []

    def of(self, keys: list[str]) -> list[Row]:
        """What this part gives to each of the next events."""
        found = self._merged(self._until(keys[-1]))
        return [found.get(key, self._nothing) for key in keys]

    def _until(self, last: str) -> list[Row]:
        rows = self._ahead
        while (not rows or rows[-1][0] <= last) and (more := self._cursor.fetchmany(FETCHED)):
            rows += more
        place = bisect_right(rows, last, key=itemgetter(0))
        self._ahead = rows[place:]
        return rows[:place]

    def _merged(self, rows: list[Row]) -> dict[str, Row]:
        if self._first:
            return {row[0]: row[1:] for row in reversed(rows)}
        found = {row[0]: row[1:] for row in rows}
        if self._in_lists:
            for key, group in groupby(rows, key=itemgetter(0)):
                found[key] = tuple(f"[{','.join(values)}]" for values in zip(*group, strict=True))[1:]
        elif len(found) < len(rows):
            for key, group in groupby(rows, key=itemgetter(0)):
                found[key] = _joined(list(group))
        return found


def _joined(rows: list[Row]) -> Row:
    if len(rows) == 1:
        return rows[0][1:]
    columns = ([value for value in values if value is not None] for values in zip(*rows, strict=True))
    return tuple("|".join(values) if values else None for values in columns)[1:]


def _side(side: str) -> Part:
    keys = ("name", "text", "entity_id", "country", "sector", "role")
    pairs = ", ".join(f"'{key}', t.{key}" for key in keys)
    return Part(
        rows=f"event_actors t WHERE t.side = '{side}'",
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
        rows="event_commodities t",
        order="t.name",
        columns={
            "commodities": "t.name",
            "hs": "(SELECT group_concat(h.value, '|') FROM json_each(t.hs) h)",
            "commodities_list": "json_object('name', t.name, 'hs', json(t.hs))",
        },
    ),
    Part(
        rows="event_quantities t",
        order="t.position",
        columns={
            "quantities": "printf('%.15g %s %s', t.value, t.unit, t.role)",
            "quantities_list": "json_object('value', t.value, 'unit', t.unit, 'role', t.role)",
        },
    ),
    Part(
        rows="event_mentions t CROSS JOIN articles a ON a.id = t.article_id",
        order="a.published, t.article_id, t.start",
        columns={"sentence": "t.text", "url": "a.url"},
        first=True,
    ),
)
