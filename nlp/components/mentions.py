"""`dateline_mentions`: finds people, organisations, governments, countries and places."""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc

from db.model import Mention
from nlp.layers import write_layer
from nlp.names.english_mentions import EnglishMentions
from nlp.names.findings import Finding
from nlp.names.vietnamese_mentions import VietnameseMentions


@Language.factory(
    "dateline_mentions",
    assigns=["doc._.dateline_mentions", "doc.spans"],
    default_config={"language": None},
)
def create_mentions(nlp: Language, name: str, language: str | None = None) -> Mentions:
    """Make the component; `language` is the pipeline's own unless given ("en" or "vi")."""
    return Mentions(nlp, name, language or str(nlp.lang))


class Mentions:
    """Writes the layer `mentions`: for English on the parse and names of the model, for Vietnamese by rules."""

    def __init__(self, nlp: Language, name: str = "dateline_mentions", language: str = "en") -> None:
        self.name = name
        self.language = language
        tokenizer = nlp.tokenizer

        def split(surface: str) -> tuple[str, ...]:
            return tuple(token.text for token in tokenizer(surface))

        self._finder = VietnameseMentions(split) if language == "vi" else EnglishMentions(split)

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "mentions", self.match(doc))
        return doc

    def match(self, doc: Doc) -> list[Mention]:
        """The mentions of the text in their order; those inside another one come after it."""
        return [_mention(doc, finding) for finding in self._finder.find(doc)]


def _mention(doc: Doc, finding: Finding) -> Mention:
    span = doc[finding.start : finding.end]
    start, end = span.start_char, span.end_char
    if finding.chars is not None:
        start, end = start + finding.chars[0], start + finding.chars[1]
    return Mention(
        start=start,
        end=end,
        text=doc.text[start:end] if finding.chars else span.text,
        kind=finding.kind,
        form=finding.form,
        entity_id=finding.entity_id,
        name=finding.name,
        country=finding.country,
        role=finding.role,
        sector=finding.sector,
        rule=finding.rule,
    )
