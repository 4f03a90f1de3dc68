"""Turns an act and how it stands into what is coded: type, content, mode, direction, stage, modality."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from db.codebook import Frame
from db.model import Direction, Modality, Stage
from nlp.coding.standing import Standing

DOMESTIC = frozenset({"production_quota", "stockpile", "subsidy"})
"""Instruments a state uses at home: PLOVER has no type for them, so they are POLICY."""

_COOPERATIVE = frozenset({"AID", "COOPERATE", "CONSULT", "SUPPORT", "RETREAT", "AGREE", "CONCEDE"})


@dataclass(frozen=True, slots=True)
class Shape:
    """The coded side of an event that does not depend on who takes part."""

    event_type: str
    content_type: str | None = None
    mode: str | None = None
    direction: Direction | None = None
    stage: Stage | None = None
    modality: Modality = "actual"
    instrument: str | None = None


def shape_act(frame: Frame, found: Standing, instrument: str | None, content: Shape | None) -> Shape:
    """What is coded for a trigger of `frame` that stands as `found` and governs `content`."""
    base = _plain(frame, instrument)
    if content is not None and frame.denies == "fact":
        if content.event_type == "THREATEN" and content.content_type:
            content = replace(content, event_type=content.content_type, content_type=None, mode=None)
        return replace(content, modality="negated")
    if content is not None and frame.content:
        base = _with_content(frame, base, content)
    if found.negated and found.future and _is_refusable(frame, base) and not found.hypothetical:
        return replace(base, event_type="REJECT", content_type=None, mode=None, modality="actual")
    return _with_standing(base, found)


def measure_denied(frame: Frame, instrument: str | None) -> Shape | None:
    """The measure that a denying frame has as its object by a noun alone: "ruled out an export tax"."""
    if frame.denies is not True or instrument in (None, "trade_agreement") or instrument in DOMESTIC:
        return None
    return Shape("SANCTION", direction="restrict", instrument=instrument)


def _is_refusable(frame: Frame, base: Shape) -> bool:
    """Whether "will not" do it is the refusal of an act hoped for, and no mere denial of a measure."""
    plain = base.direction is None and base.instrument is None and base.modality == "actual"
    return plain and (base.event_type == "RETREAT" or frame.refusable)


def _plain(frame: Frame, instrument: str | None) -> Shape:
    direction, event_type, mode, stage = frame.effect, frame.type, frame.mode, frame.stage
    if instrument in frame.reversed_by and direction in ("restrict", "ease"):
        event_type, mode, stage, direction = (
            ("SANCTION", "discontinue", "in_force", "restrict")
            if direction == "ease"
            else ("RETREAT", "ease", "in_force", "ease")
        )
    if instrument in DOMESTIC and event_type in ("SANCTION", "RETREAT") and frame.effect:
        event_type, mode = "POLICY", None
        if instrument != "production_quota":
            direction = "support" if direction == "restrict" else "restrict"
    if frame.pledge:
        event_type = "AGREE"
    shape = Shape(event_type, None, mode, direction, _stage(stage), "actual", instrument)
    if shape.event_type == "SUPPORT" and instrument != "trade_agreement" and frame.concludes:
        shape = replace(shape, direction=None, stage=None)
    return shape


_HARSH = frozenset({"SANCTION", "ASSAULT", "COERCE", "PROTEST"})
"""Acts that a party who only foresees them threatens with, unless they are measures decided on."""


def _is_harsh(base: Shape) -> bool:
    return base.direction is None and base.instrument is None and base.event_type in _HARSH


def _stage(name: str | None) -> Stage | None:
    """The codebook has checked that stages are declared; this tells the type checker."""
    return cast("Stage | None", name)


def _with_content(frame: Frame, base: Shape, content: Shape) -> Shape:
    instrument = content.instrument or base.instrument
    negated = content.modality == "negated"
    direction = content.direction
    if negated and direction in ("restrict", "ease"):
        direction = "ease" if direction == "restrict" else "restrict"
    base = replace(base, instrument=instrument, direction=direction)
    if frame.content == "absorb" and content.modality == "hypothetical":
        return replace(base, instrument=None, direction=None)  # a hope or a fear is of no measure yet
    if frame.content == "absorb":
        stage = content.stage if content.stage != "announced" else "in_force"
        return replace(base, stage=base.stage or stage, direction=base.direction or content.direction)
    if frame.pledge or frame.agrees:
        return _pledge(frame, base, content, negated)
    base = replace(base, content_type=content.event_type)
    if frame.type == "THREATEN" and negated:
        return replace(base, modality="negated")
    if frame.type == "THREATEN":
        violent = content.event_type in ("ASSAULT", "MOBILIZE")
        return replace(
            base,
            mode="violence" if violent else base.mode,
            stage="proposed" if instrument else None,
            direction=direction or base.direction,
        )
    if frame.type == "REQUEST":
        mode = "yield" if direction == "ease" else "change"
        asked = _stage({"ease": "in_force", "restrict": "proposed"}.get(direction or ""))
        return replace(base, content_type=None, mode=mode, stage=asked)
    if frame.type == "REJECT":
        return _refusal(base, content, direction)
    return base


def _pledge(frame: Frame, base: Shape, content: Shape, negated: bool) -> Shape:
    trade = content.instrument is not None or content.direction is not None
    stage: Stage | None = "announced" if trade else None
    content_type = "RETREAT" if negated and base.direction == "ease" else content.event_type
    if content_type in ("CONCEDE", "AGREE") and content.content_type:
        content_type = content.content_type
    if negated and content.direction == "ease":
        # "pledged not to lift it" refuses
        return replace(
            base, event_type="REJECT", content_type=None, mode="yield", direction="ease", stage="in_force"
        )
    if content.direction is None and content.event_type in _HARSH and not negated:
        return _foreseen(replace(content, modality="actual"))
    if content.event_type in ("ACCUSE", "REJECT") and not negated:
        return replace(content, modality="future")
    event_type = "CONCEDE" if content.event_type == "REQUEST" else "AGREE"
    if frame.pledge and base.direction == "ease":
        event_type = "CONCEDE"
    elif frame.pledge and base.direction == "restrict":
        event_type, stage = "THREATEN", "proposed" if content.instrument else None
    mode = "restrict" if event_type == "THREATEN" else None
    return replace(base, event_type=event_type, content_type=content_type, mode=mode, stage=stage)


def _refusal(base: Shape, content: Shape, direction: Direction | None) -> Shape:
    if content.event_type == "REQUEST":
        restricts = content.direction == "restrict"
        return replace(
            base,
            content_type=None,
            mode="change" if restricts else "yield",
            stage="rejected" if restricts else content.stage,
        )
    if (
        content.event_type == "THREATEN"
        and content.modality == "future"
        and content.content_type == "SANCTION"
    ):
        content = replace(content, event_type="SANCTION", content_type=None, mode=None)  # denies it meant to
    if direction == "restrict" and content.event_type == "SANCTION":
        return replace(content, modality="negated", stage="rejected")
    return replace(base, content_type=None, mode="yield", stage="in_force" if base.instrument else None)


def _stopped(base: Shape) -> Shape:
    """To stop an act: a restriction is lifted, an easing is taken back, anything else is not done."""
    if base.event_type == "SANCTION":
        return replace(base, event_type="RETREAT", mode="ease", direction="ease", stage="lifted")
    if base.event_type == "RETREAT":
        return replace(
            base, event_type="SANCTION", mode="discontinue", direction="restrict", stage="in_force"
        )
    return replace(base, modality="negated")


def _with_standing(base: Shape, found: Standing) -> Shape:
    if found.reversed:
        base = _stopped(base)
    if base.modality == "negated":
        return replace(base, modality="hypothetical", stage="proposed") if found.negated else base
    if found.ended and found.negated and base.direction in ("restrict", "ease") and base.stage == "in_force":
        base, found = _stopped(base), replace(found, negated=False)
    if found.negated:
        return _negated(base, found)
    if found.hypothetical and found.conditional and found.reported and _is_harsh(base):
        return _foreseen(base)  # "said it would cut off aid unless ..." is a threat already made
    if found.hypothetical:
        stage: Stage | None = "proposed" if base.direction == "restrict" and base.stage else base.stage
        if base.instrument == "trade_agreement":
            stage = None
        return replace(base, modality="hypothetical", stage=stage)
    if found.planned:
        return _planned(base)
    if found.future:
        return _foreseen(base)
    if found.decided and base.event_type in ("SANCTION", "RETREAT", "POLICY"):
        return replace(base, stage=base.stage if base.stage in ("lifted", "suspended") else "announced")
    return base


def _negated(base: Shape, found: Standing) -> Shape:
    stage = base.stage
    if base.event_type == "SANCTION":
        stage = "rejected" if found.future or found.planned or found.decided else None
    elif base.event_type == "RETREAT":
        stage = "in_force"
    mode = None if base.event_type in ("SANCTION", "RETREAT") else base.mode
    return replace(base, modality="negated", stage=stage, mode=mode)


def _planned(base: Shape) -> Shape:
    if base.event_type == "SANCTION":
        return replace(
            base,
            event_type="THREATEN",
            content_type="SANCTION",
            mode="restrict",
            stage="proposed" if base.direction else None,
            modality="future",
        )
    if base.event_type in ("ASSAULT", "COERCE"):
        return replace(
            base, event_type="THREATEN", content_type=base.event_type, mode="violence", modality="future"
        )
    if base.event_type == "POLICY":
        return replace(base, stage="proposed", modality="future")
    return _foreseen(base)


def _foreseen(base: Shape) -> Shape:
    if base.direction is None and base.event_type in _HARSH:
        mode = "violence" if base.event_type == "ASSAULT" else "restrict"
        return replace(
            base, event_type="THREATEN", content_type=base.event_type, mode=mode, modality="future"
        )
    if base.event_type == "SANCTION" or base.event_type == "POLICY":
        return replace(base, stage="announced" if base.direction else None, modality="future")
    if base.event_type == "RETREAT" and (base.instrument or base.direction == "ease"):
        return replace(
            base,
            event_type="CONCEDE",
            content_type="RETREAT",
            mode=None,
            stage="announced",
            modality="future",
        )
    if base.event_type in _COOPERATIVE - {"AGREE", "CONCEDE"}:
        content = base.event_type
        return replace(base, event_type="AGREE", content_type=content, mode=None, modality="future")
    return replace(base, modality="future")
