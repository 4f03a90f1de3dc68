"""Joins figures that belong together: shared units, ranges, cents, and units carried over from the figure before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from nlp.amounts.found_quantity import FoundQuantity
from nlp.amounts.quantity_change import change_of
from nlp.amounts.units import NONE


def with_cents(found: list[FoundQuantity], text: str) -> list[FoundQuantity]:
    """For "3 dollars 50 cents" is one amount."""
    joined: list[FoundQuantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if (
            last
            and last.dimension == "currency"
            and re.fullmatch(r"\s+(?:and\s+)?", text[last.end : quantity.start])
        ):
            small = quantity.unit in ("cent", "penny") or (
                quantity.unit == NONE
                and re.match(r"\s*[.,;]?\s*$", text[quantity.end :][:3])
                and last.start == last.number_start
            )
            if (
                small
                and quantity.value < 100
                and last.value == int(last.value)
                and last.unit not in ("cent", "penny")
            ):
                joined[-1] = replace(last, end=quantity.end, value=last.value + quantity.value / 100)
                continue
        joined.append(quantity)
    return joined


def with_shared_units(found: list[FoundQuantity], text: str) -> list[FoundQuantity]:
    """In "7- or 8-inch" and "from 5 to 7 per cent" the first number takes the unit, and the scale, of the second."""
    shared = list(found)
    for place in range(len(shared) - 2, -1, -1):
        first, second = shared[place], shared[place + 1]
        link = text[first.end : second.start]
        if (
            first.unit != NONE
            or second.unit == NONE
            or not re.fullmatch(r"-?\s?(?:-|–|—|to|and|or|,|đến|tới|và|hoặc)\s?", link)
        ):
            continue
        if link.strip() == "," or (link.strip() == "and" and second.start - first.end < 3):
            continue
        scale = _scale(text[second.number_start : second.number_end])
        own = _scale(text[first.number_start : first.number_end])
        factor = scale if own == 1 and first.value < 1000 else 1
        before = second.start < second.number_start
        if before:
            continue
        shared[place] = replace(
            first,
            value=first.value * factor,
            unit=second.unit,
            surface=second.surface,
            dimension=second.dimension,
        )
    return shared


def _scale(surface: str) -> float:
    known = {
        "thousand": 1e3,
        "million": 1e6,
        "billion": 1e9,
        "trillion": 1e12,
        "bn": 1e9,
        "nghìn": 1e3,
        "ngàn": 1e3,
        "triệu": 1e6,
        "tỷ": 1e9,
        "tỉ": 1e9,
    }
    return known.get(re.sub(r"^.*[\d\s-]", "", surface.lower()), 1.0)


_TO = re.compile(
    r"\s?(?:-|–|—)\s?|\s+(?:to|đến|tới|lên)\s+(?:as\s+(?:much|many)\s+as\s+|about\s+|around\s+|nearly\s+|up\s+to\s+)?"
)


def with_ranges(found: list[FoundQuantity], text: str, language: str) -> list[FoundQuantity]:
    """Two numbers that bound one another, "5 to 7 per cent", "between $62 and $68", made one with two values."""
    joined: list[FoundQuantity] = []
    for quantity in found:
        last = joined[-1] if joined else None
        if last and last.high is None and quantity.high is None and _bounds_range(last, quantity, text):
            before = text[max(0, last.start - 12) : last.start].lower()
            moved = bool(
                re.search(r"\b(?:from|từ|từ mức)\s+(?:about\s+|around\s+|nearly\s+|just\s+)?$", before)
            )
            best = quantity if quantity.unit != NONE else last
            value = last.value
            if (
                language
                and _scale(text[quantity.number_start : quantity.number_end]) > 1
                and last.value < 1000
                and _scale(text[last.number_start : last.number_end]) == 1
                and last.dimension == "currency"
                and value <= quantity.value / 1000
            ):
                value *= _scale(text[quantity.number_start : quantity.number_end])
            joined[-1] = replace(
                best,
                start=last.start,
                end=quantity.end,
                number_start=last.number_start,
                value=value,
                high=quantity.value,
                from_to=moved,
            )
            continue
        joined.append(quantity)
    return joined


def _bounds_range(first: FoundQuantity, second: FoundQuantity, text: str) -> bool:
    link, before = text[first.end : second.start], text[max(0, first.start - 14) : first.start].lower()
    alike = (
        first.unit in (second.unit, NONE)
        or second.unit == NONE
        or second.unit.startswith(f"{first.unit} per ")
    )
    if (
        _TO.fullmatch(link)
        and link.strip().startswith(("to", "đ", "t", "l"))
        and not re.search(r"\b(?:from|between|từ)\b", before)
    ):
        rising = change_of(text, first.start, first.end, "en") in ("up", "down") or re.search(
            r"\bby\s+(?:\w+\s+)?$", before
        )
        if rising or (first.unit != NONE and second.unit == NONE):
            return False  # "rose 6% to 164": an amount and a level
    if not alike or first.kind == "fraction" or second.kind == "fraction":
        return False
    if _TO.fullmatch(link):
        signed = first.unit == NONE and second.unit == NONE and link.strip() in ("-", "–", "—")
        return not (signed and (first.value > second.value or first.value < 0))
    if re.search(r"\b(?:between|giữa|từ)\s+(?:about\s+|around\s+)?$", before) and re.fullmatch(
        r"\s+(?:and|và|-)\s+", link
    ):
        return True
    close = second.value > first.value and first.kind == "word" and second.kind == "word"
    return bool(close and re.fullmatch(r"\s+(?:or|hoặc|hay)\s+", link) and second.value <= first.value * 2)


_CARRIES = re.compile(r"\b(?:and|including|while|whilst|but|or|versus|to|by|with|than|from)\b")


_NEAREST_SCALE = 80


def carried_units(found: Sequence[FoundQuantity], text: str) -> list[FoundQuantity]:
    """A bare number takes the unit of the like figure before it: "6 million homes, including 1.5 million in Rome".

    Like is what is of about the same size, in the same sentence; a percentage is carried only after "by".
    """
    done: list[FoundQuantity] = []
    for quantity in found:
        last = done[-1] if done else None
        between = text[last.end : quantity.start] if last else ""
        bare = last is not None and quantity.unit == NONE and last.unit != NONE
        if last and bare and not re.search(r"[.;!?]\s", between) and _is_like(last, quantity, between):
            quantity = replace(quantity, unit=last.unit, surface=last.surface, dimension=last.dimension)
        done.append(quantity)
    return done


def _is_like(last: FoundQuantity, quantity: FoundQuantity, between: str) -> bool:
    if last.dimension == "ratio":
        return bool(re.search(r"\bby\s+$", between))
    if not last.value or not quantity.value or not _CARRIES.search(between) or last.kind == "fraction":
        return False
    return 1 / _NEAREST_SCALE < abs(quantity.value / last.value) < _NEAREST_SCALE
