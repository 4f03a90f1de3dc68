"""No act that is denied, doubted or only thought of is ever told as done: frames times acts, in both languages."""

from __future__ import annotations

from collections import defaultdict

from spacy.language import Language

from db.model import EventMention
from tests.nlp.coding import code
from tests.nlp.unasserted_frames import (
    ACTS,
    ENGLISH,
    VIETNAMESE,
    VIETNAMESE_ACTS,
    english_sentences,
    vietnamese_sentences,
)

PLEDGES = ("CONCEDE", "AGREE", "REJECT")
SPOKEN = {
    "Peru vowed never to {base}.": PLEDGES,
    "Peru pledged not to {base}.": PLEDGES,
    "Peru agreed not to {base}.": PLEDGES,
    "Peru resisted calls to {base}.": ("REJECT",),
    "Peru ruled out {gerund}.": ("REJECT",),
    "Peru cam kết không {act}.": PLEDGES,
    "Peru bác bỏ khả năng {act}.": ("REJECT",),
    "Peru loại trừ khả năng {act}.": ("REJECT",),
}
"""Frames in which something is said that is an act of its own: a pledge, a refusal."""


def asserted(
    frames: list[str], coded: list[tuple[EventMention, ...]], sentences: list[str]
) -> dict[str, list[str]]:
    """For each frame the sentences in which more is asserted than what is said there."""
    wrong = defaultdict(list)
    for frame, sentence, events in zip(frames, sentences, coded, strict=True):
        told = [event.event_type for event in events if event.modality in ("actual", "future")]
        if any(kind not in SPOKEN.get(frame, ()) for kind in told):
            wrong[frame].append(f"{sentence} {told}")
    return dict(wrong)


def test_english_acts_that_are_not_done_are_not_asserted(english: Language) -> None:
    sentences = english_sentences()
    frames = [frame for frame in ENGLISH for _ in ACTS]
    coded = code(english, sentences)
    assert asserted(frames, coded, sentences) == {}
    assert sum(map(bool, coded)) > len(coded) * 0.8, "the acts are seen, and seen as not done"


def test_vietnamese_acts_that_are_not_done_are_not_asserted(vietnamese: Language) -> None:
    sentences = vietnamese_sentences()
    frames = [frame for frame in VIETNAMESE for _ in VIETNAMESE_ACTS]
    coded = code(vietnamese, sentences)
    assert asserted(frames, coded, sentences) == {}
    assert sum(map(bool, coded)) > len(coded) * 0.8


def test_the_same_acts_told_as_done_are_asserted(english: Language, vietnamese: Language) -> None:
    done = code(english, [f"Peru {act.past}." for act in ACTS])
    done += code(vietnamese, [f"Peru {act}." for act in VIETNAMESE_ACTS])
    assert all(any(event.modality == "actual" for event in events) for events in done)
