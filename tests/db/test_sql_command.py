"""Free SQL answers questions, changes nothing, and ends in time."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from db.commands.sql import sql
from db.store import open_store
from tests.db.world import put_article

ENDLESS = "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with open_store(tmp_path / "asked.db") as store:
        put_article(store, "one", "China banned exports.", title="Ban")
    return tmp_path / "asked.db"


def ask(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(sql, [*arguments, "--db", str(path)])


def test_a_question_with_a_bound_value_is_answered(path: Path) -> None:
    answer = ask(
        path, "SELECT title FROM articles WHERE language = :language", "-p", "language", "en", "--json"
    )
    assert json.loads(answer.stdout) == [{"title": "Ban"}]


@pytest.mark.parametrize(
    "query",
    [
        "DELETE FROM articles",
        "UPDATE articles SET title = 'x'",
        "DROP TABLE articles",
        "CREATE TEMP TABLE t (x)",
        "ATTACH '/tmp/other.db' AS other",
        "INSERT INTO articles_fts (articles_fts) VALUES ('rebuild')",
    ],
)
def test_nothing_can_be_changed(path: Path, query: str) -> None:
    answer = ask(path, query)
    assert answer.exception is not None and "nothing can be changed" in str(answer.exception)
    with open_store(path, "read") as store:
        assert store.db.execute("SELECT title FROM articles").fetchall() == [("Ban",)]


def test_a_question_without_an_end_is_stopped(path: Path) -> None:
    answer = ask(path, ENDLESS, "--seconds", "0.1")
    assert "was stopped after 0.1 s. Narrow it" in str(answer.exception)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("SELEC 1", "the query cannot be run: near"),
        ("SELECT colour FROM articles", "no such column: colour"),
        ("SELECT :a", "Give it with -p NAME VALUE"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
    ],
)
def test_a_wrong_question_is_one_clear_line(path: Path, query: str, said: str) -> None:
    answer = ask(path, query)
    assert answer.exception is not None and said in str(answer.exception)
