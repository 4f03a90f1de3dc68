"""One English sentence as frames see it: its triggers, how each stands, what each says of a measure."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Span, Token

from db.model import INTERNATIONAL, Stage
from nlp.coding.frames import find_triggers
from nlp.coding.governing_words import says
from nlp.coding.grammar import direct_objects, phrase, subject
from nlp.coding.instruments import Told, told_flow, told_instrument
from nlp.coding.modality import standing
from nlp.coding.noun_classes import is_a
from nlp.coding.parties import Tags, is_pronoun, parties
from nlp.coding.stages import Shape, measure_denied, shape_act
from nlp.coding.standing import Standing
from nlp.coding.trigger import Trigger, scope_text
from nlp.coding.word_index import WordIndex

_SPEECH_ABOUT_MEASURES = ("ACCUSE", "REQUEST", "REJECT", "SUPPORT")


class SentenceReading:
    """The triggers of a sentence with their standing; contents and shapes are worked out when asked for."""

    def __init__(self, sentence: Span, index: WordIndex, tags: Tags) -> None:
        self.sentence, self.index, self.tags = sentence, index, tags
        self.codebook = index.codebook
        self.triggers = self._settled(find_triggers(sentence, index, tags))
        self.by_token = {trigger.token.i: trigger for trigger in self.triggers}
        self._standings = {t.token.i: standing(t, self.by_token, index) for t in self.triggers}
        self._shapes: dict[int, Shape] = {}
        self._told: dict[int, Told] = {}

    def standing(self, trigger: Trigger) -> Standing:
        """What the words around the trigger say of it."""
        return self._standings[trigger.token.i]

    def content(self, trigger: Trigger) -> Trigger | None:
        """The act that the trigger promises, asks for, refuses, praises; the nearest, verbs before nouns."""
        frame = trigger.frame
        takes_nouns = frame.content is True and (frame.type in ("THREATEN", "REQUEST") or frame.denies)
        acts = [
            other
            for other in self.triggers
            if self.standing(other).under is trigger
            and not self.standing(other).topic
            and (takes_nouns or not (other.frame.presupposed and other.nominal))
            and (frame.content != "absorb" or other.frame.effect)
        ] or self._shared_content(trigger)
        return min(acts, key=lambda t: (t.nominal, abs(t.token.i - trigger.token.i)), default=None)

    def _shared_content(self, trigger: Trigger) -> list[Trigger]:
        """The act that a promise and its refusal have in common: "promised, then refused, to lift the ban"."""
        if trigger.nominal or trigger.frame.type not in ("REJECT", "CONCEDE"):
            return []
        found = []
        for other in self.triggers:
            together = other.token.head == trigger.token or trigger.token.head == other.token
            promise, refusal = (trigger, other) if trigger.frame.pledge else (other, trigger)
            if together and promise.frame.pledge and refusal.frame.type == "REJECT":
                found += [one for one in self.triggers if self.standing(one).under is other]
        return found

    def below(self, trigger: Trigger) -> list[Trigger]:
        """The acts that are told as the content of the trigger."""
        return [other for other in self.triggers if self.standing(other).under is trigger]

    def is_free(self, trigger: Trigger) -> bool:
        """Whether the act is told for itself and not only as another's content or object."""
        above, frame = self.standing(trigger).under, trigger.frame
        if above is None:
            return True
        if not above.frame.emits_content:
            return False
        pledged = frame.pledge and self.content(trigger) is not None
        return pledged or (frame.effect is not None and not frame.presupposed)

    def shape(self, trigger: Trigger) -> Shape:
        """What is coded for the trigger, its content taken into account."""
        known = self._shapes.get(trigger.token.i)
        if known is not None:
            return known
        self._shapes[trigger.token.i] = Shape(trigger.frame.type)  # stops a circle of contents
        inner = self.content(trigger)
        instrument = self.told(trigger).instrument
        content = self.shape(inner) if inner is not None else measure_denied(trigger.frame, instrument)
        shape = shape_act(trigger.frame, self.standing(trigger), instrument, content)
        if shape.event_type in _SPEECH_ABOUT_MEASURES and shape.instrument and content is None:
            shape = self._about_measure(shape, trigger)
        if trigger.frame.pledge and content is None and self._vows_harm(trigger):
            shape = replace(shape, event_type="THREATEN", mode="restrict")
        if "CONSULT" in (shape.event_type, shape.content_type):
            shape = replace(shape, direction=None, stage=None)
        self._shapes[trigger.token.i] = shape
        return shape

    def _vows_harm(self, trigger: Trigger) -> bool:
        """Whether a pledge means to stand against another: "vowed to block it", "promised to keep the ships out"."""
        for clause in trigger.token.children:
            if clause.dep_ != "xcomp" or not says(clause, "hostile", self.index):
                continue
            objects = direct_objects(clause)
            aimed = [
                noun
                for noun in objects
                if is_pronoun(noun)
                or is_a(noun, ("measure", "proposal", "goods", "place", "named"), self.index, self.tags)
            ]
            return bool(aimed) or not objects
        return False

    def told(self, trigger: Trigger) -> Told:
        """The instrument that the words of the act tell, with the flow of goods."""
        known = self._told.get(trigger.token.i)
        if known is None:
            known = self._told[trigger.token.i] = self._read_instrument(trigger)
        return known

    def _read_instrument(self, trigger: Trigger) -> Told:
        frame = trigger.frame
        if not self.codebook.takes(frame.type, "measure"):
            return Told(None, "unknown")
        text = scope_text(trigger, self.tags, clauses=bool(frame.needs or frame.authority))
        flow = told_flow(self.codebook, text, "en")
        if flow == "unknown":
            flow = next((t.lemma_ for t in trigger.words if t.lemma_ in ("export", "import")), flow)
        if flow == "unknown":
            flow = self._hinted_flow(trigger)
        if frame.resumes and flow in ("export", "import"):
            return Told(f"{flow}_ban", flow, f"what was resumed had been stopped: {flow}")
        if frame.instrument:
            return Told(frame.instrument, flow, f"instrument of frame {frame.id}")
        if frame.effect is None and frame.content is False and frame.type != "CONSULT":
            return Told(None, flow)
        told = told_instrument(self.codebook, text, "en", flow, only=frame.needs)
        if told.instrument == "import_ban":
            return self._with_reason(trigger, told)
        if told.instrument == "trade_agreement" and not frame.concludes:
            return Told(None, flow)
        if frame.authority and told.instrument and self.codebook.instruments[told.instrument].open_kind:
            return Told(None, flow)  # a crackdown that a court judges need be no measure of trade
        return told

    def countries(self) -> tuple[str, ...]:
        """The countries that the sentence names, each once."""
        named = (self.tags.named(token) for token in self.sentence)
        codes = dict.fromkeys(mention.country for mention in named if mention is not None)
        return tuple(code for code in codes if code != INTERNATIONAL)

    def goods(self, trigger: Trigger) -> frozenset[str]:
        """The commodities named under the trigger and its objects."""
        tokens = [token for part in (trigger.token, *trigger.objects) for token in part.subtree]
        return frozenset(self.tags.commodities[t.i].name for t in tokens if t.i in self.tags.commodities)

    def _with_reason(self, trigger: Trigger, told: Told) -> Told:
        """A stop of imports for the sake of health is a sanitary measure."""
        reasons = " ".join(token.lower_ for token in trigger.token.subtree)
        health = told_instrument(self.codebook, reasons, "en", told.flow, only=("sps",))
        return health if health.instrument else told

    def _hinted_flow(self, trigger: Trigger) -> str:
        """Goods from a country are imports; shipments are exports unless the words say otherwise."""
        doing = [child for child in trigger.token.children if child.dep_ == "nsubj"]
        about_doers = {token.i for child in doing for token in child.subtree}
        from_country = any(
            token.lower_ == "from" and token.dep_ == "prep" and any(self.tags.named(t) for t in token.subtree)
            for token in phrase(trigger.token)
            if token.i not in about_doers  # "carmakers from Norway warned"
        )
        if from_country and not trigger.frame.actor_via:
            return "import"
        hints = self.codebook.flow_hints.get("export")
        words = {token.lemma_.lower() for noun in trigger.objects for token in phrase(noun)}
        return "export" if hints and words & set(hints.en) else "unknown"

    def _about_measure(self, shape: Shape, trigger: Trigger) -> Shape:
        """A statement about a measure takes its direction; what is only proposed is not in force."""
        if shape.instrument == "trade_agreement":
            return shape
        stage: Stage | None = "in_force"
        if any(self.index.in_class(noun.lemma_.lower(), ("proposal",)) for noun in trigger.objects):
            stage = "rejected" if shape.event_type == "REJECT" else None
        return replace(shape, direction=shape.direction or "restrict", stage=shape.stage or stage)

    def _settled(self, triggers: list[Trigger]) -> list[Trigger]:
        """A warning of one's own restrictive act is a threat; any other warning is not."""
        return [
            self._warning(trigger, triggers) if trigger.frame.governs else trigger for trigger in triggers
        ]

    def _warning(self, trigger: Trigger, triggers: list[Trigger]) -> Trigger:
        speakers = {one.country for one in parties(subject(trigger.token), self.tags)}
        for other in triggers:
            below = other.frame.id in trigger.frame.governs and trigger.token.is_ancestor(other.token)
            if below and not other.nominal and self._is_one_of(subject(other.token), speakers):
                return trigger
        other_frame = next(f for f in self.codebook.frames if f.id == trigger.frame.otherwise)
        return replace(trigger, frame=other_frame)

    def _is_one_of(self, noun: Token | None, countries: set[str]) -> bool:
        if noun is None:
            return False
        return is_pronoun(noun) or bool(countries & {one.country for one in parties(noun, self.tags)})
