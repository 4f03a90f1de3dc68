"""Loading many articles at once gives the same store as taking them one by one, or nothing at all."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

from db.commands.load import load_command
from db.errors import InputFileError
from db.loading import Loadable, Loaded, load
from db.model import Article, Mention, TaggedDocument
from db.store import open_store
from db.verification import content_hash, verify
from tests.db.world import TAGGER, ban, source


def items(count: int, *, first: int = 0) -> Iterator[Loadable]:
    for number in range(first, count):
        text = f"China banned exports of rare earths, report {number}. " + " ".join(
            f"word{(number * 7 + n) % 997}" for n in range(80)
        )
        url = f"https://archive.example/{number}"
        event = ban(text)
        mention = Mention(
            start=0, end=5, text="China", kind="country", form="full", entity_id="country/CHN", name="China",
            country="CHN", rule="by hand", sector="GOV" if number % 2 else None,
        )  # fmt: skip
        tagged = TaggedDocument(
            id=url, language="en", document=text, tagger=TAGGER, mentions=(mention,), events=(event,)
        )
        article = Article(
            id=url, url=url, text=text, published=f"2025-10-{number % 28 + 1:02}", published_precision="day",
            language="en",
        )  # fmt: skip
        yield Loadable(article=article, source_id="archive", tagged=tagged)


def hash_of(path: Path) -> str:
    with open_store(path, "read") as store:
        assert list(verify(store)) == []
        return content_hash(store.db)


def test_a_new_store_filled_at_once_equals_one_filled_batch_by_batch(tmp_path: Path) -> None:
    assert load(tmp_path / "new.db", source("archive"), items(30)) == Loaded(new=30, known=0)
    with open_store(tmp_path / "old.db"):
        pass
    for part in (11, 30):
        load(tmp_path / "old.db", source("archive"), items(part))
    assert hash_of(tmp_path / "new.db") == hash_of(tmp_path / "old.db")
    schemas = []
    for name in ("new.db", "old.db"):
        with sqlite3.connect(tmp_path / name) as db:
            schemas.append({sql for (sql,) in db.execute("SELECT sql FROM sqlite_master")})
        db.close()
    assert schemas[0] == schemas[1]


def test_what_is_there_already_is_left_as_it_is(tmp_path: Path) -> None:
    load(tmp_path / "new.db", source("archive"), items(5))
    before = hash_of(tmp_path / "new.db")
    assert load(tmp_path / "new.db", source("archive"), items(5)) == Loaded(new=0, known=5)
    assert hash_of(tmp_path / "new.db") == before


def test_an_interrupted_load_leaves_nothing_behind(tmp_path: Path) -> None:
    def broken() -> Iterator[Loadable]:
        yield from items(3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        load(tmp_path / "new.db", source("archive"), broken())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("field", ["speech", "certainty", "direction", "modality", "stage"])
def test_tags_with_a_word_that_no_event_can_have_are_named_and_nothing_is_loaded(
    tmp_path: Path, field: str
) -> None:
    articles, tags = tmp_path / "articles.jsonl", tmp_path / "tags.jsonl"
    made = list(items(3))
    articles.write_bytes(b"".join(orjson.dumps(one.article) + b"\n" for one in made))
    command = [str(articles), "--tags", str(tags), "--source", "archive", "--db", str(tmp_path / "new.db")]

    def run(**last: str) -> Result:
        lines = [orjson.loads(orjson.dumps(one.tagged)) for one in made]
        lines[-1]["events"][0] |= last
        tags.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in lines))
        return CliRunner().invoke(load_command, command)

    bent = run(**{field: "dragon"})
    assert isinstance(bent.exception, InputFileError)
    assert f"{field}: there is no 'dragon'" in str(bent.exception) and "example/2" in str(bent.exception)
    assert not (tmp_path / "new.db").exists()
    assert run().exit_code == 0
    load(tmp_path / "other.db", source("archive"), items(3))
    assert hash_of(tmp_path / "new.db") == hash_of(tmp_path / "other.db")
