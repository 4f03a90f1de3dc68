"""Fills the roles of Vietnamese acts by word order: who stands before the verb, who after it, who is carried on."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from db.codebook import Frame
from db.model import Mention, Participant
from nlp.coding.parties import participant, unique
from nlp.coding.stages import Shape
from nlp.coding.vietnamese_frames import ContextWords

_JOINED = re.compile(r"\s*(?:,|-|–|và|cùng|với|cùng với)\s*(?:[^\W\d_]+\s+){0,5}$")
_OWNER = re.compile(r"(?<!\w)của\s+(?:[^\W\d_]+\s+){0,4}$")
_PLACE = re.compile(
    r"(?<!\w)(?:tại|ở|trong|ngoài|bên lề)\s+(?:(?!của|từ|với|sang|nhằm)[^\W\d_]+\s+){0,5}(?:của\s+)?$"
)
_BETWEEN = re.compile(r"(?<!\w)giữa(?!\w)")
_BY = re.compile(r"(?<!\w)bởi\s+(?:[^\W\d_]+\s+){0,4}$")
_PASSIVE = re.compile(r"(?<!\w)(?<!chuẩn )(?<!thiết )(?<!trang )(?<!đạt )(?<!giành )(?:được|bị)(?!\w)")
_RELATIVE = re.compile(r"(?<!\w)mà(?!\w)")
_REACH = 40
_BODIES = "IGO"
_STRIKING = ("ASSAULT", "MOBILIZE")
"""Types whose place tells at whom they are aimed."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A phrase that triggers a frame, with the bounds of its clause and where its object is to be read."""

    frame: Frame
    start: int
    end: int
    clause_start: int
    clause_end: int
    object_start: int
    object_end: int
    passive: bool = False


@dataclass(slots=True)
class Memory:
    """What a document has told so far: who was spoken of last, which pair met, whose measures there are."""

    subject: tuple[Participant, ...] = ()
    pair: tuple[Participant, ...] = ()
    measures: dict[str, tuple[Participant, ...]] = field(default_factory=dict)
    ended: bool = False
    """Whether the measure told last was lifted or suspended."""

    def note_end(self, shape: Shape) -> None:
        """Remember whether the measure told last is over."""
        if shape.instrument is not None and shape.modality in ("actual", "future"):
            self.ended = shape.direction == "ease" and shape.stage in ("lifted", "suspended")

    def note(
        self, actors: Sequence[Participant], recipients: Sequence[Participant], measure: str | None
    ) -> None:
        """Remember an act with its parties and, where it is about a measure, whose it is."""
        together = unique((*actors, *recipients))
        if len({one.country for one in together}) == 2:
            self.pair = tuple(together)
        if measure and actors:
            self.measures.pop(measure, None)
            self.measures[measure] = tuple(actors)


Roles = tuple[list[Participant], str]


@dataclass(frozen=True, slots=True)
class VietnameseRoles:
    """The mentions of one sentence; `text` is the document in small letters, `start` where the sentence begins."""

    text: str
    start: int
    mentions: Sequence[Mention]
    memory: Memory
    words: ContextWords

    def actors(self, found: Clause, above: Clause | None, before: Sequence[Participant]) -> Roles:
        """Who acts, and by which rule; `before` acted last in this sentence. Nobody where the text names nobody."""
        both = self._both(found)
        if both[0]:
            return both
        if found.frame.goods_owner:
            owners = self._of_what_is_borne(found)
            if owners:
                return owners, "owner of what is borne"
        if found.passive:
            doing = self._undergone(found)
            meant = before and self.words.has(self.text[found.clause_start : found.start], "pronoun")
            return (list(before), "pronoun") if meant and not doing[0] else doing
        begin = above.end if above is not None else found.clause_start
        if found.object_end <= found.start and not found.frame.subject:
            begin = max(begin, found.object_end)
        named = self._named_before(begin, found)
        if named[0]:
            return named
        owner = self._owner(found)
        if owner:
            return [owner], "after của"
        return self._carried(begin, found, before)

    def recipients(self, found: Clause, actors: Sequence[Participant]) -> list[Participant]:
        """At whom the act is aimed: the first party named after the trigger that is not its actor or a place."""
        taken = {one.country for one in actors}
        if found.frame.goods_owner:
            return [one for one in self._bearing(found) if one.country not in taken]
        right = [m for m in self.mentions if found.start <= m.start < found.clause_end]
        if found.passive:
            right = [m for m in self.mentions if found.object_start <= m.start < found.object_end] + right
        struck = found.frame.type in _STRIKING
        others = [m for m in right if m.country not in taken and (struck or not self._is_beside(m))]
        if found.passive and not others and self._is_light(self.text[found.clause_start : found.object_end]):
            # "after being listed by Washington, the Malaysian firm ...": the next clause names who underwent it
            others = [m for m in self.mentions if m.start >= found.clause_end and m.country not in taken][:1]
        states = [m for m in others if m.country != _BODIES]
        return self._group(states if found.frame.type == "ACCUSE" and states else others)

    def one_another(
        self, found: Clause, actors: list[Participant], recipients: list[Participant]
    ) -> tuple[list[Participant], list[Participant]]:
        """Both sides of what two do to each other: "áp thuế lẫn nhau", "trục xuất nhà ngoại giao của nhau"."""
        after = self.text[found.end : found.clause_end]
        aimed = not found.frame.two_sided and not recipients and len(actors) == 2
        if aimed and self.words.has(after, "one_another"):
            return actors[:1], actors[1:]
        return actors, recipients

    def _is_beside(self, mention: Mention) -> bool:
        """Whether a mention tells only a place, or under whose pressure somebody acts."""
        before = self.text[max(self.start, mention.start - _REACH) : mention.start].rstrip()
        pressed = any(
            self.words.ends(before.removesuffix(word).rstrip(), "pressure") for word in ("của", "từ", "")
        )
        return pressed or self._after(mention, _PLACE)

    def venue(self, found: Clause) -> tuple[int, int] | None:
        """Where the sides met: the phrase with tại, ở or bên lề that holds a name."""
        for mention in self.mentions:
            match = self._match(mention, _PLACE) if found.clause_start <= mention.start else None
            if match is not None and mention.start < found.clause_end:
                word = len(match.group().split(maxsplit=1)[0])
                return match.start() + word + 1, mention.end
        return None

    def subject(self) -> list[Participant]:
        """Of whom the sentence speaks: the first party that is not a place."""
        return self._group([m for m in self.mentions if not self._after(m, _PLACE)])

    def _both(self, found: Clause) -> Roles:
        """Two sides named together: giữa X và Y, "hai bên", "gặp nhau"."""
        if found.frame.presupposed and found.frame.two_sided:
            match = _BETWEEN.search(self.text, found.end, found.clause_end)
            both = self._group(
                [m for m in self.mentions if match and match.end() <= m.start < found.clause_end]
            )
            if len(both) > 1:
                hosts = self._hosts(found, both)
                return unique((*hosts, *both)), "after giữa" if not hosts else "who hosts, and after giữa"
        left = self.text[found.clause_start : found.start]
        each_other = self.text[: found.end].endswith("nhau") or self.text.startswith(" với nhau", found.end)
        if not each_other and not self.words.has(left, "pair"):
            return [], ""
        earlier = [m for m in self.mentions if m.start < found.start and not self._after(m, _PLACE)]
        people = [m for m in earlier if m.kind == "person"]
        for group in (people, earlier):
            sides = {m.country: participant(m) for m in reversed(group)}
            if len(sides) == 2:
                return unique(sides[m.country] for m in group), "each other"
        return list(self.memory.pair), "both sides of the text before"

    def _hosts(self, found: Clause, both: Sequence[Participant]) -> list[Participant]:
        """Who holds the talks of two others: "Ai Cập chủ trì cuộc đàm phán giữa ..."."""
        left = self.text[found.clause_start : found.start]
        if not self.words.has(left, "hosting"):
            return []
        sides = {one.country for one in both}
        before = [m for m in self.mentions if found.clause_start <= m.start < found.start]
        return self._group([m for m in before if m.country not in sides and not self._after(m, _PLACE)])

    def _undergone(self, found: Clause) -> Roles:
        """The doer of a passive: between bị and the verb, after bởi, or the owner of the measure."""
        inside = [m for m in self.mentions if found.object_end <= m.start < found.start]
        if inside:
            return self._group(inside), "between bị and the verb"
        by = [m for m in self.mentions if found.end <= m.start < found.clause_end and self._after(m, _BY)]
        if by:
            return self._group(by), "after bởi"
        left = [m for m in self.mentions if found.object_start <= m.start < found.object_end]
        owners = [m for m in left if self._after(m, _OWNER) and not self._after(m, _PLACE)]
        return ([participant(owners[0])], "owner of the measure") if owners else ([], "")

    def _named_before(self, begin: int, found: Clause) -> Roles:
        """The party before the verb; in reported speech that of the inner clause, else who speaks."""
        said = self.words.last_match("report", self.text, begin, found.start)
        starts = [said.end(), begin] if said else [begin]
        for start in starts:
            left = [m for m in self.mentions if start <= m.start < found.start]
            group = self._group([m for m in left if not self._after(m, _PLACE)])
            if group:
                return group, "before the verb"
            if start != begin and not self._is_light(self.text[start : found.start]):
                if self.words.has(self.text[start : found.start], "pronoun"):
                    continue
                return [], ""
            if left and self.words.has(self.text[start : found.start], "ruler"):
                return self._group(left), "rules in that place"
        return [], ""

    def _of_what_is_borne(self, found: Clause) -> list[Participant]:
        """Whose measure somebody bears or is spared, who gives what somebody receives.

        The first party after the verb that is not the bearer's, else whose market stands before the verb, else who
        says so: "theo ông Trump, hàng Việt Nam vào Mỹ chịu thuế".
        """
        bearing = {one.country for one in self._bearing(found)}
        right = [m for m in self.mentions if found.start <= m.start < found.clause_end]
        markets = [
            m for m in self.mentions if found.clause_start <= m.start < found.start and self._is_market(m)
        ]
        said = [m for m in self.mentions if m.end <= found.clause_start] if self._is_quoted(found) else []
        for group in (right, markets, said):
            others = self._group([m for m in group if m.country not in bearing])
            if others:
                return others
        return []

    def _bearing(self, found: Clause) -> list[Participant]:
        """Whose goods or firms bear a measure: who stands before the verb, but for the market they go to."""
        left = [m for m in self.mentions if found.clause_start <= m.start < found.start]
        return self._group([m for m in left if not self._is_market(m) and not self._after(m, _PLACE)])

    def _is_market(self, mention: Mention) -> bool:
        return self.words.ends(self.text[self.start : mention.start], "market_before")

    def _is_quoted(self, found: Clause) -> bool:
        """Whether the sentence opens with whose words it tells."""
        return self.text[self.start : found.clause_start].lstrip().startswith("theo ")

    def _owner(self, found: Clause) -> Participant | None:
        right = [m for m in self.mentions if found.end <= m.start < found.clause_end]
        owners = [m for m in right if self._after(m, _OWNER)]
        return participant(owners[0]) if owners and found.frame.presupposed else None

    def _carried(self, begin: int, found: Clause, before: Sequence[Participant]) -> Roles:
        """The actor of a clause that has a pronoun for a subject, or none of its own."""
        left = self.text[begin : found.start]
        said = self.words.last_match("report", self.text, begin, found.start)
        inner = self.text[said.end() : found.start] if said else left
        here = [m for m in self.mentions if m.start < found.start and not self._after(m, _PLACE)]
        if self.words.has(inner, "pronoun") or self.words.has(left, "pronoun"):
            if said and not self.words.has(inner, "pronoun") and not self._is_light(inner):
                return [], ""
            return (self._group(here) or list(self.memory.subject)), "pronoun"
        if self._is_light(left) and begin > self.start:
            opening = self.words.starts(self.text[self.start : found.start], "pronoun")
            carried = list(self.memory.subject) if opening else self._group(here)
            return (list(before) or carried), "subject of the sentence"
        return [], ""

    def _is_light(self, text: str) -> bool:
        """Whether nothing but adverbs, auxiliaries and dates stands there."""
        return not self.words.without(text, "light").strip(" ,./0123456789-%")

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
        return self._match(mention, pattern) is not None

    def _match(self, mention: Mention, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.search(self.text, max(self.start, mention.start - _REACH), mention.start)


def object_of(text: str, clause_start: int, start: int, end: int, clause_end: int) -> tuple[int, int, bool]:
    """Where the object of a verb is to be read, and whether it stands before it (passive, relative clause)."""
    left = text[clause_start:start]
    marks = [*_PASSIVE.finditer(left), *_RELATIVE.finditer(left)]
    if not marks:
        return end, clause_end, False
    last = max(marks, key=lambda match: match.start())
    return clause_start, clause_start + last.start(), last.group() != "mà"
