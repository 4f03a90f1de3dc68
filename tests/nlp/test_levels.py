"""A figure is an observation only where it is what the indicator stood at, or a rate of growth told as one."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.model import Observation, Quantity, TimeExpression
from tests.nlp.reading import tagged


def values(nlp: Language, text: str) -> list[tuple[str, float]]:
    return [(found.indicator, found.value) for found in tagged(nlp, text, Observation)]


@pytest.mark.parametrize(
    "text",
    [
        "The Bank of Korea lowered its key rate by 50 basis points.",
        "Copper prices were trimmed by 40 dollars a tonne in June.",
        "Peru's exports rose by 2 billion dollars in May.",
        "Exports of tiles to Canada face a 30 percent tariff.",
    ],
)
def test_the_amount_of_a_change_and_a_tax_are_no_level(english: Language, text: str) -> None:
    assert values(english, text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Ngân hàng trung ương hạ lãi suất 50 điểm cơ bản.",
        "Dự trữ dầu của Ấn Độ tăng gấp bốn lần.",
        "Trung Quốc kiểm soát xuất khẩu đối với 9 kim loại.",
    ],
)
def test_neither_are_they_in_vietnamese(vietnamese: Language, text: str) -> None:
    assert values(vietnamese, text) == []


def test_the_level_after_a_change_stays(english: Language) -> None:
    text = "Norges Bank cut its key rate by 25 basis points to 4.25 percent in June."
    assert values(english, text) == [("interest_rate", 4.25)]


def test_growth_right_behind_a_figure_is_of_the_same_indicator(english: Language) -> None:
    text = "Peru exported 210,000 tonnes of copper in May, an increase of 6 percent over April."
    assert ("export_growth", 6.0) in values(english, text)


def test_raised_by_is_a_change(english: Language) -> None:
    found = tagged(english, "The Bank of Japan raised its rate by 25 basis points.", Quantity)
    assert [(quantity.value, quantity.change) for quantity in found] == [(25.0, "up")]


def test_a_group_of_twenty_is_no_amount(english: Language) -> None:
    assert tagged(english, "The Group of Twenty approved the G20 plan.", Quantity) == ()


def test_counted_nouns_are_named_in_english(vietnamese: Language) -> None:
    text = "Có 45 dự án, 12 kim loại và hai hiệp định."
    found = tagged(vietnamese, text, Quantity)
    assert [quantity.unit_normalized for quantity in found] == ["project", "metal", "agreement"]


def test_lower_than_is_no_bound_in_vietnamese(vietnamese: Language) -> None:
    found = tagged(vietnamese, "Con số này thấp hơn mức 6 triệu tấn.", Quantity)
    assert [quantity.change for quantity in found] == ["="]


def test_supplying_is_no_rank(vietnamese: Language) -> None:
    found = tagged(vietnamese, "Chile cung cấp 27% lượng đồng của thế giới.", Quantity)
    assert [quantity.value for quantity in found] == [27.0]


@pytest.mark.parametrize(
    "text",
    [
        "The envoys would meet again in May.",
        "A pact may be signed in May.",
        "The minister flies home in May.",
    ],
)
def test_what_is_to_come_lies_ahead(english: Language, text: str) -> None:
    assert [time.value for time in tagged(english, text, TimeExpression)] == ["2026-05"]
