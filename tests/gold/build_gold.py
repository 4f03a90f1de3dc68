"""Turns the marked-up gold of `marked/` into JSON lines; run it after a change.

    .venv/bin/python tests/gold/build_gold.py

The third that is kept out of development lies in files of its own, `marked/*_kept.yml`, so that reading the others
shows none of it.

Marks in a text (they do not nest):

    {P:kato|Katsunobu Kato}   a person; the word before the bar is the same for names of the same person
    {L:JPN|Japanese}          a place; an ISO code as the word makes it a country that the text speaks of
    {O:imf|IMF}               an organisation, ministry, bloc, party or company
    {D:2025-09|September}     a time expression with its TIMEX3 value; `{D:P1Y;SET|every year}` names the type
    {Q:6538;metric ton;=;exports rare earths|6,538 tonnes}
                              an amount: value (`5..7` a range), unit, change, words of what is measured
                              ("-" for none; left out, the concept is not scored)

`people` gives the country and, after a semicolon, the role of a person; `observations` the figures about the
world, `from` naming the id of the one it changed from; `countries` those that the text speaks of only inside an
organisation's name; `drop` the tasks for which a text is left out, because
readers differ on its tags.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

MARKED = Path(__file__).parent / "marked"
GOLD = Path(__file__).parent.parent.parent / "nlp" / "gold"
DOCUMENTS = Path(__file__).parent / "documents"
FILES = {
    "english": ("en", GOLD),
    "vietnamese": ("vi", GOLD),
    "documents_english": ("en", DOCUMENTS),
    "documents_vietnamese": ("vi", DOCUMENTS),
}
"""For each file of `marked/` its language and the folder of its gold; whole articles stay out of the package."""

_MARK = re.compile(r"\{([PLODQ]):([^|{}]*)\|([^{}]*)\}")
_LABELS = {"P": "PERSON", "L": "PLACE", "O": "ORG"}
_DURATION = re.compile(r"(PT?)(\d+)([A-Z])")
_UNITS = {"PY": "year", "PM": "month", "PW": "week", "PD": "day", "PTH": "hour"}
_COUNTRY = re.compile(r"[A-Z]{3}")
_KEYS = {"entities": ("ents", "mentions", "countries"), "quantities": ("quantities",), "dates": ("timexes",)}
_FIELDS = ("id", "published", "text", "people", "countries", "observations", "drop")


def build() -> Iterator[tuple[Path, str]]:
    """Each gold file with the text it should hold."""
    for stem, (language, folder) in FILES.items():
        for part, source in (("dev", f"{stem}.yml"), ("kept", f"{stem}_kept.yml")):
            entries = yaml.safe_load((MARKED / source).read_text(encoding="utf-8"))
            lines = [build_line(entry, language) for entry in entries]
            yield (
                folder / f"{stem.removeprefix('documents_')}_{part}.jsonl",
                "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines),
            )


def build_line(entry: dict[str, Any], language: str) -> dict[str, Any]:
    """The gold line of one marked-up entry."""
    unknown = set(entry) - set(_FIELDS)
    if unknown:
        raise ValueError(f"{entry['id']}: unknown keys {sorted(unknown)}")
    text, marks = unmark(entry["text"])
    people = {
        name: [part.strip() for part in value.split(";")] for name, value in entry.get("people", {}).items()
    }
    ents = [_entity(mark, people) for mark in marks if mark["kind"] in _LABELS]
    used = {ent["entity"] for ent in ents if ent["label"] == "PERSON"}
    if set(people) - used:
        raise ValueError(f"{entry['id']}: people not in the text: {sorted(set(people) - used)}")
    line = {
        "id": entry["id"],
        "language": language,
        "published": str(entry["published"]),
        "text": text,
        "ents": ents,
        # A country named inside the name of an organisation counts neither way.
        "mentions": [{**ent, "label": "PLACE"} for ent in ents if ent["label"] == "ORG"],
        "countries": _countries(ents, entry),
        "quantities": [found for mark in marks if (found := _quantity(mark))],
        "timexes": [_timex(mark) for mark in marks if mark["kind"] == "D"],
        "observations": [_observation(one) for one in entry.get("observations", [])],
    }
    if "observations" not in entry and "\n" in text:
        del line["observations"]  # whole articles are marked with them only where it is said
    for task in entry.get("drop", []):
        for key in _KEYS.get(task, (task,)):
            del line[key]
    return line


def unmark(marked: str) -> tuple[str, list[dict[str, Any]]]:
    """The plain text, and each mark with its span in it."""
    text, marks, last = "", [], 0
    for found in _MARK.finditer(marked):
        text += marked[last : found.start()]
        kind, said, surface = found.groups()
        marks.append(
            {"kind": kind, "said": said, "start": len(text), "text": surface, "end": len(text) + len(surface)}
        )
        text += surface
        last = found.end()
    text += marked[last:]
    if "{" in text or "}" in text:
        raise ValueError(f"a broken mark in: {text}")
    return text, marks


def _span(mark: dict[str, Any]) -> dict[str, Any]:
    return {key: mark[key] for key in ("start", "end", "text")}


def _entity(mark: dict[str, Any], people: dict[str, list[str]]) -> dict[str, Any]:
    entity = {**_span(mark), "label": _LABELS[mark["kind"]], "entity": mark["said"]}
    if mark["kind"] == "P":
        entity.update(zip(("country", "role"), people.get(mark["said"], []), strict=False))
    return entity


def _countries(ents: list[dict[str, Any]], entry: dict[str, Any]) -> list[str]:
    named = {ent["entity"] for ent in ents if ent["label"] != "PERSON" and _COUNTRY.fullmatch(ent["entity"])}
    return sorted(named | set(entry.get("countries", [])))


def _quantity(mark: dict[str, Any]) -> dict[str, Any] | None:
    """The amount of a mark; a counted duration ("six months") is one as well, "a year" is none."""
    duration = _DURATION.fullmatch(mark["said"])
    if duration and mark["kind"] == "D" and not mark["text"].startswith("a "):
        unit = _UNITS[duration[1] + duration[3]]
        return {**_span(mark), "value": float(duration[2]), "unit": unit, "change": "=", "concepts": None}
    if mark["kind"] != "Q":
        return None
    value, unit, change, *concept = mark["said"].split(";")
    ends = [float(end.replace(",", ".")) for end in value.split("..")]
    concepts = concept[0].split() if concept else None
    number = ends if len(ends) == 2 else ends[0]
    return {**_span(mark), "value": number, "unit": unit, "change": change, "concepts": concepts}


def _timex(mark: dict[str, Any]) -> dict[str, Any]:
    value, _, named = mark["said"].partition(";")
    kind = "DURATION" if value.startswith("P") and value[1:2].isdigit() else "DATE"
    if value.startswith("PT"):
        kind = "DURATION"
    elif "T" in value:
        kind = "TIME"
    return {**_span(mark), "type": named or kind, "value": value}


def _observation(one: dict[str, Any]) -> dict[str, Any]:
    plain = {key: str(value) if key == "period" else value for key, value in one.items() if key != "from"}
    plain["value"] = float(plain["value"])
    return {**plain, "change_from": one["from"]} if "from" in one else plain


if __name__ == "__main__":
    for path, content in build():
        path.write_text(content, encoding="utf-8")
        print(f"{path.name}: {len(content.splitlines())} texts")
