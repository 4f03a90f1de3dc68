"""A user's own actors: one YAML file of people and organisations that extends the registry.

The file is named by `--actors FILE`, or by DATELINE_ACTORS; workers inherit it. An entry with the id or the name of
a known person adds aliases and offices to that person; any other is somebody new.
"""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from functools import cache
from pathlib import Path
from typing import Annotated

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from db.errors import DataFileError
from nlp.facts.reference import Organisation, Sector, load_organisations
from nlp.facts.registry_rows import CoarseDate, Code, Gender, OptionalText, PersonRow, Slug, TenureRow, Text

VARIABLE = "DATELINE_ACTORS"
"""The environment variable that names the file."""

_List = Annotated[tuple[Text, ...], BeforeValidator(lambda value: () if value is None else value)]
_Day = Annotated[CoarseDate, BeforeValidator(lambda value: None if value is None else str(value))]


class _Loader(yaml.SafeLoader):
    """Leaves dates the text that they are: a month is no day, and a day that the month lacks has its place named."""


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if not tag.endswith(":timestamp")]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class OwnTenure(_Entry):
    """An office of a person; `country` is the person's own unless given."""

    role: Text
    country: Code | None = None
    organisation: Slug | None = None
    start: _Day = None
    end: _Day = None
    source: OptionalText = None


class OwnPerson(_Entry):
    """A person; the id is made of the name unless given."""

    name: Text
    id: Slug | None = None
    country: Code
    family_name: Text | None = None
    gender: Gender = None
    aliases_en: _List = ()
    aliases_vi: _List = ()
    tenures: tuple[OwnTenure, ...] = ()

    def row(self) -> PersonRow:
        """As a line of people.csv."""
        return PersonRow(
            id=self.id or _slug(self.name), name=self.name, country=self.country,
            family_name=self.family_name or self.name.split()[-1], gender=self.gender,
            aliases_en=self.aliases_en, aliases_vi=self.aliases_vi,
        )  # fmt: skip


class OwnOrganisation(_Entry):
    """A ministry, agency, company, party or international body."""

    name: Text
    id: Slug | None = None
    kind: Annotated[str, Field(pattern="^(ministry|organisation|party|company)$")]
    country: Code
    sector: Sector = "GOV"
    acronyms: _List = ()
    names_en: _List = ()
    names_vi: _List = ()
    source: OptionalText = None

    def row(self) -> Organisation:
        """As a line of organisations.csv."""
        return Organisation.model_validate(
            {
                **{key: "|".join(getattr(self, key)) for key in ("acronyms", "names_en", "names_vi")},
                "id": self.id or _slug(self.name), "name": self.name, "kind": self.kind,
                "country": self.country, "sector": self.sector, "source": self.source or "", "ambiguous": "",
            }
        )  # fmt: skip


class OwnActors(_Entry):
    """The whole file."""

    people: tuple[OwnPerson, ...] = ()
    organisations: tuple[OwnOrganisation, ...] = ()

    def tenures(self) -> list[tuple[str, TenureRow]]:
        """The offices of all its people, each with its place in the file."""
        return [
            (
                f"people[{number}].tenures[{place}]",
                TenureRow(
                    person=person.row().id, role=tenure.role, country=tenure.country or person.country,
                    organisation=tenure.organisation, start=tenure.start, end=tenure.end, source=tenure.source,
                ),
            )
            for number, person in enumerate(self.people)
            for place, tenure in enumerate(person.tenures)
        ]  # fmt: skip


def own_actors() -> OwnActors:
    """What the file of the environment holds; nothing where none is named."""
    named = os.environ.get(VARIABLE)
    return read_own_actors(Path(named)) if named else OwnActors()


@cache
def known_organisations() -> tuple[Organisation, ...]:
    """The user's organisations, then those of `organisations.csv`."""
    return (*(organisation.row() for organisation in own_actors().organisations), *load_organisations())


def own_actors_mark() -> str:
    """A short digest of the file, part of the tagger's name: what was tagged without it is tagged anew."""
    named = os.environ.get(VARIABLE)
    return hashlib.sha256(Path(named).read_bytes()).hexdigest()[:8] if named else ""


@cache
def read_own_actors(file: Path) -> OwnActors:
    """The entries of a file; DataFileError names file, key and fact of the first that breaks a rule."""
    try:
        return OwnActors.model_validate(yaml.load(file.read_text(encoding="utf-8"), _Loader) or {})
    except (OSError, UnicodeDecodeError) as error:
        raise DataFileError(file, "", f"cannot be read: {error}") from error
    except yaml.YAMLError as error:
        raise DataFileError(file, "", f"is no YAML: {' '.join(str(error).split())}") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first["loc"])
        raise DataFileError(file, place.lstrip("."), first["msg"]) from error


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", letters.replace("'", "")).strip("-") or "unnamed"
