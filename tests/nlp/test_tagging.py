"""Texts in, tagged records out: order, languages, failures, exact spans, long and odd texts."""

from __future__ import annotations

import dataclasses

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

from db.model import Mention, TaggedDocument
from nlp.pipeline import build_pipeline
from nlp.piping import Source, cut_text, run_pipeline
from nlp.tagging import DocumentTagger, TextToTag, count_countries


def assert_exact(record: TaggedDocument) -> None:
    for layer in (record.mentions, record.quantities, record.dates, record.observations):
        for tag in layer:
            assert record.document[tag.start : tag.end] == tag.text


def test_the_document_text_is_title_blank_line_and_text(tagger: DocumentTagger) -> None:
    record = tagger.tag(TextToTag(id="1", title="Kato warns", text="Japan's finance minister spoke."))
    assert record.document == "Kato warns\n\nJapan's finance minister spoke."
    assert_exact(record)


def test_records_come_in_the_order_of_the_texts_whatever_their_language(tagger: DocumentTagger) -> None:
    texts = [
        TextToTag(id=str(n), text="Mỹ áp thuế thép của Trung Quốc." if n % 2 else "China exports steel.")
        for n in range(70)
    ]
    records = list(tagger.tag_many(texts))
    assert [r.id for r in records] == [str(n) for n in range(70)]
    assert [r.language for r in records[:3]] == ["en", "vi", "en"]


def test_one_text_alone_gives_the_tags_that_it_gives_in_company(tagger: DocumentTagger) -> None:
    texts = [
        TextToTag(id="a", text="Beijing said exports of gallium fell.", published="2025-10-20"),
        TextToTag(id="b", text="French farmers protested in Paris on Monday.", published="2025-10-20"),
    ]
    assert list(tagger.tag_many(texts)) == [tagger.tag(text) for text in texts]


def test_another_language_gives_an_error_and_no_tags(tagger: DocumentTagger) -> None:
    record = tagger.tag(
        TextToTag(id="f", text="La Chine a réduit ses exportations de terres rares en septembre.")
    )
    assert (record.error, record.mentions) == ("language 'fr' is not supported (en, vi)", ())


def test_a_given_language_is_not_guessed(tagger: DocumentTagger) -> None:
    assert tagger.tag(TextToTag(id="1", text="Kato", language="en-US")).language == "en"
    assert "xx" in (tagger.tag(TextToTag(id="1", text="Kato", language="xx")).error or "")


def test_half_a_surrogate_pair_is_an_error_of_that_text_only(tagger: DocumentTagger) -> None:
    bad, good = tagger.tag_many(
        [TextToTag(id="1", text="a \ud83d b"), TextToTag(id="2", text="China spoke.")]
    )
    assert "surrogate" in (bad.error or "") and bad.document == "a ? b"
    assert good.error is None and good.mentions


def test_a_failing_component_costs_one_text_only() -> None:
    nlp = build_pipeline("vi")

    def explode(doc: Doc) -> Doc:
        if "quả bom" in doc.text:
            raise RuntimeError("bang")
        return doc

    Language.component("test_explode", func=explode)
    nlp.add_pipe("test_explode")
    results = run_pipeline(nlp, [Source(text="Mỹ"), Source(text="quả bom"), Source(text="Nga")])
    assert isinstance(results[0], Doc) and isinstance(results[2], Doc)
    assert results[1] == "tagging failed: RuntimeError: bang"


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n\n\n",
        "\x00China\x00 spoke.\x00",
        "🇨🇳 China 👩‍👩‍👧‍👦 and 🇺🇸 the US 🤝 agreed.",
        "\u200fChina\u200e and \u202eJapan\u202c spoke.",
        "China\u00a0and\u2009Japan\r\nspoke\ttwice.",
        "e\u0301 Québec China",
        "Trump" * 50,
    ],
)
@pytest.mark.parametrize("language", ["en", "vi"])
def test_odd_texts_keep_exact_spans(tagger: DocumentTagger, text: str, language: str) -> None:
    record = tagger.tag(TextToTag(id="odd", text=text, language=language))
    assert record.error is None and record.document == text
    assert_exact(record)


PARTS = st.sampled_from(
    [
        "China", "Beijing said", "Mr Kato", "U.S.-China", "(IMF)", "President", "He", "Bộ trưởng", "Mỹ - Trung", "ông",
        "🤝", "\x00", "\u202e", "\n", "\n\n", ".", ",", "'s", "’s", "-", "(", ")", '"', "Tập Cận Bình", "the minister",
        "Ministry of", "and", "election", "2024", "6,538 tonnes", "in May", "",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.lists(st.one_of(PARTS, st.text(max_size=6)), max_size=25), language=st.sampled_from(["en", "vi"])
)
def test_spans_are_exact_for_any_text(tagger: DocumentTagger, parts: list[str], language: str) -> None:
    record = tagger.tag(TextToTag(id="any", text=" ".join(parts), language=language, published="2025-10-20"))
    if record.error is None:
        assert_exact(record)
    else:
        assert "surrogate" in record.error


@given(text=st.text(alphabet=st.sampled_from("ab. \n"), max_size=300), limit=st.integers(1, 50))
def test_pieces_join_to_the_text_and_keep_the_limit(text: str, limit: int) -> None:
    pieces = list(cut_text(text, limit))
    assert "".join(pieces) == text and all(len(piece) <= limit for piece in pieces)


def test_a_long_text_is_tagged_to_its_end(tagger: DocumentTagger) -> None:
    text = "Prices rose again on the market. " * 2500 + "Beijing imposed curbs on gallium."
    record = tagger.tag(TextToTag(id="long", text=text, language="en"))
    assert record.error is None
    assert [m.entity_id for m in record.mentions if m.text == "Beijing"] == ["gov/CHN"]
    assert_exact(record)


def country(start: int, end: int, code: str, kind: str = "country") -> Mention:
    return Mention(
        start=start, end=end, text="x" * (end - start), kind=kind, form="full",  # type: ignore[arg-type]
        entity_id=f"country/{code}", name=code, country=code,
    )  # fmt: skip


def test_countries_are_counted_once_for_each_place_and_never_for_people() -> None:
    officials, chinese = country(0, 17, "CHN", "government"), country(0, 7, "CHN")
    counted = count_countries(
        [officials, chinese, country(20, 22, "USA"), country(30, 32, "USA"), country(40, 50, "JPN", "person")]
    )
    assert [(c.code, c.name, c.count) for c in counted] == [("USA", "United States", 2), ("CHN", "China", 1)]


def test_europe_is_no_country_and_the_union_is_one(tagger: DocumentTagger) -> None:
    record = tagger.tag(TextToTag(id="1", text="The EU warned European and Japanese buyers.", language="en"))
    assert [c.code for c in record.countries] == ["EUE", "JPN"]


def test_the_record_says_what_made_it(tagger: DocumentTagger) -> None:
    made = dataclasses.asdict(tagger.tag(TextToTag(id="1", text="China")).tagger)
    assert made["name"] == "dateline" and made["version"][0].isdigit() and "en_core_web" in made["model"]
