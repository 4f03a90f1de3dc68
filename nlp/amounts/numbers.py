"""Numbers in running text, in figures and words, English and Vietnamese: where they stand and what they are worth."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from nlp.amounts.quantity_words import quantity_words
from nlp.facts.reference import NumberWord, load_numbers
from nlp.stretches import places_by_kind, stretches

Kind = Literal["figure", "word", "fraction", "vague"]
Style = Literal["point", "comma"]
"""The sign before decimals: 1,234.5 is of style "point", 1.234,5 of style "comma"."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number in the text; `high` is the upper end of what is a range by itself ("thousands of")."""

    start: int
    end: int
    value: float
    high: float | None
    kind: Kind


Class = Literal["cardinal", "scale", "fraction", "plural", "sign", "half"]
_PAIRS = frozenset({"couple", "pair", "single", "score", "gross", "myriad"})
"""Words of the table that are nouns or adjectives far more often than numbers."""
_HALVES = frozenset({"rưỡi", "rưởi"})
_LETTER = re.compile(r"(?<=\d)\s?[mMkKbB]$")
_MARGIN = 24
"""Characters around a number word or a figure that belong to the number at most."""

_FILLERS = frozenset({"and", "a", "an", "linh", "lẻ"})


@cache
def number_words(language: str, class_: Class) -> dict[str, float]:
    """The words of one class in one language with their values, in lower case.

    "plural" are the scales that stand for an open number ("thousands of"), "sign" the characters like "½",
    "half" the Vietnamese words for half a unit more.
    """
    tens = {"tens": 10.0} if (language, class_) == ("en", "plural") else {}
    return tens | {
        row.word.lower(): float(row.value)
        for row in load_numbers()
        if row.language == language and row.word.lower() not in _PAIRS and _class(row) == class_
    }


def _class(row: NumberWord) -> str:
    if row.word_class in ("unit", "ten"):
        return "cardinal"
    if row.word_class == "fraction":
        return "sign" if len(row.word) == 1 else "half" if row.word in _HALVES else "fraction"
    plural = row.language == "en" and row.word.endswith("s") and row.word not in ("lakhs", "crores")
    return "plural" if row.word_class == "scale" and plural else str(row.word_class)


def decimal_style(text: str, language: str) -> Style:
    """How this text writes decimals: by its language, unless its figures say the opposite.

    A figure that tells has one or two digits after its sign ("10,9"), or two signs ("1.234,5", "1.234.567").
    """
    comma = len(re.findall(r"(?<![\d.,])\d+,\d{1,2}(?![\d,]|\.\d)|\d\.\d{3},\d|\d\.\d{3}\.\d{3}\b", text))
    point = len(re.findall(r"(?<![\d.,/])\d+\.\d{1,2}(?![\d.]|,\d|/)|\d,\d{3}\.\d|\d,\d{3},\d{3}\b", text))
    if language == "vi":
        point += len(re.findall(r"(?<![\d.,])\d{1,3},\d{3}(?![\d,])", text)) if point else 0
        return "point" if point > comma else "comma"
    return "comma" if comma and not point and not re.search(r"\d,\d{3}(?!\d)", text) else "point"


def find_numbers(text: str, language: str) -> list[Number]:
    """Every number in the text, in order and without overlap; dates and names are for the caller to leave out."""
    style = decimal_style(text, language)
    pattern = _vietnamese_pattern() if language == "vi" else _english_pattern()
    places = places_by_kind(text, _number_kinds(language))
    near = sorted({place for kind in places.values() for place in kind})
    numbers = (
        _read(match, text, language, style)
        for start, end in stretches(near, _MARGIN, text)
        for match in pattern.finditer(text, start, end)
    )
    return [number for number in numbers if number is not None]


@cache
def _number_kinds(language: str) -> dict[str, tuple[str, ...]]:
    """The words that a number can begin with: the pattern is slow, and tried around them and figures only."""
    classes: tuple[Class, ...] = ("cardinal", "scale", "fraction", "plural", "half")
    known = {word for class_ in classes for word in number_words(language, class_)} | {"half", "nửa", "hàng"}
    return {re.split(r"\W", word)[0]: ("number",) for word in known}


def parse_figure(figure: str, style: Style = "point") -> float:
    """The value of digits with their signs: "6.538" is 6538 in style "comma", 6.538 in style "point".

    >>> parse_figure("1.234.567,5", "comma")
    1234567.5
    """
    figure = re.sub(r"\s", "", figure)
    commas, points = figure.count(","), figure.count(".")
    if commas and points:
        decimal = max(",.", key=figure.rfind)
    elif commas + points == 1:
        sign = "," if commas else "."
        groups = re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", figure)
        own = "," if style == "comma" else "."
        decimal = sign if sign == own or not groups else ""
    else:
        decimal = ""
    return float("".join("." if c == decimal else c for c in figure if c not in ",." or c == decimal))


_FIGURE = (
    r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d{1,3}(?:,[ ]000)+\b|\d{1,3}(?:\.\d{3}){2,}(?!\d)(?:,\d+)?"
    r"|\d{1,3}(?:\.\d{3})+,\d+|\d+[.,]\d+|\d+|\.\d+"
)
_MONEY_BEFORE = re.compile(r"[$£€¥₹₩=]\s?$|\b(?:PS|RM|Rs|Rp|[A-Z]{3})\s?$")
_NO_NAME_BEFORE = (
    r"(?<![\w.,/’'-])|(?<=[$£€¥₹₩=])|(?<=\b[A-Z]{2})|(?<=\b[A-Z]{3})|(?<=\b[A-Z]{2}\$)|(?<=\$[A-Z])"
    r"|(?<=minus-)|(?<=sub-)|(?<=\d-)|(?<=\d–)|(?<=%-)|(?<=%–)"
)


@cache
def _english_pattern() -> re.Pattern[str]:
    cardinal = _alternation(number_words("en", "cardinal"))
    scale = _alternation(
        w for w in number_words("en", "scale") if len(w) > 3 or w == "bn" or w in ("mln", "bln", "trn", "mio")
    )
    short = r"(?:bn|tn|mn|[mMkKbB])"
    fraction = _alternation(number_words("en", "fraction"))
    plural = _alternation(number_words("en", "plural"))
    signs = "".join(number_words("en", "sign"))
    words = rf"(?:{cardinal})(?:(?:-|\s+|\s+and\s+)(?:{cardinal}|{scale})\b)*"
    half = r"(?:\s+and\s+(?:a\s+)?(?:half|quarter))?"
    figure = rf"(?:{_FIGURE})(?:\s?[{signs}]|(?:\s|-)\d/\d{{1,2}}(?!\d))?"
    count = rf"(?:\d+|{cardinal})"
    return re.compile(
        rf"""
        (?P<vague>\b(?:{plural})(?:\s+of\s+(?:{plural})\b|(?=\s+of\b|\s+(?:more|other)\b)))
        |(?P<ratio>\b{count}\s+(?:out\s+of|in|of)(?:\s+(?:every|the))?\s+(?:{cardinal}|\d{{1,3}}\b(?![.,%]\d|%)))
        |(?P<scaledpart>\b(?:(?:an?|{cardinal})\s+)?(?:{fraction})(?:\s+of)?(?:\s+an?)?[\s-]+(?:{scale})\b)
        |(?P<part>\b(?:(?:an?|{cardinal})(?:\s+|-))(?:{fraction})\b|\bhalf(?=\s+(?:of|the|its|their|all|his|her|our)\b)|(?<![\d/])\d/\d{{1,2}}(?![\d/])|[{signs}])
        |(?P<figure>(?:{_NO_NAME_BEFORE}){figure}(?:[\s-]?(?:{scale})\b)*(?:\s?{short}(?![\w²³/]|\.\w)|{short}(?=(?-i:[A-Z]{{3}})\b)|\s{short}(?=(?-i:[A-Z]{{3}})\b))?)
        |(?P<word>\b(?:{words}{half}(?:\s+(?:{scale}))*|an?\s+(?:half[\s-]+)?(?:{scale})(?:\s+(?:{scale}))*|(?:million|billion|trillion)(?=[\s-](?:dollar|euro|pound|yuan|yen)))\b)
        """,
        re.VERBOSE | re.IGNORECASE,
    )


@cache
def _vietnamese_pattern() -> re.Pattern[str]:
    cardinal = _alternation(number_words("vi", "cardinal"))
    scale = _alternation(number_words("vi", "scale"))
    # "hai mươi năm" is twenty years: after a ten, five is "lăm"
    after_ten = _alternation(word for word in number_words("vi", "cardinal") if word not in ("năm", "mười"))
    rest = rf"(?:\s+(?:mươi\b(?:\s+(?:{after_ten})\b)?|(?:{scale}|linh|lẻ)\b(?:\s+(?:{cardinal})\b)?))*"
    return re.compile(
        rf"""
        (?P<vague>\bhàng\s+(?:(?:chục|trăm)\s+)?(?:{scale})\b)
        |(?P<part>(?<![\d/])\d/\d{{1,2}}(?![\d/])|\bmột\s+nửa\b|\bnửa(?=\s+(?:số|triệu|tỷ|dân))
            |\b(?:{cardinal})\s+phần\s+(?:{cardinal})\b)
        |(?P<figure>(?:(?<![\w.,/-])|(?<=\d-)|(?<=\d–)|(?<=%-))(?:{_FIGURE})(?:\s+(?:{scale})\b)*(?:\s+rư[ỡở]i\b)?)
        |(?P<word>\b(?:mười\s+(?:{after_ten})|{cardinal})\b{rest}(?:\s+rư[ỡở]i\b)?(?!\w))
        """,
        re.VERBOSE | re.IGNORECASE,
    )


def _read(match: re.Match[str], text: str, language: str, style: Style) -> Number | None:
    kind, start, end = match.lastgroup or "", match.start(), match.end()
    surface = match.group().lower()
    if kind == "vague":
        return _vague(surface, start, end, language)
    if kind == "ratio":
        return _ratio(surface, start, end, language)
    if kind in ("part", "scaledpart"):
        return _part(surface, start, end, text, language)
    surface, end = _without_metres(match.group(), start, end, text)
    value = _value(surface.lower(), language, style)
    return (
        None if value is None else Number(start, end, value, None, "figure" if kind == "figure" else "word")
    )


def _without_metres(surface: str, start: int, end: int, text: str) -> tuple[str, int]:
    """For "48m" is metres, but "$48m" and "48m people" are millions: money or a noun must say so."""
    letter = _LETTER.search(surface) if surface[-1] in "mMkKbB" else None
    if not letter:
        return surface, end
    money = _MONEY_BEFORE.search(text[max(0, start - 5) : start])
    noun = re.match(r"\s([a-z]{2,})|\s?[A-Z]{3}\b", text[end : end + 16])
    counts = noun is not None and noun[1] not in quantity_words("en", "not_million")
    if money or (counts and letter.group() in ("m", "M", "k", "K", "b", "B", " M")):
        return surface, end
    return surface[: letter.start()], end - len(letter.group())


def _value(surface: str, language: str, style: Style) -> float | None:
    total = current = 0.0
    seen = False
    scales, cardinals = number_words(language, "scale"), number_words(language, "cardinal")
    for piece in _pieces(surface):
        if piece in _FILLERS:
            continue
        if piece in number_words(language, "sign"):
            current += number_words(language, "sign")[piece]
        elif "/" in piece:
            above, below = piece.split("/")
            current += float(above) / float(below) if float(below) else 0
        elif piece[0].isdigit() or piece[0] == ".":
            current += parse_figure(piece, style)
        elif piece in scales and total and not current:  # "1,5 nghìn tỷ": a thousand billions
            total *= scales[piece]
        elif piece in scales:
            current = (current if seen else 1) * scales[piece]
            if scales[piece] >= 1000:
                total, current = total + current, 0.0
        elif piece in ("half", "quarter"):
            current += 0.5 if piece == "half" else 0.25
        elif piece in _HALVES:
            total, current = total + (_last_scale(surface, scales) / 2), current
        elif piece in cardinals:
            current += cardinals[piece]
        else:
            return None
        seen = True
    return float(f"{total + current:.12g}") if seen else None


def _last_scale(surface: str, scales: dict[str, float]) -> float:
    known = [scales[word] for word in surface.split() if word in scales]
    return known[-1] if known else 1.0


def _pieces(surface: str) -> Iterator[str]:
    for found in re.finditer(r"\d/\d+|[\d.,]*\d(?:, 000)*|\.\d+|[^\W\d]+|[½¼¾⅓⅔⅕⅛⅜⅝⅞]", surface):
        yield found.group()


def _vague(surface: str, start: int, end: int, language: str) -> Number:
    if language == "vi":
        value = 1.0
        for word in surface.split()[1:]:
            value *= number_words("vi", "scale")[word]
        return Number(start, end, value, value * 10, "vague")
    words = number_words(language, "plural")
    parts = [words[word] for word in re.split(r"\s+of\s+", surface)]
    low = parts[0] * (parts[1] if len(parts) > 1 else 1)
    return Number(start, end, low, None if surface == "dozens" else low * 10, "vague")


def _ratio(surface: str, start: int, end: int, language: str) -> Number | None:
    """For "one out of three", "six in ten", "one of four"; otherwise the first number stands alone."""
    first, link, second = re.fullmatch(
        r"(\S+)\s+(out of|in|of)(?:\s+(?:every|the))?\s+(\S+)", re.sub(r"\s+", " ", surface)
    ).groups()  # type: ignore[union-attr]
    above, below = _value(first, language, "point"), _value(second, language, "point")
    if above is None or below is None:
        return None
    whole = (
        link == "out of"
        or (link == "in" and (above == 1 or below in (10, 100)))
        or (link == "of" and above == 1)
    )
    if whole and 0 < above < below <= 100:
        return Number(start, end, above / below, None, "fraction")
    return Number(start, start + len(first), above, None, "figure" if first[0].isdigit() else "word")


def _part(surface: str, start: int, end: int, text: str, language: str) -> Number | None:
    """For "two-thirds", "half a million", "a quarter of"; without its "of" a quarter is another thing."""
    fractions, scales, cardinals = (number_words(language, c) for c in ("fraction", "scale", "cardinal"))
    words = re.findall(r"[^\W\d]+|\d+/\d+|[½¼¾⅓⅔⅕⅛⅜⅝⅞]", surface)
    if "phần" in words:  # "hai phần ba"
        return Number(start, end, cardinals[words[0]] / cardinals[words[-1]], None, "fraction")
    value, scaled = 1.0, False
    for word in words:
        if "/" in word:
            above, below = word.split("/")
            if not float(below):
                return None
            value *= float(above) / float(below)
        elif word in fractions:
            value *= fractions[word]
        elif word in scales:
            value, scaled = value * scales[word], True
        elif word in cardinals:
            value *= cardinals[word]
        elif word in number_words(language, "sign"):
            value *= number_words(language, "sign")[word]
    if scaled:
        return Number(start, end, value, None, "word")
    ordinal = words[-1] in fractions and words[-1] != "half" and not words[-1].endswith("s")
    if ordinal and words[0] in ("a", "an") and not re.match(r"\s+of\b", text[end:]):
        return None
    return Number(start, end, value, None, "fraction")


def _alternation(words: object) -> str:
    ordered = sorted((str(word) for word in words), key=len, reverse=True)  # type: ignore[attr-defined]
    return "|".join(re.escape(word).replace(r"\ ", r"\s+") for word in ordered)
