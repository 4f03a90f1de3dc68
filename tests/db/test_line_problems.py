"""Bad lines are told one by one among good ones, and once for a file of another kind."""

from __future__ import annotations

import pytest

from db.line_problems import MOST_TOLD, LineProblems


def told(capsys: pytest.CaptureFixture[str]) -> list[str]:
    return capsys.readouterr().err.splitlines()


def test_all_good_says_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    problems = LineProblems("texts.jsonl", "a JSON object")
    problems.good()
    assert problems.close() == 0
    assert told(capsys) == []


def test_each_bad_line_among_good_ones_is_told_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    problems = LineProblems("texts.jsonl", "a JSON object")
    problems.bad("1: not JSON")
    problems.good()
    problems.bad("3: 'text' is missing")
    assert problems.close() == 1
    assert told(capsys) == ["texts.jsonl:1: not JSON", "texts.jsonl:3: 'text' is missing"]


def test_a_file_of_another_kind_gets_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    problems = LineProblems("README.md", "a JSON object")
    for number in range(1, 101):
        problems.bad(f"{number}: not JSON")
    assert problems.close() == 1
    assert told(capsys) == [
        "README.md: none of its 100 lines is a JSON object. The first is bad at 1: not JSON"
    ]


def test_beyond_the_most_only_the_number_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    problems = LineProblems("texts.jsonl", "a JSON object")
    problems.good()
    for number in range(2, MOST_TOLD + 12):
        problems.bad(f"{number}: not JSON")
    assert problems.close() == 1
    lines = told(capsys)
    assert len(lines) == MOST_TOLD + 1
    assert "10 more bad lines" in lines[-1]
