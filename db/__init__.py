"""The records, the event store, its queries and exports."""

import sys


def _import_alone(name: str, without: tuple[str, ...]) -> None:
    """Import a module as if those that it only takes where it finds them were not installed."""
    absent = {other: None for other in without if other not in sys.modules}
    sys.modules.update(absent)  # type: ignore[arg-type]
    try:
        __import__(name)
    finally:
        for other in absent:
            del sys.modules[other]


# sqlite-utils would load both, for types that we never store: 100 MB and most of a second in every process.
_import_alone("sqlite_utils", without=("pandas", "numpy"))
