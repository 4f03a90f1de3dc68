"""Where parties met: phrases that name an occasion or a place are no party."""

from __future__ import annotations

from spacy.tokens import Token

from nlp.coding.grammar import prepositional
from nlp.coding.parties import Tags
from nlp.coding.trigger import Trigger

MARGINS = frozenset({"sideline", "margin", "fringe", "eve"})
OCCASIONS = frozenset(
    ["meeting", "summit", "conference", "forum", "assembly", "session", "gathering", "congress", "reunion"]
)
"""Nouns of occasions: whoever holds one is no partner of the talks beside it."""
_VENUES = ("at", "in", "during")


def is_host(preposition: str, noun: Token, tags: Tags) -> bool:
    """Whether an of-phrase only says whose meetings they are ("the spring meetings of the World Bank")."""
    mention = tags.named(noun)
    return preposition == "of" and mention is not None and mention.kind in ("organisation", "bloc")


def venue_of(trigger: Trigger, tags: Tags) -> str | None:
    """The at-, in- or during-phrase with a name, the margins of an occasion, or whose meetings they were."""
    for holder in (trigger.token, *trigger.objects):
        for name, noun in prepositional(holder):
            inside = list(noun.subtree)
            named = name in _VENUES and any(tags.named(token) for token in inside)
            if named or (name == "on" and noun.lemma_ in MARGINS):
                return noun.doc[inside[0].i : inside[-1].i + 1].text
            if is_host(name, noun, tags) and (trigger.nominal or holder != trigger.token):
                whole = list(holder.subtree)
                return noun.doc[whole[0].i : whole[-1].i + 1].text
    return None
