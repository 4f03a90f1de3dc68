"""Tells in words how one data set differs from an earlier one."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from db.errors import UsageError
from db.exporting.papers import Facts
from db.exporting.reading import DataSet, check_files, open_data_set
from db.exporting.tables import load_tables

COMPARED = {"events": "event", "measures": "measure", "articles": "article", "observations": "observation"}
"""The tables told of, with the word for one row."""
_WHEN = {"events": "day", "measures": "stage_date", "articles": "published", "observations": "period"}
"""The column by which the rows of a table are told of in order."""
_LONG = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What became of one row: `words` says which it is and, when it changed, what of it."""

    table: str
    change: str
    id: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two data sets opened for comparison; `differences` streams."""

    old: DataSet
    new: DataSet

    def settings(self) -> Iterator[str]:
        """How the two were made differently, one sentence each."""
        pairs: dict[str, Callable[[Facts], str]] = {
            "query": lambda f: ", ".join(f"{k} = {v}" for k, v in f.filters.items()) or "everything",
            "program": lambda f: f.program,
            "taggers": lambda f: ", ".join(f.taggers) or "none",
            "texts": lambda f: "with texts" if f.texts else "without texts",
            "licence": lambda f: f.licence,
            "youngest article": lambda f: f.as_of or "none",
        }
        old, new = self.old.facts, self.new.facts
        if old.content_hash == new.content_hash:
            yield "Both were made of a store with the same content."
        for name, say in pairs.items():
            if say(old) != say(new):
                yield f"The {name} differ{'' if name in ('texts', 'taggers') else 's'}: {say(old)}, then {say(new)}."

    def differences(self) -> Iterator[Difference]:
        """Every row that came, changed or went, table by table in order of date, then of id; memory stays flat."""
        with tempfile.TemporaryDirectory() as folder:
            notes = sqlite3.connect(Path(folder) / "notes.db")
            for side, data_set in (("old", self.old), ("new", self.new)):
                notes.execute(
                    f"CREATE TABLE {side} (place INT, id TEXT, at TEXT, row TEXT, PRIMARY KEY (place, id))"
                    " WITHOUT ROWID"
                )
                for place, (table, when) in enumerate(_WHEN.items()):
                    rows = (
                        (place, row["id"], row.get(when), orjson.dumps(row)) for row in data_set.rows(table)
                    )
                    notes.executemany(f"INSERT INTO {side} VALUES (?, ?, ?, ?)", rows)
            found = notes.execute(
                "SELECT place, coalesce(new.at, old.at), id, old.row, new.row"
                " FROM old LEFT JOIN new USING (place, id) WHERE old.row IS NOT new.row UNION ALL"
                " SELECT place, at, id, NULL, row FROM new WHERE (place, id) NOT IN (SELECT place, id FROM old)"
                " ORDER BY 1, 2, 3"
            )
            shared = {table: self._shared(table) for table in COMPARED}
            for place, _, identity, before, after in found:
                table = list(COMPARED)[place]
                told = _difference(
                    table,
                    identity,
                    orjson.loads(before or "null"),
                    orjson.loads(after or "null"),
                    shared[table],
                )
                if told is not None:
                    yield told
            notes.close()

    def _shared(self, table: str) -> list[str]:
        """The columns that both sides have and that say something of the world."""
        sides = [{f.name for f in s.fields(table, s.facts.format.name)} for s in (self.old, self.new)]
        clock = {"fetched", "warc_file", "warc_offset", "warc_digest", "tagger", "rule"}
        return [name for name in load_tables()[table].columns if name in sides[0] & sides[1] - clock]


def compare(old: Path, new: Path) -> Comparison:
    """Open two data sets of ours; raises what `open_data_set` and `check_files` raise, and UsageError for one that

    holds only changes: what it does not hold may still be there.
    """
    sides = open_data_set(old), open_data_set(new)
    for side in sides:
        if side.facts.since is not None:
            raise UsageError(
                f"{side.folder} holds only what changed since {side.facts.since}; compare two whole data sets"
            )
        check_files(side)
    return Comparison(old=sides[0], new=sides[1])


def _difference(
    table: str, identity: str, before: dict[str, Any] | None, after: dict[str, Any] | None, shared: list[str]
) -> Difference | None:
    row = after or before or {}
    if before and after:
        changed = [c for c in shared if _plain(before.get(c)) != _plain(after.get(c))]
        if not changed:
            return None
        told = "; ".join(f"{c} was {_plain(before.get(c))}, is {_plain(after.get(c))}" for c in changed[:4])
        more = f"; and {len(changed) - 4} more columns" if len(changed) > 4 else ""
        return Difference(
            table=table, change="changed", id=identity, words=f"{_name(table, row)}: {told}{more}"
        )
    change = "added" if after else "withdrawn"
    return Difference(table=table, change=change, id=identity, words=_name(table, row))


def _name(table: str, row: dict[str, Any]) -> str:
    """One row as a person would name it."""
    words: tuple[Any, ...]
    if table == "events":
        parties = row.get("actor_name") or ", ".join(p["name"] or p["text"] for p in row.get("actor", []))
        goods = row.get("commodities")
        if isinstance(goods, list):
            goods = "|".join(good["name"] for good in goods)
        words = (row["date"], parties, row["event_type"], row["instrument"], goods, row["stage"])
    elif table == "measures":
        words = (row["title"], row["stage"], row["stage_date"])
    elif table == "articles":
        words = (row["published"], row.get("title") or row["url"])
    else:
        words = (row["period"], row["indicator"], row["country"], row["commodity"], row["value"], row["unit"])
    return " ".join(_plain(word) for word in words if word not in (None, ""))


def _plain(value: Any) -> str:
    if value in (None, ""):
        return "empty"
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    text = " ".join(text.split())
    return text if len(text) <= _LONG else text[: _LONG - 1] + "…"
