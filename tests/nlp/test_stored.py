"""Stored articles are tagged once, and anew when asked."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from db.store import open_store
from nlp.commands import tag
from nlp.stored import tag_stored
from tests.db.world import put_article


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with an English and a Vietnamese article, not tagged yet."""
    path = tmp_path / "dateline.db"
    with open_store(path) as store:
        put_article(
            store,
            "curbs",
            "Beijing imposed curbs on gallium exports on Monday.",
            title="China limits exports",
        )
        put_article(store, "thue", "Tổng thống Mỹ Donald Trump ký sắc lệnh áp thuế thép.", title="Mỹ áp thuế")
    return path


def mentions(path: Path) -> list[tuple[str, int, str]]:
    with open_store(path) as store:
        return list(store.db.execute("SELECT article_id, start, entity_id FROM mentions ORDER BY 1, 2, 3"))


def test_what_is_stored_is_tagged_once(database: Path) -> None:
    assert tag_stored(database) == 2
    found = {entity for _, _, entity in mentions(database)}
    assert {"country/CHN", "gov/CHN", "person/donald-trump"} <= found
    assert tag_stored(database) == 0


def test_deleting_the_tags_and_tagging_again_gives_the_same_rows(database: Path) -> None:
    tag_stored(database)
    before = mentions(database)
    assert tag_stored(database, again=True) == 2
    assert mentions(database) == before


def test_the_command_without_a_file_tags_what_is_stored(database: Path) -> None:
    result = CliRunner().invoke(tag, ["--db", str(database)], catch_exceptions=False)
    assert result.exit_code == 0 and result.stdout == ""
    assert "Tagged 2 stored articles" in result.stderr


def test_again_makes_no_sense_with_a_file(database: Path) -> None:
    result = CliRunner().invoke(tag, ["-", "--again", "--db", str(database)])
    assert result.exit_code == 2 and "--again" in result.stderr
