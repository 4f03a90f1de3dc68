"""English lengths of time, what is counted from a day by them, and what comes round again."""

from __future__ import annotations

import re

from nlp.times.calendar_anchor import at, move, shifted
from nlp.times.timex import Context, Grammar, Reading, words
from nlp.times.timex_english_words import (
    COUNT,
    ROUGHLY,
    STREAK,
    UNITS,
    count_of,
    duration,
    first_day,
)

RULES = Grammar("en")

_RATED = re.compile(
    r"(?:\d|once|twice|\b(?:times|dollars|euros|barrels|tons|tonnes|people|percent)|[$£€]\S+(?:\s\w+)?|%)\s$"
)
"""What "a year" stands behind as a rate: "15 a year", "twice a month"."""


@RULES.rule(
    r"(?:the\s+)?(?:last|past|next|previous|coming|first|final|following|preceding|recent)\s+(?:(?P<count>\d+|{cardinal})\s+)?(?:"
    + STREAK
    + r"\s+)?(?P<unit>{unit})",
    r"(?:the\s+)?past\s+(?P<unit>{unit})",
    near="{unit}",
)
def _counted_period(match: re.Match[str], context: Context) -> Reading | None:
    """For "the next four years" P4Y, "the previous several months" PXM, "recent years" PXY."""
    unit_word = match["unit"].lower()
    count = match.groupdict().get("count")
    if unit_word == "second" or (
        not count and not unit_word.endswith("s") and "past" not in match.group().lower()
    ):
        return None
    return "DURATION", duration(
        count_of(count) if count else ("1" if not unit_word.endswith("s") else "X"), UNITS[unit_word]
    )


@RULES.rule(
    rf"{ROUGHLY}{COUNT}[\s-]+(?:{STREAK}[\s-]+)?(?P<unit>{{unit}})(?:['’]s?|-long)?(?P<rest>\s+(?:and|or|to)\s+(?P<half>a\s+half|\d+\s+{{unit}}))?",
    near="{unit}",
)
def _length(match: re.Match[str], context: Context) -> Reading | None:
    """For "three months" P3M, "fifty-year" P50Y; not ages, not "second", and "15 a year" is a set."""
    unit_word, count = match["unit"].lower(), match["count"].lower()
    if re.match(r"[\s-]+(?:old|olds|of\s+age)\b", context.after) or (
        unit_word in ("second", "quarter") and "-" not in match.group()
    ):
        return None
    if unit_word in ("quarters",) and count in ("two", "three"):
        return None
    unit = UNITS[unit_word]
    if count in ("a", "an") and unit not in ("DE", "CE") and _RATED.search(context.before):
        return "SET", duration("1", unit)
    if unit == "WE" or (count == "one" and unit == "D" and not match.group().lower().startswith("one-")):
        return ("DATE", "FUTURE_REF") if unit == "D" and context.direction == "future" else None
    number = count_of(count)
    if match["half"] and "half" in match["half"]:
        number = f"{float(number) + 0.5:g}" if number != "X" else "X"
    elif match["rest"]:
        return None
    return "DURATION", duration(number, unit)


@RULES.rule(
    r"(?P<count>\d+|{cardinal})(?=\s+(?:and|to|or)\s+(?:\d+|{cardinal})\s+(?P<unit>{unit}))", near="{unit}"
)
def _range_start(match: re.Match[str], context: Context) -> Reading | None:
    """The "60" of "between 60 and 90 days"."""
    unit = UNITS[match["unit"].lower()]
    if (
        not re.search(r"\b(?:between|from)\s$", context.before, re.IGNORECASE)
        or count_of(match["count"]) == "X"
    ):
        return None
    return "DURATION", duration(count_of(match["count"]), unit)


@RULES.rule(
    r"(?P<lead>over\s+the\s+)?(?P<unit>decades|years|months|weeks|days|hours|minutes|seconds|centuries)(?P<long>-long)?",
    near="{unit}",
)
def _indefinite(match: re.Match[str], context: Context) -> Reading | None:
    """For "decades-long", "over the years", "in minutes"."""
    alone = not match["lead"] and not match["long"]
    if alone and not re.search(
        r"\b(?:in|for|within|just|only|after|lasting|takes?|took|been)\s$", context.before, re.I
    ):
        return None
    if alone and re.match(r"\s*(?:of|old|['’])", context.after):
        return None
    return "DURATION", duration("X", UNITS[match["unit"].lower()])


@RULES.rule(
    rf"{COUNT}\s+(?P<unit>{{unit}})\s+(?P<way>ago|earlier|later|from\s+now|hence|before(?=\s*(?:[.,;:)]|$)))",
    near="{unit}",
)
def _counted_from(match: re.Match[str], context: Context) -> Reading | None:
    """For "a week ago", "two years later"; told from the anchor, or from the last date read."""
    unit, way, count = UNITS[match["unit"].lower()], match["way"].lower(), count_of(match["count"])
    ago = way in ("ago", "from now", "hence")
    base = context.anchor if ago else first_day(context.reference)
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


@RULES.rule(
    r"(?:each|every)\s+(?:(?P<other>other|second)\s+|(?P<count>\d+|{cardinal})\s+)?(?P<unit>{unit})(?:s)?",
    r"(?:each|every)\s+(?P<weekday>{weekday})",
    near="each every",
)
def _every(match: re.Match[str], context: Context) -> Reading | None:
    """For "every two weeks" P2W, "each Monday"."""
    found = match.groupdict()
    if found.get("weekday"):
        return "SET", f"XXXX-WXX-{int(words('en', 'weekday')[found['weekday'].lower()]) + 1}"
    count = "2" if found["other"] else count_of(found["count"]) if found["count"] else "1"
    return "SET", duration(count, UNITS[found["unit"].lower()])


@RULES.rule(r"(?P<word>{frequency})", near="{frequency}")
def _frequency(match: re.Match[str], context: Context) -> Reading | None:
    """For "annual", "weekly"; not in a name ("Daily Mail", "Economist Weekly")."""
    if match["word"][0].isupper() and re.match(r"\s[A-Z]", context.after):
        return None
    return "SET", words("en", "frequency")[match["word"].lower()]
