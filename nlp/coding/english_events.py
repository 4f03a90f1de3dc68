"""Codes the events of English sentences by matching frames on the dependency parse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from spacy.tokens import Doc, Span, Token

from db.model import UNKNOWN_COUNTRY, Participant
from nlp.coding.answers import with_answers
from nlp.coding.attribution import attribution_of
from nlp.coding.bare_passives import mend_bare_passives
from nlp.coding.casting import Casting
from nlp.coding.discourse import Focus, is_general
from nlp.coding.draft import Draft
from nlp.coding.grammar import SUBJECTS, is_passive, phrase, prepositional, subject
from nlp.coding.instruments import known_instrument, told_flow, told_instrument
from nlp.coding.no_acts import tells_no_act
from nlp.coding.parties import Tags, index_tags, is_pronoun, parties, unique
from nlp.coding.roles import Side
from nlp.coding.same_acts import only_gives_way, tells_same_act
from nlp.coding.sentence_reading import SentenceReading
from nlp.coding.stages import Shape
from nlp.coding.trigger import Trigger, scope_text
from nlp.coding.venues import venue_of
from nlp.coding.word_index import WordIndex, lemma_of


def code_english(doc: Doc, index: WordIndex) -> list[Draft]:
    """The events of an English document, sentence by sentence, as drafts with their roles."""
    tags, focus = index_tags(doc), Focus()
    drafts: list[Draft] = []
    for number, sentence in enumerate(doc.sents):
        mend_bare_passives(sentence, index)
        focus.sentence = number
        found = _Coder(SentenceReading(sentence, index, tags), focus, number).drafts()
        if not found:
            focus.note(_subjects(sentence, tags), (), False)
        drafts += found
    return drafts


_RULERS = ("group", "authority", "domestic", "measure", "official")
_PLAIN_ACTS = frozenset({"ASSAULT", "COERCE", "PROTEST", "RETREAT"})
"""Types that are told by themselves, without a country on either side."""


@dataclass(frozen=True, slots=True)
class _Act:
    """A trigger with what is coded for it and who takes part."""

    trigger: Trigger
    shape: Shape
    actor: Side
    recipient: Side
    rules: tuple[str, ...]


class _Coder:
    """Codes one sentence and moves the document's focus on."""

    def __init__(self, reading: SentenceReading, focus: Focus, number: int) -> None:
        self.reading, self.focus, self.number = reading, focus, number
        self.codebook, self.tags = reading.codebook, reading.tags
        self.casting = Casting(reading, focus)

    def drafts(self) -> list[Draft]:
        """The events, each once; acts told beside the news only where there is no news."""
        found: list[Draft] = []
        for trigger in self.reading.triggers:
            for draft in self._code(trigger):
                if not any(tells_same_act(draft, other) for other in found):
                    found = [other for other in found if not tells_same_act(other, draft)]
                    found.append(draft)
                    two_sided = self.codebook.types[draft.shape.event_type].two_sided
                    if draft.shape.event_type != "PROTEST":  # whose actor is mostly a place
                        self.focus.note(draft.actors, draft.recipients, two_sided)
                    if draft.shape.direction is not None:
                        self.focus.note_measure(draft.actors)
        told = [draft for draft in found if not only_gives_way(draft, found)]
        found = with_answers(told, self.codebook)
        return [draft for draft in found if not draft.aside] or found

    def _code(self, trigger: Trigger) -> Iterator[Draft]:
        standing = self.reading.standing(trigger)
        if standing.purpose or not self.reading.is_free(trigger):
            return
        shape = self.reading.shape(trigger)
        actor, recipient = self.casting.cast(trigger, shape)
        both = trigger.frame.two_sided and actor.rule == "between-phrase"
        if (standing.inert and not both) or self._is_idle(trigger, shape, actor, recipient):
            return
        act = self._settled(trigger, shape, actor, recipient)
        for part in self._swapped(act) if trigger.frame.swap else (act,):
            yield self._draft(part)

    def _is_idle(self, trigger: Trigger, shape: Shape, actor: Side, recipient: Side) -> bool:
        """Whether too little is known for an event: no party, one party of a meeting, a bare noun."""
        frame, doing = trigger.frame, unique(actor.who)
        if tells_no_act(self.reading, trigger, shape, recipient):
            return True
        if not any(one.country != UNKNOWN_COUNTRY for one in (*doing, *recipient.who)):
            return not (doing and frame.effect is None and self._is_plain(trigger, actor))
        if frame.subject and self._subject_is_act(trigger):
            return True
        if not doing and self._is_undone(trigger):
            return True
        if not doing and (
            trigger.nominal or (frame.effect is None and frame.type not in ("ASSAULT", "PROTEST"))
        ):
            return True
        if (
            trigger.nominal
            and frame.presupposed
            and not frame.two_sided
            and not self._is_claimed(trigger, actor)
        ):
            return True
        alone = not recipient.who and len(doing) < 2
        if alone and (frame.needs_recipient or frame.needs_party or (frame.two_sided and frame.presupposed)):
            return True
        unmeasured = shape.event_type == "THREATEN" and shape.content_type not in (None, "SANCTION")
        measured = bool(frame.effect) and not unmeasured
        return (measured or bool(frame.gifts)) and self._is_private(trigger, actor)

    def _is_private(self, trigger: Trigger, actor: Side) -> bool:
        """Whether a measure is told of somebody who governs nothing: a firm, a hotel, a price."""
        frame = trigger.frame
        if _trades_itself(trigger) and actor.who and all(map(_may_be_a_firm, actor.who)):
            return True
        if actor.who and all(one.sector == "BUS" for one in actor.who):
            sells = bool(frame.gifts) and lemma_of(trigger.words[0]) not in frame.gifts
            return frame.type == "SANCTION" or frame.instrument == "production_quota" or sells
        if trigger.words[0].pos_ == "NOUN" and not trigger.nominal:
            return False  # the verb of a headline, whose subject the parser did not see
        if trigger.token.pos_ == "ADJ" or frame.goods_owner or frame.actor_via:
            return False
        doer = actor.head if actor.rule == "possessor" else None
        if not trigger.nominal and not frame.subject and not is_passive(trigger.token):
            doer = subject(trigger.token)
        if (
            doer is None
            or is_pronoun(doer)
            or is_general(doer)
            or self.tags.named(doer) is not None
            or doer in trigger.objects
        ):
            return False
        if actor.rule in ("by-phrase", "whose market or ports", "from-phrase"):
            return False
        return not self.reading.index.in_class(lemma_of(doer), _RULERS) and not self.tags.is_body(doer)

    def _is_plain(self, trigger: Trigger, actor: Side) -> bool:
        """Whether an act is told by itself, without a country on either side."""
        if trigger.frame.type in _PLAIN_ACTS:
            return True
        mention = self.tags.mentions.get(actor.head.i) if actor.head is not None else None
        return mention is not None and mention.kind in ("party", "organisation")

    def _is_claimed(self, trigger: Trigger, actor: Side) -> bool:
        """A bare measure is an event when its owner is named, or when somebody weighs, plans or denies it."""
        standing = self.reading.standing(trigger)
        told = standing.hypothetical or standing.planned or standing.future or standing.negated
        return actor.rule in ("possessor", "by-phrase") or (told and bool(actor.who))

    def _subject_is_act(self, trigger: Trigger) -> bool:
        """Whether the subject tells the act itself ("the removal of tariffs took effect")."""
        below = [self.reading.by_token.get(noun.i) for noun in trigger.objects]
        return any(other is not None and not other.frame.presupposed for other in below)

    def _is_undone(self, trigger: Trigger) -> bool:
        """Whether a participle only says when what is now eased was imposed: "duties imposed in May were lifted"."""
        token = trigger.token
        return token.dep_ == "acl" and any(
            other.frame.effect == "ease" and token.head in other.objects for other in self.reading.triggers
        )

    def _settled(self, trigger: Trigger, shape: Shape, actor: Side, recipient: Side) -> _Act:
        """The act with the kind that a known measure supplies where the words leave it open."""
        rules = [f"actor: {actor.rule or 'none'}", f"recipient: {recipient.rule or 'none'}"]
        told = self.reading.told(trigger)
        if told.rule:
            rules.append(told.rule)
        instrument = self.codebook.instruments.get(shape.instrument or "")
        if instrument is not None and instrument.open_kind:
            speech = shape.event_type in ("ACCUSE", "REQUEST", "SUPPORT", "REJECT")
            owners = recipient.who if speech else actor.who
            kind = self._known_kind(trigger, owners) if shape.modality == "actual" else None
            if kind:
                rules.append(f"known measure of {owners[0].country}: {kind}")
                shape = replace(shape, instrument=kind)
        if (
            shape.event_type == "CONSULT"
            and shape.mode is None
            and len(unique((*actor.who, *recipient.who))) > 2
        ):
            shape = replace(shape, mode="multilateral")
        return _Act(trigger, shape, actor, recipient, tuple(rules))

    def _known_kind(self, trigger: Trigger, owners: Sequence[Participant]) -> str | None:
        day = str(self.reading.sentence.doc._.published or "")[:10]
        goods = self.reading.goods(trigger)
        kinds = {known_instrument(one.country, goods, day, "export") for one in owners} if day else set()
        return kinds.pop() if len(kinds) == 1 else None

    def _swapped(self, act: _Act) -> Iterator[_Act]:
        """One measure in place of another: the old one is lifted, the new one imposed."""
        trigger, shape = act.trigger, act.shape
        holders = (trigger.token, *(inner for noun in trigger.objects for inner in noun.subtree))
        new = tuple(n for h in holders for name, n in prepositional(h) if name == trigger.frame.swap)
        flow = told_flow(self.codebook, scope_text(trigger, self.tags), "en")
        for nouns, is_old in ((trigger.objects, True), (new, False)):
            words = [t.lower_ for n in nouns for t in phrase(n) if not is_old or not _below(t, new)]
            told = told_instrument(self.codebook, " ".join(words), "en", flow)
            made = replace(shape, instrument=told.instrument)
            if is_old and shape.event_type == "SANCTION":
                made = replace(made, event_type="RETREAT", mode="ease", direction="ease", stage="lifted")
            if nouns:
                yield replace(act, shape=made, rules=(*act.rules, told.rule))

    def _is_aside(self, trigger: Trigger) -> bool:
        """Whether an act other than a measure is told beside the news; speech in a participle is news."""
        frame, standing = trigger.frame, self.reading.standing(trigger)
        if frame.effect is not None or (frame.two_sided and not trigger.nominal):
            return False
        return standing.embedded and not (standing.participle and frame.content is not False)

    def _draft(self, act: _Act) -> Draft:
        trigger = act.trigger
        parts = (trigger.token, *trigger.objects)
        tokens = sorted({token for part in parts for token in part.subtree}, key=lambda token: token.i)
        scope = [token for part in parts for token in phrase(part, adjuncts=True)]
        inner = self.reading.content(trigger)
        if inner is not None:
            scope += [token for part in (inner.token, *inner.objects) for token in phrase(part)]
        frame = trigger.frame
        return Draft(
            shape=act.shape,
            frame=frame.id,
            start=tokens[0].idx,
            end=tokens[-1].idx + len(tokens[-1]),
            trigger_start=trigger.token.idx,
            trigger_end=trigger.token.idx + len(trigger.token),
            scope=tuple(sorted({(token.idx, token.idx + len(token)) for token in scope})),
            actors=tuple(unique(act.actor.who)),
            recipients=tuple(unique(act.recipient.who)),
            attribution=attribution_of(trigger.token, self.reading.sentence, self.tags, self.codebook),
            venue=self._venue(act),
            sentence=self.number,
            flow=self.reading.told(trigger).flow,
            rules=act.rules,
            aside=self._is_aside(trigger),
            nominal=trigger.nominal,
        )

    def _venue(self, act: _Act) -> str | None:
        meets = "CONSULT" in (act.shape.event_type, act.shape.content_type)
        return venue_of(act.trigger, self.tags) if meets else None


def _subjects(sentence: Span, tags: Tags) -> list[Participant]:
    """Governments and officials that are subjects of a sentence without events."""
    return [
        one
        for token in sentence
        if token.dep_ in SUBJECTS and token.head.dep_ == "ROOT"
        for one in parties(token, tags)
        if one.sector != "BUS"
    ]


def _trades_itself(trigger: Trigger) -> bool:
    """Whether what is stopped is buying or selling of one's own: "would stop importing crude"."""
    return any(
        child.dep_ == "xcomp" and child.tag_ == "VBG" and child.lemma_ in _TRADES
        for child in trigger.token.children
    )


_TRADES = frozenset({"import", "export", "buy", "purchase", "sell", "ship", "order", "take", "use"})


def _may_be_a_firm(one: Participant) -> bool:
    """Whether a party is a firm, or a body of which nothing is known but its name."""
    return one.sector == "BUS" or (one.entity_id or "").startswith("org/x-")


def _below(token: Token, heads: Sequence[Token]) -> bool:
    return any(token == head or head.is_ancestor(token) for head in heads)
