"""`dateline_events`: finds policy events, who did what to whom, and how far it has come."""

from __future__ import annotations

from pathlib import Path

from spacy.language import Language
from spacy.tokenizer import Tokenizer
from spacy.tokens import Doc

from db.codebook import Codebook, load_codebook
from db.model import Quantity, TimeExpression
from nlp.coding.draft import Draft
from nlp.coding.english_events import code_english
from nlp.coding.event_records import Layers, make_events
from nlp.coding.flows import carry_flows
from nlp.coding.vietnamese_events import VietnameseCoder
from nlp.coding.word_index import index_codebook
from nlp.layers import CommodityMention, read_layer, write_layer


@Language.factory("dateline_events", assigns=["doc._.dateline_events"], default_config={"codebook": None})
def create_events(nlp: Language, name: str, codebook: str | None) -> Events:
    """Make the component; `codebook` is the path of a user's file that extends the shipped codebook."""
    made = Events(name, codebook)
    if nlp.lang == "en":
        keep_hyphens(nlp, made.codebook)
    return made


def keep_hyphens(nlp: Language, codebook: Codebook) -> None:
    """Make one token of the codebook's hyphenated verbs, so that the parser sees a verb ("test-fired")."""
    tokenizer = nlp.tokenizer
    if not isinstance(tokenizer, Tokenizer):
        return
    verbs = {word for frame in codebook.frames for phrase in frame.verbs for word in phrase.split()}
    for verb in sorted(verb for verb in verbs if "-" in verb):
        stem = verb.removesuffix("e")
        for form in {verb, f"{verb}s", f"{verb}es", f"{stem}ed", f"{stem}ing"}:
            tokenizer.add_special_case(form, [{"ORTH": form}])


class Events:
    """Writes the layer `events` from the layers before it and, in English, the parse."""

    def __init__(self, name: str = "dateline_events", codebook: str | None = None) -> None:
        self.name = name
        self.codebook = load_codebook(Path(codebook) if codebook else None)
        self.english = index_codebook(self.codebook, "en")
        self.vietnamese = VietnameseCoder(index_codebook(self.codebook, "vi"))

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        layers = Layers(
            commodities=read_layer(doc, CommodityMention),
            quantities=read_layer(doc, Quantity),
            dates=read_layer(doc, TimeExpression),
        )
        drafts = carry_flows(self._drafts(doc), layers, self.codebook)
        write_layer(doc, "events", make_events(doc, drafts, layers, self.codebook))
        return doc

    def _drafts(self, doc: Doc) -> list[Draft]:
        if doc.lang_ == "vi":
            return self.vietnamese.code(doc)
        return code_english(doc, self.english) if doc.has_annotation("DEP") else []
