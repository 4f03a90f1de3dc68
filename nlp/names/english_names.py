"""Finds names in a parsed English text: known ones, those the model recognises, those a head word shows."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from spacy.tokens import Doc, Span

from db.model import Form, Kind
from nlp.facts.name_words import NameWords
from nlp.facts.reference import load_commodities
from nlp.names.findings import Finding, covering, keep_best
from nlp.names.gazetteer import Entry, country_inside
from nlp.names.governments import acting_id
from nlp.names.head_words import election_words, is_capital, kind_by_head, names_by_head_word
from nlp.names.namesake_firms import named_after_capitals, without_namesakes
from nlp.names.phrases import PhraseTable

_KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
}


def find_names(
    doc: Doc, texts: Sequence[str], gazetteer: PhraseTable[Entry], words: NameWords
) -> list[Finding]:
    """The names of the text, not overlapping but for countries named inside an organisation's name."""
    elections = set(election_words(doc, texts, words))
    known = list(_known(doc, texts, gazetteer))
    for finding in known:
        if finding.kind == "person":
            whole_person(doc, finding, words)
    firms = list(named_after_capitals(doc, known, words))
    recognised = list(_recognised(doc, words))
    known = without_namesakes(doc, known, [*firms, *recognised], words)
    claims = [*known, *firms, *recognised, *names_by_head_word(doc, words)]
    best = keep_best(
        finding for finding in claims if not elections.intersection(range(finding.start, finding.end))
    )
    taken = covering(best)
    for finding in known:
        if finding.kind != "country":
            continue
        outer = taken.get(finding.start)
        attributive = finding.start in elections or (
            outer is not None and outer is not finding and _holds_country(outer)
        )
        if attributive and all(taken.get(place) is outer for place in range(finding.start, finding.end)):
            finding.form, finding.inner = "adjective", True
            best.append(finding)
            if outer is not None and outer.country == "---" and outer.start == finding.start:
                outer.country = finding.country
    return sorted(best, key=lambda f: (f.start, -f.end))


def _holds_country(outer: Finding) -> bool:
    return outer.kind in ("organisation", "ministry", "party", "government", "company")


def _known(doc: Doc, words: Sequence[str], gazetteer: PhraseTable[Entry]) -> Iterator[Finding]:
    for start, end, entries in gazetteer.find(words):
        entry = _choose(entries, doc[start:end])
        if (
            entry is not None
            and entry.kind == "party"
            and end - start == 1
            and entry.ambiguous
            and doc[start].ent_type_ != "ORG"
        ):
            entry = None
        if entry is None and end - start > 1:
            inside = country_inside(words, start, end, gazetteer)
            if (
                inside is not None
            ):  # "US Trade Representative" may be a title, and speaks of the US all the same
                inside.inner, inside.weight = False, 50
                inside.form = "full" if "name" in inside.clues else "adjective"
                yield inside
        if entry is None or (entry.kind == "company" and _is_product(doc, end)):
            continue
        if entry.use == "capital" and doc[start].ent_type_ in _NAMED_AFTER:
            continue  # "the Paris Agreement" is not France
        forms: dict[str, Form] = {"adjective": "adjective", "government": "nominal", "seat": "metonym"}
        form = forms.get(entry.use, "full")
        weight = {
            "person": 90,
            "country": 50 if end - start == 1 else 61,
            "bloc": 70 if end - start > 1 else 60,
            "place": 45 if end - start == 1 else 63,
        }.get(entry.kind, 70 if end - start > 1 else 58)
        if entry.use == "capital" and end - start == 1:
            weight = 45
        if end - start > 1 and doc[start].text == "the":
            start += 1
        yield Finding(
            start=start,
            end=end,
            kind=entry.kind,
            form=form,
            entity_id=entry.entity_id,
            name=entry.name,
            country=entry.country,
            sector=entry.sector,
            rule=f"known {entry.use}",
            weight=weight,
            clues={entry.use},
            acting=acting_id(entries),
        )
        if end - start > 1 and entry.kind not in ("country", "person", "place"):
            inside = country_inside(words, start, end, gazetteer)
            if inside is not None:
                yield inside


_NAMED_AFTER = frozenset({"LAW", "EVENT", "WORK_OF_ART", "PRODUCT"})
"""What the model calls a thing that bears a city's name."""


def _is_product(doc: Doc, end: int) -> bool:
    """Whether a model's number follows a company's name: "Boeing 787", "Airbus A380"."""
    return (
        end < len(doc)
        and any(c.isdigit() for c in doc[end].text)
        and doc[end].text[0].isalnum()
        and doc[end].ent_type_ not in ("DATE", "MONEY", "PERCENT")
    )


_FORMS_OF_ADDRESS = frozenset({"Mr", "Mrs", "Ms", "Miss", "Dr", "Sir", "Lord", "Lady", "Senator", "Judge"})


def _choose(entries: Sequence[Entry], span: Span) -> Entry | None:
    """The entry that fits the place where the surface stands, if any does."""
    labels = {token.ent_type_ for token in span}
    for entry in entries:
        if entry.use == "pair":
            continue
        if not entry.ambiguous:
            return entry
        fits = (
            {"GPE", "LOC", "NORP"}
            if entry.kind in ("country", "place", "government")
            else {"ORG", "GPE", "LOC", "FAC", "NORP"}
        )
        if labels <= fits or (entry.kind == "country" and labels == {"PERSON"} and _is_nobodys(span)):
            return entry
    return None


def _is_nobodys(span: Span) -> bool:
    """Whether a country's name that was taken for a person stands alone, and nobody of the text bears it.

    "Jordan banned imports" is the country, unless there is a Michael Jordan, or a Mr Jordan.
    """
    doc = span.doc
    before = doc[span.start - 1] if span.start else None
    if before is not None and (before.pos_ == "PROPN" or before.text.rstrip(".") in _FORMS_OF_ADDRESS):
        return False
    own = [ent for ent in doc.ents if ent.label_ == "PERSON" and ent.start <= span.start < ent.end]
    if any(len(ent) > len(span) for ent in own):
        return False
    surface = span.text
    return not any(
        ent.label_ == "PERSON" and len(ent) > len(span) and surface in ent.text for ent in doc.ents
    )


def _entities(doc: Doc) -> Iterator[Span]:
    """The model's names, two people without anything between them as the one that they are."""
    last: Span | None = None
    for ent in doc.ents:
        if last is not None and last.label_ == ent.label_ == "PERSON" and last.end == ent.start:
            parts = {token.text for token in last}
            if (
                len(last) > 1
                and ent.start_char - last.end_char == 1
                and parts.isdisjoint(t.text for t in ent)
            ):
                last = Span(doc, last.start, ent.end, label="PERSON")
                continue
        if last is not None:
            yield last
        last = ent
    if last is not None:
        yield last


def _recognised(doc: Doc, words: NameWords) -> Iterator[Finding]:
    for ent in _entities(doc):
        kind = _KINDS.get(ent.label_)
        span = _trimmed(ent, words, person=kind == "person")
        if span is None:
            continue
        if kind == "person":
            span = _whole_name(span, words)
            if len(span) == 1 and span.text.lower() in _goods():
                continue  # "Brent", "Gallium"
        shown = kind_by_head(span, words)
        if _PARTY_AND_STATE.fullmatch(span.text):
            continue
        if span[-1].text in words.event or (
            len(span) > 1 and span[0].text in ("Operation", "Treaty", "Battle")
        ):
            continue
        if kind is None:
            if shown is None or (
                ent.label_ in ("EVENT", "LAW", "WORK_OF_ART", "NORP", "PRODUCT")
                and shown not in ("party", "organisation")
            ):
                continue
            kind = shown
        elif shown is not None and (kind != "person" or shown in ("party", "organisation")):
            kind = shown
        weight = (
            {"person": 62, "organisation": 59, "party": 59, "company": 59}.get(kind, 54)
            if len(span) > 1
            else 40
        )
        yield Finding(start=span.start, end=span.end, kind=kind, rule=f"model {ent.label_}", weight=weight)


_PARTY_AND_STATE = re.compile(r"[RDI]-[A-Z][A-Za-z.]+")
"""What stands behind a member of the US Congress: "R-Fla."."""


@cache
def _goods() -> frozenset[str]:
    return frozenset(term for row in load_commodities() for term in row.terms_en)


def _whole_name(span: Span, words: NameWords) -> Span:
    """The name with what the model left out: a title of nobility before it, "del Hoyo" after it."""
    doc, start, end = span.doc, span.start, span.end
    if start > 0 and doc[start - 1].text in words.nobility:
        start -= 1
    while start > 0 and doc[start - 1].text in _PREFIXES and not doc[start - 1].ent_type_:
        start -= 1
    while end < len(doc):
        following = doc[end + 1] if end + 1 < len(doc) else None
        if (
            following is not None
            and doc[end].text in words.particles - {"of", "e", "i", "y"}
            and is_capital(following)
            and not following.ent_type_
        ):
            end += 2
        elif doc[end].text in _SUFFIXES or (end - start < 5 and _goes_on(doc, start, end, words)):
            end += 1
        else:
            break
    return doc[start:end]


_PREFIXES = frozenset(
    {"von", "van", "der", "den", "de", "di", "du", "del", "della", "bin", "ten", "ter", "zu", "la"}
)
"""Small words that a family name begins with."""

_SUFFIXES = frozenset({"Jr", "Jr.", "Sr", "Sr.", "II", "III"})
"""What tells a son from his father: another person than the one without it."""


def _goes_on(doc: Doc, start: int, end: int, words: NameWords) -> bool:
    """Whether the word after a recognised name is its last part, as the parse has it: "Marie-Louise | Coleiro"."""
    token = doc[end]
    heads = words.organisation | words.party | words.company | words.place | words.event
    return (
        token.pos_ == "PROPN"
        and is_capital(token)
        and token.text.isalpha()
        and not token.text.isupper()
        and not token.ent_type_
        and token.text not in heads
        and token.text not in words.not_names | words.honorifics
        and token.text not in {word.text for word in doc[start:end]}
        and doc[end - 1].dep_ == "compound"
        and start < doc[end - 1].head.i < end + 3
        and doc[end - 1].head.i >= end
        and all(word.pos_ == "PROPN" for word in doc[end : doc[end - 1].head.i + 1])
    )


def whole_person(doc: Doc, known: Finding, words: NameWords) -> None:
    """Let a known name reach as far as the name goes on: "Faisal bin Farhan al-Saud"; a "Jr." is somebody else."""
    end = known.end
    while end < len(doc):
        following = doc[end + 1] if end + 1 < len(doc) else None
        joined = doc[end].ent_type_ == "PERSON" and doc[end].ent_iob_ == "I"
        if doc[end].text in _SUFFIXES and doc[known.end - 1].text not in _SUFFIXES:
            end += 1
            known.entity_id, known.rule = "", known.rule + "; another by the suffix"
        elif (
            joined
            and following is not None
            and doc[end].text in words.particles
            and (is_capital(following) or following.text == "-")
        ):
            end += 3 if following.text == "-" else 2
        elif joined and doc[end].text.lower().startswith(("al-", "el-")) and len(doc[end].text) > 4:
            end += 1
        else:
            break
    known.end = min(end, len(doc))


def _trimmed(ent: Span, words: NameWords, *, person: bool) -> Span | None:
    """The name alone: no article, possessive, bracket, quotation mark, day or honorific around it."""
    start, end = ent.start, ent.end
    doc = ent.doc
    while start < end and (
        not is_capital(doc[start])
        or doc[start].text in ("The", "A", "An")
        or (person and doc[start].text in words.honorifics)
    ):
        start += 1
    for place in range(start, end):
        if doc[place].is_space or doc[place].text in ("(", ")", "[", "]", '"', "“", "”", "/"):
            end = place
    while end > start and (
        (not doc[end - 1].text[0].isalnum() and doc[end - 1].text != ".")
        or doc[end - 1].text in ("'s", "’s", "and", "&", "'", "’", "s", "of", "the", "'S")
        or (person and doc[end - 1].text in words.not_names)
    ):
        end -= 1
    if start >= end or (end - start == 1 and doc[start].text in words.not_names):
        return None
    return doc[start:end]
