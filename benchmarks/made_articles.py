"""Makes articles with tags without end, actors and words as uneven as in the news: ten events an article."""

from __future__ import annotations

import random
import time
from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import accumulate

from db.loading import Loadable
from db.model import (
    Article,
    Commodity,
    EventMention,
    Mention,
    Observation,
    Participant,
    Quantity,
    SourceSummary,
    TaggedDocument,
    Tagger,
    TimeExpression,
)

EVENTS, MENTIONS, WORDS, ENTITIES, VOCABULARY = 10, 6, 390, 25_000, 60_000
COUNTRIES = [f"{a}{b}{c}" for a in "ABCDEFGH" for b in "KLMNO" for c in "RSTUV"]
TYPES = [
    "SANCTION",
    "CONSULT",
    "AGREE",
    "THREATEN",
    "REQUEST",
    "SUPPORT",
    "ACCUSE",
    "REJECT",
    "RETREAT",
    "AID",
]
GOODS = [f"good_{n}" for n in range(80)]
TAGGER = Tagger(name="benchmark", version="1", model="none")
SOURCE = SourceSummary(
    id="made", title="Made", publisher="Made", country="---", language="en", url="https://made.example", kind="made"
)  # fmt: skip


SYLLABLES = [c + v + end for end in ("", "n", "r", "s") for c in "bdfghklmnprstvz" for v in "aeiou"]


def made_word(number: int) -> str:
    """The word of a rank, two or three syllables long.

    Numbers for words ("w1a2b") would not do: SQLite keeps the words of a full text index that it builds in a hash
    that has the same place for many of them, and takes twice as long as with words of a language.
    """
    number += len(SYLLABLES) // 3
    word = ""
    while number or not word:
        number, rest = divmod(number, len(SYLLABLES))
        word += SYLLABLES[rest]
    return word


class Uneven:
    """Draws from a list as news does: the second half as often as the first, the third a third as often."""

    def __init__(self, items: Sequence[str], chosen: random.Random) -> None:
        self._items, self._chosen = items, chosen
        self._sums = list(accumulate(1 / (rank + 3) for rank in range(len(items))))

    def one(self) -> str:
        return self._items[bisect(self._sums, self._chosen.random() * self._sums[-1])]


class Corpus:
    """The generated articles; the seconds spent on making them are left out of every figure."""

    def __init__(self, articles: int) -> None:
        self.articles, self.seconds = articles, 0.0

    def __iter__(self) -> Iterator[Loadable]:
        chosen = random.Random(1)
        words = Uneven([made_word(n) for n in range(VOCABULARY)], chosen)
        actors = Uneven([f"person/p{n}" for n in range(ENTITIES)], chosen)
        for number in range(self.articles):
            started = time.process_time()
            one = _article(number, self.articles, words, actors, chosen)
            self.seconds += time.process_time() - started
            yield one


def _article(number: int, of: int, words: Uneven, actors: Uneven, chosen: random.Random) -> Loadable:
    text = " ".join(words.one() for _ in range(WORDS))
    day = 3650 * number // of
    published = f"{2016 + day // 365}-{day % 365 // 31 + 1:02}-{day % 28 + 1:02}T{number % 24:02}:00:00Z"
    url = f"https://made.example/{number}"
    people = [actors.one() for _ in range(2 * EVENTS)]
    mentions = tuple(
        Mention(
            start=5 * n, end=5 * n + 4, text=text[5 * n : 5 * n + 4], kind="person", form="full", entity_id=people[n],
            name=people[n], country=country_of(people[n]), rule="made",
        )
        for n in range(MENTIONS)
    )  # fmt: skip
    events = tuple(_event(n, people, published, text, chosen) for n in range(EVENTS))
    figures = tuple(
        Quantity(
            start=90 + 9 * n, end=97 + 9 * n, text=text[90 + 9 * n : 97 + 9 * n], value=float(n), rule="made"
        )
        for n in range(2)
    )
    dates = tuple(
        TimeExpression(
            start=60 + 9 * n, end=67 + 9 * n, text=text[60 + 9 * n : 67 + 9 * n], type="DATE", value=published[:10],
            rule="made",
        )
        for n in range(2)
    )  # fmt: skip
    told = Observation(
        id="o", start=120, end=127, text=text[120:127], indicator="export_volume", country=country_of(people[0]),
        commodity=GOODS[number % 80], value=float(number), unit="metric ton", period=published[:7],
    )  # fmt: skip
    tagged = TaggedDocument(
        id=url, language="en", document=text, tagger=TAGGER, mentions=mentions, quantities=figures, dates=dates,
        events=events, observations=(told,),
    )  # fmt: skip
    article = Article(
        id=url,
        url=url,
        canonical_url=url,
        text=text,
        published=published,
        published_precision="second",
        language="en",
    )
    return Loadable(article=article, source_id="made", tagged=tagged)


def country_of(person: str) -> str:
    return COUNTRIES[int(person.rpartition("p")[2]) ** 2 % 61 * 3 % len(COUNTRIES)]


def _event(n: int, people: list[str], published: str, text: str, chosen: random.Random) -> EventMention:
    start = 30 * n
    who = [
        Participant(
            start=start, end=start + 5, text=text[start : start + 5], entity_id=p, name=p, country=country_of(p),
            sector="GOV",
        )
        for p in people[2 * n : 2 * n + 2]
    ]  # fmt: skip
    good = chosen.choice(GOODS)
    goods = (Commodity(name=good, hs=(f"{28 + int(good[5:]) % 60}{n:02}",)),) if n % 3 == 0 else ()
    return EventMention(
        event_id=f"e{n}", start=start, end=start + 25, trigger_start=start + 6, trigger_end=start + 10,
        event_type=TYPES[int(chosen.random() ** 2 * 10)], quad=1 + n % 4, actor=(who[0],), recipient=(who[1],),
        instrument="export_licence" if goods else None, stage="in_force" if goods else None, commodities=goods,
        event_date=published[:10], date_precision="day", rule="made",
    )  # fmt: skip
