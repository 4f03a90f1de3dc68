"""`dateline_quantities`: finds amounts with unit and concept."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import write_layer


@Language.factory("dateline_quantities", assigns=["doc._.dateline_quantities"], default_config={})
def create_quantities(nlp: Language, name: str) -> Quantities:
    """Make the component."""
    return Quantities(name)


class Quantities:
    """Writes the layer `quantities`."""

    def __init__(self, name: str = "dateline_quantities") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "quantities", [])
        return doc
