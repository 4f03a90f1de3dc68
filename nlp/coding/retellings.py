"""Makes one event of a headline and the sentence that tells the same act more fully."""

from __future__ import annotations

from collections.abc import Iterable

from db.model import EventMention


def without_retellings(events: Iterable[EventMention]) -> list[EventMention]:
    """The fullest mention of each act of a document."""
    best: dict[tuple[str | None, ...], list[EventMention]] = {}
    for event in sorted(events, key=_fullness, reverse=True):
        alike = best.setdefault(_kind_of_act(event), [])
        if not any(_tells_again(event, known) for known in alike):
            alike.append(event)
    return [event for alike in best.values() for event in alike]


def _kind_of_act(event: EventMention) -> tuple[str | None, ...]:
    return (
        *(
            event.event_type,
            event.content_type,
            event.modality,
            event.instrument,
            event.direction,
            event.stage,
        ),
        *sorted({one.country for one in event.actor}),
    )


def _tells_again(event: EventMention, known: EventMention) -> bool:
    """Whether a mention tells no other partner, goods or date than a fuller one of the same act (a headline)."""
    pairs = (
        ({one.country for one in event.recipient}, {one.country for one in known.recipient}),
        ({good.name for good in event.commodities}, {good.name for good in known.commodities}),
        ({event.effective_date} - {None}, {known.effective_date} - {None}),
    )
    return all(said <= told for said, told in pairs)


def _fullness(event: EventMention) -> tuple[int, int]:
    filled = sum(
        bool(value)
        for value in (
            event.instrument,
            event.stage,
            event.recipient,
            event.commodities,
            event.quantities,
            event.attribution,
            event.effective_date,
        )
    )
    return filled, -event.start
