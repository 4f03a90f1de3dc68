"""Vietnamese periods told from the text's day or another period, lengths of time, and what comes round again."""

from __future__ import annotations

import re
from datetime import date

from nlp.times.calendar_anchor import at, move, shifted
from nlp.times.timex import Context, Grammar, Reading, words
from nlp.times.timex_vietnamese_words import (
    COUNT,
    NEAR,
    STEPS,
    UNITS,
    YEAR,
    count_of,
    duration,
)

RULES = Grammar("vi")


@RULES.rule(
    rf"(?:(?P<edge>đầu|giữa|cuối|hết)\s+)?(?P<unit>năm|quý|tháng|tuần|thập\s+kỷ|thế\s+kỷ)\s+{NEAR}(?!\s+đó)",
    r"(?P<edge>đầu|cuối|giữa)\s+(?P<unit>năm|tháng|tuần|quý)(?!\s+(?:đó|\d|học))",
    r"từ\s+(?P<edge>đầu)\s+(?P<unit>năm|tháng)\s+đến\s+nay",
    near="năm quý tháng tuần kỷ",
)
def _near_period(match: re.Match[str], context: Context) -> Reading | None:
    """For "tuần tới", "tháng trước", "năm ngoái", "cuối tháng", "đầu năm"."""
    found = match.groupdict()
    if re.search(
        r"(?:\d|\b(?:nhiều|vài|mấy|các|những|hai|ba|bốn|sáu|bảy|tám|chín|mười))\s$",
        context.before,
        re.IGNORECASE,
    ):
        return None  # "5 năm qua" is a length of time
    step = STEPS[re.sub(r"\s+", " ", (found.get("near") or "này").lower())]
    if context.anchor is None:
        return "DATE", "PRESENT_REF" if step == 0 else "PAST_REF" if step < 0 else "FUTURE_REF"
    unit = UNITS[re.sub(r"\s+", " ", match["unit"].lower())]
    if unit == "W" and (found.get("edge") or "").lower() == "cuối":
        unit = "WE"
        step = (
            -1
            if not found.get("near") and context.direction == "past" and context.anchor.weekday() < 5
            else step
        )
    return "DATE", at(move(context.anchor, unit, step), unit)


@RULES.rule(
    rf"(?:trong\s+)?(?P<count>\d+|{{cardinal}})\s+tháng\s+(?P<edge>đầu|cuối)\s+(?:của\s+)?năm(?:\s+(?:(?P<year>{YEAR})|(?P<rel>ngoái|trước|nay|này|tới|sau)))?",
    near="tháng",
)
def _months_of_year(match: re.Match[str], context: Context) -> Reading | None:
    """For "9 tháng đầu năm": the stretch from January to September; six months are a half, three a quarter."""
    count = count_of(match["count"])
    if (match["year"] is None and context.anchor is None) or not count.isdigit() or not 1 <= int(count) <= 12:
        return None
    number = int(count)
    year = (
        int(match["year"])
        if match["year"]
        else (context.anchor or date.min).year + STEPS[match["rel"] or "nay"]
    )
    early = match["edge"].lower() == "đầu"
    if number in (3, 6):
        part = ("H1" if early else "H2") if number == 6 else ("Q1" if early else "Q4")
        return "DATE", f"{year}-{part}"
    first, last = (1, number) if early else (13 - number, 12)
    return "DATE", f"{year}-{first:02d}/{year}-{last:02d}"


@RULES.rule(
    rf"cùng\s+(?:kỳ|kì|thời\s+điểm|thời\s+kỳ)(?:\s+(?:(?:của\s+)?năm\s+(?:(?P<rel>ngoái|trước)|(?P<year>{YEAR}))|(?P<bare>{YEAR})))?",
    near="cùng",
)
def _year_before(match: re.Match[str], context: Context) -> Reading | None:
    """For "cùng kỳ năm ngoái": as coarse as the period it is compared with."""
    reference = context.reference or (at(context.anchor, "Y") if context.anchor else None)
    if reference is None:
        return "DATE", "PAST_REF"
    year = match["year"] or match["bare"]
    if year:
        return "DATE", year + (reference[4:] if reference[:4].isdigit() and "/" not in reference else "")
    if "/" in reference:
        ends = [shifted(end, "Y", -1) for end in reference.split("/")]
        return ("DATE", "/".join(end for end in ends if end)) if all(ends) else None
    value = shifted(reference, "Y", -1)
    return ("DATE", value) if value else None


@RULES.rule(
    rf"{COUNT}\s+(?P<unit>{{unit}})(?:\s+rưỡi)?",
    r"(?:nhiều|hàng\s+chục|hàng\s+trăm)\s+(?P<unit>thập\s+kỷ|năm|tháng|tuần|ngày|giờ)",
    near="{unit} thập",
)
def _length(match: re.Match[str], context: Context) -> Reading | None:
    """For "6 tháng" P6M, "nhiều năm" PXY, "hai năm rưỡi" P2.5Y."""
    unit = UNITS[re.sub(r"\s+", " ", match["unit"].lower())]
    count = match.groupdict().get("count") or "X"
    small = count.lower()
    if re.match(r"\s*(?:\d|tuổi|sau\s+Công|trước\s+Công)", context.after) or (
        small == "năm" and unit == "Y" and not context.before
    ):
        return None
    if unit == "Q" or (small == "một" and unit == "D" and not re.search(r"(?:trong|mỗi)\s$", context.before)):
        return None
    if (unit == "Y" and re.match(r"\s+(?:tài\s|ngoái|nay)", context.after)) or re.search(
        r"(?:tháng|ngày|quý|năm|lớp)\s$", context.before, re.IGNORECASE
    ):
        return None
    number = count_of(count)
    if match.group().lower().endswith("rưỡi") and number.isdigit():
        number = f"{number}.5"
    return "DURATION", duration(number, unit)


@RULES.rule(
    rf"{COUNT}\s+(?P<unit>{{unit}})\s+(?P<way>trước|sau)(?:\s+đó)?(?!\s+\w+\s+(?:khi|đó))",
    rf"(?:cách\s+đây|cách\s+nay)\s+(?:khoảng\s+|hơn\s+|gần\s+)?{COUNT}\s+(?P<unit>{{unit}})",
    near="{unit}",
)
def _counted_from(match: re.Match[str], context: Context) -> Reading | None:
    """For "3 năm trước", "cách đây hai tuần"."""
    unit, count = UNITS[re.sub(r"\s+", " ", match["unit"].lower())], count_of(match["count"])
    way = (match.groupdict().get("way") or "trước").lower()
    told = match.group().lower().endswith("đó")
    sign = 1 if way == "sau" else -1
    if way == "sau" and not told:
        return None
    if told:
        value = shifted(context.reference or "", unit, sign * int(count)) if count.isdigit() else None
        return ("DATE", value) if value else None
    if context.anchor is None or not count.isdigit() or unit.startswith("T"):
        return "DATE", "PAST_REF"
    return "DATE", at(move(context.anchor, unit, -int(count)), "D" if unit == "W" else unit)


@RULES.rule(
    rf"(?:{COUNT}\s+|nhiều\s+|các\s+|những\s+)(?P<unit>{{unit}})\s+(?P<way>qua|tới|gần\s+đây|vừa\s+qua|liên\s+tiếp|tiếp\s+theo|sắp\s+tới)",
    near="{unit}",
)
def _counted_period(match: re.Match[str], context: Context) -> Reading | None:
    """For "5 năm qua" P5Y, "ba tháng tới" P3M, "những năm gần đây" PXY."""
    count = count_of(match["count"]) if match["count"] else "X"
    return "DURATION", duration(count, UNITS[re.sub(r"\s+", " ", match["unit"].lower())])


@RULES.rule(
    r"(?P<word>{frequency})",
    r"mỗi\s+(?:(?P<count>\d+|{cardinal})\s+)?(?P<unit>{unit})",
    near="{frequency} mỗi",
)
def _frequency(match: re.Match[str], context: Context) -> Reading | None:
    """For "hàng năm", "mỗi 2 tuần"."""
    found = match.groupdict()
    if found.get("word"):
        return "SET", words("vi", "frequency")[re.sub(r"\s+", " ", (found["word"] or "").lower())]
    return "SET", duration(
        count_of(found["count"]) if found["count"] else "1",
        UNITS[re.sub(r"\s+", " ", (found["unit"] or "").lower())],
    )
