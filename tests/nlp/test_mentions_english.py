"""Who and what an English text names: names, titles, short forms, acting capitals, and the known traps."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest
import spacy
from spacy.language import Language

from db.model import Mention
from nlp.layers import read_layer


def mentions(nlp: Language, text: str, published: str | None = "2025-10-20") -> list[Mention]:
    doc = nlp.make_doc(text)
    doc._.published = published
    return list(read_layer(nlp(doc), Mention))


def people(nlp: Language, text: str, published: str | None = "2025-10-20") -> list[tuple[str, str]]:
    return [(m.text, m.name) for m in mentions(nlp, text, published) if m.kind == "person"]


def only(found: list[Mention], text: str) -> Mention:
    named = [m for m in found if m.text == text]
    assert len(named) == 1, [m.text for m in found]
    return named[0]


def test_titles_give_role_and_country_and_the_span_is_the_name_alone(english: Language) -> None:
    found = mentions(
        english, "Japanese Finance Minister Katsunobu Kato met Chinese Vice Premier He Lifeng in Seoul."
    )
    kato, he = only(found, "Katsunobu Kato"), only(found, "He Lifeng")
    assert (kato.kind, kato.entity_id, kato.role, kato.country) == (
        "person", "person/katsunobu-kato", "Finance Minister", "JPN",
    )  # fmt: skip
    assert (he.role, he.country) == ("Vice Premier", "CHN")


def test_a_title_after_the_name_counts_as_well(english: Language) -> None:
    found = mentions(english, "Talks with Hans Castorp, Sweden's trade minister, were short.")
    assert (only(found, "Hans Castorp").role, only(found, "Hans Castorp").country) == (
        "Trade Minister",
        "SWE",
    )


def test_a_role_that_only_one_country_has_gives_the_country(english: Language) -> None:
    found = mentions(english, "Treasury Secretary Jane Example spoke on Monday.")
    assert (only(found, "Jane Example").role, only(found, "Jane Example").country) == (
        "Treasury Secretary",
        "USA",
    )


def test_an_official_of_the_union_belongs_to_the_union(english: Language) -> None:
    found = mentions(
        english, "The European Commission president, Ursula von der Leyen, spoke. Von der Leyen left."
    )
    for m in (m for m in found if m.kind == "person"):
        assert (m.entity_id, m.country, m.role) == (
            "person/ursula-von-der-leyen", "EUE", "European Commission President",
        )  # fmt: skip


def test_unknown_people_get_an_id_from_name_and_country_and_keep_it(english: Language) -> None:
    found = mentions(english, "Canadian Trade Minister Tamsin Orlebar signed. Later Orlebar smiled.")
    assert [(m.text, m.form, m.entity_id) for m in found if m.kind == "person"] == [
        ("Tamsin Orlebar", "full", "person/x-tamsin-orlebar-can"),
        ("Orlebar", "short", "person/x-tamsin-orlebar-can"),
    ]


def test_short_forms_and_the_minister_are_the_person_named_before(english: Language) -> None:
    text = "Japanese Finance Minister Katsunobu Kato spoke. The minister warned of risks. Mr Kato left for Paris."
    found = [(m.text, m.form, m.entity_id) for m in mentions(english, text) if m.kind == "person"]
    assert found == [
        ("Katsunobu Kato", "full", "person/katsunobu-kato"),
        ("minister", "nominal", "person/katsunobu-kato"),
        ("Kato", "short", "person/katsunobu-kato"),
    ]


def test_a_headline_may_use_the_short_name_first(english: Language) -> None:
    text = "Orlebar signs deal\n\nCanadian Trade Minister Tamsin Orlebar signed a deal on Monday."
    assert {m.entity_id for m in mentions(english, text) if m.kind == "person"} == {
        "person/x-tamsin-orlebar-can"
    }


def test_vice_premier_he_is_a_person_and_he_said_is_not(english: Language) -> None:
    assert people(english, "Vice Premier He said the talks were frank. He said no more.") == [
        ("He", "He Lifeng")
    ]
    assert people(english, "He said Beijing would respond.") == []


def test_he_in_mid_sentence_is_the_person_that_the_text_names(english: Language) -> None:
    text = "He Lifeng flew to Kuala Lumpur. Bessent and He agreed on a date. He said little."
    assert people(english, text) == [
        ("He Lifeng", "He Lifeng"), ("Bessent", "Scott Bessent"), ("He", "He Lifeng"),
    ]  # fmt: skip


def test_may_speaks_and_may_is_a_month(english: Language) -> None:
    text = "Theresa May met ministers. May said in May that the deal was done."
    assert people(english, text, "2018-05-30") == [("Theresa May", "Theresa May"), ("May", "Theresa May")]


def test_two_kims_stay_two(english: Language) -> None:
    text = "North Korean leader Kim Jong Un spoke. His sister Kim Yo Jong criticised Seoul. Kim Jong Un left."
    assert [m.entity_id for m in mentions(english, text) if m.kind == "person"] == [
        "person/kim-jong-un", "person/kim-yo-jong", "person/kim-jong-un",
    ]  # fmt: skip


def test_title_and_country_tell_namesakes_apart(english: Language) -> None:
    text = (
        "Dutch Trade Minister Jan Kuiper met Belgian Finance Minister Piet Kuiper. "
        "Trade Minister Kuiper was silent, while Belgian Finance Minister Kuiper spoke."
    )
    assert [m.entity_id for m in mentions(english, text) if m.kind == "person"] == [
        "person/x-jan-kuiper-nld", "person/x-piet-kuiper-bel", "person/x-jan-kuiper-nld", "person/x-piet-kuiper-bel",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("published", "name"), [("2022-03-01", "Janet Yellen"), ("2025-10-20", "Scott Bessent")]
)
def test_a_bare_family_name_is_the_holder_of_the_office_on_that_day(
    english: Language, published: str, name: str
) -> None:
    surname = name.split()[-1]
    assert people(english, f"Treasury Secretary {surname} said so.", published) == [(surname, name)]


def test_washington_is_a_paper_a_state_a_person_and_a_government(english: Language) -> None:
    text = (
        "The Washington Post asked Denzel Washington. Washington imposed tariffs on steel. "
        "A plant in Washington closed."
    )
    found = [(m.text, m.kind, m.form) for m in mentions(english, text) if "Washington" in m.text]
    assert [(kind, form) for _, kind, form in found] == [
        ("organisation", "full"), ("person", "full"), ("government", "metonym"), ("place", "full"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "entity_id"),
    [
        ("Beijing said it would retaliate.", "government", "gov/CHN"),
        ("Talks between Washington and Beijing resumed.", "government", "gov/CHN"),
        ("Exporters fear Beijing's export controls.", "government", "gov/CHN"),
        ("The EU signed a deal with Beijing.", "government", "gov/CHN"),
        ("A school in Beijing opened.", "place", "place/beijing"),
        ("Officials held talks in Beijing on Monday.", "place", "place/beijing"),
        ("Beijing's streets were empty.", "place", "place/beijing"),
    ],
)
def test_a_capital_is_a_government_only_where_it_acts(
    english: Language, text: str, kind: str, entity_id: str
) -> None:
    found = only(mentions(english, text), "Beijing")
    assert (found.kind, found.entity_id) == (kind, entity_id)


def test_brussels_acts_for_the_union(english: Language) -> None:
    found = only(mentions(english, "Brussels imposed duties on bicycles."), "Brussels")
    assert (found.entity_id, found.form, found.country) == ("bloc/eu", "metonym", "EUE")


def test_the_kremlin_acts_and_the_white_house_can_be_a_place(english: Language) -> None:
    found = mentions(english, "The Kremlin denied it. Reporters waited at the White House.")
    assert [(m.text, m.kind) for m in found] == [("Kremlin", "government"), ("White House", "place")]


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Jordan imported wheat from Turkey and Chad.", ["JOR", "TUR", "TCD"]),
        ("Jordan banned imports of Syrian tomatoes.", ["JOR", "SYR"]),
        ("Mr. Jordan denied it.", []),
        ("Michael Jordan bought a team. Jordan said he was glad.", []),
        ("Michael Jordan and Chad Smith ate turkey.", []),
        ("He told us that the US would act.", ["USA"]),
        ("Georgia raised its tariff on wine, Tbilisi officials said.", ["GEO"]),
        ("Voters in Atlanta, Georgia, elected a governor.", []),
        ("Congo banned cobalt exports.", ["COD"]),
        ("U.S.-China trade tensions eased.", ["USA", "CHN"]),
        ("CHINA LIMITS EXPORTS OF RARE EARTHS", ["CHN"]),
    ],
)
def test_countries_with_treacherous_names(english: Language, text: str, codes: list[str]) -> None:
    assert [m.country for m in mentions(english, text) if m.kind == "country"] == codes


def test_a_chinese_restaurant_is_an_adjective_and_no_government(english: Language) -> None:
    found = mentions(english, "A Chinese restaurant opened.")
    assert [(m.text, m.kind, m.form, m.entity_id) for m in found] == [
        ("Chinese", "country", "adjective", "country/CHN")
    ]


def test_officials_of_a_country_are_its_government_in_nominal_form(english: Language) -> None:
    found = only(
        mentions(english, "Japanese officials and the Chinese government talked."), "Japanese officials"
    )
    assert (found.kind, found.form, found.entity_id) == ("government", "nominal", "gov/JPN")


@pytest.mark.parametrize(
    ("text", "span", "role", "country", "entity"),
    [
        (
            "The Omani finance minister spoke.",
            "Omani finance minister",
            "Finance Minister",
            "OMN",
            "office/omn/finance-minister",
        ),
        (
            "Togo's trade minister spoke.",
            "Togo's trade minister",
            "Trade Minister",
            "TGO",
            "office/tgo/trade-minister",
        ),
        (
            "The foreign minister of Fiji spoke.",
            "foreign minister of Fiji",
            "Foreign Minister",
            "FJI",
            "office/fji/foreign-minister",
        ),
    ],
)
def test_the_holder_of_an_office_without_a_name_is_a_nominal_person(
    english: Language, text: str, span: str, role: str, country: str, entity: str
) -> None:
    found = only(mentions(english, text), span)
    assert (found.kind, found.form, found.sector) == ("person", "nominal", "GOV")
    assert (found.role, found.country, found.entity_id) == (role, country, entity)


def test_an_office_without_a_name_is_its_holder_where_the_text_names_him(english: Language) -> None:
    found = mentions(
        english, "Japan's finance minister, Katsunobu Kato, spoke. The Japanese finance minister left."
    )
    assert {m.entity_id for m in found if m.kind == "person"} == {"person/katsunobu-kato"}


@pytest.mark.parametrize("text", ["Brazil's former president left.", "A Danish lawmaker left."])
def test_former_holders_and_offices_of_many_are_no_nominal_person(english: Language, text: str) -> None:
    assert [m for m in mentions(english, text) if m.kind == "person"] == []


def test_a_ministry_is_known_again_without_its_country(english: Language) -> None:
    found = mentions(english, "China's commerce ministry said so. The commerce ministry gave no details.")
    assert len({m.entity_id for m in found if m.kind == "ministry"}) == 1
    assert [m.country for m in found if m.kind == "ministry"] == ["CHN", "CHN"]


def test_a_ministry_that_no_table_knows_gets_an_id_from_country_and_portfolio(english: Language) -> None:
    found = [
        m for m in mentions(english, "Botswana's mines ministry revoked the licence.") if m.kind == "ministry"
    ]
    assert [m.entity_id for m in found] == ["org/bwa-mining-ministry"]


def test_an_acronym_in_brackets_is_the_body_before_it(english: Language) -> None:
    text = (
        "The Group of Seven (G7) and the International Monetary Fund (IMF) met. "
        "The Nordic Ore Alliance (NOA) did not. NOA waits."
    )
    found = {m.text: (m.kind, m.entity_id) for m in mentions(english, text)}
    assert found["G7"] == found["Group of Seven"] == ("bloc", "bloc/g7")
    assert found["IMF"] == found["International Monetary Fund"] == ("organisation", "org/imf")
    assert found["NOA"] == found["Nordic Ore Alliance"]


def test_the_year_and_country_of_an_election_name_a_vote(english: Language) -> None:
    found = mentions(english, "She won the 2019 United Kingdom general election.")
    assert [(m.text, m.form) for m in found] == [("United Kingdom", "adjective")]


def test_text_without_names_has_no_mentions(english: Language) -> None:
    assert mentions(english, "Prices rose and then they fell again.") == []
    assert mentions(english, "") == []


def test_the_component_survives_the_disk(tmp_path: Path) -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("dateline_mentions")
    nlp.to_disk(tmp_path / "model")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = spacy.load(tmp_path / "model")
    doc = loaded("Chinese President Xi Jinping met IMF staff.")
    assert [m.entity_id for m in read_layer(doc, Mention)] == ["country/CHN", "person/xi-jinping", "org/imf"]


def test_it_works_without_parser_and_names_of_a_model() -> None:
    nlp = spacy.blank("en")
    nlp.add_pipe("dateline_mentions")
    found = mentions(nlp, "Beijing imposed curbs. Japanese Finance Minister Katsunobu Kato objected.")
    assert ("Katsunobu Kato", "JPN") in [(m.text, m.country) for m in found]


@pytest.mark.parametrize(
    "text",
    [
        "New Delhi would not bow to pressure.",
        "Analysts urged Tokyo to stop.",
        "Berlin accused Moscow of spying.",
    ],
)
def test_a_capital_with_a_will_or_under_pressure_is_a_government(english: Language, text: str) -> None:
    capitals = [m for m in mentions(english, text) if m.text in ("New Delhi", "Tokyo", "Berlin", "Moscow")]
    assert capitals and all(m.kind == "government" for m in capitals)


def test_a_person_of_a_country_belongs_to_it(english: Language) -> None:
    found = mentions(english, "Acting Finance Minister Lerato Moagi of Botswana signed. Ms Moagi left.")
    assert {m.entity_id for m in found if m.kind == "person"} == {"person/x-lerato-moagi-bwa"}


def test_a_bare_title_serves_the_country_spoken_of_just_before(english: Language) -> None:
    found = mentions(english, "Kenya plans no imports this year, Agriculture Minister Wanjiru Ndegwa said.")
    assert only(found, "Wanjiru Ndegwa").country == "KEN"


def test_a_family_name_that_the_model_takes_for_a_company_is_the_person(english: Language) -> None:
    text = "Chinese Commerce Minister Wang Wentao flew to Brussels. Wang met officials. The offer came from Wang."
    assert [m.entity_id for m in mentions(english, text) if m.text == "Wang"] == ["person/wang-wentao"] * 2


def test_a_ministry_without_a_country_is_that_of_the_country_spoken_of(english: Language) -> None:
    found = mentions(english, "China tightened its rules. The Ministry of Commerce published a list.")
    assert [m.country for m in found if m.kind == "ministry"] == ["CHN"]
