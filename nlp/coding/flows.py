"""Carries the flow of goods to acts whose words leave it open, from the document and from known measures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from db.codebook import Codebook
from db.model import Participant
from nlp.coding.draft import Draft
from nlp.coding.event_records import Layers, goods_of
from nlp.coding.instruments import known_flow

_OWN_ACTS = frozenset({"SANCTION", "RETREAT", "CONCEDE", "THREATEN", "AGREE"})
_GUESSED = frozenset({"import_quota", "import_ban"})
"""Instruments that an untold flow gives by default; without any sign of imports they are no more than a guess."""


def carry_flows(drafts: Sequence[Draft], layers: Layers, codebook: Codebook) -> list[Draft]:
    """The drafts with the flow that the text tells elsewhere of the same measure or the same goods.

    Where neither the text nor a known measure tells it, a quota or ban on a state's goods keeps no instrument.
    """
    told = [draft for draft in drafts if draft.shape.instrument and draft.flow in ("export", "import")]
    return [_carried(draft, told, layers, codebook) for draft in drafts]


def _carried(draft: Draft, told: Sequence[Draft], layers: Layers, codebook: Codebook) -> Draft:
    instrument = codebook.instruments.get(draft.shape.instrument or "")
    if instrument is None or draft.flow != "unknown" or "unknown" not in instrument.when:
        return draft
    goods = _names(draft, layers)
    flows = {
        other.flow
        for other in told
        if _same_measure(draft, other, codebook) and _share(goods, _names(other, layers))
    } or {other.flow for other in told if _shares_actor(draft, other) and goods & _names(other, layers)}
    owners = draft.recipients if draft.shape.event_type not in _OWN_ACTS else draft.actors
    aimed = any(one.country not in _countries(draft.actors) for one in draft.recipients)
    flow = flows.pop() if len(flows) == 1 else None
    if flow is None and not (aimed and draft.shape.instrument == "import_tariff"):
        # A tariff is one on imports, unless the state is known for its duties on these exports.
        tariff = draft.shape.instrument == "import_tariff"
        alike = frozenset(
            n for n, o in codebook.instruments.items() if not tariff or o.cue_set == instrument.cue_set
        )
        flow = _known(
            owners, goods, alike
        )  # a duty on a partner's goods is one on imports, whatever else is named
    if flow is not None:
        return _with_flow(draft, flow, codebook)
    guessed = draft.shape.instrument in _GUESSED and draft.shape.event_type in _OWN_ACTS
    aimless = draft.shape.instrument == "export_licence" and not goods
    if (guessed and not (aimed and (goods or draft.shape.instrument != "import_ban"))) or aimless:
        return replace(draft, shape=replace(draft.shape, instrument=None))
    return draft


def _with_flow(draft: Draft, flow: str, codebook: Codebook) -> Draft:
    now = codebook.instruments[draft.shape.instrument or ""]
    for name, other in codebook.instruments.items():
        if other.cue_set == now.cue_set and other.when and flow in other.when:
            rules = (*draft.rules, f"flow of the text: {flow}")
            return replace(draft, shape=replace(draft.shape, instrument=name), flow=flow, rules=rules)
    return draft


def _same_measure(draft: Draft, other: Draft, codebook: Codebook) -> bool:
    one = codebook.instruments[draft.shape.instrument or ""]
    known = codebook.instruments.get(other.shape.instrument or "")
    if known is None or known.cue_set != one.cue_set:
        return False
    mine, theirs = _countries((*draft.actors, *draft.recipients)), _countries(other.actors)
    return not theirs or draft.shape.event_type not in _OWN_ACTS or bool(mine & theirs)


def _shares_actor(draft: Draft, other: Draft) -> bool:
    return bool(_countries(draft.actors) & _countries(other.actors))


def _share(some: frozenset[str], others: frozenset[str]) -> bool:
    return not some or not others or bool(some & others)


def _names(draft: Draft, layers: Layers) -> frozenset[str]:
    return frozenset(good.name for good in goods_of(draft, layers))


def _known(owners: Iterable[Participant], goods: frozenset[str], kinds: frozenset[str]) -> str | None:
    flows = {known_flow(one.country, goods, kinds) for one in owners} - {None}
    return flows.pop() if len(flows) == 1 else None


def _countries(side: Iterable[Participant]) -> set[str]:
    return {one.country for one in side}
