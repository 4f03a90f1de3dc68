"""Tells whether an act is asserted: climbs from its trigger to the root and notes negation, doubt and future."""

from __future__ import annotations

from spacy.tokens import Token

from nlp.coding.frames import Trigger
from nlp.coding.grammar import SUBJECTS, is_passive
from nlp.coding.standing import Standing
from nlp.coding.word_index import WordIndex, lemma_of

_LIMIT = 25
_NEGATING_PREPOSITIONS = frozenset({"without", "instead", "rather", "than", "minus"})


_MEANS = frozenset({"by", "in", "on", "with", "while"})
"""Prepositions whose gerund is done as a fact: "by banning exports"."""


def standing(trigger: Trigger, triggers: dict[int, Trigger], index: WordIndex) -> Standing:
    """How an act stands in its sentence; `triggers` are those of the sentence by token index."""
    found = Standing(verbal=not trigger.nominal)
    found.negated = _has_negated_object(trigger.token, index)
    node, own = trigger.token, True
    for _ in range(_LIMIT):
        if own:
            _read_own(node, found, index)
        head, relation = node.head, node.dep_
        if head == node or relation in ("ROOT", "parataxis", "relcl"):
            found.embedded = found.embedded or relation == "relcl"
            break
        above = triggers.get(head.i)
        step = _step(node, relation, head, above, found, index)
        if step is None:
            break
        node, own = step
    _settle(found, trigger)
    return found


def _settle(found: Standing, trigger: Trigger) -> None:
    """Reported "would" is the future of then; any other, and what hangs on a condition, is a doubt."""
    if found.would and found.reported and not found.conditional:
        found.future = True
    elif found.would:
        found.hypothetical = True
    if found.conditional and (found.future or found.would or found.planned):
        found.hypothetical = True
    if trigger.frame.barred:
        found.negated = found.hypothetical = found.obliged = False
        found.hypothetical = found.would or found.conditional
    if _is_inverted_condition(trigger.token):
        found.hypothetical = True
    if found.obliged and not trigger.frame.modal and not trigger.frame.subject:
        found.hypothetical = True
    if any(token.text == "?" for token in trigger.token.sent[-3:]):
        found.hypothetical = True


def _is_inverted_condition(token: Token) -> bool:
    """Whether the sentence opens with a condition without "if": "Were Peru to ..." and the like."""
    words = [word for word in token.sent if not word.is_punct and not word.is_space]
    if len(words) < 3 or words[0].lower_ not in ("were", "had", "should"):
        return False
    return token.sent.text.rstrip()[-1:] != "?" and words[1].pos_ not in ("VERB", "AUX", "ADP", "PUNCT")


def _read_own(node: Token, found: Standing, index: WordIndex) -> None:
    """Negation, auxiliaries, determiners and adjectives of one word."""
    words = index.contexts
    if node.dep_ == "ROOT" and any(c.lower_ == "to" and c.dep_ == "aux" for c in node.children):
        found.future = True  # a headline: "Norway to build a plant"
    for child in node.children:
        lower, lemma = child.lower_, child.lemma_.lower()
        if child.dep_ == "neg":
            found.negated = not found.negated
        elif (child.dep_ in ("det", "preconj", "advmod", "cc") and (lower,) in words["negative_words"]) or (
            child.dep_ in SUBJECTS and node.pos_ in ("VERB", "AUX") and _negative_subject(child, index)
        ):
            found.negated = True
        elif child.dep_ in ("aux", "auxpass"):
            _read_modal(lower, found, index)
        elif child.dep_ in ("amod", "advmod", "compound"):
            if (lemma,) in words["hypothetical"]:
                found.hypothetical = True
            elif child.dep_ != "compound" and (lemma,) in words["plan"] | {("planned",)}:
                found.planned = True
            elif (lemma,) in words["future"] or lower in ("upcoming", "forthcoming", "expected", "scheduled"):
                found.future = True
        elif child.dep_ == "mark" and lower in ("whether", "if"):
            found.hypothetical = True
        elif child.dep_ == "advcl" and _is_condition(child, index):
            found.conditional = True


def _read_modal(lower: str, found: Standing, index: WordIndex) -> None:
    if lower in ("would", "'d"):
        found.would = True
    elif lower == "must":
        found.obliged = True
    elif (lower,) in index.contexts["doubt_modals"]:
        found.hypothetical = True
    elif (lower,) in index.contexts["future_modals"]:
        found.future = True


def _has_negated_object(node: Token, index: WordIndex) -> bool:
    """Whether the verb's object is denied: "imposed no duty", "raised neither objection nor doubt"."""
    return node.pos_ == "VERB" and any(
        inner.dep_ in ("det", "preconj") and (inner.lower_,) in index.contexts["negative_words"]
        for child in node.children
        if child.dep_ == "dobj"
        for inner in child.children
    )


def _negative_subject(child: Token, index: WordIndex) -> bool:
    return (child.lower_,) in index.contexts["negative_words"] or any(
        (inner.lower_,) in index.contexts["negative_words"]
        and inner.dep_ in ("det", "preconj", "cc", "advmod")
        for inner in child.children
    )


def _is_condition(clause: Token, index: WordIndex) -> bool:
    return any(
        (child.lower_,) in index.contexts["condition"] and child.dep_ in ("mark", "advmod", "aux")
        for child in clause.children
    )


Step = tuple[Token, bool] | None


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
    if relation in ("pcomp", "pobj"):
        return _preposition(node, head, found, index)
    if relation in ("dobj", "nsubjpass", "attr", "nsubj", "oprd", "dative"):
        return _argument(relation, head, above, found, index)
    if relation in ("prep", "agent", "compound", "amod", "nmod", "poss", "appos"):
        return _under_noun(relation, node, head, above, found, index)
    return None


def _complement(
    node: Token, relation: str, head: Token, above: Trigger | None, found: Standing, index: WordIndex
) -> Step:
    if above is not None and above.frame.content:
        found.under = above
        return None
    planned_below = found.planned
    if head.lemma_ == "be" and relation == "ccomp":
        _read_verdict(head, found, index)  # "it is not true that", "it is unclear whether"
    known = _apply_context(head, found, index)
    if _leaves_open(node, head):
        found.hypothetical = True
    if relation == "xcomp" and head.lemma_ == "be" and _is_infinitive(node, head):
        found.future = True  # "are to meet"
    elif not known and relation == "xcomp" and above is None:
        found.hypothetical = found.hypothetical or head.lemma_.lower() not in ("be", "appear", "seem")
    wished = found.planned and not planned_below and not is_passive(head)
    if wished and any(child.dep_ == "nsubj" for child in node.children):
        found.hypothetical = True  # what one party wants or expects of another is nobody's plan
    return head, True


_AFFIRMED = frozenset({"true", "correct", "right", "case", "fact", "accurate"})


def _read_verdict(verb: Token, found: Standing, index: WordIndex) -> None:
    """What a predicate over a clause says of it: true or not, certain or not."""
    denied = any(child.dep_ == "neg" for child in verb.children)
    for predicate in verb.children:
        if predicate.dep_ not in ("acomp", "attr"):
            continue
        lemma = predicate.lemma_.lower()
        if (lemma in _AFFIRMED and denied) or ((lemma,) in index.contexts["negated"] and not denied):
            found.negated = not found.negated
        elif (lemma,) in index.contexts["hypothetical"]:
            found.hypothetical = True


def _is_infinitive(node: Token, head: Token) -> bool:
    """Whether `node` is a to-infinitive right behind `head` ("is to", "are now to"), not a purpose named first."""
    return any(
        child.lower_ == "to" and child.dep_ == "aux" and 0 < child.i - head.i <= 2 for child in node.children
    )


def _leaves_open(node: Token, head: Token) -> bool:
    """Whether the clause is a question the sentence does not answer: "has not said when it will resume"."""
    asks = any(c.dep_ == "advmod" and c.lower_ in ("when", "where", "how", "why") for c in node.children)
    return asks and any(child.dep_ == "neg" for child in head.children)


def _adverbial(node: Token, head: Token, above: Trigger | None, found: Standing, index: WordIndex) -> Step:
    if _is_condition(node, index):
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
        if _apply_context(head, found, index):
            return head, True
        if above is not None and above.frame.mode == "visit":
            found.embedded = True  # what an envoy travels for is done on the spot
            return None
        found.purpose = True
        return None
    marks = {child.lower_ for child in node.children if child.dep_ in ("mark", "advmod")}
    if _leaves_open(node, head):
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
    if node.tag_ in ("VBN", "VBG"):
        found.embedded = True
        return None
    if above is not None and above.frame.content is True:
        found.under = above
        return None
    known = _apply_context(head, found, index)
    if head.head.lemma_ == "have" and head.dep_ == "dobj" and not found.planned:
        found.hypothetical = True  # who has the votes or the right to do it has not done it
    if known:
        return head, True
    found.hypothetical = True
    return None


def _preposition(node: Token, head: Token, found: Standing, index: WordIndex) -> Step:
    if head.lower_ in _NEGATING_PREPOSITIONS or head.head.lower_ in ("instead", "rather", "far"):
        found.negated = True
        return None
    if head.lower_ == "before" and any(child.lower_ in ("any", "a") for child in node.subtree):
        found.hypothetical = True
        return None
    return head, False


def _argument(relation: str, head: Token, above: Trigger | None, found: Standing, index: WordIndex) -> Step:
    if above is not None and (relation != "nsubj" or above.frame.subject):
        found.under = above
        return None
    if relation in ("nsubj", "nsubjpass"):
        found.topic = True
    if _apply_context(head, found, index):
        return head, True
    if relation in ("nsubj", "nsubjpass"):
        return head, False
    found.inert = not (found.verbal and found.planned)  # a plan is told, whatever is done with it
    return None


def _under_noun(
    relation: str, node: Token, head: Token, above: Trigger | None, found: Standing, index: WordIndex
) -> Step:
    if above is not None and (above.frame.content or relation == "prep") and node.i > above.token.i:
        found.under = above
        return None
    if head.pos_ in ("NOUN", "PROPN"):
        if relation in ("compound", "amod", "nmod", "poss"):
            return None
        if _apply_context(head, found, index):
            return head, True
        found.inert = found.embedded = relation == "prep"
        if node.lower_ in ("after", "following", "since"):
            found.inert = False
        return head, False
    if node.lower_ in ("after", "following", "since", "despite", "because", "amid"):
        found.embedded = True
        return None
    if found.verbal and node.lower_ in _MEANS:
        return None
    if _apply_context(head, found, index):
        return head, True
    if found.verbal:
        found.hypothetical = True
    else:
        found.inert = True
    return None


def _apply_context(head: Token, found: Standing, index: WordIndex) -> bool:
    """Note what the governing word says; False when the codebook does not know it."""
    known = False
    if any(child.lower_ == "neither" for child in head.children):
        found.negated = True
    for name in (
        "reversed",
        "negated",
        "hypothetical",
        "planned",
        "decided",
        "future",
        "reported",
        "transparent",
    ):
        if _says(head, _CONTEXT_NAMES.get(name, name), index):
            known = True
            if name == "negated":
                found.negated = not found.negated
            elif name != "transparent":
                setattr(found, name, True)
            if name != "reported":
                break
    return known


_CONTEXT_NAMES = {"planned": "plan", "reported": "report", "reversed": "stopped"}


def _says(head: Token, context: str, index: WordIndex) -> bool:
    lemma = lemma_of(head)
    for phrase in index.contexts[context]:
        if phrase[0] not in (lemma, head.lower_):
            continue
        after = {token.lower_ for token in head.doc[head.i + 1 : head.i + 5]}
        after |= {token.lemma_.lower() for token in head.doc[head.i + 1 : head.i + 5]}
        if all(word in after for word in phrase[1:]):
            return True
    return False
