"""Whole articles in both languages: the tagger reaches its floors on them, on those kept out of development too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from db.model import TaggedDocument
from nlp.evaluation.gold import Task, read_gold
from nlp.evaluation.scoring import Question, evaluate_files, make_scorers
from nlp.tagging import DocumentTagger, TextToTag

GOLD = Path(__file__).parents[1] / "gold" / "documents"
FLOORS: dict[tuple[Task, str], float] = {
    ("entities", "person with role"): 0.85,
    ("entities", "person with country"): 0.88,
    ("entities", "countries"): 0.93,
    ("quantities", "value+unit"): 0.85,
    ("dates", "strict+value"): 0.82,
}
LOWER: dict[tuple[str, Task, str], float] = {
    # Hard articles and few expressions: one of them is about four points.
    ("vietnamese_kept", "dates", "strict+value"): 0.78,
}


@pytest.mark.parametrize("name", ["english_dev", "english_kept", "vietnamese_dev", "vietnamese_kept"])
def test_articles_are_tagged_as_well_as_before(tagger: DocumentTagger, name: str) -> None:
    def tag(questions: Sequence[Question]) -> Iterator[TaggedDocument]:
        return tagger.tag_many(
            TextToTag(id=str(place), text=one.text, published=one.published, language=one.language)
            for place, one in enumerate(questions)
        )

    gold = read_gold(GOLD / f"{name}.jsonl", ("entities", "quantities", "dates"))
    found = evaluate_files([gold], tag, make_scorers())
    reached = {(score.task, figure.name): figure.f1 for score in found.scores for figure in score.figures}
    assert found.problems == []
    floors = {key: LOWER.get((name, *key), floor) for key, floor in FLOORS.items()}
    low = {key: reached[key] for key, floor in floors.items() if (reached[key] or 0) < floor}
    assert low == {}
