"""`dateline_dates`: finds dates, times, durations and sets."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import write_layer


@Language.factory("dateline_dates", assigns=["doc._.dateline_dates"], default_config={})
def create_dates(nlp: Language, name: str) -> Dates:
    """Make the component."""
    return Dates(name)


class Dates:
    """Writes the layer `dates`."""

    def __init__(self, name: str = "dateline_dates") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "dates", [])
        return doc
