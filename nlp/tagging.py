"""Texts in, tagged records out: what `dateline tag` does, for any caller."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from itertools import islice

from spacy.language import Language
from spacy.tokens import Doc

from db.codebook import codebook_mark
from db.model import (
    INTERNATIONAL,
    UNKNOWN_COUNTRY,
    CountryCount,
    EventMention,
    Mention,
    Observation,
    Quantity,
    TaggedDocument,
    Tagger,
    TimeExpression,
    document_text,
)
from nlp.facts.own_actors import own_actors_mark
from nlp.language import base_language, detect_language
from nlp.layers import read_layer
from nlp.names.gazetteer import country_names
from nlp.pipeline import DEFAULT_MODEL, LANGUAGES, build_pipeline
from nlp.piping import BATCH, Source, run_pipeline

_COUNTED_KINDS = frozenset({"country", "government", "bloc"})
_NO_COUNTRY = frozenset({UNKNOWN_COUNTRY, INTERNATIONAL})


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToTag:
    """One text to tag; `published` anchors relative dates, `language` is detected when absent."""

    id: str
    text: str
    title: str | None = None
    published: str | None = None
    language: str | None = None


class DocumentTagger:
    """Tags English and Vietnamese texts; loads each language's pipeline when its first text comes.

    Raises ModelError when the model is not installed or unfit, at the first English text.
    """

    def __init__(self, model: str = DEFAULT_MODEL) -> None:
        self.model = model
        self._pipelines: dict[str, Language] = {}

    @cached_property
    def tagger(self) -> Tagger:
        """Name and version of the program, name and version of the English model."""
        meta = self.pipeline("en").meta
        model = f"{meta['lang']}_{meta['name']} {meta['version']}"
        mark = own_actors_mark()
        if mark:
            model += f" +actors {mark}"
        if codebook_mark():
            model += f" + {codebook_mark()}"
        return Tagger(name="dateline", version=version("dateline"), model=model)

    def pipeline(self, language: str) -> Language:
        """The pipeline for "en" or "vi", built on first use."""
        if language not in self._pipelines:
            nlp = build_pipeline(language, self.model)
            nlp.max_length = 10**9  # long texts are cut into pieces before the parser sees them
            self._pipelines[language] = nlp
            # The tables loaded live as long as the process; the collector need not walk them again and again.
            gc.freeze()
        return self._pipelines[language]

    def tag(self, text: TextToTag) -> TaggedDocument:
        """The tags of one text; a text that cannot be tagged gives a record with `error`."""
        return next(self.tag_many([text]))

    def tag_many(self, texts: Iterable[TextToTag]) -> Iterator[TaggedDocument]:
        """The tags of each text, in the order of the texts, in batches; never fails for one bad text."""
        remaining = iter(texts)
        while batch := list(islice(remaining, BATCH)):
            yield from self._tag_batch(batch)

    def failed(
        self, identity: str, reason: str, *, document: str = "", language: str | None = None
    ) -> TaggedDocument:
        """A record without tags that says why there are none."""
        return TaggedDocument(
            id=identity, language=language, document=document, tagger=self.tagger, error=reason
        )

    def _tag_batch(self, batch: Sequence[TextToTag]) -> list[TaggedDocument]:
        done: dict[int, TaggedDocument] = {}
        by_language: dict[str, list[int]] = {}
        for place, text in enumerate(batch):
            language = (
                base_language(text.language)
                if text.language
                else detect_language(text.text or text.title or "")
            )
            problem = _problem(text, language)
            if problem:
                document = document_text(text.title, text.text).encode("utf-8", "replace").decode("utf-8")
                done[place] = self.failed(text.id, problem, document=document, language=language)
            else:
                by_language.setdefault(language, []).append(place)
        for language, places in by_language.items():
            tagged = self._tag_alike([batch[place] for place in places], language)
            done.update(zip(places, tagged, strict=True))
        return [done[place] for place in range(len(batch))]

    def _tag_alike(self, texts: Sequence[TextToTag], language: str) -> list[TaggedDocument]:
        nlp = self.pipeline(language)
        with nlp.memory_zone():  # words of these texts leave the vocabulary with them
            return [
                self._record(text, language, result)
                for text, result in zip(texts, run_pipeline(nlp, [_source(t) for t in texts]), strict=True)
            ]

    def _record(self, text: TextToTag, language: str, doc: Doc | str) -> TaggedDocument:
        if isinstance(doc, str):
            return self.failed(text.id, doc, document=document_text(text.title, text.text), language=language)
        mentions = read_layer(doc, Mention)
        return TaggedDocument(
            id=text.id,
            language=language,
            document=doc.text,
            tagger=self.tagger,
            mentions=mentions,
            countries=count_countries(mentions),
            quantities=read_layer(doc, Quantity),
            dates=read_layer(doc, TimeExpression),
            events=read_layer(doc, EventMention),
            observations=read_layer(doc, Observation),
        )


def shared_tagger(model: str = DEFAULT_MODEL) -> DocumentTagger:
    """One tagger a process for each model and each user's codebook and actors, loaded once."""
    return _loaded(model, codebook_mark(), own_actors_mark())


@cache
def _loaded(model: str, codebook: str, actors: str) -> DocumentTagger:
    return DocumentTagger(model)


def count_countries(mentions: Iterable[Mention]) -> tuple[CountryCount, ...]:
    """Every country that the mentions name, describe or mean by a metonym, most frequent first.

    People and organisations do not count for the country they belong to; the European Union counts as `EUE`.
    """
    counted = [m for m in mentions if m.kind in _COUNTED_KINDS and m.country not in _NO_COUNTRY]
    counts: Counter[str] = Counter()
    innermost = None
    # From the end, the inner one first: "Chinese officials" and the "Chinese" within it count once.
    for m in sorted(counted, key=lambda m: (-m.start, m.end)):
        if innermost is None or not (m.start <= innermost.start and innermost.end <= m.end):
            counts[m.country] += 1
            innermost = m
    names = country_names()
    return tuple(
        CountryCount(code=code, name=names.get(code, code), count=count)
        for code, count in sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    )


def _problem(text: TextToTag, language: str) -> str | None:
    """Why this text cannot be tagged, if so."""
    if language not in LANGUAGES:
        return f"language '{language}' is not supported ({', '.join(LANGUAGES)})"
    for name, value in (("text", text.text), ("title", text.title or "")):
        if any("\ud800" <= character <= "\udfff" for character in value):
            return f"{name} holds half a surrogate pair, which is no Unicode text"
    return None


def _source(text: TextToTag) -> Source:
    return Source(
        text=document_text(text.title, text.text),
        published=text.published,
        title_end=len(text.title) if text.title else 0,
    )
