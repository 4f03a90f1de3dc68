"""The language of a text, short ones too."""

from __future__ import annotations

import pytest

from nlp.language import base_language, detect_language


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("Katsunobu Kato", "en"),
        ("Kato warns of tariffs", "en"),
        ("Brazil's Luiz Inacio Lula da Silva hosted Claudia Sheinbaum.", "en"),
        ("The minister said that São Paulo would raise its tariffs on coffee exports.", "en"),
        ("Mỹ", "vi"),
        ("Bộ Thương mại Trung Quốc ra thông báo", "vi"),
        ("Tổng thống Trump gặp bà von der Leyen", "vi"),
        ("Le ministre des finances a annoncé de nouveaux droits de douane sur les importations.", "fr"),
        ("Die Regierung hat am Montag neue Zölle auf Stahl angekündigt, wie sie mitteilte.", "de"),
        ("El ministro de comercio anunció nuevos aranceles para los productos importados.", "es"),
        ("Президент заявил, что страна введёт новые пошлины на сталь.", "ru"),
        ("中国商务部宣布对稀土实施出口管制。", "zh"),
    ],
)
def test_languages(text: str, language: str) -> None:
    assert detect_language(text) == language


def test_a_region_is_no_part_of_the_language() -> None:
    assert [base_language(code) for code in ("en-GB", "VI", "vi_VN", " en ")] == ["en", "vi", "vi", "en"]
