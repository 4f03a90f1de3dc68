"""Tells when a country's words mean its government: acting capitals, "Chinese officials", ministries."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Token

from db.model import EUROPEAN_UNION
from nlp.facts.name_words import NameWords
from nlp.names.findings import Finding, covering
from nlp.names.gazetteer import Entry, government_id, government_name, slug
from nlp.names.ministries import ministry_of, ministry_table, office_kind

_ATTRIBUTES = frozenset({"state", "customs", "side", "army", "military", "police", "cabinet", "parliament"})
_PLACE_PREPOSITIONS = frozenset(
    {"in", "at", "near", "outside", "inside", "into", "through", "around", "across"}
)


REGION_UNIONS = {"region/europe": EUROPEAN_UNION}
"""Regions whose officials are those of a union."""

_NEAR = 60
"""Words that a country may stand before a ministry that is named without one."""


def mark_acting_capitals(doc: Doc, findings: Sequence[Finding], words: NameWords) -> None:
    """Turn capitals that act ("Beijing said", "talks with Moscow") into governments, in place.

    A seat of government ("the Kremlin") is a government but where it is only the place of something.
    """
    taken = covering(findings)
    settle_seats(findings)
    for finding in findings:
        if _sends(doc, finding):
            continue
        if "capital" in finding.clues and (_acts(doc, finding, words) or _in_pair(doc, finding, taken)):
            let_act(finding)
        elif "seat" in finding.clues:
            finding.form = "metonym"
            if _is_place_here(doc, finding):
                finding.kind, finding.form = "place", "full"
                finding.name = doc[finding.start : finding.end].text
                finding.entity_id = "place/" + slug(finding.name)


def _sends(doc: Doc, finding: Finding) -> bool:
    """Whether the name in capitals is where a report was sent from: "WASHINGTON (Reuters) -"."""
    first, after = doc[finding.start], doc[finding.end] if finding.end < len(doc) else None
    opens = finding.start == 0 or doc[finding.start - 1].is_space
    return opens and first.is_upper and after is not None and after.text in (",", "(", "-", "–", "—", "--")


def settle_seats(findings: Sequence[Finding]) -> None:
    """Let a union's seat act for the country around it where the text speaks of Belgium and not of the EU."""
    spoken = {f.country for f in findings if "capital" not in f.clues}
    for finding in findings:
        if finding.acting not in ("", *spoken) and finding.country in spoken:
            finding.acting = finding.country


def find_governments(doc: Doc, findings: Sequence[Finding], words: NameWords) -> Iterator[Finding]:
    """Nominal governments: "Chinese trade officials", "Japan's government"."""
    taken = covering([finding for finding in findings if not finding.inner])
    for finding in findings:
        if finding.inner or not (finding.kind in ("country", "bloc") or finding.entity_id in REGION_UNIONS):
            continue
        noun = _government_noun(doc, finding, taken, words)
        if noun is not None:
            yield nominal_government(
                finding, finding.start, noun + 1, f"government noun {doc[noun].lower_}", inner=True
            )


def nominal_government(finding: Finding, start: int, end: int, rule: str, *, inner: bool = False) -> Finding:
    """The government that a noun beside a country, bloc or region means; Europe's officials are the EU's."""
    code = REGION_UNIONS.get(finding.entity_id, finding.country)
    is_bloc = finding.kind == "bloc"
    known = government_id(code) if not is_bloc or code == EUROPEAN_UNION else finding.entity_id
    return Finding(
        start=start, end=end, kind="bloc" if is_bloc else "government", form="nominal", entity_id=known,
        name=finding.name if known == finding.entity_id else government_name(code), country=code, sector="GOV",
        rule=rule, inner=inner,
    )  # fmt: skip


def find_ministries(
    doc: Doc, texts: Sequence[str], findings: Sequence[Finding], words: NameWords
) -> Iterator[Finding]:
    """Ministries by their phrases and the country beside them, or as named before in the document."""
    taken = covering([finding for finding in findings if not finding.inner])
    introduced: dict[str, Finding] = {}
    countries = {
        place: f
        for f in findings
        if f.kind in ("country", "government", "bloc") or "capital" in f.clues
        for place in range(f.start, f.end)
    }
    for start, end, portfolios in ministry_table("en").find(texts):
        if doc[end - 1].lower_ in words.government_nouns and end - start == 1:
            continue  # find_governments reads these
        outer = taken.get(start)
        if (
            outer is not None
            and outer.kind in ("ministry", "organisation")
            and outer.is_known
            and outer.start <= start
            and outer.end >= end
        ):
            introduced.setdefault(portfolios[0], outer)
            continue
        code = _ministry_country(texts, start, end, countries)
        earlier = introduced.get(portfolios[0])
        if code is None and earlier is None:
            # "The Ministry of Commerce said" is that of the country spoken of just before;
            # "In Tokyo, the trade ministry said" that of the same sentence.
            first = max(0, start - _NEAR) if texts[start][0].isupper() else doc[start].sent.start
            near = next((countries[p] for p in range(start - 1, first - 1, -1) if p in countries), None)
            code = near.country if near is not None and near.kind != "bloc" and end - start > 1 else None
        if code is None and earlier is None:
            continue
        if code is None and earlier is not None:
            entity, name, code = earlier.entity_id, earlier.name, earlier.country
        else:
            entity, name = ministry_of(code or "---", portfolios[0], " ".join(texts[start:end]))
        finding = Finding(
            start=start,
            end=end,
            kind=office_kind(portfolios[0]),
            form="full" if _is_named(doc, start, end) else "nominal",
            entity_id=entity,
            name=name,
            country=code or "---",
            sector="GOV",
            rule=f"ministry of {portfolios[0]}",
            weight=75,
        )
        introduced.setdefault(portfolios[0], finding)
        yield finding


def acting_id(entries: Sequence[Entry]) -> str:
    """Who acts by the name of a capital: of "Brussels" the European Union, not Belgium."""
    capitals = [entry for entry in entries if entry.use == "capital"]
    return next(
        (entry.country for entry in capitals if entry.kind != "place"),
        capitals[0].country if capitals else "",
    )


def let_act(finding: Finding) -> None:
    """Turn a capital into the government that acts by its name."""
    code = finding.acting or finding.country
    finding.form, finding.country = "metonym", code
    finding.rule += "; acts"
    finding.kind = "bloc" if code == EUROPEAN_UNION else "government"
    finding.entity_id, finding.name = government_id(code), government_name(code)
    finding.sector = "GOV"


def _acts(doc: Doc, finding: Finding, words: NameWords) -> bool:
    root = doc[finding.start : finding.end].root
    seen = 0
    while root.dep_ == "conj" and seen < 6:
        root, seen = root.head, seen + 1
    head = root.head
    if root.dep_ in ("nsubj", "nsubjpass", "agent", "csubj"):
        if head.dep_ in ("ccomp", "xcomp") and head.head.lemma_ in words.acted_on_verbs:
            return True  # "urged Tokyo to stop"
        wills = any(child.tag_ == "MD" for child in head.children)
        return head.pos_ in ("VERB", "AUX") and (wills or head.lemma_.lower() in words.acting_verbs)
    if root.dep_ == "dobj":
        return head.lemma_ in words.acted_on_verbs
    if root.dep_ in ("poss", "compound", "nmod"):
        return head.lower_ in words.acting_nouns
    if root.dep_ in ("pobj", "obj"):
        return _relates(head, words)
    return False


def _relates(preposition: Token, words: NameWords) -> bool:
    """Whether what stands before the preposition is dealt out between governments: "pressure on", "a deal with"."""
    needed = words.acting_prepositions.get(preposition.lower_)
    if needed is None:
        return False
    governor = preposition.head
    if governor.dep_ == "prep":
        governor = governor.head
    return "*" in needed or governor.lemma_.lower() in needed or governor.lower_ in needed


def _in_pair(doc: Doc, finding: Finding, taken: dict[int, Finding]) -> bool:
    """Half of "Washington-Beijing ties"; not of "Beijing-based"."""
    for dash, other in ((finding.end, finding.end + 1), (finding.start - 1, finding.start - 2)):
        if not (0 <= dash < len(doc) and doc[dash].text in ("-", "–", "/") and other in taken):
            continue
        if taken[other].kind in ("country", "government") or "capital" in taken[other].clues:
            return True
    return False


def _is_place_here(doc: Doc, finding: Finding) -> bool:
    before = finding.start - 1
    if before >= 0 and doc[before].lower_ == "the":
        before -= 1
    return before >= 0 and doc[before].lower_ in _PLACE_PREPOSITIONS


def _government_noun(doc: Doc, finding: Finding, taken: dict[int, Finding], words: NameWords) -> int | None:
    """The place of the noun in "Chinese officials", "Japan's central government", "US trade negotiators"."""
    place = finding.end
    if place < len(doc) and doc[place].text in ("'s", "’s", "'", "’"):
        place += 1
    elif (
        finding.form != "adjective"
        and finding.kind == "country"
        and place < len(doc)
        and doc[place].text[0].isupper()
    ):
        return None
    for ahead in range(place, min(place + 3, len(doc))):
        token = doc[ahead]
        if token.lower_ in words.government_nouns:
            # "Chinese state media", "European customs union" speak of something else; a counterpart with a name too.
            if token.lower_ == "counterpart" and ahead + 1 < len(doc) and doc[ahead + 1].text[0].isupper():
                return None
            return None if token.lower_ in _ATTRIBUTES and token.dep_ == "compound" else ahead
        if ahead in taken or token.pos_ not in ("NOUN", "ADJ", "PROPN") or token.text[0].isupper():
            return None
    return None


def _is_named(doc: Doc, start: int, end: int) -> bool:
    """ "Commerce ministry" and "Ministry of Commerce" are names, "military" and "customs" are not."""
    return end - start > 1 or doc[start].text[0].isupper()


def _ministry_country(
    texts: Sequence[str], start: int, end: int, countries: dict[int, Finding]
) -> str | None:
    before = start - 1
    if before >= 0 and texts[before] in ("'s", "'"):
        before -= 1
    if before in countries:
        return countries[before].country
    after = end
    while after < len(texts) and texts[after] in ("of", "the", "in"):
        after += 1
    if after > end and texts[end] == "of" and after in countries:
        return countries[after].country
    return None
