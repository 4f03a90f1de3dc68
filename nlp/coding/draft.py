"""What the coder of a language hands over for one event, before codes, dates and identity."""

from __future__ import annotations

from dataclasses import dataclass

from db.model import Attribution, Participant
from nlp.coding.stages import Shape


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event as a language's coder found it, before codes and identity."""

    shape: Shape
    frame: str
    start: int
    end: int
    trigger_start: int
    trigger_end: int
    scope: tuple[tuple[int, int], ...]
    """Character ranges whose goods and figures belong to the event."""
    actors: tuple[Participant, ...] = ()
    recipients: tuple[Participant, ...] = ()
    attribution: Attribution | None = None
    venue: str | None = None
    sentence: int = 0
    flow: str = "unknown"
    """The flow of goods that the words tell; `unknown` where they leave it open."""
    rules: tuple[str, ...] = ()
    nominal: bool = False
    aside: bool = False
    """Told beside the news, in a relative or temporal clause."""
