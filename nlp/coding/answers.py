"""Sentences that tell a measure and the answer to it: the answer is aimed at whoever took the measure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from nlp.coding.event_records import Draft
from nlp.coding.same_acts import countries_of

_ANSWERS = frozenset({"ACCUSE", "THREATEN", "REJECT"})


def with_answers(drafts: Sequence[Draft]) -> list[Draft]:
    """The drafts, with a recipient for answers that name none: "Lima taxes Bolivian oil; La Paz vows response"."""
    return [_answered(draft, drafts) for draft in drafts]


def _answered(draft: Draft, drafts: Sequence[Draft]) -> Draft:
    if (
        draft.recipients
        or draft.shape.event_type not in _ANSWERS
        or draft.shape.modality not in ("actual", "future")
    ):
        return draft
    own = countries_of(draft.actors)
    for other in drafts:
        aimed = not other.recipients or own & countries_of(other.recipients)
        measure = other.shape.event_type == "SANCTION" and other.shape.modality in ("actual", "future")
        if own and measure and aimed and other.actors and not own & countries_of(other.actors):
            rules = (*draft.rules, "recipient: whose measure it answers")
            return replace(draft, recipients=other.actors, rules=rules)
    return draft
