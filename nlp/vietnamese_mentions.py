"""Finds the mentions of a Vietnamese text by rules on its syllables."""

from __future__ import annotations

from collections.abc import Callable

from spacy.tokens import Doc

from nlp.findings import Finding


class VietnameseMentions:
    def __init__(self, split: Callable[[str], tuple[str, ...]]) -> None:
        self.split = split

    def find(self, doc: Doc) -> list[Finding]:
        return []
