"""Holders of an office whom a text does not name: "the Japanese finance minister", "India's trade minister"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from db.model import UNKNOWN_COUNTRY
from nlp.names.findings import Finding
from nlp.names.gazetteer import country_names, slug
from nlp.names.office_holders import is_single_office
from nlp.names.titles import Title

_OWNING = ("'s", "’s", "'", "’")
_OWN_KINDS = ("country", "bloc", "government", "place")


def unnamed_holders(
    words: Sequence[str], titles: Sequence[Title], findings: Sequence[Finding]
) -> Iterator[Finding]:
    """A nominal person for each title with a country, and without a name, that one person holds at a time.

    The mention begins with the country's words. Who holds the office is not claimed unless the text names somebody
    of that office and country before; else the id is that of the office, which no person has.
    """
    used = {finding.title for finding in findings}
    named = covered_by_people(findings)
    ends = {finding.end: finding for finding in findings if finding.kind in _OWN_KINDS}
    starts = {finding.start: finding for finding in findings if finding.kind in _OWN_KINDS}
    for title in titles:
        if (title.start, title.end) in used or title.bare or title.former or title.role is None:
            continue
        if title.country in (None, UNKNOWN_COUNTRY) or not is_single_office(title.role):
            continue
        if title.start in named or title.end in named or _goes_on(words, title):
            continue
        start, end = _span(words, title, ends, starts)
        who = _holder(title, findings)
        country = title.country or UNKNOWN_COUNTRY
        office = f"{title.role} of {country_names().get(country, country)}"
        yield Finding(
            start=start, end=end, kind="person", form="nominal", role=title.role, sector=title.sector,
            country=country, entity_id=who.entity_id if who else f"office/{country.lower()}/{slug(title.role)}",
            name=who.name if who else office,
            rule="title of the person named before" if who else "office without a name",
        )  # fmt: skip


def covered_by_people(findings: Sequence[Finding]) -> set[int]:
    """The words that belong to a person's name."""
    return {place for f in findings if f.kind == "person" for place in range(f.start, f.end)}


def _goes_on(words: Sequence[str], title: Title) -> bool:
    """Whether the title describes what comes behind it: "prime minister's office", "foreign minister Lee"."""
    after = words[title.end] if title.end < len(words) else ""
    return after == "-" or (after[:1].isupper() and words[title.end - 1][:1].isupper())


def _span(
    words: Sequence[str], title: Title, ends: dict[int, Finding], starts: dict[int, Finding]
) -> tuple[int, int]:
    """From the country's words before the title, or to those behind it ("minister of finance of Japan")."""
    before = (
        title.start - 1
        if words[title.start - 1 : title.start] and words[title.start - 1] in _OWNING
        else title.start
    )
    if before in ends:
        return ends[before].start, title.end
    for after in range(title.end, min(title.end + 3, len(words))):
        if after in starts and starts[after].country == title.country:
            return title.start, starts[after].end
        if words[after] not in ("of", "the"):
            break
    return title.start, title.end


def _holder(title: Title, findings: Sequence[Finding]) -> Finding | None:
    """Who of that office and country the text names last before the title."""
    fitting = [
        f
        for f in findings
        if f.kind == "person" and f.end <= title.start and f.role == title.role and f.country == title.country
    ]
    return max(fitting, key=lambda f: f.end, default=None)
