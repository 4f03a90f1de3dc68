"""Makes the names of one document agree: acronyms with their long forms, repeated names, neighbours in a list."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from db.model import Kind
from nlp.facts.name_words import NameWords
from nlp.facts.registry import people_by_family_name
from nlp.names.findings import Finding, covering
from nlp.names.phrases import texts_of

_BODIES = frozenset({"organisation", "party", "ministry", "company", "bloc", "government"})
_SMALL = frozenset(
    {"of", "the", "and", "for", "on", "in", "&", "-", "to", "de", "du", "la", "des", "'s", "’s"}
)


def harmonise(doc: Doc, findings: list[Finding], words: NameWords) -> list[Finding]:
    """The findings with kinds that agree, and those added that the document's own names show."""
    texts = texts_of(doc)
    findings = sorted([*findings, *_acronyms(texts, doc, findings)], key=lambda f: (f.start, -f.end))
    _agree_in_lists(doc, findings)
    _people_by_deeds(doc, findings, words)
    _agree_in_document(doc, findings)
    return sorted([*findings, *_repeated(texts, doc, findings)], key=lambda f: (f.start, -f.end))


def copy_acronyms(doc: Doc, findings: Sequence[Finding]) -> None:
    """Give every acronym the entity of the long form it was introduced with; after names have their ids."""
    meant: dict[str, Finding] = {}
    ends = {finding.end: finding for finding in findings if finding.kind in _BODIES and not finding.inner}
    for finding in findings:
        before = ends.get(finding.start - 1)
        if before is None or doc[finding.start - 1].text not in ("(", "["):
            continue
        long, short = before, finding
        if _is_acronym(doc[before.start : before.end].text) and before.end - before.start == 1:
            long, short = finding, before  # "IMF (International Monetary Fund)"
        text = doc[short.start : short.end].text
        if _is_acronym(text) and short.kind in _BODIES:
            meant.setdefault(text, long)
    by_initials: dict[str, Finding] = {}
    for finding in findings:
        if finding.kind in _BODIES and finding.end - finding.start > 1:
            by_initials.setdefault(_initials(doc, finding.start, finding.end), finding)
    for finding in findings:
        if finding.kind not in _BODIES or finding.end - finding.start > 1:
            continue
        text = doc[finding.start].text
        known = "known" in finding.rule
        origin = meant.get(text) or (None if known or not _is_acronym(text) else by_initials.get(text))
        if origin is None or origin is finding:
            continue
        if known and "known" not in origin.rule:
            _same_body(finding, origin)
        else:
            _same_body(origin, finding)
            finding.rule += "; acronym of a name in the text"


def _same_body(origin: Finding, other: Finding) -> None:
    other.entity_id, other.name, other.kind = origin.entity_id, origin.name, origin.kind
    other.country = origin.country


def _acronyms(texts: Sequence[str], doc: Doc, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Acronyms in brackets after a body's name that no one has found yet, or found as something else."""
    taken = covering([finding for finding in findings if not finding.inner])
    for place in range(1, len(texts) - 2):
        if (
            texts[place] != "("
            or texts[place + 2] not in (")", ",", ";")
            or not _is_acronym(texts[place + 1])
        ):
            continue
        before, inside = taken.get(place - 1), taken.get(place + 1)
        if before is None or before.end != place or before.kind not in _BODIES | {"place"}:
            continue
        if before.kind == "place" and (
            before.is_known or _initials(doc, before.start, before.end) != doc[place + 1].text
        ):
            continue
        if before.kind == "place":
            before.kind = "organisation"
        if inside is None:
            yield Finding(
                start=place + 1,
                end=place + 2,
                kind=before.kind,
                form="short",
                rule="acronym in brackets",
                weight=60,
            )
        elif not inside.is_known and inside.end - inside.start == 1:
            inside.kind = before.kind


def _agree_in_lists(doc: Doc, findings: Sequence[Finding]) -> None:
    """In "A, B and C" an unknown name takes the kind that most of the others have."""
    row: list[Finding] = []
    outer = [finding for finding in findings if not finding.inner]
    for finding in [*outer, None]:
        if row and finding is not None and _listed(doc, row[-1], finding):
            row.append(finding)
            continue
        if len(row) >= 3:
            _level(row)
        row = [finding] if finding is not None else []


def _listed(doc: Doc, left: Finding, right: Finding) -> bool:
    between = [token.text for token in doc[left.end : right.start]]
    return (
        0 < len(between) <= 3
        and between[0] in (",", "and", "or", "/")
        and all(text in (",", "and", "or", "the", "/") for text in between)
    )


def _level(row: Sequence[Finding]) -> None:
    votes = Counter(_family(finding.kind) for finding in row)
    family, count = votes.most_common(1)[0]
    if count * 3 < len(row) * 2:
        return
    kind: Kind = next(finding.kind for finding in row if _family(finding.kind) == family)
    for finding in row:
        if _family(finding.kind) != family and not finding.is_known and finding.weight < 63:
            finding.kind = "place" if family == "place" else "organisation" if family == "body" else kind
            finding.rule += "; as its neighbours"


def _people_by_deeds(doc: Doc, findings: Sequence[Finding], words: NameWords) -> None:
    """An unknown name that does what people do ("Fletcher was elected", "Hay left his post") is a person.

    And a name that the model calls a person after "the" is a body's ("the Komeito"), unless a noun follows.
    """
    for finding in findings:
        if finding.is_known or finding.inner or finding.title:
            continue
        root = doc[finding.start : finding.end].root
        article = finding.start > 0 and doc[finding.start - 1].lower_ == "the"
        if finding.kind == "person" and article and finding.weight < 80:
            after = doc[finding.end] if finding.end < len(doc) else None
            if (
                after is None or after.pos_ not in ("NOUN", "PROPN", "ADJ", "PUNCT", "PART")
            ) and not root.text.endswith("s"):
                finding.kind = "organisation"
                finding.rule += "; after the article"
        elif finding.kind == "person" and _lies_somewhere(doc, finding):
            finding.kind = "place"
            finding.rule += "; after a preposition of place"
        elif finding.kind in ("organisation", "place") and not article and _may_be_person(doc, finding):
            deed = root.dep_ in ("nsubj", "nsubjpass") and root.head.lemma_ in words.person_verbs
            doer = finding.kind == "place" and root.head.dep_ == "agent" and finding.end - finding.start > 1
            if doer or (deed and _has_own(root, words)):
                finding.kind = "person"
                finding.rule += "; does what people do"


def _lies_somewhere(doc: Doc, finding: Finding) -> bool:
    """Whether a single name, no office-holder's, stands where places do: "our farmers in Citrusdal"."""
    if finding.end - finding.start > 1 or finding.start == 0 or not finding.rule.startswith("model"):
        return False
    before = doc[finding.start - 1]
    return (
        before.lower_ in ("in", "near", "outside")
        and doc[finding.start].dep_ == "pobj"
        and before.head.pos_ in ("NOUN", "VERB")
        and before.head.lower_ not in ("confidence", "trust", "faith", "believe", "interest")
        and doc[finding.start].text not in people_by_family_name("en")
    )


def _may_be_person(doc: Doc, finding: Finding) -> bool:
    """A model's guess of one to three words, no acronym and not the end of "... of X"."""
    if not finding.rule.startswith("model") or finding.end - finding.start > 3:
        return False
    if any(
        _is_acronym(token.text) or token.lower_ in ("of", "and", "for")
        for token in doc[finding.start : finding.end]
    ):
        return False
    return finding.start == 0 or doc[finding.start - 1].lower_ != "of"


def _has_own(subject: Token, words: NameWords) -> bool:
    """Whether "his", "her" or "himself" follows in the sentence, or the verb is one of office and life."""
    following = subject.sent[subject.i - subject.sent.start + 1 :]
    return subject.head.lemma_ in words.life_verbs or any(
        token.lower_ in ("his", "her", "himself", "herself", "he", "she") for token in following
    )


def _family(kind: Kind) -> str:
    if kind == "person":
        return "person"
    return "place" if kind in ("place", "country") else "body"


def _agree_in_document(doc: Doc, findings: Sequence[Finding]) -> None:
    """One name, one kind; a single name that is somebody's family name is that person."""
    by_text: dict[str, list[Finding]] = defaultdict(list)
    surnames = set()
    for finding in findings:
        if not finding.inner:
            by_text[doc[finding.start : finding.end].text].append(finding)
        if finding.kind == "person" and finding.end - finding.start > 1:
            surnames.add(doc[finding.end - 1].text)
    for text, same in by_text.items():
        unknown = [finding for finding in same if not finding.is_known]
        if text in surnames:
            for finding in unknown:
                finding.kind = "person"
            continue
        weights: Counter[Kind] = Counter()
        for finding in same:
            weights[finding.kind] += finding.weight + (30 if finding.is_known or finding.title else 0)
        kind = weights.most_common(1)[0][0]
        for finding in unknown:
            finding.kind = kind


def _repeated(texts: Sequence[str], doc: Doc, findings: Sequence[Finding]) -> Iterator[Finding]:
    """Places where a name of the document stands again without having been found."""
    taken = covering([finding for finding in findings if not finding.inner])
    surfaces: dict[tuple[str, ...], Finding] = {}
    for finding in findings:
        if finding.inner or finding.form == "adjective":
            continue
        surface = tuple(texts[finding.start : finding.end])
        if len(surface) > 1 or _is_acronym(surface[0]):
            surfaces.setdefault(surface, finding)
    by_first: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for surface in sorted(surfaces, key=len, reverse=True):
        by_first[surface[0]].append(surface)
    place = 0
    while place < len(texts):
        step = 1
        for surface in by_first.get(texts[place], ()) if place not in taken else ():
            end = place + len(surface)
            if tuple(texts[place:end]) != surface or any(p in taken for p in range(place, end)):
                continue
            if len(surface) == 1 and doc[place].pos_ not in ("PROPN", "NOUN", "X"):
                continue
            origin = surfaces[surface]
            yield Finding(
                start=place,
                end=end,
                kind=origin.kind,
                form="short" if len(surface) == 1 else "full",
                rule="named before",
                entity_id=origin.entity_id,
                name=origin.name,
                country=origin.country,
                weight=50,
            )
            step = len(surface)
            break
        place += step


def _is_acronym(text: str) -> bool:
    letters = [character for character in text if character.isalpha()]
    return (
        2 <= len(letters) <= 8
        and sum(character.isupper() for character in letters) >= max(2, len(letters) - 2)
        and " " not in text
    )


def _initials(doc: Doc, start: int, end: int) -> str:
    return "".join(
        token.text[0] for token in doc[start:end] if token.text not in _SMALL and token.text[0].isupper()
    )
