"""`dateline_paragraphs`: a sentence never runs over the end of a paragraph, a title or a caption line, and never
begins in the middle of one.
"""

from __future__ import annotations

from spacy.language import Language
from spacy.tokens import Doc


@Language.factory("dateline_paragraphs", assigns=["token.is_sent_start"], default_config={})
def create_paragraphs(nlp: Language, name: str) -> Paragraphs:
    """Make the component; it must run before the parser, which keeps the starts that it finds set."""
    return Paragraphs(name)


class Paragraphs:
    """Marks the first word after a line break as the start of a sentence, and words that cannot be one.

    The parser sometimes cuts a short sentence behind its subject ("Brazil | banned exports of sugar."), above all
    after a title without a full stop; the act is then nobody's.
    """

    def __init__(self, name: str = "dateline_paragraphs") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Set `is_sent_start` on the first word of each line, and unset it on a word in small letters that follows
        another word; all other tokens are left open for the parser.
        """
        for token in doc[:-1]:
            following = doc[token.i + 1]
            if token.is_space and "\n" in token.text:
                following.is_sent_start = True
            elif token.is_alpha and following.is_lower:
                following.is_sent_start = False
        return doc
