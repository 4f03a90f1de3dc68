"""English periods: quarters, fiscal years, seasons, and what is told from the text's day or another period."""

from __future__ import annotations

import re
from datetime import date

from nlp.times.calendar_anchor import at, bounds, granularity, move, shifted, year_near
from nlp.times.timex import Context, Grammar, Reading, words
from nlp.times.timex_english_words import (
    UNITS,
    YEAR,
    first_day,
    step_of,
)

RULES = Grammar("en")


OF_YEAR = (
    rf"(?:(?:\s+of)?(?:\s+the)?\s+(?:(?P<fiscal>fiscal(?:\s+year)?|FY)\s*)?(?P<year>{YEAR})"
    r"|\s+(?:of\s+)?(?P<rel>this|last|next|the|the\s+previous|the\s+current|the\s+same)"
    r"\s+(?:fiscal\s+|financial\s+)?year)?"
)


@RULES.rule(
    rf"(?:the\s+)?(?P<nth>first|second|third|fourth|final|last|1st|2nd|3rd|4th|opening|closing)[\s-]+(?P<part>quarter|half)(?:\s*,)?{OF_YEAR}",
    rf"(?P<part>Q|H)(?P<nth>[1-4]),?(?:\s+|-|\s+of\s+)?(?:(?P<fiscal>FY|fiscal)\s*)?(?P<year>{YEAR})?",
    r"(?P<nth>[1-4])(?P<part>Q|H)\s?(?P<year>\d\d|20\d\d)",
    near="quarter half {digit}",
)
def _quarter(match: re.Match[str], context: Context) -> Reading | None:
    """For "the third quarter of 2025", "Q3", "first half of last year"."""
    found = match.groupdict()
    part = found["part"][0].upper()
    quarters = part == "Q"
    if len(found["part"]) == 1 and match["part"].islower():
        return None
    nth = int(found["nth"]) if found["nth"].isdigit() else int(words("en", "ordinal")[found["nth"].lower()])
    relative = (found.get("rel") or "").lower()
    if found["nth"].lower() == "last" and not relative and not found.get("year"):
        return None  # "last quarter" is the one before this
    number = (4 if quarters else 2) if nth == -1 else nth
    if number > (4 if quarters else 2):
        return None
    name = f"Q{number}" if quarters else f"H{number}"
    if found.get("year"):
        year = found["year"] if len(found["year"]) == 4 else f"20{found['year']}"
        return "DATE", f"{'FY' if found.get('fiscal') else ''}{year}-{name}"
    if context.anchor is None:
        return "DATE", f"XXXX-{name}"
    if relative:
        return "DATE", f"{context.anchor.year + step_of(relative)}-{name}"
    months = 3 if quarters else 6
    if (
        number * months - months + 1 <= context.anchor.month <= number * months
        and context.direction == "past"
    ):
        return "DATE", f"{context.anchor.year}-{name}"
    direction = (
        context.direction
        if context.direction != "unknown"
        else "past"
        if match.group().endswith(("-quarter", "-half"))
        else "unknown"
    )
    return (
        "DATE",
        f"{year_near(context.anchor, number * months - months + 1, number * months, None, direction)}-{name}",
    )


@RULES.rule(
    rf"(?:the\s+)?(?:FY|fiscal(?:\s+year)?|financial\s+year)[\s-]?(?P<year>(?:20|19)\d\d|\d\d)(?:\s?[-/–]\s?(?P<last>{YEAR}|\d\d))?",
    near="fy fiscal financial {digit}",
)
def _fiscal_year(match: re.Match[str], context: Context) -> Reading | None:
    """For "FY2025", "fiscal 2025"."""
    year = match["year"]
    return "DATE", f"FY{year if len(year) == 4 else '20' + year}"


@RULES.rule(
    r"(?P<part>(?:(?:the\s+)?(?:beginning|start|end|middle|close|rest|remainder)\s+of|early|late|later|earlier|mid)[\s-]+)?"
    r"(?P<which>this|last|next|(?:the\s+)?(?:previous|current|following|preceding|coming|same|prior)|the\s+last|that)\s+"
    r"(?:(?:calendar|fiscal|financial|trading|school)\s+)?(?P<unit>century|decade|year|half-year|quarter|month|week|weekend|day)(?P<before>\s+(?:before|earlier|ago|a\s+year\s+(?:ago|earlier|before)|last\s+year|in\s+(?P<year>\d{4})|of\s+(?:last\s+year|(?P<year2>\d{4}))))?",
    near="{unit}",
)
def _relative_period(match: re.Match[str], context: Context) -> Reading | None:
    """For "this year", "late last week", "the previous month", "the same month a year ago"."""
    which, unit = re.sub(r"^the\s+", "", match["which"].lower()), UNITS[match["unit"].lower()]
    if match["before"] and which not in ("same", "that"):
        return None
    if which in ("same", "that", "following", "preceding", "previous", "prior"):
        return _from_reference(which, unit, match, context)
    if context.anchor is None:
        return "DATE", {0: "PRESENT_REF", 1: "FUTURE_REF"}.get(step_of(which), "PAST_REF")
    return "DATE", at(move(context.anchor, unit, step_of(which)), unit)


def _from_reference(which: str, unit: str, match: re.Match[str], context: Context) -> Reading | None:
    """Periods told from the one the text spoke of last, or from its own day where it spoke of none."""
    reference = context.day if unit == "D" else context.reference
    step = {"same": 0, "that": 0, "following": 1}.get(which, -1)
    if reference is None or granularity(reference) == "":
        if context.anchor is None or which == "same":
            return None
        reference = context.anchor.isoformat()
    start = bounds(reference)[0]
    if start is None:
        return None
    base = date.fromisoformat(start)
    fixed = match["year"] or match["year2"]
    if fixed:
        base = base.replace(year=int(fixed), day=min(base.day, 28))
    elif match["before"]:
        base = move(base, "Y", -1)
    return "DATE", at(move(base, unit, step), unit)


@RULES.rule(
    r"(?:the\s+)?(?:corresponding|same|comparable|year-ago|year-earlier|prior-year)\s+(?:period|time|quarter|stage)"
    r"(?:\s+(?:(?P<back>of\s+last\s+year|last\s+year|a\s+year\s+(?:ago|earlier|before)|the\s+(?:previous|prior)\s+year|the\s+year\s+before)|(?:in|of)\s+(?P<year>\d{4})))?",
    r"(?:a|the)\s+year(?:\s|-)(?P<back>earlier|before|previous|prior|previously)",
    r"(?P<back>one\s+year\s+earlier|year[\s-]earlier|year[\s-]ago)",
    near="corresponding same comparable year prior",
)
def _year_before(match: re.Match[str], context: Context) -> Reading | None:
    """For "a year earlier", "the same period of 2024": as coarse as the period it is compared with."""
    found = match.groupdict()
    if not found["back"] and not found.get("year") and "year" not in match.group().lower():
        return None
    reference = context.reference or (at(context.anchor, "Y") if context.anchor else None)
    if reference is None:
        return "DATE", "PAST_REF"
    if found.get("year"):
        return "DATE", found["year"] + (reference[4:] if reference[:4].isdigit() else "")
    value = shifted(reference, "Y", -1)
    return ("DATE", value) if value else None


@RULES.rule(
    r"(?:(?P<which>this|last|next|the|that|over\s+the)\s+)(?P<season>spring|summer|autumn|fall|winter)(?:\s+of)?(?:\s+(?P<year>\d{4}))?",
    r"(?P<season>spring|summer|autumn|fall|winter)(?:\s+of)?\s+(?P<year>\d{4})",
    near="{season}",
)
def _season(match: re.Match[str], context: Context) -> Reading | None:
    """For "last summer", "spring 2026"."""
    name = words("en", "season")[match["season"].lower()]
    which = (match.groupdict().get("which") or "").lower()
    if match["year"]:
        return "DATE", f"{match['year']}-{name}"
    if match["season"].lower() in ("fall", "spring") and which in ("the", "over the", "that"):
        return None
    if context.anchor is None:
        return "DATE", f"XXXX-{name}"
    season_month = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[name]
    direction = {"last": "past", "next": "future"}.get(which, context.direction)
    year = (
        context.anchor.year
        if which == "this"
        else year_near(context.anchor, season_month, min(12, season_month + 2), None, direction)
    )
    return "DATE", f"{year}-{name}"


@RULES.rule(
    r"(?:(?P<part>(?:the\s+)?(?:end|start|beginning|middle|close|first\s+half|second\s+half|rest|remainder)\s+of)\s+)?(?:the|that|the\s+same)\s+(?P<unit>day|week|weekend|month|quarter|year)",
    near="day week weekend month quarter year",
)
def _the_period(match: re.Match[str], context: Context) -> Reading | None:
    """For "the end of the month", "the weekend", "that day": the one at hand."""
    unit = UNITS[match["unit"].lower()]
    base = first_day(context.day) if unit == "D" else context.anchor
    if unit == "D" and base and context.anchor and base > context.anchor:
        base = context.anchor  # a day still to come was named, but "on the day" tells of this one
    if base is None or (not match["part"] and unit not in ("D", "WE")):
        return None
    if unit == "D" and (
        context.day is None or re.match(r"\s+(?:of|when|that|after|before|[a-z]+ed\b|to)\b", context.after)
    ):
        return None
    if unit == "WE" and context.direction != "future" and base.weekday() < 5:
        base = move(base, "W", -1)
    if (match["part"] or "").lower().endswith("half of") and unit == "Y":
        return "DATE", f"{base.year}-H{1 if 'first' in match['part'].lower() else 2}"
    return "DATE", at(base, unit)


@RULES.rule(
    r"(?:the\s+)?(?P<unit>year|month|quarter|week)-end|(?:end-of-|mid-?)(?P<mid>year|month|week)",
    near="{unit} midyear midmonth midweek",
)
def _edge(match: re.Match[str], context: Context) -> Reading | None:
    """For "year-end", "mid-month"."""
    unit = UNITS[(match["unit"] or match["mid"]).lower()]
    return ("DATE", at(context.anchor, unit)) if context.anchor else None
