"""Telling the language of a text."""

import pytest

from crawler.extraction.languages import is_plain_english, tell_language

ENGLISH = (
    "The ministry said on Monday that exports of the metal fell by a tenth in the first half of the year, and"
    " that it was in talks with its partners on a new list of duties."
)
DUTCH = (
    "De minister zei maandag dat de export van het metaal in de eerste helft van het jaar met een tiende is gedaald"
    " en dat er met de partners over een nieuwe lijst van tarieven is gesproken."
)
VIETNAMESE = (
    "Bộ Công Thương cho biết xuất khẩu kim loại này đã giảm một phần mười trong nửa đầu năm và đang đàm phán với"
    " các đối tác về danh mục thuế mới."
)


@pytest.mark.parametrize(("text", "language"), [(ENGLISH, "en"), (DUTCH, "nl"), (VIETNAMESE, "vi")])
def test_language_is_told_by_the_words(text: str, language: str) -> None:
    assert tell_language(text) == language


def test_only_english_is_plain_english() -> None:
    assert is_plain_english(ENGLISH)
    assert not is_plain_english(DUTCH)
    assert not is_plain_english("A to i on, to jest in the")  # English-looking scraps of another language
    assert not is_plain_english("")
