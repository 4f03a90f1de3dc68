"""Finds the mentions of an English text: names, then titles, then who is who."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from spacy.tokens import Doc

from nlp.english_names import find_names
from nlp.findings import Finding, covering, keep_best
from nlp.gazetteer import build_gazetteer, slug
from nlp.linking import PeopleLinker, nominal_people
from nlp.governments import find_governments, find_ministries, mark_acting_capitals
from nlp.harmony import copy_acronyms, harmonise
from nlp.name_words import load_name_words
from nlp.phrases import words_of
from nlp.titles import Title, find_titles, name_after_title, title_of_name


class EnglishMentions:
    """The rules for English; `split` cuts a surface into words as the tokenizer does."""

    def __init__(self, split: Callable[[str], tuple[str, ...]]) -> None:
        self.gazetteer = build_gazetteer("en", split)
        self.words = load_name_words()

    def find(self, doc: Doc) -> list[Finding]:
        """The mentions in the order of the text."""
        words = words_of(doc)
        findings = find_names(doc, self.gazetteer, self.words)
        titles = list(find_titles(words, covering(findings)))
        findings = self._with_titled_people(doc, findings, titles)
        findings = self._with_ministries(doc, findings)
        findings = harmonise(doc, findings, self.words)
        for finding in findings:
            if finding.kind == "person" and finding.title is None:
                title = title_of_name(finding, titles, words)
                if title is not None:
                    _give_title(finding, title)
        mark_acting_capitals(doc, findings, self.words)
        linker = PeopleLinker("en", published_day(doc))
        linker.link(findings, words)
        _name_the_rest(doc, findings)
        copy_acronyms(doc, findings)
        findings = [*findings, *find_governments(doc, findings, self.words)]
        findings += nominal_people(doc, titles, findings, linker)
        return sorted(findings, key=lambda f: (f.start, -f.end))

    def _with_ministries(self, doc: Doc, findings: list[Finding]) -> list[Finding]:
        inner = [finding for finding in findings if finding.inner]
        outer = [finding for finding in findings if not finding.inner]
        return [*keep_best([*outer, *find_ministries(doc, findings, self.words)]), *inner]

    def _with_titled_people(self, doc: Doc, findings: list[Finding], titles: Sequence[Title]) -> list[Finding]:
        taken = covering([finding for finding in findings if not finding.inner])
        people = []
        titled = {place for title in titles for place in range(title.start, title.end)}
        # "Treasury" in "Treasury Secretary" names no body of its own.
        findings = [f for f in findings if f.is_known or f.kind == "person" or not titled.issuperset(range(f.start, f.end))]
        for title in titles:
            place = name_after_title(doc, title, taken, self.words)
            if place is None:
                continue
            finding = Finding(start=place[0], end=place[1], kind="person", rule="title", weight=95)
            _give_title(finding, title)
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


def _give_title(finding: Finding, title: Title) -> None:
    finding.role, finding.sector, finding.title = title.role, title.sector, (title.start, title.end)
    finding.former = title.former
    if title.country:
        finding.country = title.country


def _name_the_rest(doc: Doc, findings: Iterable[Finding]) -> None:
    """Names and ids of places and bodies that no table knows."""
    for finding in findings:
        if finding.entity_id:
            continue
        name = doc[finding.start : finding.end].text
        finding.name = finding.name or " ".join(name.split())
        prefix = "place/" if finding.kind == "place" else "org/x-"
        finding.entity_id = prefix + slug(name)
