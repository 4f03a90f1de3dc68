"""The components of dates, quantities and observations as spaCy citizens: saved, loaded, and exact on any text."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc, DocBin

from db.model import Observation, Quantity, TimeExpression
from nlp.layers import read_layer
from nlp.pipeline import build_pipeline

COMPONENTS = ("dateline_dates", "dateline_quantities", "dateline_observations")
ENGLISH = "Indonesia's nickel exports fell to 6,100 tonnes in September from 7,200 tonnes in August."
VIETNAMESE = "Xuất khẩu niken của Indonesia giảm xuống 6.100 tấn trong tháng 9, từ mức 7.200 tấn của tháng 8."
LAYERS = (TimeExpression, Quantity, Observation)
PIECES = st.sampled_from(
    [
        "6.538 tấn",
        "$1.2bn",
        " ",
        "\n",
        "tháng 9",
        "Friday",
        "10,9%",
        "from",
        "to",
        "xuất khẩu",
        "exports fell",
        "🚢",
        "\u200f",
        "\x00",
        "năm",
        "a year earlier",
        "½",
        "2025-26",
        "hai",
        "½ km",
        "-5°C",
        "(0)",
        "1/2/3",
        "ngày 20/10",
        ".",
        "é",
        "20:15 UTC",
    ]
)


def tagged(nlp: Language, text: str) -> Doc:
    doc = nlp.make_doc(text)
    doc._.published = "2025-10-20"
    return nlp(doc)


@pytest.mark.parametrize("component", COMPONENTS)
def test_each_component_runs_in_a_blank_pipeline_saved_and_loaded(component: str, tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe(component)
    nlp.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    for record in LAYERS:
        assert read_layer(tagged(loaded, ENGLISH), record) == read_layer(tagged(nlp, ENGLISH), record)


def test_without_a_parse_units_of_measure_are_still_found() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("dateline_quantities")
    assert [q.unit_normalized for q in read_layer(tagged(nlp, ENGLISH), Quantity)] == ["metric ton"] * 2


def test_the_vietnamese_pipeline_survives_the_disk(vietnamese: Language, tmp_path: Path) -> None:
    vietnamese.to_disk(tmp_path)
    loaded = spacy.load(tmp_path)
    for record in LAYERS:
        assert read_layer(tagged(loaded, VIETNAMESE), record) == read_layer(
            tagged(vietnamese, VIETNAMESE), record
        )


def test_the_layers_survive_a_doc_bin(english: Language) -> None:
    doc = tagged(english, ENGLISH)
    data = DocBin(store_user_data=True, docs=[doc]).to_bytes()
    (restored,) = DocBin().from_bytes(data).get_docs(english.vocab)
    for record in LAYERS:
        assert read_layer(restored, record) == read_layer(doc, record) != ()


def test_displacy_finds_the_spans(english: Language) -> None:
    doc = tagged(english, ENGLISH)
    assert [span.text for span in doc.spans["dateline_quantities"]] == ["6,100 tonnes", "7,200 tonnes"]
    assert [span.label_ for span in doc.spans["dateline_dates"]] == ["DATE", "DATE"]


def exact(doc: Doc) -> None:
    for record in LAYERS:
        end = 0
        for found in read_layer(doc, record):
            assert 0 <= found.start < found.end <= len(doc.text)
            assert doc.text[found.start : found.end] == found.text
            if record is not Observation:
                assert found.start >= end
                end = found.end


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_vietnamese_spans_are_exact_on_any_text(vietnamese: Language, text: str) -> None:
    exact(tagged(vietnamese, text))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES, max_size=12).map(" ".join))
def test_english_spans_are_exact_on_any_text(english: Language, text: str) -> None:
    exact(tagged(english, text))


def test_an_empty_text_has_no_figures(english: Language) -> None:
    assert all(read_layer(tagged(english, ""), record) == () for record in LAYERS)


def test_the_components_stand_alone_in_an_english_pipeline() -> None:
    nlp = build_pipeline("en", components=["dateline_dates", "dateline_quantities"])
    assert [q.period for q in read_layer(tagged(nlp, ENGLISH), Quantity)] == ["2025-09", "2025-08"]


def test_layers_come_back_from_other_processes() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("dateline_dates")
    nlp.add_pipe("dateline_quantities")
    docs = nlp.pipe(["China sold 5 tonnes in May 2025.", "Japan bought $3 billion."] * 2, n_process=2)
    assert [[row["text"] for row in doc._.dateline_quantities] for doc in docs] == [
        ["5 tonnes"], ["$3 billion"],
    ] * 2  # fmt: skip
