"""Gold texts: JSON lines that hold a text and the tags it should get, checked line by line.

One line may serve several tasks; the key that holds the tags says which: `ents`, `quantities`, `timexes`,
`events`, `observations`. The text stands in `text` or `sentence`, its date in `published`, `dct` or `pub_date`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import orjson
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, model_validator

from db.codebook import load_codebook
from db.errors import InputFileError
from db.model import Change, document_text

Task = Literal["entities", "quantities", "dates", "events", "observations", "merging"]
TASKS: tuple[Task, ...] = ("entities", "quantities", "dates", "events", "observations", "merging")
SHIPPED = Path(__file__).parent.parent / "gold"
CHECKOUT = Path(__file__).parent.parent.parent / "tests" / "gold"


class _Gold(BaseModel):
    # Corpora carry their own extra keys (address, source, annotator's notes); those are no mistakes.
    model_config = ConfigDict(extra="ignore", frozen=True)


class GoldText(_Gold):
    """What every gold line has."""

    id: str = Field(min_length=1, coerce_numbers_to_str=True)
    text: str = Field(validation_alias=AliasChoices("text", "sentence"))
    published: str | None = Field(None, validation_alias=AliasChoices("published", "dct", "pub_date"))
    language: str | None = None


class GoldSpan(_Gold):
    """A span of the text; `text`, where it is given, must be that slice."""

    start: int = Field(ge=0)
    end: int
    text: str | None = None


class GoldEntity(GoldSpan):
    """A name: its label (PERSON, PLACE, ORG; others are ignored) and which names mean the same (`entity`)."""

    label: str
    entity: str | None = None
    country: str | None = None
    role: str | None = None


class EntitiesGold(GoldText):
    """Names; `mentions` are wider annotated phrases, `countries` the ISO codes the text speaks of."""

    ents: tuple[GoldEntity, ...]
    mentions: tuple[GoldEntity, ...] = ()
    countries: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _spans_hold(self) -> EntitiesGold:
        _check_spans(self.text, self.ents)
        return self


class GoldQuantity(_Gold):
    """An amount; a range is `[low, high]`. `change` and `concepts` are null where the gold leaves them out."""

    value: float | tuple[float, float]
    unit: str | None = "-"
    change: Change | None = None
    concepts: tuple[str, ...] | None = None


class QuantitiesGold(GoldText):
    """Amounts."""

    quantities: tuple[GoldQuantity, ...]


class GoldTimex(GoldSpan):
    """A time expression with its TIMEX3 value."""

    type: str
    value: str


class DatesGold(GoldText):
    """Time expressions."""

    timexes: tuple[GoldTimex, ...]

    @model_validator(mode="after")
    def _spans_hold(self) -> DatesGold:
        _check_spans(self.text, self.timexes)
        return self


class GoldParty(_Gold):
    """Who acts, or is acted upon: the country counts."""

    country: str | None = None


class GoldCommodity(_Gold):
    """A good by its name or HS headings."""

    name: str | None = None
    hs: tuple[str, ...] = ()


class GoldFigure(_Gold):
    """A figure of an event."""

    value: float
    unit: str | None = None


class GoldEvent(_Gold):
    """An event; `accept` holds values that are as good, `optional` ones count neither way."""

    event_type: str
    actor: tuple[GoldParty, ...] = ()
    recipient: tuple[GoldParty, ...] = ()
    modality: Literal["actual", "future", "hypothetical", "negated"] | None = "actual"
    instrument: str | None = None
    direction: str | None = None
    stage: str | None = None
    effective_date: str | None = None
    commodities: tuple[GoldCommodity, ...] = ()
    quantities: tuple[GoldFigure, ...] = ()
    accept: dict[str, tuple[str | None, ...]] = {}
    optional: bool = False

    @model_validator(mode="after")
    def _type_exists(self) -> GoldEvent:
        if self.event_type not in load_codebook().types:
            raise ValueError(f"event_type '{self.event_type}' is not in the codebook")
        return self


class EventsGold(GoldText):
    """Events."""

    events: tuple[GoldEvent, ...]


class GoldHappening(_Gold):
    """A passage that tells a happening; passages of one happening share the key."""

    key: str
    sentence: str
    event_type: str
    actor: tuple[str, ...] = ()
    event_date: str | None = None


class StoryGold(GoldText):
    """An article with the happenings it tells; the title is part of its text."""

    publisher: str = ""
    title: str
    events: tuple[GoldHappening, ...]

    @model_validator(mode="before")
    @classmethod
    def _with_title(cls, fields: dict[str, Any]) -> dict[str, Any]:
        title, text = fields.get("title") or "", fields.get("text") or ""
        return {**fields, "text": document_text(title, text)}

    @model_validator(mode="after")
    def _sentences_stand_there(self) -> StoryGold:
        for event in self.events:
            if event.sentence not in self.text:
                raise ValueError(f"the sentence of '{event.key}' does not stand in the text")
        return self


class GoldObservation(_Gold):
    """A figure about the world; `change_from` is the `id` of the observation of this text it changed from."""

    id: str | None = None
    indicator: str | None = None
    country: str | None = None
    commodity: str | None = None
    value: float
    unit: str | None = None
    period: str | None = None
    change_from: str | None = None


class ObservationsGold(GoldText):
    """Observations."""

    observations: tuple[GoldObservation, ...]

    @model_validator(mode="after")
    def _links_lead_somewhere(self) -> ObservationsGold:
        ids = {one.id for one in self.observations}
        for one in self.observations:
            if one.change_from is not None and one.change_from not in ids:
                raise ValueError(f"change_from '{one.change_from}' is no id of this text")
        return self


_KEYS: dict[Task, tuple[str, type[GoldText]]] = {
    "entities": ("ents", EntitiesGold),
    "quantities": ("quantities", QuantitiesGold),
    "dates": ("timexes", DatesGold),
    "events": ("events", EventsGold),
    "observations": ("observations", ObservationsGold),
    "merging": ("story", StoryGold),
}


@dataclass(slots=True)
class GoldFile:
    """The good lines of one file by task, and what is wrong with the others ("FILE:LINE: fact")."""

    path: Path
    texts: dict[Task, list[GoldText]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The file's stem without the word for its part."""
        return self.path.stem.removesuffix("_kept").removesuffix("_dev")

    @property
    def part(self) -> Literal["dev", "kept"]:
        """`kept` for sentences that were kept out of development (`*_kept.jsonl`), else `dev`."""
        return "kept" if self.path.stem.endswith("_kept") else "dev"


def read_gold(path: Path, tasks: Sequence[Task] = TASKS) -> GoldFile:
    """Read the lines that serve one of `tasks`; a line that serves no task at all is a problem.

    Raises InputFileError when the file cannot be read or has no good line at all.
    """
    try:
        lines = path.read_bytes().splitlines()
    except OSError as error:
        raise InputFileError(
            f"cannot read '{path}': {error.strerror}. Give a file of gold JSON lines"
        ) from error
    gold = GoldFile(path)
    seen: set[str] = set()
    for number, line in enumerate(lines, 1):
        if line.strip():
            gold.problems += [f"{path}:{number}: {fact}" for fact in _read_line(line, tasks, gold, seen)]
    if not gold.texts:
        keys = " or ".join(f"'{_KEYS[task][0]}'" for task in tasks)
        first = f"; line {gold.problems[0].removeprefix(f'{path}:')}" if gold.problems else ""
        raise InputFileError(f"'{path}' holds no good line with {keys}{first}")
    return gold


def find_gold(tasks: Sequence[Task] = TASKS) -> list[GoldFile]:
    """The gold that comes with the program, and what stands in `tests/gold/` of a checkout, for these tasks."""
    folders = [SHIPPED, *(CHECKOUT / task for task in TASKS), CHECKOUT / "stories"]
    paths = [path for folder in folders for path in sorted(folder.glob("*.jsonl"))]
    return [read_gold(path, tasks) for path in paths if _serves(path, tasks)]


def _serves(path: Path, tasks: Sequence[Task]) -> bool:
    """Whether one of the lines has the key of one of the tasks."""
    lines = path.read_bytes().splitlines()
    return any(_served(orjson.loads(line), tasks) for line in lines if line.strip())


def _served(fields: dict[str, Any], tasks: Sequence[Task]) -> list[Task]:
    """The tasks that a line serves; the happenings of a story are no coded events."""
    told = [task for task in tasks if _KEYS[task][0] in fields]
    return [task for task in told if task != "events" or "story" not in fields]


def _read_line(line: bytes, tasks: Sequence[Task], gold: GoldFile, seen: set[str]) -> list[str]:
    """Put what the line holds into `gold`; give back what is wrong with it."""
    try:
        fields = orjson.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        return [f"not JSON: {error}"]
    if not isinstance(fields, dict):
        return ["not a JSON object"]
    if not any(key in fields for key, _ in _KEYS.values()):
        return [f"has none of the keys {', '.join(key for key, _ in _KEYS.values())}"]
    wanted = _served(fields, tasks)
    identity = str(fields.get("id"))
    if identity in seen:
        return [f"id '{identity}' stands here a second time"]
    seen.add(identity)
    return [fact for task in wanted if (fact := _read_task(fields, task, gold))]


def _read_task(fields: dict[str, Any], task: Task, gold: GoldFile) -> str | None:
    try:
        text = _KEYS[task][1].model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        return f"{place}: {first['msg']}" if place else first["msg"].removeprefix("Value error, ")
    gold.texts.setdefault(task, []).append(text)
    return None


def _check_spans(text: str, spans: Sequence[GoldSpan]) -> None:
    for span in spans:
        if not span.start < span.end <= len(text):
            raise ValueError(f"span {span.start}-{span.end} does not lie in the text")
        if span.text is not None and text[span.start : span.end] != span.text:
            raise ValueError(
                f"span {span.start}-{span.end} is '{text[span.start : span.end]}', not '{span.text}'"
            )
