"""Makes event records of drafts: codes from the codebook, goods, figures, dates, identity within the document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Protocol, TypeVar

from spacy.tokens import Doc

from db.codebook import Codebook
from db.model import (
    UNKNOWN_COUNTRY,
    Certainty,
    Commodity,
    EventMention,
    EventQuantity,
    Participant,
    Quantity,
    TimeExpression,
)
from nlp.coding.draft import Draft
from nlp.coding.event_dates import date_of_act, dated_from, dated_until, effective_date
from nlp.coding.retellings import without_retellings
from nlp.layers import CommodityMention
from nlp.names.gazetteer import capitals, government_id, government_name

_CERTAINTY: dict[str, Certainty] = {"actual": "certain", "future": "probable"}
_UNITS = {
    "percentage": "percent",
    "metric ton": "tonne",
    "percent": "percent",
    "dollar": "USD",
    "euro": "EUR",
}


class Placed(Protocol):
    """A record with a place in the text."""

    @property
    def start(self) -> int: ...


Record = TypeVar("Record", bound=Placed)


@dataclass(frozen=True, slots=True)
class Layers:
    """What other components left on the document, each layer in the order of the text."""

    commodities: Sequence[CommodityMention] = ()
    quantities: Sequence[Quantity] = ()
    dates: Sequence[TimeExpression] = ()


def between(records: Sequence[Record], first: int, last: int) -> Sequence[Record]:
    """The records that start in a stretch of text; found by bisection, so that long texts cost no more."""
    begin = bisect_left(records, first, key=lambda record: record.start)
    return records[begin : bisect_left(records, last, key=lambda record: record.start)]


def make_events(doc: Doc, drafts: Iterable[Draft], layers: Layers, codebook: Codebook) -> list[EventMention]:
    """The events of a document: the fullest mention of each, with equal mentions of a sentence made one."""
    text = doc.text  # once: a Doc joins its tokens anew each time
    made = [_record(doc, text, draft, layers, codebook) for draft in drafts]
    kept = without_retellings(made)
    return sorted(kept, key=lambda event: (event.start, event.trigger_start, event.event_type))


def within(scope: tuple[tuple[int, int], ...], start: int) -> bool:
    """Whether a place lies in one of the ranges."""
    return any(first <= start < last for first, last in scope)


def _record(doc: Doc, text: str, draft: Draft, layers: Layers, codebook: Codebook) -> EventMention:
    shape = draft.shape
    kind = codebook.types[shape.event_type]
    instrument = codebook.instruments.get(shape.instrument or "")
    goods = goods_of(draft, layers) if codebook.takes(shape.event_type, "goods") else ()
    first = dated_from(doc, text, draft)
    dates = between(layers.dates, first, draft.end)
    effective = effective_date(doc, text, draft, between(layers.dates, first, dated_until(doc, text, draft)))
    event_date, precision = date_of_act(doc, text, draft, dates)
    cameo, goldstein = _codes(draft, codebook)
    return EventMention(
        event_id=_identity(draft, goods, effective),
        start=draft.start,
        end=draft.end,
        trigger_start=draft.trigger_start,
        trigger_end=draft.trigger_end,
        event_type=shape.event_type,
        content_type=shape.content_type,
        mode=shape.mode,
        quad=kind.quad,
        plover_score=kind.plover_score,
        cameo=cameo,
        goldstein=goldstein,
        modality=shape.modality,
        speech=kind.speech,
        certainty=_CERTAINTY.get(shape.modality, "possible"),
        attribution=draft.attribution,
        actor=draft.actors if shape.event_type == "PROTEST" else tuple(map(_acting, draft.actors)),
        recipient=tuple(map(_acting, draft.recipients)) if shape.event_type in _SAID_TO else draft.recipients,
        instrument=shape.instrument,
        gta_type_id=instrument.gta_type_id if instrument else None,
        mast_chapter=instrument.mast_chapter if instrument else None,
        flow=instrument.flow if instrument else None,
        direction=shape.direction,
        stage=shape.stage,
        commodities=goods,
        quantities=_figures(text, draft, layers) if codebook.takes(shape.event_type, "figures") else (),
        event_date=event_date,
        date_precision=precision,
        effective_date=effective,
        venue=draft.venue,
        rule="; ".join((f"frame {draft.frame}", *draft.rules)),
    )


_SAID_TO = frozenset({"ACCUSE", "REQUEST", "REJECT", "THREATEN"})
"""What is only said to somebody, so never to a place."""


def _acting(one: Participant) -> Participant:
    """A capital that does something is its government: "Tokyo" of "Tokyo and Canberra signed a pact"."""
    country = capitals().get(one.entity_id or "")
    if country is None:
        return one
    return replace(
        one, entity_id=government_id(country), name=government_name(country), country=country, sector="GOV"
    )


def _extent(draft: Draft) -> tuple[int, int]:
    return min(first for first, _ in draft.scope), max(last for _, last in draft.scope)


def goods_of(draft: Draft, layers: Layers) -> tuple[Commodity, ...]:
    """The commodities named in the scope of a draft."""
    found: dict[str, Commodity] = {}
    for mention in between(layers.commodities, *_extent(draft)):
        if within(draft.scope, mention.start):
            found.setdefault(mention.name, Commodity(name=mention.name, hs=mention.hs))
    return tuple(found.values())


def _figures(text: str, draft: Draft, layers: Layers) -> tuple[EventQuantity, ...]:
    figures = []
    for quantity in between(layers.quantities, *_extent(draft)):
        if not within(draft.scope, quantity.start):
            continue
        before = text[max(0, quantity.start - 12) : quantity.start].lower().split()
        unit = _UNITS.get(quantity.unit_normalized, quantity.unit_normalized)
        figures.append(EventQuantity(value=quantity.value, unit=unit, role=_figure_role(unit, before, draft)))
    return tuple(figures)


def _figure_role(unit: str, before: list[str], draft: Draft) -> str:
    last = before[-1] if before else ""
    if unit == "percent":
        return "prior_rate" if last == "from" else "rate"
    if unit in ("year", "month", "week", "day"):
        return "duration"
    if unit in ("tonne", "barrel", "kilogram", "cubic metre"):
        return "quota" if "quota" in (draft.shape.instrument or "") else "volume"
    return "value" if unit.isupper() else "scope"


def _codes(draft: Draft, codebook: Codebook) -> tuple[str | None, float | None]:
    shape = draft.shape
    aimed = any(one.country != UNKNOWN_COUNTRY for one in draft.recipients)
    for case in codebook.cases:
        if (
            case.event_type == shape.event_type
            and case.mode in (None, shape.mode)
            and case.content_type in (None, shape.content_type)
            and case.instrument in (None, shape.instrument)
            and case.recipient in (None, aimed)
        ):
            return case.cameo, case.goldstein
    kind = codebook.types[shape.event_type]
    return (kind.cameo[0] if kind.cameo else None), kind.goldstein


def _identity(draft: Draft, goods: tuple[Commodity, ...], effective: str | None) -> str:
    """Equal for mentions of one happening in one document: type, sides, instrument, goods, date."""
    shape = draft.shape
    sides = sorted({one.country for one in draft.actors}), sorted({one.country for one in draft.recipients})
    parts = (
        shape.event_type,
        shape.content_type or "",
        shape.modality,
        shape.stage or "",
        shape.instrument or "",
        shape.direction or "",
        *("+".join(side) for side in sides),
        "+".join(sorted(good.name for good in goods)),
        effective or "",
    )
    return "event/" + sha256("|".join(parts).encode()).hexdigest()[:16]
