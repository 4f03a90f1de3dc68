"""What a soaked store must hold of the month that was staged, and nothing else."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from soak_month import ALERTS, Month, Station, Story, Text

from crawler.fetching.patience import REVISITS
from db.store import Store

ROUNDS = 2.5
"""So many cadences an article must be there, while its source answers, for it to be missed when it is not."""
RECOVERY = timedelta(days=1)
"""After this at the latest a source that failed is asked again, and a page that was refused."""
DATED_LISTINGS = ("atom", "sitemap")
"""Kinds of listing that say when an article was changed."""


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise, the figures that it was checked with, every way in which it was broken, and how often it fell due.

    One that never fell due was not put to the test, which is not the same as kept.
    """

    what: str
    figures: str
    broken: list[str]
    due: int

    @property
    def verdict(self) -> Literal["kept", "broken", "not tested"]:
        """What can be said of it."""
        return "broken" if self.broken else "kept" if self.due else "not tested"


def promises_of(store: Store, month: Month, folder: Path, *, is_tagged: bool) -> list[Promise]:
    """Whether everything is there, once, in every form that it had, and was told of once."""
    kept = Kept(store, month)
    promises = [_articles(kept), _nothing_else(kept), _corrections(kept), _removals(kept)]
    return [*promises, _alerts(kept, folder / ALERTS)] if is_tagged else promises


class Kept:
    """What the store holds of each story: its rows, and every text it ever had, oldest first."""

    def __init__(self, store: Store, month: Month) -> None:
        self.month = month
        self.rows: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
        former: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for article, title, text in store.db.execute(
            "SELECT article_id, title, text FROM article_versions ORDER BY article_id, version"
        ).fetchall():
            former[article].append((title, text))
        for row in store.db.query("SELECT id, source_id, url, title, text, removed, published FROM articles"):
            row["texts"] = [*former[row["id"]], (row["title"], row["text"])]
            path = re.sub(r"^https?://[^/]+", "", row["url"]).replace("/go/", "/news/")
            self.rows[row["source_id"], path].append(row)

    def of(self, story: Story) -> list[dict[str, Any]]:
        return self.rows.get((story.source, story.path), [])

    def stories(self) -> Iterator[tuple[Station, Story]]:
        for station in self.month.stations:
            for story in station.stories:
                yield station, story


def _pieces(station: Station, begin: datetime, end: datetime) -> Iterator[timedelta]:
    """The stretches between two moments in which a station answered as it should, and was asked as usual."""
    for fault in station.faults:
        if fault.end > begin and fault.begin < end:
            yield max(fault.begin - begin, timedelta())
            begin = max(begin, fault.end + RECOVERY)
    yield max(end - begin, timedelta())


def _stood(station: Station, month: Month, story: Story, text: Text) -> timedelta:
    """How long a text stood without a break, while its station answered."""
    later = [other.since for other in story.texts if other.since > text.since]
    ends = [*later, month.end, *([story.removed] if story.removed else [])]
    return max(_pieces(station, max(text.since, month.begin), min(ends)))


def _articles(kept: Kept) -> Promise:
    need = ROUNDS * kept.month.every
    broken, due, there = [], 0, 0
    for station, story in kept.stories():
        rows = kept.of(story)
        there += bool(rows)
        ends = [kept.month.end, *([story.removed] if story.removed else [])]
        is_due = max(_pieces(station, max(story.published, kept.month.begin), min(ends))) >= need
        due += is_due
        if len(rows) > 1:
            broken.append(f"{story.source} {story.path} is there {len(rows)} times")
        elif is_due and not rows:
            broken.append(f"{story.source} {story.path} ({station.kind}), out {story.published}, is missing")
    return Promise(
        f"every article that was there for {ROUNDS} cadences is kept exactly once",
        f"{due} to be kept, {there} kept of {sum(1 for _ in kept.stories())} published",
        broken,
        due,
    )


def _nothing_else(kept: Kept) -> Promise:
    known = {(story.source, story.path): story for _, story in kept.stories()}
    broken, texts = [], 0
    for key, rows in kept.rows.items():
        published = {(t.title, t.body) for t in known[key].texts} if key in known else set()
        for title, body in (text for row in rows for text in row["texts"]):
            texts += 1
            if (title, body) not in published:
                broken.append(f"{key[0]} {key[1]}: never published: {title!r}, {body[:60]!r}")
    return Promise("nothing is kept that was never published", f"{texts} texts", broken, texts)


def _gap(age: timedelta, every: timedelta) -> timedelta:
    """The longest pause between two visits that an unchanged article of this age may be in."""
    gone = timedelta()
    for wait in REVISITS:
        gap: timedelta = every * -(-wait // every)
        gone += gap
        if gone > age + ROUNDS * every:
            return gap
    return timedelta.max / 4


def _corrections(kept: Kept) -> Promise:
    broken, due, all_of_them = [], 0, 0
    every = kept.month.every
    for station, story in kept.stories():
        if not kept.of(story):
            continue
        texts = {text for row in kept.of(story) for text in row["texts"]}
        for text in story.texts[1:]:
            all_of_them += (text.title, text.body) in texts
            gap = timedelta() if station.kind in DATED_LISTINGS else _gap(text.since - story.published, every)
            if _stood(station, kept.month, story, text) < gap + ROUNDS * every:
                continue
            due += 1
            if (text.title, text.body) not in texts:
                broken.append(
                    f"{story.source} {story.path} ({station.kind}): corrected {text.since}, not seen"
                )
    figures = f"{due} to be seen, {all_of_them} kept"
    return Promise("every correction that stood long enough is a version", figures, broken, due)


def _removals(kept: Kept) -> Promise:
    broken, due, marked = [], 0, 0
    every = kept.month.every
    for station, story in kept.stories():
        for row in kept.of(story):
            marked += row["removed"] is not None
            if story.removed is None or story.removed > kept.month.end:
                if row["removed"] is not None:
                    broken.append(f"{story.source} {story.path} is marked as removed and stands")
                continue
            gap = _gap(story.removed - story.published, every)
            if max(_pieces(station, story.removed, kept.month.end)) >= gap + (ROUNDS + 1) * every:
                due += 1
                if row["removed"] is None:
                    broken.append(f"{story.source} {story.path}: removed {story.removed}, not marked")
    return Promise(
        "what was removed long enough ago is marked, and nothing else",
        f"{due} to be marked, {marked} marked",
        broken,
        due,
    )


def _alerts(kept: Kept, file: Path) -> Promise:
    """Each ban is told of once, whatever happened to its report since; one from before the month is not."""
    lines = [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []
    repeated = [alert for alert, number in Counter(line["alert"] for line in lines).items() if number > 1]
    told = Counter(_ban(line["event"]) for line in lines if line["reason"] == "event")
    broken = [f"alert {alert} was delivered again" for alert in repeated]
    due = 0
    for _, story in kept.stories():
        rows = kept.of(story)
        if story.news is None:
            continue
        number = told.pop(story.news, 0)
        is_due = bool(rows) and rows[0]["published"] is not None and story.published >= kept.month.begin
        due += is_due
        if number > 1 or (is_due and number == 0) or (number and story.published < kept.month.begin):
            broken.append(f"{story.source} {story.path}, {' '.join(story.news)}: told {number} times")
    broken += [f"told of what no article reports: {ban}" for ban in told]
    figures = f"{due} events to tell of, {len(lines)} alerts"
    return Promise("alerts tell of each event exactly once", figures, broken, due)


def _ban(event: dict[str, Any]) -> tuple[str, str]:
    countries = [actor["country"] for actor in event["actor"]]
    goods = [commodity["name"] for commodity in event["commodities"]]
    return str(countries[0] if countries else None), str(goods[0] if goods else None)
