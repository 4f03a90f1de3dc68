"""The registry of office-holders: the shipped files are sound, and questions by date get the right office."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from pathlib import Path

import pytest

from db.errors import DataFileError
from nlp.facts.registry import (
    DATA,
    Person,
    load_people,
    load_roles,
    people_by_alias,
    people_by_family_name,
    role_on,
    roles_by_title,
)
from nlp.facts.registry_check import check_registry

FILES = {
    "roles.csv": "role,titles_en,titles_vi,sector,country,portfolio,holders\n"
    "President,president,Tổng thống,GOV,,,one\n"
    "Senator,senator,,LEG,,,many\n",
    "people.csv": "id,name,country,family_name,gender,aliases_en,aliases_vi\n"
    "ana-ruiz,Ana Ruiz,XXA,Ruiz,f,,\n"
    "bo-lind,Bo Lind,XXA,Lind,m,Bo Olav Lind,\n",
    "tenures.csv": "person,role,country,organisation,start,end,source\n"
    "ana-ruiz,President,XXA,,2019-05,2023,\n"
    "bo-lind,President,XXA,,2023-06-01,,\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def change(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


def person(name: str) -> Person:
    (found,) = people_by_alias("en")[name]
    return found


def office(name: str, day: date | None) -> tuple[str, str, bool] | None:
    tenure = role_on(person(name), day)
    return (tenure.role.role, tenure.country, tenure.former) if tenure else None


def test_shipped_files_have_no_overlap_duplicate_or_stranger() -> None:
    assert check_registry(gaps=False) == []


def test_shipped_files_are_composed_unicode() -> None:
    for file in FILES:
        text = (DATA / file).read_text(encoding="utf-8")
        assert text == unicodedata.normalize("NFC", text), file


def test_registry_is_wide_enough_to_be_of_use() -> None:
    people = load_people()
    assert len({one.id for one in people}) == len(people)
    assert sum(len(one.tenures) for one in people) >= 1000
    assert len(load_roles()) >= 80


@pytest.mark.parametrize(
    ("name", "day", "expected"),
    [
        ("Katsunobu Kato", date(2025, 10, 20), ("Finance Minister", "JPN", False)),
        ("Katsunobu Kato", date(2021, 1, 15), ("Chief Cabinet Secretary", "JPN", False)),
        ("Katsunobu Kato", date(2025, 11, 1), ("Finance Minister", "JPN", True)),
        ("Satsuki Katayama", date(2025, 11, 1), ("Finance Minister", "JPN", False)),
        ("Satsuki Katayama", date(2020, 1, 1), None),
        ("Janet Yellen", date(2017, 6, 1), ("Fed Chair", "USA", False)),
        ("Janet Yellen", date(2023, 6, 1), ("Treasury Secretary", "USA", False)),
        ("Donald Trump", date(2018, 3, 1), ("President", "USA", False)),
        ("Donald Trump", date(2022, 3, 1), ("President", "USA", True)),
        ("Donald Trump", None, ("President", "USA", False)),
        ("Mark Carney", date(2018, 1, 1), ("Central Bank Governor", "GBR", False)),
        ("Mark Carney", date(2025, 6, 1), ("Prime Minister", "CAN", False)),
        ("Christine Lagarde", date(2018, 1, 1), ("Managing Director", "IGO", False)),
        ("Christine Lagarde", date(2025, 1, 1), ("ECB President", "EUE", False)),
        ("To Lam", date(2020, 1, 1), ("Public Security Minister", "VNM", False)),
        ("Vuong Dinh Hue", date(2022, 1, 1), ("Speaker", "VNM", False)),
    ],
)
def test_role_depends_on_the_day(name: str, day: date | None, expected: tuple[str, str, bool] | None) -> None:
    assert office(name, day) == expected


def test_of_several_offices_the_most_senior_is_given() -> None:
    assert office("Xi Jinping", date(2025, 10, 20)) == ("President", "CHN", False)
    assert office("Marco Rubio", date(2025, 10, 20)) == ("Secretary of State", "USA", False)


def test_coarse_dates_count_from_their_first_to_their_last_day(folder: Path) -> None:
    ana, _ = load_people(folder)
    assert role_on(ana, date(2019, 4, 30)) is None
    for day in (date(2019, 5, 1), date(2023, 12, 31)):
        assert (role_on(ana, day) or pytest.fail("no office")).former is False
    assert (role_on(ana, date(2024, 1, 1)) or pytest.fail("no office")).former is True


@pytest.mark.parametrize(
    ("language", "alias", "expected"),
    [
        ("vi", "Tập Cận Bình", "xi-jinping"),
        ("vi", "Hà Lập Phong", "he-lifeng"),
        ("vi", "Donald Trump", "donald-trump"),
        ("vi", "Phạm Minh Chính", "pham-minh-chinh"),
        ("vi", "Ngụy Phượng Hòa", "wei-fenghe"),
        ("vi", "Ngụy Phượng Hoà", "wei-fenghe"),
        ("en", "Pham Minh Chinh", "pham-minh-chinh"),
        ("en", "Kato Katsunobu", "katsunobu-kato"),
        ("en", "Maros Sefcovic", "maros-sefcovic"),
        ("en", "Maroš Šefčovič", "maros-sefcovic"),
        ("en", "Lan Fo’an", "lan-foan"),
        ("en", "Lee Jae Myung", "lee-jae-myung"),
    ],
)
def test_every_spelling_leads_to_the_person(language: str, alias: str, expected: str) -> None:
    assert [one.id for one in people_by_alias(language)[alias]] == [expected]


def test_short_names_follow_the_order_of_the_language() -> None:
    assert "xi-jinping" in {one.id for one in people_by_family_name("vi")["Tập"]}
    assert "pham-minh-chinh" in {one.id for one in people_by_family_name("vi")["Chính"]}
    assert "donald-trump" in {one.id for one in people_by_family_name("en")["Trump"]}
    assert {"wang-yi", "wang-wentao"} <= {one.id for one in people_by_family_name("en")["Wang"]}
    assert "Tập" not in people_by_family_name("en")


def test_everyone_from_china_taiwan_and_vietnam_has_a_vietnamese_name() -> None:
    homes = {"CHN", "TWN", "VNM"}
    without = [one.id for one in load_people() if one.country in homes and not one.aliases["vi"]]
    assert without == []


def test_a_title_means_one_role() -> None:
    assert roles_by_title("en")["minister of finance"].role == "Finance Minister"
    assert roles_by_title("vi")["bộ trưởng tài chính mỹ"].role == "Treasury Secretary"
    assert roles_by_title("vi")["uỷ viên eu"] is roles_by_title("vi")["ủy viên eu"]
    assert roles_by_title("en")["treasury secretary"].country == "USA"


@pytest.mark.parametrize(
    ("file", "old", "new", "place", "fact"),
    [
        ("tenures.csv", "2023-06-01", "2023-02-31", "line 3, column start", "no date of the calendar"),
        ("tenures.csv", "2023-06-01", "June 2023", "line 3, column start", "June 2023"),
        ("tenures.csv", "bo-lind,President", "bo-lind,Tsar", "line 3, column role", "unknown role 'Tsar'"),
        ("tenures.csv", "bo-lind,", "bob,", "line 3, column person", "unknown person 'bob'"),
        ("people.csv", "Bo Lind,XXA", "Bo Lind,Norway", "line 3, column country", "Norway"),
        ("people.csv", "Ana Ruiz", unicodedata.normalize("NFD", "Aná Ruiz"), "line 2, column name", "NFC"),
        ("people.csv", ",Lind,m", ",Lind", "line 3", "6 cells where 7"),
        ("people.csv", "gender", "sex", "line 1", "the columns must be"),
        ("roles.csv", "LEG", "PARLIAMENT", "line 3, column sector", "PARLIAMENT"),
    ],
)
def test_a_bad_row_is_named_by_file_line_and_fact(
    folder: Path, file: str, old: str, new: str, place: str, fact: str
) -> None:
    change(folder, file, old, new)
    with pytest.raises(DataFileError) as caught:
        load_people(folder)
    assert caught.value.file == folder / file
    assert caught.value.place == place
    assert fact in str(caught.value)


def test_a_missing_file_is_named(folder: Path) -> None:
    (folder / "people.csv").unlink()
    with pytest.raises(DataFileError, match=r"people\.csv: cannot be read"):
        load_people(folder)


def test_handover_and_coarse_dates_are_no_overlap(folder: Path) -> None:
    assert check_registry(folder) == []
    change(folder, "tenures.csv", "2019-05,2023,", "2019-05,2023-06-01,")
    assert check_registry(folder) == []


def test_two_holders_at_once_are_reported_with_their_lines(folder: Path) -> None:
    change(folder, "tenures.csv", "2019-05,2023,", "2019-05,2023-06-03,")
    assert check_registry(folder) == [
        "tenures.csv, lines 2 and 3: overlap of ana-ruiz and bo-lind as President of XXA"
    ]


def test_offices_of_many_holders_do_not_overlap(folder: Path) -> None:
    change(folder, "tenures.csv", "2019-05,2023,", "2019-05,,")
    change(folder, "tenures.csv", "President", "Senator")
    assert check_registry(folder) == []


def test_a_gap_is_reported_as_a_hint(folder: Path) -> None:
    change(folder, "tenures.csv", "2019-05,2023,", "2019-05,2022,")
    assert check_registry(folder, gaps=False) == []
    (problem,) = check_registry(folder)
    assert "lines 2 and 3: gap of 152 days" in problem


def test_duplicates_strangers_and_backward_tenures_are_reported(folder: Path) -> None:
    with (folder / "people.csv").open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerow(["ana-ruiz", "Ana Ruiz", "XXA", "Ruiz", "f", "", ""])
    change(folder, "roles.csv", "senator", "president")
    change(folder, "tenures.csv", "bo-lind,President,XXA,,2023-06-01,", "eve,Tsar,XXA,,2023-06-01,2020")
    problems = "\n".join(check_registry(folder))
    assert "people.csv, line 4: duplicate id 'ana-ruiz'" in problems
    assert "roles.csv, line 3: duplicate English title 'president'" in problems
    assert "tenures.csv, line 3: unknown person 'eve'" in problems
    assert "tenures.csv, line 3: unknown role 'Tsar'" in problems
    assert "eve ends (2020) before the start (2023-06-01)" in problems
    assert "'bo-lind' has no tenure" in problems
