"""Finds the words that trigger a frame."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.symbols import ADJ, AUX, NOUN, PROPN, VERB
from spacy.tokens import Span, Token

from db.codebook import Frame
from nlp.coding.conditions import fits
from nlp.coding.figures_in_phrases import gives_amount
from nlp.coding.grammar import coordinated, direct_objects, hangs_on, prepositional, subject
from nlp.coding.noun_classes import is_a
from nlp.coding.parties import Tags
from nlp.coding.trigger import Trigger, is_noun
from nlp.coding.venues import MARGINS
from nlp.coding.word_index import Phrase, WordIndex, lemma_of

_REACH = 8
_ADDRESSING = ("REQUEST", "CONSULT", "SUPPORT", "REJECT")
"""Types whose phrasal verbs take the preposition right behind the verb."""
_TRIGGERS = frozenset({VERB, AUX, NOUN, PROPN, ADJ})
_OF = ("of", "on", "to", "against", "for", "from", "in", "into", "with", "by", "between", "at", "over")


def find_triggers(sentence: Span, index: WordIndex, tags: Tags) -> list[Trigger]:
    """The triggers of a sentence in text order, at most one frame a word."""
    words = frozenset(word for token in sentence for word in (token.lower_, token.lemma_.lower()))
    found = (_trigger(token, words, index, tags) for token in sentence if token.pos in _TRIGGERS)
    return [trigger for trigger in found if trigger is not None]


def _trigger(token: Token, told: frozenset[str], index: WordIndex, tags: Tags) -> Trigger | None:
    """The frame that a word triggers; `told` are the words of its sentence."""
    repaired = _verb_in_compound(token, index, tags) or _verb_as_noun(token, index, tags)
    if repaired is not None:
        return repaired
    for words, frame in _candidates(token, index):
        if len(words) > 1 and not told.issuperset(words[1:] if not is_noun(token) else words[:-1]):
            continue
        matched = _phrase_tokens(token, words, nominal=is_noun(token))
        if matched is None or (frame.type in _ADDRESSING and (_is_torn(matched) or _is_kind(token, frame))):
            continue
        objects = _objects(token) + _of_last(matched)
        if frame.of_object and not is_noun(token):
            objects += [
                noun for holder in (token, *objects) for name, noun in prepositional(holder) if name in _OF
            ]
        if frame.effect and not is_noun(token):
            objects = [_meant(noun, index) for noun in objects]
        if frame.subject and not is_noun(token):
            objects = [noun] if (noun := subject(token)) is not None else []
        if _eases(frame, objects, index) or (frame.mode == "investigate" and _looks_into_doing(token)):
            continue
        if fits(token, frame, objects, index, tags):
            return Trigger(token, frame, matched, tuple(objects), is_noun(token))
    return None


def _eases(frame: Frame, objects: list[Token], index: WordIndex) -> bool:
    """Whether what is announced is an easing told by a noun of its own: "the abolition of the tax was announced"."""
    if frame.effect != "restrict" or frame.stage != "announced" or not objects:
        return False
    return any(other.effect == "ease" for _, other in index.nouns.get(lemma_of(objects[0]), ()))


def _looks_into_doing(verb: Token) -> bool:
    """Whether it is an act of one's own that is looked into: "is looking into taking stakes"."""
    into = next((child for child in verb.children if child.lower_ == "into"), None)
    if verb.lemma_ != "look" or into is None:
        return False
    below = [child for noun in into.children for child in (noun, *noun.children)]
    return any(token.tag_ == "VBG" and token.dep_ in ("pcomp", "acl") for token in below)


def _meant(noun: Token, index: WordIndex) -> Token:
    """The measure that a pronoun in the object means, told before in the sentence: "is considering lifting it"."""
    if noun.lower_ not in ("it", "them") or noun.dep_ == "nsubjpass":
        return noun
    before = noun.doc[noun.sent.start : noun.i]
    measures = (t for t in reversed(before) if is_noun(t) and index.in_class(lemma_of(t), ("kind",)))
    return next(measures, noun)


def _of_phrase(name: Token) -> list[Token]:
    """The of-phrase that the parser hung on the name before it: "the arrest by Iran of a French cyclist"."""
    return [noun for preposition, noun in prepositional(name) if preposition == "of"]


def _of_last(words: tuple[Token, ...]) -> list[Token]:
    """The objects of the word that ends a phrasal trigger: "did away with the levy", "stopped selling arms"."""
    if len(words) < 2:
        return []
    allowed = words[-1].tag_ == "VB" and any(child.dep_ == "nsubj" for child in words[-1].children)
    if words[-1].tag_ == "VBG" or allowed:  # "let miners export ore"
        return direct_objects(words[-1])
    if words[-1].dep_ != "prep":
        return []
    return [noun for child in words[-1].children if child.dep_ == "pobj" for noun in coordinated(child)]


def _is_torn(words: tuple[Token, ...]) -> bool:
    """Whether an object stands between verb and preposition: "called the duty on tea" is no "call on"."""
    verb, last = words[0], words[-1]
    if len(words) != 2 or last.dep_ != "prep" or (last.lower_ == "for" and verb.lemma_ != "call"):
        return False  # one presses somebody for something
    return any(child.dep_ == "dobj" and verb.i < child.i < last.i for child in verb.children)


def _is_kind(noun: Token, frame: Frame) -> bool:
    """Whether a call is no request but a kind of call: "port call", "roll call"."""
    return (
        frame.type == "REQUEST"
        and is_noun(noun)
        and any(c.dep_ == "compound" and c.pos_ == "NOUN" and not c.ent_type_ for c in noun.children)
    )


def _verb_in_compound(token: Token, index: WordIndex, tags: Tags) -> Trigger | None:
    """A verb the parser took for a noun before the object: "demanded that the EU scrap quotas", "Milei axes tax"."""
    if token.dep_ not in ("ccomp", "ROOT", "conj", "appos") or token.pos_ not in ("NOUN", "PROPN"):
        return None
    if not is_a(token, ("measure", "agreement", "goods", "attack", "blame", "accusation"), index, tags):
        return None
    for child in _before(token):
        for form in (
            child.lower_,
            child.lemma_.lower(),
            child.lower_.removesuffix("s"),
            child.lower_.removesuffix("es"),
        ):
            for words, frame in index.verbs.get(form, []):
                fitting = len(words) == 1 and is_a(token, frame.object, index, tags)
                if fitting and _is_headed(child, tags, pair=frame.two_sided and frame.type != "SUPPORT"):
                    return Trigger(token, frame, (child, token), (token,), False)
    return None


def _verb_as_noun(token: Token, index: WordIndex, tags: Tags) -> Trigger | None:
    """The verb of a headline that the parser took for its main noun: "US sanctions three Iraqi banks"."""
    if token.tag_ != "NNS" or token.dep_ != "ROOT" or token.i == 0 or tags.named(token.nbor(-1)) is None:
        return None
    objects = [child for child in token.children if child.dep_ in ("appos", "dobj") and child.i > token.i]
    for words, frame in index.verbs.get(lemma_of(token), []) if objects else ():
        if len(words) == 1 and is_a(objects[0], frame.object, index, tags):
            return Trigger(token, frame, (token,), tuple(objects[:1]), False)
    return None


def _before(noun: Token) -> Iterator[Token]:
    """The words in small letters that a headline's verb may hide among: modifiers, and what they modify."""
    for child in noun.children:
        if child.i < noun.i and child.lower_ == child.text:
            words = sorted((child, *child.children), key=lambda one: one.i)
            yield from (one for one in words if one.is_lower and _may_be_verb(one))


def _may_be_verb(word: Token) -> bool:
    return word.dep_ in ("compound", "nmod", "amod") or (word.dep_ == "nsubj" and word.tag_ == "NNS")


def _is_headed(verb: Token, tags: Tags, *, pair: bool) -> bool:
    """Whether a party, or a `pair`, stands before a word that the parser took for part of a compound.

    "Italy, Peru ink pact", "Lima, Quito trade barbs".
    """
    before = (tags.named(token) for token in verb.sent if token.i < verb.i)
    return len({mention.country for mention in before if mention is not None}) > pair


def _candidates(token: Token, index: WordIndex) -> list[tuple[Phrase, Frame]]:
    lemma = lemma_of(token)
    if token.pos_ in ("VERB", "AUX"):
        if token.dep_ == "amod":
            return []  # "wounded soldiers", "banned substances": no act of this sentence
        return next((index.verbs[form] for form in _verb_lemmas(token, lemma) if form in index.verbs), [])
    if token.pos_ in ("NOUN", "PROPN"):
        if token.dep_ in ("compound", "nmod", "amod", "npadvmod"):
            return []
        return index.nouns.get(lemma, []) or index.nouns.get(token.lower_, [])
    if token.pos_ == "ADJ":
        found = index.adjectives.get(lemma, [])
        if found or token.dep_ not in ("ROOT", "ccomp", "relcl", "conj"):
            return found
        return next((index.verbs[form] for form in _verb_forms(lemma) if form in index.verbs), [])
    return []


def _verb_lemmas(token: Token, lemma: str) -> Iterator[str]:
    """The lemma and, where it is no known trigger, other verbs the form may belong to.

    The lemmatiser guesses for rare verbs: "staged" becomes "stag", "conferred" becomes "conferre".
    """
    yield lemma
    form = token.lower_
    for ending in ("ed", "ing"):
        stem = form.removesuffix(ending)
        if stem != form and len(stem) > 2:
            yield f"{stem}e"
            yield stem
            if stem[-1] == stem[-2]:
                yield stem[:-1]


def _verb_forms(word: str) -> tuple[str, ...]:
    """What verb a past form may belong to that the tagger took for an adjective ("limited")."""
    return (word[:-2], word[:-1]) if word.endswith("ed") else ()


def _phrase_tokens(token: Token, words: Phrase, *, nominal: bool) -> tuple[Token, ...] | None:
    """The tokens of a trigger of several words: particles and nouns near the verb, in order."""
    found, rest = [token], list(words[1:]) if not nominal else list(words[:-1])
    if nominal:
        before = [token.doc[i] for i in range(max(0, token.i - len(rest)), token.i)]
        return tuple(before + found) if [t.lemma_.lower() for t in before] == rest else None
    limit = min(len(token.doc), token.i + 1 + _REACH)
    position = token.i + 1
    for word in rest:
        for place in range(position, limit):
            other = token.doc[place]
            if word in (other.lower_, other.lemma_.lower()) and _belongs(other, token, found):
                found.append(other)
                position = place + 1
                break
        else:
            return None
    return tuple(found)


def _belongs(word: Token, verb: Token, found: list[Token]) -> bool:
    """Whether a word is part of a phrasal trigger: below the verb, a preposition right below one of its words."""
    if word.tag_ == "TO" and word.dep_ == "aux":
        return word.head.head == verb  # "decision to end" is no "welcome to"
    if word.dep_ == "prep" and (gives_amount(word) or any(noun.lemma_ in MARGINS for noun in word.children)):
        return (
            False  # "were handed in June" is no "hand in", "shook hands on the sidelines" no "shake hands on"
        )
    if word.pos_ in ("ADP", "PART", "SCONJ") and word.dep_ in ("prep", "prt", "agent", "dative"):
        if word.head.dep_ == "dobj" and word.head.head == verb:
            return True  # "blamed the blackout on Peru": the parser hangs it on the object
        return word.head in found or (word.head.dep_ in ("prep", "prt", "advmod") and word.head.head in found)
    if word.pos_ == "ADV" and word.dep_ == "advmod":
        return word.head in found  # "take months to win them back" is no "take back"
    return hangs_on(word, verb)


def _objects(token: Token) -> list[Token]:
    if not is_noun(token):
        return direct_objects(token)
    nouns = [noun for name, noun in prepositional(token) if name in _OF]
    nouns = [below for noun in nouns if noun.pos_ == "PROPN" for below in _of_phrase(noun)] + nouns
    return nouns + [
        child for child in token.children if child.dep_ in ("compound", "nmod") and child.i < token.i
    ]
