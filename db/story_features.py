"""What a report speaks of, read from its tags, and how much two reports have in common."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

import orjson
from sqlite_utils import Database

from db.days import first_day
from db.grouping import Stories, load_grouping
from db.model import INTERNATIONAL, UNKNOWN_COUNTRY

STEM = 6
"""Letters of a word that count: enough to tell words apart, few enough to see through most endings."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_KEPT = ("goods", "countries", "named", "dates", "amounts", "instruments", "title_words")
_NAMED = ("person", "org", "place", "bloc", "gov")


@dataclass(frozen=True, kw_only=True)
class Report:
    """One article as the grouping into stories sees it."""

    id: str
    day: int
    published: str
    language: str
    original: str
    story_id: str | None
    placed: tuple[str | None, str | None, float | None]
    """The story kept with the article so far, with its reason and score."""
    title: str
    goods: frozenset[str]
    countries: frozenset[str]
    named: frozenset[str]
    dates: frozenset[str]
    amounts: frozenset[float]
    instruments: frozenset[str]
    title_words: frozenset[str]
    words_json: str
    """Its words as JSON: of thousands of recent reports, few are ever compared."""

    @cached_property
    def words(self) -> dict[str, int]:
        """Stems of its words with how often they occur, at most 3."""
        words: dict[str, int] = orjson.loads(self.words_json)
        return words

    def kept(self) -> tuple[str, int, str, str]:
        """Its row of `recent_reports`."""
        traits = {name: sorted(getattr(self, name)) for name in _KEPT}
        return self.id, self.day, orjson.dumps(traits).decode(), self.words_json

    def traits(self) -> Iterator[str]:
        """What the report can be found by: whatever two reports of one story might share but countries."""
        for kind, values in (
            ("g", self.goods),
            ("n", self.named),
            ("d", self.dates),
            ("i", self.instruments),
        ):
            for value in values:
                yield f"{kind}:{value}"
        for amount in self.amounts:
            yield f"a:{amount:g}"
        for word in self.title_words:
            yield f"{self.language}:{word}"


def read_report(db: Database, article_id: str) -> Report:
    """The report of a stored and tagged article; of a recent one, as it was read before."""
    title, text, language, published, original, traits, words, *placed = db.execute(
        "SELECT a.title, CASE WHEN r.article_id IS NULL THEN a.text END, a.language, a.published,"
        " coalesce(a.duplicate_of, a.id), r.traits, r.words, a.story_id, a.story_reason, a.story_score"
        " FROM articles a LEFT JOIN recent_reports r ON r.article_id = a.id WHERE a.id = ?",
        [article_id],
    ).fetchone()
    if traits is None:
        told, words = _read(db, article_id, title or "", text)
    else:
        told = {name: frozenset(values) for name, values in orjson.loads(traits).items()}
    day = first_day((published or "")[:10]) or date.min
    return Report(
        id=article_id,
        day=day.toordinal(),
        published=published or "",
        language=language or "",
        original=original,
        story_id=placed[0],
        placed=(placed[0], placed[1], placed[2]),
        title=title or "",
        words_json=words,
        **told,
    )


def _read(db: Database, article_id: str, title: str, text: str) -> tuple[dict[str, frozenset[Any]], str]:
    """What an article speaks of, and its words as JSON."""
    countries, named = _who(db, article_id)
    goods, instruments = _what(db, article_id)
    title_words = _stems(title)
    words = Counter(word for word in [*title_words, *title_words, *_stems(text)] if len(word) > 3)
    amounts = "SELECT value FROM quantities WHERE article_id = ? AND value >= 1"
    told: dict[str, frozenset[Any]] = {
        "goods": goods,
        "countries": countries,
        "named": named,
        "dates": _column(
            db, "SELECT value FROM dates WHERE article_id = ? AND length(value) = 10", article_id
        ),
        "amounts": _column(db, amounts, article_id),
        "instruments": instruments,
        "title_words": frozenset(title_words),
    }
    return told, orjson.dumps({word: min(count, 3) for word, count in words.items()}).decode()


def likeness(a: Report, b: Report) -> float:
    """How surely two reports tell one story, between 0 and 1; 0 where something speaks plainly against it."""
    figures = load_grouping().stories
    shared_countries = _share(a.countries, b.countries)
    if shared_countries < figures.least_countries and (a.countries or b.countries):
        return 0.0
    words = _cosine(a.words, b.words) if a.language == b.language else 0.0
    if words >= figures.template:
        return 0.0  # two issues of one template: those that are one text have been found as copies
    return _logistic(figures, a, b, shared_countries, words)


def shared_things(a: Report, b: Report, most: int = 4) -> str:
    """What two reports share, in words: the reason kept with an article of a story."""
    things = [
        *sorted(a.goods & b.goods),
        *sorted(name.partition("/")[2] for name in a.named & b.named),
        *sorted(a.instruments & b.instruments),
        *(f"{amount:g}" for amount in sorted(a.amounts & b.amounts)),
        *sorted(a.dates & b.dates),
        *sorted(a.countries & b.countries),
    ]
    return "shares " + ", ".join(things[:most]) if things else "shares its words"


def _logistic(figures: Stories, a: Report, b: Report, countries: float, words: float) -> float:
    w = figures.weights
    total = figures.bias + w.countries * countries + w.words * words
    total += w.goods * _share(a.goods, b.goods) + w.other_goods * _other(a.goods, b.goods)
    total += w.named * min(len(a.named & b.named), 3) / 3 + w.dates * min(len(a.dates & b.dates), 2) / 2
    common = len(a.amounts & b.amounts)
    fewer = min(len(a.amounts), len(b.amounts))
    total += w.amounts * (common / fewer if fewer else 0.0) + w.many_amounts * min(common, 3) / 3
    total += w.instruments * _share(a.instruments, b.instruments)
    total += w.other_instruments * _other(a.instruments, b.instruments)
    if a.language == b.language:
        total += w.title * _share(a.title_words, b.title_words)
    return 1 / (1 + math.exp(-total))


def _who(db: Database, article_id: str) -> tuple[frozenset[str], frozenset[str]]:
    countries, named = set(), set()
    for entity_id, country, form in db.execute(
        "SELECT DISTINCT entity_id, country, form FROM mentions WHERE article_id = ?", [article_id]
    ):
        if country not in (UNKNOWN_COUNTRY, INTERNATIONAL):
            countries.add(country)
        if form != "nominal" and entity_id.partition("/")[0] in _NAMED:
            named.add(entity_id)
    return frozenset(countries), frozenset(named)


def _what(db: Database, article_id: str) -> tuple[frozenset[str], frozenset[str]]:
    goods, instruments = set(), set()
    for (coding,) in db.execute("SELECT coding FROM event_mentions WHERE article_id = ?", [article_id]):
        event = orjson.loads(coding)
        goods |= {good["name"] for good in event["commodities"]}
        if event["instrument"]:
            instruments.add(event["instrument"])
    told = _column(
        db, "SELECT commodity FROM observations WHERE article_id = ? AND commodity IS NOT NULL", article_id
    )
    return frozenset(goods) | told, frozenset(instruments)


def _column(db: Database, sql: str, article_id: str) -> frozenset[Any]:
    return frozenset(row[0] for row in db.execute(sql, [article_id]))


def _stems(text: str) -> list[str]:
    return [word[:STEM] for word in _WORD.findall(unicodedata.normalize("NFC", text).casefold())]


def _share(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 0.0


def _other(a: frozenset[str], b: frozenset[str]) -> float:
    return float(bool(a) and bool(b) and not a & b)


def _cosine(a: dict[str, int], b: dict[str, int]) -> float:
    shared = sum(count * b[word] for word, count in a.items() if word in b)
    length = sum(count * count for count in a.values()) * sum(count * count for count in b.values())
    return float(shared / math.sqrt(length)) if length else 0.0
