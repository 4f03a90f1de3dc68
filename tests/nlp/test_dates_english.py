"""English time expressions, read in texts of Monday, 20 October 2025."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.model import TimeExpression
from tests.nlp.reading import tagged


def values(nlp: Language, text: str, published: str | None = "2025-10-20") -> dict[str, str]:
    return {time.text: time.value for time in tagged(nlp, text, TimeExpression, published)}


@pytest.mark.parametrize(
    ("text", "words", "value"),
    [
        ("The ban was announced on 9 October 2025.", "9 October 2025", "2025-10-09"),
        ("The rules took effect on the 3rd of June, 2024.", "the 3rd of June, 2024", "2024-06-03"),
        ("The tariff took effect on 2025-08-07.", "2025-08-07", "2025-08-07"),
        ("Sales fell in September.", "September", "2025-09"),
        ("Sales fell in December.", "December", "2024-12"),
        ("The ministers will meet in December.", "December", "2025-12"),
        ("Output grew in the third quarter of 2025.", "the third quarter of 2025", "2025-Q3"),
        ("The firm made a loss in Q3.", "Q3", "2025-Q3"),
        ("Profits fell in the fourth quarter of last year.", "the fourth quarter of last year", "2024-Q4"),
        ("It was the highest level since 2012.", "2012", "2012"),
        ("Talks opened in early October.", "early October", "2025-10"),
        ("The mine will open in mid-2026.", "mid-2026", "2026"),
        ("The quota will rise by the end of the month.", "the end of the month", "2025-10"),
        ("The two sides will meet next week.", "next week", "2025-W44"),
        ("Prices rose last week.", "last week", "2025-W42"),
        ("The minister spoke on Friday.", "Friday", "2025-10-17"),
        ("The minister will speak on Friday.", "Friday", "2025-10-24"),
        ("He resigned yesterday.", "yesterday", "2025-10-19"),
        ("The plant shut two years ago.", "two years ago", "2023"),
        ("The economy stagnated in the 1990s.", "the 1990s", "199"),
        ("The plan covers the years 2025-26.", "2025-26", "2025/2026"),
        ("From January to September sales grew.", "January", "2025-01"),
        ("He left on Oct. 9; the day before, he had signed.", "the day before", "2025-10-08"),
        ("The rules came in on the 15th.", "the 15th", "2025-10-15"),
        ("Controls that start Dec. 1 will be strict.", "Dec. 1", "2025-12-01"),
        ("Revenue doubled in FY2025.", "FY2025", "FY2025"),
        ("The truce lasts for three months.", "three months", "P3M"),
        ("Exports grew over the previous several months.", "the previous several months", "PXM"),
        ("The committee meets every two weeks.", "every two weeks", "P2W"),
        ("The bank holds annual meetings.", "annual", "P1Y"),
        ("The vote ended at 18:00 UTC on Thursday.", "18:00 UTC", "2025-10-16T18:00Z"),
        ("The summit begins on Friday morning.", "Friday morning", "2025-10-24TMO"),
    ],
)
def test_the_words_have_the_value(english: Language, text: str, words: str, value: str) -> None:
    assert values(english, text).get(words) == value


def test_a_year_earlier_is_told_from_the_period_before_it(english: Language) -> None:
    found = values(english, "Output rose in the third quarter of 2025 from a year earlier.")
    assert found["a year earlier"] == "2024-Q3"


def test_the_same_month_last_year_is_a_month(english: Language) -> None:
    found = values(english, "Sales fell in August from the same month last year.")
    assert found["the same month last year"] == "2024-08"


def test_a_month_has_its_first_and_last_day(english: Language) -> None:
    (time,) = tagged(english, "Sales fell in September.", TimeExpression)
    assert (time.date_start, time.date_end) == ("2025-09-01", "2025-09-30")


@pytest.mark.parametrize(
    "text",
    [
        "May said the deal was dead.",
        "They may march on the capital.",
        "The device costs $2000 and weighs 1900 kg.",
        "The firm hired 2000 people.",
        "We sat in the second row.",
        "Troops march past the town.",
        "She is 45 years old.",
    ],
)
def test_what_only_looks_like_a_date_is_none(english: Language, text: str) -> None:
    assert values(english, text) == {}


def test_may_the_month_is_told_from_may_the_person(english: Language) -> None:
    assert values(english, "May said in May that she would resign.") == {"May": "2025-05"}


def test_without_an_anchor_relative_words_stay_relative(english: Language) -> None:
    found = values(english, "He said today that prices fell last year and would fall next week.", None)
    assert found == {"today": "PRESENT_REF", "last year": "PAST_REF", "next week": "FUTURE_REF"}


def test_without_an_anchor_a_month_has_no_year(english: Language) -> None:
    (time,) = tagged(english, "Sales fell in September.", TimeExpression, None)
    assert (time.value, time.date_start) == ("XXXX-09", None)


def test_times_beyond_the_calendar_do_no_harm(english: Language) -> None:
    assert values(english, "The star died 9000000 years ago, or will die in 900000 decades.") is not None
