"""Tells the language of a text, safely for short texts and for names in another language."""

from __future__ import annotations

from functools import cache
from unicodedata import normalize

from py3langid.langid import MODEL_FILE, LanguageIdentifier

PLAUSIBLE = [
    "ar",
    "bg",
    "cs",
    "da",
    "de",
    "el",
    "en",
    "es",
    "et",
    "fa",
    "fi",
    "fr",
    "he",
    "hi",
    "hr",
    "hu",
    "id",
    "it",
    "ja",
    "ko",
    "lt",
    "lv",
    "ms",
    "nl",
    "no",
    "pl",
    "pt",
    "ro",
    "ru",
    "sk",
    "sl",
    "sr",
    "sv",
    "th",
    "tl",
    "tr",
    "uk",
    "vi",
    "zh",
]
"""What news is plausibly written in; the rest of py3langid's 97 languages are mistakes on news far more often."""

VIETNAMESE_LETTERS = frozenset("ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ")
"""Letters that hardly another language uses; ê, ô, â, á, à and their like are left out."""

_SAMPLE = 4000
_SHORT = 20
_VIETNAMESE_SHARE = 0.04


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the language of `text`; "en" for texts too short to tell.

    >>> detect_language("Bộ Thương mại Trung Quốc ra thông báo")
    'vi'
    """
    sample = normalize("NFC", text[:_SAMPLE])
    letters = [character for character in sample.lower() if character.isalpha()]
    vietnamese = sum(character in VIETNAMESE_LETTERS for character in letters)
    if vietnamese and vietnamese >= _VIETNAMESE_SHARE * len(letters):
        return "vi"
    # Names say nothing about the language of a text, and a short one may consist of them.
    plain = " ".join(word for word in sample.split() if not word[0].isupper())
    if sum(character.isalpha() for character in plain) < _SHORT:
        if all(character.isascii() for character in letters):
            return "en"
        plain = sample
    return str(_identifier().classify(plain)[0])


def base_language(code: str) -> str:
    """The language part of a code: "en" of "en-GB", "vi" of "VI_vn"."""
    return code.strip().replace("_", "-").split("-")[0].lower()


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(PLAUSIBLE)
    return identifier
