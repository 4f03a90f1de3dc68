"""What the rules of the mentions component hand to each other before a mention is final."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from db.model import UNKNOWN_COUNTRY, Form, Kind


@dataclass(slots=True, kw_only=True)
class Finding:
    """A span of words (token offsets) that may be a mention; rules correct it until all agree."""

    start: int
    end: int
    kind: Kind
    form: Form = "full"
    entity_id: str = ""
    """Empty until a rule or the registry says who it is."""
    name: str = ""
    country: str = UNKNOWN_COUNTRY
    role: str | None = None
    sector: str | None = None
    rule: str = ""
    weight: int = 0
    """How much the evidence counts when two findings claim the same words."""
    title: tuple[int, int] | None = None
    """Where the title beside a person's name stands."""
    inner: bool = False
    """May lie within another finding, as "US" in "US Treasury"."""
    former: bool = False
    origin: str = ""
    """Country that an unknown person with a bare title most likely serves: the one spoken of just before."""
    acting: str = ""
    """Of a capital, the code of the country or union whose government acts there."""
    chars: tuple[int, int] | None = None
    """Of a name within one word ("U.S." in "U.S.-China"), its characters counted from the word's first."""
    clues: set[str] = field(default_factory=set)

    @property
    def is_known(self) -> bool:
        """Whether a gazetteer or the registry vouches for it."""
        return bool(self.entity_id) or "name" in self.clues


def keep_best(findings: Iterable[Finding]) -> list[Finding]:
    """Of findings that overlap, the one with most weight, then the longest; in the order of the text."""
    taken: set[int] = set()
    kept = []
    for finding in sorted(findings, key=lambda f: (-f.weight, f.start - f.end, not f.is_known, f.start)):
        places = range(finding.start, finding.end)
        if not taken.intersection(places):
            taken.update(places)
            kept.append(finding)
    return sorted(kept, key=lambda f: (f.start, -f.end))


def covering(findings: Sequence[Finding]) -> dict[int, Finding]:
    """For each word, the finding it belongs to."""
    return {place: finding for finding in findings for place in range(finding.start, finding.end)}
