"""Finds the words that trigger a frame, and checks that their objects are what the frame asks for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from spacy.symbols import ADJ, AUX, NOUN, PROPN, VERB
from spacy.tokens import Span, Token

from db.codebook import Frame
from nlp.coding.grammar import (
    agent,
    direct_objects,
    gives_figure,
    hangs_on,
    is_passive,
    phrase,
    prepositional,
    subject,
)
from nlp.coding.instruments import told_instrument
from nlp.coding.parties import Tags, parties
from nlp.coding.word_index import Phrase, WordIndex, lemma_of

_NO_THINGS = ("people", "firm", "envoy", "force", "place", "ties", "measure", "proposal")
_REACH = 8
_ADDRESSING = ("REQUEST", "CONSULT", "SUPPORT", "REJECT", "ACCUSE")
"""Types whose phrasal verbs take the preposition right behind the verb."""
_TRIGGERS = frozenset({VERB, AUX, NOUN, PROPN, ADJ})
_OF = ("of", "on", "to", "against", "for", "from", "in", "into", "with", "by", "between", "at", "over")


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word that triggers a frame, with the nouns that stand as its objects."""

    token: Token
    frame: Frame
    words: tuple[Token, ...]
    objects: tuple[Token, ...]
    nominal: bool


def find_triggers(sentence: Span, index: WordIndex, tags: Tags) -> list[Trigger]:
    """The triggers of a sentence in text order, at most one frame a word."""
    return [found for token in sentence if token.pos in _TRIGGERS and (found := _trigger(token, index, tags))]


def scope_text(trigger: Trigger, tags: Tags, *, clauses: bool = False) -> str:
    """The words that tell the instrument: trigger, objects and what hangs on them, without adjuncts.

    `clauses` adds the clauses that hang on the trigger ("requires miners to process ore at home").
    """
    nouns = [token for noun in trigger.objects for token in phrase(noun)]
    own = list(trigger.token.subtree) if clauses else phrase(trigger.token)
    if trigger.frame.effect:
        over = {t for child in trigger.token.children if child.lower_ == "over" for t in child.subtree}
        own = [token for token in own if token not in over]
    subjects = {
        token
        for child in trigger.token.children
        if child.dep_ == "nsubj" and child not in trigger.objects
        for token in child.subtree
    }
    skipped = subjects if _tells_kind(trigger) else {*subjects, trigger.token}
    told = [token for token in {*nouns, *own} - skipped if tags.named(token) is None]
    tokens = sorted(told, key=lambda token: token.i)
    words = " ".join(token.lower_ for token in tokens)
    return f"{lemma_of(trigger.words[0])} {words}" if _tells_kind(trigger) else words


def _tells_kind(trigger: Trigger) -> bool:
    """Whether the trigger itself tells the instrument ("banned exports", not "granted licences")."""
    frame = trigger.frame
    return (
        trigger.nominal
        or "goods" in frame.object
        or bool(frame.needs)
        or frame.effect is None
        or frame.adjectives != ()
    )


def is_a(noun: Token, classes: Iterable[str], index: WordIndex, tags: Tags) -> bool:
    """Whether a noun, or the noun it counts ("a series of curbs"), belongs to one of the classes."""
    names = tuple(classes)
    if "any" in names:
        return True
    compounds = [child for child in noun.children if child.dep_ in ("compound", "nmod", "amod")]
    inner = [inner for name, inner in prepositional(noun) if name == "of"]
    for token in (noun, *inner, *(compounds if index.in_class(lemma_of(noun), ("general",)) else ())):
        lemma = lemma_of(token)
        if index.in_class(lemma, names) or index.in_class(token.lower_, names):
            return True
        if "goods" in names and (token.i in tags.commodities or _has_origin(token, index)):
            return True
    if "named" in names and tags.named(noun) is not None:
        return True
    if "state" in names and tags.is_state(noun):
        return True
    if "official" in names and noun.ent_type_ == "PERSON":
        return True
    if "aid" in names and any(child.lemma_ in ("million", "billion") for child in noun.subtree):
        return True
    if "group" in names and (noun.ent_type_ in ("PERSON", "NORP") or tags.is_body(noun)):
        return True
    return "party" in names and bool(parties(noun, tags))


def _has_origin(token: Token, index: WordIndex) -> bool:
    """Whether a noun is a thing named by its country of origin ("Chinese toys"), not people or a body."""
    if token.tag_ != "NNS" or index.in_class(lemma_of(token), _NO_THINGS):
        return False
    return any(child.dep_ == "amod" and child.ent_type_ in ("NORP", "GPE") for child in token.children)


def _trigger(token: Token, index: WordIndex, tags: Tags) -> Trigger | None:
    repaired = _verb_in_compound(token, index, tags)
    if repaired is not None:
        return repaired
    for words, frame in _candidates(token, index):
        matched = _phrase_tokens(token, words, nominal=_is_noun(token))
        if matched is None or (frame.type in _ADDRESSING and _is_torn(matched)):
            continue
        objects = _objects(token)
        if frame.of_object and not _is_noun(token):
            objects += [
                noun for holder in (token, *objects) for name, noun in prepositional(holder) if name in _OF
            ]
        if frame.subject and not _is_noun(token):
            objects = [noun] if (noun := subject(token)) is not None else []
        if _fits(token, frame, objects, index, tags):
            return Trigger(token, frame, matched, tuple(objects), _is_noun(token))
    return None


def _is_torn(words: tuple[Token, ...]) -> bool:
    """Whether an object stands between verb and preposition: "called the duty on tea" is no "call on"."""
    verb, last = words[0], words[-1]
    if len(words) != 2 or last.dep_ != "prep":
        return False
    return any(child.dep_ == "dobj" and verb.i < child.i < last.i for child in verb.children)


def _verb_in_compound(token: Token, index: WordIndex, tags: Tags) -> Trigger | None:
    """A verb the parser took for part of a compound: "demanded that the EU scrap quotas"."""
    if token.dep_ not in ("ccomp", "ROOT", "conj") or token.pos_ not in ("NOUN", "PROPN"):
        return None
    if not is_a(token, ("measure", "agreement", "goods"), index, tags):
        return None
    for child in token.children:
        if child.dep_ not in ("compound", "nmod", "amod") or child.lower_ != child.text:
            continue
        for form in (child.lower_, child.lemma_.lower(), child.lower_.removesuffix("s")):
            for words, frame in index.verbs.get(form, []):
                if len(words) == 1 and is_a(token, frame.object, index, tags) and _is_headed(child, tags):
                    return Trigger(token, frame, (child, token), (token,), False)
    return None


def _is_headed(verb: Token, tags: Tags) -> bool:
    """Whether a party stands before a word that the parser took for part of a compound ("Italy, Peru ink pact")."""
    return any(tags.named(token) is not None for token in verb.sent if token.i < verb.i)


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


def _is_noun(token: Token) -> bool:
    return token.pos_ in ("NOUN", "PROPN")


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
    if word.pos_ in ("ADP", "PART", "SCONJ") and word.dep_ in ("prep", "prt", "agent", "dative"):
        return word.head in found or (word.head.dep_ in ("prep", "prt", "advmod") and word.head.head in found)
    return hangs_on(word, verb)


def _objects(token: Token) -> list[Token]:
    if not _is_noun(token):
        return direct_objects(token)
    nouns = [noun for name, noun in prepositional(token) if name in _OF]
    return nouns + [
        child for child in token.children if child.dep_ in ("compound", "nmod") and child.i < token.i
    ]


def _fits(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    if _is_noun(token) and frame.presupposed:
        return True
    has_object = _object_fits(token, frame, objects, index, tags)
    has_via = _via_fits(token, frame, objects, index, tags)
    if not (has_object or has_via) if frame.either else not (has_object and (has_via or frame.via is None)):
        return False
    if not _subject_as_asked(token, frame, objects, index, tags) or (
        frame.via_object and not _has_word(token, frame.via_object)
    ):
        return False
    if (frame.modal and not _has_modal(token, frame.modal)) or (
        frame.complement_modal and not _obliges(token, frame.complement_modal, tags)
    ):
        return False
    if (frame.complements and not complement(token, frame, tags)) or (
        frame.needs and not _tells_one_of(token, frame, objects, index, tags)
    ):
        return False
    return not frame.domestic or not _foreign(token, tags)


def _tells_one_of(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    bare = Trigger(token, frame, (token,), tuple(objects), _is_noun(token))
    text = scope_text(bare, tags, clauses=True)
    return told_instrument(index.codebook, text, "en", only=frame.needs).instrument is not None


def _subject_as_asked(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    if frame.subject and not _subject_fits(token, frame.subject, index, tags):
        return False
    if frame.authority and not _subject_fits(token, ("authority",), index, tags):
        return False
    if frame.by and not _is_noun(token) and not _done_by(token, frame.by, frame.object, index, tags):
        return False
    if frame.barred and not _is_barred(token, objects, index, tags):
        return False
    if frame.of_other and not _has_other_doer(token, index, tags):
        return False
    return (
        not frame.civil
        or _is_noun(token)
        or _subject_fits(token, ("people", "party", "civilian"), index, tags)
    )


def _done_by(
    token: Token, classes: tuple[str, ...], objects: tuple[str, ...], index: WordIndex, tags: Tags
) -> bool:
    """Whether whoever acts belongs to one of the classes; the passive of a transitive act may leave it open."""
    if is_passive(token):
        doer = agent(token)
        return is_a(doer, classes, index, tags) if doer is not None else bool(objects)
    doer = subject(token)
    return doer is not None and is_a(doer, classes, index, tags)


def _is_barred(token: Token, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    """Whether goods, ships or firms may not do it, or nobody may do it with them: "no ore may leave the port"."""
    modals = {child.lower_ for child in token.children if child.dep_ == "aux"}
    if not modals & {"can", "may", "must", "shall", "ca"}:
        return False
    doer = subject(token)
    barred = any(child.dep_ == "neg" for child in token.children) or any(
        inner.lower_ == "no" for noun in (doer, *objects) if noun is not None for inner in noun.children
    )
    barred = barred or any(
        child.lower_ == "longer" and any(inner.lower_ == "no" for inner in child.children)
        for child in token.children
    )
    moved = [noun for noun in (doer, *objects) if noun is not None]
    return barred and any(is_a(noun, ("goods", "firm", "arms"), index, tags) for noun in moved)


def _has_other_doer(token: Token, index: WordIndex, tags: Tags) -> bool:
    """Whether the verb has a clause below it that is to be done by another party ("ordered rebels to leave")."""
    for clause in token.children:
        if clause.dep_ not in ("xcomp", "ccomp", "advcl") or clause.i < token.i:
            continue
        own = next((child for child in clause.children if child.dep_ in ("nsubj", "nsubjpass")), None)
        for noun in (own, *direct_objects(token)):
            if noun is not None and (parties(noun, tags) or is_a(noun, ("group", "people"), index, tags)):
                return clause.tag_ in ("VB", "VBN")
    return False


def complement(token: Token, frame: Frame, tags: Tags) -> Token | None:
    """The noun of `frame.complements` that names a party by one of its prepositions."""
    for noun in token.subtree:
        if noun.lemma_.lower() in frame.complements and any(
            name in frame.preps and parties(inner, tags) for name, inner in prepositional(noun)
        ):
            return noun
    return None


def _object_fits(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    if not frame.object:
        return True
    if not objects:
        clausal = any(
            child.dep_ in ("xcomp", "ccomp", "advcl", "acl")
            or (child.dep_ == "prep" and not gives_figure(child))
            for child in token.children
            if child.i > token.i or not any(gives_figure(other) for other in token.children)
        )
        return frame.optional_object or (frame.object == ("any",) and clausal)
    return any(is_a(noun, frame.object, index, tags) for noun in objects)


def _via_fits(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    if frame.via is None:
        return False
    for holder in (token, *objects):
        for name, noun in prepositional(holder):
            if name not in frame.via.preps:
                continue
            if noun.lemma_.lower() in frame.via.words:
                return True
            if frame.via.classes and is_a(noun, frame.via.classes, index, tags):
                return True
    return False


def _obliges(token: Token, modals: tuple[str, ...], tags: Tags) -> bool:
    """Whether the clause says that another party must do something."""
    for clause in token.children:
        if clause.dep_ == "ccomp" and any(c.dep_ == "aux" and c.lower_ in modals for c in clause.children):
            noun = subject(clause)
            return noun is not None and bool(parties(noun, tags))
    return False


def _foreign(token: Token, tags: Tags) -> bool:
    """Whether the phrase names another country than its subject's."""
    own = {one.country for one in parties(subject(token), tags)}
    named = {mention.country for other in token.subtree if (mention := tags.named(other)) is not None}
    return bool(named - own)


def _has_word(token: Token, words: tuple[str, ...]) -> bool:
    named_as = [t for child in token.children if child.lower_ == "as" for t in phrase(child)]
    return any(
        other.lemma_.lower() in words or other.lower_ in words
        for other in (*phrase(token), *named_as)
        if other.i > token.i or is_passive(token)
    )


def _subject_fits(token: Token, classes: tuple[str, ...], index: WordIndex, tags: Tags) -> bool:
    noun = subject(token)
    if noun is None:
        return False
    if "party" in classes and tags.named(noun) is None:
        classes = tuple(name for name in classes if name != "party")
    return is_a(noun, classes, index, tags)


def _has_modal(token: Token, modals: tuple[str, ...]) -> bool:
    auxiliaries = {child.lemma_.lower() for child in token.children if child.dep_ == "aux"}
    above = token.head.lemma_.lower() if token.dep_ == "xcomp" else ""
    return bool(auxiliaries & set(modals)) or above in modals
