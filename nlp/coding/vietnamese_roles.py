"""Fills the roles of Vietnamese acts by word order: who stands before the verb, who after it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from db.codebook import Frame
from db.model import Mention, Participant
from nlp.coding.parties import participant, unique

_JOINED = re.compile(r"\s*(?:,|và|cùng|với|cùng với)\s*(?:[^\W\d_]+\s+){0,5}$")
_OWNER = re.compile(r"(?<!\w)của\s+(?:[^\W\d_]+\s+){0,4}$")
_PLACE = re.compile(r"(?<!\w)(?:tại|ở|trong|bên lề)\s+(?:[^\W\d_]+\s+){0,3}$")
_BETWEEN = re.compile(r"(?<!\w)giữa(?!\w)")
_REACH = 40


@dataclass(frozen=True, slots=True)
class Clause:
    """A phrase that triggers a frame, with the bounds of its clause."""

    frame: Frame
    start: int
    end: int
    clause_start: int
    clause_end: int


@dataclass(frozen=True, slots=True)
class VietnameseRoles:
    """The mentions of one sentence; `text` is the document in small letters, `start` where the sentence begins."""

    text: str
    start: int
    mentions: Sequence[Mention]
    previous: tuple[Participant, ...]

    def actors(self, found: Clause, above: Clause | None) -> tuple[list[Participant], str]:
        """Who acts, and by which rule."""
        if found.frame.presupposed and found.frame.two_sided:
            match = _BETWEEN.search(self.text, found.end, found.clause_end)
            both = self._group(
                [m for m in self.mentions if match and match.end() <= m.start < found.clause_end]
            )
            if len(both) > 1:
                return both, "after giữa"
        if self.text[: found.end].endswith("nhau"):
            named = [m for m in self.mentions if m.start < found.start]
            people = [m for m in named if m.kind == "person"]
            return unique(participant(m) for m in people or named), "each other"
        begin = above.end if above is not None else found.clause_start
        left = [m for m in self.mentions if begin <= m.start < found.start]
        group = self._group([m for m in left if not self._after(m, _PLACE)] or left)
        if group:
            return group, "before the verb"
        right = [m for m in self.mentions if found.end <= m.start < found.clause_end]
        owners = [m for m in right if self._after(m, _OWNER)]
        if owners and (found.frame.presupposed or found.frame.effect):
            return [participant(owners[0])], "after của"
        earlier = [m for m in self.mentions if m.start < found.start]
        if earlier:
            return self._group(earlier), "subject of the sentence"
        return list(self.previous), "actor of the text before"

    def recipients(self, found: Clause, actors: Sequence[Participant]) -> list[Participant]:
        """At whom the act is aimed: the first party named after the trigger that is not its actor or a place."""
        taken = {one.country for one in actors}
        right = [m for m in self.mentions if found.start <= m.start < found.clause_end]
        return self._group([m for m in right if m.country not in taken and not self._after(m, _PLACE)])

    def _group(self, mentions: Sequence[Mention]) -> list[Participant]:
        """The first mention and those coordinated with it; a person right after a country stands for it."""
        group = list(mentions[:1])
        for mention in mentions[1:]:
            between = self.text[group[-1].end : mention.start]
            if mention.kind == "person" and not between.strip():
                group[-1] = mention
            elif _JOINED.fullmatch(between):
                group.append(mention)
            else:
                break
        return unique(participant(mention) for mention in group)

    def _after(self, mention: Mention, pattern: re.Pattern[str]) -> bool:
        before = self.text[max(self.start, mention.start - _REACH) : mention.start]
        return pattern.search(before) is not None
