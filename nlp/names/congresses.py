"""Whose Congress is meant where the word stands alone: that of the country the text speaks of."""

from __future__ import annotations

from spacy.tokens import Doc

from nlp.facts.name_words import NameWords
from nlp.names.findings import Finding
from nlp.names.ministries import ministry_of

_ALONE, _OF = "Congress", "USA"


def settle_congresses(doc: Doc, findings: list[Finding], words: NameWords) -> list[Finding]:
    """The findings with each bare "Congress" given to the last country before it in its sentence that has one.

    Where the sentence names none, to the only such country of a text that never speaks of the United States.
    """
    named = [f for f in findings if f.kind in ("country", "place") and f.country != "---"]
    for finding in findings:
        if finding.country != _OF or doc[finding.start : finding.end].text != _ALONE:
            continue
        first = doc[finding.start].sent.start
        here = [f.country for f in named if first <= f.start < finding.start]
        everywhere = {f.country for f in named}
        if _OF in here:
            continue
        owners = [code for code in here if code in words.congresses]
        if not owners and _OF not in everywhere and len(everywhere & words.congresses) == 1:
            owners = list(everywhere & words.congresses)
        if owners:
            finding.country = owners[-1]
            finding.entity_id, finding.name = ministry_of(owners[-1], "parliament", _ALONE)
            finding.rule += "; of the country spoken of"
    return findings
