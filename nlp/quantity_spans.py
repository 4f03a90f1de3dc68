"""Joins numbers with their units: money signs before, units after, rates, ranges; dates and names left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from db.model import TimeExpression
from nlp.quantity_change import change_of
from nlp.numbers import Kind, Number, find_numbers
from nlp.units import NONE, UnitMatch, UnitTable, unit_table

_TABLE_COUNTS = frozenset({"time", "point", "index point", "pixel", "megapixel", "unit", "twenty-foot equivalent unit", "degree of freedom"})
"""Counts that the table names in English too; other counted nouns are read from the sentence."""
_WORDLIKE_UNITS = frozenset("in a mi min cal ct am pm or as at no to is me he we us so a".split())
_TIMES = frozenset({"time"})


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A number with the unit found beside it; `number_*` and `unit_*` are the stretches of each."""

    start: int
    end: int
    number_start: int
    number_end: int
    value: float
    high: float | None
    kind: Kind
    unit: str = NONE
    surface: str = ""
    dimension: str = ""
    has_rate: bool = False
    from_to: bool = False
    """Whether the two values are those of "from X to Y", where something moved, rather than of "X to Y"."""


def find_quantities(text: str, language: str, times: Sequence[TimeExpression]) -> list[FoundQuantity]:
    """Numbers with units in the order of the text; a number in a calendar date, a clock time or a name is none."""
    table = unit_table(language)
    numbers = [n for n in find_numbers(text, language) if not _in_time(n, text, times, table) and not _in_name(n, text)]
    found = [_with_unit(number, text, table) for number in numbers]
    found = [q for q in found if not _is_ordinal_or_score(q, text)]
    return _with_ranges(_with_cents(_share_units(found, text), text), text, language)


def _in_time(number: Number, text: str, times: Sequence[TimeExpression], table: UnitTable) -> bool:
    for time in times:
        if number.start < time.end and time.start < number.end and time.type != "DURATION" and time.rule != "counted_from":
            return table.before(text, number.start) is None
    return False


_NAME_BEFORE = re.compile(
    r"(?:[A-Za-zÀ-ỹ]|[A-Za-z]-|[A-Z]\s?/|#|\bNo\.?\s|\bNr\.?\s|\bArticle\s|\bSection\s|\bResolution\s|\bDecision\s|\bRoute\s|\bHighway\s|\bChapter\s|\bVersion\s|\bđiều\s|\bsố\s)$"
)


def _in_name(number: Number, text: str) -> bool:
    """"G7", "F-35", "Covid-19", "No. 5"; and what is part of a longer code, a time or a web address."""
    before, after = text[max(0, number.start - 12) : number.start], text[number.end : number.end + 12]
    if number.kind == "figure":
        money = re.search(r"(?:[$£€¥₹₩]|\$[A-Z]{1,2}|PS|RM|Rs|Rp|[A-Z]{3}|Y=)\s?$", before)
        if re.search(r"\d[.,:/]$|[/@_=]$", before) and not money:
            return True
        if re.match(r"(?:st|nd|rd|th)\b|[:/]\d|\.\d+\.\d|[-–]\d+[-–]\d", after) or re.search(r"\d[-–]\d+[-–]$", before):
            return True
        if re.fullmatch(r"(?:19|20)\d\d", text[number.start : number.end]) and re.match(r"['’]?s\b", after):
            return True
        if not money and _NAME_BEFORE.search(before) and not re.search(r"(?:minus|sub|plus|mid|pre|non|[a-z]{4})-$", before):
            return True
    return bool(re.match(r"\s?\)", after) and before.endswith("(") or re.match(r"[.)]\s", after) and re.search(r"(?:^|\n)\s*$", before))


def _is_ordinal_or_score(found: FoundQuantity, text: str) -> bool:
    """"2-2": two small numbers, a dash between, and no noun or unit after them."""
    small = found.unit == NONE and abs(found.value) < 30
    first = re.match(r"[-–]\d{1,2}(?![\d.,%]|\s?-?[^\W\d]|[°$€£])", text[found.end : found.end + 8])
    first = first or re.match(r"[-–]\d{1,2}\s(?:on|in|at|against|to|over|with|win|draw|loss|defeat)\b", text[found.end : found.end + 14])
    return bool(small and (first or (re.search(r"\d[-–]$", text[: found.start][-3:]) and not re.match(r"\s?-?[^\W\d]", text[found.end :][:3]))))


def _with_unit(number: Number, text: str, table: UnitTable) -> FoundQuantity:
    start, value = _signed(number, text)
    found = FoundQuantity(start, number.end, number.start, number.end, value, number.high, number.kind)
    money = table.before(text, number.start)
    if money and number.kind in ("figure", "vague", "word"):
        found = replace(found, start=money.start, unit=money.name, surface=text[money.start : money.end].strip(), dimension="currency")
    else:
        unit = _unit_after(number, text, table)
        if unit is None:
            return found
        found = replace(found, end=unit.end, unit=unit.name, surface=text[unit.start : unit.end], dimension=unit.dimension)
        if found.unit in _TIMES:
            found = replace(found, unit="count")
    return _with_rate(found, text, table)


def _with_rate(found: FoundQuantity, text: str, table: UnitTable) -> FoundQuantity:
    rate = table.rate(text, found.end)
    if rate is None or " per " in found.unit:
        return found
    if found.dimension == "time" and rate.dimension != "time":  # "18 months per tranche" stays a length of time
        return found
    surface = text[found.number_end if found.dimension == "currency" and found.start < found.number_start else found.end - len(found.surface) : rate.end]
    return replace(found, end=rate.end, unit=f"{found.unit} per {rate.name}", surface=f"{found.surface}{surface}" if found.start < found.number_start else surface, has_rate=True)


def _unit_after(number: Number, text: str, table: UnitTable) -> UnitMatch | None:
    gap = re.compile(r"\s?[-–]\s?|\s?[\[({<](?=[a-zA-Zµμ°]{1,3}[\])}>])|\s+|").match(text, number.end)
    position = gap.end() if gap else number.end
    unit = table.after(text, position)
    of = re.compile(r"\s+of\s+").match(text, number.end)
    if unit is None and of and number.kind == "vague":
        unit = table.after(text, of.end())
    if unit is None:
        return None
    surface = text[unit.start : unit.end]
    if table.language == "en" and unit.dimension == "count" and unit.name not in _TABLE_COUNTS:
        return None
    attached = position == number.end
    if surface.lower() in _WORDLIKE_UNITS and not (attached or re.match(r"\s*(?:[.,;)]|$)", text[unit.end :])):
        return None
    if len(surface) <= 2 and surface.isalpha() and number.kind == "word":
        return None
    if len(surface) == 1 and surface.isupper() and not attached and re.match(r"\s+[A-Z]|-\w|\.[A-Z]", text[unit.end :]):
        return None
    return unit


def _signed(number: Number, text: str) -> tuple[int, float]:
    before = text[max(0, number.start - 8) : number.start]
    word = re.search(r"\b(?:minus|negative|âm|trừ)[\s-]$", before, re.IGNORECASE)
    sign = re.search(r"(?:^|[\s(])([-−])$", before) or (re.search(r"(?:^|\s)([-−]\s)$", before) if re.match(r"\s?(?:degree|deg\b|°)", text[number.end :]) else None)
    if word:
        return number.start - len(word.group()), -number.value
    if sign and number.kind == "figure":
        return number.start - len(sign[1]), -number.value
    return number.start, number.value


def _with_cents(found: list[FoundQuantity], text: str) -> list[FoundQuantity]:
    """"3 dollars 50 cents" is one amount."""
    joined: list[FoundQuantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if last and last.dimension == "currency" and re.fullmatch(r"\s+(?:and\s+)?", text[last.end : quantity.start]):
            small = quantity.unit in ("cent", "penny") or (quantity.unit == NONE and re.match(r"\s*[.,;]?\s*$", text[quantity.end :][:3]) and last.start == last.number_start)
            if small and quantity.value < 100 and last.value == int(last.value) and last.unit not in ("cent", "penny"):
                joined[-1] = replace(last, end=quantity.end, value=last.value + quantity.value / 100)
                continue
        joined.append(quantity)
    return joined


def _share_units(found: list[FoundQuantity], text: str) -> list[FoundQuantity]:
    """In "7- or 8-inch" and "from 5 to 7 per cent" the first number takes the unit, and the scale, of the second."""
    shared = list(found)
    for place in range(len(shared) - 2, -1, -1):
        first, second = shared[place], shared[place + 1]
        link = text[first.end : second.start]
        if first.unit != NONE or second.unit == NONE or not re.fullmatch(r"-?\s?(?:-|–|—|to|and|or|,|đến|tới|và|hoặc)\s?", link):
            continue
        if link.strip() == "," or (link.strip() == "and" and second.start - first.end < 3):
            continue
        scale = _scale(text[second.number_start : second.number_end])
        own = _scale(text[first.number_start : first.number_end])
        factor = scale if own == 1 and first.value < 1000 else 1
        before = second.start < second.number_start
        if before:
            continue
        shared[place] = replace(first, value=first.value * factor, unit=second.unit, surface=second.surface, dimension=second.dimension)
    return shared


def _scale(surface: str) -> float:
    known = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "bn": 1e9, "nghìn": 1e3, "ngàn": 1e3, "triệu": 1e6, "tỷ": 1e9, "tỉ": 1e9}
    return known.get(re.sub(r"^.*[\d\s-]", "", surface.lower()), 1.0)


_TO = re.compile(r"\s?(?:-|–|—)\s?|\s+(?:to|đến|tới|lên)\s+(?:as\s+(?:much|many)\s+as\s+|about\s+|around\s+|nearly\s+|up\s+to\s+)?")


def _with_ranges(found: list[FoundQuantity], text: str, language: str) -> list[FoundQuantity]:
    """Two numbers that bound one another, "5 to 7 per cent", "between $62 and $68", made one with two values."""
    joined: list[FoundQuantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if last and last.high is None and quantity.high is None and _bounds_range(last, quantity, text):
            before = text[max(0, last.start - 12) : last.start].lower()
            moved = bool(re.search(r"\b(?:from|từ|từ mức)\s+(?:about\s+|around\s+|nearly\s+|just\s+)?$", before))
            best = quantity if quantity.unit != NONE else last
            value = last.value
            if language and _scale(text[quantity.number_start : quantity.number_end]) > 1 and last.value < 1000 and _scale(text[last.number_start : last.number_end]) == 1 and last.dimension == "currency" and value <= quantity.value / 1000:
                value *= _scale(text[quantity.number_start : quantity.number_end])
            joined[-1] = replace(best, start=last.start, end=quantity.end, number_start=last.number_start, value=value, high=quantity.value, from_to=moved)
            continue
        joined.append(quantity)
    return joined


def _bounds_range(first: FoundQuantity, second: FoundQuantity, text: str) -> bool:
    link, before = text[first.end : second.start], text[max(0, first.start - 14) : first.start].lower()
    alike = first.unit in (second.unit, NONE) or second.unit == NONE or second.unit.startswith(f"{first.unit} per ")
    if _TO.fullmatch(link) and link.strip().startswith(("to", "đ", "t", "l")) and not re.search(r"\b(?:from|between|từ)\b", before):
        rising = change_of(text, first.start, first.end, "en") in ("up", "down") or re.search(r"\bby\s+(?:\w+\s+)?$", before)
        if rising or (first.unit != NONE and second.unit == NONE):
            return False  # "rose 6% to 164": an amount and a level
    if not alike or first.kind == "fraction" or second.kind == "fraction":
        return False
    if _TO.fullmatch(link):
        signed = first.unit == NONE and second.unit == NONE and link.strip() in ("-", "–", "—")
        return not (signed and (first.value > second.value or first.value < 0))
    if re.search(r"\b(?:between|giữa|từ)\s+(?:about\s+|around\s+)?$", before) and re.fullmatch(r"\s+(?:and|và|-)\s+", link):
        return True
    close = second.value > first.value and first.kind == "word" and second.kind == "word"
    return bool(close and re.fullmatch(r"\s+(?:or|hoặc|hay)\s+", link) and second.value <= first.value * 2)
