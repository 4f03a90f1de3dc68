"""`dateline_commodities`: finds goods with HS headings."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import write_layer


@Language.factory("dateline_commodities", assigns=["doc._.dateline_commodities"], default_config={})
def create_commodities(nlp: Language, name: str) -> Commodities:
    """Make the component."""
    return Commodities(name)


class Commodities:
    """Writes the layer `commodities`."""

    def __init__(self, name: str = "dateline_commodities") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "commodities", [])
        return doc
