"""Who and what a Vietnamese text names, with the same ids as in English."""

from __future__ import annotations

from pathlib import Path
from unicodedata import normalize

import pytest
import spacy
from spacy.language import Language

from db.model import Mention
from nlp.layers import read_layer


def mentions(nlp: Language, text: str, published: str | None = "2025-10-20") -> list[Mention]:
    doc = nlp.make_doc(text)
    doc._.published = published
    return list(read_layer(nlp(doc), Mention))


def people(nlp: Language, text: str) -> list[tuple[str, str, str, str | None]]:
    return [(m.text, m.entity_id, m.country, m.role) for m in mentions(nlp, text) if m.kind == "person"]


def test_title_country_and_name_give_the_person(vietnamese: Language) -> None:
    text = (
        "Bộ trưởng Tài chính Nhật Bản Katsunobu Kato gặp Phó Thủ tướng Trung Quốc Hà Lập Phong và "
        "Tổng thống Mỹ Donald Trump."
    )
    assert people(vietnamese, text) == [
        ("Katsunobu Kato", "person/katsunobu-kato", "JPN", "Finance Minister"),
        ("Hà Lập Phong", "person/he-lifeng", "CHN", "Vice Premier"),
        ("Donald Trump", "person/donald-trump", "USA", "President"),
    ]


def test_people_that_no_registry_knows_are_found_by_their_title(vietnamese: Language) -> None:
    text = "Bộ trưởng Thương mại Canada Tamsin Orlebar ký thỏa thuận. Bà Orlebar không nói thêm."
    assert people(vietnamese, text) == [
        ("Tamsin Orlebar", "person/x-tamsin-orlebar-can", "CAN", "Trade Minister"),
        ("Orlebar", "person/x-tamsin-orlebar-can", "CAN", "Trade Minister"),
    ]


def test_short_forms_after_introduction(vietnamese: Language) -> None:
    text = (
        "Chủ tịch Trung Quốc Tập Cận Bình phát biểu. Ông Tập nhấn mạnh hợp tác, theo đó Tập sẽ thăm Hà Nội."
    )
    assert [(m.text, m.form) for m in mentions(vietnamese, text) if m.kind == "person"] == [
        ("Tập Cận Bình", "full"), ("Tập", "short"), ("Tập", "short"),
    ]  # fmt: skip


def test_hanoi_is_not_mr_ha(vietnamese: Language) -> None:
    text = "Phó Thủ tướng Trung Quốc Hà Lập Phong đến thăm. Ông Hà rời Hà Nội."
    assert [m.text for m in mentions(vietnamese, text)] == ["Trung Quốc", "Hà Lập Phong", "Hà", "Hà Nội"]


def test_a_title_after_the_name_counts(vietnamese: Language) -> None:
    text = "Bà Christine Lagarde, Chủ tịch Ngân hàng Trung ương châu Âu, cảnh báo rủi ro."
    assert people(vietnamese, text)[0][2:] == ("EUE", "ECB President")


def test_a_woman_named_nga_is_not_russia(vietnamese: Language) -> None:
    text = "Theo bà Nguyễn Thị Nga, giá gạo tăng. Bà Nga nói thêm rằng giá ở Nga cũng tăng."
    assert [(m.text, m.kind) for m in mentions(vietnamese, text)] == [
        ("Nguyễn Thị Nga", "person"), ("Nga", "person"), ("Nga", "country"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Mỹ áp thuế, Nga phản đối.", ["USA", "RUS"]),
        ("Nga và Ukraine đàm phán. Đức im lặng.", ["RUS", "UKR", "DEU"]),
        ("Anh ấy nói rằng anh không biết.", []),
        ("Vương quốc Anh áp thuế thép.", ["GBR"]),
        ("Ý kiến của người dân rất khác nhau. Pháp luật quy định rõ.", []),
        ("Quan hệ Mỹ - Trung căng thẳng, quan hệ Nhật-Hàn cải thiện.", ["USA", "CHN", "JPN", "KOR"]),
        ("Trung bình giá tăng.", []),
        ("CHDC Congo ngừng xuất khẩu coban.", ["COD"]),
        ("TRUNG QUỐC SIẾT XUẤT KHẨU ĐẤT HIẾM", ["CHN"]),
    ],
)
def test_countries(vietnamese: Language, text: str, codes: list[str]) -> None:
    assert [m.country for m in mentions(vietnamese, text) if m.kind == "country"] == codes


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("Bắc Kinh tuyên bố sẽ đáp trả.", "Bắc Kinh", "government"),
        ("Mỹ đàm phán với Bắc Kinh.", "Bắc Kinh", "government"),
        ("Một trường học ở Bắc Kinh mở cửa.", "Bắc Kinh", "place"),
        ("Nhà Trắng bác bỏ thông tin.", "Nhà Trắng", "government"),
        ("Phóng viên chờ tại Nhà Trắng.", "Nhà Trắng", "place"),
    ],
)
def test_a_capital_is_a_government_only_where_it_acts(
    vietnamese: Language, text: str, surface: str, kind: str
) -> None:
    assert [m.kind for m in mentions(vietnamese, text) if m.text == surface] == [kind]


def test_ministries_have_the_ids_of_the_english_edition(english: Language, vietnamese: Language) -> None:
    pairs = [
        ("Bộ Thương mại Trung Quốc ra thông báo.", "China's commerce ministry gave notice."),
        ("Bộ Tài chính Hàn Quốc phản đối.", "South Korea's finance ministry objected."),
        ("Bộ Công Thương Việt Nam điều tra.", "Vietnam's Ministry of Industry and Trade investigated."),
        ("Bộ Năng lượng Kenya cấp phép.", "Kenya's energy ministry gave a licence."),
    ]
    for vi, en in pairs:
        ids = [
            [m.entity_id for m in mentions(nlp, text) if m.kind == "ministry"]
            for nlp, text in ((vietnamese, vi), (english, en))
        ]
        assert len(ids[0]) == 1 and ids[0] == ids[1]


def test_a_ministry_is_known_again_without_its_country(vietnamese: Language) -> None:
    found = mentions(vietnamese, "Bộ Thương mại Trung Quốc ra thông báo. Bộ Thương mại khẳng định như vậy.")
    assert len({m.entity_id for m in found if m.kind == "ministry"}) == 1
    assert len([m for m in found if m.kind == "ministry"]) == 2


def test_governments_in_nominal_form(vietnamese: Language) -> None:
    found = mentions(vietnamese, "Chính phủ Trung Quốc, giới chức Nhật Bản và phái đoàn Mỹ gặp nhau.")
    assert [(m.entity_id, m.form) for m in found if m.kind == "government"] == [
        ("gov/CHN", "nominal"), ("gov/JPN", "nominal"), ("gov/USA", "nominal"),
    ]  # fmt: skip


def test_the_holder_of_an_office_without_a_name_is_a_nominal_person(vietnamese: Language) -> None:
    found = mentions(vietnamese, "Bộ trưởng Thương mại Indonesia gặp Thủ tướng Nhật Bản.")
    assert [(m.text, m.form, m.role, m.entity_id) for m in found if m.kind == "person"] == [
        ("Bộ trưởng Thương mại Indonesia", "nominal", "Trade Minister", "office/idn/trade-minister"),
        ("Thủ tướng Nhật Bản", "nominal", "Prime Minister", "office/jpn/prime-minister"),
    ]


def test_blocs_and_bodies_with_their_acronyms(vietnamese: Language) -> None:
    found = mentions(vietnamese, "Liên minh châu Âu (EU) và Quỹ Tiền tệ Quốc tế (IMF) họp tại châu Âu.")
    assert [(m.text, m.entity_id) for m in found] == [
        ("Liên minh châu Âu", "bloc/eu"), ("EU", "bloc/eu"),
        ("Quỹ Tiền tệ Quốc tế", "org/imf"), ("IMF", "org/imf"), ("châu Âu", "region/europe"),
    ]  # fmt: skip


def test_decomposed_letters_are_matched_and_spans_stay_exact(vietnamese: Language) -> None:
    text = normalize("NFD", "Chủ tịch Trung Quốc Tập Cận Bình đến Mỹ hôm qua.")
    found = mentions(vietnamese, text)
    assert [m.entity_id for m in found] == ["country/CHN", "person/xi-jinping", "country/USA"]
    assert all(text[m.start : m.end] == m.text for m in found)


def test_the_component_survives_the_disk(tmp_path: Path) -> None:
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "spacy.Tokenizer.v1"}}})
    nlp.add_pipe("dateline_mentions")
    nlp.to_disk(tmp_path / "model")
    doc = spacy.load(tmp_path / "model")("Tổng thống Nga Vladimir Putin")
    assert [m.entity_id for m in read_layer(doc, Mention)] == ["country/RUS", "person/vladimir-putin"]


@pytest.mark.parametrize("title", ["Thủ tướng", "Tổng thống", "Ngoại trưởng", "Bộ trưởng Tài chính"])
@pytest.mark.parametrize("country", ["Đức", "Anh", "Nga", "Ý", "Chile"])
def test_a_country_after_an_office_is_no_person(vietnamese: Language, title: str, country: str) -> None:
    mentions = read_layer(vietnamese(f"{title} {country} kêu gọi đối thoại."), Mention)
    assert [(m.text, m.kind) for m in mentions if m.text == country] == [(country, "country")]


def test_a_lady_of_a_countrys_name_is_somebody(vietnamese: Language) -> None:
    mentions = read_layer(vietnamese("Bà Nga cho biết giá cà phê tăng."), Mention)
    assert [(m.text, m.kind) for m in mentions] == [("Nga", "person")]
