"""Vietnamese time expressions: dates, months, quarters, relative periods, durations, sets and clock times."""

from __future__ import annotations

import re
from datetime import date

from nlp.calendar_anchor import at, move, shifted, weekday_near, year_near
from nlp.timex import Context, Grammar, Reading

VIETNAMESE = Grammar("vi")

YEAR = r"(?:1[5-9]|20)\d\d"
DAY = r"(?:3[01]|[12]\d|0?[1-9])"
MONTH_NUMBER = r"(?:1[0-2]|0?[1-9])"
MONTH = rf"(?P<month>{MONTH_NUMBER}(?!\d)|{{month}})"
COUNT = r"(?P<count>\d+(?:[.,]\d+)?|{cardinal})"
EDGE = r"(?:(?:đầu|giữa|cuối|hết)\s+)"
WHEN = r"(?P<when>sáng|trưa|chiều|tối|đêm)"
_NEAR = {"trước": -1, "qua": -1, "vừa qua": -1, "rồi": -1, "ngoái": -1, "này": 0, "nay": 0, "tới": 1, "sau": 1}
NEAR = r"(?P<near>trước|vừa\s+qua|qua|rồi|này|nay|tới|sau|ngoái)"
OF_YEAR = rf"(?:\s*/\s*(?P<slash>{YEAR})|\s*,?\s*(?:của\s+)?năm\s+(?:(?P<year>{YEAR})|(?P<rel>ngoái|trước|nay|này|tới|sau|qua)))?"
_UNITS = VIETNAMESE.words("unit")
_CLOCK_UNITS = {"TH": "H", "TM": "M", "TS": "S"}
_DAYPARTS = VIETNAMESE.words("daypart")


@VIETNAMESE.rule(
    rf"(?:{WHEN}\s+)?(?:(?:ngày|hôm|mùng|mồng)\s+)(?P<day>{DAY})\s+tháng\s+{MONTH}(?:[\s,]+năm\s+(?P<year>{YEAR})|\s*/\s*(?P<slash>{YEAR}))?",
    rf"(?:(?:{WHEN}\s+)?(?:(?P<mark>ngày|hôm|mùng|mồng)\s+)?)(?P<day>{DAY})\s?[/.-]\s?(?P<month>{MONTH_NUMBER})\s?[/.-]\s?(?P<year>{YEAR})",
    rf"(?:{WHEN}\s+)?(?:(?P<mark>ngày|hôm|mùng|mồng|qua|nay)\s+)(?P<day>{DAY})\s?[/.-]\s?(?P<month>{MONTH_NUMBER})(?!\s?[/.,-]?\d)",
    rf"(?:{WHEN}\s+)?(?P<day>{DAY})/(?P<month>{MONTH_NUMBER})(?!\s?[/.,-]?\d|%)",
)
def _day_month(match: re.Match[str], context: Context) -> Reading | None:
    """"ngày 20/10/2025", "hôm 9/10", "ngày 20 tháng 10 năm 2025"; a bare "20/10" after a word that asks for a day."""
    found = match.groupdict()
    bare = "/" in match.group() and not (found.get("mark") or found.get("when") or found.get("year"))
    wants_day = r"(?:ngày|hôm|từ|đến|tới|vào|trước|sau|và|kể\s+từ|thứ\s+\w+|chủ\s+nhật|tuần|qua|,|\()\s*\(?$"
    if bare and "tháng" not in match.group().lower() and not re.search(wants_day, context.before, re.IGNORECASE):
        return None
    year = found.get("year") or found.get("slash")
    reading = _day(year, _month(found["month"] or ""), int(found["day"] or 0), context)
    return _at_daypart(reading, found.get("when"))


@VIETNAMESE.rule(
    rf"(?:ngày\s+)?(?P<first>{DAY})(?:/(?P<month1>{MONTH_NUMBER}))?\s?(?:-|–|đến|tới|đến\s+ngày)\s?(?P<last>{DAY})/(?P<month>{MONTH_NUMBER})(?:/(?P<year>{YEAR}))?"
)
def _days(match: re.Match[str], context: Context) -> Reading | None:
    """"18-22/10", "28/9 đến 3/10"."""
    month = int(match["month"])
    first = _day(match["year"], int(match["month1"] or month), int(match["first"]), context)
    last = _day(match["year"], month, int(match["last"]), context)
    return ("DATE", f"{first[1]}/{last[1]}") if first and last and first[1] < last[1] else None


@VIETNAMESE.rule(rf"{EDGE}?tháng\s+{MONTH}{OF_YEAR}", rf"{EDGE}?tháng\s+{MONTH}\s*-\s*(?P<year>{YEAR})", rf"T(?P<month>{MONTH_NUMBER})/(?P<year>{YEAR})")
def _month_name(match: re.Match[str], context: Context) -> Reading | None:
    """"tháng 9", "cuối tháng 9/2025", "tháng Chín năm ngoái"."""
    found = match.groupdict()
    if re.search(r"\d\s$", context.before) and found["month"] and not found["month"].isdigit():
        return None
    month = _month(found["month"] or "")
    year = found.get("year") or found.get("slash")
    if year:
        return "DATE", f"{year}-{month:02d}"
    if context.anchor is None:
        return "DATE", f"XXXX-{month:02d}"
    if found.get("rel"):
        return "DATE", f"{context.anchor.year + _NEAR[found['rel'] or '']}-{month:02d}"
    return "DATE", f"{year_near(context.anchor, month, month, None, context.direction)}-{month:02d}"


@VIETNAMESE.rule(
    rf"{EDGE}?(?:(?P<fiscal>năm\s+tài\s+(?:khóa|chính))|năm)\s+(?P<year>{YEAR})",
    rf"(?:(?:kể\s+)?từ|trong|giữa|cuối|đầu)\s+(?P<year>(?:19|20)\d\d)(?!\s*(?:[%.,/-]?\d|\w))",
)
def _year(match: re.Match[str], context: Context) -> Reading | None:
    """"năm 2012", "cuối năm 2025"."""
    return "DATE", ("FY" if match.groupdict().get("fiscal") else "") + match["year"]


@VIETNAMESE.rule(rf"(?:(?:giai\s+đoạn|nhiệm\s+kỳ|niên\s+vụ|niên\s+khóa|vụ)\s+)?(?P<first>{YEAR})\s?[-–/]\s?(?P<last>{YEAR}|\d\d)(?!/)")
def _years(match: re.Match[str], context: Context) -> Reading | None:
    """"giai đoạn 2021-2025"."""
    first, last = match["first"], match["last"]
    last = last if len(last) == 4 else first[:2] + last
    return ("DATE", f"{first}/{last}") if int(first) < int(last) else None


@VIETNAMESE.rule(rf"(?:thập\s+(?:niên|kỷ|kỉ)|những\s+năm(?:\s+đầu|\s+cuối)?(?:\s+thập\s+niên)?)\s+(?P<year>\d0|{YEAR})")
def _decade(match: re.Match[str], context: Context) -> Reading | None:
    """"những năm 1990", "thập niên 80"."""
    year = match["year"] if len(match["year"]) == 4 else f"19{match['year']}"
    return ("DATE", year[:3]) if year.endswith("0") else None


@VIETNAMESE.rule(rf"{EDGE}?(?:quý|quí)\s+(?P<nth>(?-i:IV|III|II|I)|[1-4]|{{roman}}){OF_YEAR}", r"nửa\s+(?P<half>đầu|cuối)" + OF_YEAR.removesuffix("?"))
def _quarter(match: re.Match[str], context: Context) -> Reading | None:
    """"quý III", "quý 3/2025", "nửa đầu năm nay"."""
    found = match.groupdict()
    if found.get("half"):
        name, first, last = ("H1", 1, 6) if found["half"] == "đầu" else ("H2", 7, 12)
    else:
        nth = VIETNAMESE.words("roman")[(found["nth"] or "").lower()]
        name, first, last = f"Q{nth}", int(nth) * 3 - 2, int(nth) * 3
    year = found["year"] or found["slash"]
    if year:
        return "DATE", f"{year}-{name}"
    if context.anchor is None:
        return "DATE", f"XXXX-{name}"
    if found["rel"]:
        return "DATE", f"{context.anchor.year + _NEAR[found['rel'] or '']}-{name}"
    return "DATE", f"{year_near(context.anchor, first, last, None, context.direction)}-{name}"


@VIETNAMESE.rule(
    rf"(?:(?P<edge>đầu|giữa|cuối|hết)\s+)?(?P<unit>năm|quý|tháng|tuần|thập\s+kỷ|thế\s+kỷ)\s+{NEAR}(?!\s+đó)",
    rf"(?P<edge>đầu|cuối|giữa)\s+(?P<unit>năm|tháng|tuần|quý)(?!\s+(?:đó|\d|học))",
    rf"từ\s+(?P<edge>đầu)\s+(?P<unit>năm|tháng)\s+đến\s+nay",
)
def _near_period(match: re.Match[str], context: Context) -> Reading | None:
    """"tuần tới", "tháng trước", "năm ngoái", "cuối tháng", "đầu năm"."""
    found = match.groupdict()
    if re.search(r"(?:\d|\b(?:nhiều|vài|mấy|các|những|hai|ba|bốn|sáu|bảy|tám|chín|mười))\s$", context.before, re.IGNORECASE):
        return None  # "5 năm qua" is a length of time
    step = _NEAR[re.sub(r"\s+", " ", (found.get("near") or "này").lower())]
    if context.anchor is None:
        return "DATE", "PRESENT_REF" if step == 0 else "PAST_REF" if step < 0 else "FUTURE_REF"
    unit = _UNITS[re.sub(r"\s+", " ", match["unit"].lower())]
    if unit == "W" and (found.get("edge") or "").lower() == "cuối":
        unit = "WE"
        step = -1 if not found.get("near") and context.direction == "past" and context.anchor.weekday() < 5 else step
    return "DATE", at(move(context.anchor, unit, step), unit)


@VIETNAMESE.rule(
    rf"(?:ngày\s+)?hôm\s+(?P<day>nay|qua|kia|sau)",
    r"ngày\s+(?P<day>mai|kia)",
    rf"{WHEN}\s+(?:hôm\s+)?(?P<day>nay|qua|mai)",
    r"(?P<day>cùng\s+ngày)",
)
def _near_day(match: re.Match[str], context: Context) -> Reading | None:
    """"hôm qua", "sáng nay", "ngày mai", "cùng ngày"."""
    found = match.groupdict()
    word = re.sub(r"\s+", " ", match["day"].lower())
    if word == "cùng ngày":
        return ("DATE", context.day) if context.day else None
    step = {"qua": -1, "mai": 1, "sau": 1}.get(word, 0)
    if word == "kia":
        step = 2 if match.group().lower().startswith("ngày k") else -2
    if context.anchor is None:
        return "DATE", "PRESENT_REF" if step == 0 else "PAST_REF" if step < 0 else "FUTURE_REF"
    return _at_daypart(("DATE", move(context.anchor, "D", step).isoformat()), found.get("when"))


@VIETNAMESE.rule(
    rf"(?:{WHEN}\s+)?(?:(?P<thu>thứ)\s+(?P<name>{{weekday}})|(?P<sunday>chủ\s+nhật))(?:\s+(?P<week>tuần\s+)?(?P<near>trước|vừa\s+qua|qua|này|tới|sau))?"
)
def _weekday(match: re.Match[str], context: Context) -> Reading | None:
    """"thứ Sáu", "chủ nhật tuần tới"; "thứ hai" in small letters is mostly "second"."""
    if match["thu"] and match["name"].islower() and not match["name"].isdigit() and not (match["near"] or match["when"]):
        if not re.search(r"(?:hôm|ngày|vào|sáng|chiều|tối|đêm|từ|đến)\s$", context.before, re.IGNORECASE):
            return None
    if re.search(r"(?:lần|lớn|đứng|hạng|người|cấp)\s$", context.before, re.IGNORECASE):
        return None
    number = 6 if match["sunday"] else int(VIETNAMESE.words("weekday")[match["name"].lower()])
    if context.anchor is None:
        return "DATE", f"XXXX-WXX-{number + 1}"
    near = re.sub(r"\s+", " ", match["near"].lower()) if match["near"] else None
    if match["week"] and near:
        week = move(context.anchor, "W", _NEAR[near]).isocalendar()
        day = date.fromisocalendar(week.year, week.week, number + 1)
    else:
        step = _NEAR[near] if near else 0
        direction = "future" if step > 0 else "past" if step < 0 else context.direction
        day = weekday_near(context.anchor, number, direction)
    return _at_daypart(("DATE", day.isoformat()), match["when"])


@VIETNAMESE.rule(rf"(?:trong\s+)?(?P<count>\d+|{{cardinal}})\s+tháng\s+(?P<edge>đầu|cuối)\s+(?:của\s+)?năm(?:\s+(?:(?P<year>{YEAR})|(?P<rel>ngoái|trước|nay|này|tới|sau)))?")
def _months_of_year(match: re.Match[str], context: Context) -> Reading | None:
    """"9 tháng đầu năm": the stretch from January to September; six months are a half, three a quarter."""
    count = _count(match["count"])
    if match["year"] is None and context.anchor is None or not count.isdigit() or not 1 <= int(count) <= 12:
        return None
    number = int(count)
    year = int(match["year"]) if match["year"] else (context.anchor or date.min).year + _NEAR[match["rel"] or "nay"]
    early = match["edge"].lower() == "đầu"
    if number in (3, 6):
        part = ("H1" if early else "H2") if number == 6 else ("Q1" if early else "Q4")
        return "DATE", f"{year}-{part}"
    first, last = (1, number) if early else (13 - number, 12)
    return "DATE", f"{year}-{first:02d}/{year}-{last:02d}"


@VIETNAMESE.rule(rf"cùng\s+(?:kỳ|kì|thời\s+điểm|thời\s+kỳ)(?:\s+(?:(?:của\s+)?năm\s+(?:(?P<rel>ngoái|trước)|(?P<year>{YEAR}))|(?P<bare>{YEAR})))?")
def _year_before(match: re.Match[str], context: Context) -> Reading | None:
    """"cùng kỳ năm ngoái": as coarse as the period it is compared with."""
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


@VIETNAMESE.rule(rf"{COUNT}\s+(?P<unit>{{unit}})(?:\s+rưỡi)?", rf"(?:nhiều|hàng\s+chục|hàng\s+trăm)\s+(?P<unit>thập\s+kỷ|năm|tháng|tuần|ngày|giờ)")
def _length(match: re.Match[str], context: Context) -> Reading | None:
    """"6 tháng" P6M, "nhiều năm" PXY, "hai năm rưỡi" P2.5Y."""
    unit = _UNITS[re.sub(r"\s+", " ", match["unit"].lower())]
    count = match.groupdict().get("count") or "X"
    small = count.lower()
    if re.match(r"\s*(?:\d|tuổi|sau\s+Công|trước\s+Công)", context.after) or small == "năm" and unit == "Y" and not context.before:
        return None
    if unit == "Q" or (small == "một" and unit == "D" and not re.search(r"(?:trong|mỗi)\s$", context.before)):
        return None
    if unit == "Y" and re.match(r"\s+(?:tài\s|ngoái|nay)", context.after) or re.search(r"(?:tháng|ngày|quý|năm|lớp)\s$", context.before, re.IGNORECASE):
        return None
    number = _count(count)
    if match.group().lower().endswith("rưỡi") and number.isdigit():
        number = f"{number}.5"
    return "DURATION", _duration(number, unit)


@VIETNAMESE.rule(rf"{COUNT}\s+(?P<unit>{{unit}})\s+(?P<way>trước|sau)(?:\s+đó)?(?!\s+\w+\s+(?:khi|đó))", rf"(?:cách\s+đây|cách\s+nay)\s+(?:khoảng\s+|hơn\s+|gần\s+)?{COUNT}\s+(?P<unit>{{unit}})")
def _counted_from(match: re.Match[str], context: Context) -> Reading | None:
    """"3 năm trước", "cách đây hai tuần"."""
    unit, count = _UNITS[re.sub(r"\s+", " ", match["unit"].lower())], _count(match["count"])
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


@VIETNAMESE.rule(rf"(?:{COUNT}\s+|nhiều\s+|các\s+|những\s+)(?P<unit>{{unit}})\s+(?P<way>qua|tới|gần\s+đây|vừa\s+qua|liên\s+tiếp|tiếp\s+theo|sắp\s+tới)")
def _counted_period(match: re.Match[str], context: Context) -> Reading | None:
    """"5 năm qua" P5Y, "ba tháng tới" P3M, "những năm gần đây" PXY."""
    count = _count(match["count"]) if match["count"] else "X"
    return "DURATION", _duration(count, _UNITS[re.sub(r"\s+", " ", match["unit"].lower())])


@VIETNAMESE.rule(r"(?P<word>{frequency})", rf"mỗi\s+(?:(?P<count>\d+|{{cardinal}})\s+)?(?P<unit>{{unit}})")
def _frequency(match: re.Match[str], context: Context) -> Reading | None:
    """"hàng năm", "mỗi 2 tuần"."""
    found = match.groupdict()
    if found.get("word"):
        return "SET", VIETNAMESE.words("frequency")[re.sub(r"\s+", " ", (found["word"] or "").lower())]
    return "SET", _duration(_count(found["count"]) if found["count"] else "1", _UNITS[re.sub(r"\s+", " ", (found["unit"] or "").lower())])


@VIETNAMESE.rule(r"(?P<word>{vague})")
def _vague(match: re.Match[str], context: Context) -> Reading | None:
    """"hiện nay", "gần đây"."""
    word = re.sub(r"\s+", " ", match["word"].lower())
    if word == "vừa qua" and re.search(r"(?:năm|tháng|tuần|ngày)\s$", context.before):
        return None
    return "DATE", VIETNAMESE.words("vague")[word]


@VIETNAMESE.rule(
    r"(?:lúc\s+)?(?P<hour>[01]?\d|2[0-3])\s?(?:h|giờ|:)\s?(?P<minute>[0-5]\d)(?:\s+phút)?(?:\s+(?P<when>sáng|trưa|chiều|tối|đêm))?(?:\s*\(?(?P<zone>GMT|UTC)(?!\s?\+)\)?)?",
    r"lúc\s+(?P<hour>[01]?\d|2[0-3])\s?(?:h|giờ)(?:\s+(?P<when>sáng|trưa|chiều|tối|đêm))?",
    r"(?P<hour>[01]?\d|2[0-3])(?:h|\s+giờ)(?=\s+(?:ngày|hôm|sáng|chiều|tối))(?:\s+(?P<when>sáng|trưa|chiều|tối|đêm))?",
)
def _clock(match: re.Match[str], context: Context) -> Reading | None:
    """"9h30", "15 giờ 30 phút", "lúc 20h"."""
    found = match.groupdict()
    day = context.day or (context.anchor.isoformat() if context.anchor else "XXXX-XX-XX")
    hour = int(found["hour"] or 0)
    if found.get("when") in ("chiều", "tối", "đêm") and hour < 12:
        hour += 12
    return "TIME", f"{day}T{hour:02d}:{found.get('minute') or '00'}{'Z' if found.get('zone') else ''}"


def _day(year: str | None, month: int, day: int, context: Context) -> Reading | None:
    if year is None and context.anchor is None:
        return "DATE", f"XXXX-{month:02d}-{day:02d}"
    if year is None and context.anchor is not None:
        year = str(year_near(context.anchor, month, month, day, context.direction))
    try:
        return "DATE", date(int(year or 0), month, day).isoformat()
    except ValueError:
        return None


def _at_daypart(reading: Reading | None, part: str | None) -> Reading | None:
    if reading is None or not part:
        return reading
    return "TIME", f"{reading[1]}T{_DAYPARTS[part.lower()]}"


def _month(name: str) -> int:
    return int(name) if name.isdigit() else int(VIETNAMESE.words("month")[re.sub(r"\s+", " ", name.lower())])


def _count(text: str) -> str:
    small = re.sub(r"\s+", " ", text.lower())
    return small.replace(",", ".") if small[:1].isdigit() else VIETNAMESE.words("cardinal").get(small, "X")


def _duration(count: str, unit: str) -> str:
    return f"PT{count}{_CLOCK_UNITS[unit]}" if unit in _CLOCK_UNITS else f"P{count}{unit}"

