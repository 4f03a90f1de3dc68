"""`dateline tag`: JSON lines in and out, bad lines told, exit codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from db.errors import ModelError
from nlp.commands import tag
from nlp.lines import read_line, tag_lines
from nlp.tagging import TextToTag

FIELDS = {
    "id", "language", "document", "tagger", "mentions", "countries", "quantities", "dates", "events",
    "observations", "error",
}  # fmt: skip


def run(*args: str, stdin: bytes = b"") -> tuple[Result, list[dict[str, Any]]]:
    result = CliRunner().invoke(tag, list(args), input=stdin, catch_exceptions=False)
    return result, [json.loads(line) for line in result.stdout.splitlines()]


def test_one_record_for_each_line_in_order_with_the_fields_promised() -> None:
    lines = b'{"id": "b", "text": "China spoke."}\n\n{"id": "a", "title": "T", "text": "", "extra": 1}\n'
    result, records = run("-", stdin=lines)
    assert result.exit_code == 0 and result.stderr == ""
    assert [r["id"] for r in records] == ["b", "a"]
    assert all(set(r) == FIELDS for r in records)
    assert set(records[0]["mentions"][0]) == {
        "start", "end", "text", "kind", "form", "entity_id", "name", "country", "role", "sector",
    }  # fmt: skip


def test_bad_lines_give_an_error_record_a_message_and_exit_code_1_and_the_good_ones_are_done(
    tmp_path: Path,
) -> None:
    file = tmp_path / "texts.jsonl"
    file.write_bytes(
        b'{"id": "1", "text": "China spoke."}\nnot json\n{"id": "3"}\n[1]\n{"id": "5", "text": "x", "title": 7}\n'
        b'{"text": "no id"}\n{"id": "7", "text": "\\ud800"}\n\xff\n{"id": "9", "text": "Japan spoke."}'
    )
    result, records = run(str(file))
    assert result.exit_code == 1
    assert [r["id"] for r in records] == ["1", None, "3", None, "5", None, None, None, "9"]
    assert [r["error"] is None for r in records] == [True, *[False] * 7, True]
    told = result.stderr.splitlines()
    assert [line.split(": ")[0] for line in told] == [f"{file}:{n}" for n in range(2, 9)]
    assert "'text' is missing" in told[1]


def test_explain_adds_the_rule() -> None:
    _, records = run("-", "--explain", stdin=b'{"id": "1", "text": "China spoke."}')
    assert "known" in records[0]["mentions"][0]["rule"]


def test_a_missing_file_and_a_missing_model_are_wrong_calls(tmp_path: Path) -> None:
    from db.errors import InputFileError

    with pytest.raises(InputFileError, match=r"nowhere\.jsonl"):
        run(str(tmp_path / "nowhere.jsonl"))
    with pytest.raises(ModelError, match="no_such_model"):
        run("-", "--model", "no_such_model", stdin=b'{"id": "1", "text": "China"}')
    assert InputFileError.exit_code == ModelError.exit_code == 2


def test_a_byte_order_mark_and_numbers_as_ids_are_accepted() -> None:
    assert read_line('\ufeff{"id": 7, "text": "x"}'.encode()) == TextToTag(id="7", text="x")


def test_two_workers_give_the_same_lines_as_one() -> None:
    lines = [json.dumps({"id": str(n), "text": f"Mỹ áp thuế lần thứ {n}."}).encode() for n in range(70)]
    assert list(tag_lines(lines, workers=2)) == list(tag_lines(lines))
