"""Reads titles beside names: "Japanese Finance Minister Katsunobu Kato", "He Lifeng, China's vice premier"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from spacy.tokens import Doc

from nlp.facts.name_words import NameWords, load_name_words
from nlp.facts.registry import Role, load_roles
from nlp.names.findings import Finding
from nlp.names.phrases import PhraseTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A title in the text (word offsets): its role, the country that words or role give, whether it is over."""

    start: int
    end: int
    role: str | None
    """None where words and role disagree about the country: "the EU's trade chief"."""
    sector: str
    country: str | None
    former: bool = False
    bare: bool = False
    """Whether no word beside it says of which country."""


@cache
def title_table(language: str) -> PhraseTable[Role]:
    """Every title of the registry's roles; case does not matter."""
    table: PhraseTable[Role] = PhraseTable(fold=True)
    for role in load_roles():
        for title in role.titles[language]:
            spaced = title.replace("'s", " 's").replace(",", " ,")
            table.add(spaced.replace("-", " - ").split(), role)
            table.add(spaced.split(), role)
    return table


def find_titles(
    words: Sequence[str], countries: Mapping[int, Finding], language: str = "en"
) -> Iterator[Title]:
    """The titles in the text with the country of the adjective, name or body beside each.

    `countries` gives for a word the finding of a country, bloc or organisation that it belongs to.
    """
    for start, end, roles in title_table(language).find(words):
        role = roles[0]
        first, former = _modifiers(words, _portfolio_start(words, countries, start, end))
        country = _country_in(countries, start, end) or _country_before(words, countries, first)
        after = _country_after(words, countries, end)
        if (
            first == start
            and country is None
            and after is None
            and words[start] in ("general", "chair", "fellow")
        ):
            continue  # "general prices", "chair of the school": no office
        yield Title(
            start=min(start, first)
            if words[first][:1].isupper() and words[first].lower() not in load_name_words().title_modifiers
            else start,
            end=end,
            role=role.role if (country or after) in (None, role.country) or role.country is None else None,
            sector=role.sector,
            country=country or after or role.country,
            former=former,
            bare=country is None and after is None,
        )


def _portfolio_start(words: Sequence[str], countries: Mapping[int, Finding], start: int, end: int) -> int:
    """Where a longer portfolio begins: "Investment" of "Investment, Trade and Industry Minister"."""
    if not (
        words[start][0].isupper() and words[end - 1].lower() in ("minister", "secretary", "commissioner")
    ):
        return start
    while start > 1:
        joined = (
            words[start - 1] in (",", "and", "&")
            and words[start - 2][:1].isupper()
            and start - 2 not in countries
        )
        if joined:
            start -= 2
        elif (
            words[start - 1][:1].isupper()
            and start - 1 not in countries
            and words[start - 1] not in ("The", "And", "But", "In")
        ):
            start -= 1
        else:
            break
    return start


def _modifiers(words: Sequence[str], start: int) -> tuple[int, bool]:
    """Where the modifiers before a title begin, and whether one says that the office is over."""
    former = False
    while start > 0 and words[start - 1].lower() in load_name_words().title_modifiers:
        start -= 1
        former = former or words[start].lower() in load_name_words().former
    return start, former


def _country_in(countries: Mapping[int, Finding], start: int, end: int) -> str | None:
    for place in range(start, end):
        if place in countries and countries[place].kind in ("country", "bloc"):
            return countries[place].country
    return None


def _country_before(words: Sequence[str], countries: Mapping[int, Finding], place: int) -> str | None:
    place -= 1
    if place >= 0 and words[place] in ("'s", "'"):
        place -= 1
    for _ in range(3):  # "Japan's ruling party leader" is too far; "US Democratic Senator" is not
        if place < 0:
            return None
        found = countries.get(place)
        if found is not None:
            return found.country if found.country not in ("---", "IGO") else None
        if not words[place][0].isupper() or words[place] in ("The", "In", "A"):
            return None
        place -= 1
    return None


def _country_after(words: Sequence[str], countries: Mapping[int, Finding], place: int) -> str | None:
    """Of "president of the Republic of Korea" or "minister for trade of Japan" the country."""
    if place < len(words) and words[place] in ("of", "for"):
        for ahead in range(place + 1, min(place + 4, len(words))):
            if ahead in countries:
                return countries[ahead].country if countries[ahead].country not in ("---", "IGO") else None
            if words[ahead] != "the":
                return None
    return None


def name_after_title(
    doc: Doc, title: Title, taken: Mapping[int, Finding], words: NameWords
) -> tuple[int, int] | None:
    """The name right after a title: "Vice Premier He Lifeng", also after a comma: "its president, Ann Lee"."""
    start = title.end
    if _inside_person(doc, title):
        return None
    if (
        start < len(doc)
        and doc[start].text == ","
        and start + 1 < len(doc)
        and doc[start + 1].ent_type_ == "PERSON"
    ):
        start += 1
    start = _past_body(doc, start, title, taken) or start
    while start < len(doc) and doc[start].text in words.honorifics:
        start += 1
    end = _name_end(doc, start, taken, words)
    if end == start or _belongs_to_body(doc, title, start, taken):
        return None
    return start, end


def _past_body(doc: Doc, start: int, title: Title, taken: Mapping[int, Finding]) -> int | None:
    """Where the name begins behind what the title is of: "Mayor of London Sadiq Khan"."""
    place = start
    if place < len(doc) and doc[place].text in ("of", "for", "at", "in"):
        place += 1
        if place < len(doc) and doc[place].lower_ == "the":
            place += 1
        body = taken.get(place)
        if body is None or body.kind == "person" or body.start != place:
            return None
        place = body.end
        if place + 1 < len(doc) and doc[place].text == ",":
            place += 1
    elif doc[title.start].text[0].isupper() and place < len(doc) and doc[place].text in ("and", "&", ","):
        while (
            place + 1 < len(doc)
            and place - start < 6
            and doc[place].ent_type_ != "PERSON"
            and (doc[place].text in ("and", "&", ",") or doc[place].text[0].isupper())
        ):
            place += 1
    else:
        return None
    known = taken.get(place)
    named = (
        place < len(doc) and place > start and doc[place].ent_type_ == "PERSON" and doc[place].ent_iob_ == "B"
    )
    return place if named or (known is not None and known.kind == "person" and known.start == place) else None


def _inside_person(doc: Doc, title: Title) -> bool:
    """Whether the title's words are a name's own: "LeRoy Pope Walker"."""
    first = doc[title.start]
    return first.ent_type_ == "PERSON" and first.ent_iob_ == "I" and first.text[0].isupper()


def _name_end(doc: Doc, start: int, taken: Mapping[int, Finding], words: NameWords) -> int:
    known = taken.get(start)
    if known is not None and known.kind == "person":
        return known.end
    place = start
    while place < len(doc) and place - start < 5:
        token = doc[place]
        found = taken.get(place)
        if found is not None and (found.kind not in ("person",) and found.is_known):
            break
        heads = words.organisation | words.party | words.company
        if (
            token.text[0].isupper()
            and token.text.replace(".", "").isalpha()
            and token.text not in words.not_names - {"He"}
            and token.text not in words.event
            and (token.text not in heads or place == start == len(doc) - 1)
        ):
            if place > start and token.pos_ not in ("PROPN",):
                break
        elif (
            token.text in words.particles
            and place > start
            and place + 1 < len(doc)
            and doc[place + 1].text[0].isupper()
            and token.text not in ("of", "y", "e", "i", "la")
        ):
            pass
        elif (
            token.text in ("-", "‐")
            and place > start
            and not doc[place - 1].whitespace_
            and not token.whitespace_
            and place + 1 < len(doc)
            and doc[place + 1].text[0].isalpha()
        ):
            place += 1  # "Han Duck-soo": the part after the hyphen may be small
        else:
            break
        place += 1
    heads = words.organisation | words.party | words.company | words.place
    if place < len(doc) and place > start and doc[place].text in heads:
        return start  # "President Hotel" names no person
    return place


def _belongs_to_body(doc: Doc, title: Title, start: int, taken: Mapping[int, Finding]) -> bool:
    """Whether title and name are one body's name: "General Motors"."""
    found = taken.get(start)
    return found is not None and found.kind not in ("person",) and found.start <= title.end - 1 < found.end


def find_counterparts(words: Sequence[str], countries: Mapping[int, Finding]) -> Iterator[Title]:
    """ "his Ukrainian counterpart Taras Vysotskyi": somebody in the office of the person named before."""
    for place, word in enumerate(words):
        following = words[place + 1 : place + 2]
        if word == "counterpart" and following and following[0][:1].isupper():
            country = _country_before(words, countries, place)
            yield Title(
                start=place, end=place + 1, role=None, sector="GOV", country=country, bare=country is None
            )


def share_office(findings: Sequence[Finding], words: Sequence[str]) -> None:
    """Give a counterpart the role of the person named last before, in place."""
    people = sorted((f for f in findings if f.kind == "person"), key=lambda f: f.start)
    for before, finding in pairwise(people):
        title = finding.title
        if finding.role is None and title is not None and words[title[0]] == "counterpart":
            finding.role, finding.sector = before.role, before.sector


class TitlesByPlace:
    """Looks up the title beside a name without walking all titles of a long text."""

    def __init__(self, titles: Sequence[Title], words: Sequence[str]) -> None:
        self.words = words
        self.by_end = {title.end: title for title in reversed(titles)}
        self.by_start = {title.start: title for title in reversed(titles)}

    def of_name(self, name: Finding, held: set[tuple[int, int]]) -> Title | None:
        """The title before a name, or after it and a comma ("X, the minister of ...").

        Those `held` by the name behind them are not told of the name before: "Kim, President Lee's adviser".
        """
        for end in range(name.start, max(-1, name.start - 3), -1):
            if end < name.start and self.words[end] not in _BETWEEN:
                break
            if end in self.by_end:
                return self.by_end[end]
        if self.words[name.end : name.end + 1] != [","]:
            return None
        for start in range(name.end + 1, min(name.end + 8, len(self.words))):
            if start in self.by_start:
                title = self.by_start[start]
                return None if (title.start, title.end) in held else title
            if self.words[start] in _APART:
                return None
        return None


_BETWEEN = frozenset({",", "Mr.", "Mr", "Ms.", "Ms", "Mrs", "Mrs.", "Dr", "Dr.", "Sir"})
_APART = frozenset({",", ".", ";", "(", "and", "who", "said", "\n"})
