"""Finds the mentions of an English text: names, then titles, then who is who."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

from spacy.tokens import Doc

from db.model import UNKNOWN_COUNTRY
from nlp.facts.name_words import load_name_words
from nlp.facts.namesakes import tell_namesakes
from nlp.names.congresses import settle_congresses
from nlp.names.english_names import find_names
from nlp.names.findings import Finding, covering, keep_best
from nlp.names.gazetteer import build_gazetteer, slug
from nlp.names.governments import find_governments, find_ministries, mark_acting_capitals
from nlp.names.harmony import copy_acronyms, harmonise
from nlp.names.linking import PeopleLinker, nominal_people
from nlp.names.ministries import ministry_of, ministry_table
from nlp.names.office_holders import known_family_names
from nlp.names.offices import unnamed_holders
from nlp.names.phrases import words_of
from nlp.names.short_forms import short_names, shortened_bodies, with_particles
from nlp.names.title_bodies import names_money, without_titles
from nlp.names.titles import (
    Title,
    TitlesByPlace,
    find_counterparts,
    find_titles,
    name_after_title,
    share_office,
)


class EnglishMentions:
    """The rules for English; `split` cuts a surface into words as the tokenizer does."""

    def __init__(self, split: Callable[[str], tuple[str, ...]]) -> None:
        self.gazetteer = build_gazetteer("en", split)
        self.words = load_name_words()

    def find(self, doc: Doc) -> list[Finding]:
        """The mentions in the order of the text."""
        words = words_of(doc)
        findings = settle_congresses(doc, find_names(doc, words, self.gazetteer, self.words), self.words)
        self._at_home(words, findings)
        tell_namesakes(words, findings, "en")  # before a title takes its country from the wrong Georgia
        known = covering([finding for finding in findings if finding.is_known])
        titles = sorted(
            [*find_titles(words, known), *find_counterparts(words, known)], key=lambda title: title.start
        )
        findings = self._with_titled_people(doc, findings, titles)
        findings = self._with_ministries(doc, words, findings)
        findings = harmonise(doc, findings, self.words)
        beside = TitlesByPlace(titles, words)
        countries = {finding.start: finding for finding in findings if finding.kind == "country"}
        held = {finding.title for finding in findings if finding.title is not None}
        for finding in findings:
            if finding.kind == "person" and finding.title is None:
                title = beside.of_name(finding, held)
                if title is not None:
                    give_title(finding, title)
            if finding.kind == "person":
                learn_origin(finding, words, countries)
                learn_nationality(doc, finding, countries)
        share_office(findings, words)
        mark_acting_capitals(doc, findings, self.words)
        tell_namesakes(words, findings, "en")
        findings = without_titles(findings, titles, words)
        findings = [finding for finding in findings if not names_money(finding, words)]
        linker = PeopleLinker("en", published_day(doc))
        linker.link(findings, words)
        holders = known_family_names(published_day(doc))
        _people_by_family_name(doc, findings, linker.family_names(), holders)
        findings += short_names(doc, words, findings, linker.family_names() | holders)
        for finding in findings:
            if finding.kind == "person" and finding.end - finding.start == 1:
                finding.start = with_particles(words, finding.start, linker.family_names())
        linker.link_again([finding for finding in findings if finding.kind == "person"], words)
        findings = self._with_pairs(doc, words, findings)
        name_the_rest(doc, findings)
        copy_acronyms(doc, findings)
        findings += list(shortened_bodies(words, findings, self.words))
        findings = [*findings, *find_governments(doc, findings, self.words)]
        findings += nominal_people(doc, titles, findings)
        findings += list(unnamed_holders(words, titles, findings))
        return sorted(findings, key=lambda f: (f.start, -f.end))

    def _at_home(self, words: Sequence[str], findings: Sequence[Finding]) -> None:
        """A body that each country has belongs to the one named before it: "Chile's Congress"; in place."""
        countries = {f.end: f for f in findings if f.kind == "country"}
        for finding in findings:
            if finding.kind not in ("organisation", "ministry") or not finding.is_known:
                continue
            found = ministry_table("en").at(words, finding.start)
            before = finding.start - (words[finding.start - 1 : finding.start] == ["'s"])
            owner = countries.get(before)
            if owner is None or found is None or found[0] != finding.end or owner.country == finding.country:
                continue
            surface = " ".join(words[finding.start : finding.end])
            finding.entity_id, finding.name = ministry_of(owner.country, found[1][0], surface)
            finding.country, finding.rule = owner.country, f"{finding.rule}; of the country before"

    def _with_pairs(self, doc: Doc, words: Sequence[str], findings: list[Finding]) -> list[Finding]:
        """Both countries of a word like "U.S.-China", which the tokenizer leaves whole."""
        pairs: dict[int, list[Finding]] = {}
        for token in [doc[place] for place, word in enumerate(words) if "-" in word[1:-1]]:
            offset, found = 0, []
            for part in token.text.split("-"):
                match = self.gazetteer.at([part], 0) if part else None
                entry = match[1][0] if match else None
                if (
                    entry is not None
                    and entry.use in ("name", "adjective")
                    and entry.kind in ("country", "bloc")
                ):
                    found.append(
                        Finding(
                            start=token.i, end=token.i + 1, kind=entry.kind, entity_id=entry.entity_id, name=entry.name,
                            form="adjective" if entry.use == "adjective" else "full", country=entry.country,
                            rule="known in a joined word", chars=(offset, offset + len(part)),
                        )
                    )  # fmt: skip
                offset += len(part) + 1
            if found:
                pairs[token.i] = found
        kept = [
            f for f in findings if not any(f.start <= place < f.end for place in pairs) or f.end - f.start > 1
        ]
        return [*kept, *(finding for found in pairs.values() for finding in found)]

    def _with_ministries(self, doc: Doc, words: Sequence[str], findings: list[Finding]) -> list[Finding]:
        inner = [finding for finding in findings if finding.inner]
        outer = [finding for finding in findings if not finding.inner]
        return [*keep_best([*outer, *find_ministries(doc, words, findings, self.words)]), *inner]

    def _with_titled_people(
        self, doc: Doc, findings: list[Finding], titles: Sequence[Title]
    ) -> list[Finding]:
        taken = covering([finding for finding in findings if not finding.inner])
        people = []
        titled = {place for title in titles for place in range(title.start, title.end)}
        # "Treasury" in "Treasury Secretary" names no body of its own.
        findings = [
            f
            for f in findings
            if f.is_known or f.kind == "person" or not titled.issuperset(range(f.start, f.end))
        ]
        for title in titles:
            place = name_after_title(doc, title, taken, self.words)
            if place is None:
                continue
            finding = Finding(start=place[0], end=place[1], kind="person", rule="title", weight=95)
            give_title(finding, title)
            people.append(finding)
        outer = keep_best([*people, *(finding for finding in findings if not finding.inner)])
        inner = [finding for finding in findings if finding.inner]
        return [*outer, *inner]


def published_day(doc: Doc) -> date | None:
    """The day of publication that stands on the document, if it is one."""
    try:
        return date.fromisoformat((doc._.published or "")[:10])
    except ValueError:
        return None


def learn_origin(finding: Finding, words: Sequence[str], countries: Mapping[int, Finding]) -> None:
    """The country after a name ("Lerato Moagi of Botswana"), or the one spoken of before a title without any."""
    if finding.country != UNKNOWN_COUNTRY:
        return
    place = finding.end + 1 if words[finding.end : finding.end + 1] == ["of"] else 0
    if place in countries and place:
        finding.country = countries[place].country
    elif finding.title is not None and finding.sector == "GOV":
        start = finding.title[0]
        for before in range(start - 1, max(-1, start - 30), -1):
            if before in countries and countries[before].kind == "country":
                finding.rule += "; country named before"
                finding.origin = countries[before].country
                return


_DESCRIBING = frozenset({"NOUN", "ADJ", "PROPN", "PUNCT", "PART"})


def learn_nationality(doc: Doc, finding: Finding, countries: Mapping[int, Finding]) -> None:
    """The country that describes a person: "Spanish novelist Gabriel García", "Chile's Elena Rojas"."""
    if finding.country != UNKNOWN_COUNTRY or finding.start == 0:
        return
    name = range(finding.start, finding.end)
    place = finding.start - 1
    while place >= 0 and finding.start - place < 6 and doc[place].pos_ in _DESCRIBING:
        token = doc[place]
        if token.pos_ == "PART" and finding.start - place > 1:
            place -= 1  # "French farmers' leader"
            continue
        if place in countries or (token.pos_ == "PUNCT" and token.text != "-") or token.text[0].isupper():
            break
        described = (
            token.dep_ in ("compound", "amod", "nmod", "appos", "punct", "poss") and token.head.i >= place
        )
        if not described and not any(doc[i].head == token for i in name):
            return
        place -= 1
    if place >= 0 and doc[place].text in ("'s", "’s") and finding.start - place < 3:
        place -= 1
    origin = next((f for f in countries.values() if f.start <= place < f.end), None)
    if origin is None or origin.kind not in ("country", "bloc"):
        return
    owner = doc[place + 1].text in ("'s", "’s") if place + 1 < len(doc) else False
    if owner or origin.form == "adjective":
        finding.country, finding.rule = origin.country, finding.rule + "; nationality"


def _people_by_family_name(
    doc: Doc, findings: Sequence[Finding], names: set[str], holders: set[str] | frozenset[str]
) -> None:
    """A single name that the model took for a body or place is the person who bears it, in place.

    That is somebody of the text, or the holder of an office who acts ("Trump threatens Spain"; not "Trump Tower").
    """
    for finding in findings:
        unknown = not finding.is_known and finding.kind in ("organisation", "place", "company")
        if not unknown or finding.end - finding.start != 1:
            continue
        token = doc[finding.start]
        acts = token.dep_ in _ACTING or (token.dep_ == "pobj" and token.head.lower_ in _MEETING)
        if token.text in names or (token.text in holders and acts):
            finding.kind, finding.form = "person", "short"


_ACTING = frozenset({"nsubj", "nsubjpass", "poss", "conj", "dobj"})
_MEETING = frozenset({"with", "by", "on", "to", "from"})


def give_title(finding: Finding, title: Title) -> None:
    """Note on a name what the title beside it says."""
    finding.role, finding.sector, finding.title = title.role, title.sector, (title.start, title.end)
    finding.former = title.former
    if title.country:
        finding.country = title.country


def name_the_rest(doc: Doc, findings: Iterable[Finding]) -> None:
    """Names and ids of places and bodies that no table knows."""
    for finding in findings:
        if finding.entity_id:
            continue
        name = doc[finding.start : finding.end].text
        finding.name = finding.name or " ".join(name.split())
        prefix = "place/" if finding.kind == "place" else "org/x-"
        finding.entity_id = prefix + slug(name)
