"""Vietnamese quantities: value, unit, change, what is measured and when."""

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
        ("Xuất khẩu đạt 6.538 tấn.", 6538, "metric ton"),
        ("Giá tăng 10,9%.", 10.9, "percentage"),
        ("Kim ngạch đạt 1,2 tỷ USD.", 1.2e9, "dollar"),
        ("Thuế là 25 phần trăm.", 25, "percentage"),
        ("Khoản vay trị giá 500 triệu nhân dân tệ.", 5e8, "chinese yuan"),
        ("Nhà máy sản xuất 15 nghìn tấn.", 15_000, "metric ton"),
        ("Lệnh cấm ảnh hưởng đến 23 công ty.", 23, "company"),
        ("Giá cà phê là 130.000 đồng/kg.", 130_000, "vietnamese dong per kilogram"),
        ("Bộ công bố danh sách bảy nước.", 7, "country"),
        ("Lệnh ngừng bắn kéo dài 90 ngày.", 90, "day"),
        ("Dự án kéo dài năm năm.", 5, "year"),
        ("Dự án kéo dài hai mươi năm.", 20, "year"),
        ("Dự án kéo dài hai mươi lăm năm.", 25, "year"),
    ],
)
def test_value_and_unit(vietnamese: Language, text: str, value: float, unit: str) -> None:
    assert [(q.value, q.unit_normalized) for q in read(vietnamese, text)] == [(pytest.approx(value), unit)]


@pytest.mark.parametrize(
    ("text", "change"),
    [
        ("Xuất khẩu giảm xuống còn 6.538 tấn.", "="),
        ("Xuất khẩu giảm 800 tấn.", "down"),
        ("Giá tăng mạnh 5%.", "up"),
        ("Kho còn khoảng 40 tấn.", "~"),
        ("Kho còn gần 40 tấn.", "~"),
        ("Kho còn hơn 40 tấn.", ">"),
        ("Kho còn dưới 40 tấn.", "<"),
        ("Mức phạt tối đa 5 triệu đồng.", "<"),
    ],
)
def test_how_the_figure_is_meant(vietnamese: Language, text: str, change: str) -> None:
    assert [q.change for q in read(vietnamese, text)] == [change]


def test_each_figure_has_the_period_it_is_for(vietnamese: Language) -> None:
    text = "Xuất khẩu niken của Indonesia giảm xuống 6.100 tấn trong tháng 9, từ mức 7.200 tấn của tháng 8."
    assert [(q.value, q.period) for q in read(vietnamese, text)] == [(6100, "2025-09"), (7200, "2025-08")]


def test_the_concept_is_the_phrase_of_the_indicator(vietnamese: Language) -> None:
    (quantity,) = read(vietnamese, "Xuất khẩu gạo của Việt Nam đạt 5 triệu tấn.")
    assert quantity.concept == "Xuất khẩu gạo của Việt Nam"


@pytest.mark.parametrize(
    "text",
    [
        "Nhóm G7 họp ngày 20/10/2025.",
        "Ông thắng cử lần thứ hai người dân chờ đợi.",
        "Đan Mạch mua F-35 trong năm 2019.",
        "Dịch Covid-19 trở lại.",
        "Nghị định số 57 được ban hành.",
        "Bình luận (0)",
        "GDP quý ba.",
    ],
)
def test_names_dates_and_ordinals_are_no_quantities(vietnamese: Language, text: str) -> None:
    assert read(vietnamese, text) == ()
