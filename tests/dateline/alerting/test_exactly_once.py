"""A month of a busy newsroom by chance: however reports come, go and change, each happening is told of once."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

import pytest

from db.merge import merge_events
from db.outbox import list_alerts
from tests.dateline.alerting.conftest import World, goods
from tests.db.world import NAMES, ban, put_article, tag

Happening = tuple[str, str]
"""Who banned exports of what."""
HAPPENINGS: list[Happening] = [
    (c, g) for c in ("CHN", "JPN", "IDN") for g in ("tungsten", "graphite", "gallium")
]
SOURCES = ("daily", "herald", "wire", "radio")
FILLING = " ".join(f"word{number}" for number in range(50))


@dataclass
class Page:
    """An article as its publisher has it now."""

    source: str
    happenings: list[Happening]
    published: str
    opening: str


class Newsroom:
    """Does something by chance, and remembers what it has told the store."""

    def __init__(self, world: World, seed: int) -> None:
        self.world = world
        self.chance = random.Random(seed)
        self.pages: dict[str, Page] = {}
        self.tellable: set[Happening] = set()
        self.local = 0

    def write(self, name: str) -> None:
        page = self.pages[name]
        put_article(self.world.store, name, self._text(page), source_id=page.source, published=page.published)
        self.tag(name)

    def tag(self, name: str) -> None:
        page, text = self.pages[name], self._text(self.pages[name])
        self.local += 1
        events = []
        for number, (country, good) in enumerate(page.happenings):
            values = {"event_id": f"e{self.local}-{number}", "commodities": goods(good)}
            events.append(ban(text, country, trigger=f"banned exports of {good}", **values))
        tag(self.world.store, name, *events)

    def report(self) -> None:
        earlier = timedelta(days=self.chance.choice((0, 0, 0, 1, 2)))
        day = (self.world.now - earlier).strftime("%Y-%m-%dT%H:%M:%SZ")
        number = self.chance.choice((1, 1, 2, 3))
        chosen = self.chance.sample(HAPPENINGS, number)
        page = Page(self.chance.choice(SOURCES), chosen, day, f"Report {len(self.pages)}.")
        self.pages[f"page-{len(self.pages)}"] = page
        self.write(f"page-{len(self.pages) - 1}")

    def copy(self) -> None:
        original = self.chance.choice(list(self.pages.values()))
        page = Page(self.chance.choice(SOURCES), original.happenings, original.published, original.opening)
        self.pages[f"page-{len(self.pages)}"] = page
        self.write(f"page-{len(self.pages) - 1}")

    def correct(self) -> None:
        name = self.chance.choice(list(self.pages))
        self.pages[name].opening += " This article was corrected."
        if self.chance.random() < 0.3:
            self.pages[name].happenings = self.chance.sample(HAPPENINGS, self.chance.choice((1, 2)))
        self.write(name)

    def tag_anew(self) -> None:
        self.world.store.clear_tags()
        for name in self.pages:
            self.tag(name)

    def step(self) -> None:
        does = self.chance.choices((self.report, self.copy, self.correct, self.tag_anew), (6, 2, 4, 1))[0]
        if self.pages or does == self.report:
            does()
        merge_events(self.world.store)
        if self.chance.random() < 0.6:
            self.look()

    def look(self) -> None:
        self.tellable |= {happening for page in self.pages.values() for happening in page.happenings}
        self.world.fire()

    def _text(self, page: Page) -> str:
        told = " ".join(f"{NAMES[country]} banned exports of {good}." for country, good in page.happenings)
        return f"{page.opening} {told} {FILLING}"


@pytest.mark.parametrize("seed", range(4))
def test_each_happening_is_told_of_once_whatever_comes_between(world: World, seed: int) -> None:
    world.watch(tells_from=(world.now - timedelta(days=10)).date().isoformat())
    room = Newsroom(world, seed)
    for _ in range(30):
        room.step()
        world.pass_days(0.2)
    room.look()
    told = Counter(
        (alert.message["event"]["actor"][0]["country"], alert.message["event"]["commodities"][0]["name"])
        for alert in list_alerts(world.store, search_id=None, limit=1000)
        if alert.reason == "event"
    )
    assert told == Counter(room.tellable)
    assert len(room.tellable) > 5
