"""Vietnamese calendar dates, months, quarters, weekdays, near days and clock times."""

from __future__ import annotations

import re
from datetime import date

from nlp.times.calendar_anchor import move, weekday_near, year_near
from nlp.times.timex import Context, Grammar, Reading, words
from nlp.times.timex_vietnamese_words import (
    DAY,
    EDGE,
    MONTH,
    MONTH_NUMBER,
    OF_YEAR,
    STEPS,
    WHEN,
    YEAR,
    at_daypart,
    day_value,
    month_number,
)

RULES = Grammar("vi")


@RULES.rule(
    rf"(?:{WHEN}\s+)?(?:(?:ngày|hôm|mùng|mồng)\s+)(?P<day>{DAY})\s+tháng\s+{MONTH}(?:[\s,]+năm\s+(?P<year>{YEAR})|\s*/\s*(?P<slash>{YEAR}))?",
    rf"(?:(?:{WHEN}\s+)?(?:(?P<mark>ngày|hôm|mùng|mồng)\s+)?)(?P<day>{DAY})\s?[/.-]\s?(?P<month>{MONTH_NUMBER})\s?[/.-]\s?(?P<year>{YEAR})",
    rf"(?:{WHEN}\s+)?(?:(?P<mark>ngày|hôm|mùng|mồng|qua|nay)\s+)(?P<day>{DAY})\s?[/.-]\s?(?P<month>{MONTH_NUMBER})(?!\s?[/.,-]?\d)",
    rf"(?:{WHEN}\s+)?(?P<day>{DAY})/(?P<month>{MONTH_NUMBER})(?!\s?[/.,-]?\d|%)",
    rf"{WHEN}\s+(?P<day>{DAY})\s?[-.]\s?(?P<month>{MONTH_NUMBER})(?!\s?[/.,-]?\d)",
    near="{digit} tháng",
)
def _day_month(match: re.Match[str], context: Context) -> Reading | None:
    """For "ngày 20/10/2025", "hôm 9/10", and a bare "20/10" after a word that asks for a day."""
    found = match.groupdict()
    bare = "/" in match.group() and not (found.get("mark") or found.get("when") or found.get("year"))
    wants_day = r"(?:ngày|hôm|từ|đến|tới|vào|trước|sau|và|kể\s+từ|thứ\s+\w+|chủ\s+nhật|tuần|qua|,|\()\s*\(?$"
    if (
        bare
        and "tháng" not in match.group().lower()
        and not re.search(wants_day, context.before, re.IGNORECASE)
    ):
        return None
    year = found.get("year") or found.get("slash")
    reading = day_value(year, month_number(found["month"] or ""), int(found["day"] or 0), context)
    return at_daypart(reading, found.get("when"))


@RULES.rule(
    rf"(?:ngày\s+)?(?P<first>{DAY})(?:/(?P<month1>{MONTH_NUMBER}))?\s?(?:-|–|đến|tới|đến\s+ngày)\s?(?P<last>{DAY})/(?P<month>{MONTH_NUMBER})(?:/(?P<year>{YEAR}))?",
    near="{digit}",
)
def _days(match: re.Match[str], context: Context) -> Reading | None:
    """For "18-22/10", "28/9 đến 3/10"."""
    month = int(match["month"])
    first = day_value(match["year"], int(match["month1"] or month), int(match["first"]), context)
    last = day_value(match["year"], month, int(match["last"]), context)
    return ("DATE", f"{first[1]}/{last[1]}") if first and last and first[1] < last[1] else None


@RULES.rule(
    rf"{EDGE}?tháng\s+{MONTH}{OF_YEAR}",
    rf"{EDGE}?tháng\s+{MONTH}\s*-\s*(?P<year>{YEAR})",
    rf"T(?P<month>{MONTH_NUMBER})/(?P<year>{YEAR})",
    near="tháng {digit}",
)
def _month_name(match: re.Match[str], context: Context) -> Reading | None:
    """For "tháng 9", "cuối tháng 9/2025", "tháng Chín năm ngoái"."""
    found = match.groupdict()
    if re.search(r"\d\s$", context.before) and found["month"] and not found["month"].isdigit():
        return None
    month = month_number(found["month"] or "")
    year = found.get("year") or found.get("slash")
    if year:
        return "DATE", f"{year}-{month:02d}"
    if context.anchor is None:
        return "DATE", f"XXXX-{month:02d}"
    if found.get("rel"):
        return "DATE", f"{context.anchor.year + STEPS[found['rel'] or '']}-{month:02d}"
    return "DATE", f"{year_near(context.anchor, month, month, None, context.direction)}-{month:02d}"


@RULES.rule(
    rf"{EDGE}?(?:(?P<fiscal>năm\s+tài\s+(?:khóa|chính))|năm)\s+(?P<year>{YEAR})",
    r"(?:(?:kể\s+)?từ|trong|giữa|cuối|đầu)\s+(?P<year>(?:19|20)\d\d)(?!\s*(?:[%.,/-]?\d|\w))",
    near="{digit}",
)
def _year(match: re.Match[str], context: Context) -> Reading | None:
    """For "năm 2012", "cuối năm 2025"."""
    return "DATE", ("FY" if match.groupdict().get("fiscal") else "") + match["year"]


@RULES.rule(
    rf"(?:(?:giai\s+đoạn|nhiệm\s+kỳ|niên\s+vụ|niên\s+khóa|vụ)\s+)?(?P<first>{YEAR})\s?[-–/]\s?(?P<last>{YEAR}|\d\d)(?!/)",
    near="{digit}",
)
def _years(match: re.Match[str], context: Context) -> Reading | None:
    """For "giai đoạn 2021-2025"."""
    first, last = match["first"], match["last"]
    last = last if len(last) == 4 else first[:2] + last
    return ("DATE", f"{first}/{last}") if int(first) < int(last) else None


@RULES.rule(r"(?:đầu\s+|cuối\s+|giữa\s+)?thế\s+k[ỷỉ]\s+(?:thứ\s+)?(?P<nth>1\d|2[01])", near="kỷ kỉ")
def _century(match: re.Match[str], context: Context) -> Reading | None:
    """For "thế kỷ 21"."""
    return "DATE", f"{int(match['nth']) - 1}"


@RULES.rule(
    rf"(?:thập\s+(?:niên|kỷ|kỉ)|những\s+năm(?:\s+đầu|\s+cuối)?(?:\s+thập\s+niên)?)\s+(?P<year>\d0|{YEAR})",
    near="{digit}",
)
def _decade(match: re.Match[str], context: Context) -> Reading | None:
    """For "những năm 1990", "thập niên 80"."""
    year = match["year"] if len(match["year"]) == 4 else f"19{match['year']}"
    return ("DATE", year[:3]) if year.endswith("0") else None


@RULES.rule(
    rf"{EDGE}?(?:quý|quí)\s+(?P<nth>(?-i:IV|III|II|I)|[1-4]|{{roman}}){OF_YEAR}",
    r"nửa\s+(?P<half>đầu|cuối)" + OF_YEAR.removesuffix("?"),
    near="quý quí nửa",
)
def _quarter(match: re.Match[str], context: Context) -> Reading | None:
    """For "quý III", "quý 3/2025", "nửa đầu năm nay"."""
    found = match.groupdict()
    if found.get("half"):
        name, first, last = ("H1", 1, 6) if found["half"] == "đầu" else ("H2", 7, 12)
    else:
        nth = words("vi", "roman")[(found["nth"] or "").lower()]
        name, first, last = f"Q{nth}", int(nth) * 3 - 2, int(nth) * 3
    year = found["year"] or found["slash"]
    if year:
        return "DATE", f"{year}-{name}"
    if context.anchor is None:
        return "DATE", f"XXXX-{name}"
    if found["rel"]:
        return "DATE", f"{context.anchor.year + STEPS[found['rel'] or '']}-{name}"
    return "DATE", f"{year_near(context.anchor, first, last, None, context.direction)}-{name}"


@RULES.rule(
    r"(?:ngày\s+)?hôm\s+(?P<day>nay|qua|kia|sau)",
    r"ngày\s+(?P<day>mai|kia)",
    rf"{WHEN}\s+(?:hôm\s+)?(?P<day>nay|qua|mai)",
    r"(?P<day>cùng\s+ngày)",
    near="hôm ngày nay qua mai",
)
def _near_day(match: re.Match[str], context: Context) -> Reading | None:
    """For "hôm qua", "sáng nay", "ngày mai", "cùng ngày"."""
    found = match.groupdict()
    word = re.sub(r"\s+", " ", match["day"].lower())
    if word == "cùng ngày":
        return ("DATE", context.day) if context.day else None
    step = {"qua": -1, "mai": 1, "sau": 1}.get(word, 0)
    if word == "kia":
        step = 2 if match.group().lower().startswith("ngày k") else -2
    if context.anchor is None:
        return "DATE", "PRESENT_REF" if step == 0 else "PAST_REF" if step < 0 else "FUTURE_REF"
    return at_daypart(("DATE", move(context.anchor, "D", step).isoformat()), found.get("when"))


@RULES.rule(
    rf"(?:{WHEN}\s+)?(?:(?P<thu>thứ)\s+(?P<name>{{weekday}})|(?P<sunday>chủ\s+nhật))(?:\s+(?P<week>tuần\s+)?(?P<near>trước|vừa\s+qua|qua|này|tới|sau))?",
    near="thứ nhật",
)
def _weekday(match: re.Match[str], context: Context) -> Reading | None:
    """For "thứ Sáu", "chủ nhật tuần tới"; "thứ hai" in small letters is mostly "second"."""
    if (
        match["thu"]
        and match["name"].islower()
        and not match["name"].isdigit()
        and not (match["near"] or match["when"])
        and not re.search(r"(?:hôm|ngày|vào|sáng|chiều|tối|đêm|từ|đến)\s$", context.before, re.IGNORECASE)
    ):
        return None
    if re.search(r"(?:lần|lớn|đứng|hạng|người|cấp)\s$", context.before, re.IGNORECASE):
        return None
    number = 6 if match["sunday"] else int(words("vi", "weekday")[match["name"].lower()])
    if context.anchor is None:
        return "DATE", f"XXXX-WXX-{number + 1}"
    near = re.sub(r"\s+", " ", match["near"].lower()) if match["near"] else None
    if match["week"] and near:
        week = move(context.anchor, "W", STEPS[near]).isocalendar()
        day = date.fromisocalendar(week.year, week.week, number + 1)
    else:
        step = STEPS[near] if near else 0
        direction = "future" if step > 0 else "past" if step < 0 else context.direction
        day = weekday_near(context.anchor, number, direction)
    return at_daypart(("DATE", day.isoformat()), match["when"])


@RULES.rule(r"(?P<word>{vague})", near="{vague}")
def _vague(match: re.Match[str], context: Context) -> Reading | None:
    """For "hiện nay", "gần đây"."""
    word = re.sub(r"\s+", " ", match["word"].lower())
    if word == "vừa qua" and re.search(r"(?:năm|tháng|tuần|ngày)\s$", context.before):
        return None
    return "DATE", words("vi", "vague")[word]


@RULES.rule(
    r"(?:lúc\s+)?(?P<hour>[01]?\d|2[0-3])\s?(?:h|giờ|:)\s?(?P<minute>[0-5]\d)(?:\s+phút)?(?:\s+(?P<when>sáng|trưa|chiều|tối|đêm))?(?:\s*\(?(?P<zone>GMT|UTC)(?!\s?\+)\)?)?",
    r"lúc\s+(?P<hour>[01]?\d|2[0-3])\s?(?:h|giờ)(?:\s+(?P<when>sáng|trưa|chiều|tối|đêm))?",
    r"(?P<hour>[01]?\d|2[0-3])(?:h|\s+giờ)(?=\s+(?:ngày|hôm|sáng|chiều|tối))(?:\s+(?P<when>sáng|trưa|chiều|tối|đêm))?",
    near="{digit}",
)
def _clock(match: re.Match[str], context: Context) -> Reading | None:
    """For "9h30", "15 giờ 30 phút", "lúc 20h"."""
    found = match.groupdict()
    day = context.day or (context.anchor.isoformat() if context.anchor else "XXXX-XX-XX")
    hour = int(found["hour"] or 0)
    if found.get("when") in ("chiều", "tối", "đêm") and hour < 12:
        hour += 12
    return "TIME", f"{day}T{hour:02d}:{found.get('minute') or '00'}{'Z' if found.get('zone') else ''}"
