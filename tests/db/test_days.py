"""Coarse dates have a first and a last day."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.days import first_day, last_day


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2025-10-20", "2025-10-20", "2025-10-20"),
        ("2025-W43", "2025-10-20", "2025-10-26"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2025-02", "2025-02-01", "2025-02-28"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2025-Q3", "2025-07-01", "2025-09-30"),
        ("2025-H2", "2025-07-01", "2025-12-31"),
        ("2025", "2025-01-01", "2025-12-31"),
        ("2025-01/2025-08", "2025-01-01", "2025-08-31"),
        ("2025-10-20T09:30", "2025-10-20", "2025-10-20"),
        ("PAST_REF", None, None),
        ("P3M", None, None),
        ("2025-13", None, None),
        ("2025-02-30", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_a_coarse_date_spans_its_days(value: str | None, first: str | None, last: str | None) -> None:
    begins, ends = first_day(value), last_day(value)
    assert (begins and begins.isoformat(), ends and ends.isoformat()) == (first, last)


@given(st.text(max_size=12))
def test_no_text_is_an_error(text: str) -> None:
    begins, ends = first_day(text), last_day(text)
    assert begins is None or ends is None or "/" in text or begins <= ends
