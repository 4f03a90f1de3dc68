"""What one article more costs as the store grows: writing it, copies, merging, measures, stories.

    python benchmarks/growth.py                      # 10,000 articles over two years
    python benchmarks/growth.py --articles 100000    # a million reports of events over ten years

Articles come day by day, as in the news: each tells happenings of the last days, ten reports an article; some
happenings are told by one paper and some by dozens, a tenth of the articles are copies of another. A tenth of the
articles at a time, printed are the processor's milliseconds an article of each step: flat when what is done for an
article depends on its days, not on the store. `--compare` takes all articles in before anything is merged, and says
whether that gives the same store.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from db.loading import Loadable, prepare, write_prepared
from db.merge import merge_events
from db.model import (
    Article,
    Commodity,
    EventMention,
    Mention,
    Participant,
    SourceSummary,
    TaggedDocument,
    Tagger,
)
from db.store import Store, open_store
from db.stories import group_stories
from db.verification import content_hash, verify

EVENTS, WORDS, PAPERS = 10, 300, 24
A_DAY = 27
"""Articles a day: a hundred thousand make ten years."""
TAGGER = Tagger(name="benchmark", version="1", model="none")
COUNTRIES = [a + b + c for a in "ABC" for b in "KLMN" for c in "RSTUV"]
TYPES = ("SANCTION", "CONSULT", "AGREE", "ACCUSE", "SUPPORT", "RETREAT", "THREATEN", "REQUEST")
STAGES = ("announced", "in_force", "suspended", "lifted")
INSTRUMENTS = ("import_tariff", "export_ban", "export_licence", "entity_listing", "investment_screening")


class Vocabulary:
    """Words, uneven as in a language."""

    def __init__(self, chosen: random.Random) -> None:
        self._chosen = chosen
        self._words = [f"{a}{n:x}word" for n in range(3000) for a in "bdfg"]
        self._sums = list(accumulate(1 / (rank + 10) for rank in range(len(self._words))))

    def text(self) -> str:
        """An article's worth of words."""
        return " ".join(self._chosen.choices(self._words, cum_weights=self._sums, k=WORDS))


def uneven(chosen: random.Random, count: int) -> int:
    """A rank below `count`, the low ones far more often."""
    return min(int(chosen.paretovariate(0.9)) - 1, count - 1)


class News:
    """Articles of one day after the other, about happenings that are told for some days."""

    def __init__(self, articles: int) -> None:
        self._articles, self._chosen = articles, random.Random(5)
        self._vocabulary = Vocabulary(self._chosen)
        self._happenings: list[tuple[date, dict[str, object]]] = []
        self._before: str | None = None

    def __iter__(self) -> Iterator[Loadable]:
        for number in range(self._articles):
            day = date(2016, 1, 1) + timedelta(days=number // A_DAY)
            if number % A_DAY == 0:
                recent = [h for h in self._happenings if h[0] > day - timedelta(days=6)]
                self._happenings = recent + [(day, self._happening()) for _ in range(4 * A_DAY)]
            yield self._article(number, day)

    def _happening(self) -> dict[str, object]:
        c = self._chosen
        kind = c.choice(TYPES)
        measure = kind in ("SANCTION", "RETREAT", "THREATEN")
        goods = tuple({f"good_{uneven(c, 60)}" for _ in range(c.randrange(3))}) if measure else ()
        return {
            "event_type": kind,
            "quad": 4 if measure else 1,
            "who": COUNTRIES[uneven(c, 60)],
            "whom": COUNTRIES[uneven(c, 60)],
            "person": c.randrange(40),
            "instrument": INSTRUMENTS[uneven(c, 5)] if measure else None,
            "stage": c.choice(STAGES) if measure else None,
            "commodities": tuple(Commodity(name=good, hs=("28",)) for good in sorted(goods)),
        }

    def _article(self, number: int, day: date) -> Loadable:
        c = self._chosen
        told = [self._happenings[-1 - uneven(c, len(self._happenings))] for _ in range(EVENTS)]
        text = self._vocabulary.text()
        if self._before and c.random() < 0.1:
            text = self._before
        self._before = text
        url = f"https://made.example/{number}"
        document = f"{url}\n\n{text}"
        events = tuple(
            self._report(n, happening, begun, document) for n, (begun, happening) in enumerate(told)
        )
        names = {(p.start, p.entity_id): p for e in events for p in (*e.actor, *e.recipient)}
        mentions = tuple(
            Mention(
                start=p.start, end=p.end, text=p.text, kind="person", form="full", entity_id=p.entity_id or "",
                name=p.name or "", country=p.country, rule="made",
            )
            for p in names.values()
        )  # fmt: skip
        tagged = TaggedDocument(
            id=url,
            language="en",
            document=f"{url}\n\n{text}",
            tagger=TAGGER,
            mentions=mentions,
            events=events,
        )
        article = Article(
            id=url, url=url, canonical_url=url, title=url, text=text, published=f"{day}T{number % 24:02}:00:00Z",
            published_precision="second", language="en",
        )  # fmt: skip
        return Loadable(article=article, source_id=f"paper{number % PAPERS}", tagged=tagged)

    def _report(self, n: int, happening: dict[str, object], begun: date, document: str) -> EventMention:
        start = 60 + 25 * n
        said = begun.isoformat() if self._chosen.random() < 0.4 else None

        def party(country: object, at: int) -> Participant:
            person = f"person/{country}-{happening['person']}".lower()
            return Participant(
                start=at, end=at + 4, text=document[at : at + 4], entity_id=person, name=person, country=str(country),
                sector="GOV",
            )  # fmt: skip

        facts = {key: happening[key] for key in ("event_type", "quad", "instrument", "stage", "commodities")}
        return EventMention(
            event_id=f"e{n}", start=start, end=start + 20, trigger_start=start + 6, trigger_end=start + 10,
            actor=(party(happening["who"], start),), recipient=(party(happening["whom"], start + 12),),
            event_date=said, date_precision="day" if said else None, rule="made", **facts,  # type: ignore[arg-type]
        )  # fmt: skip


def paper(number: int) -> SourceSummary:
    """One of the papers that print the articles."""
    return SourceSummary(
        id=f"paper{number}", title=f"Paper {number}", publisher=f"Paper {number}", country="---", language="en",
        url=f"https://paper{number}.example", kind="made",
    )  # fmt: skip


def _take(store: Store, batch: list[Loadable], spent: Counter[str]) -> None:
    """What a day's work does with a day's articles."""
    work: tuple[tuple[str, Callable[[], object]], ...] = (
        ("write", lambda: write_prepared(store, [prepare(each) for each in batch])),
        ("merge", lambda: merge_events(store)),
        ("stories", lambda: group_stories(store)),
    )
    for name, step in work:
        started = time.process_time_ns()
        step()
        spent[name] += time.process_time_ns() - started


def day_by_day(store: Store, articles: int) -> None:
    """Take the articles in as they come and print what each step costs, a tenth of them at a time."""
    spent: Counter[str] = Counter()
    batch: list[Loadable] = []
    print(f"{'articles':>9} {'write':>7} {'merge':>7} {'stories':>8} {'all':>7}  ms an article; memory")
    for number, one in enumerate(News(articles), 1):
        batch.append(one)
        if len(batch) == A_DAY or number == articles:
            _take(store, batch, spent)
            batch = []
        if number % (articles // 10) == 0:
            costs = [spent[name] / 1e6 / (articles // 10) for name in ("write", "merge", "stories")]
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            print(
                f"{number:9,} {costs[0]:7.2f} {costs[1]:7.2f} {costs[2]:8.2f} {sum(costs):7.2f}  {memory:,.0f} MB",
                flush=True,
            )
            spent.clear()


def main() -> None:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument(
        "--compare", action="store_true", help="compare with a store that merges everything at once"
    )
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        with open_store(Path(folder) / "grown.db") as store:
            for number in range(PAPERS):
                store.frontier.put_source(paper(number))
            day_by_day(store, arguments.articles)
            told = store.db.execute(
                "SELECT count(*), sum(n_mentions), max(n_mentions) FROM events"
            ).fetchone()
            measures, stories, copies = (
                store.db.execute(f"SELECT count(*) FROM {what}").fetchone()[0]
                for what in ("measures", "stories", "articles WHERE duplicate_of IS NOT NULL")
            )
            print(
                f"{told[1]:,} reports of {told[0]:,} events (at most {told[2]} of one), {measures:,} measures,"
                f" {stories:,} stories, {copies:,} copies"
            )
            started = time.monotonic()
            faults = len(list(verify(store)))
            print(f"verify: {faults} faults, {time.monotonic() - started:.0f} s")
            grown = content_hash(store.db)
        if arguments.compare:
            with open_store(Path(folder) / "whole.db") as store:
                for number in range(PAPERS):
                    store.frontier.put_source(paper(number))
                rows = [prepare(one) for one in News(arguments.articles)]
                write_prepared(store, rows)
                merge_events(store)
                group_stories(store)
                print(
                    "merged at once it is", "the same" if content_hash(store.db) == grown else "ANOTHER STORE"
                )


if __name__ == "__main__":
    main()
