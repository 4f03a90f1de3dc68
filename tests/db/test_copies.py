"""Copies of one text are found whatever was changed around it, texts of one template are not copies."""

from __future__ import annotations

import random
from itertools import permutations
from typing import Any

import pytest

from db.likeness import BANDS, shared_wording, wording
from db.merge import merge_events
from db.store import Store
from db.verification import content_hash
from tests.db.world import NOW, article_id, ban, put_article, tag

PARAGRAPHS = (
    "Ruritania will stop exports of raw cobalt from March 1, the mining minister said on Tuesday after a meeting"
    " with the owners of the country's eleven smelters. Shipments reached 41,200 tonnes last year.",
    "Buyers in three countries had asked for a year to adapt. The ministry gives them four months, and lets go"
    " what was under contract before the new year, up to 9,500 tonnes in all.",
    "The country digs up a seventh of the world's cobalt. Most of it leaves as ore through the harbour of Grenz,"
    " where two hundred lorries queue on an ordinary day and dockers now fear for their work.",
)
TEXT = "\n\n".join(PARAGRAPHS)
PRICES = (
    "Cobalt prices in the harbour of Grenz stood at {} marks a tonne on {} morning, {} more than the day before,"
    " traders said. Ore of the second grade brought {} marks, and concentrate {} marks. Stocks in the three"
    " warehouses were {} tonnes. The exchange opens again at nine tomorrow, and the next auction is on Friday."
)
TENTH = "2025-10-10T02:00:00Z"
ELEVENTH = "2025-10-11T02:00:00Z"


def put(store: Store, name: str, text: str, published: str = ELEVENTH, **values: Any) -> None:
    put_article(store, name, text, published=published, title=values.pop("title", name), **values)


def link(store: Store, name: str) -> tuple[str | None, str | None, float | None]:
    row = store.db.execute(
        "SELECT o.title, a.duplicate_reason, a.duplicate_score FROM articles a"
        " LEFT JOIN articles o ON o.id = a.duplicate_of WHERE a.id = ?",
        [article_id(store, name)],
    ).fetchone()
    return (row[0], row[1], row[2])


@pytest.mark.parametrize(
    ("copy", "reason"),
    [
        (TEXT, "same text under another headline"),
        (f"GRENZ, Tuesday (Wire) - {TEXT}", "same text, edited, under another headline"),
        ("\n\n".join(PARAGRAPHS[:2]), "same text, shortened, under another headline"),
        (f"{TEXT}\n\nThe opposition wants a vote on it, and trade unions call for a march through"
         " the capital at the end of the week.", "same text with additions, under another headline"),
        (TEXT.replace("41,200", "41.200").replace("harbour", "harbor").replace("\n\n", " "), "same text, edited, "),
    ],
)  # fmt: skip
def test_a_copy_is_known_with_its_reason_and_score(store: Store, copy: str, reason: str) -> None:
    put(store, "first", TEXT, TENTH)
    put(store, "copy", copy)
    original, said, score = link(store, "copy")
    assert original == "first" and said is not None and said.startswith(reason)
    assert score is not None and 0.68 <= score <= 1.0
    assert link(store, "first") == (None, None, None)


@pytest.mark.parametrize(
    "other",
    [
        "Ruritania's step on cobalt worries the smelters of its neighbours, who buy nine tenths of what leaves"
        " Grenz. Their union asked on Wednesday for talks before March, and for a longer term than four months.",
        " ".join(PARAGRAPHS[2].split()[:30]),
    ],
)
def test_a_report_of_its_own_and_a_scrap_are_no_copies(store: Store, other: str) -> None:
    put(store, "first", TEXT, TENTH)
    put(store, "other", other)
    assert link(store, "other") == (None, None, None)


def test_two_issues_of_one_template_are_no_copies(store: Store) -> None:
    put(store, "monday", PRICES.format("51,200", "Monday", "300", "44,100", "62,900", "8,400"), TENTH)
    put(store, "tuesday", PRICES.format("50,700", "Tuesday", "500", "43,800", "62,300", "8,150"))
    assert link(store, "tuesday") == (None, None, None)


def test_the_same_words_months_later_are_a_copy_only_when_all_but_equal(store: Store) -> None:
    put(store, "first", TEXT, "2025-01-10T02:00:00Z")
    put(store, "again", TEXT, "2025-09-10T02:00:00Z")
    put(store, "half", "\n\n".join(PARAGRAPHS[:2]), "2025-09-10T03:00:00Z")
    assert link(store, "again")[0] == "first"
    assert link(store, "half")[1] is None or link(store, "half")[0] == "first"


@pytest.mark.parametrize("order", list(permutations(range(4))))
def test_the_groups_are_the_same_in_whatever_order_the_articles_came(
    store: Store, order: tuple[int, ...]
) -> None:
    texts = [
        ("first", TEXT, TENTH),
        ("cut", "\n\n".join(PARAGRAPHS[:2]), ELEVENTH),
        ("end", "\n\n".join(PARAGRAPHS[1:]), "2025-10-12T02:00:00Z"),
        ("other", PRICES.format(1, 2, 3, 4, 5, 6), ELEVENTH),
    ]
    for place in order:
        put(store, *texts[place])
    assert [link(store, name)[0] for name, *_ in texts] == [None, "first", "first", None]


def test_what_a_changed_article_held_together_falls_apart(store: Store) -> None:
    put(store, "whole", TEXT, TENTH)
    put(store, "begin", PARAGRAPHS[0] + " " + PARAGRAPHS[1][:60])
    put(store, "end", PARAGRAPHS[1][60:] + " " + PARAGRAPHS[2])
    assert [link(store, name)[0] for name in ("begin", "end")] == ["whole", "whole"]
    put_article(store, "whole", PRICES.format(1, 2, 3, 4, 5, 6), title="whole", published=TENTH, fetched=NOW)
    assert [link(store, name)[0] for name in ("whole", "begin", "end")] == [None, None, None]
    assert store.db.execute("SELECT count(*) FROM article_bands").fetchone()[0] > BANDS


def test_a_copy_found_later_counts_as_no_source_of_its_own(store: Store) -> None:
    text = f"China banned exports of cobalt. {TEXT}"
    put_article(store, "one", text, source_id="daily", published=ELEVENTH)
    tag(store, "one", ban(text))
    merge_events(store)
    put_article(store, "two", text, source_id="weekly", published=TENTH)
    tag(store, "two", ban(text))
    merge_events(store)
    assert store.db.execute("SELECT n_articles, n_independent_sources FROM events").fetchall() == [(2, 1)]


def test_random_edits_change_the_score_little_by_little() -> None:
    chosen = random.Random(7)
    words = TEXT.split()
    shares = []
    for edits in (0, 3, 10, 40):
        changed = list(words)
        for place in chosen.sample(range(len(words)), edits):
            changed[place] = f"other{place}"
        shares.append(shared_wording(wording(TEXT), wording(" ".join(changed))))
    assert shares == sorted(shares, reverse=True)
    assert shares[0] == 1.0 and shares[1] > 0.8 and shares[3] < 0.4


def test_the_same_articles_give_the_same_content(tmp_path: Any) -> None:
    from db.store import open_store

    hashes = set()
    for seed in range(3):
        names = [("a", TEXT), ("b", PARAGRAPHS[0] + PARAGRAPHS[1]), ("c", TEXT.upper()), ("d", PRICES)]
        random.Random(seed).shuffle(names)
        with open_store(tmp_path / f"{seed}.db") as store:
            for name, text in names:
                put(store, name, text, f"2025-10-1{ord(name) - 96}T00:00:00Z")
            hashes.add(content_hash(store.db))
    assert len(hashes) == 1
