"""With whom an actor takes part: the counts that are kept are those of the events, whatever comes and goes."""

from __future__ import annotations

import random
from collections import Counter
from itertools import permutations

import pytest

from db.actors import network
from db.merge import merge_events
from db.model import EventMention, Participant
from db.query import EventQuery, find_events
from db.reviews import Review, add_review
from db.store import Store
from db.verification import verify
from tests.db.world import NAMES, event, party, put_article, tag

TEXT = "China, United States, Japan and Indonesia met and called each other."


def meeting(chosen: random.Random, number: int) -> EventMention:
    """Some countries on either side, now and then one of them twice, or on both sides."""

    def some(least: int) -> tuple[Participant, ...]:
        return tuple(
            party(TEXT, NAMES[c], c) for c in chosen.choices(sorted(NAMES), k=chosen.randint(least, 3))
        )

    return event(TEXT, "met", "ACCUSE", quad=3, event_id=f"e{number}", actor=some(1), recipient=some(0))


def by_hand(store: Store, country: str) -> dict[str, tuple[int, int, int]]:
    counts: dict[str, Counter[str]] = {"both": Counter(), "actor": Counter(), "recipient": Counter()}
    for found in find_events(store.db, EventQuery()):
        sides = {side: {p["entity_id"] for p in found[side]} for side in ("actor", "recipient")}
        everybody = sides["actor"] | sides["recipient"]
        for one, other in permutations(everybody, 2):
            if one == f"country/{country}":
                counts["both"][other] += 1
                for side, members in sides.items():
                    counts[side][other] += other in members
    return {
        other: (n, counts["actor"][other], counts["recipient"][other]) for other, n in counts["both"].items()
    }


def answer(store: Store, name: str, **days: str) -> dict[str, tuple[int, int, int]]:
    return {
        row["id"]: (row["events"], row["as_actor"], row["as_recipient"])
        for row in network(store.db, name, **days)
    }


@pytest.mark.parametrize("seed", range(4))
def test_partners_are_those_of_the_events_whatever_came_and_went(store: Store, seed: int) -> None:
    chosen = random.Random(seed)
    for number in range(40):
        name = f"n{number % 25}"  # the last fifteen replace the tags of the first
        put_article(store, name, f"{TEXT} {name}")
        tag(store, name, *(meeting(chosen, n) for n in range(chosen.randrange(4))))
        if number % 7 == 0:
            merge_events(store)
    merge_events(store)
    for country, name in NAMES.items():
        assert answer(store, name) == answer(store, country) == by_hand(store, country) != {}
        assert answer(store, name, since="2025-10-01") == by_hand(store, country)
        assert answer(store, name, until="2025-09-30") == {}
    assert list(verify(store)) == []


def test_corrections_count_unless_raw(store: Store) -> None:
    for number, recipient in enumerate(("JPN", "JPN", "IDN")):
        put_article(store, f"n{number}", f"{TEXT} {number}", published=f"2025-0{number + 1}-01T00:00:00Z")
        both = {
            "actor": (party(TEXT, "China", "CHN"),),
            "recipient": (party(TEXT, NAMES[recipient], recipient),),
        }
        tag(store, f"n{number}", event(TEXT, "met", "ACCUSE", quad=3, **both))
    merge_events(store)
    assert answer(store, "China") == {"country/JPN": (2, 0, 2), "country/IDN": (1, 0, 1)}
    [first] = find_events(store.db, EventQuery(until="2025-01-31"))
    add_review(store, Review(target_table="events", target_id=first["id"], verdict="reject", reviewer="mai"))
    assert answer(store, "China") == {"country/JPN": (1, 0, 1), "country/IDN": (1, 0, 1)}
    assert [row["events"] for row in network(store.db, "China", raw=True)] == [2, 1]
    assert network(store.db, "nobody") == []
