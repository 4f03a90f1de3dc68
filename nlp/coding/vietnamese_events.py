"""Codes the events of Vietnamese sentences: frames by phrases, roles by word order, as no parser is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span

from db.codebook import Codebook
from db.model import UNKNOWN_COUNTRY, Attribution, Mention, Participant
from nlp.coding.event_records import Draft, between
from nlp.coding.instruments import known_instrument, told_flow, told_instrument
from nlp.coding.modality import Standing
from nlp.coding.stages import Shape, shape_act
from nlp.coding.vietnamese_frames import PhraseFrames, has_phrase
from nlp.coding.vietnamese_roles import Clause, VietnameseRoles
from nlp.coding.word_index import WordIndex
from nlp.layers import CommodityMention, read_layer

_BOUNDARY = re.compile(
    r"[;:]|,(?!\d)|(?<!\w)(?:nhưng|tuy nhiên|trong khi|sau khi|trước khi|khiến|gây|làm|nhằm|để|do|vì|bởi)(?!\w)"
)
_NEAR = 10
"""Characters after a nominal trigger in which an adjective such as "dự kiến" stands."""
_ACCORDING = re.compile(r"(?<!\w)theo\s+([^,.]+)")
_SAID = re.compile(r"([^,.]+?)\s+(?:cho biết|nói|tuyên bố|khẳng định|thông báo)(?!\w)")
_TRADE = frozenset(
    {
        "SANCTION",
        "RETREAT",
        "POLICY",
        "ACCUSE",
        "REQUEST",
        "REJECT",
        "THREATEN",
        "SUPPORT",
        "CONSULT",
        "AGREE",
        "CONCEDE",
    }
)


class VietnameseCoder:
    """Holds the trigger pattern of one codebook; `code` reads documents."""

    def __init__(self, index: WordIndex) -> None:
        self.index = index
        self.codebook: Codebook = index.codebook
        self.phrases = PhraseFrames(index.codebook)

    def code(self, doc: Doc) -> list[Draft]:
        """The events of a Vietnamese document as drafts."""
        mentions = [m for m in read_layer(doc, Mention) if m.country != UNKNOWN_COUNTRY]
        goods = read_layer(doc, CommodityMention)
        drafts: list[Draft] = []
        previous: tuple[Participant, ...] = ()
        texts = doc.text, _small(doc.text)
        for number, sentence in enumerate(doc.sents):
            reader = _Sentence(self, sentence, texts, number, mentions, goods, previous)
            found = reader.drafts()
            drafts += found
            previous = found[0].actors if found else previous
        return drafts


class _Sentence:
    def __init__(
        self,
        coder: VietnameseCoder,
        sentence: Span,
        texts: tuple[str, str],
        number: int,
        mentions: Sequence[Mention],
        goods: Sequence[CommodityMention],
        previous: tuple[Participant, ...],
    ) -> None:
        self.coder, self.codebook, self.number = coder, coder.codebook, number
        self.start, self.end = sentence.start_char, sentence.end_char
        self.whole, self.text = texts
        self.day = str(sentence.doc._.published or "")[:10]
        inside = between(mentions, self.start, self.end)
        self.mentions = [m for m in inside if not any(o is not m and _covers(o, m) for o in inside)]
        self.goods = between(goods, self.start, self.end)
        self.found = list(self._triggers())
        self.roles = VietnameseRoles(self.text, self.start, self.mentions, previous)

    def drafts(self) -> list[Draft]:
        """The events of the sentence, each once."""
        made: list[Draft] = []
        under = {id(f): self._above(n) for n, f in enumerate(self.found)}
        for place, found in enumerate(self.found):
            above = under[id(found)]
            if above is not None and not (above.frame.emits_content and found.frame.effect):
                continue
            draft = self._draft(place, found, above)
            if draft is not None and not any(_equal(draft, other) for other in made):
                made.append(draft)
        return made

    def _triggers(self) -> Iterator[Clause]:
        cuts = [self.start, *(m.end() for m in _BOUNDARY.finditer(self.text, self.start, self.end)), self.end]
        starts = [m.start() for m in _BOUNDARY.finditer(self.text, self.start, self.end)]
        fixed = [m.span() for m in self.coder.phrases.fixed.finditer(self.text, self.start, self.end)]
        for match in self.coder.phrases.pattern.finditer(self.text, self.start, self.end):
            if any(
                m.start < match.end() and match.start() < m.end and m.kind != "country" for m in self.mentions
            ):
                continue
            if any(
                a <= match.start() and match.end() <= b and b - a > match.end() - match.start()
                for a, b in fixed
            ):
                continue
            begin = max(cut for cut in cuts if cut <= match.start())
            end = min([cut for cut in starts if cut >= match.end()] or [self.end])
            for frame in self.coder.phrases.frames_of(match.group()):
                found = Clause(frame, match.start(), match.end(), begin, end)
                if self._fits(found):
                    yield found
                    break

    def _fits(self, found: Clause) -> bool:
        frame = found.frame
        right = self.text[found.start : found.clause_end]
        if frame.needs and told_instrument(self.codebook, right, "vi", only=frame.needs).instrument is None:
            return False
        if (
            not frame.object
            or "any" in frame.object
            or frame.optional_object
            or " " in self.text[found.start : found.end]
        ):
            return True
        if "party" in frame.object and any(found.end <= m.start < found.clause_end for m in self.mentions):
            return True
        if "goods" in frame.object and any(found.end <= g.start < found.clause_end for g in self.goods):
            return True
        words = [w for name in frame.object for w in self.coder.index.classes.get(name, ())]
        return any(re.search(r"(?<!\w)" + re.escape(w) + r"(?!\w)", right) for w in words)

    def _above(self, place: int) -> Clause | None:
        """The trigger before this one in its clause that governs it."""
        found = self.found[place]
        for other in reversed(self.found[:place]):
            if other.clause_start != found.clause_start:
                return None
            between = self.text[other.end : found.start]
            if re.search(r"(?<!\w)và(?!\w)", between) and not other.frame.content:
                return None
            if other.frame.content or other.frame.type in ("CONSULT", "RETREAT", "SANCTION", "SUPPORT"):
                return other
        return None

    def _standing(self, found: Clause) -> Standing:
        words = self.coder.index.contexts
        left = self.text[found.clause_start : found.start]
        for other in self.found:
            if found.clause_start <= other.start < found.start:
                left = self.text[other.end : found.start]
        if found.frame.presupposed:
            left += " " + self.text[found.end : found.end + _NEAR]
        standing = Standing()
        for name in ("negated", "hypothetical", "planned", "decided", "future"):
            context = {"planned": "plan"}.get(name, name)
            if any(has_phrase(left, " ".join(phrase)) for phrase in words[context]):
                setattr(standing, name, True)
        if any(
            has_phrase(self.text[found.clause_start : found.start], " ".join(p)) for p in words["condition"]
        ) or (
            standing.future
            and any(has_phrase(self.text[self.start : found.start], " ".join(p)) for p in words["condition"])
        ):
            standing.hypothetical = True
        if self.whole[self.start : self.end].rstrip().endswith("?"):
            standing.hypothetical = True
        return standing

    def _shape(self, place: int) -> Shape:
        found = self.found[place]
        inner = next((n for n in range(place + 1, len(self.found)) if self._above(n) is found), None)
        nominal = inner is not None and (self.found[inner].frame.presupposed or self._is_topic(found, inner))
        content = self._shape(inner) if inner is not None and not nominal else None
        instrument = found.frame.instrument or self._instrument(found)
        shape = shape_act(found.frame, self._standing(found), instrument, content)
        if shape.event_type in ("ACCUSE", "REQUEST") and shape.instrument and content is None:
            shape = replace(shape, direction=shape.direction or "restrict", stage=shape.stage or "in_force")
        if shape.event_type == "CONSULT" or shape.content_type == "CONSULT":
            shape = replace(shape, direction=None, stage=None)
        return shape

    def _is_topic(self, found: Clause, inner: int) -> bool:
        """Whether a pledge only speaks about the act ("trấn an rằng việc siết chặt ... sẽ không gây hại")."""
        before = self.text[found.end : self.found[inner].start].rstrip()
        return found.frame.pledge and before.endswith("việc")

    def _instrument(self, found: Clause) -> str | None:
        frame = found.frame
        if frame.type not in _TRADE or (
            frame.effect is None and frame.content is False and frame.type != "CONSULT"
        ):
            return None
        text = self.text[found.start : found.clause_end]
        flow = told_flow(self.codebook, text, "vi")
        told = told_instrument(self.codebook, text, "vi", flow).instrument
        return None if told == "trade_agreement" and frame.id != "sign" else told

    def _draft(self, place: int, found: Clause, above: Clause | None) -> Draft | None:
        shape = self._shape(place)
        actors, rule = self.roles.actors(found, above)
        kind = self.codebook.types[shape.event_type]
        recipients = self.roles.recipients(found, actors)
        if not any(one.country != UNKNOWN_COUNTRY for one in (*actors, *recipients)):
            return None
        if (found.frame.needs_party and len(actors) + len(recipients) < 2) or (
            not actors and not found.frame.effect
        ):
            return None
        if kind.two_sided and found.frame.presupposed and len(actors) + len(recipients) < 2:
            return None
        instrument = self.codebook.instruments.get(shape.instrument or "")
        rules = [f"actor: {rule}"]
        if instrument is not None and instrument.open_kind:
            owners = recipients if shape.event_type in ("ACCUSE", "REQUEST") else actors
            goods = frozenset(g.name for g in self.goods if found.clause_start <= g.start < found.clause_end)
            kinds = (
                {known_instrument(o.country, goods, self.day, "export") for o in owners} - {None}
                if self.day
                else set()
            )
            if len(kinds) == 1:
                shape = replace(shape, instrument=kinds.pop())
                rules.append(f"known measure: {shape.instrument}")
        return Draft(
            shape=shape,
            frame=found.frame.id,
            start=found.clause_start,
            end=found.clause_end,
            trigger_start=found.start,
            trigger_end=found.end,
            scope=((found.start, found.clause_end),),
            actors=tuple(actors),
            recipients=tuple(recipients),
            attribution=self._attribution(),
            sentence=self.number,
            rules=tuple(rules),
        )

    def _attribution(self) -> Attribution | None:
        text = self.whole[self.start : self.end]
        match = _ACCORDING.search(text.lower()) or _SAID.search(text.lower())
        if match is None:
            return None
        said = text[match.start(1) : match.end(1)].strip()
        for kind, name in (
            ("anonymous", "anonymous_sources"),
            ("medium", "medium"),
            ("document", "document"),
        ):
            words = self.codebook.reporting_sources.get(kind)
            if words and any(has_phrase(said.lower(), word) for word in words.vi):
                return Attribution(type=name, text=said)
        begin = self.start + match.start(1)
        named = any(begin <= m.start < begin + len(said) + 1 for m in self.mentions)
        return Attribution(type="named_official", text=said) if named else None


def _small(text: str) -> str:
    """Small letters, character for character, so that places stay the same."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _covers(outer: Mention, inner: Mention) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _equal(one: Draft, other: Draft) -> bool:
    def sides(draft: Draft) -> tuple[str, set[str]]:
        return draft.shape.event_type, {p.country for p in (*draft.actors, *draft.recipients)}

    return sides(one) == sides(other) and one.shape.instrument == other.shape.instrument
