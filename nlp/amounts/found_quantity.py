"""A number with the unit beside it, before anything is known of what it measures."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.amounts.numbers import Kind
from nlp.amounts.units import NONE


@dataclass(frozen=True, slots=True)
class FoundQuantity:
    """A number with the unit found beside it; `number_*` and `unit_*` are the stretches of each."""

    start: int
    end: int
    number_start: int
    number_end: int
    value: float
    high: float | None
    kind: Kind
    unit: str = NONE
    surface: str = ""
    dimension: str = ""
    has_rate: bool = False
    from_to: bool = False
    """Whether the two values are those of "from X to Y", where something moved, rather than of "X to Y"."""
