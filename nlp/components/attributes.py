"""`dateline_attributes`: spaCy's attribute ruler, with the answer for each kind of token remembered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from spacy.attrs import DEP, IS_SPACE, LEMMA, LOWER, MORPH, POS, TAG
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.pipeline import AttributeRuler
from spacy.tokens import Doc
from spacy.vocab import Vocab

_ASKED = [TAG, LOWER, DEP, IS_SPACE]
_READABLE = frozenset({"TAG", "LOWER", "DEP", "IS_SPACE"})
"""What a pattern may ask of a token for its answer to be remembered."""

_WRITTEN = [POS, MORPH, LEMMA, TAG, DEP]
_WRITABLE = frozenset({"POS", "MORPH", "LEMMA", "TAG", "DEP"})
_COLUMNS = dict(zip(_WRITTEN, range(len(_WRITTEN)), strict=True))
_MOST = 50_000
"""Kinds of token that are remembered at most; then all are forgotten, so that memory stays the same for years."""

Setting = tuple[int, int, int]
"""Number of the pattern, column in `_WRITTEN`, value; in this order the later pattern wins."""


@Language.factory(
    "dateline_attributes", assigns=["token.pos", "token.morph", "token.lemma"], default_config={}
)
def create_attributes(nlp: Language, name: str) -> Attributes:
    """Make the component without patterns; `take_over` gives it those of a model's own ruler."""
    return Attributes(nlp.vocab, name)


def take_over(nlp: Language, ruler: str = "attribute_ruler") -> None:
    """Put this component in the place of the pipeline's own ruler, with the same patterns.

    Nothing is done where the pipeline has no such ruler, or one whose patterns look at more than single words.
    """
    old = nlp.get_pipe(ruler) if ruler in nlp.pipe_names else None
    if type(old) is not AttributeRuler or not all(_is_simple(pattern) for pattern in old.patterns):
        return
    new = nlp.add_pipe("dateline_attributes", before=ruler)
    assert isinstance(new, Attributes)
    new.add_patterns(old.patterns)
    nlp.remove_pipe(ruler)


class Attributes(AttributeRuler):
    """An attribute ruler that asks the matcher once for each kind of token, where the original asks for each token.

    What a pattern of one word answers depends on a few attributes of that word alone. The ruler of the English
    models has 170 such patterns and took a seventh of the time of the whole model.
    """

    def __init__(self, vocab: Vocab, name: str = "dateline_attributes") -> None:
        super().__init__(vocab, name)
        self._known: dict[tuple[int, ...], tuple[Setting, ...]] = {}
        self._long: Matcher | None = None

    def add(self, patterns: Iterable[Any], attrs: dict[str, Any], index: int = 0) -> None:
        """Add patterns as spaCy's ruler does; what was remembered is forgotten."""
        super().add(patterns, attrs, index)
        self._known, self._long = {}, None

    def __call__(self, doc: Doc) -> Doc:
        """Set part of speech, morphology and lemma as the patterns say; the later pattern wins."""
        if self._long is None:
            self._long = self._longer_patterns()
        keys = [tuple(row) for row in doc.to_array(_ASKED).tolist()]
        found: Any = doc.to_array(_WRITTEN)
        rows = found.tolist()
        longer = self._longer(doc)
        for place, key in enumerate(keys):
            settings = self._known.get(key)
            if settings is None:
                if len(self._known) >= _MOST:
                    self._known.clear()
                settings = self._known[key] = self._ask(doc, place)
            if place in longer:
                settings = tuple(sorted((*settings, *longer[place])))
            for _, column, value in settings:
                rows[place][column] = value
        if rows:
            found[:] = rows
            doc.from_array(_WRITTEN, found)
        return doc

    def _ask(self, doc: Doc, place: int) -> tuple[Setting, ...]:
        """What the patterns of one word set on this token."""
        matches = self.matcher(doc[place : place + 1], allow_missing=True, as_spans=False)
        return tuple(sorted(setting for found, _, _ in matches for setting in self._settings(found)))

    def _longer(self, doc: Doc) -> dict[int, list[Setting]]:
        """What the patterns of several words set, by the place of the token."""
        settings: dict[int, list[Setting]] = {}
        for found, start, end in self._long(doc, allow_missing=True) if self._long else ():
            index = self.indices[int(self.vocab.strings[found])]
            place = start + index if index >= 0 else end + index
            settings.setdefault(place, []).extend(self._settings(found))
        return settings

    def _settings(self, found: int) -> list[Setting]:
        number = int(self.vocab.strings[found])
        return [
            (number, _COLUMNS[attribute], value)
            for attribute, value in self.attrs[number].items()
            if attribute in _COLUMNS
        ]

    def _longer_patterns(self) -> Matcher:
        matcher = Matcher(self.vocab, validate=False)
        for number in range(len(self.attrs)):
            several = [p for p in self.matcher.get(str(number))[1] if len(p) > 1]
            if several:
                matcher.add(str(number), several)
        return matcher


def _is_simple(pattern: dict[str, Any]) -> bool:
    return set(pattern["attrs"]) <= _WRITABLE and all(
        set(token) <= _READABLE for words in pattern["patterns"] for token in words
    )
