"""The tables of goods, units and number words keep their own rules, and one surface form has one owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path

import pytest

from db.errors import DataFileError
from nlp.facts.reference import Commodity, Unit, load_commodities, load_numbers, load_units
from nlp.facts.tables import read_table


def owners(claims: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    claimed: dict[str, set[str]] = defaultdict(set)
    for form, owner in claims:
        claimed[form].add(owner)
    return claimed


def only(found: Iterable[object]) -> object:
    (one,) = found
    return one


def test_every_commodity_has_terms_in_both_languages_and_only_listed_codes_need_headings() -> None:
    for row in load_commodities():
        assert row.terms_en and row.terms_vi, row.name
        assert row.hs or row.extension, row.name
        assert all(term == term.casefold() for term in (*row.terms_en, *row.terms_vi)), row.name


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_commodity_term_names_one_commodity(language: str) -> None:
    claims = [
        (term, row.name)
        for row in load_commodities()
        for term in (row.terms_en if language == "en" else row.terms_vi)
    ]
    assert not {term: names for term, names in owners(claims).items() if len(names) > 1}


@pytest.mark.parametrize(
    ("term", "name", "heading"),
    [
        ("rare earth products", "rare_earths", "2846"), ("đất hiếm", "rare_earths", "2805"),
        ("hạt cải dầu", "canola", "1205"), ("thép", "steel", "7208"), ("lng", "natural_gas", "2711"),
        ("chipmaking tools", "chip_equipment", "8486"), ("softwood lumber", "timber", "4407"),
        ("xe điện", "electric_vehicles", "8703"),
    ],
)  # fmt: skip
def test_goods_carry_their_headings(term: str, name: str, heading: str) -> None:
    row = {t: row for row in load_commodities() for t in (*row.terms_en, *row.terms_vi)}[term]
    assert row.name == name
    assert heading in row.hs


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_form_of_two_units_is_ambiguous_for_both(language: str) -> None:
    rows = {row.name: row for row in load_units()}
    claims = [(f, r.name) for r in rows.values() for f in (r.forms_en if language == "en" else r.forms_vi)]
    unflagged = {
        (form, name)
        for form, names in owners(claims).items()
        if len(names) > 1
        for name in names
        if form not in (rows[name].ambiguous_en if language == "en" else rows[name].ambiguous_vi)
    }
    assert not unflagged


def test_long_forms_of_units_differ_by_more_than_case() -> None:
    forms = [(f.casefold(), row.name) for row in load_units() for f in row.forms_en if len(f) > 4]
    assert not {form: names for form, names in owners(forms).items() if len(names) > 1}


def test_a_currency_sign_belongs_to_one_currency() -> None:
    for column in ("symbols_before", "symbols_after"):
        claims = [(sign, row.name) for row in load_units() for sign in getattr(row, column)]
        assert not {sign: names for sign, names in owners(claims).items() if len(names) > 1}


@pytest.mark.parametrize(
    ("form", "name"),
    [
        ("tonnes", "metric ton"), ("tấn", "metric ton"), ("per cent", "percentage"),
        ("điểm phần trăm", "percentage point"),
        ("bpd", "barrel per day"), ("mét khối", "cubic metre"), ("tuổi", "year of age"), ("km/h", "kilometre per hour"),
        ("nhân dân tệ", "chinese yuan"), ("đồng", "vietnamese dong"), ("degrees celsius", "celsius"),
    ],
)  # fmt: skip
def test_a_unit_form_has_its_normal_name(form: str, name: str) -> None:
    assert only({row.name for row in load_units() if form in (*row.forms_en, *row.forms_vi)}) == name


@pytest.mark.parametrize(
    ("language", "word", "value"),
    [
        ("vi", "nghìn", 1000), ("vi", "ngàn", 1000), ("vi", "tỷ", 10**9), ("vi", "rưỡi", Fraction(1, 2)),
        ("vi", "mươi", 10), ("vi", "lăm", 5), ("en", "bn", 10**9), ("en", "dozen", 12), ("en", "third", Fraction(1, 3)),
        ("en", "trillion", 10**12), ("en", "crore", 10**7),
    ],
)  # fmt: skip
def test_a_number_word_has_its_value(language: str, word: str, value: int | Fraction) -> None:
    assert only({n.value for n in load_numbers() if (n.language, n.word) == (language, word)}) == value


def test_a_heading_outside_the_harmonised_system_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    columns = ",".join(Commodity.model_fields)
    file.write_text(f"{columns}\nx,9900,x,x,x,x,,,\n", encoding="utf-8")
    with pytest.raises(DataFileError, match=r"line 2, hs\.0"):
        read_table(str(file), Commodity)


def test_an_ambiguous_form_that_the_unit_lacks_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "broken.csv"
    columns = ",".join(Unit.model_fields)
    file.write_text(f"{columns}\nx,mass,a,b,,,c,\n", encoding="utf-8")
    with pytest.raises(DataFileError, match="ambiguous form 'c'"):
        read_table(str(file), Unit)
