"""`dateline_events`: finds policy events."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from nlp.layers import write_layer


@Language.factory("dateline_events", assigns=["doc._.dateline_events"], default_config={})
def create_events(nlp: Language, name: str) -> Events:
    """Make the component."""
    return Events(name)


class Events:
    """Writes the layer `events`."""

    def __init__(self, name: str = "dateline_events") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "events", [])
        return doc
