"""The built pipelines and the tagger, loaded once for all tests of `nlp`."""

from __future__ import annotations

import pytest
from spacy.language import Language

from nlp.pipeline import build_pipeline
from nlp.tagging import DocumentTagger


@pytest.fixture(scope="session")
def english() -> Language:
    """The whole English pipeline: the default model and every Dateline component."""
    return build_pipeline("en")


@pytest.fixture(scope="session")
def vietnamese() -> Language:
    """The whole Vietnamese pipeline."""
    return build_pipeline("vi")


@pytest.fixture(scope="session")
def tagger() -> DocumentTagger:
    """A document tagger with the default model."""
    return DocumentTagger()
