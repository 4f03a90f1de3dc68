"""Units of measure and money beside a number: their forms in the text and their normal names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from nlp.facts.reference import Unit, load_units

NONE = "-"
"""The normal name of no unit at all."""

_SHORT = 3
"""Forms up to this length match as written: "t" and "MW" are units, "T" and "mw" are not."""
_MONEY_PLACE = r"U\.?S\.?|AU?|CA?|NZ|HK|NT|SG|Mex|R|Can|Cdn|cad|c|hk|us|u\.s|usd"
_PER_WORDS = (
    "share",
    "head",
    "person",
    "piece",
    "unit",
    "pound",
    "tonne",
    "ton",
    "barrel",
    "gallon",
    "ounce",
    "litre",
    "liter",
    "kilo",
    "bushel",
)
_NORMAL_NOUNS = {"annum": "year", "pc": "percentage", "capita": "capita"}
_POWERS = {
    "square": "square",
    "sq": "square",
    "sq.": "square",
    "cubic": "cubic",
    "cu": "cubic",
    "cu.": "cubic",
    "²": "square",
    "2": "square",
    "³": "cubic",
    "3": "cubic",
}


_RATE_OF_TIME = re.compile(r"\s+an?\s+\w+$")
_COMPARED = re.compile(r"\s+(?:ago|earlier|before|later|previously|prior)\b")


@dataclass(frozen=True, slots=True)
class UnitMatch:
    """A unit in the text: where it stands, its normal name, and what it measures."""

    start: int
    end: int
    name: str
    dimension: str


class UnitTable:
    """Finds the units of one language before and after a place in the text."""

    def __init__(self, language: str) -> None:
        self.language = language
        self._any_case: dict[str, Unit] = {}
        self._as_written: dict[str, Unit] = {}
        self._before: dict[str, Unit] = {}
        for unit in load_units():
            for form in unit.forms_en if language == "en" else (*unit.forms_vi, *_latin(unit)):
                known = (
                    self._as_written
                    if (len(form) <= _SHORT and not form.islower()) or len(form) == 1
                    else self._any_case
                )
                known.setdefault(form if known is self._as_written else _key(form), unit)
            for symbol in unit.symbols_after:
                self._as_written.setdefault(symbol, unit)
            for symbol in unit.symbols_before:
                self._before.setdefault(symbol, unit)
        self._words = _longest_first(self._any_case, re.IGNORECASE)
        self._symbols = _longest_first(self._as_written, re.NOFLAG)
        symbols = "|".join(
            re.escape(s).replace(r"\ ", r"\s?") for s in sorted(self._before, key=len, reverse=True)
        )
        self._money = re.compile(
            rf"(?:(?P<place>\b(?:{_MONEY_PLACE}))\s?\$|\$(?P<after>US|A|AU|C|CA|NZ|HK|S)|(?P<known>(?<!\w)(?:{symbols}))|\bY=)\s?$"
        )

    def lookup(self, word: str) -> Unit | None:
        """The unit that a whole word or phrase names, None for other words."""
        return self._as_written.get(word) or self._any_case.get(_key(word))

    def after(self, text: str, position: int) -> UnitMatch | None:
        """The unit that begins right at `position`, the longest one; squares and cubes are put together."""
        powered = re.compile(r"(square|sq\.?|cubic|cu\.?)\s+", re.IGNORECASE).match(text, position)
        if powered and self.language == "en":
            base = self.after(text, powered.end())
            if base and not base.name.startswith(("square", "cubic")):
                return UnitMatch(position, base.end, f"{_POWERS[powered[1].lower()]} {base.name}", "area")
        found = [m for pattern in (self._words, self._symbols) if (m := pattern.match(text, position))]
        if not found:
            return None
        best = max(found, key=lambda m: m.end())
        told = _RATE_OF_TIME.search(best.group())
        if told and _COMPARED.match(text, best.end()):  # "1.9 million tonnes a year earlier"
            shorter = self._words.match(text, position, position + told.start())
            best = shorter or best
        unit = self._as_written.get(best.group()) or self._any_case[_key(best.group())]
        end, name = best.end(), unit.name
        power = text[end : end + 1]
        if (
            unit.dimension == "length"
            and power in ("²", "³", "2", "3")
            and not text[end + 1 : end + 2].isdigit()
        ):
            return UnitMatch(
                position, end + 1, f"{_POWERS[power]} {name}", "area" if power in "²2" else "volume"
            )
        return UnitMatch(position, end, name, unit.dimension)

    def before(self, text: str, position: int) -> UnitMatch | None:
        """The sign or code of money that ends right before `position` ("US$", "£", "AUD")."""
        found = self._money.search(text, max(0, position - 8), position)
        if not found:
            return None
        place = found["place"] or found["after"]
        if place:
            unit = self._before.get(f"{_place(place)}$") or self._before["$"]
        elif found["known"]:
            unit = self._before[found["known"]] if found["known"] in self._before else self._before["$"]
        else:
            unit = self._before["¥"]
        return UnitMatch(found.start(), position, unit.name, unit.dimension)

    def rate(self, text: str, position: int) -> UnitMatch | None:
        """What the unit before `position` is told per: "per barrel", "a share", "/km", "mỗi năm"."""
        if self.language == "vi":
            return self._rate_after(text, re.compile(r"\s?/\s?|\s+(?:mỗi|trên|một)\s+").match(text, position))
        slash = re.compile(r"\s?/\s?").match(text, position)
        if slash:
            return self._rate_after(text, slash)
        link = re.compile(
            r"(?:\s|-)(per|an?|each|every)(?:\s|-)(?!(?:year|month|week|day|decade)\s(?:ago|earlier|before|later)\b)",
            re.IGNORECASE,
        ).match(text, position)
        if not link:
            return None
        per = link[1].lower() == "per"
        unit = self._rate_after(text, link)
        noun = re.compile(r"[a-z]{3,}", re.IGNORECASE).match(text, link.end())
        if unit and (
            per
            or unit.dimension in ("time", "mass", "volume")
            or (noun and noun.group().lower() in _PER_WORDS)
        ):
            return unit
        if (
            noun
            and (per or noun.group().lower() in _PER_WORDS)
            and noun.group().lower() not in ("cent", "cents")
        ):
            word = noun.group().lower()
            return UnitMatch(link.end(), noun.end(), _NORMAL_NOUNS.get(word, word), "count")
        return None

    def _rate_after(self, text: str, link: re.Match[str] | None) -> UnitMatch | None:
        return self.after(text, link.end()) if link else None


@cache
def unit_table(language: str) -> UnitTable:
    """The table of a language, made once."""
    return UnitTable(language)


def _key(form: str) -> str:
    return re.sub(r"[\s-]+", " ", form.lower())


def _latin(unit: Unit) -> tuple[str, ...]:
    """Forms that Vietnamese shares with English: short ones with no vowel, or with capitals ("km", "MW", "USD")."""
    return tuple(
        form
        for form in unit.forms_en
        if len(form) <= 4 and " " not in form and (not form.islower() or not re.search("[aeiou]", form))
    )


def _place(sign: str) -> str:
    known = {
        "us": "US",
        "u.s": "US",
        "usd": "US",
        "au": "A",
        "a": "A",
        "c": "C",
        "ca": "C",
        "can": "C",
        "cad": "C",
        "cdn": "C",
        "nz": "NZ",
        "hk": "HK",
        "nt": "NT",
        "s": "S",
        "sg": "S",
        "mex": "Mex",
        "r": "R",
    }
    return known.get(
        sign.lower().rstrip(".").replace(".", "") if sign.lower() not in ("u.s",) else "u.s", "US"
    )


def _longest_first(forms: dict[str, Unit], flags: re.RegexFlag) -> re.Pattern[str]:
    ordered = sorted(forms, key=len, reverse=True)
    body = "|".join(
        re.escape(form).replace(r"\ ", r"[\s-]+") + (r"(?!\w)" if form[-1].isalpha() else r"(?![\d\w])")
        for form in ordered
    )
    return re.compile(f"(?:{body})", flags)
