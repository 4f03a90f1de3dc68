"""The codebook tests itself: its example sentences give their entry, or must not."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.codebook import load_codebook
from nlp.coding.examples import Example, examples_of, failing

TABLES = ("types", "instruments", "stages", "modes", "roles")


@pytest.mark.parametrize("table", TABLES)
def test_examples_hold(english: Language, table: str) -> None:
    codebook = load_codebook()
    examples = list(examples_of(codebook, {table: getattr(codebook, table)}))
    assert len(examples) >= len(getattr(codebook, table))
    assert failing(english, codebook, examples) == []


def test_an_example_that_does_not_hold_is_told(english: Language) -> None:
    wrong = Example("types", "AID", "Peru banned exports of tin.", True)
    barred = Example("types", "SANCTION", "Peru banned exports of tin.", False)
    assert failing(english, load_codebook(), [wrong, barred]) == [
        "AID: lacks: Peru banned exports of tin.",
        "SANCTION: must not be: Peru banned exports of tin.",
    ]
