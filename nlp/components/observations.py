"""`dateline_observations`: finds figures about the world."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import write_layer


@Language.factory("dateline_observations", assigns=["doc._.dateline_observations"], default_config={})
def create_observations(nlp: Language, name: str) -> Observations:
    """Make the component."""
    return Observations(name)


class Observations:
    """Writes the layer `observations`."""

    def __init__(self, name: str = "dateline_observations") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "observations", [])
        return doc
