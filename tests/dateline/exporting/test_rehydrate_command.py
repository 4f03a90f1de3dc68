"""`dateline rehydrate` by the real program on the demonstration's crawl."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.dateline.exporting.exports import Exports
from tests.dateline.program import dateline


def test_the_demonstrations_crawl_fills_in_all_its_words(exports: Exports, tmp_path: Path) -> None:
    wordless = exports.of("csv", texts=False)
    texts = list(exports.texts().values())
    for path in wordless.iterdir():
        content = path.read_text()
        assert not any(text[100:160] in content for text in texts), path.name
    ran = dateline("rehydrate", wordless, tmp_path / "full", "--db", exports.db)
    assert ran.returncode == 0, ran.stderr
    assert "29 of 29 articles found, 0 missing, 0 changed" in ran.stderr
    for path in exports.of("csv").iterdir():
        assert path.read_bytes() == (tmp_path / "full" / path.name).read_bytes(), path.name


def test_an_empty_crawl_is_told_in_one_line(exports: Exports, tmp_path: Path) -> None:
    empty = tmp_path / "empty.db"
    assert dateline("tag", "--db", empty).returncode == 0
    with sqlite3.connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM articles").fetchone() == (0,)
    wordless = exports.of("csv", texts=False)
    ran = dateline("rehydrate", wordless, tmp_path / "full", "--db", empty)
    assert ran.returncode == 1
    assert ran.stdout.count("missing  a") == 29
    assert f"holds none of the articles of {wordless}" in ran.stderr.splitlines()[-1]
