"""The words that Vietnamese rules look for; read from `nlp/data/name_words_vi.yml`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from db.errors import DataFileError
from nlp.names.phrases import PhraseTable

_FILE = Path(__file__).parents[1] / "data" / "name_words_vi.yml"


class _Lists(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    honorifics: tuple[str, ...]
    former: tuple[str, ...]
    modifiers: tuple[str, ...]
    government: tuple[str, ...]
    company: tuple[str, ...]
    organisation: tuple[str, ...]
    party: tuple[str, ...]
    place: tuple[str, ...]
    acting: tuple[str, ...]
    relation: tuple[str, ...]
    place_before: tuple[str, ...]
    common_next: tuple[str, ...]
    pronouns: tuple[str, ...]
    surnames: tuple[str, ...]
    named_after: tuple[str, ...]


class VietnameseWords:
    """One table of all lists: which list a phrase is of."""

    def __init__(self, lists: dict[str, tuple[str, ...]]) -> None:
        self.table: PhraseTable[str] = PhraseTable(fold=True)
        self.longest = 1
        for name, phrases in lists.items():
            for phrase in phrases:
                self.table.add(phrase.split(), name)
                self.longest = max(self.longest, len(phrase.split()))

    def after(self, words: list[str], start: int, name: str) -> int | None:
        """The end of a phrase of that list that begins at `start`."""
        if start >= len(words):
            return None
        found = self.table.at(words, start)
        return found[0] if found and name in found[1] else None

    def before(self, words: list[str], end: int, name: str) -> int | None:
        """The start of a phrase of that list that ends at `end`, the longest one."""
        for start in range(max(0, end - self.longest), end):
            found = self.table.at(words[:end], start)
            if found and found[0] == end and name in found[1]:
                return start
        return None


@cache
def load_vietnamese_words(file: Path = _FILE) -> VietnameseWords:
    """The words of the file; DataFileError names the key that is missing, unknown or malformed."""
    try:
        return VietnameseWords(
            _Lists.model_validate(yaml.safe_load(file.read_text(encoding="utf-8"))).model_dump()
        )
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise DataFileError(file, "", f"cannot be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        raise DataFileError(file, ".".join(str(part) for part in first["loc"]), first["msg"]) from error
