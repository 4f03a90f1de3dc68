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
        self._trade = _table(_trade_words().vi if self.language == "vi" else _trade_words().en)
        self._other = _table(_trade_words().vi_other if self.language == "vi" else ())
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
        words = words_of(doc)
        other = {place for start, end, _ in self._other.find(words) for place in range(start, end)}
        for start, end, values in self._terms.find(words):
            row, ambiguous = values[0]
            span = doc[start:end]
            if other.intersection(range(start, end)):
                continue
            if ambiguous and not (self._is_traded(doc, span) and self._is_word(span)):
                continue
            yield CommodityMention(
                start=span.start_char, end=span.end_char, text=span.text, name=row.name, hs=row.hs
            )

    def _is_word(self, span: Span) -> bool:
        """Whether a Vietnamese syllable is no name ("ông Ngô") and no unit of money ("500 đồng")."""
        if self.language == "en" or len(span) > 1 or span.start == span.sent.start:
            return True
        return not span.text[0].isupper() and not span.doc[span.start - 1].text[0].isdigit()

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
    vi_other: tuple[str, ...]


@cache
def _trade_words(file: Path = _TRADE_WORDS) -> _TradeWords:
    try:
        return _TradeWords.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        raise DataFileError(file, ".".join(str(part) for part in first["loc"]), first["msg"]) from error


def _table(phrases: tuple[str, ...]) -> PhraseTable[str]:
    table: PhraseTable[str] = PhraseTable(fold=True)
    for phrase in phrases:
        table.add(phrase.split(), phrase)
    return table
