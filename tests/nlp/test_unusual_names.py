"""Names of all kinds of people, long and short, and where their country and role are told."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.model import Mention
from tests.nlp.reading import tagged


def people(nlp: Language, text: str) -> list[tuple[str, str, str, str | None]]:
    return [
        (m.text, m.entity_id.removeprefix("person/"), m.country, m.role)
        for m in tagged(nlp, text, Mention)
        if m.kind == "person" and m.form != "nominal"
    ]


@pytest.mark.parametrize(
    ("text", "name", "identity"),
    [
        ("Foreign Minister Faisal bin Farhan al-Saud left.", "Faisal bin Farhan al-Saud", "faisal-bin-farhan"),
        (
            "Jean-Claude Juncker met Marie-Louise Coleiro Preca.",
            "Marie-Louise Coleiro Preca", "x-marie-louise-coleiro-preca-unknown",
        ),
        ("Donald Trump Jr. visited Belgrade.", "Donald Trump Jr.", "x-donald-trump-jr-unknown"),
        ("Senator Charles E. Schumer objected.", "Charles E. Schumer", "chuck-schumer"),
        ("Kristalina I. Georgieva spoke in Lima.", "Kristalina I. Georgieva", "kristalina-georgieva"),
        ("The former president Jokowi smiled.", "Jokowi", "joko-widodo"),
    ],
)  # fmt: skip
def test_a_name_is_whole_and_belongs_to_its_bearer(
    english: Language, text: str, name: str, identity: str
) -> None:
    assert (name, identity) in [found[:2] for found in people(english, text)]


def test_the_last_part_of_a_name_is_enough_later(english: Language) -> None:
    found = people(english, "Airlangga Hartarto flew to Geneva. Hartarto came back on Friday.")
    assert [one[1] for one in found] == ["airlangga-hartarto"] * 2


@pytest.mark.parametrize(
    ("text", "name", "country", "role"),
    [
        ("Spanish novelist Gabriela Iturbe lives in Mexico City.", "Gabriela Iturbe", "ESP", None),
        ("At a Chinese restaurant John Smith ate noodles.", "John Smith", "---", None),
        ("The chief executive of Rio Tinto, Simon Tarrow, resigned.", "Simon Tarrow", "GBR", "Chief Executive"),
        ("A spokesperson for the Commerce Department, Tom Halley, agreed.", "Tom Halley", "USA", "Spokesperson"),
        ("Mayor of London Sadiq Karim met her.", "Sadiq Karim", "GBR", "Mayor"),
        ("Minister for Trade and Tourism Don Farrow said Australia would wait.", "Don Farrow", "---", "Trade Minister"),
        ("Georgia's governor Brian Kettle spoke in Atlanta.", "Brian Kettle", "USA", "Governor"),
        (
            "Polish Agriculture Minister Stefan Kraski and his Ukrainian counterpart Taras Vysotsky talked.",
            "Taras Vysotsky", "UKR", "Agriculture Minister",
        ),
    ],
)  # fmt: skip
def test_country_and_role_stand_in_the_words_around(
    english: Language, text: str, name: str, country: str, role: str | None
) -> None:
    assert (name, country, role) in [(one[0], one[2], one[3]) for one in people(english, text)]


def test_of_two_offices_told_the_higher_one_stays(english: Language) -> None:
    found = people(english, "Trade Minister Ann Orlebar of Canada left. Orlebar, a senator, flew home.")
    assert {one[3] for one in found} == {"Trade Minister"}


def test_a_title_is_no_family_name(english: Language) -> None:
    assert [one[0] for one in people(english, "King Charles III hosted them.")] == ["Charles III"]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("HANOI, Oct 20 (Xinhua) -- Prime Minister Pham Minh Chinh said so.", "HANOI"),
        ("WASHINGTON (Reuters) - The dollar fell.", "WASHINGTON"),
    ],
)
def test_where_a_report_was_sent_from_is_a_place(english: Language, text: str, place: str) -> None:
    assert [m.kind for m in tagged(english, text, Mention) if m.text == place] == ["place"]


def test_the_longer_of_two_known_names_wins(english: Language) -> None:
    found = tagged(english, "A pact with the Gulf Cooperation Council came late.", Mention)
    assert [m.entity_id for m in found] == ["org/gcc"]


def test_a_company_suffix_is_no_country(english: Language) -> None:
    assert "ZAF" not in [m.country for m in tagged(english, "Vale SA cut its output.", Mention)]


@pytest.mark.parametrize(
    ("text", "name", "country", "role"),
    [
        ("Bà Takahara, tân Thủ tướng Nhật Bản, phát biểu.", "Takahara", "JPN", "Prime Minister"),
        ("Thứ trưởng Lê Hoàng Tài họp báo.", "Lê Hoàng Tài", "VNM", "Vice Minister"),
        ("Bộ trưởng Tài chính Scott Bessent đến Kuala Lumpur.", "Scott Bessent", "USA", "Treasury Secretary"),
        (
            "Bộ trưởng Bộ Kinh tế, Thương mại và Công nghiệp Nhật Bản Kenji Morita đến thăm.",
            "Kenji Morita", "JPN", "Trade and Industry Minister",
        ),
        ("Nông dân Lê Văn Bảy bán lúa.", "Lê Văn Bảy", "---", None),
    ],
)  # fmt: skip
def test_vietnamese_text_tells_country_and_role_too(
    vietnamese: Language, text: str, name: str, country: str, role: str | None
) -> None:
    assert (name, country, role) in [(one[0], one[2], one[3]) for one in people(vietnamese, text)]


def test_neither_a_street_nor_a_company_is_a_person(vietnamese: Language) -> None:
    text = "Công ty ở đường Lê Văn Lương. Giám đốc công ty Minh Phú phát biểu."
    assert people(vietnamese, text) == []


def test_two_capitals_act_together(vietnamese: Language) -> None:
    found = tagged(vietnamese, "Tokyo và Seoul cảnh báo về giá thép.", Mention)
    assert [(m.kind, m.country) for m in found] == [("government", "JPN"), ("government", "KOR")]


def test_two_halves_of_a_name_are_one(english: Language) -> None:
    found = people(
        english, "Investment fell, reckons Ximena Ibarra Montes de Oca, an economist in Monterrey."
    )
    assert [one[0] for one in found] == ["Ximena Ibarra Montes de Oca"]


def test_a_ministry_of_several_things_may_be_called_by_them(english: Language) -> None:
    text = "Japan's Economy, Trade and Industry Ministry asked for reports."
    assert [m.entity_id for m in tagged(english, text, Mention) if m.kind == "ministry"] == ["org/meti"]


@pytest.mark.parametrize(
    ("text", "name", "role"),
    [
        ("Thứ trưởng Công Thương Đinh Sinh Nhật Minh họp báo.", "Đinh Sinh Nhật Minh", "Vice Minister"),
        ("Tổng Bí thư, Chủ tịch nước Tô Lâm phát biểu.", "Tô Lâm", "General Secretary"),
        ("Phó Thủ tướng Hà Lập Phong sẽ bay sang Mỹ.", "Hà Lập Phong", "Vice Premier"),
        ("Chủ tịch Martin Schlegel của Thụy Sĩ không nói gì.", "Martin Schlegel", None),
    ],
)
def test_offices_are_told_apart_in_vietnamese(
    vietnamese: Language, text: str, name: str, role: str | None
) -> None:
    found = {one[0]: one[3] for one in people(vietnamese, text)}
    assert found.get(name, "missing") in ((role, "Central Bank Governor") if role is None else (role,))


def test_a_family_name_of_several_words_comes_again(vietnamese: Language) -> None:
    found = people(vietnamese, "Bà Ursula von der Leyen đến Hà Nội. Bà von der Leyen gặp báo chí.")
    assert [one[1] for one in found] == ["ursula-von-der-leyen"] * 2


def test_who_led_a_country_once_is_known_by_the_family_name(vietnamese: Language) -> None:
    assert [one[1] for one in people(vietnamese, "Ông Biden chỉ trích mức thuế.")] == ["joe-biden"]


def test_a_title_of_the_next_person_is_not_that_of_the_one_before(english: Language) -> None:
    found = people(english, "Kim Yong-beom, President Lee Jae-myung's policy chief, spoke.")
    assert [(one[0], one[3]) for one in found] == [("Kim Yong-beom", None), ("Lee Jae-myung", "President")]


def test_every_country_has_its_own_congress(english: Language) -> None:
    found = tagged(english, "Chile's Congress passed it. The U.S. Congress did not.", Mention)
    assert [m.country for m in found if m.kind == "organisation"] == ["CHL", "USA"]


def test_a_headline_has_the_whole_family_name(english: Language) -> None:
    text = "Deal is near, says von der Leyen\n\nUrsula von der Leyen met Brazil's president."
    assert [one[:2] for one in people(english, text)][:1] == [("von der Leyen", "ursula-von-der-leyen")]


def test_a_younger_mans_dot_does_not_make_him_another(vietnamese: Language) -> None:
    found = tagged(vietnamese, "Tổng thống Philippines Ferdinand Marcos Jr. đã ký sắc lệnh.", Mention)
    assert "person/ferdinand-marcos-jr" in {mention.entity_id for mention in found}


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Brazil has not answered, but Congress passed a law. The US did not.", "BRA"),
        ("Peru's economy grew. Congress censured a minister.", "PER"),
        ("Trump asked Congress for money.", "USA"),
        ("A deal between China and the US needs the approval of Congress.", "USA"),
        ("Canada hopes that Congress will act.", "USA"),
    ],
)
def test_a_congress_is_that_of_the_country_spoken_of(english: Language, text: str, country: str) -> None:
    assert {m.country for m in tagged(english, text, Mention) if m.text == "Congress"} == {country}


def test_a_ship_with_a_founders_namesake_is_no_firm(vietnamese: Language) -> None:
    found = tagged(vietnamese, "Mỹ điều tàu sân bay USS Gerald R. Ford tới Caribe.", Mention)
    assert [m.text for m in found if m.kind == "company"] == []
    assert [m.text for m in tagged(vietnamese, "Hãng Ford bán xe.", Mention) if m.kind == "company"] == [
        "Ford"
    ]
