"""English time expressions: calendar dates, periods relative to the text's day, durations, sets and clock times."""

from __future__ import annotations

import re
from datetime import date

from nlp.calendar_anchor import at, bounds, granularity, move, shifted, weekday_near, year_near
from nlp.timex import Context, Grammar, Reading

ENGLISH = Grammar("en")

YEAR = r"(?:1[5-9]|20)\d\d"
DAY = r"(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?"
MONTH = r"(?P<month>{month})(?:(?<=\b\w{3})(?<!may)\.|(?<=\bsept)\.)?"  # the point of a short form, not of a sentence
PART = r"(?:(?:the\s+)?(?:early|mid|late|later|earlier|beginning|start|end|close|middle)(?:\s+(?:of|in)|-|\s)\s*(?:the\s+)?)"
COUNT = r"(?P<count>\d+(?:[.,]\d+)*(?:\s+1/2)?|{cardinal}(?:\s+and\s+a\s+half)?)"
ROUGHLY = r"(?:(?:about|around|approximately|roughly|nearly|almost|over|some|at\s+least|just\s+over|just\s+under)\s+)?"
STREAK = r"(?:consecutive|straight|successive|full|whole|trading|business|working|calendar|long|more|further|fiscal)"
ZONE = r"(?:UTC|GMT|EST|EDT|CET|CEST|PST|PDT|ET|PT|BST|ICT|local\s+time)"
_UNITS = ENGLISH.words("unit")
_CLOCK_UNITS = {"TH": "H", "TM": "M", "TS": "S"}


@ENGLISH.rule(
    rf"(?:{{weekday}}\.?,?\s+)?(?:the\s+)?(?P<day>{DAY})(?:\s+of)?\s+{MONTH},?\s+(?P<year>{YEAR})",
    rf"(?:{{weekday}}\.?,?\s+)?{MONTH}\s+(?P<day>{DAY})\s*,?\s+(?P<year>{YEAR})",
    rf"(?:{{weekday}}\.?,?\s+)?{MONTH}\s+(?P<day>{DAY})",
    rf"(?:{{weekday}}\.?,?\s+)?(?:the\s+)?(?P<day>{DAY})(?:\s+of)?\s+{MONTH}",
)
def _month_day(match: re.Match[str], context: Context) -> Reading | None:
    """"June 15", "the 3rd of June 2009", "Friday, 3 June"."""
    found = match.groupdict()
    month, day = _month(found["month"]), int(re.sub(r"\D", "", found["day"]))
    if match["month"].islower():  # "may 5 countries", "march 3 miles"
        return None
    return _day(found.get("year"), month, day, context)


@ENGLISH.rule(
    rf"{MONTH}\s+(?P<first>{DAY})\s*(?:-|–|to)\s*(?P<last>{DAY})(?:,?\s+(?P<year>{YEAR}))?",
    rf"(?P<first>{DAY})\s*(?:-|–|to)\s*(?P<last>{DAY})\s+{MONTH}(?:,?\s+(?P<year>{YEAR}))?",
)
def _days_of_month(match: re.Match[str], context: Context) -> Reading | None:
    """"October 18-22"."""
    month = _month(match["month"])
    ends = [_day(match["year"], month, int(re.sub(r"\D", "", match[g])), context) for g in ("first", "last")]
    if None in ends or match["month"].islower():
        return None
    return "DATE", "/".join(end[1] for end in ends if end)


@ENGLISH.rule(r"(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)(?:T\S+)?", r"(?P<a>\d{1,2})/(?P<b>\d{1,2})/(?P<year>\d{4})")
def _numeric_date(match: re.Match[str], context: Context) -> Reading | None:
    """"2025-10-20", "10/20/2025" (month first, unless the first number can be no month)."""
    found = match.groupdict()
    if found.get("a"):
        a, b = int(found["a"]), int(found["b"])
        month, day = (b, a) if a > 12 else (a, b)
    else:
        month, day = int(found["month"]), int(found["day"])
    return _day(found["year"], month, day, context)


@ENGLISH.rule(rf"{PART}?{MONTH},?\s+(?:of\s+)?(?P<year>{YEAR})", rf"{PART}?{MONTH}\s+['’](?P<short>\d\d)")
def _month_year(match: re.Match[str], context: Context) -> Reading | None:
    """"September 2025", "early May of 2026"."""
    if match["month"].islower():
        return None
    found = match.groupdict()
    year = found.get("year") or _century(int(found["short"] or 0))
    return "DATE", f"{year}-{_month(match['month']):02d}"


@ENGLISH.rule(rf"(?:(?P<which>last|next|this|this\s+past|this\s+coming)\s+|{PART})?{MONTH}(?:\s+(?P<year>this|last|next)\s+year)?")
def _month_name(match: re.Match[str], context: Context) -> Reading | None:
    """"September", "early October", "last May", "in January last year"."""
    name = match["month"]
    if not name[0].isupper() or (name.lower() in ("may", "march", "mar", "sun", "sat", "dec", "jan") and not _is_month(match, context)):
        return None
    month = _month(name)
    if context.anchor is None:
        return "DATE", f"XXXX-{month:02d}"
    if match["year"]:
        return "DATE", f"{context.anchor.year + _step(match['year'])}-{month:02d}"
    direction = {"last": "past", "next": "future"}.get(match["which"] or "", context.direction)
    year = year_near(context.anchor, month, month, None, direction)
    if match["which"] and month == context.anchor.month:
        year += _step(match["which"])
    return "DATE", f"{year}-{month:02d}"


def _is_month(match: re.Match[str], context: Context) -> bool:
    """May, March and the short forms are words and names too: a preposition or a part tells the month."""
    if match.group().lower() != match["month"].lower():
        return True
    preposition = r"\b(?:in|since|by|until|till|of|from|during|between|to|through|and|before|after)\s$"
    return bool(re.search(preposition, context.before)) and not re.match(r"\s(?:said|\w+ed|on\b|[A-Z])", context.after)


@ENGLISH.rule(rf"{PART}?(?P<year>{YEAR})", r"['’](?P<short>\d\d)")
def _year(match: re.Match[str], context: Context) -> Reading | None:
    """"2012", "mid-2026", "'82"; a bare number must stand where a year can."""
    if match.groupdict().get("short"):
        if not re.search(r"\b(?:since|in|of|from|summer|spring|winter|autumn|until)\s$", context.before, re.I):
            return None
        return "DATE", _century(int(match["short"]))
    if match.group() == match["year"] and not _stands_as_year(match["year"], context):
        return None
    return "DATE", match["year"]


_NO_YEAR_AFTER = re.compile(
    r"[%‰°]|[.,:/]\d|-(?!to-|end|based|era|level|style|born)\w|\s?(?:million|billion|percent|per cent|pc|km|kg|points?|people|times|miles|meters|"
    r"metres|tons?|tonnes|feet|dollars|euros|yen|yuan|pounds|shares|workers|jobs|hires|calories)\b"
)
_YEAR_BEFORE = re.compile(
    r"\b(?:in|since|by|until|till|from|of|during|before|after|for|to|through|between|and|around|year|back\s+in|on|than|mid|fall|early|late|"
    r"spring|summer|winter|autumn|fiscal|per|the|its|their|as of|into|over)\s$|^$|[(\n—–]\s?$", re.I
)


def _stands_as_year(year: str, context: Context) -> bool:
    if int(year) < 1900 and not re.search(r"\b(?:in|since|until|by|from|between|circa)\s$", context.before, re.IGNORECASE):
        return False
    if _NO_YEAR_AFTER.match(context.after) or re.search(r"[$£€¥#.,/:\d-]\s?$|\b(?:No|nearly|about|only|than)\.?\s$", context.before):
        return False
    if re.match(r"\s+[a-z]+(?:s|ren|men)\b(?!\s+(?:of|and|to))", context.after) and re.search(
        r"\b(?:to|for|from|of|over|and|than|around|on)\s$", context.before
    ):  # "to 2000 workers": a count, but "the 1991 settlement" is a year
        return int(year) >= 1990 and bool(re.match(r"\s+(?:was|is|has|as|years|results|sales|earnings|elections|talks)\b", context.after))
    if _YEAR_BEFORE.search(context.before):
        return True
    return bool(re.search(r"[A-Za-z,]['’]?s?\s$", context.before)) and not re.match(r"\s+[a-z]+s\b", context.after)


@ENGLISH.rule(rf"(?P<first>{YEAR})\s?[-–/]\s?(?P<last>{YEAR}|\d\d)")
def _years(match: re.Match[str], context: Context) -> Reading | None:
    """"2025-26", "2010–2015"."""
    first, last = match["first"], match["last"]
    last = last if len(last) == 4 else first[:2] + last
    return ("DATE", f"{first}/{last}") if int(first) < int(last) else None


@ENGLISH.rule(r"(?:the\s+)?(?:(?:early|mid|late)(?:-|\s+))?(?:(?P<tens>\d{3})0['’]?s|['’]?(?P<two>[1-9])0['’]?s|(?P<word>{decade}))")
def _decade(match: re.Match[str], context: Context) -> Reading | None:
    """"the 1990s", "the late '80s"."""
    if match["tens"]:
        return ("DATE", match["tens"]) if match["tens"][:2] in ("17", "18", "19", "20") else None
    if not match.group().lower().startswith("the ") or re.search(r"\bin\s$", context.before) and context.after.startswith(" F"):
        return None
    return "DATE", ENGLISH.words("decade")[match["word"].lower()] if match["word"] else f"19{match['two']}"


@ENGLISH.rule(r"(?:the\s+)?(?:(?:early|mid|late)(?:-|\s+))?(?P<nth>{ordinal})[\s-]century")
def _nth_century(match: re.Match[str], context: Context) -> Reading | None:
    """"the 19th century"."""
    return "DATE", f"{int(ENGLISH.words('ordinal')[match['nth'].lower()]) - 1:02d}"


OF_YEAR = rf"(?:(?:\s+of)?(?:\s+the)?\s+(?:(?P<fiscal>fiscal(?:\s+year)?|FY)\s*)?(?P<year>{YEAR})|\s+(?:of\s+)?(?P<rel>this|last|next|the|the\s+previous|the\s+current|the\s+same)\s+(?:fiscal\s+|financial\s+)?year)?"


@ENGLISH.rule(
    rf"(?:the\s+)?(?P<nth>first|second|third|fourth|final|last|1st|2nd|3rd|4th|opening|closing)[\s-]+(?P<part>quarter|half)(?:\s*,)?{OF_YEAR}",
    rf"(?P<part>Q|H)(?P<nth>[1-4]),?(?:\s+|-|\s+of\s+)?(?:(?P<fiscal>FY|fiscal)\s*)?(?P<year>{YEAR})?",
    r"(?P<nth>[1-4])(?P<part>Q|H)\s?(?P<year>\d\d|20\d\d)",
)
def _quarter(match: re.Match[str], context: Context) -> Reading | None:
    """"the third quarter of 2025", "Q3", "first half of last year"."""
    found = match.groupdict()
    part = found["part"][0].upper()
    quarters = part == "Q"
    if len(found["part"]) == 1 and match["part"].islower():
        return None
    nth = int(found["nth"]) if found["nth"].isdigit() else int(ENGLISH.words("ordinal")[found["nth"].lower()])
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
        return "DATE", f"{context.anchor.year + _step(relative)}-{name}"
    months = 3 if quarters else 6
    if number * months - months + 1 <= context.anchor.month <= number * months and context.direction == "past":
        return "DATE", f"{context.anchor.year}-{name}"
    direction = context.direction if context.direction != "unknown" else "past" if match.group().endswith(("-quarter", "-half")) else "unknown"
    return "DATE", f"{year_near(context.anchor, number * months - months + 1, number * months, None, direction)}-{name}"


@ENGLISH.rule(rf"(?:the\s+)?(?:FY|fiscal(?:\s+year)?|financial\s+year)[\s-]?(?P<year>(?:20|19)\d\d|\d\d)(?:\s?[-/–]\s?(?P<last>{YEAR}|\d\d))?")
def _fiscal_year(match: re.Match[str], context: Context) -> Reading | None:
    """"FY2025", "fiscal 2025"."""
    year = match["year"]
    return "DATE", f"FY{year if len(year) == 4 else '20' + year}"


@ENGLISH.rule(
    r"(?P<part>(?:(?:the\s+)?(?:beginning|start|end|middle|close|rest|remainder)\s+of|early|late|later|earlier|mid)[\s-]+)?"
    r"(?P<which>this|last|next|(?:the\s+)?(?:previous|current|following|preceding|coming|same|prior)|the\s+last|that)\s+"
    r"(?:(?:calendar|fiscal|financial|trading|school)\s+)?(?P<unit>century|decade|year|half-year|quarter|month|week|weekend|day)(?P<before>\s+(?:before|earlier|ago|a\s+year\s+(?:ago|earlier|before)|last\s+year|in\s+(?P<year>\d{4})|of\s+(?:last\s+year|(?P<year2>\d{4}))))?"
)
def _relative_period(match: re.Match[str], context: Context) -> Reading | None:
    """"this year", "late last week", "the previous month", "the same month a year ago"."""
    which, unit = re.sub(r"^the\s+", "", match["which"].lower()), _UNITS[match["unit"].lower()]
    if match["before"] and which not in ("same", "that"):
        return None
    if which in ("same", "that", "following", "preceding", "previous", "prior"):
        return _from_reference(which, unit, match, context)
    if context.anchor is None:
        return "DATE", {0: "PRESENT_REF", 1: "FUTURE_REF"}.get(_step(which), "PAST_REF")
    return "DATE", at(move(context.anchor, unit, _step(which)), unit)


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


@ENGLISH.rule(
    r"(?:the\s+)?(?:corresponding|same|comparable|year-ago|year-earlier|prior-year)\s+(?:period|time|quarter|stage)"
    r"(?:\s+(?:(?P<back>of\s+last\s+year|last\s+year|a\s+year\s+(?:ago|earlier|before)|the\s+(?:previous|prior)\s+year|the\s+year\s+before)|(?:in|of)\s+(?P<year>\d{4})))?",
    r"(?:a|the)\s+year(?:\s|-)(?P<back>earlier|before|previous|prior|previously)",
    r"(?P<back>one\s+year\s+earlier|year[\s-]earlier|year[\s-]ago)",
)
def _year_before(match: re.Match[str], context: Context) -> Reading | None:
    """"a year earlier", "the same period of 2024": as coarse as the period it is compared with."""
    found = match.groupdict()
    if not found["back"] and not found.get("year") and "year" not in match.group().lower():
        return None
    reference = context.reference or (context.anchor and at(context.anchor, "Y"))
    if reference is None:
        return "DATE", "PAST_REF"
    if found.get("year"):
        return "DATE", found["year"] + (reference[4:] if reference[:4].isdigit() else "")
    value = shifted(reference, "Y", -1)
    return ("DATE", value) if value else None


@ENGLISH.rule(
    r"(?:the\s+)?(?:last|past|next|previous|coming|first|final|following|preceding|recent)\s+(?:(?P<count>\d+|{cardinal})\s+)?(?:"
    + STREAK
    + r"\s+)?(?P<unit>{unit})",
    rf"(?:the\s+)?past\s+(?P<unit>{{unit}})",
)
def _counted_period(match: re.Match[str], context: Context) -> Reading | None:
    """"the next four years" P4Y, "the previous several months" PXM, "recent years" PXY."""
    unit_word = match["unit"].lower()
    count = match.groupdict().get("count")
    if unit_word == "second" or (not count and not unit_word.endswith("s") and "past" not in match.group().lower()):
        return None
    return "DURATION", _duration(_count(count) if count else ("1" if not unit_word.endswith("s") else "X"), _UNITS[unit_word])


@ENGLISH.rule(rf"{ROUGHLY}{COUNT}[\s-]+(?:{STREAK}[\s-]+)?(?P<unit>{{unit}})(?:['’]s?|-long)?(?P<rest>\s+(?:and|or|to)\s+(?P<half>a\s+half|\d+\s+{{unit}}))?")
def _length(match: re.Match[str], context: Context) -> Reading | None:
    """"three months" P3M, "fifty-year" P50Y; not ages, not "second", and "15 a year" is a set."""
    unit_word, count = match["unit"].lower(), match["count"].lower()
    if re.match(r"[\s-]+(?:old|olds|of\s+age)\b", context.after) or (unit_word in ("second", "quarter") and "-" not in match.group()):
        return None
    if unit_word in ("quarters",) and count in ("two", "three"):
        return None
    unit = _UNITS[unit_word]
    if count in ("a", "an") and match.group()[:1].lower() == "a" and re.search(r"(?:\d|times|each|once|twice|[a-z]s)\s$", context.before) and unit not in ("DE", "CE"):
        if re.search(r"(?:\d|once|twice|\btimes|[$£€]\S+(?:\s\w+)?|\bdollars|\beuros|\bbarrels|\btons|\btonnes|\bpeople|\bpercent|%)\s$", context.before):
            return "SET", _duration("1", unit)
    if unit == "WE" or (count == "one" and unit == "D" and not match.group().lower().startswith("one-")):
        return ("DATE", "FUTURE_REF") if unit == "D" and context.direction == "future" else None
    number = _count(count)
    if match["half"] and "half" in match["half"]:
        number = f"{float(number) + 0.5:g}" if number != "X" else "X"
    elif match["rest"]:
        return None
    return "DURATION", _duration(number, unit)


@ENGLISH.rule(r"(?P<count>\d+|{cardinal})(?=\s+(?:and|to|or)\s+(?:\d+|{cardinal})\s+(?P<unit>{unit}))")
def _range_start(match: re.Match[str], context: Context) -> Reading | None:
    """The "60" of "between 60 and 90 days"."""
    unit = _UNITS[match["unit"].lower()]
    if not re.search(r"\b(?:between|from)\s$", context.before, re.IGNORECASE) or _count(match["count"]) == "X":
        return None
    return "DURATION", _duration(_count(match["count"]), unit)


@ENGLISH.rule(r"(?P<lead>over\s+the\s+)?(?P<unit>decades|years|months|weeks|days|hours|minutes|seconds|centuries)(?P<long>-long)?")
def _indefinite(match: re.Match[str], context: Context) -> Reading | None:
    """"decades-long", "over the years", "in minutes"."""
    alone = not match["lead"] and not match["long"]
    if alone and not re.search(r"\b(?:in|for|within|just|only|after|lasting|takes?|took|been)\s$", context.before, re.I):
        return None
    if alone and re.match(r"\s*(?:of|old|['’])", context.after):
        return None
    return "DURATION", _duration("X", _UNITS[match["unit"].lower()])


@ENGLISH.rule(rf"{COUNT}\s+(?P<unit>{{unit}})\s+(?P<way>ago|earlier|later|from\s+now|hence|before(?=\s*(?:[.,;:)]|$)))")
def _counted_from(match: re.Match[str], context: Context) -> Reading | None:
    """"a week ago", "two years later"; told from the anchor, or from the last date read."""
    unit, way, count = _UNITS[match["unit"].lower()], match["way"].lower(), _count(match["count"])
    ago = way in ("ago", "from now", "hence")
    base = context.anchor if ago else _first_day(context.reference)
    sign = 1 if way in ("later", "from now", "hence") else -1
    if not ago and (base is None or count == "X" or unit.startswith("T")):
        return None
    if base is None or count == "X" or unit.startswith("T") or not count.isdigit():
        return "DATE", "PAST_REF" if sign < 0 else "FUTURE_REF"
    moved = move(base, unit, sign * int(count))
    if not ago:
        value = shifted(context.reference or "", unit, sign * int(count))
        return ("DATE", value) if value else None
    return "DATE", at(moved, "D" if unit == "W" else unit)


@ENGLISH.rule(
    r"(?:(?P<part>earlier|later|late|early)\s+)?(?P<day>today|yesterday|tomorrow|tonight|the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow)(?:\s+(?P<when>{daypart}))?",
    r"(?P<day>this|last)\s+(?P<when>morning|afternoon|evening|night)",
    r"(?P<day>overnight)",
)
def _near_day(match: re.Match[str], context: Context) -> Reading | None:
    """"today", "earlier today", "yesterday evening", "last night"."""
    found = match.groupdict()
    word = re.sub(r"\s+", " ", found["day"].lower())
    step = {"yesterday": -1, "tomorrow": 1, "last": -1, "the day before yesterday": -2, "the day after tomorrow": 2}.get(word, 0)
    if word == "overnight":
        return None
    if context.anchor is None:
        return "DATE", "PRESENT_REF" if not step else "PAST_REF" if step < 0 else "FUTURE_REF"
    day = move(context.anchor, "D", step).isoformat()
    part = "NI" if word == "tonight" else ENGLISH.words("daypart")[found["when"].lower()] if found.get("when") else None
    return ("TIME", f"{day}T{part}") if part else ("DATE", day)


@ENGLISH.rule(
    r"(?:(?P<which>last|next|this|this\s+coming|this\s+past|the\s+following|late|early)\s+)?(?P<name>monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?:['’]s)?(?P<plural>s)?(?:\s+(?P<when>{daypart}))?(?:\s+(?P<week>last|next|this)\s+week)?"
)
def _weekday(match: re.Match[str], context: Context) -> Reading | None:
    """"on Friday" by the tense of its clause, "next Monday", "Friday morning"."""
    number = int(ENGLISH.words("weekday")[match["name"].lower()])
    if match["name"].islower() or re.search(r"\b(?:Black|Good|Cyber|Super|Ash|Bloody|Palm)\s$", context.before):
        return None
    if match["plural"]:
        return "SET", f"XXXX-WXX-{number + 1}"
    which = (match["which"] or "").lower()
    if context.anchor is None:
        return "DATE", f"XXXX-WXX-{number + 1}"
    direction = "future" if which in ("next", "this coming", "the following") else "past" if which in ("last", "this past") else context.direction
    day = weekday_near(context.anchor, number, direction)
    if which in ("last", "next") and day == context.anchor:
        day = move(day, "W", _step(which))
    if match["week"]:
        week = move(context.anchor, "W", _step(match["week"])).isocalendar()
        day = date.fromisocalendar(week.year, week.week, number + 1)
    if match["when"]:
        return "TIME", f"{day.isoformat()}T{ENGLISH.words('daypart')[match['when'].lower()]}"
    return "DATE", day.isoformat()


@ENGLISH.rule(r"(?:(?P<which>this|last|next|the|that|over\s+the)\s+)(?P<season>spring|summer|autumn|fall|winter)(?:\s+of)?(?:\s+(?P<year>\d{4}))?", r"(?P<season>spring|summer|autumn|fall|winter)(?:\s+of)?\s+(?P<year>\d{4})")
def _season(match: re.Match[str], context: Context) -> Reading | None:
    """"last summer", "spring 2026"."""
    name = ENGLISH.words("season")[match["season"].lower()]
    which = (match.groupdict().get("which") or "").lower()
    if match["year"]:
        return "DATE", f"{match['year']}-{name}"
    if match["season"].lower() in ("fall", "spring") and which in ("the", "over the", "that"):
        return None
    if context.anchor is None:
        return "DATE", f"XXXX-{name}"
    season_month = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[name]
    direction = {"last": "past", "next": "future"}.get(which, context.direction)
    year = context.anchor.year if which == "this" else year_near(context.anchor, season_month, min(12, season_month + 2), None, direction)
    return "DATE", f"{year}-{name}"


@ENGLISH.rule(r"(?:(?P<part>(?:the\s+)?(?:end|start|beginning|middle|close|first\s+half|second\s+half|rest|remainder)\s+of)\s+)?(?:the|that|the\s+same)\s+(?P<unit>day|week|weekend|month|quarter|year)")
def _the_period(match: re.Match[str], context: Context) -> Reading | None:
    """"the end of the month", "the weekend", "that day": the one at hand."""
    unit = _UNITS[match["unit"].lower()]
    base = _first_day(context.day) if unit == "D" else context.anchor
    if base is None or (not match["part"] and unit not in ("D", "WE")):
        return None
    if unit == "D" and (context.day is None or re.match(r"\s+(?:of|when|that|after|before|[a-z]+ed\b|to)\b", context.after)):
        return None
    if unit == "WE" and context.direction != "future" and base.weekday() < 5:
        base = move(base, "W", -1)
    if (match["part"] or "").lower().endswith("half of") and unit == "Y":
        return "DATE", f"{base.year}-H{1 if 'first' in match['part'].lower() else 2}"
    return "DATE", at(base, unit)


@ENGLISH.rule(r"(?:the\s+)?(?P<unit>year|month|quarter|week)-end|(?:end-of-|mid-?)(?P<mid>year|month|week)")
def _edge(match: re.Match[str], context: Context) -> Reading | None:
    """"year-end", "mid-month"."""
    unit = _UNITS[(match["unit"] or match["mid"]).lower()]
    return ("DATE", at(context.anchor, unit)) if context.anchor else None


@ENGLISH.rule(r"(?:each|every)\s+(?:(?P<other>other|second)\s+|(?P<count>\d+|{cardinal})\s+)?(?P<unit>{unit})(?:s)?", r"(?:each|every)\s+(?P<weekday>{weekday})")
def _every(match: re.Match[str], context: Context) -> Reading | None:
    """"every two weeks" P2W, "each Monday"."""
    found = match.groupdict()
    if found.get("weekday"):
        return "SET", f"XXXX-WXX-{int(ENGLISH.words('weekday')[found['weekday'].lower()]) + 1}"
    count = "2" if found["other"] else _count(found["count"]) if found["count"] else "1"
    return "SET", _duration(count, _UNITS[found["unit"].lower()])


@ENGLISH.rule(r"(?P<word>{frequency})")
def _frequency(match: re.Match[str], context: Context) -> Reading | None:
    """"annual", "weekly"; not in a name ("Daily Mail", "Economist Weekly")."""
    if match["word"][0].isupper() and re.match(r"\s[A-Z]", context.after):
        return None
    return "SET", ENGLISH.words("frequency")[match["word"].lower()]


@ENGLISH.rule(r"(?P<word>{vague})")
def _vague(match: re.Match[str], context: Context) -> Reading | None:
    """"now", "recently", "the past"."""
    word = re.sub(r"\s+", " ", match["word"].lower())
    if word in ("the past", "the future", "the present") and re.match(r"\s+[a-z]+", context.after) and not re.match(r"\s+(?:and|or|by|to|with|for|of|as|in|but|is|was|that|than|when|because|while)\b", context.after):
        return None
    if word == "now" and re.search(r"\b(?:for|until|right|by|from)\s$", context.before) and False:
        return None
    if word in ("now",) and re.match(r"\s*(?:,|that\b)", context.after) and not context.before.strip():
        return None
    return "DATE", ENGLISH.words("vague")[word]


@ENGLISH.rule(r"(?P<word>{holiday})(?:,?\s+(?P<year>\d{4}))?")
def _holiday(match: re.Match[str], context: Context) -> Reading | None:
    """"Christmas", "New Year's Eve 2024": the fixed days."""
    month, day = map(int, ENGLISH.words("holiday")[re.sub(r"\s+", " ", match["word"].lower())].split("-"))
    return _day(match["year"], month, day, context) if match["word"][0].isupper() else None


@ENGLISH.rule(
    rf"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])\.?m\.?)?(?:\s*\(?(?P<zone>{ZONE})\)?)?(?:,?\s+(?:on\s+)?(?P<today>today|yesterday))?",
    rf"(?P<hour>1[0-2]|0?[1-9])\s?(?P<half>[ap])\.?m\b\.?(?:\s*\(?(?P<zone>{ZONE})\)?)?(?:,?\s+(?P<today>today|yesterday))?",
    rf"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s(?P<zone>{ZONE})",
    r"(?P<word>noon|midday|midnight)",
)
def _clock(match: re.Match[str], context: Context) -> Reading | None:
    """"18:00 UTC", "9 a.m."; on the last day read in this text, else on its own day."""
    found = match.groupdict()
    day = context.day or (context.anchor.isoformat() if context.anchor else "XXXX-XX-XX")
    if found.get("today") and context.anchor:
        day = move(context.anchor, "D", 0 if found["today"].lower() == "today" else -1).isoformat()
    if found.get("word"):
        return "TIME", f"{day}T{'24:00' if found['word'].lower() == 'midnight' else '12:00'}"
    hour = int(found["hour"])
    if found.get("half"):
        hour = hour % 12 + (12 if found["half"].lower() == "p" else 0)
    zone = "Z" if (found.get("zone") or "").upper() in ("UTC", "GMT") else ""
    return "TIME", f"{day}T{hour:02d}:{found.get('minute') or '00'}{zone}"


def _day(year: str | None, month: int, day: int, context: Context) -> Reading | None:
    if year is None and context.anchor is None:
        return "DATE", f"XXXX-{month:02d}-{day:02d}"
    if year is None and context.anchor is not None:
        direction = context.direction
        year = str(year_near(context.anchor, month, month, day, direction))
    try:
        return "DATE", date(int(year or 0), month, day).isoformat()
    except ValueError:
        return None


def _month(name: str) -> int:
    return int(ENGLISH.words("month")[name.lower().rstrip(".")])


def _century(two_digits: int) -> str:
    return f"{'20' if two_digits < 40 else '19'}{two_digits:02d}"


def _step(which: str) -> int:
    word = re.sub(r"^the\s+", "", which.lower())
    return {"last": -1, "previous": -1, "past": -1, "prior": -1, "this past": -1, "next": 1, "coming": 1, "following": 1}.get(word, 0)


def _count(text: str) -> str:
    """The amount that words or figures say: "3", "2.5", or "X" for "several"."""
    words = re.sub(r"\s+", " ", text.lower())
    half = words.endswith((" and a half", " 1/2"))
    words = words.removesuffix(" and a half").removesuffix(" 1/2").replace(",", "")
    number = words if words[:1].isdigit() else ENGLISH.words("cardinal").get(words, "X")
    return f"{float(number) + 0.5:g}" if half and number != "X" else number


def _duration(count: str, unit: str) -> str:
    if unit in _CLOCK_UNITS:
        return f"PT{count}{_CLOCK_UNITS[unit]}"
    if unit == "H":
        return "P6M" if count == "1" else f"P{count}H"
    return f"P{count}{'D' if unit == 'WE' else unit}"


def _first_day(value: str | None) -> date | None:
    first = bounds(value)[0] if value else None
    return date.fromisoformat(first) if first else None
