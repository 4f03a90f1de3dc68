"""English days told from the text's own, weekdays, clock times, and words like "now"."""

from __future__ import annotations

import re
from datetime import date

from nlp.times.calendar_anchor import at, move, weekday_near
from nlp.times.timex import Context, Grammar, Reading, words
from nlp.times.timex_english_words import (
    ZONE,
    first_day,
    step_of,
)

RULES = Grammar("en")


@RULES.rule(
    r"(?:(?P<part>earlier|later|late|early)\s+)?(?P<day>today|yesterday|tomorrow|tonight|the\s+day\s+before\s+yesterday|the\s+day\s+after\s+tomorrow)(?:\s+(?P<when>{daypart}))?",
    r"(?P<day>this|last)\s+(?P<when>morning|afternoon|evening|night)",
    r"(?P<day>overnight)",
    near="today yesterday tomorrow tonight overnight morning afternoon evening night",
)
def _near_day(match: re.Match[str], context: Context) -> Reading | None:
    """For "today", "earlier today", "yesterday evening", "last night"."""
    found = match.groupdict()
    word = re.sub(r"\s+", " ", found["day"].lower())
    step = {
        "yesterday": -1,
        "tomorrow": 1,
        "last": -1,
        "the day before yesterday": -2,
        "the day after tomorrow": 2,
    }.get(word, 0)
    if word == "overnight":
        return None
    if context.anchor is None:
        return "DATE", "PRESENT_REF" if not step else "PAST_REF" if step < 0 else "FUTURE_REF"
    day = move(context.anchor, "D", step).isoformat()
    part = (
        "NI"
        if word == "tonight"
        else words("en", "daypart")[found["when"].lower()]
        if found.get("when")
        else None
    )
    return ("TIME", f"{day}T{part}") if part else ("DATE", day)


@RULES.rule(
    r"(?:(?P<which>last|next|this|this\s+coming|this\s+past|the\s+following|late|early)\s+)?(?P<name>monday|tuesday|wednesday|thursday|friday|saturday|sunday)(?:['’]s)?(?P<plural>s)?(?:\s+(?P<when>{daypart}))?(?:\s+(?P<week>last|next|this)\s+week)?",
    near="{weekday} mondays tuesdays wednesdays thursdays fridays saturdays sundays",
)
def _weekday(match: re.Match[str], context: Context) -> Reading | None:
    """For "on Friday" by the tense of its clause, "next Monday", "Friday morning"."""
    number = int(words("en", "weekday")[match["name"].lower()])
    if match["name"].islower() or re.search(
        r"\b(?:Black|Good|Cyber|Super|Ash|Bloody|Palm)\s$", context.before
    ):
        return None
    if match["plural"]:
        return "SET", f"XXXX-WXX-{number + 1}"
    which = (match["which"] or "").lower()
    if context.anchor is None:
        return "DATE", f"XXXX-WXX-{number + 1}"
    direction = (
        "future"
        if which in ("next", "this coming", "the following")
        else "past"
        if which in ("last", "this past")
        else context.direction
    )
    day = weekday_near(context.anchor, number, direction)
    if which in ("last", "next") and day == context.anchor:
        day = move(day, "W", step_of(which))
    if match["week"]:
        week = move(context.anchor, "W", step_of(match["week"])).isocalendar()
        day = date.fromisocalendar(week.year, week.week, number + 1)
    if match["when"]:
        return "TIME", f"{day.isoformat()}T{words('en', 'daypart')[match['when'].lower()]}"
    return "DATE", day.isoformat()


@RULES.rule(r"(?P<word>{vague})", near="{vague}")
def _vague(match: re.Match[str], context: Context) -> Reading | None:
    """For "now", "recently", "the past"."""
    word = re.sub(r"\s+", " ", match["word"].lower())
    if (
        word in ("the past", "the future", "the present")
        and re.match(r"\s+[a-z]+", context.after)
        and not re.match(
            r"\s+(?:and|or|by|to|with|for|of|as|in|but|is|was|that|than|when|because|while)\b", context.after
        )
    ):
        return None
    if word == "now" and re.match(r"\s*(?:,|that\b)", context.after) and not context.before.strip():
        return None
    return "DATE", words("en", "vague")[word]


@RULES.rule(
    rf"(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?::[0-5]\d)?(?:\s?(?P<half>[ap])\.?m\.?)?(?:\s*\(?(?P<zone>{ZONE})\)?)?(?:,?\s+(?:on\s+)?(?P<today>today|yesterday))?",
    rf"(?P<hour>1[0-2]|0?[1-9])\s?(?P<half>[ap])\.?m\b\.?(?:\s*\(?(?P<zone>{ZONE})\)?)?(?:,?\s+(?P<today>today|yesterday))?",
    rf"(?P<hour>[01]\d|2[0-3])(?P<minute>[0-5]\d)\s(?P<zone>{ZONE})",
    r"(?P<word>noon|midday|midnight)",
    near="{digit} noon midday midnight",
)
def _clock(match: re.Match[str], context: Context) -> Reading | None:
    """For "18:00 UTC", "9 a.m."; on the last day read in this text, else on its own day."""
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


@RULES.rule(r"the\s+(?P<unit>day|night|week|month)\s+before(?=\s*(?:[.,;:)]|$))", near="before")
def _unit_before(match: re.Match[str], context: Context) -> Reading | None:
    """For "the day before," of a thing told; before what follows ("the day before the vote") it is no date."""
    unit = {"night": "D"}.get(match["unit"].lower(), words("en", "unit").get(match["unit"].lower(), "D"))
    known = (context.day if unit == "D" else context.reference) or ""
    base = first_day(known) or context.anchor
    if base is None:
        return "DATE", "PAST_REF"
    value = at(move(base, unit, -1), unit)
    return ("TIME", f"{value}TNI") if match["unit"].lower() == "night" else ("DATE", value)


@RULES.rule(r"the\s+(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)(?=\s*(?:[.,;:)]|$))", near="{digit}")
def _day_of_month(match: re.Match[str], context: Context) -> Reading | None:
    """For "on the 15th" of the month spoken of."""
    if not re.search(r"\b(?:on|by|until|till|before|after|from|since)\s$", context.before, re.IGNORECASE):
        return None
    base = first_day(context.reference) or context.anchor
    try:
        return ("DATE", base.replace(day=int(match["day"])).isoformat()) if base else None
    except ValueError:
        return None
