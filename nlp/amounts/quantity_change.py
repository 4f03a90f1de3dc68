"""How a figure is meant: exactly, about, as a bound, or as a rise or fall; told by the words around it."""

from __future__ import annotations

import re
from functools import cache

from db.model import Change
from nlp.amounts.quantity_words import Kind, alternation

Patterns = tuple[tuple[Change, re.Pattern[str]], ...]

_AFTER: Patterns = (
    (
        ">",
        re.compile(
            r"\s*(?:or\s+(?:more|higher|above|over|older)|and\s+(?:above|over|up|older)|plus\b|\+)", re.I
        ),
    ),
    ("<", re.compile(r"\s*(?:or\s+(?:less|fewer|lower|under|below|younger)|and\s+(?:below|under))\b", re.I)),
    ("~", re.compile(r"\s*(?:or\s+(?:so|thereabouts)|approximately)\b", re.I)),
)
_MOVING: tuple[tuple[Kind, Kind], ...] = (("up", "moved_up"), ("down", "moved_down"))
_COMPARED = {"en": ("no", "not"), "vi": ("thấp", "cao", "ít", "nhiều", "lớn", "nhỏ", "không")}
"""Words that make "more than" no bound: "no more than"; "thấp hơn mức 6 triệu tấn" compares with the six million."""
_WINDOW = 45
_CLAUSE_END = re.compile(r"[.;:!?\n]\s")
_TIME = re.compile(r"(?:decade|year|month|week|day|hour)s?$", re.I)
_DURING = re.compile(r"(?<!\bfor )(?<!\bin )(?<!\bjust )(?<!\bwell )\bover\s*$", re.I)
"""For "spend it over three years": there "over" is "during", as "for over three years" is not."""


_WENT_UP_TO = re.compile(
    r"\b(?:edged|inched|crept|ticked|went|moved|nudged|picked|came|shot)\s+up\s+to\s*$", re.I
)
"""For "edged up to 4.3 percent" is no bound, as "up to 4.3 percent" is."""


def change_of(text: str, start: int, end: int, language: str) -> Change:
    """How the figure at characters start to end is meant; "=" when nothing says otherwise.

    A bound from below ("climbed more than 3%") outranks the direction; a direction outranks "about".
    """
    before = _CLAUSE_END.split(text[max(0, start - _WINDOW) : start])[-1]
    if language == "vi":
        return next((change for change, pattern in _vietnamese() if pattern.search(before)), "=")
    moved = _moved_by().search(before) if before.rstrip()[-2:].lower() == "by" else None
    if moved:
        return "up" if moved["up"] else "down"
    if _TIME.search(text[start:end]) and _DURING.search(before):
        return "="
    for change, pattern in _english():
        if pattern.search(before) and not (change == "<" and _WENT_UP_TO.search(before)):
            return change
    if re.match(r"\S+\s+more\s", text[start:end]):
        return ">"
    return next((change for change, pattern in _AFTER if pattern.match(text, end)), "=")


@cache
def _english() -> Patterns:
    up, down, filler = (alternation("en", kind) for kind in ("up", "down", "filler"))
    before_up = "".join(rf"(?<!{word} )" for word in ("gave", "give", "giving"))
    return (
        (">", _bound("en", "more", r"(?:\s+(?:an?|the|just|another))?\s*[({\[]?")),
        ("up", re.compile(rf"\b{before_up}(?:{up})(?:\s+(?:{filler}))*\s*$", re.I)),
        ("down", re.compile(rf"\b(?:{down})(?:\s+(?:{filler}))*\s*$", re.I)),
        ("<", _bound("en", "less", r"(?:\s+(?:an?|the|just))?\s*")),
        ("~", _bound("en", "about", r"(?:\s+(?:an?|the|just|another))?\s*")),
    )


@cache
def _moved_by() -> re.Pattern[str]:
    """For "grew sales by 35%": the verb of change stands before its object."""
    up, down = (f"{alternation('en', kind)}|{alternation('en', own)}" for kind, own in _MOVING)
    return re.compile(
        rf"\b(?:(?P<up>{up})|(?:{down}))\s+(?:(?:its|their|the|his)\s+)?(?:[a-z]+\s+){{1,3}}by\s*$", re.I
    )


@cache
def _vietnamese() -> Patterns:
    filler = alternation("vi", "filler")
    level = r"(?:\s+(?:mức|mốc|ngưỡng|là))?\s*"
    return (
        ("up", re.compile(rf"(?<!\w)(?:{alternation('vi', 'up')})(?:\s+(?:{filler}))*\s*$", re.I)),
        ("down", re.compile(rf"(?<!\w)(?:{alternation('vi', 'down')})(?:\s+(?:{filler}))*\s*$", re.I)),
        (">", _bound("vi", "more", level)),
        ("~", _bound("vi", "about", level)),
        ("<", _bound("vi", "less", level)),
    )


def _bound(language: str, kind: Kind, tail: str) -> re.Pattern[str]:
    denied = "".join(rf"(?<!\b{word} )" for word in _COMPARED[language]) if kind == "more" else ""
    return re.compile(rf"(?<!\w){denied}(?:{alternation(language, kind)}){tail}$", re.I)
