"""The stretches of a text around words of interest, so that slow patterns need not look at all of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

_WORD = re.compile(r"\w+")


def places_by_kind(text: str, kinds: Mapping[str, Iterable[str]]) -> dict[str, list[int]]:
    """For each kind the starts of its words in the text; `kinds` gives the kinds of a word in small letters.

    A word with a figure in it ("20", "Q3", "3pm", "½") is also of the kind "{digit}".
    """
    places: dict[str, list[int]] = {}
    for match in _WORD.finditer(text):
        word = match.group()
        if word.isalpha():
            for kind in kinds.get(word.lower(), ()):
                places.setdefault(kind, []).append(match.start())
        else:
            places.setdefault("{digit}", []).append(match.start())
            for kind in kinds.get(word.lower(), ()):
                places.setdefault(kind, []).append(match.start())
    return places


def stretches(places: Iterable[int], margin: int, text: str) -> Iterator[tuple[int, int]]:
    """Stretches of `margin` characters on both sides of the places, in order, joined where they touch.

    Each begins and ends beside a blank, so that no word is cut.
    """
    joined: list[list[int]] = []
    for place in places:
        if joined and place - margin <= joined[-1][1]:
            joined[-1][1] = place + margin
        else:
            joined.append([place - margin, place + margin])
    for start, end in joined:
        before, after = text.rfind(" ", 0, max(0, start)), text.find(" ", end)
        yield max(before, 0), len(text) if after < 0 else after
