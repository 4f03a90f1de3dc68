"""Checks that a sentence has what a frame asks for: object, doer, prepositional phrase, instrument, modal."""

from __future__ import annotations

from spacy.tokens import Token

from db.codebook import Frame
from nlp.coding.figures_in_phrases import gives_figure
from nlp.coding.grammar import (
    agent,
    direct_objects,
    is_passive,
    phrase,
    possessor,
    prepositional,
    subject,
)
from nlp.coding.instruments import told_instrument
from nlp.coding.noun_classes import is_a
from nlp.coding.parties import Tags, parties
from nlp.coding.standing_behind import doer_of
from nlp.coding.trigger import Trigger, is_noun, scope_text
from nlp.coding.word_index import WordIndex, lemma_of


def fits(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    if is_noun(token) and frame.presupposed:
        return True
    has_object = _object_fits(token, frame, objects, index, tags)
    has_via = _via_fits(token, frame, objects, index, tags)
    if not (has_object or has_via) if frame.either else not (has_object and (has_via or frame.via is None)):
        return False
    if not _subject_as_asked(token, frame, objects, index, tags) or (
        frame.via_object and not _has_word(token, frame.via_object, whole=frame.authority)
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


def complement(token: Token, frame: Frame, tags: Tags) -> Token | None:
    """The noun of `frame.complements` that names a party by one of its prepositions."""
    for noun in token.subtree:
        if noun.lemma_.lower() in frame.complements and any(
            name in frame.preps and parties(inner, tags) for name, inner in prepositional(noun)
        ):
            return noun
    return None


def _tells_one_of(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    bare = Trigger(token, frame, (token,), tuple(objects), is_noun(token))
    text = scope_text(bare, tags, clauses=True)
    return told_instrument(index.codebook, text, "en", only=frame.needs).instrument is not None


def _subject_as_asked(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    if frame.subject and not _subject_fits(token, frame.subject, index, tags):
        return False
    if frame.authority and not _subject_fits(token, ("authority",), index, tags):
        return False
    if frame.type == "AID" and not is_noun(token) and _sells(token, frame, tags):
        return False
    if frame.named_doer and is_noun(token):
        doer = doer_of(token) or possessor(token)
        return doer is not None and is_a(doer, frame.by, index, tags)
    if frame.by and not is_noun(token) and not _done_by(token, frame.by, frame.object, index, tags):
        return False
    if frame.freed and not _is_freed(token):
        return False
    if frame.barred and not _is_barred(token, objects, index, tags):
        return False
    if frame.of_other and not _has_other_doer(token, index, tags):
        return False
    return (
        not frame.civil
        or is_noun(token)
        or _subject_fits(token, ("people", "party", "civilian"), index, tags)
    )


def _sells(token: Token, frame: Frame, tags: Tags) -> bool:
    """Whether a firm hands something over, which is a sale unless the verb tells a gift."""
    doers = parties(agent(token) if is_passive(token) else subject(token), tags)
    gift = token.lemma_.lower() in ("donate", "give", *frame.gifts)
    return bool(doers) and all(one.sector == "BUS" for one in doers) and not gift


def _done_by(
    token: Token, classes: tuple[str, ...], objects: tuple[str, ...], index: WordIndex, tags: Tags
) -> bool:
    """Whether whoever acts belongs to one of the classes; the passive of a transitive act may leave it open."""
    if is_passive(token):
        doer = agent(token)
        return is_a(doer, classes, index, tags) if doer is not None else bool(objects) and objects != ("any",)
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
    barred = barred or any(map(_is_only, (token, *moved, *(c for c in token.children if c.dep_ == "prep"))))
    return barred and any(is_a(noun, ("goods", "firm", "arms"), index, tags) for noun in moved)


def _is_freed(token: Token) -> bool:
    """Whether it may be done again: "can once more ship", "are again allowed to sell", "may resume"."""
    above = token.head if token.dep_ in ("xcomp", "ccomp") else token
    freeing = above is not token and above.lemma_ in _FREEING
    allowed = freeing and (above.pos_ == "ADJ" or is_passive(above))  # who allows another acts
    modal = any(child.dep_ == "aux" and child.lower_ in ("can", "may") for child in token.children)
    again = any(
        word.lower_ in ("again", "once") or (word.lower_ == "more" and word.nbor(-1).lower_ == "once")
        for holder in (token, above)
        for child in holder.children
        if child.dep_ == "advmod"
        for word in child.subtree
    )
    return again and (modal or allowed)


_FREEING = frozenset({"allow", "permit", "authorise", "authorize", "clear", "able", "free", "let"})


def _is_only(word: Token) -> bool:
    """Whether everything else is barred: "only licensed traders may", "may be sold only through"."""
    return any(child.lower_ == "only" and child.dep_ == "advmod" for child in word.children)


def _has_other_doer(token: Token, index: WordIndex, tags: Tags) -> bool:
    """Whether the verb has a clause below it that is to be done by another party ("ordered rebels to leave")."""
    for clause in token.children:
        if clause.dep_ not in ("xcomp", "ccomp", "advcl") or clause.i < token.i:
            continue
        own = next((child for child in clause.children if child.dep_ in ("nsubj", "nsubjpass")), None)
        for noun in (own, *direct_objects(token)):
            undone = (
                clause.tag_ == "VBN" and is_a(noun, ("measure",), index, tags) if noun is not None else False
            )
            if noun is not None and (
                undone or parties(noun, tags) or is_a(noun, ("group", "people"), index, tags)
            ):
                return clause.tag_ in ("VB", "VBN") and not _is_finite(clause)
    return False


def _is_finite(clause: Token) -> bool:
    """Whether a clause tells a fact or a forecast: "told reporters that contracts would be kept" orders nothing."""
    return any(
        child.dep_ in ("aux", "auxpass") and child.tag_ in ("MD", "VBD", "VBZ", "VBP")
        for child in clause.children
    )


def _object_fits(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    if not frame.object:
        return True
    if not objects:
        if frame.object == ("any",) and frame.content is True and _is_named_act(token, frame, index):
            return True
        clausal = any(
            child.dep_ in ("xcomp", "ccomp", "advcl", "acl")
            or (child.dep_ == "prep" and not gives_figure(child))
            for child in token.children
            if child.i > token.i or not any(gives_figure(other) for other in token.children)
        )
        return frame.optional_object or (frame.object == ("any",) and clausal)
    return any(is_a(noun, frame.object, index, tags) for noun in objects)


def _is_named_act(token: Token, frame: Frame, index: WordIndex) -> bool:
    """Whether a refusal needs no object: what is refused was just promised, or the veto is what is threatened."""
    above = index.verbs.get(lemma_of(token.head), ())
    if is_noun(token):
        return token.dep_ == "dobj" and any(f.content is True and not f.denies for _, f in above)
    aside = token.dep_ in ("dep", "conj", "parataxis", "ccomp", "advcl")
    return frame.type == "REJECT" and aside and any(f.pledge for _, f in above)


def _via_fits(token: Token, frame: Frame, objects: list[Token], index: WordIndex, tags: Tags) -> bool:
    if frame.via is None:
        return False
    below = [child for child in token.children if child.dep_ in ("xcomp", "advcl") and frame.goods_place]
    for holder in (token, *objects, *below):
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


def _has_word(token: Token, words: tuple[str, ...], *, whole: bool = False) -> bool:
    """Whether one of the words stands in the phrase of the verb; `whole`: or in a clause below it."""
    named_as = [t for child in token.children if child.lower_ == "as" for t in phrase(child)]
    return any(
        other.lemma_.lower() in words or other.lower_ in words
        for other in (token.subtree if whole else (*phrase(token), *named_as))
        if other.i > token.i or is_passive(token) or (is_noun(token) and other.dep_ == "compound")
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
    return bool(auxiliaries & set(modals)) or above in modals or token.lemma_ in ("need", "require")
