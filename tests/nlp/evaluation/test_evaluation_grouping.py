"""Copies and stories are measured on labelled articles, with the store's own code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from db.errors import InputFileError
from nlp.evaluation.grouping import GROUPINGS, evaluate_grouping, find_grouped, read_grouped
from nlp.evaluation_commands import _tagging_stored

GOALS = {"copies": 0.92, "stories": 0.85}


def test_copies_and_stories_reach_their_goals_on_the_development_part() -> None:
    [dev] = [path for path in find_grouped() if path.stem.endswith("_dev")]
    scores = evaluate_grouping(dev, _tagging_stored(None), GROUPINGS)
    assert [score.task for score in scores] == ["copies", "stories"]
    for score in scores:
        assert score.figure.f1 is not None and score.figure.f1 >= GOALS[score.task], score


def test_a_line_that_is_no_labelled_article_is_named(tmp_path: Path) -> None:
    path = tmp_path / "mine.jsonl"
    path.write_text(json.dumps({"id": "1", "text": "A text."}) + "\n")
    with pytest.raises(InputFileError, match=r"mine\.jsonl:1: not a labelled article"):
        read_grouped(path)
