"""English calendar dates: days, months, years, ranges of them, decades and fixed holidays."""

from __future__ import annotations

import re

from nlp.times.calendar_anchor import year_near
from nlp.times.timex import Context, Grammar, Reading, words
from nlp.times.timex_english_words import (
    DAY,
    MONTH,
    PART,
    YEAR,
    day_value,
    full_year,
    month_number,
    step_of,
)

RULES = Grammar("en")


@RULES.rule(
    rf"(?:{{weekday}}\.?,?\s+)?(?:the\s+)?(?P<day>{DAY})(?:\s+of)?\s+{MONTH},?\s+(?P<year>{YEAR})",
    rf"(?:{{weekday}}\.?,?\s+)?{MONTH}\s+(?P<day>{DAY})\s*,?\s+(?P<year>{YEAR})",
    rf"(?:{{weekday}}\.?,?\s+)?{MONTH}\s+(?P<day>{DAY})",
    rf"(?:{{weekday}}\.?,?\s+)?(?:the\s+)?(?P<day>{DAY})(?:\s+of)?\s+{MONTH}",
    near="{month}",
)
def _month_day(match: re.Match[str], context: Context) -> Reading | None:
    """For "June 15", "the 3rd of June 2009", "Friday, 3 June"."""
    found = match.groupdict()
    month, day = month_number(found["month"]), int(re.sub(r"\D", "", found["day"]))
    if match["month"].islower():  # "may 5 countries", "march 3 miles"
        return None
    return day_value(found.get("year"), month, day, context)


@RULES.rule(
    rf"{MONTH}\s+(?P<first>{DAY})\s*(?:-|–|to)\s*(?P<last>{DAY})(?:,?\s+(?P<year>{YEAR}))?",
    rf"(?P<first>{DAY})\s*(?:-|–|to)\s*(?P<last>{DAY})\s+{MONTH}(?:,?\s+(?P<year>{YEAR}))?",
    near="{month}",
)
def _days_of_month(match: re.Match[str], context: Context) -> Reading | None:
    """For "October 18-22"."""
    month = month_number(match["month"])
    ends = [
        day_value(match["year"], month, int(re.sub(r"\D", "", match[g])), context) for g in ("first", "last")
    ]
    if None in ends or match["month"].islower():
        return None
    return "DATE", "/".join(end[1] for end in ends if end)


@RULES.rule(
    r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:T\S+)?",
    r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4})",
    near="{digit}",
)
def _numeric_date(match: re.Match[str], context: Context) -> Reading | None:
    """For "2025-10-20", "10/20/2025" (month first, unless the first number can be no month)."""
    found = match.groupdict()
    if found.get("a"):
        a, b = int(found["a"]), int(found["b"])
        month, day = (b, a) if a > 12 else (a, b)
    else:
        month, day = int(found["month"]), int(found["day"])
    return day_value(found["year"], month, day, context)


@RULES.rule(
    rf"{PART}?{MONTH},?\s+(?:of\s+)?(?P<year>{YEAR})",
    rf"{PART}?{MONTH}\s+['’](?P<short>\d\d)",
    near="{month}",
)
def _month_year(match: re.Match[str], context: Context) -> Reading | None:
    """For "September 2025", "early May of 2026"."""
    if match["month"].islower():
        return None
    found = match.groupdict()
    year = found.get("year") or full_year(int(found["short"] or 0))
    return "DATE", f"{year}-{month_number(match['month']):02d}"


@RULES.rule(
    rf"(?:(?P<which>last|next|this|this\s+past|this\s+coming)\s+|{PART})?{MONTH}(?:\s+(?P<year>this|last|next)\s+year)?",
    near="{month}",
)
def _month_name(match: re.Match[str], context: Context) -> Reading | None:
    """For "September", "early October", "last May", "in January last year"."""
    name = match["month"]
    if not name[0].isupper() or (
        name.lower() in ("may", "march", "mar", "sun", "sat", "dec", "jan") and not _is_month(match, context)
    ):
        return None
    month = month_number(name)
    if context.anchor is None:
        return "DATE", f"XXXX-{month:02d}"
    if match["year"]:
        return "DATE", f"{context.anchor.year + step_of(match['year'])}-{month:02d}"
    direction = {"last": "past", "next": "future"}.get(match["which"] or "", context.direction)
    year = year_near(context.anchor, month, month, None, direction)
    if match["which"] and month == context.anchor.month:
        year += step_of(match["which"])
    return "DATE", f"{year}-{month:02d}"


def _is_month(match: re.Match[str], context: Context) -> bool:
    """May, March and the short forms are words and names too: a preposition or a part tells the month."""
    if match.group().lower() != match["month"].lower():
        return True
    preposition = r"\b(?:in|since|by|until|till|of|from|during|between|to|through|and|before|after)\s$"
    return bool(re.search(preposition, context.before)) and not re.match(
        r"\s(?:said|\w+ed|on\b|[A-Z])", context.after
    )


@RULES.rule(rf"{PART}?(?P<year>{YEAR})", r"['’](?P<short>\d\d)", near="{digit}")
def _year(match: re.Match[str], context: Context) -> Reading | None:
    """For "2012", "mid-2026", "'82"; a bare number must stand where a year can."""
    if match.groupdict().get("short"):
        if not re.search(
            r"\b(?:since|in|of|from|summer|spring|winter|autumn|until)\s$", context.before, re.I
        ):
            return None
        return "DATE", full_year(int(match["short"]))
    if match.group() == match["year"] and not _stands_as_year(match["year"], context):
        return None
    return "DATE", match["year"]


_NO_YEAR_AFTER = re.compile(
    r"[%‰°]|[.,:/]\d|-(?!to-|end|based|era|level|style|born)\w|\s?(?:million|billion|percent|per cent|pc|km|kg"
    r"|points?|people|times"
    r"|miles|meters|metres|tons?|tonnes|feet|dollars|euros|yen|yuan|pounds|shares|workers|jobs|hires|calories)\b"
)


_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|by|until|till|from|of|during|before|after|for|to|through|between|and|around|year|back\s+in|on|than|mid|fall|early|late|"
    r"spring|summer|winter|autumn|fiscal|per|the|its|their|as of|into|over)\s$|^$|[(\n—–]\s?$",
    re.I,
)


def _stands_as_year(year: str, context: Context) -> bool:
    if int(year) < 1900 and not re.search(
        r"\b(?:in|since|until|by|from|between|circa)\s$", context.before, re.IGNORECASE
    ):
        return False
    if _NO_YEAR_AFTER.match(context.after) or re.search(
        r"[$£€¥#.,/:\d-]\s?$|\b(?:No|nearly|about|only|than)\.?\s$", context.before
    ):
        return False
    if re.match(r"\s+[a-z]+(?:s|ren|men)\b(?!\s+(?:of|and|to))", context.after) and re.search(
        r"\b(?:to|for|from|of|over|and|than|around|on)\s$", context.before
    ):  # "to 2000 workers": a count, but "the 1991 settlement" is a year
        return int(year) >= 1990 and bool(
            re.match(r"\s+(?:was|is|has|as|years|results|sales|earnings|elections|talks)\b", context.after)
        )
    if _YEAR_BEFORE.search(context.before):
        return True
    return bool(re.search(r"[A-Za-z,]['’]?s?\s$", context.before)) and not re.match(
        r"\s+[a-z]+s\b", context.after
    )


@RULES.rule(rf"(?P<first>{YEAR})\s?[-–/]\s?(?P<last>{YEAR}|\d\d)", near="{digit}")
def _years(match: re.Match[str], context: Context) -> Reading | None:
    """For "2025-26", "2010–2015"."""
    first, last = match["first"], match["last"]
    last = last if len(last) == 4 else first[:2] + last
    return ("DATE", f"{first}/{last}") if int(first) < int(last) else None


@RULES.rule(
    r"(?:the\s+)?(?:(?:early|mid|late)(?:-|\s+))?(?:(?P<tens>\d{3})0['’]?s|['’]?(?P<two>[1-9])0['’]?s|(?P<word>{decade}))",
    near="{digit} {decade}",
)
def _decade(match: re.Match[str], context: Context) -> Reading | None:
    """For "the 1990s", "the late '80s"."""
    if match["tens"]:
        return ("DATE", match["tens"]) if match["tens"][:2] in ("17", "18", "19", "20") else None
    if not match.group().lower().startswith("the ") or (
        re.search(r"\bin\s$", context.before) and context.after.startswith(" F")
    ):
        return None
    return "DATE", words("en", "decade")[match["word"].lower()] if match["word"] else f"19{match['two']}"


@RULES.rule(r"(?:the\s+)?(?:(?:early|mid|late)(?:-|\s+))?(?P<nth>{ordinal})[\s-]century", near="century")
def _nth_century(match: re.Match[str], context: Context) -> Reading | None:
    """For "the 19th century"."""
    return "DATE", f"{int(words('en', 'ordinal')[match['nth'].lower()]) - 1:02d}"


@RULES.rule(r"(?P<word>{holiday})(?:,?\s+(?P<year>\d{4}))?", near="{holiday}")
def _holiday(match: re.Match[str], context: Context) -> Reading | None:
    """For "Christmas", "New Year's Eve 2024": the fixed days."""
    month, day = map(int, words("en", "holiday")[re.sub(r"\s+", " ", match["word"].lower())].split("-"))
    return day_value(match["year"], month, day, context) if match["word"][0].isupper() else None
