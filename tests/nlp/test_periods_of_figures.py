"""The period a figure is for, where it is a stretch of months or told by another figure's."""

from __future__ import annotations

import pytest
from spacy.language import Language

from db.model import Quantity
from nlp.layers import read_layer
from nlp.piping import Source, run_pipeline


def periods(nlp: Language, text: str, published: str = "2025-10-20") -> list[str | None]:
    (doc,) = run_pipeline(nlp, [Source(text=text, published=published)])
    assert not isinstance(doc, str), doc
    return [q.period for q in read_layer(doc, Quantity) if q.unit_normalized == "metric ton"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Peru exported 12,000 tonnes of tin between April and mid-June.", ["2025-04/2025-06"]),
        ("Peru exported 12,000 tonnes of tin from April to June.", ["2025-04/2025-06"]),
        ("Peru exported 12,000 tonnes of tin in the January-September period.", ["2025-01/2025-09"]),
        ("Peru exported 12,000 tonnes of tin from November to February.", ["2024-11/2025-02"]),
        ("Peru exported 12,000 tonnes of tin between January 2023 and March 2025.", ["2023-01/2025-03"]),
        ("Peru exported 12,000 tonnes of tin in the first nine months of 2024.", ["2024-01/2024-09"]),
        ("Peru exported 12,000 tonnes of tin in the first nine months.", ["2025-01/2025-09"]),
        ("Peru exported 12,000 tonnes of tin in the first 11 months.", ["2024-01/2024-11"]),
        (
            "Tin exports rose to 900 tonnes in May, compared with 700 tonnes a year ago.",
            ["2025-05", "2024-05"],
        ),
        ("Tin exports fell from August to 4,000 tonnes in September.", ["2025-09"]),
    ],
)
def test_english(english: Language, text: str, expected: list[str | None]) -> None:
    assert periods(english, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Từ tháng 4 đến tháng 6, Peru xuất khẩu 12.000 tấn thiếc.", ["2025-04/2025-06"]),
        ("Xuất khẩu thiếc trong giai đoạn tháng 1-9 đạt 12.000 tấn.", ["2025-01/2025-09"]),
        ("Xuất khẩu thiếc 9 tháng đạt 12.000 tấn.", ["2025-01/2025-09"]),
        ("Xuất khẩu thiếc trong 3 tháng qua đạt 12.000 tấn.", [None]),
    ],
)
def test_vietnamese(vietnamese: Language, text: str, expected: list[str | None]) -> None:
    assert periods(vietnamese, text) == expected
