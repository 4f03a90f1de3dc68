"""What every government has, by its phrase and a country: "China's commerce ministry", "Bộ Công Thương Việt Nam"."""

from __future__ import annotations

from functools import cache

from db.model import Kind
from nlp.facts.own_actors import known_organisations
from nlp.facts.reference import load_countries, load_ministries
from nlp.names.gazetteer import country_names
from nlp.names.phrases import PhraseTable

_KINDS: dict[str, Kind] = {
    "central-bank": "organisation",
    "statistics": "organisation",
    "parliament": "organisation",
    "supreme-court": "organisation",
}


@cache
def ministry_table(language: str) -> PhraseTable[str]:
    """Phrases for ministries and offices with their portfolio; without the government as a whole."""
    table: PhraseTable[str] = PhraseTable(fold=language == "en")
    for row in load_ministries():
        if row.portfolio == "government":
            continue
        for phrase in row.names_en if language == "en" else row.names_vi:
            table.add(phrase.replace(",", " ,").replace("'s", " 's").split(), row.portfolio)
    return table


def office_kind(portfolio: str) -> Kind:
    """The kind of mention that an office of this portfolio is."""
    return _KINDS.get(portfolio, "ministry")


def ministry_of(country: str, portfolio: str, phrase: str) -> tuple[str, str]:
    """Id and English name of a country's ministry: the registered one of that phrase, else a generic one."""
    by_phrase, by_portfolio = _registered()
    known = by_phrase.get((country, phrase.casefold())) or by_portfolio.get((country, portfolio))
    if known:
        return known
    words = portfolio.replace("-", " ")
    noun = (
        words.capitalize()
        if office_kind(portfolio) != "ministry" or portfolio in _NO_MINISTRY
        else f"{words.capitalize()} ministry"
    )
    return (
        f"org/{country.lower()}-{portfolio}{'' if noun == words.capitalize() else '-ministry'}",
        f"{noun} of {country_names().get(country, country)}",
    )


_NO_MINISTRY = frozenset(
    {
        "armed-forces",
        "customs",
        "embassy",
        "intelligence",
        "presidency",
        "prime-ministers-office",
        "trade-remedies",
        "food-safety",
    }
)

Known = dict[tuple[str, str], tuple[str, str]]


@cache
def _registered() -> tuple[Known, Known]:
    """Every registered ministry by country and phrase (its country's own words taken off), and by portfolio."""
    own = {row.code: [row.name, *row.names_en, *row.adjectives_en] for row in load_countries()}
    by_phrase: Known = {}
    by_portfolio: Known = {}
    for row in known_organisations():
        if row.kind not in ("ministry", "organisation"):
            continue
        for phrase in (row.name, *row.names_en):
            core = _without_country(phrase, own.get(row.country, []))
            by_phrase.setdefault((row.country, core.casefold()), (f"org/{row.id}", row.name))
            found = ministry_table("en").at(core.split(), 0)
            if found and found[0] == len(core.split()) and core != phrase:
                by_portfolio.setdefault((row.country, found[1][0]), (f"org/{row.id}", row.name))
    return by_phrase, by_portfolio


def _without_country(phrase: str, words: list[str]) -> str:
    for word in words:
        for cut in (f"{word}'s ", f"{word} "):
            phrase = phrase.removeprefix(cut)
        for cut in (f" of the {word}", f" of {word}", f" {word}"):
            phrase = phrase.removesuffix(cut)
    return phrase
