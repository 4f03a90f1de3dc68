"""Finds the Vietnamese phrases that trigger frames."""

from __future__ import annotations

import re
from functools import cached_property

from db.codebook import Codebook, Frame


class PhraseFrames:
    """The trigger phrases of a codebook as patterns over small letters."""

    def __init__(self, codebook: Codebook) -> None:
        self.codebook = codebook

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """All trigger phrases, longer ones first."""
        phrases = sorted(self.frames, key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(_as_pattern(phrase) for phrase in phrases) + r")(?!\w)")

    @cached_property
    def fixed(self) -> re.Pattern[str]:
        """Cues of instruments that hold a word which elsewhere is a trigger ("bán phá giá")."""
        cues = {cue for i in self.codebook.instruments.values() for cue in i.cues.vi if " " in cue}
        phrases = sorted(cues - set(self.frames), key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(phrase) for phrase in phrases) + r")(?!\w)")

    @cached_property
    def frames(self) -> dict[str, list[Frame]]:
        """The frames of each phrase in the codebook's order."""
        table: dict[str, list[Frame]] = {}
        for frame in self.codebook.frames:
            for phrase in frame.vi:
                table.setdefault(phrase, []).append(frame)
        return table

    def frames_of(self, text: str) -> list[Frame]:
        """The frames whose phrase `text` is, gaps allowed."""
        known = self.frames.get(text)
        if known:
            return known
        return [
            f
            for phrase, fs in self.frames.items()
            if "*" in phrase and re.fullmatch(_as_pattern(phrase), text)
            for f in fs
        ]


def has_phrase(text: str, phrase: str) -> bool:
    """Whether the phrase stands in `text` as whole words."""
    return re.search(r"(?<!\w)" + re.escape(phrase) + r"(?!\w)", text) is not None


def _as_pattern(phrase: str) -> str:
    return r"\s+".join(r"(?:\S+\s+){0,7}\S+" if part == "*" else re.escape(part) for part in phrase.split())
