"""What names mean in their document: seats of unions, shortened bodies, officials of a region, offices left."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.model import Mention
from tests.nlp.reading import tagged


def named(nlp: Language, text: str, words: str) -> Mention | None:
    """The first mention of just these words."""
    return next((m for m in tagged(nlp, text, Mention) if m.text == words), None)


def identity(nlp: Language, text: str, words: str) -> tuple[str, str, str] | None:
    found = named(nlp, text, words)
    return (found.kind, found.entity_id, found.country) if found else None


def test_brussels_acts_for_the_union(english: Language) -> None:
    text = "Brussels imposed duties on ceramic tiles. Turkish exporters protested."
    assert identity(english, text, "Brussels") == ("bloc", "bloc/eu", "EUE")


def test_brussels_acts_for_belgium_where_only_belgium_is_spoken_of(english: Language) -> None:
    text = "Brussels raised the tax on beer. Many Belgian brewers complained, and Belgium's farmers did too."
    assert identity(english, text, "Brussels") == ("government", "gov/BEL", "BEL")


@pytest.mark.parametrize("words", ["European regulators", "European diplomats"])
def test_officials_of_europe_are_those_of_the_union(english: Language, words: str) -> None:
    assert identity(english, f"{words} rejected the offer.", words) == ("government", "bloc/eu", "EUE")


def test_officials_of_europe_are_those_of_the_union_in_vietnamese(vietnamese: Language) -> None:
    text = "Giới chức châu Âu phản đối mức thuế mới."
    assert identity(vietnamese, text, "Giới chức châu Âu") == ("government", "bloc/eu", "EUE")


def test_state_media_are_no_government(english: Language) -> None:
    assert named(english, "Iranian state television showed the launch.", "Iranian state") is None


def test_ministers_of_a_bloc_are_the_bloc(english: Language) -> None:
    found = named(english, "G20 ministers meet in Durban on Thursday.", "G20 ministers")
    assert found is None or found.entity_id == "bloc/g20"


def test_a_body_is_known_again_by_its_head_word(english: Language) -> None:
    text = "The World Bank lent the money in June. The Bank will decide about more in autumn."
    assert identity(english, text, "Bank") == identity(english, text, "World Bank")


def test_a_head_word_without_a_body_before_it_is_not_linked(english: Language) -> None:
    found = named(english, "The Bank will decide in autumn, traders said.", "Bank")
    assert found is None or found.entity_id == "org/x-bank"


def test_the_name_of_a_central_bank_stays_whole(english: Language) -> None:
    text = "The Reserve Bank of New Zealand left rates alone. The Reserve Bank of India did not."
    found = [m.text for m in tagged(english, text, Mention) if m.kind == "organisation"]
    assert found == ["Reserve Bank of New Zealand", "Reserve Bank of India"]


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("The smelter in Duisburg will be closed.", "Duisburg", "DEU"),
        ("Growers in Buon Ma Thuot sold less.", "Buon Ma Thuot", "VNM"),
        ("Ships waited off Busan for a week.", "Busan", "KOR"),
    ],
)
def test_cities_have_their_country(english: Language, text: str, words: str, country: str) -> None:
    found = named(english, text, words)
    assert found is not None
    assert (found.kind, found.country) == ("place", country)


@pytest.mark.parametrize(
    ("text", "words", "country"),
    [
        ("Hội nghị khai mạc tại Frankfurt hôm nay.", "Frankfurt", "DEU"),
        ("Giá cà phê tại Buôn Ma Thuột tăng nhẹ.", "Buôn Ma Thuột", "VNM"),
        ("Các bộ trưởng gặp nhau ở Jeju.", "Jeju", "KOR"),
    ],
)
def test_cities_have_their_country_in_vietnamese(
    vietnamese: Language, text: str, words: str, country: str
) -> None:
    found = named(vietnamese, text, words)
    assert found is not None
    assert (found.kind, found.country) == ("place", country)


def test_an_office_that_was_left_is_told_as_left_wherever_the_person_is_named(english: Language) -> None:
    text = "Former President Joe Biden opened the port. Biden praised the dockers."
    roles = [m.role for m in tagged(english, text, Mention) if m.kind == "person"]
    assert roles == ["former President", "former President"]


def test_the_department_within_a_title_is_no_body_of_its_own(english: Language) -> None:
    text = "In Tokyo, US Treasury Secretary Scott Bessent praised the plan."
    found = tagged(english, text, Mention)
    assert [m.text for m in found if m.kind in ("ministry", "organisation")] == []
    assert [m.country for m in found if m.text == "US"] == ["USA"]


def test_a_ministry_is_that_of_the_capital_named_in_its_sentence(english: Language) -> None:
    found = named(english, "In Seoul, the trade ministry said stocks were low.", "trade ministry")
    assert found is not None
    assert found.country == "KOR"


def test_a_sum_in_dollars_speaks_of_no_country(english: Language) -> None:
    found = tagged(english, "Chile sold the ore for 95 US dollars per tonne.", Mention)
    assert [m.country for m in found if m.kind == "country"] == ["CHL"]


def test_a_bank_of_officials_is_one_mention_in_vietnamese(vietnamese: Language) -> None:
    found = tagged(vietnamese, "Các quan chức Ấn Độ đến Hà Nội.", Mention)
    assert [m.text for m in found if m.kind == "government"] == ["Các quan chức Ấn Độ"]


def test_a_portfolio_that_no_table_has_is_no_part_of_the_name(vietnamese: Language) -> None:
    text = "Thái Lan hoan nghênh đề xuất. Bộ trưởng Thể thao Somchai Wongsa sẽ thăm Lào."
    people = [(m.text, m.country) for m in tagged(vietnamese, text, Mention) if m.kind == "person"]
    assert people == [("Somchai Wongsa", "THA")]


def test_germany_is_a_country_and_duc_in_a_name_is_not(vietnamese: Language) -> None:
    text = "Đức mua thêm cà phê. Ông Trần Minh Đức bán sang Đức."
    found = [(m.text, m.kind) for m in tagged(vietnamese, text, Mention)]
    assert found == [("Đức", "country"), ("Trần Minh Đức", "person"), ("Đức", "country")]
