"""Events for maps and for scripts that read GDELT or POLECAT files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import orjson

from db.days import first_day
from db.exporting.event_columns import GDELT, POLECAT
from db.exporting.files import ExportedFile, described, whole_file
from db.exporting.formats import Target
from db.exporting.places import Place, load_places

Event = dict[str, Any]


def write_geojson(target: Target) -> Iterator[ExportedFile]:
    """`events.geojson`: a point for each event, at the capital of the country that acts (else of the recipient).

    An event of no known country has no geometry.
    """
    count = 0
    with whole_file(target.folder, "events.geojson") as path, path.open("wb") as file:
        file.write(b'{"type":"FeatureCollection","features":[')
        for event in _events(target):
            file.write((b",\n" if count else b"\n") + orjson.dumps(_feature(event)))
            count += 1
        file.write(b"\n]}\n")
    yield described(target.folder, "events.geojson", count)


def write_gdelt(target: Target) -> Iterator[ExportedFile]:
    """`events.tsv`: the 61 columns of a GDELT 2.0 event file, without a header, as scripts for GDELT expect."""
    rows = ([column(event) for column in _GDELT_VALUES] for event in _events(target))
    yield _write_rows(target, "events.tsv", rows, GDELT, header=False, table="gdelt")


def write_polecat(target: Target) -> Iterator[ExportedFile]:
    """`events.tsv`: the columns of a weekly POLECAT file, with its header."""
    rows = (_polecat(event) for event in _events(target))
    yield _write_rows(target, "events.tsv", rows, POLECAT, header=True, table="polecat")


def _events(target: Target) -> Iterator[Event]:
    for event in target.selection.rows("events", "nested", texts=target.texts):
        target.advance(1)
        parts = ("actor", "recipient", "commodities", "quantities")
        event |= {key: orjson.loads(event[key]) for key in parts}
        event["place"] = _place(event)
        yield event


def _write_rows(
    target: Target,
    name: str,
    rows: Iterable[list[Any]],
    columns: tuple[str, ...],
    *,
    header: bool,
    table: str,
) -> ExportedFile:
    count = 0
    with whole_file(target.folder, name) as path, path.open("w", encoding="utf-8", newline="") as file:
        if header:
            file.write("\t".join(columns) + "\n")
        for row in rows:
            file.write("\t".join(_cell(value) for value in row) + "\n")
            count += 1
    return described(target.folder, name, count, table=table, columns=columns)


def _cell(value: Any) -> str:
    """One value without tab or line break: these files have no quoting."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.10g}"
    return " ".join(str(value).replace("\x00", " ").split())


def _place(event: Event) -> Place | None:
    for party in (*event["actor"], *event["recipient"]):
        if party["country"] in load_places():
            return load_places()[party["country"]]
    return None


def _feature(event: Event) -> dict[str, Any]:
    place: Place | None = event["place"]
    geometry = {"type": "Point", "coordinates": [place.longitude, place.latitude]} if place else None
    properties = {key: value for key, value in event.items() if key not in ("id", "place")}
    return {"type": "Feature", "id": event["id"], "geometry": geometry, "properties": properties}


def _party(event: Event, side: str) -> dict[str, Any]:
    parties: list[dict[str, Any]] = event[side]
    return parties[0] if parties else {}


def _country(party: dict[str, Any]) -> str:
    code = party.get("country") or ""
    return "" if code in ("---", "IGO") else code


def _day(event: Event) -> date | None:
    return first_day(event["day"])


def _number(event: Event) -> int:
    """A whole number under 2^60, since scripts read GlobalEventID as one."""
    return int(event["id"][1:16], 16)


def _fraction(day: date | None) -> str:
    return f"{day.year + (day.month * 30 + day.day) / 365:.4f}" if day else ""


def _gdelt_actor(side: str) -> list[Any]:
    def code(event: Event) -> str:
        party = _party(event, side)
        return _country(party) + (party.get("sector") or "")

    def name(event: Event) -> str:
        party = _party(event, side)
        return (party.get("name") or party.get("text") or "").upper()

    return [
        code,
        name,
        lambda e: _country(_party(e, side)),
        *[lambda e: ""] * 4,
        lambda e: _party(e, side).get("sector"),
        *[lambda e: ""] * 2,
    ]


def _gdelt_place(place: Any) -> list[Any]:
    return [
        lambda e: 1 if place(e) else 0,
        lambda e: place(e).country if place(e) else "",
        *[lambda e: ""] * 3,
        lambda e: place(e).latitude if place(e) else "",
        lambda e: place(e).longitude if place(e) else "",
        lambda e: "",
    ]


def _side_place(side: str) -> Any:
    return lambda e: load_places().get(_party(e, side).get("country", ""))


_GDELT_VALUES: list[Any] = [
    _number,
    lambda e: f"{_day(e):%Y%m%d}" if _day(e) else "",
    lambda e: f"{_day(e):%Y%m}" if _day(e) else "",
    lambda e: f"{_day(e):%Y}" if _day(e) else "",
    lambda e: _fraction(_day(e)),
    *_gdelt_actor("actor"),
    *_gdelt_actor("recipient"),
    lambda e: 1,
    lambda e: e["cameo"],
    lambda e: (e["cameo"] or "")[:3],
    lambda e: (e["cameo"] or "")[:2],
    lambda e: e["quad"] or "",
    lambda e: e["goldstein"],
    lambda e: e["n_mentions"],
    lambda e: e["n_independent_sources"],
    lambda e: e["n_articles"],
    lambda e: "",
    *_gdelt_place(_side_place("actor")),
    *_gdelt_place(_side_place("recipient")),
    *_gdelt_place(lambda e: e["place"]),
    lambda e: (e["reported"] or "").translate({ord(c): None for c in "-T:Z"}).ljust(14, "0")[:14],
    lambda e: e["url"],
]

_QUADS = {1: "VERBAL COOPERATION", 2: "MATERIAL COOPERATION", 3: "VERBAL CONFLICT", 4: "MATERIAL CONFLICT"}


def _polecat(event: Event) -> list[Any]:
    day = _day(event)
    place: Place | None = event["place"]
    contexts = [word for word in (event["instrument"], event["stage"], event["direction"]) if word]
    contexts += [good["name"] for good in event["commodities"]]
    return [
        event["id"],
        day.isoformat() if day else None,
        event["event_type"],
        event["mode"],
        event["plover_score"],
        _QUADS.get(event["quad"], "DOMESTIC POLICY"),
        ";".join(contexts),
        *_polecat_party(event, "actor"),
        *_polecat_party(event, "recipient"),
        event["venue"] or (place.capital if place else None),
        *(None, None, None),
        place.country if place else None,
        place.latitude if place else None,
        place.longitude if place else None,
        *(None, event["venue"], None),
        event["url"],
        event["reported"],
        *(None, None, None),
        None,
        "dateline",
    ]


def _polecat_party(event: Event, side: str) -> list[Any]:
    parties: list[dict[str, Any]] = event[side]
    sectors = [p["sector"] for p in parties if p["sector"]]
    return [
        ";".join(p["name"] or p["text"] or "" for p in parties),
        ";".join(_country(p) for p in parties),
        None,
        sectors[0] if sectors else None,
        ";".join(sectors),
        ";".join(p["role"] or "" for p in parties).strip(";"),
        ";".join(p["text"] or "" for p in parties),
        None,
    ]
