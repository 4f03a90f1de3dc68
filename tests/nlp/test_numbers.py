"""Numbers in words and figures, in both ways of writing them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.amounts.numbers import decimal_style, find_numbers, parse_figure


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6,538 tonnes", 6538),
        ("1.5 million people", 1.5e6),
        ("$1.2bn", 1.2e9),
        ("$40m", 40e6),
        ("twenty-five men", 25),
        ("one hundred and five cases", 105),
        ("half a million homes", 500_000),
        ("a quarter of a million homes", 250_000),
        ("two and a half years", 2.5),
        ("four hundred million people", 4e8),
        ("35 lakh rupees", 3.5e6),
        ("10 1/2 miles", 10.5),
        ("a dozen eggs", 12),
        ("one in five voters", 0.2),
        ("two-thirds of the votes", 2 / 3),
    ],
)
def test_english_words_and_figures_are_worth(text: str, value: float) -> None:
    assert find_numbers(text, "en")[0].value == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("6.538 tấn", 6538),
        ("10,9%", 10.9),
        ("1,2 tỷ USD", 1.2e9),
        ("1.234.567,5 đồng", 1234567.5),
        ("hai mươi lăm nghìn người", 25_000),
        ("sáu trăm linh năm", 605),
        ("hai triệu rưỡi", 2.5e6),
        ("15 ngàn tấn", 15_000),
        ("1,5 nghìn tỷ đồng", 1.5e12),
        ("hai phần ba số phiếu", 2 / 3),
    ],
)
def test_vietnamese_words_and_figures_are_worth(text: str, value: float) -> None:
    assert find_numbers(text, "vi")[0].value == pytest.approx(value)


def test_forty_eight_m_is_metres_but_money_and_people_come_in_millions() -> None:
    assert [n.value for n in find_numbers("48m long, $48m and 48m people", "en")] == [48, 48e6, 48e6]


def test_tens_of_thousands_is_open_to_the_next_power() -> None:
    (number,) = find_numbers("tens of thousands of homes", "en")
    assert (number.value, number.high) == (10_000, 100_000)


def test_a_vietnamese_text_with_english_figures_is_read_by_its_figures() -> None:
    text = "Xuất khẩu đạt 1,250 tấn, tăng 10.9% và 3.5%."
    assert decimal_style(text, "vi") == "point"
    assert [n.value for n in find_numbers(text, "vi")] == [1250, 10.9, 3.5]


def test_an_english_text_with_vietnamese_figures_is_read_by_its_figures() -> None:
    text = "Exports fell to 6.538 tonnes, down 10,9 percent."
    assert [n.value for n in find_numbers(text, "en")] == [6538, 10.9]


@given(st.integers(0, 10**12), st.integers(0, 99))
def test_both_styles_write_the_same_number(whole: int, hundredths: int) -> None:
    point = f"{whole:,}.{hundredths:02d}"
    comma = point.translate(str.maketrans(",.", ".,"))
    assert (
        parse_figure(point, "point")
        == parse_figure(comma, "comma")
        == pytest.approx(whole + hundredths / 100)
    )


@given(st.text(alphabet="0123456789.,/ -$%abcm½triệunăm\n", max_size=60), st.sampled_from(["en", "vi"]))
def test_numbers_lie_in_their_text_in_order_without_overlap(text: str, language: str) -> None:
    end = 0
    for number in find_numbers(text, language):
        assert end <= number.start < number.end <= len(text)
        end = number.end
