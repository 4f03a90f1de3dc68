"""Words that only look like an act: a figure, a habit, an idiom, what a measure brings about."""

from __future__ import annotations

from spacy.tokens import Token

from nlp.coding.grammar import SUBJECTS, is_passive, prepositional, subject
from nlp.coding.parties import parties
from nlp.coding.roles import Side
from nlp.coding.sentence_reading import SentenceReading
from nlp.coding.stages import Shape
from nlp.coding.trigger import Trigger
from nlp.coding.word_index import lemma_of


def tells_no_act(reading: SentenceReading, trigger: Trigger, shape: Shape, recipient: Side) -> bool:
    """Whether a trigger with this shape and recipient tells nothing that anybody did."""
    if trigger.nominal:
        return _noun_tells_none(reading, trigger) or _word_tells_none(reading, trigger, shape, recipient)
    return (
        _word_tells_none(reading, trigger, shape, recipient)
        or _verb_tells_none(reading, trigger)
        or _told_by_an_act(reading, trigger)
    )


def _noun_tells_none(reading: SentenceReading, trigger: Trigger) -> bool:
    frame, noun, index = trigger.frame, trigger.token, reading.index
    if frame.type == "COOPERATE" and noun.dep_ in SUBJECTS:
        return (noun.head.lemma_.lower(),) in index.contexts["measured"]
    if any(index.in_class(lemma_of(child), ("work",)) for child in noun.children):
        return True  # a film of that name
    if frame.pledge:
        return reading.content(trigger) is None and not reading.standing(trigger).negated
    return False


def _word_tells_none(reading: SentenceReading, trigger: Trigger, shape: Shape, recipient: Side) -> bool:
    frame = trigger.frame
    if frame.type == "THREATEN" and len(trigger.words) == 1:
        return not (recipient.who or shape.content_type or shape.instrument)
    if frame.denies == "fact" and reading.content(trigger) is None:
        return True
    return frame.type == "CONSULT" and any(
        reading.index.in_class(other.lemma_.lower(), ("press",))
        for name, other in prepositional(trigger.token)
        if name in ("to", "with")
    )  # who speaks to television meets nobody


def _verb_tells_none(reading: SentenceReading, trigger: Trigger) -> bool:
    frame, verb, index = trigger.frame, trigger.token, reading.index
    if frame.gifts and _is_rate(trigger):
        return True
    if frame.type in ("COOPERATE", "ASSAULT") and (_is_compared(trigger) or _is_habit(trigger, reading)):
        return True
    if frame.type == "REJECT" and frame.content:
        below = [child for child in verb.children if child.dep_ == "xcomp"]
        return any((child.lemma_.lower(),) in index.contexts["comment"] for child in below)
    if frame.effect == "restrict" and not frame.subject:
        doer = subject(verb)
        return doer is not None and doer not in trigger.objects and index.in_class(lemma_of(doer), ("kind",))
    return False


def _told_by_an_act(reading: SentenceReading, trigger: Trigger) -> bool:
    """Whether an act is what "says" or does it: "the removal of the levy cheered growers", "a threat hung over"."""
    frame = trigger.frame
    if frame.mode == "host" and any(_is_told(reading, noun) for noun in trigger.objects):
        return True  # whoever greets a release receives nobody
    if frame.complements or frame.subject or is_passive(trigger.token):
        return False
    told = _is_told(reading, subject(trigger.token))
    speaks = reading.codebook.types[frame.type].speech == "statement"
    return told is not None and (speaks or (told.frame.content is True and frame.type == "ASSAULT"))


def _is_told(reading: SentenceReading, noun: Token | None) -> Trigger | None:
    """The act that a noun tells, if any."""
    told = reading.by_token.get(noun.i) if noun is not None else None
    return told if told is not None and told.nominal and not reading.tags.is_body(told.token) else None


def _is_compared(trigger: Trigger) -> bool:
    """Whether only an amount is compared: "bought a third less coal"."""
    words = {inner.lower_ for noun in trigger.objects for inner in noun.subtree}
    return bool(words & {"less", "fewer", "more"})


def _is_rate(trigger: Trigger) -> bool:
    """Whether an amount a day or a year is told, as of trade, and not one gift: "supplied 90,000 barrels a day"."""
    return any(
        inner.lower_ in _SPANS and (before := inner.nbor(-1).lower_) in ("per", "a", "an", "each", "every")
        and (before == "per" or inner.dep_ == "npadvmod")
        for noun in trigger.objects
        for inner in noun.subtree
        if inner.i > 0
    )  # fmt: skip


_SPANS = frozenset({"day", "week", "month", "quarter", "year"})


def _is_habit(trigger: Trigger, reading: SentenceReading) -> bool:
    """Whether a clause only says what somebody does as a rule.

    "Britain, which exports its steel to the EU", "Chile sells most of its copper to China".
    """
    verb = trigger.token
    if verb.tag_ not in ("VBZ", "VBP"):
        return False
    seller = parties(subject(verb), reading.tags) if trigger.frame.type == "COOPERATE" else []
    if seller and all(one.sector == "BUS" for one in seller):
        return True
    return verb.dep_ == "relcl" or any(
        reading.index.in_class(lemma_of(inner), ("share",))
        for noun in trigger.objects
        for inner in noun.subtree
    )
