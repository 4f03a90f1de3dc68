"""One question about events, asked the same way by the command line, the web view, exports and saved searches.

    query = make_query({"country": "CHN", "commodity": "rare_earths", "since": "2025-10"})
    for event in find_events(db, query): ...

`EventQuery` is the record; `make_query` makes one from words (a URL, a saved search, a command line) and refuses
what no event can have; `as_filters` gives the words back. `find_events` streams whole events, `event_ids` their
ids alone, `count_events` counts; `db.empty_answers.why_none` says why there are none.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

from sqlite_utils import Database

from db.errors import NotFound, UsageError
from db.event_rows import read_events
from db.model import Direction, Modality
from db.query_plan import CORRECTED, plan_query

if TYPE_CHECKING:
    from db.codebook import Codebook

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
CHUNK = 200
DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuery:
    """Filters that combine with AND; None leaves a filter out.

    `actor` and `recipient` match an entity id, a name or any collected alias of the people or organisations on
    that side, or a country code; `country` matches either side. `role` is the role of the same party that
    `actor`, `recipient` or `country` names, or of any party. `hs` is a prefix of a heading. `since` and `until`
    are ISO dates as coarse as one likes, both included, compared with the day of the event or else of its first
    report. `min_sources` counts independent publishers. `text` holds words that a reporting article must hold.

    What reviewers corrected wins over what the machine coded, unless `raw`. Answers are complete unless `limit`.
    """

    actor: str | None = None
    recipient: str | None = None
    country: str | None = None
    role: str | None = None
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
    raw: bool = False
    limit: int | None = None


FILTERS = tuple(f.name for f in dataclasses.fields(EventQuery) if f.name not in ("raw", "limit"))
_NUMBERS = {"quad": (0, 4), "min_sources": (1, None), "limit": (1, None)}
_CLOSED: dict[str, Callable[[Codebook], tuple[str, ...]]] = {
    "event_type": lambda codebook: tuple(codebook.types),
    "instrument": lambda codebook: tuple(codebook.instruments),
    "stage": lambda codebook: tuple(codebook.stages),
    "modality": lambda _: get_args(Modality),
    "direction": lambda _: get_args(Direction),
}


def make_query(filters: Mapping[str, Any]) -> EventQuery:
    """The query of these filters, by field name; None and "" leave a filter out, numbers may be text.

    Raises UsageError, naming filter and remedy, for a filter that does not exist or a value that no event can have.
    """
    values: dict[str, Any] = {}
    for name, value in filters.items():
        if name not in EventQuery.__slots__:
            raise UsageError(f"there is no filter '{name}'. One of: {', '.join(EventQuery.__slots__)}")
        if value is None or value == "":
            continue
        values[name] = _checked(name, value)
    return EventQuery(**values)


def as_filters(query: EventQuery) -> dict[str, str | int | bool]:
    """The filters that are set, by field name: what `make_query` reads, ready for JSON or a URL."""
    values = dataclasses.asdict(query)
    return {name: value for name, value in values.items() if value is not None and value is not False}


def find_events(db: Database, query: EventQuery) -> Iterator[dict[str, Any]]:
    """The events that match, last reported first, each with its parties, goods, figures and a sentence.

    All of them, unless `query.limit`; rows stream, so that memory stays flat.
    """
    plan = plan_query(db, query)
    cursor = db.execute(plan.ids_in_order(), plan.parameters)
    while chunk := cursor.fetchmany(CHUNK):
        yield from read_events(db, chunk)


def event_ids(db: Database, query: EventQuery) -> Iterator[str]:
    """The ids of the events that match, in the order of `find_events`."""
    plan = plan_query(db, query)
    for event_id, _ in db.execute(plan.ids_in_order(), plan.parameters):
        yield event_id


def find_event(db: Database, event_id: str, *, raw: bool = False) -> dict[str, Any]:
    """One event in the form of `find_events`, as corrected unless `raw`; raises NotFound.

    An event that reviewers rejected is given as the machine coded it.
    """
    corrected = [] if raw else list(read_events(db, [(event_id, CORRECTED)]))
    found = next(iter(corrected), None) or next(read_events(db, [(event_id, "")]), None)
    if found is None:
        raise NotFound(f"there is no event {event_id}. See 'dateline events' for the ids")
    return found


def count_events(db: Database, query: EventQuery) -> int:
    """How many events match, `limit` aside."""
    plan = plan_query(db, dataclasses.replace(query, limit=None))
    return int(db.execute(f"SELECT count(*) FROM ({plan.matches()})", plan.parameters).fetchone()[0])


def _checked(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        return _number(name, value)
    if name == "raw":
        return value not in (False, 0, "0", "false", "no")
    text = str(value).strip()
    if name in _CLOSED:
        _require_known(name, text)
    if name in ("since", "until") and not DATE.fullmatch(text):
        raise UsageError(f"{name}: '{text}' is no date; write it as 2025-10-20, 2025-10 or 2025")
    if name == "hs":
        text = text.replace(".", "").replace(" ", "")
        if not text.isdigit():
            raise UsageError(f"hs: '{value}' is no HS heading; write its digits or their beginning: 2846, 28")
    if name in ("actor", "recipient", "country") and len(text) == 3 and text.isascii() and text.islower():
        return text.upper()
    return text


def _number(name: str, value: Any) -> int:
    least, most = _NUMBERS[name]
    try:
        number = int(value)
    except (TypeError, ValueError) as error:
        raise UsageError(f"{name}: '{value}' is no whole number") from error
    if (least is not None and number < least) or (most is not None and number > most):
        upper = f" to {most}" if most is not None else " or more"
        raise UsageError(f"{name}: {number} is out of range; {least}{upper}")
    return number


def _require_known(name: str, value: str) -> None:
    from db.codebook import load_codebook

    known = _CLOSED[name](load_codebook())
    if value not in known:
        word = "type" if name == "event_type" else name
        raise UsageError(f"{word}: there is no '{value}'. One of: {', '.join(known)}")
