"""Codes the events of English sentences by matching frames on the dependency parse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from db.model import UNKNOWN_COUNTRY, Participant, Stage
from nlp.attribution import attribution_of, speaker, speaking_party
from nlp.discourse import Focus
from nlp.event_records import Draft
from nlp.frames import Trigger, find_triggers, scope_text
from nlp.grammar import SUBJECTS, is_passive, phrase, prepositional, subject
from nlp.instruments import Told, known_instrument, told_flow, told_instrument
from nlp.modality import Standing, standing
from nlp.parties import Tags, index_tags, is_pronoun, parties, unique
from nlp.roles import INTERNAL, RoleFinder, Side
from nlp.stages import Shape, shape_act
from nlp.word_index import WordIndex

_POLICY_TYPES = frozenset(
    "SANCTION RETREAT POLICY THREATEN CONCEDE AGREE REQUEST REJECT ACCUSE SUPPORT CONSULT".split()
)
_CONTROLLERS = frozenset({"REQUEST", "SUPPORT", "ACCUSE"})


def code_english(doc: Doc, index: WordIndex) -> list[Draft]:
    """The events of an English document, sentence by sentence, drafts with their roles."""
    tags, focus = index_tags(doc), Focus()
    drafts: list[Draft] = []
    for number, sentence in enumerate(doc.sents):
        coder = _Sentence(sentence, number, index, tags, focus)
        drafts += coder.drafts()
    return drafts


class _Sentence:
    """One sentence with its triggers and what is known of them."""

    def __init__(self, sentence: Span, number: int, index: WordIndex, tags: Tags, focus: Focus) -> None:
        self.sentence, self.number, self.index, self.tags, self.focus = sentence, number, index, tags, focus
        self.codebook = index.codebook
        self.triggers = find_triggers(sentence, self.index, tags)
        self.by_token = {trigger.token.i: trigger for trigger in self.triggers}
        self._settle_warnings()
        controls = frozenset(t.token for t in self.triggers if t.frame.type in _CONTROLLERS)
        self.roles = RoleFinder(tags, self.index, controls)
        self.standings = {t.token.i: standing(t, self.by_token, self.index) for t in self.triggers}
        self.shapes: dict[int, Shape] = {}

    def drafts(self) -> list[Draft]:
        """The events, each once; the document's focus is moved on."""
        found: list[Draft] = []
        for trigger in self.triggers:
            for draft in self._code(trigger):
                if not any(_same(draft, other) for other in found):
                    found.append(draft)
                    two_sided = self.codebook.types[draft.shape.event_type].two_sided
                    self.focus.note(draft.actors, draft.recipients, two_sided)
        if not found:
            self.focus.note(self._subjects(), (), False)
        return _without_asides(found)

    def _settle_warnings(self) -> None:
        """A warning of one's own restrictive act is a threat; any other warning is not."""
        for place, trigger in enumerate(self.triggers):
            if not trigger.frame.governs:
                continue
            own = subject(trigger.token)
            below = [t for t in self.triggers if t.frame.id in trigger.frame.governs and trigger.token.is_ancestor(t.token)]
            speaks = {one.country for one in parties(own, self.tags)}
            if any(self._acts_itself(t, speaks) for t in below):
                continue
            other = next((f for f in self.codebook.frames if f.id == trigger.frame.otherwise), None)
            if other is not None:
                self.triggers[place] = replace(trigger, frame=other)
                self.by_token[trigger.token.i] = self.triggers[place]

    def _acts_itself(self, trigger: Trigger, speakers: set[str]) -> bool:
        noun = subject(trigger.token)
        if noun is None or trigger.nominal:
            return False
        return is_pronoun(noun) or bool(speakers & {one.country for one in parties(noun, self.tags)})

    def _subjects(self) -> list[Participant]:
        """Governments and officials that are subjects in a sentence without events."""
        return [
            one
            for token in self.sentence
            if token.dep_ in SUBJECTS and token.head.dep_ == "ROOT"
            for one in parties(token, self.tags)
            if one.sector != "BUS"
        ]

    def _code(self, trigger: Trigger) -> Iterator[Draft]:
        found = self.standings[trigger.token.i]
        if found.purpose or not self._free(trigger, found):
            return
        shape = self._shape(trigger)
        side = self._actor(trigger)
        recipient = self._recipient(trigger, side, shape)
        both = trigger.frame.two_sided and side.rule == "between-phrase"
        if found.inert and not both or self._is_idle(trigger, shape, side, recipient):
            return
        if trigger.frame.civil and not side.who:
            place = self.roles.place(trigger.token)
            if place:
                side = Side(tuple(place), "place of the protest", side.head)
            elif recipient.who:
                side, recipient = Side(recipient.who, "at whom the protest is aimed"), Side()
        side, recipient = self._within_one_country(trigger, shape, side, recipient)
        shape, rules = self._filled(trigger, shape, side, recipient)
        if trigger.frame.swap:
            yield from self._swapped(trigger, shape, side, recipient, rules)
            return
        yield self._draft(trigger, shape, side, recipient, rules)

    def _swapped(
        self, trigger: Trigger, shape: Shape, side: Side, recipient: Side, rules: Sequence[str]
    ) -> Iterator[Draft]:
        """One measure in place of another: the old one is lifted, the new one imposed."""
        new = [noun for name, noun in prepositional(trigger.token) if name == trigger.frame.swap]
        new += [n for o in trigger.objects for name, n in prepositional(o) if name == trigger.frame.swap]
        for nouns, old in ((trigger.objects, True), (tuple(new), False)):
            if not nouns:
                continue
            text = " ".join(t.lower_ for n in nouns for t in phrase(n) if old is False or not _below(t, new))
            flow = told_flow(self.codebook, scope_text(trigger, self.tags), "en")
            told = told_instrument(self.codebook, text, "en", flow)
            made = replace(shape, instrument=told.instrument)
            if old and shape.event_type == "SANCTION":
                made = replace(made, event_type="RETREAT", mode="ease", direction="ease", stage="lifted")
            yield self._draft(trigger, made, side, recipient, [*rules, told.rule])

    def _recipient(self, trigger: Trigger, side: Side, shape: Shape) -> Side:
        found = self.roles.recipient(trigger, side.who)
        if found.who:
            return found
        inner, above = self._content(trigger), self.standings[trigger.token.i].under
        if inner is not None and trigger.frame.content is True:
            found = self.roles.recipient(inner, side.who)
        elif above is not None and above.frame.emits_content:
            found = Side(self._actor(above).who, "who speaks of it")
        elif trigger.frame.two_sided and trigger.frame.type == "CONSULT" and len(side.who) < 2:
            found = Side(self.focus.partners(side.who), "partner of the text before")
        return found

    def _free(self, trigger: Trigger, found: Standing) -> bool:
        """Whether the act is told for itself and not only as another's content or object."""
        above = found.under
        if above is None:
            return True
        return (
            above.frame.emits_content and trigger.frame.effect is not None and not trigger.frame.presupposed
        )

    def _content(self, trigger: Trigger) -> Trigger | None:
        under = [t for t in self.triggers if self.standings[t.token.i].under is trigger]
        frame = trigger.frame
        takes_nouns = frame.content is True and (frame.type in ("THREATEN", "REQUEST") or frame.denies)
        acts = [
            t
            for t in under
            if not self.standings[t.token.i].topic
            and (takes_nouns or not (t.frame.presupposed and t.nominal))
            and (trigger.frame.content != "absorb" or t.frame.effect)
        ]
        return min(acts, key=lambda t: (t.nominal, abs(t.token.i - trigger.token.i)), default=None)

    def _shape(self, trigger: Trigger) -> Shape:
        known = self.shapes.get(trigger.token.i)
        if known is not None:
            return known
        self.shapes[trigger.token.i] = Shape(trigger.frame.type)  # stops a circle of contents
        inner = self._content(trigger)
        content = self._shape(inner) if inner is not None else None
        told = self._told(trigger)
        shape = shape_act(trigger.frame, self.standings[trigger.token.i], told.instrument, content)
        if shape.event_type in ("ACCUSE", "REQUEST", "REJECT", "SUPPORT") and shape.instrument and content is None:
            shape = _about_measure(shape, trigger, self.index)
        if shape.event_type == "CONSULT" or shape.content_type == "CONSULT":
            shape = Shape(
                shape.event_type, shape.content_type, shape.mode, None, None, shape.modality, shape.instrument
            )
        self.shapes[trigger.token.i] = shape
        return shape

    def _told(self, trigger: Trigger) -> Told:
        frame = trigger.frame
        if frame.type not in _POLICY_TYPES:
            return Told(None, "unknown")
        text = scope_text(trigger, self.tags, clauses=bool(frame.needs or frame.authority))
        flow = told_flow(self.codebook, text, "en")
        if flow == "unknown":
            flow = self._hinted_flow(trigger)
        if frame.instrument:
            return Told(frame.instrument, flow, f"instrument of frame {frame.id}")
        if frame.effect is None and frame.content is False and frame.type not in ("CONSULT",):
            return Told(None, flow)
        told = told_instrument(self.codebook, text, "en", flow)
        if told.instrument == "import_ban":
            reasons = " ".join(token.lower_ for token in trigger.token.subtree)
            told = told_instrument(self.codebook, reasons, "en", flow, only=("sps",))
            told = told if told.instrument else Told("import_ban", flow, "instrument import_ban")
        if told.instrument == "trade_agreement" and frame.id != "sign" or told.instrument is None:
            return Told(None, flow)
        return told

    def _hinted_flow(self, trigger: Trigger) -> str:
        """Shipments to a country are exports, goods from a country or of its making are imports."""
        words = {token.lemma_.lower() for noun in trigger.objects for token in phrase(noun)}
        origin = any(
            token.lower_ == "from" and token.dep_ == "prep" and any(self.tags.named(t) for t in token.subtree)
            for token in phrase(trigger.token)
        )
        if origin:
            return "import"
        hints = self.codebook.flow_hints.get("export")
        return "export" if hints and words & set(hints.en) else "unknown"

    def _actor(self, trigger: Trigger) -> Side:
        side = self.roles.actor(trigger)
        if trigger.frame.complements:
            said = speaker(trigger.token)
            who = parties(said, self.tags) or list(self.focus.resolve(said, self.tags))
            return Side(tuple(who), "who says so") if who else side
        if trigger.frame.subject and trigger.objects:
            owner = self.roles.owner(trigger.objects[0])
            if owner:
                return Side(tuple(owner), "owner of the measure")
            return Side(tuple(speaking_party(trigger.token, self.tags)), "who says so")
        if side.who:
            return side
        if side.head is not None and is_pronoun(side.head) and side.head.lower_ in ("we", "i", "our"):
            spoken = speaking_party(trigger.token, self.tags)
            if spoken:
                return Side(tuple(spoken), "speaker of the quote")
        above = self._subject_above(trigger, side.head)
        if above:
            return Side(tuple(above), "subject of the clause above")
        if trigger.frame.goods_owner:
            noun = subject(trigger.token)
            if noun is not None and noun.lemma_ == "export":
                return Side(tuple(parties(noun, self.tags)), "whose exports they are", noun)
        if side.head is None and is_passive(trigger.token) and self.codebook.types[trigger.frame.type].speech == "statement":
            for name, noun in prepositional(trigger.token):
                if name in ("in", "across") and parties(noun, self.tags):
                    return Side(tuple(parties(noun, self.tags)), "where it was said", noun)
        resolved = self.focus.resolve(side.head, self.tags)
        if resolved:
            return Side(resolved, "actor of the text before")
        if side.head is None and (is_passive(trigger.token) or trigger.nominal):
            spoken = speaking_party(trigger.token, self.tags)
            if spoken:
                return Side(tuple(spoken), "who says so")
        return side

    def _subject_above(self, trigger: Trigger, noun: Token | None) -> list[Participant]:
        """Whom a pronoun means when a clause above has a subject: "Japan said it had halted aid"."""
        if noun is None or not is_pronoun(noun):
            return []
        node = trigger.token
        while node.head != node:
            node = node.head
            found = parties(next((c for c in node.children if c.dep_ in SUBJECTS and c != noun), None), self.tags)
            if found:
                return found
        return []

    def _is_idle(self, trigger: Trigger, shape: Shape, side: Side, recipient: Side) -> bool:
        """Whether too little is known for an event: no party, one party of a meeting, a bare noun."""
        known = [one for one in (*side.who, *recipient.who) if one.country != UNKNOWN_COUNTRY]
        frame = trigger.frame
        if not known or trigger.frame.subject and self._told_by_subject(trigger):
            return True
        if trigger.nominal and not side.who:
            return True
        if (
            trigger.nominal
            and frame.presupposed
            and not frame.two_sided
            and side.rule not in ("possessor", "by-phrase")
        ):
            return True
        if (frame.needs_recipient or frame.needs_party) and not recipient.who and len(unique(side.who)) < 2:
            return True
        if frame.two_sided and frame.presupposed and len(unique(side.who)) < 2 and not recipient.who:
            return True
        if (
            frame.effect
            and shape.event_type == "SANCTION"
            and all(one.sector == "BUS" for one in side.who)
            and side.who
        ):
            return True
        return False

    def _within_one_country(
        self, trigger: Trigger, shape: Shape, side: Side, recipient: Side
    ) -> tuple[Side, Side]:
        """People and bodies without a country belong to that of the other side: "rebels", "the opposition"."""
        if shape.event_type not in INTERNAL:
            return side, recipient
        known = [one for one in side.who if one.country != UNKNOWN_COUNTRY]
        if known and not recipient.who:
            for noun in trigger.objects:
                if self._is_domestic(noun):
                    return side, Side((_named_after(noun, known[0]),), "of the actor's country")
        aimed = [one for one in recipient.who if one.country != UNKNOWN_COUNTRY]
        if aimed and not side.who and side.head is not None and self._is_domestic(side.head):
            return Side((_named_after(side.head, aimed[0]),), "of the recipient's country"), recipient
        return side, recipient

    def _is_domestic(self, noun: Token) -> bool:
        return noun.ent_type_ == "PERSON" or self.index.in_class(noun.lemma_.lower(), ("people", "domestic"))

    def _is_aside(self, trigger: Trigger) -> bool:
        frame = trigger.frame
        return self.standings[trigger.token.i].embedded and frame.effect is None and not frame.two_sided

    def _told_by_subject(self, trigger: Trigger) -> bool:
        """Whether the subject is itself an act ("the removal of tariffs took effect")."""
        return any((own := self.by_token.get(n.i)) and not own.frame.presupposed for n in trigger.objects)

    def _filled(self, trigger: Trigger, shape: Shape, side: Side, recipient: Side) -> tuple[Shape, list[str]]:
        """The shape with the instrument that a known measure supplies; and the rules so far."""
        rules = [f"actor: {side.rule or 'none'}", f"recipient: {recipient.rule or 'none'}"]
        instrument = self.codebook.instruments.get(shape.instrument or "")
        told = self._told(trigger)
        if told.rule:
            rules.append(told.rule)
        if instrument is not None and instrument.open_kind:
            owners = recipient.who if shape.event_type in ("ACCUSE", "REQUEST", "SUPPORT") else side.who
            goods = self._goods(trigger)
            day = str(self.sentence.doc._.published or "")[:10]
            kinds = {known_instrument(one.country, goods, day, "export") for one in owners} if day else set()
            kind = next(iter(kinds - {None}), None) if len(kinds) == 1 else None
            if kind:
                rules.append(f"known measure of {owners[0].country}: {kind}")
                shape = replace(shape, instrument=kind)
        names = unique((*side.who, *recipient.who))
        if shape.event_type == "CONSULT" and shape.mode is None and len(names) > 2:
            shape = replace(shape, mode="multilateral")
        return shape, rules

    def _goods(self, trigger: Trigger) -> frozenset[str]:
        tokens = [token for part in (trigger.token, *trigger.objects) for token in part.subtree]
        return frozenset(self.tags.commodities[t.i].name for t in tokens if t.i in self.tags.commodities)

    def _draft(
        self, trigger: Trigger, shape: Shape, side: Side, recipient: Side, rules: Sequence[str]
    ) -> Draft:
        tokens = sorted(
            set(trigger.token.subtree) | {t for noun in trigger.objects for t in noun.subtree},
            key=lambda t: t.i,
        )
        scope = [
            *phrase(trigger.token, adjuncts=True),
            *(t for n in trigger.objects for t in phrase(n, adjuncts=True)),
        ]
        inner = self._content(trigger)
        if inner is not None:
            scope += [*phrase(inner.token), *(t for n in inner.objects for t in phrase(n))]
        return Draft(
            shape=shape,
            frame=trigger.frame.id,
            start=tokens[0].idx,
            end=tokens[-1].idx + len(tokens[-1]),
            trigger_start=trigger.token.idx,
            trigger_end=trigger.token.idx + len(trigger.token),
            scope=_ranges(scope),
            actors=tuple(unique(side.who)),
            recipients=tuple(unique(recipient.who)),
            attribution=attribution_of(trigger.token, self.sentence, self.tags, self.codebook),
            sentence=self.number,
            rules=tuple(rules),
            aside=self._is_aside(trigger),
            nominal=trigger.nominal,
        )


def _about_measure(shape: Shape, trigger: Trigger, index: WordIndex) -> Shape:
    """A statement about a measure takes its direction; what is only proposed is not in force."""
    if shape.instrument == "trade_agreement":
        return shape
    proposed = any(index.in_class(noun.lemma_.lower(), ("proposal",)) for noun in trigger.objects)
    stage: Stage | None = "in_force"
    if proposed:
        stage = "rejected" if shape.event_type == "REJECT" else None
    return replace(shape, direction=shape.direction or "restrict", stage=shape.stage or stage)


def _without_asides(found: list[Draft]) -> list[Draft]:
    """Acts other than measures that a clause tells beside the news are left out when there is news."""
    news = [draft for draft in found if not draft.aside]
    return news or found


def _named_after(noun: Token, other: Participant) -> Participant:
    text = noun.text
    return Participant(start=noun.idx, end=noun.idx + len(noun), text=text, country=other.country, sector=None)


def _below(token: Token, heads: Sequence[Token]) -> bool:
    return any(token == head or head.is_ancestor(token) for head in heads)


def _ranges(tokens: Sequence[Token]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted({(token.idx, token.idx + len(token)) for token in tokens}))


def _same(one: Draft, other: Draft) -> bool:
    """Two drafts of a sentence that tell one act: same type and parties."""

    def countries(side: Sequence[Participant]) -> set[str]:
        return {party.country for party in side}

    if one.shape.event_type != other.shape.event_type:
        return False
    if one.shape.event_type in ("ASSAULT", "COERCE") and countries(one.actors) == countries(other.actors):
        return countries(one.recipients) <= countries(other.recipients)
    if one.shape.event_type == "CONSULT":
        return countries((*one.actors, *one.recipients)) <= countries((*other.actors, *other.recipients))
    return (
        countries(one.actors) == countries(other.actors)
        and countries(one.recipients) == countries(other.recipients)
        and one.shape.instrument == other.shape.instrument
        and one.shape.direction == other.shape.direction
    )
