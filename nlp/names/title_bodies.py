"""Takes away findings that are only a part of something else: of a person's title, of a sum of money."""

from __future__ import annotations

from collections.abc import Sequence

from nlp.names.findings import Finding
from nlp.names.titles import Title


def names_money(finding: Finding, words: Sequence[str]) -> bool:
    """Whether a country is only part of a sum: "15,960 US dollars" speaks of no country."""
    before = words[finding.start - 1 : finding.start]
    sums = before and (before[0][-1:].isdigit() or before[0] in _SCALES)
    return bool(sums and finding.kind == "country" and words[finding.end : finding.end + 1] in _MONEY)


_SCALES = frozenset({"hundred", "thousand", "million", "billion", "trillion", "bn", "mn"})
_MONEY = (
    ["dollar"],
    ["dollars"],
    ["cents"],
    ["yuan"],
    ["yen"],
    ["won"],
    ["rupees"],
    ["pounds"],
    ["francs"],
    ["pesos"],
)


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
            reaches = (
                finding.end < title.end
                and (finding.start < title.start or finding.kind == "ministry")
                and words[finding.end - 1].lower() not in ("ministry", "department")
            )
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
