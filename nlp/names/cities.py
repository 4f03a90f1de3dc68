"""Cities and ports that are no capitals, with their country; read from `nlp/data/cities.csv`."""

from __future__ import annotations

from functools import cache

from pydantic import BaseModel, ConfigDict

from nlp.facts.reference import Flag
from nlp.facts.registry_rows import Code, Names, Text
from nlp.facts.tables import read_table


class City(BaseModel):
    """A city; `ambiguous` ones are also people's names or words, and need the model's word that they are places."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Text
    country: Code
    names_en: Names
    names_vi: Names
    ambiguous: Flag

    def surfaces(self, language: str) -> tuple[str, ...]:
        """The names of one language; names without an own Vietnamese form stay as they are."""
        return (self.name, *self.names_en) if language == "en" else self.names_vi


@cache
def load_cities() -> tuple[City, ...]:
    """The rows of the file; DataFileError names the line and column of a row that breaks a rule."""
    return read_table("cities.csv", City)
