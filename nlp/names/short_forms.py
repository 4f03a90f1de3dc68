"""Finds where an English text calls its people and bodies by a part of their names: "Kato", "the Commission"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

from nlp.facts.name_words import NameWords
from nlp.names.findings import Finding, covering


def short_names(
    doc: Doc, words: Sequence[str], findings: Sequence[Finding], family_names: set[str]
) -> list[Finding]:
    """Family names of the text's people where nothing else was found; no pronoun, verb, month or title."""
    taken = covering([finding for finding in findings if not finding.inner])
    held = {place for finding in findings if finding.title for place in range(*finding.title)}
    found = []
    for place in [place for place, word in enumerate(words) if word in family_names and place not in taken]:
        token = doc[place]
        if not token.text[0].isupper() or place in held:
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
        if token.pos_ in ("PROPN", "INTJ") or (
            not opens and token.pos_ in ("PRON", "NOUN", "ADJ", "VERB", "AUX", "X")
        ):
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
                start=with_particles(words, token.i, family_names),
                end=token.i + 1,
                kind="person",
                form="short",
                rule="family name of a person in the text",
            )
        )
    return found


def with_particles(words: Sequence[str], place: int, family_names: set[str]) -> int:
    """Where a family name of several words begins: "von" of "von der Leyen"."""
    for start in range(max(0, place - 3), place):
        if " ".join(words[start : place + 1]) in family_names:
            return start
    return place


def shortened_bodies(words: Sequence[str], findings: list[Finding], known: NameWords) -> Iterator[Finding]:
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
