"""English quantities: value, unit, change, what is measured and when."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.model import Quantity
from tests.nlp.reading import tagged


def read(nlp: Language, text: str) -> tuple[Quantity, ...]:
    return tagged(nlp, text, Quantity)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("The fund paid $400 million for the mine.", 4e8, "dollar"),
        ("The loan is worth A$1.2 billion.", 1.2e9, "australian dollar"),
        ("It cost US$58.24 per barrel.", 58.24, "dollar per barrel"),
        ("The fee was 250 million yuan.", 2.5e8, "chinese yuan"),
        ("They paid £3m for it.", 3e6, "pound sterling"),
        ("The tariff rose to 25 percent.", 25, "percentage"),
        ("The bank cut rates by 50 basis points.", 50, "basis point"),
        ("Support fell by 3 percentage points.", 3, "percentage point"),
        ("The car went at 120 km/h.", 120, "kilometre per hour"),
        ("The plant makes 30,000 tonnes a year.", 30_000, "metric ton per year"),
        ("The field covers 12 square kilometres.", 12, "square kilometre"),
        ("It was minus 12 degrees Celsius outside.", -12, "celsius"),
        ("The law covers 23 companies.", 23, "company"),
        ("The firm announced 6,650 job cuts.", 6650, "job cut"),
        ("Beijing listed seven elements.", 7, "element"),
        ("She is 45 years old.", 45, "year of age"),
        ("The truce holds for six weeks.", 6, "week"),
        ("One in five voters stayed at home.", 0.2, "% voter"),
    ],
)
def test_value_and_unit(english: Language, text: str, value: float, unit: str) -> None:
    assert [(q.value, q.unit_normalized) for q in read(english, text)] == [(pytest.approx(value), unit)]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("The levy is 10 percent.", "="),
        ("Prices rose by 3 percent.", "up"),
        ("Shares fell 3 percent.", "down"),
        ("The mine employs about 400 people.", "~"),
        ("The mine employs more than 400 people.", ">"),
        ("The mine employs fewer than 400 people.", "<"),
        ("The fine is up to $5 million.", "<"),
        ("The fine is no more than $5 million.", "<"),
        ("The sum is paid over five years.", "="),
        ("Exports fell to 6,538 tonnes.", "="),
    ],
)
def test_how_the_figure_is_meant(english: Language, text: str, change: str) -> None:
    assert [q.change for q in read(english, text)] == [change]


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("Inflation will be 2 to 3 percent.", 2, 3),
        ("Tickets cost between $62 and $68.", 62, 68),
        ("The battery lasts 5-7 hours.", 5, 7),
        ("The bank cut its rate to 4.00%-4.25%.", 4, 4.25),
        ("It employs three or four workers.", 3, 4),
    ],
)
def test_a_range_is_one_quantity_with_two_values(
    english: Language, text: str, low: float, high: float
) -> None:
    assert [(q.value, q.value_high) for q in read(english, text)] == [(low, high)]


def test_a_rise_and_the_level_it_led_to_are_two_quantities(english: Language) -> None:
    found = read(english, "The deficit grew by $43 billion to $419 billion.")
    assert [(q.value, q.value_high) for q in found] == [(43e9, None), (419e9, None)]


def test_each_figure_has_the_period_it_is_for(english: Language) -> None:
    text = "The country's nickel exports fell to 6,100 tonnes in September from 7,200 tonnes in August."
    assert [(q.value, q.period) for q in read(english, text)] == [(6100, "2025-09"), (7200, "2025-08")]


def test_a_date_of_another_clause_is_no_period(english: Language) -> None:
    (quantity,) = read(english, "The ban, renewed in 2021, covers seven elements.")
    assert quantity.period is None


def test_what_a_figure_is_compared_with_is_no_period(english: Language) -> None:
    (quantity,) = read(english, "Sales in August were up 12 percent over July.")
    assert quantity.period == "2025-08"


def test_a_date_since_which_is_no_period(english: Language) -> None:
    (quantity,) = read(english, "Stocks fell to 40 tonnes, the lowest level since 2012.")
    assert quantity.period is None


def test_the_concept_is_what_is_measured(english: Language) -> None:
    (quantity,) = read(english, "Exports of rare earth products fell to 6,538 tonnes.")
    assert quantity.concept == "Exports of rare earth products"
    assert quantity.concepts == ("Exports", "rare", "earth", "products")


def test_a_tariff_is_the_concept_of_its_rate(english: Language) -> None:
    (quantity,) = read(english, "The ministry imposed a 25% duty on steel.")
    assert quantity.concept.startswith("duty")


@pytest.mark.parametrize(
    "text",
    [
        "The G7 met on Tuesday.",
        "Denmark bought the F-35 in 2019.",
        "Covid-19 returned.",
        "They met on 9 October 2025 at 10:30.",
        "He finished 22nd.",
        "The team won 2-2.",
        "Carriers built 5G networks.",
        "It was a Category 4 storm.",
        "Resolution No. 57 was passed in 2012.",
        "Comment (0)",
        "One of them left.",
        "The S&P 500 closed.",
    ],
)
def test_names_dates_ordinals_and_counters_are_no_quantities(english: Language, text: str) -> None:
    assert read(english, text) == ()


def test_a_figure_in_brackets_repeats_the_one_before_it(english: Language) -> None:
    first, second = read(english, "The moths fly more than 100 kilometres (60 miles).")
    assert (first.change, second.change) == (">", ">")
    assert first.concept == second.concept


def test_the_words_as_written_are_kept_beside_the_normal_unit(english: Language) -> None:
    (quantity,) = read(english, "Exports fell to 6,538 tonnes.")
    assert (quantity.text, quantity.unit, quantity.unit_normalized) == (
        "6,538 tonnes",
        "tonnes",
        "metric ton",
    )


def test_what_edged_up_to_a_figure_reached_it(english: Language) -> None:
    (edged,) = read(english, "The rate edged up to 4.3 percent.")
    (bound,) = read(english, "They may keep up to 4.3 percent.")
    assert (edged.change, bound.change) == ("=", "<")
