"""Finds the mentions of a Vietnamese text by rules on its syllables; no parser and no model is needed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache

from spacy.tokens import Doc

from db.model import Form, Kind
from nlp.facts.namesakes import tell_namesakes
from nlp.facts.reference import load_ministries
from nlp.names.english_mentions import give_title, learn_origin, name_the_rest, published_day
from nlp.names.findings import Finding, covering, keep_best
from nlp.names.gazetteer import Entry, build_gazetteer, country_inside
from nlp.names.governments import acting_id
from nlp.names.harmony import copy_acronyms
from nlp.names.linking import PeopleLinker
from nlp.names.ministries import ministry_of, ministry_table, office_kind
from nlp.names.offices import unnamed_holders
from nlp.names.phrases import PhraseTable, words_of
from nlp.names.title_bodies import without_titles
from nlp.names.titles import Title, title_table
from nlp.names.vietnamese_governments import find_governments, mark_acting
from nlp.names.vietnamese_names import name_end, names_again, past_portfolio, starts_sentence
from nlp.names.vietnamese_people import (
    give_title_after,
    honoured_people,
    learn_homeland,
    surnamed_people,
)
from nlp.names.vietnamese_words import load_vietnamese_words

_BODY_KINDS: tuple[Kind, ...] = ("company", "organisation", "party", "place")


_COMPANY_ENDS = frozenset({"ty", "đoàn", "hãng", "tnhh"})
_ANY_PORTFOLIO = frozenset({"Minister", "Vice Minister"})
"""Roles whose title stands before a portfolio that roles.csv may not know."""


@cache
def _portfolios() -> PhraseTable[str]:
    """What ministries are for, as it stands behind "Thứ trưởng": "Công Thương" of "Bộ Công Thương"."""
    table: PhraseTable[str] = PhraseTable()
    for row in load_ministries():
        for name in row.names_vi:
            if name.startswith("Bộ "):
                table.add(name.removeprefix("Bộ ").replace(",", " ,").split(), row.portfolio)
    return table


_INITIAL = re.compile(r"[A-Z]\.")
_CHAIRED = frozenset({"CHN", "VNM", "LAO", "CUB", "PRK"})
"""Countries whose head of state is called "Chủ tịch", which elsewhere is the chair of a body."""


def _only_chair(findings: Sequence[Finding], words: Sequence[str]) -> None:
    """ "Chủ tịch Martin Schlegel" is no president of Switzerland; in place."""
    for finding in findings:
        if finding.kind != "person" or finding.title is None or finding.role != "President":
            continue
        start = finding.title[0]
        bare = [word.lower() for word in words[start : start + 3]][:2] == ["chủ", "tịch"]
        if bare and words[start + 2 : start + 3] != ["nước"] and finding.country not in _CHAIRED:
            finding.role = None


class VietnameseMentions:
    """The rules for Vietnamese; `split` cuts a surface into words as the tokenizer does."""

    def __init__(self, split: Callable[[str], Iterable[str]]) -> None:
        self.gazetteer = build_gazetteer("vi", split)
        self.words = load_vietnamese_words()
        self._inside: tuple[list[str], frozenset[str]] = ([], frozenset())

    def find(self, doc: Doc) -> list[Finding]:
        """The mentions in the order of the text."""
        words = words_of(doc)
        known = list(self._known(doc, words))
        known += self._ministries(words, covering(known))
        taken = covering(keep_best(known))
        inner = [finding for finding in known if finding.inner and finding not in taken.values()]
        titles = list(self._titles(words, taken))
        people = [
            *self._titled(doc, words, titles, taken),
            *honoured_people(self.words, words, titles, taken),
            *surnamed_people(self.words, words, taken),
        ]
        titled = {title.start for title in titles}
        bodies = [body for body in self._bodies(words, taken) if body.end - 1 not in titled]
        findings = keep_best([*known, *people, *bodies])
        taken = covering(findings)
        findings += [finding for finding in inner if taken.get(finding.start) is not finding]
        findings += names_again(words, findings)
        by_start = {title.start: title for title in titles}
        for finding in findings:
            if finding.kind == "person" and not finding.title:
                give_title_after(self.words, finding, by_start, words)
        countries = {finding.start: finding for finding in findings if finding.kind == "country"}
        for finding in findings:
            if finding.kind == "person":
                learn_origin(finding, words, countries)
                learn_homeland(self.words, finding, words)
        mark_acting(self.words, words, findings)
        tell_namesakes(words, findings, "vi")
        findings = without_titles(findings, titles, words)
        findings = [
            f for f in findings if f.kind != "country" or words[f.start - 2 : f.start] != ["đô", "la"]
        ]
        PeopleLinker("vi", published_day(doc)).link(findings, words)
        _only_chair(findings, words)
        name_the_rest(doc, findings)
        copy_acronyms(doc, findings)
        findings += find_governments(self.words, words, findings)
        findings += list(unnamed_holders(words, titles, findings))
        return sorted(findings, key=lambda f: (f.start, -f.end))

    def _known(self, doc: Doc, words: list[str]) -> Iterator[Finding]:
        matches = list(self.gazetteer.find(words))
        starts = {start: entries for start, _, entries in matches}
        ends = {end: entries for _, end, entries in matches}
        for start, end, entries in matches:
            entry = self._choose(doc, words, start, end, entries, starts, ends)
            initial = start > 0 and _INITIAL.fullmatch(words[start - 1])
            if entry is None or (entry.kind == "company" and initial):
                continue  # the "Ford" of "Gerald R. Ford"
            if entry.kind not in ("country", "person", "place"):
                inside = country_inside(words, start, end, self.gazetteer)
                if inside is not None:
                    if entry.use == "government":  # find_governments reads "Chính phủ Trung Quốc"
                        inside.form, inside.inner, inside.weight = "full", False, 60
                    yield inside
                    if entry.use == "government":
                        continue
            forms: dict[str, Form] = {"government": "nominal", "seat": "metonym", "pair": "short"}
            yield Finding(
                start=start, end=end, kind=entry.kind, form=forms.get(entry.use, "full"),
                entity_id=entry.entity_id, name=entry.name, country=entry.country, sector=entry.sector,
                rule=f"known {entry.use}", weight=60, clues={entry.use}, acting=acting_id(entries),
            )  # fmt: skip

    def _choose(
        self, doc: Doc, words: list[str], start: int, end: int, entries: Sequence[Entry],
        starts: Mapping[int, list[Entry]], ends: Mapping[int, list[Entry]],
    ) -> Entry | None:  # fmt: skip
        """The entry that fits here: a pair form beside another country, an ambiguous one where it is no other word."""
        for entry in entries:
            if entry.use == "pair":
                beside = [*starts.get(end + 1, ()), *ends.get(start - 1, ())]
                dashes = words[end : end + 1] + words[start - 1 : start] if start else words[end : end + 1]
                if any(word in ("-", "–", "/") for word in dashes) and any(
                    e.kind == "country" for e in beside
                ):
                    return entry
            elif not entry.ambiguous or self._is_unmistaken(doc, words, start, end):
                return entry
        return None

    def _is_unmistaken(self, doc: Doc, words: list[str], start: int, end: int) -> bool:
        """Whether an ambiguous name is no common word and no part of a person's name."""
        if self.words.after(words, end, "common_next"):
            return False
        if end - start == 1 and starts_sentence(doc, start):
            if self.words.after(words, start, "pronouns") is None:
                return True
            # "Anh nói" is "he said", unless the text names the country elsewhere.
            return words[start] in self._within_sentences(doc, words)
        before = words[start - 1] if start else ""
        part_of_name = before[:1].isupper() and before.isalpha() and not starts_sentence(doc, start - 1)
        return not part_of_name or self._ends_title(words, start)

    def _within_sentences(self, doc: Doc, words: list[str]) -> frozenset[str]:
        """The words with a capital letter that stand within sentences; kept for the document at hand."""
        if self._inside[0] is not words:
            inside = {
                w for place, w in enumerate(words) if w[:1].isupper() and not starts_sentence(doc, place)
            }
            self._inside = (words, frozenset(inside))
        return self._inside[1]

    def _ends_title(self, words: list[str], end: int) -> bool:
        for start in range(max(0, end - 6), end):
            for table in (title_table("vi"), ministry_table("vi"), self.gazetteer):
                found = table.at(words[:end], start)
                if found and found[0] == end:
                    return True
        return False

    def _ministries(self, words: list[str], taken: Mapping[int, Finding]) -> Iterator[Finding]:
        introduced: dict[str, Finding] = {}
        for start, end, portfolios in ministry_table("vi").find(words):
            if self.words.after(words, start, "government") == end:
                continue  # "phái đoàn", "quân đội": find_governments reads these
            known = taken.get(start)
            after = end + 1 if words[end : end + 1] == ["của"] else end
            country = taken.get(after)
            if known is not None and known.kind == "ministry" and known.end > end:
                introduced[portfolios[0]] = known
                continue
            if country is not None and country.kind == "country" and country.start == after:
                entity, name = ministry_of(country.country, portfolios[0], " ".join(words[start:end]))
                finding = Finding(
                    start=start, end=country.end, kind=office_kind(portfolios[0]), entity_id=entity, name=name,
                    country=country.country, sector="GOV", rule=f"ministry of {portfolios[0]}", weight=70,
                )  # fmt: skip
                introduced[portfolios[0]] = finding
                yield finding
            elif portfolios[0] in introduced:
                origin = introduced[portfolios[0]]
                yield Finding(
                    start=start, end=end, kind=origin.kind, form="short", entity_id=origin.entity_id,
                    name=origin.name, country=origin.country, sector="GOV", rule="ministry named before", weight=70,
                )  # fmt: skip

    def _titles(self, words: list[str], taken: Mapping[int, Finding]) -> Iterator[Title]:
        for start, end, roles in title_table("vi").find(words):
            role = roles[0]
            inside = next(
                (taken[p] for p in range(start, end) if p in taken and taken[p].kind == "country"), None
            )
            after = end + 1 if words[end : end + 1] == ["của"] else end
            beside = taken.get(after)
            stop = end
            if (
                beside is not None
                and beside.start == after
                and beside.kind in ("country", "bloc", "organisation", "ministry", "government", "company")
            ):
                stop = beside.end
            elif (
                beside is not None and beside.kind == "ministry" and start < beside.start < after < beside.end
            ):
                stop = beside.end  # the title's own ministry, with its country
            else:
                beside = None
            origin = inside or beside
            country = origin.country if origin is not None and origin.country not in ("---", "IGO") else None
            yield Title(
                start=start, end=stop, role=role.role, sector=role.sector, country=country or role.country,
                former=self.words.before(words, start, "former") is not None, bare=country is None,
            )  # fmt: skip

    def _titled(
        self, doc: Doc, words: list[str], titles: Sequence[Title], taken: Mapping[int, Finding]
    ) -> Iterator[Finding]:
        by_end = {title.end: title for title in titles}
        for title in titles:
            start = title.end
            if title.start and words[title.start - 1] == "," and title.start - 1 in by_end:
                # "Tổng Bí thư, Chủ tịch nước Tô Lâm": the office named first
                first = by_end[title.start - 1]
                title = replace(title, role=first.role, sector=first.sector)
            if words[start : start + 1] == [","] and self.words.after(words, start + 1, "honorifics"):
                start += 1
            start = self.words.after(words, start, "honorifics") or start
            if words[title.end - 1].lower() in _COMPANY_ENDS:
                continue  # "Giám đốc công ty Minh Phú": the name is the company's
            if title.role in _ANY_PORTFOLIO:
                listed = _portfolios().at(words, start) if start < len(words) else None
                start = listed[0] if listed else past_portfolio(words, start, taken)
            end = name_end(words, start, taken)
            if end > start:
                finding = Finding(start=start, end=end, kind="person", rule="title", weight=80)
                give_title(finding, title)
                yield finding

    def _bodies(self, words: list[str], taken: Mapping[int, Finding]) -> Iterator[Finding]:
        """Names that their first word shows: "Tập đoàn Vingroup", "tỉnh Giang Tô", "Hiệp hội Thép Việt Nam"."""
        for place in range(len(words)):
            for kind in _BODY_KINDS:
                start = self.words.after(words, place, kind)
                if start is None or (
                    start in taken and taken[start].kind == "country" and kind != "organisation"
                ):
                    continue
                end = start
                while (
                    end < len(words)
                    and end - start < 6
                    and words[end][:1].isupper()
                    and (
                        end not in taken
                        or (taken[end].kind in ("country", "place") and kind == "organisation")
                    )
                ):
                    end += 1
                if end == start:
                    continue
                first = start if kind in ("place", "company") else place
                yield Finding(start=first, end=end, kind=kind, rule=f"head word {kind}", weight=50)
