"""`dateline_dates`: finds dates, times, durations and sets, and gives them TIMEX3 values."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from itertools import pairwise, zip_longest

import dateparser.date
from spacy.language import Language
from spacy.tokens import Doc

from db.model import TimeExpression
from nlp.layers import write_layer
from nlp.times.calendar_anchor import at, bounds, granularity, parse_day, shifted
from nlp.times.tense import direction_of
from nlp.times.timex import Candidate, Context, Direction, Reading, without_overlap
from nlp.times.timex_grammars import GRAMMARS

_MODEL_LABELS = frozenset({"DATE", "TIME"})
_WINDOW = 40


@Language.factory("dateline_dates", assigns=["doc._.dateline_dates"], default_config={})
def create_dates(nlp: Language, name: str) -> Dates:
    """Make the component for the language of the pipeline."""
    return Dates(name)


class Dates:
    """Writes the layer `dates`, anchored on `doc._.published`.

    Without that anchor, relative expressions get PAST_REF, PRESENT_REF, FUTURE_REF or XXXX in place of the year.
    """

    def __init__(self, name: str = "dateline_dates") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "dates", self.match(doc))
        return doc

    def match(self, doc: Doc) -> list[TimeExpression]:
        """The time expressions of the document, in order and without overlap."""
        grammar = GRAMMARS.get(doc.lang_)
        if grammar is None:
            return []
        found: list[TimeExpression] = []
        reader = _Reader(doc)
        groups = list(without_overlap(grammar.candidates(reader.text)))
        for group in groups:
            found.extend(reader.choose(group))
        times = sorted([*found, *_from_model(doc, reader.text, found)], key=lambda t: t.start)
        return _dated_clocks(_ranged(times, reader.text))


class _Reader:
    """Reads candidates in the order of the text, and remembers what it read."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self.text = doc.text  # spaCy puts it together anew at every call
        self.anchor = parse_day(doc._.published)
        self.reference: str | None = None
        self.day: str | None = None

    def choose(self, group: list[Candidate]) -> Iterator[TimeExpression]:
        """The longest candidates of an overlapping group that read, none over another."""
        taken: list[tuple[int, int]] = []
        chosen: list[TimeExpression] = []
        for candidate in group:
            if any(candidate.start < end and start < candidate.end for start, end in taken):
                continue
            reading = self._read(candidate)
            if reading:
                taken.append((candidate.start, candidate.end))
                chosen.append(
                    expression(self.text, candidate.start, candidate.end, reading, candidate.rule.name)
                )
        for time in sorted(chosen, key=lambda t: t.start):
            self._remember(time)
            yield time

    def _read(self, candidate: Candidate) -> Reading | None:
        start, end = candidate.start, candidate.end
        text = self.text
        direction: Direction = direction_of(self.doc, text, start, end) if self.anchor else "unknown"
        context = Context(
            anchor=self.anchor,
            direction=direction,
            reference=self.reference,
            day=self.day,
            before=text[max(0, start - _WINDOW) : start],
            after=text[end : end + _WINDOW],
        )
        try:
            return candidate.rule.read(candidate.match, context)
        except (OverflowError, ValueError):  # beyond the calendar: "in 9000 years"
            return None

    def _remember(self, time: TimeExpression) -> None:
        if time.type in ("DATE", "TIME") and time.date_start:
            self.reference = time.value.split("T")[0]
            if granularity(time.value) == "D":
                self.day = self.reference


_RANGE = re.compile(r"\s*(?:to|through|until|till|and|-|–|đến|tới)\s*(?:the\s+end\s+of\s+)?", re.IGNORECASE)
_RANGE_BEFORE = re.compile(r"\b(?:from|between|từ|giữa)\s+(?:early\s+|late\s+|mid-)?$", re.IGNORECASE)


def _ranged(times: list[TimeExpression], text: str) -> list[TimeExpression]:
    """In "from January to September" the first month is none that comes after the second."""
    put = list(times)
    for place, (first, second) in enumerate(pairwise(times)):
        ahead = first.date_start and second.date_start and first.date_start > second.date_start
        named = not re.search(r"\d{4}", first.text) and granularity(first.value) in ("M", "D")
        linked = _RANGE.fullmatch(text[first.end : second.start])
        if ahead and named and linked and _RANGE_BEFORE.search(text[max(0, first.start - 16) : first.start]):
            value = shifted(first.value, "Y", -1)
            if value is not None:
                day, last = bounds(value)
                put[place] = replace(first, value=value, date_start=day, date_end=last)
    return put


def _dated_clocks(times: list[TimeExpression]) -> list[TimeExpression]:
    """Clock times that a day follows ("16:15 UTC, June 1st") moved to that day."""
    dated = []
    for time, following in zip_longest(times, times[1:]):
        if (
            time.rule == "clock"
            and following
            and following.start - time.end <= 4
            and granularity(following.value) == "D"
        ):
            value = following.value.split("T")[0] + time.value[time.value.index("T") :]
            time = replace(time, value=value, date_start=following.date_start, date_end=following.date_end)
        dated.append(time)
    return dated


def expression(text: str, start: int, end: int, reading: Reading, rule: str) -> TimeExpression:
    """The record of a reading at a place in the text."""
    kind, value = reading
    end = start + len(text[start:end].rstrip(" ,;:"))
    first, last = bounds(value) if kind in ("DATE", "TIME") else (None, None)
    return TimeExpression(
        start=start,
        end=end,
        text=text[start:end],
        type=kind,
        value=value,
        date_start=first,
        date_end=last,
        rule=rule,
    )


def _from_model(doc: Doc, text: str, found: list[TimeExpression]) -> Iterator[TimeExpression]:
    """What the model's entities add: dates in words the grammar lacks, read by dateparser."""
    taken = [(time.start, time.end) for time in found]
    for entity in doc.ents:
        if entity.label_ not in _MODEL_LABELS or any(
            entity.start_char < e and s < entity.end_char for s, e in taken
        ):
            continue
        start, end = entity.start_char, entity.end_char
        lead = re.match(r"(?:on|in|the|at|by|from|since)\s+", entity.text)
        start += lead.end() if lead else 0
        value = parse_with_dateparser(text[start:end], doc._.published)
        if value:
            yield expression(text, start, end, ("DATE", value), "dateparser")


@lru_cache(maxsize=4096)
def parse_with_dateparser(text: str, published: str | None) -> str | None:
    """The value of an explicit date in words ("the 3rd of June, 2009"), as coarse as dateparser's `period` says."""
    if not re.search(r"\d", text) or not re.search(r"[^\W\d]{3}", text):  # "$40" would become the year 1940
        return None
    anchor = parse_day(published)
    if anchor is None and not re.search(r"\b\d{4}\b", text):
        return None
    settings = {
        "PREFER_DATES_FROM": "current_period",
        "REQUIRE_PARTS": ["month"],
        "RETURN_AS_TIMEZONE_AWARE": False,
    }
    if anchor:
        settings["RELATIVE_BASE"] = datetime(anchor.year, anchor.month, anchor.day)
    parsed = dateparser.date.DateDataParser(languages=["en"], settings=settings).get_date_data(text)
    if parsed.date_obj is None:
        return None
    unit = {"day": "D", "week": "W", "month": "M", "year": "Y"}.get(parsed.period or "day", "D")
    return at(parsed.date_obj.date(), unit)
