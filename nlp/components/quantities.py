"""`dateline_quantities`: finds amounts with their unit, what they measure, and the period they are for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from spacy.language import Language
from spacy.tokens import Doc, Span

from db.model import Quantity, TimeExpression
from nlp.amounts.concepts import Concept, concept_of, concept_text
from nlp.amounts.counted_nouns import english_label, english_noun, vietnamese_noun
from nlp.amounts.found_quantity import FoundQuantity
from nlp.amounts.period_ranges import with_ranges
from nlp.amounts.quantity_change import change_of
from nlp.amounts.quantity_periods import period_of
from nlp.amounts.quantity_ranges import carried_units
from nlp.amounts.quantity_spans import find_quantities
from nlp.amounts.units import NONE
from nlp.amounts.vietnamese_concepts import vietnamese_concept, vietnamese_words
from nlp.layers import read_layer, write_layer


@Language.factory(
    "dateline_quantities",
    assigns=["doc._.dateline_quantities"],
    requires=["doc._.dateline_dates"],
    default_config={},
)
def create_quantities(nlp: Language, name: str) -> Quantities:
    """Make the component; it reads the layer `dates`, so that a date is no quantity."""
    return Quantities(name)


class Quantities:
    """Writes the layer `quantities`."""

    def __init__(self, name: str = "dateline_quantities") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Write the layer."""
        write_layer(doc, "quantities", self.match(doc))
        return doc

    def match(self, doc: Doc) -> list[Quantity]:
        """The quantities of the document in order."""
        times = read_layer(doc, TimeExpression)
        text = doc.text  # spaCy puts it together anew at every call
        found = find_quantities(text, doc.lang_, times)
        if not found:
            return []
        periods = with_ranges(text, times, str(doc._.published or "")[:10])
        if not doc.has_annotation("DEP") and doc.lang_ != "vi":
            return [
                _record(doc, text, quantity, periods, None) for quantity in found if quantity.unit != NONE
            ]
        if doc.lang_ == "vi":
            counted = _within(found, [_count_vietnamese(text, quantity) for quantity in found])
            return [_record(doc, text, quantity, periods, None) for quantity in counted]
        kept = _within(found, [_count_english(doc, text, quantity) for quantity in found])
        kept = carried_units(kept, text)
        blocked = _tokens_of(
            doc,
            [(q.start, q.end) for q in kept]
            + [(t.start, t.end) for t in times if t.type in ("DATE", "TIME")],
        )
        return _with_asides([_record(doc, text, quantity, periods, blocked) for quantity in kept], text)


def _within(found: Sequence[FoundQuantity], counted: Sequence[FoundQuantity | None]) -> list[FoundQuantity]:
    """The quantities that were kept, none reaching over the number of the next ("one 52,000-barrel refinery")."""
    kept = []
    for place, quantity in enumerate(counted):
        if quantity is None:
            continue
        limit = found[place + 1].start if place + 1 < len(found) else quantity.end
        kept.append(replace(quantity, end=found[place].end) if quantity.end > limit else quantity)
    return kept


def _with_asides(quantities: list[Quantity], text: str) -> list[Quantity]:
    """A figure in brackets right after another, "more than 100 km (60 miles)", is the same one in another unit."""
    done: list[Quantity] = []
    for quantity in quantities:
        last = done[-1] if done else None
        aside = last is not None and re.fullmatch(r"\s?[(\[]\s?(?:about\s)?", text[last.end : quantity.start])
        if last and aside and last.unit_normalized != quantity.unit_normalized:
            quantity = replace(
                quantity, change=last.change, concept=last.concept, concepts=last.concepts, period=last.period
            )
        done.append(quantity)
    return done


def _count_english(doc: Doc, text: str, found: FoundQuantity) -> FoundQuantity | None:
    """The quantity with the noun it counts, where it has no unit; None for a number that measures nothing."""
    part = found.kind == "fraction"
    if found.unit != NONE:
        return None if found.unit == "count" and found.value == 1 else found
    noun = english_noun(doc, text, found)
    if noun is not None:
        unit = f"% {noun.name}" if part else noun.name
        if noun.dimension != "count":
            unit = noun.name
        return replace(
            found, end=max(noun.end, found.end), unit=unit, surface=noun.surface, dimension=noun.dimension
        )
    if part:
        return replace(found, unit="% -") if re.match(r"\s+of\b", text[found.end :]) else None
    return found if _measures(doc, text, found) else None


def _measures(doc: Doc, text: str, found: FoundQuantity) -> bool:
    """Whether a number without unit or noun is a figure at all: not a year, a name, a lone "one"."""
    span = doc.char_span(found.number_start, found.number_end, alignment_mode="expand")
    if span is None or (found.kind == "word" and found.value <= 12):
        return False
    token = span.root
    if (
        found.kind == "figure"
        and 1900 <= found.value <= 2100
        and len(text[found.number_start : found.number_end]) == 4
    ):
        return False
    if english_label(doc, span):
        return False
    if (
        span.end < len(doc)
        and doc[span.end].pos_ == "PROPN"
        and doc[span.end].tag_ == "NNP"
        and token.dep_ != "pobj"
    ):
        return False  # "49 Ranch Road"
    return not (
        token.ent_type_ in ("ORDINAL", "DATE", "TIME") or (token.pos_ == "PROPN" and token.dep_ != "pobj")
    )


_ORDINAL_BEFORE = re.compile(r"(?:thứ|quý|tháng|năm|lớp|khóa|hạng|cấp|vòng|khối|tầng|bậc)\s$", re.IGNORECASE)


def _count_vietnamese(text: str, found: FoundQuantity) -> FoundQuantity | None:
    ranked = found.unit == NONE or found.dimension in ("count", "noun", "time")
    if ranked and _ORDINAL_BEFORE.search(text[max(0, found.start - 8) : found.start]):
        return None
    if found.unit != NONE:
        return (
            found if not (found.kind == "word" and found.value < 2 and found.dimension == "count") else None
        )
    if found.kind == "fraction":
        whole = vietnamese_noun(text, found)
        return replace(found, unit=f"% {whole.name if whole else NONE}")
    noun = vietnamese_noun(text, found) if found.kind == "figure" or found.value >= 2 else None
    if noun is None:
        return None
    if (
        found.kind == "word"
        and (not noun.is_known or found.value == 5)
        and not re.search(r"\s", text[found.number_start : found.number_end])
        and found.value < 13
    ):
        return None  # "ba", "năm" and "tư" are other words too; only a known unit or noun proves the number
    return replace(found, end=noun.end, unit=noun.name, surface=noun.surface, dimension=noun.dimension)


def _record(
    doc: Doc, text: str, found: FoundQuantity, times: Iterable[TimeExpression], blocked: frozenset[int] | None
) -> Quantity:
    span = doc.char_span(found.start, found.end, alignment_mode="expand")
    concept = Concept([], [])
    if blocked is not None and span is not None:
        concept = concept_of(span, _counts(found), blocked)
    phrase, words = concept_text(doc, concept.phrase), concept.words()
    if doc.lang_ == "vi":
        phrase = vietnamese_concept(text, found.start)
        words = vietnamese_words(phrase)
    return Quantity(
        start=found.start,
        end=found.end,
        text=text[found.start : found.end],
        value=found.value,
        value_high=found.high,
        change=change_of(text, found.start, found.end, doc.lang_),
        unit=found.surface,
        unit_normalized=found.unit,
        concept=phrase,
        concepts=words,
        period=period_of(doc, text, span, times) if span is not None and found.dimension != "time" else None,
        rule=f"{found.kind}+{found.dimension or 'bare'}{' from-to' if found.from_to else ''}",
    )


def _counts(found: FoundQuantity) -> bool:
    return found.dimension == "count" and found.unit not in ("point", "count")


def _tokens_of(doc: Doc, stretches: Iterable[tuple[int, int]]) -> frozenset[int]:
    spans: list[Span | None] = [
        doc.char_span(start, end, alignment_mode="expand") for start, end in stretches
    ]
    return frozenset(token.i for span in spans if span is not None for token in span)
