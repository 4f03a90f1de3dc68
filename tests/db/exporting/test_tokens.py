"""Sentences and words of documents that are written token by token."""

from __future__ import annotations

import pytest

from db.exporting.documents import Span
from db.exporting.tokens import sentences


def spans(text: str, *named: str) -> list[Span]:
    places = [(text.index(name), name) for name in named]
    return [
        Span(id=name, layer="mentions", label="person", start=start, end=start + len(name), text=name)
        for start, name in sorted(places)
    ]


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        (
            "Mr. Kato spoke. He left.\n\nTokyo was silent",
            ("Mr. Kato", "Tokyo"),
            [
                [("Mr . Kato", "person"), ("spoke .", None)],
                [("He left .", None)],
                [("Tokyo", "person"), ("was silent", None)],
            ],
        ),
        ("anti-Trump rally", ("Trump",), [[("anti -", None), ("Trump", "person"), ("rally", None)]]),
        ("ultraTrumpist", ("Trump",), [[("ultra", None), ("Trump", "person"), ("ist", None)]]),
        ("KatoTrump", ("Kato", "Trump"), [[("Kato", "person"), ("Trump", "person")]]),
        ("  \n\n ", (), []),
        ("One.\n\n\n\nTwo.", (), [[("One .", None)], [("Two .", None)]]),
    ],
    ids=["no end within a name", "sign", "edge in a word", "side by side", "nothing", "empty lines"],
)
def test_sentences_come_in_runs_of_words(
    text: str, names: tuple[str, ...], expected: list[list[tuple[str, str | None]]]
) -> None:
    found = sentences(text, spans(text, *names))
    assert [[(" ".join(words), label) for words, label in sentence] for sentence in found] == expected
