"""Vietnamese time expressions, read in texts of Monday, 20 October 2025."""

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
        ("Bộ trưởng phát biểu ngày 20/10/2025.", "ngày 20/10/2025", "2025-10-20"),
        ("Lệnh cấm được công bố hôm 9/10.", "hôm 9/10", "2025-10-09"),
        ("Quy định có hiệu lực từ ngày 1 tháng 12 năm 2025.", "ngày 1 tháng 12 năm 2025", "2025-12-01"),
        ("Xuất khẩu giảm trong tháng 9.", "tháng 9", "2025-09"),
        ("Xuất khẩu giảm trong tháng 12/2024.", "tháng 12/2024", "2024-12"),
        ("Giá đã tăng hồi tháng Mười Hai.", "tháng Mười Hai", "2024-12"),
        ("Mức cao nhất kể từ năm 2012.", "năm 2012", "2012"),
        ("GDP quý III tăng mạnh.", "quý III", "2025-Q3"),
        ("Hai bên sẽ gặp nhau vào tuần tới.", "tuần tới", "2025-W44"),
        ("Giá giảm trong tuần trước.", "tuần trước", "2025-W42"),
        ("Ông phát biểu chiều 18-10.", "chiều 18-10", "2025-10-18TAF"),
        ("Ông phát biểu hôm qua.", "hôm qua", "2025-10-19"),
        ("Thỏa thuận hết hạn vào cuối tháng.", "cuối tháng", "2025-10"),
        ("Giá tăng mạnh từ đầu năm.", "đầu năm", "2025"),
        ("Xuất khẩu 9 tháng đầu năm tăng.", "9 tháng đầu năm", "2025-01/2025-09"),
        ("Nhập khẩu 6 tháng đầu năm 2024 giảm.", "6 tháng đầu năm 2024", "2024-H1"),
        ("Lệnh có hiệu lực trong vòng 6 tháng.", "6 tháng", "P6M"),
        ("Hai nước đàm phán trong nhiều năm.", "nhiều năm", "PXY"),
        ("Hội nghị thường niên diễn ra tại đây.", "thường niên", "P1Y"),
        ("Kế hoạch cho giai đoạn 2021-2025.", "giai đoạn 2021-2025", "2021/2025"),
        ("Họ sẽ họp vào thứ Sáu tuần tới.", "thứ Sáu tuần tới", "2025-10-31"),
    ],
)
def test_the_words_have_the_value(vietnamese: Language, text: str, words: str, value: str) -> None:
    assert values(vietnamese, text).get(words) == value


def test_the_same_period_last_year_is_as_coarse_as_what_it_is_compared_with(vietnamese: Language) -> None:
    found = values(vietnamese, "GDP quý III tăng 8,2% so với cùng kỳ năm ngoái.")
    assert found["cùng kỳ năm ngoái"] == "2024-Q3"


@pytest.mark.parametrize(
    "text",
    [
        "Đây là lần thứ hai ông thắng cử.",
        "Nền kinh tế lớn thứ hai thế giới.",
        "Khoảng 1/2 dân số phản đối.",
        "Ngày 31/2 không tồn tại.",
    ],
)
def test_what_only_looks_like_a_date_is_none(vietnamese: Language, text: str) -> None:
    assert values(vietnamese, text) == {}


def test_without_an_anchor_relative_words_stay_relative(vietnamese: Language) -> None:
    found = values(vietnamese, "Giá tăng trong tháng 9, tuần trước và sẽ giảm tuần tới.", None)
    assert found == {"tháng 9": "XXXX-09", "tuần trước": "PAST_REF", "tuần tới": "FUTURE_REF"}
