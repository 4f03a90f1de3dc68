"""The plain frozen records that Dateline's parts hand to each other.

Every tag carries its witness: `start` and `end` count Unicode characters of the document text (title, a
blank line, the text), and `text` is that slice. Field names are those of the JSON lines, the database
columns and the CSV headers. Times are aware and UTC; a date known to the month stays a month.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, TypeVar

Kind = Literal[
    "person", "government", "ministry", "organisation", "party", "bloc", "company", "country", "place"
]
Form = Literal["full", "short", "adjective", "metonym", "nominal"]
Modality = Literal["actual", "future", "hypothetical", "negated"]
Speech = Literal["statement", "action"]
Certainty = Literal["certain", "probable", "possible"]
Direction = Literal["restrict", "ease", "support"]
Change = Literal["=", "~", ">", "<", "up", "down"]
DateType = Literal["DATE", "TIME", "DURATION", "SET"]
Precision = Literal["second", "minute", "day", "month", "year", "unknown"]
Stage = Literal["proposed", "investigation", "announced", "in_force", "suspended", "lifted", "rejected"]

UNKNOWN_COUNTRY = "---"
INTERNATIONAL = "IGO"
EUROPEAN_UNION = "EUE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article as read from one page; what `dateline extract` prints.

    `text` is `paragraphs` joined by blank lines; it never holds captions, credits or comment counters.
    `error` is set, and the content empty, when the page could not be read.
    """

    id: str
    url: str
    canonical_url: str | None = None
    title: str | None = None
    text: str = ""
    paragraphs: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    published: str | None = None
    """ISO 8601 with the publisher's own offset ("2025-10-20T09:39:15+07:00"), or a date as coarse as the page's."""
    published_precision: Precision = "unknown"
    modified: str | None = None
    language: str | None = None
    publisher: str | None = None
    section: str | None = None
    image: str | None = None
    caption: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A span that names (or describes) a person, organisation, government, country or place."""

    start: int
    end: int
    text: str
    kind: Kind
    form: Form
    entity_id: str
    """`person/donald-trump`, `country/CHN`, `org/imf`, `bloc/g7`, `region/europe`;
    `office/jpn/finance-minister` for the holder of an office whom the text does not name.

    Who is in no registry gets an id from name and country: `person/x-jane-doe-can`, `org/x-acme-mining`.
    """
    name: str
    """Canonical English name of the entity."""
    country: str = UNKNOWN_COUNTRY
    role: str | None = None
    sector: str | None = None
    rule: str = ""
    """Which rule or registry entry made this tag; shown by --explain, not part of the JSON contract."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryCount:
    """How often a document speaks of a country, by any form."""

    code: str
    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """An amount with its unit and what it measures; `text` spans number and unit."""

    start: int
    end: int
    text: str
    value: float
    value_high: float | None = None
    change: Change = "="
    unit: str = ""
    """As written."""
    unit_normalized: str = "-"
    concept: str = ""
    concepts: tuple[str, ...] = ()
    period: str | None = None
    """TIMEX3 value of the period the figure is for, where the sentence says so."""
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeExpression:
    """A date, time, duration or set, with its TIMEX3 value and its first and last day (ISO dates)."""

    start: int
    end: int
    text: str
    type: DateType
    value: str
    date_start: str | None = None
    date_end: str | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """Who does, or to whom it is done; the span is where the document says so."""

    start: int
    end: int
    text: str
    entity_id: str | None = None
    name: str | None = None
    country: str = UNKNOWN_COUNTRY
    sector: str | None = None
    role: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Who is said to have said so: a named official, anonymous sources, a document or a medium."""

    type: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Commodity:
    """A good, with its HS headings (four digits)."""

    name: str
    hs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EventQuantity:
    """A figure that belongs to an event: a rate, a prior rate, an amount, a scope."""

    value: float
    unit: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMention:
    """One place in one document that reports one happening, coded by the codebook.

    `start`/`end` span the clause, `trigger_start`/`trigger_end` the words that made it an event.
    """

    event_id: str
    start: int
    end: int
    trigger_start: int
    trigger_end: int
    event_type: str
    content_type: str | None = None
    mode: str | None = None
    quad: int = 0
    plover_score: float | None = None
    cameo: str | None = None
    goldstein: float | None = None
    modality: Modality = "actual"
    speech: Speech = "action"
    certainty: Certainty = "certain"
    attribution: Attribution | None = None
    actor: tuple[Participant, ...] = ()
    recipient: tuple[Participant, ...] = ()
    instrument: str | None = None
    gta_type_id: int | None = None
    mast_chapter: str | None = None
    flow: str | None = None
    direction: Direction | None = None
    stage: Stage | None = None
    commodities: tuple[Commodity, ...] = ()
    quantities: tuple[EventQuantity, ...] = ()
    event_date: str | None = None
    date_precision: str | None = None
    effective_date: str | None = None
    venue: str | None = None
    rule: str = ""
    """The frame and the rules that filled the roles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A figure about the world: exports of rare earths of China in 2025-09 were 6538 tonnes.

    `change_from` is the `id` of the observation in the same document that it changed from.
    """

    id: str
    start: int
    end: int
    text: str
    indicator: str
    country: str | None = None
    partner: str | None = None
    commodity: str | None = None
    value: float
    unit: str
    period: str | None = None
    change_from: str | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagger:
    """What made the tags: name, version, language model."""

    name: str
    version: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaggedDocument:
    """All tags of one document; what `dateline tag` prints."""

    id: str
    language: str | None
    document: str
    tagger: Tagger
    mentions: tuple[Mention, ...] = ()
    countries: tuple[CountryCount, ...] = ()
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[TimeExpression, ...] = ()
    events: tuple[EventMention, ...] = ()
    observations: tuple[Observation, ...] = ()
    error: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WarcReference:
    """Where the bytes of a page lie in the archive: file name, byte offset, payload digest (`sha256:...`)."""

    file: str
    offset: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchedPage:
    """What a fetch left behind for one address of the frontier."""

    url: str
    source_id: str
    status: int
    fetched: datetime
    final_url: str
    etag: str | None = None
    last_modified: str | None = None
    warc: WarcReference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredArticle:
    """An article as the store gives it back: the document to tag, and what ties it to its page."""

    id: str
    source_id: str
    url: str
    title: str | None
    text: str
    language: str | None
    published: str | None
    """As the publisher writes it, with its offset: "today" in a text is the day its readers saw."""
    text_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSummary:
    """The part of a source declaration that the database keeps."""

    id: str
    title: str
    publisher: str
    country: str
    language: str
    url: str
    kind: str
    declaration: dict[str, Any] = field(default_factory=dict)


Record = TypeVar("Record")

INTERNAL_FIELDS = frozenset({"rule"})


def as_json(record: Any, *, explain: bool = False) -> Any:
    """A record as plain dictionaries and lists; internal fields are left out unless `explain`."""
    if record is None or isinstance(record, (str, int, float)):
        return record
    names = _field_names(type(record))
    if names:
        return {
            name: as_json(getattr(record, name), explain=explain)
            for name in names
            if explain or name not in INTERNAL_FIELDS
        }
    if isinstance(record, (tuple, list)):
        return [as_json(item, explain=explain) for item in record]
    if isinstance(record, dict):
        return {key: as_json(value, explain=explain) for key, value in record.items()}
    return record


_FIELD_NAMES: dict[type, tuple[str, ...]] = {}


def _field_names(kind: type) -> tuple[str, ...]:
    """The fields of a dataclass, none for any other class; looked up once, as records come by the thousand."""
    if kind not in _FIELD_NAMES:
        is_record = dataclasses.is_dataclass(kind)
        _FIELD_NAMES[kind] = tuple(f.name for f in dataclasses.fields(kind)) if is_record else ()
    return _FIELD_NAMES[kind]


def document_text(title: str | None, text: str) -> str:
    """The document text that every span counts characters in: title, a blank line, the text."""
    return f"{title}\n\n{text}" if title else text
