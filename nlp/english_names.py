"""Finds names in a parsed English text: known ones, those the model recognises, those a head word shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span, Token

from db.model import Form, Kind
from nlp.findings import Finding, covering, keep_best
from nlp.gazetteer import Entry, country_inside
from nlp.governments import acting_id
from nlp.name_words import NameWords
from nlp.phrases import PhraseTable, words_of

_KINDS: dict[str, Kind] = {
    "PERSON": "person",
    "ORG": "organisation",
    "GPE": "place",
    "LOC": "place",
    "FAC": "place",
}
_LINKS = frozenset(
    {
        "of",
        "for",
        "and",
        "&",
        "the",
        "on",
        "-",
        "–",
        "to",
        "de",
        "du",
        "des",
        "del",
        "la",
        "di",
        "da",
        "der",
    }
)
_LISTING_HEADS = frozenset({"Ministry", "Department", "Committee", "Commission", "Council", "Institute"})


def find_names(doc: Doc, gazetteer: PhraseTable[Entry], words: NameWords) -> list[Finding]:
    """The names of the text, not overlapping but for countries named inside an organisation's name."""
    elections = set(_election_words(doc, words))
    known = list(_known(doc, gazetteer))
    claims = [*known, *_recognised(doc, words), *_by_head_word(doc, words)]
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


def _known(doc: Doc, gazetteer: PhraseTable[Entry]) -> Iterator[Finding]:
    words = words_of(doc)
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
        if entry is None or (entry.kind == "company" and _is_product(doc, end)):
            continue
        forms: dict[str, Form] = {"adjective": "adjective", "government": "nominal", "seat": "metonym"}
        form = forms.get(entry.use, "full")
        weight = {
            "person": 90,
            "country": 50 if end - start == 1 else 61,
            "place": 45 if end - start == 1 else 61,
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


def _is_product(doc: Doc, end: int) -> bool:
    """Whether a model's number follows a company's name: "Boeing 787", "Airbus A380"."""
    return (
        end < len(doc)
        and any(c.isdigit() for c in doc[end].text)
        and doc[end].text[0].isalnum()
        and doc[end].ent_type_ not in ("DATE", "MONEY", "PERCENT")
    )


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
        if labels <= fits:
            return entry
    return None


def _recognised(doc: Doc, words: NameWords) -> Iterator[Finding]:
    for ent in doc.ents:
        kind = _KINDS.get(ent.label_)
        span = _trimmed(ent, words, person=kind == "person")
        if span is None:
            continue
        shown = _kind_by_head(span, words)
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


def _trimmed(ent: Span, words: NameWords, *, person: bool) -> Span | None:
    """The name alone: no article, possessive, bracket, quotation mark, day or honorific around it."""
    start, end = ent.start, ent.end
    doc = ent.doc
    while start < end and (
        not _is_capital(doc[start])
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


def _kind_by_head(span: Sequence[Token], words: NameWords) -> Kind | None:
    """What the head word says: that of "Bank of Japan" is "Bank", that of "Orange County" is "County"."""
    texts = [token.text for token in span]
    if len(texts) < 2:
        return None
    head = texts[-1]
    for place, text in enumerate(texts[1:], 1):
        if text in ("of", "for", "on", "in"):
            head = texts[place - 1]
            break
    if head in words.party or head.rstrip("s") + "y" == "Party":
        return "party"
    if head in words.organisation:
        return "organisation"
    if texts[-1] in words.company:
        return "company"
    if head in words.place or texts[0] in words.place_before:
        return "place"
    return None


def _by_head_word(doc: Doc, words: NameWords) -> Iterator[Finding]:
    """Names that a head word makes: "Social Democratic and Labour Party", "House of Commons of Canada"."""
    heads = words.party | words.organisation
    place = 0
    while place < len(doc):
        if not _is_capital(doc[place]) or doc[place].text in words.not_names:
            place += 1
            continue
        end = _run_end(doc, place, heads, words)
        span = doc[place:end]
        kind = _kind_by_head(span, words)
        if kind in ("party", "organisation") and len(span) > 1:
            start = _run_start(doc, place, end)
            label = _exact_label(doc, start, end)
            if (label == "PERSON" and end - start == 2) or (label == "GPE" and kind != "party"):
                place = end
                continue
            yield Finding(start=start, end=end, kind=kind, rule="head word", weight=70)
        place = max(end, place + 1)


def _exact_label(doc: Doc, start: int, end: int) -> str:
    """What the model calls exactly these words, if it does."""
    inside = doc[start].ent_iob_ == "B" and all(token.ent_iob_ == "I" for token in doc[start + 1 : end])
    ends = end == len(doc) or doc[end].ent_iob_ != "I"
    return doc[start].ent_type_ if inside and ends else ""


def _run_end(doc: Doc, start: int, heads: frozenset[str], words: NameWords) -> int:
    """Where the run of capitalised words ends; small words join once a head word stands on one side."""
    end = start + 1
    seen_head = doc[start].text in heads
    while end < len(doc):
        token = doc[end]
        if _is_capital(token) and token.text not in words.not_names:
            seen_head = seen_head or token.text in heads
            end += 1
        elif (
            token.text in ("'s", "’s") and not seen_head and end + 1 < len(doc) and _is_capital(doc[end + 1])
        ):
            following = _plain_run_end(doc, end + 1, words)
            if not _is_people_s(doc, start, end) or doc[following - 1].text not in heads:
                break
            end += 1
        elif token.text in ("of", "for", "and", "&", "on", "-") and (
            step := _link_end(doc, end, heads, words, seen_head)
        ):
            end = step
        else:
            break
    return end


def _is_people_s(doc: Doc, start: int, end: int) -> bool:
    return doc[end - 1].text in (
        "People",
        "Workers",
        "Women",
        "Farmers",
        "Peoples",
        "Children",
        "Men",
        "Nurses",
        "Teachers",
        "Writers",
        "King",
        "Queen",
        "Woman",
    )


def _link_end(doc: Doc, place: int, heads: frozenset[str], words: NameWords, seen_head: bool) -> int | None:
    """Past the small word, if a capitalised word follows and a head word justifies the join."""
    after = place + 1
    if after < len(doc) and doc[after].text == "the" and doc[place].text in ("of", "for", "and", "on"):
        after += 1
    if after >= len(doc) or not _is_capital(doc[after]) or doc[after].text in words.not_names:
        return None
    if doc[after].ent_type_ == "PERSON" and doc[place].text in ("of", "and"):
        return None
    link = doc[place].text
    following = _plain_run_end(doc, after, words)
    ends_in_head = doc[following - 1].text in heads
    if link in ("of", "for", "on"):
        return after if seen_head or (ends_in_head and link == "of") else None
    if link == "-":
        return after if not doc[place - 1].whitespace_ and not doc[place].whitespace_ else None
    before_head = doc[place - 1].text in heads
    if before_head:
        return None
    joined = any(token.text in ("of", "for") for token in doc[max(0, place - 4) : place])
    labels = {doc[place - 1].ent_type_, doc[after].ent_type_}
    if link == "and" and doc[place + 1].text == "the":
        return (
            after
            if seen_head
            and joined
            and not any(t.text in heads for t in doc[after:following])
            and "PERSON" not in labels
            and doc[place - 2].text != "of"
            else None
        )
    if seen_head and joined:
        return (
            after
            if not labels & {"PERSON", "GPE"} and not any(t.text in heads for t in doc[after:following])
            else None
        )
    if not doc[place - 1].text.endswith(("ic", "al", "ist", "ive", "ish", "ary", "ous", "ese", "ace", "ent")):
        return None
    if ends_in_head and following - after >= 1 and not seen_head and not labels & {"PERSON", "GPE"}:
        return after
    return None


def _plain_run_end(doc: Doc, start: int, words: NameWords) -> int:
    end = start
    while end < len(doc) and _is_capital(doc[end]) and doc[end].text not in words.not_names:
        end += 1
    return end


def _run_start(doc: Doc, start: int, end: int) -> int:
    """Past a first word that is big only because the sentence begins with it."""
    first = doc[start]
    if first.is_sent_start and end - start > 2 and first.pos_ not in ("PROPN", "ADJ", "NOUN"):
        return start + 1
    return start


def _is_capital(token: Token) -> bool:
    return token.text[0].isupper()


def _election_words(doc: Doc, words: NameWords) -> Iterator[int]:
    """The words of names like "2019 Canadian federal election" or "1970 Senate election in Ohio"."""
    for token in doc:
        if token.text not in words.election:
            continue
        start = token.i
        while start > 0 and (
            _is_capital(doc[start - 1])
            or doc[start - 1].text in words.election_middle
            or doc[start - 1].text in ("'s", "-")
        ):
            start -= 1
        if start == 0 or not (doc[start - 1].like_num and len(doc[start - 1]) == 4):
            continue
        end = token.i + 1
        if end + 1 < len(doc) and doc[end].text == "in":
            after = end + (2 if doc[end + 1].text == "the" else 1)
            following = _plain_run_end(doc, after, words) if after < len(doc) else after
            end = following if following > after else end
        yield from range(start - 1, end)
