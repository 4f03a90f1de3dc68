"""The reference tables keep their own rules, and the facts that other parts lean on hold."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pytest

from db.errors import DataFileError
from nlp.facts.reference import (
    BlocMember,
    load_bloc_members,
    load_blocs,
    load_commodities,
    load_countries,
    load_ministries,
    load_numbers,
    load_organisations,
    load_regions,
    load_units,
    members_on,
)
from nlp.facts.registry import load_people
from nlp.facts.tables import read_table

LOADERS = (
    load_countries, load_blocs, load_bloc_members, load_regions, load_organisations,
    load_ministries, load_commodities, load_units, load_numbers,
)  # fmt: skip


def owners(claims: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    claimed: dict[str, set[str]] = defaultdict(set)
    for form, owner in claims:
        claimed[form].add(owner)
    return claimed


def country_claims(language: str) -> Iterator[tuple[str, str]]:
    for row in load_countries():
        for form in row.forms_en() if language == "en" else (*row.forms_vi(), *row.short_vi):
            yield form, row.code


def cells() -> Iterator[tuple[str, str]]:
    for load in LOADERS:
        for row in load():
            for value in row.model_dump().values():
                for text in value if isinstance(value, tuple) else (value,):
                    if isinstance(text, str):
                        yield type(row).__name__, text


@pytest.mark.parametrize(
    "identities",
    [
        [row.code for row in load_countries()],
        [row.name for row in load_countries()],
        [row.id for row in load_blocs()],
        [row.id for row in load_regions()],
        [row.id for row in load_organisations()],
        [row.portfolio for row in load_ministries()],
        [row.name for row in load_commodities()],
        [row.name for row in load_units()],
        [(row.language, row.word) for row in load_numbers()],
        [row.id for row in load_blocs()] + [row.id for row in load_organisations()],
    ],
)
def test_every_identity_is_given_once(identities: list[object]) -> None:
    assert len(identities) > 30
    assert sorted({repr(i) for i in identities}) == sorted(repr(i) for i in identities)


def test_every_text_is_composed_and_trimmed() -> None:
    bad = [
        (table, text)
        for table, text in cells()
        if text != unicodedata.normalize("NFC", text) or text != " ".join(text.split())
    ]
    assert not bad


def test_no_cell_states_a_form_twice() -> None:
    for load in LOADERS:
        for row in load():
            for column, value in row.model_dump().items():
                if isinstance(value, tuple):
                    assert len(value) == len(set(value)), (row, column)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_form_of_two_countries_is_ambiguous_for_both(language: str) -> None:
    by_code = {row.code: row for row in load_countries()}
    for form, codes in owners(country_claims(language)).items():
        if len(codes) > 1:
            unflagged = {
                code
                for code in codes
                if form
                not in (by_code[code].ambiguous_en if language == "en" else by_code[code].ambiguous_vi)
            }
            assert not unflagged, (form, codes)


def test_no_region_or_bloc_takes_the_name_of_a_country() -> None:
    countries = owners([*country_claims("en"), *country_claims("vi")])
    places = [(r.name, *r.adjectives_en, *r.names_en, *r.names_vi) for r in load_regions()]
    blocs = [(b.name, *b.adjectives_en, *b.names_en, *b.names_vi) for b in load_blocs()]
    for form in {form for forms in (*places, *blocs) for form in forms}:
        assert form not in countries, form


def test_every_member_of_a_bloc_is_a_known_country_and_every_membership_ends_after_it_began() -> None:
    countries = {row.code for row in load_countries()}
    blocs = {row.id for row in load_blocs()}
    for member in load_bloc_members():
        assert member.country in countries, member
        assert member.bloc in blocs, member
        if member.since and member.until:
            assert member.since <= member.until, member


@pytest.mark.parametrize(
    ("bloc", "day", "count", "inside", "outside"),
    [
        ("eu", date(2020, 1, 31), 28, "GBR", "NOR"),
        ("eu", date(2020, 2, 1), 27, "HRV", "GBR"),
        ("g7", date(2025, 10, 20), 7, "JPN", "CHN"),
        ("nato", date(2025, 1, 1), 32, "SWE", "AUT"),
        ("asean", date(2025, 10, 25), 10, "VNM", "TLS"),
        ("asean", date(2025, 10, 26), 11, "TLS", "PNG"),
        ("brics", date(2023, 12, 31), 5, "ZAF", "EGY"),
        ("brics", date(2025, 2, 1), 10, "IDN", "SAU"),
        ("opec", date(2024, 6, 1), 12, "GAB", "AGO"),
        ("eurozone", date(2024, 6, 1), 20, "HRV", "BGR"),
        ("cptpp", date(2025, 1, 1), 12, "GBR", "USA"),
        ("oecd", date(2025, 1, 1), 38, "CRI", "BRA"),
        ("rcep", date(2024, 1, 1), 15, "CHN", "IND"),
        ("african-union", date(2025, 1, 1), 55, "MAR", "ESP"),
    ],
)
def test_membership_follows_the_calendar(bloc: str, day: date, count: int, inside: str, outside: str) -> None:
    members = members_on(bloc, day)
    assert len(members) == count
    assert inside in members
    assert outside not in members


@pytest.mark.parametrize(
    ("language", "form", "code"),
    [
        ("vi", "Mỹ", "USA"), ("vi", "Hoa Kỳ", "USA"), ("vi", "Nga", "RUS"), ("vi", "Hàn Quốc", "KOR"),
        ("vi", "Hàn", "KOR"), ("vi", "Triều Tiên", "PRK"), ("vi", "Trung Quốc", "CHN"), ("vi", "Trung", "CHN"),
        ("vi", "Nhật", "JPN"), ("vi", "Đức", "DEU"), ("vi", "Úc", "AUS"), ("vi", "Ôxtrâylia", "AUS"),
        ("vi", "Bình Nhưỡng", "PRK"), ("vi", "Nhà Trắng", "USA"), ("vi", "Điện Kremlin", "RUS"),
        ("vi", "Nam Phi", "ZAF"), ("vi", "Ấn Độ", "IND"), ("vi", "Thụy Sĩ", "CHE"), ("vi", "Ả-rập Xê-út", "SAU"),
        ("en", "U.S.", "USA"), ("en", "Chinese", "CHN"), ("en", "Dutch", "NLD"), ("en", "UAE", "ARE"),
        ("en", "Beijing", "CHN"), ("en", "Kremlin", "RUS"), ("en", "Downing Street", "GBR"), ("en", "Türkiye", "TUR"),
        ("en", "Nigerien", "NER"), ("en", "Nigerian", "NGA"), ("en", "Congo-Kinshasa", "COD"),
    ],
)  # fmt: skip
def test_a_name_means_the_country_a_reader_means(language: str, form: str, code: str) -> None:
    assert owners(country_claims(language))[form] == {code}


def test_every_country_has_both_languages_and_the_people_live_in_known_ones() -> None:
    known = {row.code for row in load_countries()} | {"EUE", "IGO"}
    assert all(row.names_vi for row in load_countries())
    assert {person.country for person in load_people()} <= known
    assert {row.country for row in load_organisations()} <= known


def test_words_that_are_often_something_else_are_flagged() -> None:
    by_code = {row.code: row for row in load_countries()}
    for code, form in [("GEO", "Georgia"), ("TUR", "Turkey"), ("POL", "Polish"), ("USA", "Washington")]:
        assert form in by_code[code].ambiguous_en
    for code, form in [("GBR", "Anh"), ("ITA", "Ý"), ("AUT", "Áo"), ("KOR", "Hàn")]:
        assert form in by_code[code].ambiguous_vi


def test_an_acronym_of_two_bodies_is_ambiguous_for_both() -> None:
    rows = {row.id: row for row in load_organisations()}
    claims = [(form, r.id) for r in rows.values() for form in {*r.acronyms, r.name, *r.names_en, *r.names_vi}]
    unflagged = {
        (form, id_)
        for form, ids in owners(claims).items()
        if len(ids) > 1
        for id_ in ids
        if form not in rows[id_].ambiguous
    }
    assert not unflagged


def test_ambiguous_forms_of_bodies_are_their_forms() -> None:
    for row in load_organisations():
        assert set(row.ambiguous) <= {row.name, *row.acronyms, *row.names_en, *row.names_vi}, row.id
    for bloc in load_blocs():
        known = {
            bloc.name,
            *bloc.names_en,
            *bloc.names_vi,
            *bloc.adjectives_en,
            *bloc.metonyms_en,
            *bloc.metonyms_vi,
        }
        assert set(bloc.ambiguous) <= known, bloc.id


def test_every_portfolio_can_be_named_in_both_languages() -> None:
    by_portfolio = {row.portfolio: row for row in load_ministries()}
    assert "commerce ministry" in by_portfolio["commerce"].names_en
    assert "Bộ Thương mại" in by_portfolio["commerce"].names_vi
    wanted = {"finance", "foreign", "trade", "commerce", "economy", "energy", "agriculture", "defence"}
    assert wanted | {"central-bank", "customs"} <= set(by_portfolio)
    assert all(row.names_en and row.names_vi for row in by_portfolio.values())


def test_a_broken_row_is_named_with_its_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    file.write_text("bloc,country,since,until\neu,FRA,1958,\neu,GBR,last year,\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"broken\.csv, line 3, since"):
        read_table(str(file), BlocMember)


def test_an_unknown_column_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    file.write_text("bloc,country,since,until,note\neu,FRA,1958,,x\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="line 2, note"):
        read_table(str(file), BlocMember)
