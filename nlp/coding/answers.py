"""Sentences that tell a measure and the answer to it: the answer is aimed at whoever took the measure."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import replace

from db.codebook import Codebook
from nlp.coding.draft import Draft
from nlp.coding.same_acts import countries_of

_PROMISES = ("CONCEDE", "AGREE")


def with_answers(drafts: Sequence[Draft], codebook: Codebook) -> list[Draft]:
    """The drafts, with a recipient for answers that name none: "Lima taxes Bolivian oil; La Paz vows response"."""
    answering = {name for name, kind in codebook.types.items() if kind.answers}
    answered = [_answered(draft, drafts) if _of(draft, answering) else draft for draft in drafts]
    return [_continued(draft, answered[:place], answering) for place, draft in enumerate(answered)]


def _of(draft: Draft, types: Container[str]) -> bool:
    return draft.shape.event_type in types


def _continued(draft: Draft, earlier: Sequence[Draft], answering: Container[str]) -> Draft:
    """The same party's next step: "accuses Mali, recalls envoy", "gave in to Tokyo and lifted the ban"."""
    refuses = draft.shape.event_type == "REJECT"
    step = draft.shape.event_type == "SANCTION" and draft.shape.direction is None
    yields = draft.shape.event_type == "RETREAT"
    if draft.recipients or not (step or yields or refuses):
        return draft
    for other in earlier:
        leads = other.shape.event_type in _PROMISES if yields or refuses else _of(other, answering)
        if leads and other.recipients and countries_of(other.actors) == countries_of(draft.actors):
            rules = (*draft.rules, "recipient: at whom the step before was aimed")
            return replace(draft, recipients=other.recipients, rules=rules)
    return draft


def _answered(draft: Draft, drafts: Sequence[Draft]) -> Draft:
    if draft.recipients or draft.shape.modality not in ("actual", "future"):
        return draft
    own = countries_of(draft.actors)
    for other in drafts:
        aimed = not other.recipients or own & countries_of(other.recipients)
        blow = (
            ("SANCTION", "ASSAULT", "MOBILIZE", "COERCE")
            if draft.shape.event_type == "ACCUSE"
            else ("SANCTION",)
        )
        measure = other.shape.event_type in blow and other.shape.modality in ("actual", "future")
        if own and measure and aimed and other.actors and not own & countries_of(other.actors):
            rules = (*draft.rules, "recipient: whose measure it answers")
            return replace(draft, recipients=other.actors, rules=rules)
    return draft
