"""The words that tell what kind of thing an English name names; read from `nlp/data/name_words.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from db.errors import DataFileError

_FILE = Path(__file__).parents[1] / "data" / "name_words.yml"


class NameWords(BaseModel):
    """Sets of words by what they tell; the file says for each key what it is for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    party: frozenset[str]
    organisation: frozenset[str]
    company: frozenset[str]
    place: frozenset[str]
    place_before: frozenset[str]
    election: frozenset[str]
    election_middle: frozenset[str]
    acting_verbs: frozenset[str]
    acting_nouns: frozenset[str]
    acting_prepositions: dict[str, frozenset[str]]
    government_nouns: frozenset[str]
    honorifics: frozenset[str]
    particles: frozenset[str]
    not_names: frozenset[str]
    person_verbs: frozenset[str]
    event: frozenset[str]
    life_verbs: frozenset[str]
    owners: frozenset[str]
    nobility: frozenset[str]
    acted_on_verbs: frozenset[str]
    title_modifiers: frozenset[str]
    former: frozenset[str]
    congresses: frozenset[str]


@cache
def load_name_words(file: Path = _FILE) -> NameWords:
    """The words of the file; DataFileError names the key that is missing, unknown or malformed."""
    try:
        return NameWords.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataFileError(file, "", f"cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise DataFileError(file, ".".join(str(part) for part in first["loc"]), first["msg"]) from error
