"""Every command works on the demonstration, and says in one line what is wrong with a bad call."""

from __future__ import annotations

import csv
import json
import sqlite3
from pathlib import Path

import pytest

from dateline.cli import COMMANDS
from tests.dateline.program import dateline

QUERIES = [
    ["events", "--limit", "3"],
    ["events", "--country", "CHN", "--commodity", "rare_earths"],
    ["articles", "--language", "vi"],
    ["actors", "--kind", "person"],
    ["actors", "Hà Lập Phong"],
    ["measures"],
    ["measures", "--on", "2025-10-20"],
    ["observations"],
    ["search", "rare earth"],
    ["search", "tap can binh"],
]


@pytest.mark.parametrize("command", list(COMMANDS))
def test_help_fits_and_carries_an_example(command: str) -> None:
    shown = dateline(command, "--help")
    assert shown.returncode == 0
    assert f"dateline {command}" in shown.stdout.split("Example", 1)[-1]


@pytest.mark.parametrize("arguments", QUERIES, ids=" ".join)
def test_queries_answer_in_all_four_formats(demo: Path, arguments: list[str]) -> None:
    answers = {
        f: dateline(*arguments, "--format", f, "--db", demo) for f in ("table", "json", "jsonl", "csv")
    }
    for answer in answers.values():
        assert answer.returncode == 0, answer.stderr
    number = len(json.loads(answers["json"].stdout))
    assert number > 0
    assert len(answers["jsonl"].stdout.splitlines()) == number
    assert len(list(csv.DictReader(answers["csv"].stdout.splitlines(keepends=True)))) == number


@pytest.mark.parametrize(
    "arguments", [["status"], ["explain", "latest"], ["schedule", "tick", "--dry-run"], ["sources", "list"]]
)
def test_the_other_commands_answer(demo_copy: Path, arguments: list[str]) -> None:
    answer = dateline(*arguments, *([] if arguments[0] == "sources" else ["--db", demo_copy]))
    assert answer.returncode == 0, answer.stderr
    assert answer.stdout + answer.stderr


def test_explain_shows_sentence_rule_and_archived_page(demo: Path) -> None:
    answer = dateline("explain", "latest", "--db", demo).stdout
    for part in ("(trigger)", "rule", "tagger", ".warc.gz at byte"):
        assert part in answer


def test_no_match_says_why(demo: Path) -> None:
    answer = dateline("events", "--commodity", "rare_earths", "--until", "2001-01-01", "--db", demo)
    assert answer.returncode == 0
    assert "without --until 2001-01-01" in answer.stderr


BAD_CALLS = [
    (["events", "--db", "{tmp}/none.db"], 2, "there is no database .*none.db.*--db"),
    (["verify", "--db", "{tmp}/none.db"], 2, "there is no database"),
    (["status", "--db", "{tmp}/notes.txt"], 1, "notes.txt is not a SQLite database.*--db"),
    (["events", "--db", "{tmp}/other.db"], 1, "other.db is a SQLite database that Dateline did not make"),
    (["run", "--db", "{tmp}/other.db"], 1, "other.db is a SQLite database that Dateline did not make"),
    (["tag", "--db", "{tmp}/other.db"], 1, "other.db is a SQLite database that Dateline did not make"),
    (["run", "--db", "{tmp}/no/folder/x.db"], 2, "the folder .*no/folder does not exist"),
    (["events", "--db", "{demo}", "--type", "PARTY"], 2, "there is no 'PARTY'. One of: .*SANCTION"),
    (
        ["events", "--db", "{demo}", "--since", "20.10.2025"],
        2,
        r"'20.10.2025' is no date; write it as 2025-10-20, 2025-10 or 2025\. Try ",
    ),
    (["actors", "China", "--by-month", "--db", "{demo}"], 2, "--by-month is about all actors"),
    (["actors", "--network", "--db", "{demo}"], 2, "--network needs a NAME"),
    (["explain", "e0000", "--db", "{demo}"], 1, "there is no event e0000.*dateline events"),
    (["search", "   ", "--db", "{demo}"], 2, "at least one word"),
    (["tag", "{tmp}/none.jsonl"], 2, "none.jsonl"),
    (["extract", "{tmp}/none.jsonl"], 2, "none.jsonl"),
    (["tag", "{tmp}/texts.jsonl", "--model", "no_such_model"], 2, "model 'no_such_model' is not installed"),
    (["run", "atlantis-times", "--db", "{tmp}/x.db"], 1, "atlantis-times"),
    (["run", "--sources", "{tmp}/nowhere", "--db", "{tmp}/x.db"], 2, "no folder of source declarations at"),
    (["crawl", "--url", "http://127.0.0.1:9/x", "--db", "{tmp}/x.db"], None, "loopback|not public|127.0.0.1"),
    (["crawl", "--url", "ftp://example.org/x", "--db", "{tmp}/x.db"], 2, "ftp://example.org/x"),
    (["evaluate", "--task", "dates", "--gold", "{tmp}/none.jsonl"], 2, "none.jsonl"),
    (["export", "{tmp}/notes.txt", "--db", "{demo}"], 2, "notes.txt"),
    (["nonsense"], 2, "No such command 'nonsense'"),
]


@pytest.mark.parametrize(("arguments", "code", "message"), BAD_CALLS, ids=lambda value: str(value)[:60])
def test_a_bad_call_gives_one_clear_line_and_the_documented_exit_code(
    demo: Path, tmp_path: Path, arguments: list[str], code: int | None, message: str
) -> None:
    import re

    (tmp_path / "notes.txt").write_text(
        "not a database, only notes that go on and on for a good while here\n" * 9
    )
    (tmp_path / "texts.jsonl").write_text('{"id": "1", "text": "China banned exports."}\n')
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    filled = [argument.format(tmp=tmp_path, demo=demo) for argument in arguments]
    answer = dateline(*filled, folder=tmp_path)
    said = answer.stderr.strip()
    assert "Traceback" not in said
    assert re.search(message, said), said
    if code is None:
        assert answer.returncode in (1, 2)
    else:
        assert answer.returncode == code
        assert len(said.splitlines()) == 1, said


def test_a_newer_database_is_refused(demo_copy: Path) -> None:
    with sqlite3.connect(demo_copy) as future:
        future.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('dateline', 'm9999_later', '')"
        )
    for command in ("events", "run"):
        answer = dateline(command, "--db", demo_copy)
        assert answer.returncode == 1
        assert "newer version of Dateline" in answer.stderr


def test_a_locked_database_is_told_and_nothing_is_lost(demo_copy: Path) -> None:
    holder = sqlite3.connect(demo_copy, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        answer = dateline("tag", "--again", "--db", demo_copy, DATELINE_LOCK_WAIT="0.2")
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert answer.returncode == 1
    assert "is being written by another program" in answer.stderr
    assert dateline("verify", "--db", demo_copy).returncode == 0


def test_tag_does_the_good_lines_and_names_the_bad_ones(tmp_path: Path) -> None:
    lines = [
        '{"id": "good", "text": "China banned exports of gallium."}',
        "this is not JSON",
        '{"id": "lacks"}',
        '{"id": "number", "text": 7}',
        '{"id": "last", "text": "Japan protested."}',
    ]
    file = tmp_path / "texts.jsonl"
    file.write_text("\n".join(lines) + "\n")
    answer = dateline("tag", file)
    assert answer.returncode == 1
    records = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [r["id"] for r in records] == ["good", None, "lacks", "number", "last"]
    assert [r["error"] is None for r in records] == [True, False, False, False, True]
    for number, words in ((2, "JSON"), (3, "text"), (4, "text")):
        assert any(f"{file}:{number}" in line and words in line for line in answer.stderr.splitlines())


def test_extract_does_the_good_lines_and_names_the_bad_ones(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Ban</title></head><body><article><h1>Ban</h1>"
        + "<p>China banned exports of it.</p>" * 9
    )
    lines = [
        json.dumps({"id": "good", "url": "https://x.example/a", "html": page}),
        "{broken",
        json.dumps({"id": "gone", "url": "https://x.example/b", "html_file": "gone.html"}),
    ]
    file = tmp_path / "pages.jsonl"
    file.write_text("\n".join(lines) + "\n")
    answer = dateline("extract", file)
    assert answer.returncode == 1
    records = [json.loads(line) for line in answer.stdout.splitlines()]
    assert [r["error"] is None for r in records] == [True, False, False]
    assert "gone.html" in answer.stderr


def test_data_goes_to_stdout_and_messages_to_stderr(demo: Path) -> None:
    answer = dateline("events", "--json", "--limit", "1", DATELINE_DB=str(demo))
    json.loads(answer.stdout)
    assert "dateline explain" not in answer.stdout
