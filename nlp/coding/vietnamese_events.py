"""Codes the events of Vietnamese sentences: frames by phrases, roles by word order, as no parser is at hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc

from db.model import UNKNOWN_COUNTRY, Attribution, Mention, Participant
from nlp.coding.answers import with_answers
from nlp.coding.draft import Draft
from nlp.coding.instruments import Told, known_instrument, told_flow, told_instrument
from nlp.coding.stages import Shape, shape_act
from nlp.coding.vietnamese_frames import has_phrase
from nlp.coding.vietnamese_roles import Clause, Memory, VietnameseRoles
from nlp.coding.vietnamese_sentence import VietnameseSentence, VietnameseWords
from nlp.coding.word_index import WordIndex
from nlp.layers import CommodityMention, read_layer

_ACCORDING = re.compile(r"(?<!\w)theo\s+([^,.]+)")
_SAID = re.compile(
    r"([^,.]+?)\s+(?:cho biết|nói|(?<!ký )(?<!ra )(?<!bản )tuyên bố(?! chung)|khẳng định|thông báo)(?!\w)"
)
_SAID_WHEN = re.compile(r"\s+(?:trong )?(?:ngày|hôm|sáng|trưa|chiều|tối|đêm|tuần)(?!\w).*$", re.IGNORECASE)
_ABOUT_MEASURES = ("ACCUSE", "REQUEST")


class VietnameseCoder:
    """Holds the trigger patterns of one codebook; `code` reads documents."""

    def __init__(self, index: WordIndex) -> None:
        self.words = VietnameseWords(index)

    def code(self, doc: Doc) -> list[Draft]:
        """The events of a Vietnamese document as drafts."""
        mentions, goods = read_layer(doc, Mention), read_layer(doc, CommodityMention)
        drafts: list[Draft] = []
        whole = doc.text  # once: a Doc joins its tokens anew each time
        memory, text = Memory(), _small(whole)
        for number, sentence in enumerate(doc.sents):
            reading = VietnameseSentence(self.words, sentence, text, mentions, goods)
            drafts += _Coder(reading, doc, whole, number, memory).drafts()
        return drafts


class _Coder:
    """Codes one sentence and moves the document's memory on."""

    def __init__(self, reading: VietnameseSentence, doc: Doc, text: str, number: int, memory: Memory) -> None:
        self.reading, self.number, self.memory = reading, number, memory
        self.codebook, self.contexts = reading.codebook, reading.contexts
        self.day = str(doc._.published or "")[:10]
        self.whole = text[reading.start : reading.end]
        self.roles = VietnameseRoles(reading.text, reading.start, reading.mentions, memory, self.contexts)
        self.last: tuple[Participant, ...] = ()

    def drafts(self) -> list[Draft]:
        """The events of the sentence, each once."""
        made: list[Draft] = []
        for place, found in enumerate(self.reading.found):
            above = self.reading.above(place)
            if above is not None and not (above.frame.emits_content and found.frame.effect):
                continue
            for draft in self._drafts(place, found, above):
                undergoing = draft.recipients if found.passive else ()
                self.last = undergoing or draft.actors or self.last
                self._add(draft, found, made)
        made = with_answers(made, self.codebook)
        for draft in made:
            self.memory.note(draft.actors, draft.recipients, draft.shape.instrument)
        subject = self.roles.subject()
        self.memory.subject = tuple(subject) or self.memory.subject
        return made

    def _add(self, draft: Draft, found: Clause, made: list[Draft]) -> None:
        """Note a draft in `made` unless it tells an act again; a clause with "theo đó" tells more of the one before."""
        self.memory.note_end(draft.shape)
        if any(_equal(draft, other) for other in made):
            return
        before = self.reading.text[self.reading.start : found.start]
        if made and self.contexts.has(before, "elaborating") and _elaborates(draft, made[-1]):
            made[-1] = replace(made[-1], recipients=made[-1].recipients or draft.recipients)
            return
        made.append(draft)

    def _shape(self, place: int) -> Shape:
        found, reading = self.reading.found[place], self.reading
        inner = next((n for n in range(place + 1, len(reading.found)) if reading.above(n) is found), None)
        nominal = inner is not None and (
            reading.found[inner].frame.presupposed or self._is_topic(found, inner)
        )
        content = self._shape(inner) if inner is not None and not nominal else None
        shape = shape_act(found.frame, reading.standing(found), reading.told(found).instrument, content)
        if shape.event_type in _ABOUT_MEASURES and shape.instrument and content is None:
            shape = replace(shape, direction=shape.direction or "restrict", stage=shape.stage or "in_force")
        if shape.event_type == "CONSULT" or shape.content_type == "CONSULT":
            shape = replace(shape, direction=None, stage=None)
        return shape

    def _is_topic(self, found: Clause, inner: int) -> bool:
        """Whether a pledge only speaks about the act ("trấn an rằng việc siết chặt ... sẽ không gây hại")."""
        before = self.reading.text[found.end : self.reading.found[inner].start].rstrip()
        return found.frame.pledge and before.endswith("việc")

    def _drafts(self, place: int, found: Clause, above: Clause | None) -> Iterator[Draft]:
        if self.reading.standing(found).purpose and not (found.frame.presupposed or found.frame.complements):
            return
        shape = self._shape(place)
        actors, rule = self.roles.actors(found, above, self.last)
        told = self.reading.told(found)
        if found.frame.subject or (found.passive and not actors):
            actors, rule, told = self._of_the_measure(found, actors, rule, told)
            shape = replace(shape, instrument=told.instrument)
        recipients = self.roles.recipients(found, actors)
        actors, recipients = self.roles.one_another(found, actors, recipients)
        if shape.event_type == "CONSULT" and len(actors) + len(recipients) < 2:
            actors, recipients, rule = self._fronted(found, actors, recipients, rule)
        if found.frame.denies == "fact" and shape.modality != "negated":
            return
        if self._is_idle(found, shape, actors, recipients):
            return
        rules = [f"actor: {rule or 'none'}"]
        known = self._known_kind(found, shape, actors, recipients)
        if known:
            shape = replace(shape, instrument=known)
            rules.append(f"known measure: {known}")
        draft = self._draft(found, shape, actors, recipients, rules)
        yield from self._swapped(found, draft) if found.frame.swap else (replace(draft, flow=told.flow),)

    def _is_idle(
        self, found: Clause, shape: Shape, actors: list[Participant], recipients: list[Participant]
    ) -> bool:
        """Whether too little is known for an event: no party, one party of a meeting or of a sale."""
        frame, kind = found.frame, self.codebook.types[shape.event_type]
        if not any(one.country != UNKNOWN_COUNTRY for one in (*actors, *recipients)):
            return True
        if frame.effect and shape.instrument is None and self._is_home_tax(found):
            return True
        if not actors and (not frame.effect or frame.presupposed or frame.subject):
            return True
        alone = len(actors) + len(recipients) < 2
        if alone and (frame.needs_party or (kind.two_sided and frame.presupposed) or frame.type == "CONSULT"):
            return True
        if alone and shape.event_type == "COOPERATE":
            return True
        return frame.needs_recipient and (found.passive or not recipients)

    def _is_home_tax(self, found: Clause) -> bool:
        begin, end = min(found.start, found.object_start), max(found.end, found.object_end)
        return self.contexts.has(self.reading.text[begin:end], "home_taxes")

    def _of_the_measure(
        self, found: Clause, actors: list[Participant], rule: str, told: Told
    ) -> tuple[list[Participant], str, Told]:
        """Whose measure takes effect, ends or is undone: its owner there, or in the text before."""
        if actors and told.instrument:
            return actors, rule, told
        left = self.reading.text[found.object_start : found.object_end]
        if found.frame.effect == "restrict" and self.memory.ended and not actors:
            return [], "", told  # a measure that the text has just told to be over takes no effect
        for instrument, owners in reversed(self.memory.measures.items()):
            same = told.instrument is None and self.contexts.has(left, "this_measure")
            if same or self._may_be(told, instrument):
                flow = self.codebook.instruments[instrument].flow or told.flow
                return actors or list(owners), "measure of the text before", Told(instrument, flow)
        return (actors, rule, told) if told.instrument else ([], "", told)

    def _may_be(self, told: Told, instrument: str) -> bool:
        known, other = (
            self.codebook.instruments.get(told.instrument or ""),
            self.codebook.instruments[instrument],
        )
        if known is None:
            return False
        return told.instrument == instrument or (
            told.flow == "unknown" and known.cue_set is not None and known.cue_set == other.cue_set
        )

    def _fronted(
        self, found: Clause, actors: list[Participant], recipients: list[Participant], rule: str
    ) -> tuple[list[Participant], list[Participant], str]:
        """Talks told in a phrase before the subject: "Trong các cuộc thảo luận bên lề, phái đoàn X ...\""""
        left = self.reading.text[found.clause_start : found.start]
        if not actors and self.contexts.has(left, "fronted"):
            actors = self.roles.subject()
            rule = "subject after the fronted phrase"
        text, classes = self.reading.text, ("counterpart",)
        place = self.contexts.first_of_class(classes, text, found.end, self.reading.end)
        if actors and not recipients and place is not None:
            end = min(place + len("đối tác"), self.reading.end)
            recipients = [Participant(start=place, end=end, text=text[place:end], sector="GOV")]
        return actors, recipients, rule

    def _known_kind(
        self, found: Clause, shape: Shape, actors: list[Participant], recipients: list[Participant]
    ) -> str | None:
        instrument = self.codebook.instruments.get(shape.instrument or "")
        if instrument is None or not instrument.open_kind or not self.day:
            return None
        owners = recipients if shape.event_type in _ABOUT_MEASURES else actors
        goods = frozenset(
            g.name for g in self.reading.goods if found.clause_start <= g.start < found.clause_end
        )
        kinds = {known_instrument(o.country, goods, self.day, "export") for o in owners} - {None}
        return kinds.pop() if len(kinds) == 1 else None

    def _swapped(self, found: Clause, draft: Draft) -> Iterator[Draft]:
        """One measure in place of another: the old one is lifted, the new one imposed."""
        text = self.reading.text[found.end : found.clause_end]
        old, _, new = text.partition(f" {self._swap_word(text)} ")
        flow = told_flow(self.codebook, text, "vi")
        for part, is_old in ((old, True), (new, False)):
            shape = replace(
                draft.shape, instrument=told_instrument(self.codebook, part, "vi", flow).instrument
            )
            if is_old:
                shape = replace(shape, event_type="RETREAT", mode="ease", direction="ease", stage="lifted")
            if shape.instrument:
                yield replace(draft, shape=shape, flow=flow)

    def _swap_word(self, text: str) -> str:
        return "bằng" if " bằng " in text else "với"

    def _draft(
        self,
        found: Clause,
        shape: Shape,
        actors: list[Participant],
        recipients: list[Participant],
        rules: list[str],
    ) -> Draft:
        return Draft(
            shape=shape,
            frame=found.frame.id,
            start=found.clause_start,
            end=found.clause_end,
            trigger_start=found.start,
            trigger_end=found.end,
            scope=((found.clause_start if found.passive else found.start, found.clause_end),),
            actors=tuple(actors),
            recipients=tuple(recipients),
            attribution=self._attribution(),
            venue=self._venue(found) if "CONSULT" in (shape.event_type, shape.content_type) else None,
            sentence=self.number,
            rules=tuple(rules),
        )

    def _venue(self, found: Clause) -> str | None:
        place = self.roles.venue(found)
        first = self.reading.start
        return self.whole[place[0] - first : place[1] - first] if place else None

    def _attribution(self) -> Attribution | None:
        text = self.whole
        small = text.lower()
        other = [m.span() for m in self.contexts.all_matches("not_according", small)]
        according = (m for m in _ACCORDING.finditer(small) if not any(a <= m.start() < b for a, b in other))
        match = next(according, None) or _SAID.search(small)
        if match is None:
            return None
        first, last = match.span(1)
        acts = (f.start - self.reading.start for f in self.reading.found)
        last = min([place for place in acts if first < place < last], default=last)
        said = _SAID_WHEN.sub("", text[first:last].strip())
        for kind, name in (
            ("anonymous", "anonymous_sources"),
            ("medium", "medium"),
            ("document", "document"),
        ):
            words = self.codebook.reporting_sources.get(kind)
            if words and any(has_phrase(said.lower(), word) for word in words.vi):
                return Attribution(type=name, text=said)
        begin = self.reading.start + match.start(1)
        named = any(begin <= m.start < begin + len(said) + 1 for m in self.reading.mentions)
        return Attribution(type="named_official", text=said) if named else None


def _small(text: str) -> str:
    """Small letters, character for character, so that places stay the same."""
    return "".join(low if len(low := letter.lower()) == 1 else letter for letter in text)


def _elaborates(draft: Draft, other: Draft) -> bool:
    """Whether a draft may tell more of the same act: of its type and instrument, by nobody else."""
    same = (
        draft.shape.event_type == other.shape.event_type and draft.shape.instrument == other.shape.instrument
    )
    return same and {p.country for p in draft.actors} <= {p.country for p in other.actors}


def _equal(one: Draft, other: Draft) -> bool:
    def sides(draft: Draft) -> tuple[str, set[str]]:
        return draft.shape.event_type, {p.country for p in (*draft.actors, *draft.recipients)}

    return sides(one) == sides(other) and one.shape.instrument == other.shape.instrument
