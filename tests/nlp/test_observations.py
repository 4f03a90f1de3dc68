"""Observations: indicator, country, partner, goods, period, and the link from a value to the one it came from."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.model import Observation
from nlp.layers import read_layer
from tests.nlp.reading import tagged


def read(nlp: Language, text: str) -> tuple[Observation, ...]:
    return tagged(nlp, text, Observation)


CHANGES_EN = [
    "Indonesia's nickel exports fell to 6,100 tonnes in September from 7,200 tonnes in August.",
    "Indonesia's nickel exports fell from 7,200 tonnes in August to 6,100 tonnes in September.",
    "Indonesia exported 6,100 tonnes of nickel in September, down from 7,200 tonnes in August.",
    "Indonesia raised its fees. According to customs data, the country's nickel exports fell to 6,100 tonnes in"
    " September from 7,200 tonnes in August.",
]
CHANGES_VI = [
    "Xuất khẩu niken của Indonesia giảm xuống còn 6.100 tấn trong tháng 9, từ mức 7.200 tấn của tháng 8.",
    "Xuất khẩu niken của Indonesia giảm từ 7.200 tấn trong tháng 8 xuống 6.100 tấn trong tháng 9.",
]


def assert_one_change(found: tuple[Observation, ...]) -> None:
    by_value = {observation.value: observation for observation in found}
    assert set(by_value) == {6100, 7200}
    after, before = by_value[6100], by_value[7200]
    assert after.change_from == before.id
    assert before.change_from is None
    for observation, period in ((after, "2025-09"), (before, "2025-08")):
        assert observation.indicator == "export_volume"
        assert (observation.country, observation.commodity) == ("IDN", "nickel")
        assert (observation.unit, observation.period) == ("metric ton", period)


@pytest.mark.parametrize("text", CHANGES_EN)
def test_a_fall_from_one_value_to_another_is_two_linked_observations(english: Language, text: str) -> None:
    assert_one_change(read(english, text))


@pytest.mark.parametrize("text", CHANGES_VI)
def test_a_vietnamese_fall_is_the_same_two_observations(vietnamese: Language, text: str) -> None:
    assert_one_change(read(vietnamese, text))


@pytest.mark.parametrize(
    ("text", "indicator", "country", "value"),
    [
        ("Inflation in Japan slowed to 2.1 percent in June.", "inflation", "JPN", 2.1),
        ("Germany's unemployment rate was 6.3 percent in August.", "unemployment", "DEU", 6.3),
        ("India's trade deficit reached $27 billion in August.", "trade_deficit", "IND", 27e9),
        ("US tariff revenue reached $30 billion in August.", "tariff_revenue", "USA", 30e9),
        ("Chile produced 450,000 tonnes of copper in July.", "production", "CHL", 450_000),
    ],
)
def test_an_indicator_is_read_with_its_country(
    english: Language, text: str, indicator: str, country: str, value: float
) -> None:
    assert [(o.indicator, o.country, o.value) for o in read(english, text)] == [(indicator, country, value)]


def test_a_fall_in_percent_is_a_negative_growth(english: Language) -> None:
    growth, volume = read(english, "Indonesia's nickel exports fell 34 percent to 610,000 tonnes in October.")
    assert (growth.indicator, growth.value, growth.period) == ("export_growth", -34, "2025-10")
    assert (volume.indicator, volume.value) == ("export_volume", 610_000)


def test_a_price_takes_the_goods_the_text_is_about_but_no_country(english: Language) -> None:
    (found,) = read(english, "Chile dug less copper. Prices in London rose to $9,600 per tonne.")
    assert (found.indicator, found.country, found.commodity) == ("price", None, "copper")


def test_exports_to_and_imports_from_have_a_partner(english: Language) -> None:
    (exports,) = read(english, "Vietnam's exports to the United States reached $13.2 billion in September.")
    assert (exports.indicator, exports.country, exports.partner) == ("export_value", "VNM", "USA")
    (imports,) = read(english, "Japan's imports of natural gas from Australia fell to 2.1 million tonnes.")
    assert (imports.indicator, imports.country, imports.partner) == ("import_volume", "JPN", "AUS")


def test_vietnamese_exports_to_have_a_partner(vietnamese: Language) -> None:
    (found,) = read(vietnamese, "Kim ngạch xuất khẩu gạo của Việt Nam sang Philippines đạt 1,2 tỷ USD.")
    assert (found.indicator, found.country, found.partner) == ("export_value", "VNM", "PHL")
    assert found.commodity == "rice"


@pytest.mark.parametrize(
    "text",
    [
        "China's exports could fall to 5,000 tonnes.",
        "China's exports did not fall to 5,000 tonnes.",
        "China's exports will reach 5,000 tonnes next year.",
        "Analysts expect China's exports to reach 5,000 tonnes.",
        "If China's exports fall to 5,000 tonnes, prices may rise.",
        "The US imposed a 25% tariff on imports of steel.",
        "The tariff on imports of steel rose to 25%.",
        "The Ministry of Trade set a duty of 16 percent.",
        "China's exports rose to their highest level since 2012.",
        "The company hired 400 people.",
    ],
)
def test_forecasts_denials_tariffs_and_levels_without_figure_are_none(english: Language, text: str) -> None:
    assert read(english, text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "Xuất khẩu của Trung Quốc có thể giảm xuống 5.000 tấn.",
        "Dự kiến xuất khẩu của Trung Quốc đạt 5.000 tấn.",
        "Mỹ áp thuế 25% đối với thép nhập khẩu.",
        "Mức thuế nhập khẩu 25% có hiệu lực.",
        "Doanh nghiệp chỉ được xuất khẩu tối đa 2,5 triệu tấn quặng.",
        "Xuất khẩu đạt mức cao nhất kể từ năm 2012.",
    ],
)
def test_vietnamese_forecasts_and_tariffs_are_none(vietnamese: Language, text: str) -> None:
    assert read(vietnamese, text) == ()


def test_ids_come_from_the_content(english: Language) -> None:
    first, again = read(english, CHANGES_EN[0]), read(english, CHANGES_EN[0])
    assert first == again
    assert len({observation.id for observation in first}) == len(first)


def test_the_span_is_that_of_the_figure(english: Language) -> None:
    for observation in read(english, CHANGES_EN[0]):
        assert CHANGES_EN[0][observation.start : observation.end] == observation.text


def test_inflation_that_rose_by_a_rate_stood_at_it_in_vietnamese(vietnamese: Language) -> None:
    found = read(vietnamese, "Lạm phát tháng 9 tăng 3,38%, cao hơn mức 3,24% của tháng 8.")
    by_value = {one.value: one for one in found}
    assert {(one.indicator, one.period) for one in found} == {
        ("inflation", "2025-09"),
        ("inflation", "2025-08"),
    }
    assert by_value[3.38].change_from == by_value[3.24].id


def test_a_figure_on_a_ministrys_word_is_that_ministrys_country(vietnamese: Language) -> None:
    text = (
        "Tổng thống Pháp Emmanuel Macron đến Hà Nội. Pháp muốn mua thêm gạo. Theo Bộ Kinh tế Brazil, kim ngạch"
        " xuất khẩu thịt bò năm 2024 đạt 1,9 tỷ USD."
    )
    [found] = read_layer(vietnamese(text), Observation)
    assert (found.country, found.commodity, found.value) == ("BRA", "beef", 1.9e9)


WHOSE = {
    "Kim ngạch thương mại giữa Nga và Ấn Độ tăng lên 68 tỷ USD năm ngoái.": ("RUS", "IND"),
    "Sản lượng dầu của OPEC giảm, riêng Iraq khai thác 4 triệu thùng mỗi ngày trong tháng 9.": ("IRQ", None),
    "Thặng dư thương mại của Peru với Chile thu hẹp còn 2 tỷ USD trong tháng 8.": ("PER", "CHL"),
    "Mỹ dẫn đầu với kim ngạch xuất khẩu của Việt Nam đạt 99 tỷ USD trong 8 tháng.": ("VNM", None),
}


@pytest.mark.parametrize("text", WHOSE)
def test_a_figure_is_that_of_whose_trade_it_is_not_of_who_is_named_first(
    vietnamese: Language, text: str
) -> None:
    assert WHOSE[text] in [(one.country, one.partner) for one in read(vietnamese, text)]
