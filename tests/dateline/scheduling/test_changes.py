"""What is changed under a scheduler at work: the database is moved or replaced, declarations come, break and go."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from db.errors import StoreError
from db.store import open_store
from tests.crawler.conftest import articles
from tests.dateline.program import dateline
from tests.dateline.scheduling.conftest import Newsroom, hang, until
from tests.dateline.scheduling.test_supervisor import states


def end(scheduler: subprocess.Popen[str]) -> str:
    scheduler.terminate()
    _, said = scheduler.communicate(timeout=60)
    assert scheduler.returncode == 0, said
    return said


def collected(db: Path, number: int) -> bool:
    return db.exists() and len(articles(db)) == number


def test_a_database_that_is_moved_away_ends_the_scheduler_and_no_new_one_is_made(newsroom: Newsroom) -> None:
    hang(newsroom.sites["north"], "/news/story-1.htm", lambda: False)
    scheduler = newsroom.start("run")
    until(lambda: newsroom.sites["north"].requests["/news/story-1.htm"], "the crawl")
    away = newsroom.db.with_name("away.db")
    newsroom.db.rename(away)
    _, said = scheduler.communicate(timeout=60)
    assert scheduler.returncode == 1 and "Traceback" not in said, said
    assert "was moved, replaced or deleted while it was in use" in said.splitlines()[-1]
    assert not newsroom.db.exists()
    again = newsroom.start("run")
    _, said = again.communicate(timeout=60)
    assert again.returncode == 2 and f"there is no database {newsroom.db}, and yet its archive" in said
    assert not newsroom.db.exists()
    away.rename(newsroom.db)
    newsroom.sites["north"].put_article(1)
    ticked = newsroom.start("tick")
    _, said = ticked.communicate(timeout=120)
    assert ticked.returncode == 0 and len(articles(newsroom.db)) == 6, said


def test_a_database_that_is_replaced_ends_the_scheduler_and_is_left_as_it_is(newsroom: Newsroom) -> None:
    scheduler = newsroom.start("run")
    until(lambda: collected(newsroom.db, 6), "the crawls")
    backup = dateline("backup", newsroom.db.with_name("copy.db"), "--db", newsroom.db)
    assert backup.returncode == 0, backup.stderr
    copy = newsroom.db.with_name("copy.db")
    before = copy.read_bytes()
    copy.replace(newsroom.db)
    _, said = scheduler.communicate(timeout=60)
    assert scheduler.returncode == 1 and "replaced" in said, said
    assert newsroom.db.read_bytes() == before


def test_a_process_makes_no_new_database_where_one_was_that_it_had_open(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with open_store(path):
        pass
    path.unlink()
    with pytest.raises(StoreError, match="was moved"), open_store(path):
        pass
    assert not path.exists()


def test_declarations_that_come_break_and_go_are_noticed_by_a_scheduler_at_work(newsroom: Newsroom) -> None:
    shelf = newsroom.folder.parent / "later.yml"
    shutil.move(newsroom.folder / "south.yml", shelf)
    scheduler = newsroom.start("run")
    until(lambda: collected(newsroom.db, 3), "the crawl of the only source")
    broken = newsroom.folder / "east.yml"
    broken.write_text("title: East\n")
    shutil.move(shelf, newsroom.folder / "south.yml")
    assert not collected(newsroom.db, 6)
    broken.unlink()
    until(lambda: collected(newsroom.db, 6), "the crawl of the source that came")
    (newsroom.folder / "north.yml").unlink()
    until(lambda: "crawl north" not in states(newsroom.db), "the end of the source that went")
    said = end(scheduler)
    assert "the declarations have changed; new: crawl south" in said, said


def test_one_who_starts_a_second_scheduler_is_told_of_the_first(newsroom: Newsroom) -> None:
    first = newsroom.start("run")
    until(lambda: dateline("schedule", "alive", "--db", newsroom.db).returncode == 0, "the first one")
    second = newsroom.start("run")
    until(lambda: is_signed_in(newsroom.db, 2), "the second one")
    assert f"another scheduler (process {first.pid} on " in end(second)
    assert "another scheduler" not in end(first)


def is_signed_in(db: Path, number: int) -> bool:
    with open_store(db, "read") as store:
        return bool(store.db.execute("SELECT count(*) FROM schedulers").fetchone()[0] == number)


def test_publishers_should_be_able_to_reach_whoever_crawls(newsroom: Newsroom) -> None:
    deploy = newsroom.db.with_name("deploy")
    written = dateline(
        *("schedule", "export", "--systemd", "--db", newsroom.db, "--to", deploy), DATELINE_CONTACT=""
    )
    assert written.returncode == 0 and "DATELINE_CONTACT is not set" in written.stderr
    named = dateline(
        *("schedule", "export", "--systemd", "--db", newsroom.db, "--to", deploy, "--contact", "me@here.org")
    )
    assert named.returncode == 0 and "DATELINE_CONTACT" not in named.stderr
