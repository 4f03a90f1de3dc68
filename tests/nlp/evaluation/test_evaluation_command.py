"""`dateline evaluate` over tiny gold files, with the real tagger."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from nlp.evaluation_commands import evaluate

LINES = [
    {
        "id": "1",
        "language": "en",
        "text": "France met Japan.",
        "ents": [
            {"start": 0, "end": 6, "label": "PLACE", "entity": "FRA"},
            {"start": 11, "end": 16, "label": "PLACE", "entity": "JPN"},
        ],
    },
    {
        "id": "2",
        "language": "vi",
        "text": "Pháp gặp Nhật Bản.",
        "ents": [{"start": 0, "end": 4, "label": "PLACE", "entity": "FRA"}],
    },
]


@pytest.fixture
def gold(tmp_path: Path) -> Path:
    path = tmp_path / "mine_kept.jsonl"
    path.write_text("".join(json.dumps(line) + "\n" for line in LINES), encoding="utf-8")
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(evaluate, [str(argument) for argument in arguments])


def test_figures_of_a_gold_file(gold: Path) -> None:
    result = run("--gold", gold, "--json")
    assert result.exit_code == 0, result.output
    rows = {row["figure"]: row for row in json.loads(result.stdout)}
    assert {row["part"] for row in rows.values()} == {"kept"}
    assert rows["PLACE"] == {
        "task": "entities",
        "gold": "mine",
        "part": "kept",
        "figure": "PLACE",
        "precision": 0.75,
        "recall": 1.0,
        "f1": 0.857,
        "right": 3,
        "predicted": 4,
        "in_gold": 3,
    }


def test_language_leaves_out_the_other_texts(gold: Path) -> None:
    rows = [
        json.loads(line)
        for line in run("--gold", gold, "--language", "en", "--format", "jsonl").stdout.split("\n")
        if line
    ]
    assert next(row for row in rows if row["figure"] == "ALL")["in_gold"] == 2


def test_errors_are_shown_with_their_sentence(gold: Path) -> None:
    table = run("--gold", gold, "--errors", "3").stdout
    assert "What went wrong" in table
    assert "PLACE 'Nhật Bản'" in table
    rows = list(csv.DictReader(io.StringIO(run("--gold", gold, "--errors", "3", "--format", "csv").stdout)))
    (error,) = [row for row in rows if row["record"] == "error"]
    assert (error["id"], error["error"], error["sentence"]) == ("2", "false alarm", "Pháp gặp Nhật Bản.")


def test_a_bad_line_is_told_the_others_are_scored_and_the_exit_code_is_1(gold: Path) -> None:
    with gold.open("a", encoding="utf-8") as lines:
        lines.write("not json\n")
    result = run("--gold", gold, "--json")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"{gold}:3: not JSON")
    assert len(result.stderr.splitlines()) == 1
    assert any(row["figure"] == "PLACE" and row["in_gold"] == 3 for row in json.loads(result.stdout))


def test_a_text_that_cannot_be_tagged_is_told(tmp_path: Path) -> None:
    path = tmp_path / "other.jsonl"
    path.write_text('{"id": "9", "language": "fr", "text": "Bonjour.", "ents": []}\n', encoding="utf-8")
    result = run("--gold", path)
    assert result.exit_code == 1
    assert f"{path}, 9: language 'fr' is not supported" in result.stderr


def test_shipped_gold_is_scored_without_a_file() -> None:
    result = run("--task", "dates", "--language", "vi", "--json")
    assert result.exit_code == 0, result.output
    rows = [row for row in json.loads(result.stdout) if row["figure"] == "strict+value"]
    assert [(row["task"], row["gold"], row["part"]) for row in rows] == [
        ("dates", "vietnamese", "dev"),
        ("dates", "vietnamese", "kept"),
    ]
    assert all(row["f1"] > 0.5 for row in rows)


def call(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "dateline.cli", "evaluate", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)


def test_a_missing_file_is_one_line_and_exit_code_2(tmp_path: Path) -> None:
    done = call("--gold", str(tmp_path / "nowhere.jsonl"))
    assert (done.returncode, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert "nowhere.jsonl" in line


def test_help_has_an_example_and_does_not_load_the_tagger() -> None:
    probe = (
        "import sys, click.testing, dateline.cli as front\n"
        "print(click.testing.CliRunner().invoke(front.cli, ['evaluate', '--help']).output, 'spacy' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, timeout=120, check=True
    )
    assert "dateline evaluate --task dates --language vi" in done.stdout
    assert done.stdout.rstrip().endswith("False")
