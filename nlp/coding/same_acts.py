"""When two drafts of one sentence tell one act."""

from __future__ import annotations

from collections.abc import Sequence

from db.model import Participant
from nlp.coding.draft import Draft


def only_gives_way(draft: Draft, others: Sequence[Draft]) -> bool:
    """Whether "gave in", "reversed course" is told together with what it consisted in."""
    return (
        draft.shape.event_type == "CONCEDE"
        and draft.shape.instrument is None
        and any(
            other.shape.event_type in ("RETREAT", "SANCTION")
            and countries_of(other.actors) == countries_of(draft.actors)
            for other in others
        )
    )


def countries_of(side: Sequence[Participant]) -> set[str]:
    return {party.country for party in side}


def tells_same_act(one: Draft, other: Draft) -> bool:
    """Two drafts of a sentence that tell one act: same type and parties."""
    if one.shape.event_type != other.shape.event_type:
        return False
    if (one.shape.modality == "negated") != (other.shape.modality == "negated"):
        return False  # "have not spoken since May, shook hands": one is denied, one told
    actors, known_actors = countries_of(one.actors), countries_of(other.actors)
    recipients, known_recipients = countries_of(one.recipients), countries_of(other.recipients)
    if one.shape.event_type in ("ASSAULT", "COERCE") and actors == known_actors:
        return recipients <= known_recipients
    if one.shape.event_type == "CONSULT":
        return actors | recipients <= known_actors | known_recipients
    measure = (one.shape.instrument, one.shape.direction) == (other.shape.instrument, other.shape.direction)
    if not measure and one.shape.instrument is None and one.shape.direction == other.shape.direction:
        # "may again sell to Japan after Tokyo ended quarantine": the same easing, its kind told once
        return one.shape.direction is not None and actors == known_actors and recipients == known_recipients
    return measure and actors == known_actors and recipients in (known_recipients, set())
