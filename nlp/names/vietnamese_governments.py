"""Tells when a country's words mean its government in Vietnamese: acting capitals, "quan chức Trung Quốc"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.names.findings import Finding
from nlp.names.gazetteer import slug
from nlp.names.governments import REGION_UNIONS, let_act, nominal_government, settle_seats
from nlp.names.vietnamese_words import VietnameseWords


def mark_acting(vocabulary: VietnameseWords, words: list[str], findings: Sequence[Finding]) -> None:
    """Capitals that act become governments; seats of government are places only after a word of place."""
    acted: dict[int, bool] = {}
    settle_seats(findings)
    ends_pair = {f.start: f.end for f in findings if f.clues & {"capital", "seat"} or f.kind == "country"}
    for finding in sorted(findings, key=lambda f: f.start):
        if not finding.clues & {"capital", "seat"}:
            continue
        placed = vocabulary.before(words, finding.start, "place_before") is not None
        pair = (
            finding.start >= 2
            and words[finding.start - 1] in ("và", "-", "–")
            and acted.get(finding.start - 1, False)
        )
        other = ends_pair.get(finding.end + 1) if words[finding.end : finding.end + 1] == ["và"] else None
        acts = not placed and (
            vocabulary.after(words, other or finding.end, "acting") is not None
            or vocabulary.before(words, finding.start, "relation") is not None
            or pair
        )
        acted[finding.end] = acts
        if "seat" in finding.clues:
            if placed:
                finding.kind, finding.form = "place", "full"
                finding.name = " ".join(words[finding.start : finding.end])
                finding.entity_id = f"place/{slug(finding.name)}"
        elif acts:
            let_act(finding)


def find_governments(
    vocabulary: VietnameseWords, words: list[str], findings: Sequence[Finding]
) -> Iterator[Finding]:
    """Nominal governments: "chính phủ Hà Lan", "các quan chức Trung Quốc", "phái đoàn Mỹ"."""
    starts = {
        finding.start: finding
        for finding in findings
        if finding.kind in ("country", "bloc") or finding.entity_id in REGION_UNIONS
    }
    free = 0
    for place in range(len(words)):
        if place < free:
            continue
        end = vocabulary.after(words, place, "government")
        country = starts.get(end) if end is not None else None
        if country is None or end is None:
            continue
        free = end  # "các quan chức Trung Quốc" holds "quan chức Trung Quốc"
        yield nominal_government(country, place, country.end, "government noun")
