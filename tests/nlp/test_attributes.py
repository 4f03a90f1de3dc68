"""The remembered attribute ruler sets what spaCy's own sets, and the short cuts of grammars miss nothing."""

from __future__ import annotations

import dataclasses
import warnings
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from dateline.newsroom.articles import load_articles
from nlp.pipeline import DEFAULT_MODEL, build_pipeline
from nlp.times.timex_grammars import GRAMMARS

ODD = [
    "",
    "  \n\n  ",
    "I'm gonna let's go. Ain't it? Y'all don't c'm on.",
    "There's that! \u200f\x00 a",
    "SHE'D HAD IT",
]


def texts(language: str) -> list[str]:
    return [
        "\n\n".join((article.title, *article.paragraphs))
        for article in load_articles()
        if (article.site == "vtv") == (language == "vi")
    ]


@pytest.fixture(scope="module")
def plain() -> Language:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r".*W095.*")
        nlp = spacy.load(DEFAULT_MODEL)
    nlp.add_pipe("dateline_paragraphs", first=True)
    return nlp


def test_every_token_has_the_attributes_that_the_models_own_ruler_sets(plain: Language) -> None:
    quick = build_pipeline("en", components=())
    assert "attribute_ruler" in plain.pipe_names
    assert "attribute_ruler" not in quick.pipe_names
    for text in [*texts("en"), *ODD]:
        for own, ours in zip(plain(text), quick(text), strict=True):
            assert (own.pos_, own.tag_, own.dep_, str(own.morph), own.lemma_, own.ent_type_) == (
                ours.pos_, ours.tag_, ours.dep_, str(ours.morph), ours.lemma_, ours.ent_type_,
            ), f"{own.text!r} in {text[:60]!r}"  # fmt: skip


def test_what_is_added_later_counts(plain: Language, tmp_path: Path) -> None:
    quick = build_pipeline("en", components=())
    assert next(iter(quick("Ore rose."))).lemma_ != "stone"
    ruler = quick.get_pipe("dateline_attributes")
    ruler.add([[{"LOWER": "ore"}]], {"LEMMA": "stone"})
    ruler.add([[{"LOWER": "iron"}, {"LOWER": "ore"}]], {"LEMMA": "rust"}, index=-1)
    assert [t.lemma_ for t in quick("Ore and iron ore.")][:4] == ["stone", "and", "iron", "rust"]
    quick.to_disk(tmp_path / "model")
    loaded = spacy.load(tmp_path / "model")
    assert [t.lemma_ for t in loaded("Ore and iron ore.")][:4] == ["stone", "and", "iron", "rust"]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_grammar_finds_near_time_words_what_it_finds_everywhere(language: str) -> None:
    grammar = GRAMMARS[language]
    whole = "\n\n".join(texts(language)) + "\nSales on Mondays. In '82, mid-March; Q3FY24."
    near = [(c.start, c.end, c.rule.name) for c in grammar.candidates(whole)]
    rules, grammar.rules = grammar.rules, [dataclasses.replace(rule, near=()) for rule in grammar.rules]
    try:
        assert [(c.start, c.end, c.rule.name) for c in grammar.candidates(whole)] == near
    finally:
        grammar.rules = rules
    assert near
