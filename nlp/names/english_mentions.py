"""Finds the mentions of an English text: names, then titles, then who is who."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date

from spacy.tokens import Doc

from db.model import UNKNOWN_COUNTRY
from nlp.facts.name_words import load_name_words
from nlp.facts.namesakes import tell_namesakes
from nlp.names.english_names import find_names
from nlp.names.findings import Finding, covering, keep_best
from nlp.names.gazetteer import build_gazetteer, slug
from nlp.names.governments import find_governments, find_ministries, mark_acting_capitals
from nlp.names.harmony import copy_acronyms, harmonise
from nlp.names.linking import PeopleLinker, nominal_people
from nlp.names.office_holders import known_family_names
from nlp.names.phrases import words_of
from nlp.names.titles import Title, TitlesByPlace, find_titles, name_after_title


class EnglishMentions:
    """The rules for English; `split` cuts a surface into words as the tokenizer does."""

    def __init__(self, split: Callable[[str], tuple[str, ...]]) -> None:
        self.gazetteer = build_gazetteer("en", split)
        self.words = load_name_words()

    def find(self, doc: Doc) -> list[Finding]:
        """The mentions in the order of the text."""
        words = words_of(doc)
        findings = find_names(doc, words, self.gazetteer, self.words)
        titles = list(find_titles(words, covering([finding for finding in findings if finding.is_known])))
        findings = self._with_titled_people(doc, findings, titles)
        findings = self._with_ministries(doc, words, findings)
        findings = harmonise(doc, findings, self.words)
        beside = TitlesByPlace(titles, words)
        countries = {finding.start: finding for finding in findings if finding.kind == "country"}
        for finding in findings:
            if finding.kind == "person" and finding.title is None:
                title = beside.of_name(finding)
                if title is not None:
                    give_title(finding, title)
            if finding.kind == "person":
                _learn_origin(finding, words, countries)
        mark_acting_capitals(doc, findings, self.words)
        tell_namesakes(words, findings, "en")
        findings = without_titles(findings, titles, words)
        linker = PeopleLinker("en", published_day(doc))
        linker.link(findings, words)
        _people_by_family_name(doc, findings, linker)
        known = known_family_names(published_day(doc))
        findings += short_names(doc, words, findings, linker.family_names() | known)
        linker.link_again([finding for finding in findings if finding.kind == "person"], words)
        findings = self._with_pairs(doc, words, findings)
        name_the_rest(doc, findings)
        copy_acronyms(doc, findings)
        findings += list(shortened_bodies(words, findings, self.words))
        findings = [*findings, *find_governments(doc, findings, self.words)]
        findings += nominal_people(doc, titles, findings)
        return sorted(findings, key=lambda f: (f.start, -f.end))

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


def short_names(
    doc: Doc, words: Sequence[str], findings: Sequence[Finding], family_names: set[str]
) -> list[Finding]:
    """Family names of the text's people where nothing else was found; no pronoun, verb or month."""
    taken = covering([finding for finding in findings if not finding.inner])
    found = []
    for place in [place for place, word in enumerate(words) if word in family_names and place not in taken]:
        token = doc[place]
        if not token.text[0].isupper():
            continue
        if token.ent_type_ in ("DATE", "TIME") and token.dep_ not in ("nsubj", "nsubjpass"):
            continue
        opens = token.is_sent_start or (
            token.i > 0
            and not doc[token.i - 1].text[0].isalnum()
            and doc[token.i - 1].text not in (",", "-", "(", "/")
        )
        following = doc[token.i + 1] if token.i + 1 < len(doc) else None
        beside = [doc[p].text for p in (token.i - 1, token.i + 1) if 0 <= p < len(doc)]
        if any(
            text[0].isupper() and text.isalpha() and text not in ("The", "But")
            for text in beside[:1]
            if not token.is_sent_start
        ):
            continue  # a part of some longer name
        if token.pos_ == "PROPN" or (not opens and token.pos_ in ("PRON", "NOUN", "ADJ", "VERB", "AUX", "X")):
            pass
        elif token.pos_ == "AUX" and following is not None and following.tag_ in ("VBD", "VBZ"):
            pass  # "May said"
        elif (
            following is not None
            and token.pos_ in ("NOUN", "ADJ", "X")
            and following.pos_ in ("VERB", "AUX", "PART")
        ):
            pass
        else:
            continue
        found.append(
            Finding(
                start=token.i,
                end=token.i + 1,
                kind="person",
                form="short",
                rule="family name of a person in the text",
            )
        )
    return found


def shortened_bodies(
    words: Sequence[str], findings: list[Finding], known: NameWords
) -> Iterator[Finding]:
    """ "The Commission", "the Fund": the body named last before it whose head word that is.

    A finding that the model made of the same words is given up for it, in place.
    """
    heads: dict[str, list[Finding]] = {}
    taken = covering([finding for finding in findings if not finding.inner])
    for finding in findings:
        if finding.kind not in ("organisation", "ministry", "company") or finding.end - finding.start < 2:
            continue
        for word in known.organisation.intersection(words[finding.start : finding.end]):
            heads.setdefault(word, []).append(finding)
    for place in [place for place, word in enumerate(words) if word in heads and place]:
        outer = taken.get(place)
        if words[place - 1] not in ("the", "The") or (
            outer is not None and not outer.entity_id.startswith("org/x-")
        ):
            continue
        following = words[place + 1 : place + 2]
        if following and (following[0][:1].isupper() or following[0] in ("of", "for", "-", "on")):
            continue
        long = next((f for f in reversed(heads[words[place]]) if f.end < place), None)
        if long is None:
            continue
        if outer is not None:
            findings.remove(outer)
        yield Finding(
            start=place, end=place + 1, kind=long.kind, form="short", entity_id=long.entity_id, name=long.name,
            country=long.country, sector=long.sector, rule="head word of a body named before", weight=50,
        )  # fmt: skip


def without_titles(findings: list[Finding], titles: Sequence[Title], words: Sequence[str]) -> list[Finding]:
    """The findings but for bodies that are only somebody's title: "X, the US Trade Representative".

    A body that a title begins in and goes beyond ("US Treasury" of "US Treasury Secretary") is none either.
    """
    held = {finding.title for finding in findings if finding.title is not None}
    spans = {
        place: t
        for t in titles
        if (t.start, t.end) in held or words[t.end - 1][:1].isupper()
        for place in range(t.start, t.end)
    }

    def is_title(finding: Finding) -> bool:
        if finding.kind not in ("ministry", "organisation", "government"):
            return False
        for place in range(finding.start, finding.end):
            title = spans.get(place)
            if title is None:
                continue
            if finding.is_known and finding.form == "metonym":
                continue
            inside = finding.start <= title.start and title.end <= finding.end
            reaches = finding.end < title.end and (
                finding.start < title.start or finding.rule.startswith("ministry of")
            ) and words[finding.end - 1].lower() not in ("ministry", "department")
            if (title.start, title.end) in held and (not finding.is_known or inside):
                return True
            if reaches:
                return True
        return False

    gone = [finding for finding in findings if is_title(finding)]
    for finding in findings:
        if finding.inner and any(g.start <= finding.start and finding.end <= g.end for g in gone):
            finding.inner = False
            finding.form = "full" if "name" in finding.clues else finding.form
    return [finding for finding in findings if not any(finding is g for g in gone)]


def published_day(doc: Doc) -> date | None:
    """The day of publication that stands on the document, if it is one."""
    try:
        return date.fromisoformat((doc._.published or "")[:10])
    except ValueError:
        return None


def _learn_origin(finding: Finding, words: Sequence[str], countries: Mapping[int, Finding]) -> None:
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


def _people_by_family_name(doc: Doc, findings: Sequence[Finding], linker: PeopleLinker) -> None:
    """A single name that the model took for a body or place is the person of the text who bears it."""
    names = linker.family_names()
    for finding in findings:
        unknown = not finding.is_known and finding.kind in ("organisation", "place", "company")
        if unknown and finding.end - finding.start == 1 and doc[finding.start].text in names:
            finding.kind, finding.form = "person", "short"


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
