"""The codebook: what event types, modes, instruments, stages, roles and frames mean, read from `codebook.yml`."""

from __future__ import annotations

import os
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from db.errors import DataFileError
from db.model import Direction, Speech

SHIPPED = Path(__file__).with_name("codebook.yml")
VARIABLE = "DATELINE_CODEBOOK"
"""Names a user's file that extends the shipped codebook, in this process and those that it starts."""

_MERGED = ("types", "modes", "cue_sets", "flows", "instruments", "stages", "roles", "classes", "contexts")


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Words(_Entry):
    """English lemmas and Vietnamese phrases."""

    en: tuple[str, ...] = ()
    vi: tuple[str, ...] = ()


class Examples(_Entry):
    """Sentences that must give the entry, and sentences that must not."""

    positive: tuple[str, ...] = ()
    negative: tuple[str, ...] = ()


class EventType(_Entry):
    """A PLOVER type (or POLICY) with its codes."""

    definition: str
    quad: int = Field(ge=0, le=4)
    plover_score: float | None = None
    cameo: tuple[str, ...] = ()
    goldstein: float | None = None
    speech: Speech = "action"
    two_sided: bool = False
    answers: bool = False
    """Where it names no other side, it answers the measure that the sentence tells."""
    takes: tuple[Literal["measure", "goods", "figures"], ...] = ()
    """What an event of the type can be about: a policy measure, goods, amounts."""
    examples: Examples = Examples()


class Case(_Entry):
    """A constellation that has a CAMEO code and Goldstein value of its own."""

    definition: str
    event_type: str
    mode: str | None = None
    content_type: str | None = None
    instrument: str | None = None
    recipient: bool | None = None
    cameo: str | None = None
    goldstein: float | None = None


class Mode(_Entry):
    """A way in which events of some types are carried out; `example` is one of the first type."""

    types: tuple[str, ...]
    definition: str
    example: str


class Instrument(_Entry):
    """A policy instrument with its codes and the words that tell it."""

    definition: str
    gta_type_id: int | None = None
    gta_type: str | None = None
    mast_chapter: str | None = None
    flow: str
    when: tuple[str, ...] = ()
    open_kind: bool = False
    cue_set: str | None = None
    cues: Words = Words()
    examples: Examples = Examples()


class Stage(_Entry):
    """How far a measure has come."""

    definition: str
    examples: Examples = Examples()


class Role(_Entry):
    """Who takes part in an event, and where the sentence says so."""

    definition: str
    examples: Examples = Examples()


class Via(_Entry):
    """A prepositional phrase that a frame asks for."""

    preps: tuple[str, ...]
    classes: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


class Frame(_Entry):
    """What triggers an event type, and what the frame says about direction, stage and roles."""

    id: str
    type: str
    mode: str | None = None
    effect: Direction | None = None
    stage: str | None = None
    instrument: str | None = None
    content: bool | Literal["absorb"] = False
    """True: the act this word governs is its content; "absorb": it only lends its instrument."""
    verbs: tuple[str, ...] = ()
    nouns: tuple[str, ...] = ()
    adjectives: tuple[str, ...] = ()
    vi: tuple[str, ...] = ()
    object: tuple[str, ...] = ()
    optional_object: bool = False
    of_object: bool = False
    via_object: tuple[str, ...] = ()
    """Words one of which must be the object or a later complement."""
    subject: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    """Classes to one of which whoever acts must belong."""
    named_doer: bool = False
    """A noun must name who acts as well ("a strike by dockers", but no air strike)."""
    of_other: bool = False
    """The act below must be another's ("wants Laos to pay")."""
    via: Via | None = None
    either: bool = False
    needs: tuple[str, ...] = ()
    """One of these instruments must be told in the clause."""
    modal: tuple[str, ...] = ()
    governs: tuple[str, ...] = ()
    otherwise: str | None = None
    """The frame that holds instead where none of `governs` is found below."""
    complement_modal: tuple[str, ...] = ()
    complements: tuple[str, ...] = ()
    preps: tuple[str, ...] = Field(default=(), alias="from")
    actor_via: tuple[str, ...] = ()
    reversed_by: tuple[str, ...] = ()
    swap: str | None = None
    two_sided: bool = False
    presupposed: bool = False
    pledge: bool = False
    agrees: bool = False
    emits_content: bool = False
    denies: bool | Literal["fact"] = False
    """A measure as the object is thereby said not to come about; `fact`: any act is said not to be so."""
    freed: bool = False
    """The act is told as what may be done again ("may once more ship beef to Peru"): the easing is the event."""
    resumes: bool = False
    """The goods flow again, so a ban of their flow is lifted."""
    barred: bool = False
    """The act is told as what may not be done ("no ore may leave the country"): the ban of it is the event."""
    goods_place: bool = False
    """Who acts is whose ports or market the goods leave or reach."""
    goods_owner: bool = False
    passive_bearer: bool = False
    """In a passive without a by-phrase the subject bears the measure ("was hit with a duty")."""
    gifts: tuple[str, ...] = ()
    """The verbs among its own that tell a gift even of a firm; by any other a firm only sells."""
    refusable: bool = False
    """That it will not be done is a refusal."""
    at_home: bool = False
    """It is done to one's own people where nobody else is named ("lifted the curfew")."""
    concludes: bool = False
    """The agreement that is its object is the measure."""
    object_accused: bool = False
    """The accused are its object, whosever measures are named beside it."""
    authority: bool = False
    domestic: bool = False
    civil: bool = False
    needs_party: bool = False
    needs_recipient: bool = False


class Codebook(_Entry):
    """Everything the event coder knows about meaning; made by `load_codebook`."""

    types: dict[str, EventType]
    cases: tuple[Case, ...] = ()
    modes: dict[str, Mode] = {}
    stages: dict[str, Stage]
    roles: dict[str, Role] = {}
    cue_sets: dict[str, Words] = {}
    flows: dict[str, Words] = {}
    flow_hints: dict[str, Words] = {}
    instruments: dict[str, Instrument]
    classes: dict[str, Words] = {}
    contexts: dict[str, Words] = {}
    reporting_sources: dict[str, Words] = {}
    frames: tuple[Frame, ...] = ()

    @model_validator(mode="after")
    def _names_exist(self) -> Codebook:
        for frame in self.frames:
            _known(frame.type, self.types, f"frame '{frame.id}': type")
            for name in (frame.instrument, *frame.needs, *frame.reversed_by):
                _known(name, self.instruments, f"frame '{frame.id}': instrument")
            _known(frame.mode, self.modes, f"frame '{frame.id}': mode")
            _known(frame.stage, self.stages, f"frame '{frame.id}': stage")
            for name in (*frame.object, *frame.subject, *frame.by, *(frame.via.classes if frame.via else ())):
                _known(
                    name,
                    {**self.classes, "any": 1, "party": 1, "named": 1, "state": 1},
                    f"frame '{frame.id}': class",
                )
        for name, instrument in self.instruments.items():
            _known(instrument.cue_set, self.cue_sets, f"instrument '{name}': cue_set")
        for name, mode in self.modes.items():
            for kind in mode.types:
                _known(kind, self.types, f"mode '{name}': type")
        return self

    def takes(self, event_type: str, what: Literal["measure", "goods", "figures"]) -> bool:
        """Whether events of the type can be about a measure, have goods, have figures."""
        return what in self.types[event_type].takes


def load_codebook(extra: Path | None = None) -> Codebook:
    """The shipped codebook, extended by a user's file: the one given, else that of DATELINE_CODEBOOK.

    An entry of the user's file replaces the shipped one of the same name, frames and cases stand before the
    shipped ones, and a frame of the same id replaces it. Raises DataFileError that names file and key.
    """
    if extra is None:
        extra = Path(os.environ[VARIABLE]) if os.environ.get(VARIABLE) else None
    return _shipped() if extra is None else _extended(extra)


def codebook_mark() -> str:
    """Name and hash of the user's file in use, so that tags made with it can be told from others; "" without one."""
    named = os.environ.get(VARIABLE)
    if not named:
        return ""
    path = Path(named)
    return f"{path.name} {sha256(path.read_bytes()).hexdigest()[:8]}"


def read_codebook_file(path: Path) -> dict[str, Any]:
    """The entries of one codebook file as they stand there; DataFileError where it is no mapping."""
    return _read(path)


@cache
def _extended(extra: Path) -> Codebook:
    mine = _read(extra)
    merged = dict(_read(SHIPPED))
    for key, value in mine.items():
        if key in _MERGED and isinstance(value, dict):
            shipped = merged.get(key, {})
            # the first instrument that fits is taken, so a user's own stand before the shipped ones
            merged[key] = {**value, **{k: v for k, v in shipped.items() if k not in value}}
        elif key in ("frames", "cases") and isinstance(value, list):
            ids = {entry.get("id") for entry in value if isinstance(entry, dict)} - {None}
            merged[key] = value + [entry for entry in merged[key] if entry.get("id") not in ids]
        else:
            merged[key] = value
    return _checked(merged, extra)


class _Loader(yaml.CSafeLoader):
    """Reads `on`, `off`, `yes` and `no` as the words they are: prepositions matter more here than switches."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool" or first in "tTfF"
    ]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@cache
def _shipped() -> Codebook:
    return _checked(_read(SHIPPED), SHIPPED)


def _read(path: Path) -> dict[str, Any]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(path, "", f"cannot be read: {error}") from error
    try:
        content = yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise DataFileError(path, "", f"is not YAML: {' '.join(str(error).split())}") from error
    if not isinstance(content, dict):
        raise DataFileError(path, "", "holds no mapping with types, instruments, frames")
    return content


def _checked(content: dict[str, Any], path: Path) -> Codebook:
    try:
        return Codebook.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise DataFileError(path, _named(content, first["loc"]) or place, first["msg"]) from error


def _named(content: dict[str, Any], location: tuple[int | str, ...]) -> str:
    """`frames[impose].verbs` rather than `frames.41.verbs`."""
    if len(location) > 1 and location[0] == "frames" and isinstance(location[1], int):
        entry = content["frames"][location[1]]
        name = entry.get("id", location[1]) if isinstance(entry, dict) else location[1]
        return ".".join([f"frames[{name}]", *(str(part) for part in location[2:])])
    return ""


def _known(name: str | None, names: dict[str, Any], what: str) -> None:
    if name is not None and name not in names:
        raise ValueError(f"{what} '{name}' is not declared")
