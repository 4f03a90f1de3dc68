"""Where a country's events are put on a map: the place of its capital."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("places.csv")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A country with its capital's place in degrees."""

    code: str
    country: str
    capital: str
    latitude: float
    longitude: float


@cache
def load_places() -> dict[str, Place]:
    """Places by ISO 3166-1 alpha-3 code, and EUE for the European Union."""
    with FILE.open(encoding="utf-8", newline="") as file:
        return {
            row["code"]: Place(
                code=row["code"],
                country=row["country"],
                capital=row["capital"],
                latitude=float(row["latitude"]),
                longitude=float(row["longitude"]),
            )
            for row in csv.DictReader(file)
        }
