"""When two reports tell of one happening: pure rules over codings, with their figures in `merging.yml`.

A coding is an event as `dateline tag` prints it. Sources of the idea: blocking and linking as in record
linkage (Christen, Data Matching, 2012); the windows are our own first figures, to be measured.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from db.days import first_day, last_day
from db.errors import DataFileError
from db.model import INTERNATIONAL, UNKNOWN_COUNTRY

MERGING_FILE = Path(__file__).parent / "merging.yml"
Coding = dict[str, Any]


class Family(BaseModel):
    """Instruments that can be names of one measure; `general` is the word that leaves the kind open."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    general: str | None
    members: tuple[str, ...]


class Merging(BaseModel):
    """The figures and lists of `merging.yml`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    window_days: dict[str, int]
    longest_days: int
    vague_days: int
    two_sided: frozenset[str]
    measure_types: frozenset[str]
    measure_modes: frozenset[str]
    foreign_modes: frozenset[str]
    loose_modes: frozenset[str]
    families: dict[str, Family]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One event mention as the merge sees it."""

    id: str
    article_id: str
    publisher: str
    published: str
    """ISO date of publication; "" when unknown."""
    start: int
    coding: Coding

    @property
    def day(self) -> str:
        """The day of the event where the words say it to the day, else of publication."""
        return report_day(self.coding, self.published)

    @property
    def order(self) -> tuple[str, str, int, str]:
        """Where it comes among the reports of its block."""
        return self.day, self.article_id, self.start, self.id

    @property
    def period(self) -> tuple[date, date] | None:
        """The first and last day of the week, month, quarter or half in which the words put the event."""
        return report_period(self.coding)


def report_day(coding: Coding, published: str) -> str:
    """The day of the event where the words say it to the day, else that of publication (ISO; "" when unknown)."""
    said = coding.get("event_date") or ""
    return said if len(said) == 10 and first_day(said) else published[:10]


def report_period(coding: Coding) -> tuple[date, date] | None:
    """The days of the period that the words name; None for a day, a year or nothing."""
    said = coding.get("event_date") or ""
    begins, ends = first_day(said), last_day(said)
    if not 4 < len(said) < 10 or begins is None or ends is None:
        return None
    return begins, ends


def in_period(report: Report, other: Report) -> bool:
    """Whether a report lies in the period that the other one names: "the ban announced in March" is that of March 3."""
    day, period = first_day(report.day), other.period
    return day is not None and period is not None and period[0] <= day <= period[1]


def window_days(event_type: str) -> int:
    """How many days apart two reports of one event of this type can lie."""
    windows = load_merging().window_days
    return windows.get(event_type, windows["default"])


@cache
def load_merging(path: Path = MERGING_FILE) -> Merging:
    """Read and check `merging.yml`; raises DataFileError naming file and key."""
    try:
        return Merging.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        wrong = error.errors()[0]
        raise DataFileError(path, ".".join(map(str, wrong["loc"])), wrong["msg"]) from error


def block_of(coding: Coding, article_id: str) -> str:
    """The key that two reports of one event must share: type, content, modality, and who acts.

    A report without a known actor can only be the same event as another of its own article.
    """
    parties = party_keys(coding)
    who = ",".join(sorted(parties)) if parties else f"?{article_id}"
    return "|".join((coding["event_type"], coding.get("content_type") or "", coding["modality"], who))


def canonical_block(block: str) -> str:
    """The name under which a block is merged: what is told as done and what is told as decided go together."""
    return block.replace("|future|", "|actual|")


def blocks_merged_as(block: str) -> tuple[str, str]:
    """The stored blocks that are merged under this name."""
    return block, block.replace("|actual|", "|future|")


def party_keys(coding: Coding) -> frozenset[str]:
    """Who acts, as countries; organisations without a country by their id. Both sides of a two-sided act."""
    keys = side_keys(coding["actor"])
    if coding["event_type"] in load_merging().two_sided:
        keys |= side_keys(coding["recipient"])
    return keys


def side_keys(participants: list[dict[str, Any]]) -> frozenset[str]:
    """The countries of one side; an international organisation counts by its id."""
    keys = set()
    for p in participants:
        country = p.get("country") or UNKNOWN_COUNTRY
        if country == INTERNATIONAL and p.get("entity_id"):
            keys.add(p["entity_id"])
        elif country != UNKNOWN_COUNTRY:
            keys.add(country)
    return frozenset(keys)


def same_event(a: Report, b: Report) -> bool:
    """Whether two reports of one block are of one happening: nothing contradicts and something ties them."""
    if a.article_id == b.article_id:
        return bool(a.coding["event_id"] == b.coding["event_id"])
    x, y = a.coding, b.coding
    if _contradict(x, y) or not within(a, b):
        return False
    return _tied(x, y)


def may_be_retold(a: Report, b: Report) -> bool:
    """Whether two codings of one text or its copies can be of one happening: nothing speaks against it.

    For a text that was tagged again, where `same_event` would ask for the same local ids.
    """
    return not _contradict(a.coding, b.coding) and within(a, b)


def why_same(a: Report, b: Report) -> str:
    """In words, what ties two reports of one event together."""
    x, y = a.coding, b.coding
    ties = [f"{x['event_type']} by {', '.join(sorted(party_keys(x) & party_keys(y))) or 'nobody named'}"]
    if x.get("instrument") and y.get("instrument"):
        ties.append(f"instrument {x['instrument']}")
    ties += [f"goods {name}" for name in sorted(commodity_names(x) & commodity_names(y))]
    ties += [f"aimed at {key}" for key in sorted(side_keys(x["recipient"]) & side_keys(y["recipient"]))]
    first, second = first_day(a.day), first_day(b.day)
    if first and second:
        days = abs((first - second).days)
        ties.append("on one day" if days == 0 else f"{days} day{'s' if days > 1 else ''} apart")
    return "; ".join(ties)


def within(a: Report, b: Report) -> bool:
    """Whether two reports lie close enough in time for their type; said days must agree to a day."""
    first, second = first_day(a.day), first_day(b.day)
    if first is None or second is None:
        return False
    if in_period(a, b) or in_period(b, a):
        return True
    said = [r.coding.get("event_date") or "" for r in (a, b)]
    days = 1 if all(len(s) == 10 for s in said) else window_days(a.coding["event_type"])
    return abs(first - second) <= timedelta(days=days)


@cache
def same_instrument(a: str | None, b: str | None) -> bool:
    """Equal, or one unknown, or one of them the general word of the other's family."""
    if a is None or b is None or a == b:
        return True
    family = family_of(a)
    general = load_merging().families[family].general if family in load_merging().families else None
    return family == family_of(b) and general in (a, b)


@cache
def family_of(instrument: str) -> str:
    """The family of an instrument; an instrument without one is its own."""
    return next((n for n, f in load_merging().families.items() if instrument in f.members), instrument)


def members_of(family: str) -> list[str]:
    """The instruments of a family."""
    known = load_merging().families.get(family)
    return list(known.members) if known else [family]


def commodity_names(coding: Coding) -> frozenset[str]:
    """The names of the goods that a coding is about."""
    return frozenset(c["name"] for c in coding["commodities"])


def _contradict(x: Coding, y: Coding) -> bool:
    if not same_instrument(x.get("instrument"), y.get("instrument")):
        return True
    keys = ("direction",) if x["event_type"] in load_merging().loose_modes else ("mode", "direction")
    if any(x.get(key) and y.get(key) and x[key] != y[key] for key in keys):
        return True
    if _other_stage(x, y) or _other_version(x, y):
        return True
    if _disjoint(commodity_names(x), commodity_names(y)):
        return True
    if x["event_type"] not in load_merging().two_sided and _disjoint(
        side_keys(x["recipient"]), side_keys(y["recipient"])
    ):
        return True
    return _other_people(x, y)


def _other_stage(x: Coding, y: Coding) -> bool:
    """Whether the two tell different steps of a measure; "approved" and "imposes" of one day tell the same."""
    told = {x.get("stage"), y.get("stage")} - {None}
    if len(told) < 2:
        return False
    coming = x if x.get("stage") == "announced" else y
    decided = told == {"announced", "in_force"} and x["modality"] != y["modality"]
    return not decided or coming.get("effective_date") is not None


def _other_version(x: Coding, y: Coding) -> bool:
    """Whether both name a rate, or a day of effect, and not the same: a new version of the measure."""
    if _rates(x) and _rates(y) and not _rates(x) & _rates(y):
        return True
    days = [first_day(z.get("effective_date")) for z in (x, y) if len(z.get("effective_date") or "") == 10]
    return (
        len(days) == 2
        and None not in days
        and x["modality"] == y["modality"] == "future"
        and days[0] != days[1]
    )


def _rates(coding: Coding) -> frozenset[float]:
    return frozenset(q["value"] for q in coding["quantities"] if q.get("role") == "rate")


def _other_people(x: Coding, y: Coding) -> bool:
    """Whether both name people of one country and none in common: another minister's call is another call."""
    mine, theirs = _people(x), _people(y)
    return any(_disjoint(mine[country], theirs[country]) for country in mine.keys() & theirs.keys())


def _tied(x: Coding, y: Coding) -> bool:
    if x.get("instrument") and y.get("instrument"):
        return True
    if commodity_names(x) & commodity_names(y) or side_keys(x["recipient"]) & side_keys(y["recipient"]):
        return True
    mine, theirs = _people(x), _people(y)
    if any(mine[country] & theirs[country] for country in mine.keys() & theirs.keys()):
        return True
    return x["event_type"] in load_merging().two_sided and len(party_keys(x)) > 1


def _people(coding: Coding) -> dict[str, frozenset[str]]:
    people: dict[str, set[str]] = {}
    for p in (*coding["actor"], *coding["recipient"]):
        if (p.get("entity_id") or "").startswith("person/"):
            people.setdefault(p.get("country") or UNKNOWN_COUNTRY, set()).add(p["entity_id"])
    return {country: frozenset(ids) for country, ids in people.items()}


def _disjoint(a: frozenset[str], b: frozenset[str]) -> bool:
    return bool(a) and bool(b) and not a & b
