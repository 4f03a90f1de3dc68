"""Joins numbers with their units: money signs before, units after, rates, ranges; dates and names left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from db.model import TimeExpression
from nlp.amounts.found_quantity import FoundQuantity
from nlp.amounts.numbers import Number, find_numbers
from nlp.amounts.quantity_ranges import with_cents, with_ranges, with_shared_units
from nlp.amounts.quantity_words import quantity_words
from nlp.amounts.units import NONE, UnitMatch, UnitTable, unit_table

_TABLE_COUNTS = frozenset(
    {
        "time",
        "point",
        "index point",
        "pixel",
        "megapixel",
        "unit",
        "twenty-foot equivalent unit",
        "degree of freedom",
    }
)
"""Counts that the table names in English too; other counted nouns are read from the sentence."""
_TIMES = frozenset({"time"})
_AGE_BEFORE = re.compile(r"\b(?:aged?|ages?\s+of)\s+(?:under\s+|over\s+)?$", re.IGNORECASE)


def find_quantities(text: str, language: str, times: Sequence[TimeExpression]) -> list[FoundQuantity]:
    """Numbers with units in the order of the text; a number in a calendar date, a clock time or a name is none."""
    table = unit_table(language)
    numbers = [
        n
        for n in find_numbers(text, language)
        if not _in_time(n, text, times, table) and not _in_name(n, text)
    ]
    found: list[FoundQuantity] = []
    for number in numbers:
        quantity = _with_unit(number, text, table)
        covered = (
            found and quantity.start < found[-1].end
        )  # "2 năm năm": the second word is the unit of the first
        if not covered and not _is_ordinal_or_score(quantity, text):
            found.append(quantity)
    return with_ranges(with_cents(with_shared_units(found, text), text), text, language)


def _in_time(number: Number, text: str, times: Sequence[TimeExpression], table: UnitTable) -> bool:
    for time in times:
        if (
            number.start < time.end
            and time.start < number.end
            and time.type != "DURATION"
            and time.rule != "counted_from"
        ):
            return table.before(text, number.start) is None
    return False


_NAME_BEFORE = re.compile(
    r"(?:[A-Za-zÀ-ỹ]|[A-Za-z]-|[A-Z]\s?/|#|\bNo\.?\s|\bNr\.?\s|\bArticle\s|\bSection\s|\bResolution\s|\bDecision\s|\bRoute\s|\bHighway\s|\bChapter\s|\bVersion\s"
    r"|\b[Đđ]iều\s|\b[Kk]hoản\s|\b[Qq]uốc lộ\s|(?<!con )(?<!tổng )(?<!trong )(?<!đa )(?<!dân )\bsố\s)$"
)


def _in_name(number: Number, text: str) -> bool:
    """For "G7", "F-35", "Covid-19", "No. 5"; and what is part of a longer code, a time or a web address."""
    before, after = text[max(0, number.start - 14) : number.start], text[number.end : number.end + 12]
    if re.search(r"\b(?:Group of|Nhóm)\s$", before):
        return True  # "Group of Twenty"
    if number.kind == "figure":
        money = re.search(r"(?:[$£€¥₹₩]|\$[A-Z]{1,2}|PS|RM|Rs|Rp|[A-Z]{3}|Y=)\s?$", before)
        if re.search(r"\d[.,:/]$|[/@_=]$", before) and not money:
            return True
        if re.match(r"(?:st|nd|rd|th)\b|[:/]\d|\.\d+\.\d|[-–]\d+[-–]\d", after) or re.search(
            r"\d[-–]\d+[-–]$", before
        ):
            return True
        if re.fullmatch(r"(?:19|20)\d\d", text[number.start : number.end]) and re.match(r"['’]?s\b", after):
            return True
        if (
            not money
            and _NAME_BEFORE.search(before)
            and not re.search(r"(?:minus|sub|plus|mid|pre|non|[a-z]{4})-$", before)
        ):
            return True
    if re.match(r"G\b", after) and number.value <= 6:
        return True  # generations of mobile networks
    return bool(
        (re.match(r"\s?\)", after) and before.endswith("("))
        or (re.match(r"[.)]\s", after) and re.search(r"(?:^|\n)\s*$", before))
    )


def _is_ordinal_or_score(found: FoundQuantity, text: str) -> bool:
    """For "2-2": two small numbers, a dash between, and no noun or unit after them."""
    small = found.unit == NONE and abs(found.value) < 30
    first = re.match(r"[-–]\d{1,2}(?!\d|[.,]\d|%|\s?-?[^\W\d]|[°$€£])", text[found.end : found.end + 8])
    first = first or re.match(
        r"[-–]\d{1,2}\s(?:on|in|at|against|to|over|with|win|draw|loss|defeat)\b",
        text[found.end : found.end + 14],
    )
    return bool(
        small
        and (
            first
            or (
                re.search(r"\d[-–]$", text[: found.start][-3:])
                and not re.match(r"\s?-?[^\W\d]", text[found.end :][:3])
            )
        )
    )


def _with_unit(number: Number, text: str, table: UnitTable) -> FoundQuantity:
    start, value = _signed(number, text)
    found = FoundQuantity(start, number.end, number.start, number.end, value, number.high, number.kind)
    money = table.before(text, number.start)
    if money and number.kind in ("figure", "vague", "word"):
        found = replace(
            found,
            start=money.start,
            unit=money.name,
            surface=text[money.start : money.end].strip(),
            dimension="currency",
        )
    else:
        unit = _unit_after(number, text, table)
        if unit is None:
            return found
        found = replace(
            found, end=unit.end, unit=unit.name, surface=text[unit.start : unit.end], dimension=unit.dimension
        )
        if found.unit in _TIMES:
            found = replace(found, unit="count")
        if found.dimension == "time" and _AGE_BEFORE.search(text[max(0, start - 20) : start]):
            found = replace(found, unit=f"{found.unit} of age")
    return _with_rate(found, text, table)


def _with_rate(found: FoundQuantity, text: str, table: UnitTable) -> FoundQuantity:
    rate = table.rate(text, found.end)
    if rate is None or " per " in found.unit:
        return found
    if (
        found.dimension == "time" and rate.dimension != "time"
    ):  # "18 months per tranche" stays a length of time
        return found
    surface = text[
        found.number_end
        if found.dimension == "currency" and found.start < found.number_start
        else found.end - len(found.surface) : rate.end
    ]
    return replace(
        found,
        end=rate.end,
        unit=f"{found.unit} per {rate.name}",
        surface=f"{found.surface}{surface}" if found.start < found.number_start else surface,
        has_rate=True,
    )


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
    if surface.lower() in quantity_words("en", "wordlike") and not (
        attached or re.match(r"\s*(?:[.,;)]|$)", text[unit.end :])
    ):
        return None
    if len(surface) <= 2 and surface.isalpha() and number.kind == "word":
        return None
    if (
        len(surface) == 1
        and surface.isupper()
        and not attached
        and re.match(r"\s+[A-Z]|-\w|\.[A-Z]", text[unit.end :])
    ):
        return None
    return unit


def _signed(number: Number, text: str) -> tuple[int, float]:
    before = text[max(0, number.start - 8) : number.start]
    word = re.search(r"\b(?:minus|negative|âm|trừ)[\s-]$", before, re.IGNORECASE)
    sign = re.search(r"(?:^|[\s(])([-−])$", before) or (
        re.search(r"(?:^|\s)([-−]\s)$", before)
        if re.match(r"\s?(?:degree|deg\b|°)", text[number.end :])
        else None
    )
    if word:
        return number.start - len(word.group()), -number.value
    if sign and number.kind == "figure":
        return number.start - len(sign[1]), -number.value
    return number.start, number.value
