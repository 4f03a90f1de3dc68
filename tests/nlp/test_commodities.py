"""Goods are found with their HS headings, in both languages."""

from __future__ import annotations

from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from nlp.layers import CommodityMention, read_layer


def goods(nlp: Language, text: str) -> list[tuple[str, str]]:
    return [(c.text, c.name) for c in read_layer(nlp(text), CommodityMention)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("China exported rare earth products.", [("rare earth products", "rare_earths")]),
        ("Rare-earth magnets are scarce.", [("Rare-earth magnets", "rare_earth_magnets")]),
        ("GALLIUM and germanium need licences.", [("GALLIUM", "gallium"), ("germanium", "germanium")]),
        ("It was a good day for honey-coloured walls and silk dreams.", []),
        ("India limits honey exports.", [("honey", "honey")]),
    ],
)
def test_english_terms_the_longest_first_in_any_case(
    english: Language, text: str, expected: list[tuple[str, str]]
) -> None:
    assert goods(english, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Trung Quốc xuất khẩu đất hiếm.", [("đất hiếm", "rare_earths")]),
        ("Nam châm đất hiếm khan hiếm.", [("Nam châm đất hiếm", "rare_earth_magnets")]),
        ("Đi qua con đường này.", []),
    ],
)
def test_vietnamese_terms(vietnamese: Language, text: str, expected: list[tuple[str, str]]) -> None:
    assert goods(vietnamese, text) == expected


def test_headings_come_along(english: Language) -> None:
    found = read_layer(english("Exports of gallium stopped."), CommodityMention)
    assert [c.hs for c in found] == [("8112",)]


def test_the_component_survives_the_disk(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("dateline_commodities")
    nlp.to_disk(tmp_path / "model")
    assert goods(spacy.load(tmp_path / "model"), "cobalt hydroxide and nickel ore") != []


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Chile đồng ý giảm thuế nhập khẩu 20%.", []),
        ("Kim ngạch xuất khẩu đạt 5 tỷ đồng, giá 500 đồng một kg.", []),
        ("Tỷ giá đồng yên ảnh hưởng đến xuất khẩu của cộng đồng doanh nghiệp.", []),
        ("EU gỡ thẻ vàng đối với thủy sản xuất khẩu.", ["seafood"]),
        ("Ông Ngô nói xuất khẩu tăng.", []),
        ("Lào nối tuyến đường sắt để xuất khẩu.", []),
        ("Chile xuất khẩu đồng, vàng và đường.", ["copper", "gold", "sugar"]),
    ],
)
def test_a_syllable_of_another_word_is_no_good(vietnamese: Language, text: str, names: list[str]) -> None:
    assert [one.name for one in read_layer(vietnamese(text), CommodityMention)] == names
