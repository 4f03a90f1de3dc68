"""Acts told from the side of whom they fall on: "shippers face a duty", "Seoul won a waiver from the tariff"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Token

from db.model import Participant
from nlp.coding.grammar import direct_objects, is_passive, prepositional, subject
from nlp.coding.parties import Tags, parties
from nlp.coding.roles import RoleFinder, Side
from nlp.coding.standing_behind import gate
from nlp.coding.trigger import Trigger

_GOING = ("to", "into", "in")


def cast_bearer(trigger: Trigger, roles: RoleFinder, tags: Tags) -> tuple[Side, Side] | None:
    """Whose measure it is, and on whom it falls; None where the words do not say whose it is.

    A state whose own goods or firms bear a measure that nobody else owns is left to the plain rules.
    """
    token = trigger.token
    bearer = _bearer(token)
    bearing = parties(bearer, tags)
    owner, rule = _owner(trigger, roles, tags)
    owner = [one for one in owner if one.country not in {other.country for other in bearing}]
    granted = trigger.frame.effect == "ease" and not trigger.frame.freed
    if not owner and bearing and trigger.frame.goods_owner and granted:
        return Side(head=bearer), Side(tuple(bearing), "who bears it")  # nobody grants it to himself
    if not owner:
        return None
    return Side(tuple(owner), rule, bearer), Side(tuple(bearing), "who bears it", bearer)


def _bearer(token: Token) -> Token | None:
    if is_passive(token) or token.tag_ == "VBN":
        return next(iter(direct_objects(token)), None) or subject(token)
    return subject(token)


def _owner(trigger: Trigger, roles: RoleFinder, tags: Tags) -> tuple[list[Participant], str]:
    for noun in _measures(trigger):
        found = roles.owner(noun)
        if found:
            return found, "owner of the measure"
    if trigger.frame.freed:
        phrases = (pair for holder in (trigger.token, *trigger.objects) for pair in prepositional(holder))
        for name, noun in phrases:
            if name in _GOING and (found := parties(noun, tags)):
                return found, "where the goods go"
        return gate(trigger, tags), "whose market or ports"
    for holder in (*trigger.objects, trigger.token):
        for name, source in prepositional(holder):
            if name in ("from", "by") and (found := parties(source, tags)):
                return found, f"{name}-phrase"
    return gate(trigger, tags), "whose market or ports"


def _measures(trigger: Trigger) -> Iterator[Token]:
    """The nouns that may name the measure: objects, phrases of the verb and of its objects."""
    subjects = {subject(trigger.token)}
    holders = [trigger.token, *(noun for noun in trigger.objects if noun not in subjects)]
    yield from holders[1:]
    for holder in holders:
        for _, noun in prepositional(holder):
            yield noun
