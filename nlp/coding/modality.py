"""Tells whether an act is asserted: climbs from its trigger to the root and notes negation, doubt and future."""

from __future__ import annotations

from spacy.tokens import Token

from nlp.coding.clauses import is_infinitive, is_there, leaves_open
from nlp.coding.governing_words import apply_context, read_verdict, says
from nlp.coding.grammar import SUBJECTS, is_passive, stands_beside
from nlp.coding.negation import (
    has_negated_object,
    holds_no_longer,
    is_condition,
    is_inverted_condition,
    is_weighed_against,
    read_own,
)
from nlp.coding.role_prepositions import DRAWING
from nlp.coding.standing import Standing
from nlp.coding.trigger import Trigger
from nlp.coding.word_index import WordIndex, lemma_of

_LIMIT = 25
_NEGATING_PREPOSITIONS = frozenset({"without", "instead", "rather", "than", "minus"})
_MEANS = frozenset({"by", "in", "on", "with", "while"})
"""Prepositions whose gerund is done as a fact: "by banning exports"."""
Step = tuple[Token, bool] | None
_LOOKING_BACK = frozenset({"after", "following", "since", "despite", "because", "amid"})
_PERMITTING = frozenset({"allow", "let", "permit", "enable", "empower", "entitle", "authorise", "authorize"})


def standing(trigger: Trigger, triggers: dict[int, Trigger], index: WordIndex) -> Standing:
    """How an act stands in its sentence; `triggers` are those of the sentence by token index."""
    found = Standing(verbal=not trigger.nominal)
    found.negated = has_negated_object(trigger.token, index)
    found.ended = holds_no_longer(trigger.token)
    node, own = trigger.token, True
    for _ in range(_LIMIT):
        if own:
            read_own(node, found, index)
        head, relation = node.head, node.dep_
        if head == node or relation in ("ROOT", "parataxis", "relcl"):
            found.embedded = found.embedded or relation == "relcl"
            break
        above = triggers.get(head.i) or _told_of_subject(relation, head, triggers)
        step = _step(node, relation, head, above, found, index)
        if step is None:
            break
        node, own = step
    _settle(found, trigger, index)
    return found


def _told_of_subject(relation: str, head: Token, triggers: dict[int, Trigger]) -> Trigger | None:
    """The act that an infinitive tells of the subject above it: "the levy is to climb"."""
    if relation != "nsubj":
        return None
    below = (triggers.get(child.i) for child in head.children if child.dep_ == "xcomp")
    return next((trigger for trigger in below if trigger is not None and trigger.frame.subject), None)


def _settle(found: Standing, trigger: Trigger, index: WordIndex) -> None:
    """Reported "would" is the future of then; any other, and what hangs on a condition, is a doubt."""
    if found.would and (found.reported or found.decided) and not found.conditional:
        found.future = True
    elif found.would:
        found.hypothetical = True
    if found.conditional and (found.future or found.would or found.planned):
        found.hypothetical = True
    if trigger.frame.barred:
        found.negated = found.hypothetical = found.obliged = False
        found.hypothetical = found.would or found.conditional
    if trigger.frame.freed:
        found.inert, found.hypothetical = False, found.would or found.conditional
        above = trigger.token.head
        found.future = found.future or any(
            (c.lower_,) in index.contexts["future_modals"] for c in above.children
        )
    if found.verbal and is_weighed_against(trigger.token):
        found.negated = True
    if is_inverted_condition(trigger.token):
        found.hypothetical = True
    if found.obliged and not trigger.frame.modal and not trigger.frame.subject:
        found.hypothetical = True
    if any(token.text == "?" for token in trigger.token.sent[-3:]):
        found.hypothetical = True


def _step(
    node: Token, relation: str, head: Token, above: Trigger | None, found: Standing, index: WordIndex
) -> Step:
    if relation == "conj":
        if head.pos_ in ("VERB", "AUX") and node.pos_ in ("VERB", "AUX"):
            shares = not any(child.dep_ in SUBJECTS or child.dep_ == "aux" for child in node.children)
            return head, shares
        return head, True
    if relation in ("xcomp", "ccomp", "acomp", "csubj"):
        return _complement(node, relation, head, above, found, index)
    if relation == "advcl":
        return _adverbial(node, head, above, found, index)
    if relation == "acl":
        return _noun_clause(node, head, above, found, index)
    if relation == "pcomp" and head.lower_ in ("before", "after", "since"):
        return _told_in_passing(head, found)
    if relation in ("pcomp", "pobj"):
        return _preposition(node, head, found, index)
    if relation in ("dobj", "nsubjpass", "attr", "nsubj", "oprd", "dative"):
        return _argument(relation, node, head, above, found, index)
    if relation in ("prep", "agent", "compound", "amod", "nmod", "poss", "appos"):
        return _under_noun(relation, node, head, above, found, index)
    return None


def _complement(
    node: Token, relation: str, head: Token, above: Trigger | None, found: Standing, index: WordIndex
) -> Step:
    permits = head.lemma_.lower() in _PERMITTING and (above is None or not above.frame.content)
    if permits and node.tag_ == "VB" and any(child.lower_ == "to" for child in node.children):
        found.inert = True  # who may sell has not sold yet
        return None
    reports = (head.lemma_.lower(),) in index.contexts["report"]
    if relation == "ccomp" and not reports and stands_beside(node, head):
        return None  # "Rome backs plan, Berlin vows to block it"
    if above is not None and above.frame.content:
        found.under = above
        return None
    planned_below = found.planned
    if relation == "ccomp" and read_verdict(head, found, index):
        return head, False  # "it is not true that", "it is unclear whether"
    known = apply_context(head, found, index)
    if leaves_open(node, head):
        found.hypothetical = True
    if relation == "xcomp" and head.lemma_ == "be" and is_infinitive(node, head):
        found.future = True  # "are to meet"
        topic = next((child for child in head.children if child.dep_ == "nsubj"), None)
        if topic is not None and (says(topic, "hypothetical", index) or says(topic, "plan", index)):
            found.hypothetical = True  # "an option is to", "the hope is to"
    elif not known and relation == "xcomp" and above is None:
        found.hypothetical = found.hypothetical or head.lemma_.lower() not in ("be", "appear", "seem")
    own = next((child for child in node.children if child.dep_ in ("nsubj", "nsubjpass")), None)
    doer = next((child for child in head.children if child.dep_ == "nsubj"), None)
    if own is not None and doer is not None and index.in_class(lemma_of(doer), ("document",)):
        found.hypothetical = found.hypothetical or head.lemma_.lower() in _PERMITTING
    wished = found.planned and not planned_below and not is_passive(head)
    if wished and any(child.dep_ == "nsubj" for child in node.children):
        found.hypothetical = True  # what one party wants or expects of another is nobody's plan
    return head, True


def _adverbial(node: Token, head: Token, above: Trigger | None, found: Standing, index: WordIndex) -> Step:
    if is_condition(node, index):
        found.hypothetical = found.condition = True
        return None
    if above is not None and above.frame.civil:
        found.under = above  # what a protest asks for is part of it
        return None
    infinitive = any(child.lower_ == "to" and child.dep_ == "aux" for child in node.children)
    if infinitive:
        if above is not None and above.frame.content is True:
            found.under = above
            return None
        if apply_context(head, found, index):
            return head, True
        if (above is not None and above.frame.mode == "visit") or is_there(head):
            return None  # what an envoy travels for is done on the spot
        found.purpose = True
        return None
    marks = {child.lower_ for child in node.children if child.dep_ in ("mark", "advmod")}
    if leaves_open(node, head):
        found.hypothetical = True
        return None
    if "before" in marks and node.tag_ in ("VBZ", "VBP"):
        found.future = found.embedded = True
        return None
    if any((mark,) in index.contexts["factual_marks"] for mark in marks) or node.tag_ in (
        "VBD",
        "VBZ",
        "VBP",
    ):
        found.embedded = True
        return None
    found.embedded = found.participle = node.tag_ == "VBG"
    if any(child.lower_ == "having" for child in node.children):
        return None  # done before: "Having closed its market, Peru never looked back"
    return head, True


def _noun_clause(node: Token, head: Token, above: Trigger | None, found: Standing, index: WordIndex) -> Step:
    finite = any(child.dep_ in (*SUBJECTS, "aux") for child in node.children)
    if node.tag_ in ("VBN", "VBG") and not finite:
        found.embedded = True
        if any(child.lower_ == "any" for child in head.children):
            found.hypothetical = True  # "opposed any deal struck without it"
        above_it = head.head.head if head.dep_ == "pobj" else head
        if says(above_it, "hypothetical", index):
            found.hypothetical = True  # "the risk of Peru leaving"
        return None
    if above is not None and (above.frame.content is True or above.frame.type == "PROTEST"):
        found.under = above
        return None
    known = apply_context(head, found, index)
    if head.head.lemma_ == "have" and head.dep_ == "dobj" and not found.planned:
        found.hypothetical = True  # who has the votes or the right to do it has not done it
    if known:
        return head, True
    found.hypothetical = True
    return None


def _told_in_passing(preposition: Token, found: Standing) -> Step:
    """An act beside another in time is a fact of its own: "threatened a levy before cutting it".

    What comes "before" is one only if the other lies in the past.
    """
    found.embedded = True
    verb = preposition.head
    past = verb.tag_ == "VBD" or any(child.lower_ == "had" for child in verb.children)
    if preposition.lower_ == "before" and not past:
        found.hypothetical = True
    return None


def _preposition(node: Token, head: Token, found: Standing, index: WordIndex) -> Step:
    if head.lower_ == "against" and (head.head.lemma_.lower(),) in index.contexts["deciding"]:
        found.negated = True
        return None
    if head.lower_ in _NEGATING_PREPOSITIONS or head.head.lower_ in ("instead", "rather", "far"):
        found.negated = True
        return None
    if head.lower_ == "before" and any(child.lower_ in ("any", "a") for child in node.subtree):
        found.hypothetical = True
        return None
    return head, False


def _argument(
    relation: str, node: Token, head: Token, above: Trigger | None, found: Standing, index: WordIndex
) -> Step:
    if above is not None and (relation != "nsubj" or above.frame.subject):
        found.under = above
        return None
    if relation == "nsubjpass" and (head.lemma_.lower(), node.lemma_.lower()) in index.contexts["negated"]:
        found.negated = True  # "the plan to tax wood was shelved"
        return None
    if relation in ("nsubj", "nsubjpass"):
        found.topic = True
        if read_verdict(head, found, index):
            return head, False  # "reports that ... are untrue"
    if relation == "nsubj" and head.lemma_ in _PERMITTING:
        return head, False  # "the reopening let trucks through"
    stopped = found.reversed
    known = apply_context(head, found, index)
    if relation == "nsubj":
        found.reversed = stopped  # "the closure halted aid": what is stopped is not the closure
    if known:
        return head, True
    if relation in ("nsubj", "nsubjpass"):
        return head, False
    if not found.verbal and head.lemma_ in DRAWING:
        return None  # "drew criticism from Washington"
    found.inert = not (found.verbal and found.planned)  # a plan is told, whatever is done with it
    return None


def _under_noun(
    relation: str, node: Token, head: Token, above: Trigger | None, found: Standing, index: WordIndex
) -> Step:
    if node.lower_ in _LOOKING_BACK and head.pos_ not in ("NOUN", "PROPN"):
        found.embedded = True
        return None
    if above is not None and (above.frame.content or relation == "prep") and node.i > above.token.i:
        found.under = above
        return None
    if head.pos_ in ("NOUN", "PROPN"):
        if relation in ("compound", "amod", "nmod", "poss"):
            return None
        if apply_context(head, found, index):
            return head, True
        found.inert = found.embedded = relation == "prep"
        if node.lower_ in ("after", "following", "since"):
            found.inert = False
        return head, False
    if found.verbal and node.lower_ in _MEANS:
        return None
    if apply_context(head, found, index):
        return head, True
    if found.verbal:
        found.hypothetical = True
    else:
        found.inert = True
    return None
