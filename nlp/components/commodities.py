"""`dateline_commodities`: finds goods with HS headings."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError
from spacy.language import Language
from spacy.tokens import Doc, Span

from db.errors import DataFileError
from nlp.facts.reference import Commodity, load_commodities
from nlp.layers import CommodityMention, write_layer
from nlp.names.phrases import PhraseTable, words_of

_TRADE_WORDS = Path(__file__).parents[1] / "data" / "trade_words.yml"


@Language.factory(
    "dateline_commodities",
    assigns=["doc._.dateline_commodities", "doc.spans"],
    default_config={"language": None},
)
def create_commodities(nlp: Language, name: str, language: str | None = None) -> Commodities:
    """Make the component; `language` is the pipeline's own unless given ("en" or "vi")."""
    return Commodities(nlp, name, language or str(nlp.lang))


class Commodities:
    """Writes the layer `commodities`: the longest terms of the table, in singular or plural, in any case."""

    def __init__(self, nlp: Language, name: str = "dateline_commodities", language: str = "en") -> None:
        self.name = name
        self.language = "vi" if language == "vi" else "en"
        self._trade = _trade_table(self.language)
        self._terms: PhraseTable[tuple[Commodity, bool]] = PhraseTable(fold=True)
        for row in load_commodities():
            terms, ambiguous = (
                (row.terms_vi, row.ambiguous_vi)
                if self.language == "vi"
                else (row.terms_en, row.ambiguous_en)
            )
            for term in terms:
                for form in _forms(term, self.language):
                    words = [token.text for token in nlp.tokenizer(form)]
                    self._terms.add(words, (row, term in ambiguous))

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "commodities", self.match(doc))
        return doc

    def match(self, doc: Doc) -> Iterator[CommodityMention]:
        """The goods named in the text; an ambiguous term ("goods", "magnets") only in a sentence about trade."""
        for start, end, values in self._terms.find(words_of(doc)):
            row, ambiguous = values[0]
            span = doc[start:end]
            if ambiguous and not self._is_traded(doc, span):
                continue
            yield CommodityMention(
                start=span.start_char, end=span.end_char, text=span.text, name=row.name, hs=row.hs
            )

    def _is_traded(self, doc: Doc, span: Span) -> bool:
        if self.language == "en" and span.root.pos_ not in ("NOUN", "PROPN", ""):
            return False
        around = (
            span.sent if doc.has_annotation("SENT_START") else doc[max(0, span.start - 25) : span.end + 25]
        )
        words = [token.text for token in around]
        inside = range(span.start - around.start, span.end - around.start)
        return any(start not in inside for start, _, _ in self._trade.find(words))


def _forms(term: str, language: str) -> set[str]:
    """The term as it stands and, in English, with its last word in the plural."""
    if language == "vi" or term.endswith("s"):
        return {term}
    if term.endswith(("x", "ch", "sh")):
        return {term, term + "es"}
    if term.endswith("y") and term[-2:-1] not in "aeiou":
        return {term, term[:-1] + "ies"}
    return {term, term + "s"}


class _TradeWords(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    en: tuple[str, ...]
    vi: tuple[str, ...]


@cache
def _trade_table(language: str, file: Path = _TRADE_WORDS) -> PhraseTable[str]:
    try:
        words = _TradeWords.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise DataFileError(file, ".".join(str(part) for part in first["loc"]), first["msg"]) from error
    table: PhraseTable[str] = PhraseTable(fold=True)
    for phrase in words.vi if language == "vi" else words.en:
        table.add(phrase.split(), phrase)
    return table
