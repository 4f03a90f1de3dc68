"""Finds people in Vietnamese by what stands beside their names: honorifics, family names, titles after them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from db.model import UNKNOWN_COUNTRY
from nlp.names.english_mentions import give_title
from nlp.names.findings import Finding
from nlp.names.titles import Title
from nlp.names.vietnamese_names import name_end
from nlp.names.vietnamese_words import VietnameseWords

_SAME_NAMES = frozenset({"CHN", "TWN", "HKG", "MAC", "SGP", "VNM"})


def honoured_people(
    vocabulary: VietnameseWords, words: list[str], titles: Sequence[Title], taken: Mapping[int, Finding]
) -> Iterator[Finding]:
    """ "ông Trump", "bà Lagarde"; the general ("tướng") in "Thủ tướng Anh" is none."""
    titled = {place for title in titles for place in range(title.start, title.end)}
    for place in range(len(words)):
        start = vocabulary.after(words, place, "honorifics")
        if start is None or place in titled:
            continue
        # No country is called "bà": "Bà Nga" is somebody.
        single = start in taken and taken[start].kind == "country" and taken[start].end - start == 1
        end = name_end(words, start, {} if single else taken)
        if end > start:
            yield Finding(start=start, end=end, kind="person", rule="honorific", weight=75)


def surnamed_people(
    vocabulary: VietnameseWords, words: list[str], taken: Mapping[int, Finding]
) -> Iterator[Finding]:
    """ "Lê Văn Bảy": two to four big syllables, the first a Vietnamese family name, no street and no school."""
    for place, word in enumerate(words):
        if not word[:1].isupper() or vocabulary.after(words, place, "surnames") is None or place in taken:
            continue
        before = words[place - 1] if place else "\n"
        if (before[:1].isupper() and before.isalpha()) or vocabulary.before(words, place, "named_after"):
            continue
        end = name_end(words, place, taken)
        syllables = words[place:end]
        if 2 <= len(syllables) <= 4 and any(not syllable.isascii() for syllable in syllables):
            yield Finding(start=place, end=end, kind="person", rule="family name", weight=45)


def give_title_after(
    vocabulary: VietnameseWords, finding: Finding, titles: Mapping[int, Title], words: list[str]
) -> None:
    """ "Katsunobu Kato, Bộ trưởng Tài chính Nhật Bản,"; also "tân Thủ tướng", "là Bộ trưởng"."""
    if words[finding.end : finding.end + 1] and words[finding.end] in (",", "-", "–", "(", "là"):
        start = finding.end + 1
        for kind in ("modifiers", "former"):
            start = vocabulary.after(words, start, kind) or start
        title = titles.get(start)
        if title is not None:
            give_title(finding, title)


def learn_homeland(vocabulary: VietnameseWords, finding: Finding, words: list[str]) -> None:
    """A Vietnamese name with a bare title serves Vietnam, unless a country with names alike was spoken of."""
    if finding.origin in _SAME_NAMES or finding.country != UNKNOWN_COUNTRY or finding.title is None:
        return
    name = words[finding.start : finding.end]
    if (
        len(name) > 1
        and vocabulary.after(words, finding.start, "surnames")
        and any(not w.isascii() for w in name)
    ):
        finding.origin = "VNM"
