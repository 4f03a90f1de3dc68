"""One Vietnamese sentence as frames see it: its triggers, what governs them, how they stand, what measure they tell."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from spacy.tokens import Span

from db.codebook import Codebook, Frame
from db.model import UNKNOWN_COUNTRY, Mention
from nlp.coding.event_records import between
from nlp.coding.instruments import Told, told_flow, told_instrument
from nlp.coding.standing import Standing
from nlp.coding.vietnamese_frames import ContextWords, PhraseFrames
from nlp.coding.vietnamese_roles import Clause, object_of
from nlp.coding.word_index import WordIndex
from nlp.layers import CommodityMention

_BOUNDARY = re.compile(
    r"[;:]|,(?!\d)|(?<!\w)(?:nhưng|tuy nhiên|trong khi|sau khi|trước khi|khiến|gây|làm|nhằm(?!\s+vào)|để|nhờ"
    r"|(?<!tự )(?<!lý )do|(?<!thay )vì|bởi vì|song|nếu|trừ khi)(?!\w)"
)
_PURPOSE = re.compile(r"(?<!\w)(?:để|nhằm)$")
_AND = re.compile(r"(?<!\w)(?:và|rồi|thành|bằng)(?!\w)")
_AND_THEN = re.compile(r"(?<!\w)(?:và|còn)\s+")
_DOES = re.compile(r"\s+(?:sẽ|đã|đang|cũng|vẫn|không|chưa|có thể)(?!\w)")
"""What follows a subject that does something of its own."""
_PAST = re.compile(r"(?<!\w)(?:đã|vừa|mới|từng)(?!\w)")
_MATERIAL = re.compile(r"(?<!\w)(?:nguyên|nhiên|vật|phụ|dữ|số|tài|tư|chất|dược|trị) liệu$")
"""Words that end in the syllable of "whether": "nguyên liệu" is raw material."""
_NEAR = 10
"""Characters after a nominal trigger in which an adjective such as "dự kiến" stands."""
_OBJECT_REACH = 60
"""Characters within which the object of a verb must begin."""
_PASSIVE_REACH = 50
_GOVERNING = ("CONSULT", "RETREAT", "SANCTION", "SUPPORT", "PROTEST")


class VietnameseWords:
    """The codebook's Vietnamese words, made ready once for all documents."""

    def __init__(self, index: WordIndex) -> None:
        self.codebook: Codebook = index.codebook
        self.phrases = PhraseFrames(index.codebook)
        self.contexts = ContextWords(index)


class VietnameseSentence:
    """Finds the acts of a sentence; `text` is the document in small letters, character for character."""

    def __init__(
        self,
        words: VietnameseWords,
        sentence: Span,
        text: str,
        mentions: Sequence[Mention],
        goods: Sequence[CommodityMention],
    ) -> None:
        self.words, self.contexts, self.codebook = words, words.contexts, words.codebook
        self.start, self.end, self.text = sentence.start_char, sentence.end_char, text
        inside = between(mentions, self.start, self.end)
        known = [m for m in inside if m.country != UNKNOWN_COUNTRY]
        outer = [m for m in known if not any(o is not m and _covers(o, m) for o in known)]
        self.mentions = [m for m in outer if not self._is_short_form(m)]
        self.goods = between(goods, self.start, self.end)
        self.found = list(self._triggers())

    def _is_short_form(self, mention: Mention) -> bool:
        """Whether the mention only repeats in brackets the name before it."""
        return mention.start > self.start and self.text[mention.start - 1] == "("

    def above(self, place: int) -> Clause | None:
        """The trigger before this one in its clause that governs it."""
        found = self.found[place]
        for other in reversed(self.found[:place]):
            if other.clause_start != found.clause_start:
                return None
            if _AND.search(self.text, other.end, found.start) and not other.frame.content:
                return None
            if found.passive and other.frame.presupposed and other.end <= found.object_end:
                continue  # "lệnh cấm đã được dỡ bỏ": the noun is what the act undoes
            if other.frame.content or other.frame.type in _GOVERNING:
                return other
        return None

    def standing(self, found: Clause) -> Standing:
        """What the words before the trigger say of it: negation, doubt, plans, time to come."""
        left = self.text[found.clause_start : found.start]
        for other in self.found:
            if found.clause_start <= other.start < found.start:
                left = self.text[other.end : found.start]
        if found.passive and found.frame.type == "REJECT":
            left = self.text[
                max(found.object_end, found.clause_start) : found.start
            ]  # a proposal is its object
        if found.frame.presupposed:
            left += " " + self.text[found.end : found.end + _NEAR]
        left = self.contexts.without(left, "not_negating")
        standing = Standing(purpose=_PURPOSE.search(self.text, self.start, found.clause_start) is not None)
        for name in ("negated", "hypothetical", "planned", "decided", "future"):
            setattr(standing, name, self.contexts.has(left, {"planned": "plan"}.get(name, name)))
        standing.ended = self.contexts.has(left, "no_longer")
        standing.negated = standing.negated or standing.ended or self._is_untrue(found)
        if found.frame.effect is None and self.contexts.ends(left, "stopped"):
            standing.negated = True  # "đình chỉ chia sẻ tình báo"
        if (standing.future and self.contexts.has(left, "fear")) or self.contexts.ends(left, "ought"):
            standing.hypothetical = True
        if self._is_conditional(found, standing) or self.text[self.start : self.end].rstrip().endswith("?"):
            standing.hypothetical = True
        return standing

    def _is_untrue(self, found: Clause) -> bool:
        """Whether the act is the content of a report that the sentence calls false."""
        before, after = self.text[self.start : found.start], self.text[found.end : self.end]
        reported = self.contexts.has(before, "reports") or before.lstrip().startswith("việc ")
        return reported and self.contexts.has(after, "told_untrue")

    def told(self, found: Clause) -> Told:
        """The instrument and the flow of goods that the words of the act tell."""
        frame = found.frame
        if not self.codebook.takes(frame.type, "measure") or (
            frame.effect is None and frame.content is False and frame.type != "CONSULT"
        ):
            return Told(None, "unknown")
        whole = self.text[found.start : found.clause_end]
        if found.object_end <= found.start:
            whole = self.text[found.object_start : found.object_end] + " " + whole
        stop = _AND.search(whole, found.end - found.start)
        for part in (whole[: stop.start()], whole) if stop else (whole,):
            flow = told_flow(self.codebook, part, "vi")
            if flow == "unknown":
                flow = told_flow(self.codebook, whole, "vi")
            if frame.instrument:
                return Told(frame.instrument, flow)
            told = told_instrument(self.codebook, self.contexts.without(part, "home_taxes"), "vi", flow)
            if told.instrument == "trade_agreement" and not frame.concludes:
                return Told(None, flow)
            if told.instrument:
                return told
        return Told(None, flow)

    def _is_conditional(self, found: Clause, standing: Standing) -> bool:
        """Whether the act stands in an if-clause, after one, or as what would follow from a later one."""
        conditions = [
            match
            for match in self.contexts.all_matches("condition", self.text[self.start : self.end])
            if not _MATERIAL.search(self.text[self.start : self.end], 0, match.end())
        ]
        if not conditions:
            return False
        first, last = self.start + conditions[0].start(), self.start + conditions[-1].start()
        if first < found.start or standing.future:
            return True
        if self.codebook.types[found.frame.type].speech == "statement":
            return False  # "cảnh báo quân đội sẽ ... nếu": the warning is given
        # "áp thuế nếu ...": what a condition follows is not done yet, unless it is told as past
        between = any(found.end <= other.start < last for other in self.found)
        past = _PAST.search(self.text, found.clause_start, found.start)
        return last >= found.end and not between and past is None

    def _triggers(self) -> Iterator[Clause]:
        bounds = [*_BOUNDARY.finditer(self.text, self.start, self.end), *self._new_subjects()]
        cuts = sorted([self.start, *(m.end() for m in bounds), self.end])
        starts = sorted(m.start() for m in bounds)
        fixed = [m.span() for m in self.words.phrases.fixed.finditer(self.text, self.start, self.end)]
        for match in self.words.phrases.pattern.finditer(self.text, self.start, self.end):
            if self._is_part_of_a_name(match, fixed):
                continue
            begin = max(cut for cut in cuts if cut <= match.start())
            end = min([cut for cut in starts if cut >= match.end()] or [self.end])
            found = self._framed(match, begin, end)
            if found is not None:
                yield found

    def _new_subjects(self) -> Iterator[re.Match[str]]:
        """Each "và" behind which another party does something: "hai nước sẽ rút quân và Lào sẽ trả tù binh"."""
        ends = {mention.start: mention.end for mention in self.mentions}
        for match in _AND_THEN.finditer(self.text, self.start, self.end):
            end = ends.get(match.end())
            if end is not None and _DOES.match(self.text, end, self.end):
                before = self.text[self.start : match.start()]
                if _DOES.search(before) or self.words.phrases.pattern.search(before):
                    yield match

    def _is_part_of_a_name(self, match: re.Match[str], fixed: Sequence[tuple[int, int]]) -> bool:
        """Whether the words belong to a name, a fixed term or a compound noun ("nhà cung cấp", "bán lẻ")."""
        start, end = match.span()
        if any(m.start < end and start < m.end and m.kind != "country" for m in self.mentions):
            return True
        if any(a <= start and end <= b and b - a > end - start for a, b in fixed):
            return True
        if self.contexts.starts(self.text[end : self.end], "compound_after"):
            return True
        before, frame = self.text[self.start : start], self.words.phrases.frames_of(match.group())[0]
        if frame.type == "COOPERATE" and self.contexts.ends(before, "dealer_before"):
            return True
        noun = self.contexts.ends(before, "compound_before") and not self.contexts.ends(before, "issued")
        return frame.type != "CONSULT" and noun

    def _framed(self, match: re.Match[str], begin: int, end: int) -> Clause | None:
        """The frame whose object stands nearest to the phrase; the codebook's order decides a draw."""
        first, last, passive = object_of(self.text, begin, match.start(), match.end(), end)
        if last <= match.start() and match.start() - last > _PASSIVE_REACH:
            first, last, passive = match.end(), end, False
        best: tuple[int, Clause] | None = None
        for frame in self.words.phrases.frames_of(match.group()):
            region = (begin, match.start()) if frame.subject else (first, last)
            found = Clause(frame, match.start(), match.end(), begin, end, *region, passive)
            distance = self._distance(found, match.group())
            if distance is None and passive and not frame.subject:
                # "Cambodia is by the US lowered the duty": who undergoes it before, what is done after the verb
                after = Clause(frame, match.start(), match.end(), begin, end, match.end(), end)
                distance = self._distance(after, match.group())
            if distance is not None and (best is None or distance < best[0]):
                best = distance, found
        return best[1] if best else None

    def _distance(self, found: Clause, phrase: str) -> int | None:
        """How far the object stands from the phrase; None where the frame asks for one that is not there."""
        frame, classes = found.frame, found.frame.subject or found.frame.object
        right = self.text[found.start : found.clause_end]
        if frame.needs and told_instrument(self.codebook, right, "vi", only=frame.needs).instrument is None:
            return None
        if not classes or "any" in classes or (frame.optional_object and not frame.subject):
            return 0
        if not frame.subject and self.contexts.first_of_class(classes, phrase, 0, len(phrase)) is not None:
            return 0
        places = [self.contexts.first_of_class(classes, self.text, found.object_start, found.object_end)]
        if "party" in classes:
            places += [m.start for m in self.mentions if found.object_start <= m.start < found.object_end]
        if "goods" in classes:
            places += [g.start for g in self.goods if found.object_start <= g.start < found.object_end]
        near = [abs(place - found.end) for place in places if place is not None and self._own(found, place)]
        reach = _OBJECT_REACH if found.object_start >= found.end else 2 * _OBJECT_REACH
        return min((d for d in near if d <= reach), default=None)

    def _own(self, found: Clause, place: int) -> bool:
        """Whether no word that carries an act of its own ("lời đe dọa áp thuế") stands between."""
        first, last = (found.end, place) if place >= found.end else (place, found.start)
        for match in self.words.phrases.pattern.finditer(self.text, first, last):
            frames: list[Frame] = self.words.phrases.frames_of(match.group())
            if frames[0].content is True:
                return False
        return True


def _covers(outer: Mention, inner: Mention) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
