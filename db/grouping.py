"""The figures of `grouping.yml`: when two articles are one text, and when they tell one story."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from db.errors import DataFileError

GROUPING_FILE = Path(__file__).parent / "grouping.yml"


class Copies(BaseModel):
    """When two texts are copies."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    min_words: int
    window_days: int
    near_days: int
    least: float
    least_apart: float
    figures_weight: float
    least_length: float


class Weights(BaseModel):
    """What each thing in common counts in the logistic score of two reports."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    goods: float
    other_goods: float
    countries: float
    named: float
    dates: float
    amounts: float
    many_amounts: float
    instruments: float
    other_instruments: float
    words: float
    title: float


class Stories(BaseModel):
    """When two reports tell one story."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    window_days: int
    least: float
    least_countries: float
    template: float
    candidates: int
    bias: float
    weights: Weights


class Grouping(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    copies: Copies
    stories: Stories


@cache
def load_grouping(path: Path = GROUPING_FILE) -> Grouping:
    """Read and check `grouping.yml`; raises DataFileError naming file and key."""
    try:
        return Grouping.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        wrong = error.errors()[0]
        raise DataFileError(path, ".".join(map(str, wrong["loc"])), wrong["msg"]) from error
