"""The columns of GDELT 2.0 event files and of weekly POLECAT files, in their order."""

from __future__ import annotations


def _gdelt_actor(number: int) -> tuple[str, ...]:
    names = (
        *("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code"),
        *("Type1Code", "Type2Code", "Type3Code"),
    )
    return tuple(f"Actor{number}{name}" for name in names)


def _gdelt_place(prefix: str) -> tuple[str, ...]:
    names = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
    return tuple(f"{prefix}Geo_{name}" for name in names)


GDELT = (
    *("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate"),
    *_gdelt_actor(1),
    *_gdelt_actor(2),
    *("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale"),
    *("NumMentions", "NumSources", "NumArticles", "AvgTone"),
    *_gdelt_place("Actor1"),
    *_gdelt_place("Actor2"),
    *_gdelt_place("Action"),
    *("DATEADDED", "SOURCEURL"),
)


def _polecat_party(side: str) -> tuple[str, ...]:
    return (
        *(f"{side} Name", f"{side} Country", f"{side} COW", f"Primary {side} Sector", f"{side} Sectors"),
        *(f"{side} Title", f"{side} Name Raw", f"Wikipedia {side} ID"),
    )


POLECAT = (
    *("Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts"),
    *_polecat_party("Actor"),
    *_polecat_party("Recipient"),
    *("Placename", "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID"),
    *("Raw Placename", "Feature Type", "Source", "Publication Date"),
    *("Story People", "Story Organizations", "Story Locations", "Language", "Version"),
)
