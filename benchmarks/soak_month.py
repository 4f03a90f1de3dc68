"""What happens in a soaked month: every article, correction, removal and fault of every source, from a seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

BEGIN = datetime(2025, 10, 1, tzinfo=UTC)
ALERTS = "alerts.jsonl"
"""The file of a run to which its saved search tells of bans."""
LISTED = 25
"""So many of its newest articles a source lists."""
A_ROUND = 0.6
"""Articles that a source publishes from one round to the next, on average."""
CORRECTED, CORRECTED_TWICE, REMOVED, FLEETING = 0.35, 0.1, 0.12, 0.08
"""Shares of the articles; a fleeting one is taken away before anybody is sure to have seen it."""
REMOVED_EARLY = 0.5
"""The share of the first articles that is taken away early in the month, so that it falls due to be noticed."""

SOUND = 0.2
"""The share of sources with which nothing is ever wrong, of those that are not the first of their kind of fault."""
FIRST, LASTING, LASTING_FOR_SURE = (0.8, 1.5), (1.7, 2.4), (2.7, 3.4)
"""Cadences until the first fault of a source begins that is to be met for sure, and how long faults last. In the longer
span a crawl begins and ends, be it put off or killed once."""
HANGING = 100.0
"""Seconds of the machine's clock that a crawl of a hanging site takes at most: three tries of thirty, and what is
between. No clock of a soak makes them shorter, so that such a fault lasts longer by as much of the month."""
LAST_FAULT = 3.2
"""Cadences before the end of the month after which no fault begins."""

Kind = Literal["dated feed", "atom", "sitemap", "section", "forwarding feed"]
KINDS: tuple[Kind, ...] = ("dated feed", "atom", "sitemap", "section", "forwarding feed")
"""The ways in which sources list what they have; `forwarding feed` lists addresses that redirect."""
FaultKind = Literal[
    "answers 500",
    "refuses connections",
    "has no name",
    "hangs",
    "redirects in a circle",
    "lists no XML",
    "packs a bomb",
    "sends half pages",
    "sends wrong bytes",
    "shows a notice",
    "changes layout",
]
TOLD: dict[FaultKind, str] = {
    "answers 500": r"answered 500",
    "refuses connections": r"refused the connection",
    "has no name": r"no address is known",
    "hangs": r"no answer within|its time limit",
    "redirects in a circle": r"redirects",
    "lists no XML": r"XML|root element|no link|links found",
    "packs a bomb": r"unpacks to more",
    "sends half pages": r"connection broke|half|incomplete",
    "sends wrong bytes": r"text was found|no text|no article|not a web page|unreadable",
    "shows a notice": r"text was found|no text|no article|too short|unreadable",
    "changes layout": r"date was found|published was found",
}
"""The words by which a fault that was told is known."""
PAGES_ALONE: frozenset[FaultKind] = frozenset(
    {"sends half pages", "sends wrong bytes", "shows a notice", "changes layout"}
)
"""Faults that only those see who ask for an article."""

PLACES = ("Bredmoor", "Calvane", "Dorrin", "Eskholm", "Farrow Bay", "Grenlow", "Hestwick", "Ilverton")
BODIES = ("harbour board", "town council", "water company", "school board", "rail operator", "museum")
THINGS = ("new bridge", "night ferry", "flood wall", "reading room", "tram line", "market hall", "lighthouse")
DEEDS = ("will open", "will close for repairs", "has found a buyer for", "is to pay for", "wants to rebuild")
WHENS = ("before the spring", "by the end of next year", "within three weeks", "once the rain has stopped")
REASONS = (
    "The old plan had been put aside twice, because nobody could say who was to look after it in winter",
    "Shopkeepers in the lower streets had asked for it in a letter that was read out at the last meeting",
    "A survey that was paid for in the summer had found more rust and fewer visitors than were hoped for",
    "Those who live nearby are divided, and some of them have begun to collect signatures against it",
)


COUNTRIES = {
    **{"China": "CHN", "Japan": "JPN", "India": "IND", "Indonesia": "IDN", "Russia": "RUS"},
    **{"Brazil": "BRA", "Argentina": "ARG", "Turkey": "TUR", "Egypt": "EGY", "Kazakhstan": "KAZ"},
    **{"Ukraine": "UKR", "Mexico": "MEX", "Vietnam": "VNM", "Thailand": "THA", "Malaysia": "MYS"},
}
GOODS = {
    **{"rare earths": "rare_earths", "nickel ore": "nickel_ore", "palm oil": "palm_oil"},
    **{name: name for name in ("tungsten", "graphite", "gallium", "germanium", "antimony", "rice")},
    **{name: name for name in ("wheat", "sugar", "bauxite", "copper", "timber", "coal")},
}
NEWS_EVERY, NEWS = 3, 4
"""Every third article of a source reports a ban on exports, the first four of them one that no other reports."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """An article as it stood from a moment on."""

    since: datetime
    title: str
    paragraphs: tuple[str, ...]

    @property
    def body(self) -> str:
        return "\n\n".join(self.paragraphs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """One article of a source, with its corrections; `removed` is when it was taken away, with which status.

    `news` is the country and the good of the ban that it reports, if any, as Dateline names them.
    """

    source: str
    number: int
    news: tuple[str, str] | None
    texts: tuple[Text, ...]
    removed: datetime | None
    status: int

    @property
    def path(self) -> str:
        return f"/news/story-{self.number}.html"

    @property
    def published(self) -> datetime:
        return self.texts[0].since

    def at(self, now: datetime) -> Text | None:
        """What stands at the address; None before it is published and when it has been removed."""
        if self.removed is not None and now >= self.removed:
            return None
        return next((text for text in reversed(self.texts) if text.since <= now), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Something that is wrong with a source for a while."""

    source: str
    kind: FaultKind
    begin: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Station:
    """One source: how it lists, what it publishes, what goes wrong."""

    name: str
    number: int
    kind: Kind
    stories: tuple[Story, ...]
    faults: tuple[Fault, ...]

    def fault(self, now: datetime) -> Fault | None:
        """What is wrong now."""
        return next((fault for fault in self.faults if fault.begin <= now < fault.end), None)

    def listed(self, now: datetime) -> list[Story]:
        """What the source lists, the newest first."""
        there = [story for story in self.stories if story.at(now) is not None]
        return sorted(there, key=lambda story: story.published, reverse=True)[:LISTED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Everything that happens, of all sources, between two moments; each source is to be asked `every` so often."""

    begin: datetime
    end: datetime
    every: timedelta
    stations: tuple[Station, ...]


def make_month(*, seed: int, sources: int, days: float, every: timedelta, minutes: float) -> Month:
    """The month of a seed, lived through in some minutes: always the same for the same numbers.

    With a source for each kind of fault or more, each kind is staged so that it will be met.
    """
    end = BEGIN + timedelta(days=days)
    hanging = timedelta(seconds=HANGING) * (days * 1440 / minutes)
    kinds = random.Random(f"{seed} kinds").sample(list(TOLD), len(TOLD))
    stations = []
    for number in range(1, sources + 1):
        chance = random.Random(f"{seed} {number}")
        name = f"station-{number:02}"
        is_sure = number <= len(kinds) <= sources
        in_turn = kinds[number % len(kinds) :] + kinds
        faults = tuple(_faults(chance, name, in_turn, end, every, hanging, is_sure=is_sure))
        moments = [*_moments(chance, end, every), *_within(chance, faults, every)]
        stations.append(
            Station(
                name=name,
                number=number,
                kind=KINDS[number % len(KINDS)],
                stories=tuple(
                    _story(chance, name, place, moment.replace(microsecond=0), every)
                    for place, moment in enumerate(sorted(moments), 1)
                ),
                faults=faults,
            )
        )
    return Month(begin=BEGIN, end=end, every=every, stations=tuple(stations))


def _moments(chance: random.Random, end: datetime, every: timedelta) -> Iterator[datetime]:
    """When a source publishes."""
    moment = BEGIN - 2 * every
    while moment < end:
        yield moment
        moment += every * chance.expovariate(1) / A_ROUND


def _within(chance: random.Random, faults: tuple[Fault, ...], every: timedelta) -> Iterator[datetime]:
    """When it publishes besides, so that somebody asks for a page while pages alone are at fault."""
    for fault in faults:
        if fault.kind in PAGES_ALONE:
            yield from (fault.begin + every * chance.uniform(0.05, 0.6) for _ in range(2))


def _story(chance: random.Random, source: str, number: int, published: datetime, every: timedelta) -> Story:
    told = _news(int(source.rpartition("-")[2]), number)
    texts = [_text(chance, source, number, published, told)]
    fate = chance.random()
    for _ in range(2 if fate < CORRECTED_TWICE else fate < CORRECTED):
        texts.append(_correct(chance, texts[-1], texts[-1].since + every * chance.uniform(0.5, 4)))
    removed = None
    if fate > 1 - REMOVED_EARLY and published < BEGIN + every / 2:
        removed = max(published, BEGIN) + every * chance.uniform(1, 1.6)
    elif fate > 1 - REMOVED:
        removed = published + every * chance.uniform(2, 6)
    elif fate > 1 - REMOVED - FLEETING:
        removed = published + every * chance.uniform(0.05, 0.3)
    return Story(
        source=source,
        number=number,
        news=(COUNTRIES[told[0]], GOODS[told[1]]) if told else None,
        texts=tuple(texts),
        removed=removed,
        status=chance.choice((404, 410)),
    )


def _news(station: int, number: int) -> tuple[str, str] | None:
    """The ban that an article reports, in words: another one for each article that reports any."""
    which, rest = divmod(number, NEWS_EVERY)
    place = (station - 1) * NEWS + which - 1
    if rest or which > NEWS or place >= len(COUNTRIES) * len(GOODS):
        return None
    country, good = divmod(place, len(GOODS))
    return list(COUNTRIES)[country], list(GOODS)[good]


def _text(
    chance: random.Random, source: str, number: int, since: datetime, told: tuple[str, str] | None
) -> Text:
    place, other = chance.sample(PLACES, 2)
    body, thing, deed, when = (chance.choice(words) for words in (BODIES, THINGS, DEEDS, WHENS))
    mark = f"{source.rpartition('-')[2]}/{number}"
    news = (
        told
        and f"{told[0]} banned exports of {told[1]}, and the {body} of {place} has put it into its papers ({mark})."
    )
    return Text(
        since=since,
        title=f"{place} {body} {deed} the {thing} ({mark})",
        paragraphs=(
            news
            or f"The {body} of {place} {deed} the {thing} {when}, it said in its paper number {mark} on the matter.",
            f"{chance.choice(REASONS)}. The work is reckoned at {chance.randint(2, 900)} thousand crowns, and"
            f" {chance.randint(3, 80)} people have put their names down for it.",
            f"In {other} a like attempt took {chance.randint(2, 19)} months. The {body} there has lent its drawings"
            f" and its oldest engineer, who is said to know every rivet of the {thing}.",
        ),
    )


def _correct(chance: random.Random, text: Text, since: datetime) -> Text:
    said = f"{text.paragraphs[1]} An earlier form of this report gave {chance.randint(901, 9999)} thousand."
    return Text(
        since=since.replace(microsecond=0),
        title=text.title,
        paragraphs=(text.paragraphs[0], said, *text.paragraphs[2:]),
    )


def _faults(
    chance: random.Random,
    source: str,
    kinds: list[FaultKind],
    end: datetime,
    every: timedelta,
    hanging: timedelta,
    *,
    is_sure: bool,
) -> Iterator[Fault]:
    """Faults of these kinds in turn, the first of them to be met for sure or not; none for a source that is sound."""
    latest = end - LAST_FAULT * every
    if (chance.random() < SOUND and not is_sure) or latest < BEGIN + every:
        return
    moment = BEGIN + every * chance.uniform(*(FIRST if is_sure else (0.8, min(6, (latest - BEGIN) / every))))
    for number, kind in enumerate(kinds):
        if moment > latest:
            return
        sure = is_sure and number == 0
        ending = moment + every * chance.uniform(*(LASTING_FOR_SURE if sure else LASTING))
        if kind == "hangs":
            # A crawl of it takes so long that none lives to its end before schedulers are left alone.
            ending = end if sure else ending + 2 * hanging
            if ending > end:
                continue
        yield Fault(source=source, kind=kind, begin=moment, end=ending)
        moment = max(moment + every * chance.uniform(5, 7), ending + 2 * every)
