"""The store keeps every article once, with its versions, its copies and its page."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import textwrap
from datetime import timedelta
from pathlib import Path

import pytest

from db.errors import InputFileError, NewerDatabase, NotFound, NotOurDatabase, StoreLocked
from db.store import Store, open_store
from tests.db.world import NOW, article_id, ban, put_article, tag, tagged

LONG = " ".join(f"Word{number} of a text long enough to tell a copy by." for number in range(12))


def test_an_article_and_its_page_are_stored_together(store: Store) -> None:
    assert put_article(store, "one", "China banned exports.", title="Ban") == "new"
    page = store.frontier.page("https://daily.example/one")
    assert page is not None
    assert (page.state, page.article_id) == ("done", article_id(store, "one"))


def test_the_same_text_again_changes_no_row(store: Store) -> None:
    put_article(store, "one", "China banned exports.")
    before = list(store.db.conn.iterdump())
    assert put_article(store, "one", "China banned exports.") == "unchanged"
    after = list(store.db.conn.iterdump())
    assert [line for line in after if "articles" in line] == [line for line in before if "articles" in line]


def test_a_corrected_text_keeps_the_former_version_and_loses_its_tags(store: Store) -> None:
    put_article(store, "one", "China banned exports.")
    tag(store, "one", ban("China banned exports."))
    assert put_article(store, "one", "China limited exports.", fetched=NOW + timedelta(hours=2)) == "changed"
    assert store.db.execute("SELECT text, version FROM articles").fetchone() == ("China limited exports.", 2)
    assert store.db.execute("SELECT version, text FROM article_versions").fetchall() == [
        (1, "China banned exports.")
    ]
    assert store.db.execute("SELECT count(*) FROM event_mentions").fetchone() == (0,)
    assert [a.text for a in store.untagged("dateline/test/none")] == ["China limited exports."]


def test_tags_of_a_text_that_was_corrected_meanwhile_are_not_written(store: Store) -> None:
    put_article(store, "one", "China banned exports.")
    former = tagged(store, "one", ban("China banned exports."))
    put_article(store, "one", "On Monday China banned exports.", fetched=NOW + timedelta(hours=2))
    assert not store.save_tags(article_id(store, "one"), former)
    assert store.db.execute("SELECT count(*) FROM event_mentions").fetchone() == (0,)
    assert [a.text for a in store.untagged("dateline/test/none")] == ["On Monday China banned exports."]


@pytest.mark.parametrize("order", [("first", "copy"), ("copy", "first")])
def test_a_wire_copy_is_a_duplicate_of_the_first_published_whatever_came_first(
    store: Store, order: tuple[str, str]
) -> None:
    published = {"first": "2025-10-20T02:00:00Z", "copy": "2025-10-20T09:00:00Z"}
    outcomes = [put_article(store, n, LONG, title=n, published=published[n]) for n in order]
    assert outcomes == ["new", "duplicate"]
    rows = dict(store.db.execute("SELECT id, duplicate_of FROM articles").fetchall())
    assert rows == {article_id(store, "first"): None, article_id(store, "copy"): article_id(store, "first")}
    reason = store.db.execute(
        "SELECT duplicate_reason FROM articles WHERE duplicate_of IS NOT NULL"
    ).fetchone()
    assert reason == ("same text under another headline",)


def test_short_texts_are_never_called_copies(store: Store) -> None:
    put_article(store, "one", "Live now.")
    assert put_article(store, "two", "Live now.") == "new"


def test_a_failure_in_the_middle_of_tagging_leaves_the_old_tags(store: Store) -> None:
    put_article(store, "one", "China banned exports.")
    tag(store, "one", ban("China banned exports."))
    broken = ban("China banned exports.", modality="perhaps")  # the schema knows no such modality
    with pytest.raises(sqlite3.IntegrityError), store.transaction():
        store.db.execute("DELETE FROM event_mentions")
        store.db.execute("DELETE FROM mentions")
        store.db.execute(
            "INSERT INTO events (id, event_type, quad, modality, speech, certainty, n_mentions, n_articles,"
            " n_independent_sources) VALUES ('e', 'SANCTION', 4, ?, 'action', 'certain', 1, 1, 1)",
            [broken.modality],
        )
    assert store.db.execute("SELECT count(*) FROM event_mentions").fetchone() == (1,)
    assert store.db.execute("SELECT count(*) FROM mentions").fetchone() == (1,)


def test_a_time_is_kept_in_utc_and_the_reader_s_day_is_the_tagger_s_anchor(store: Store) -> None:
    put_article(store, "one", "China banned exports.", published="2025-10-20T00:50:00+07:00")
    assert store.db.execute("SELECT published FROM articles").fetchone() == ("2025-10-19T17:50:00Z",)
    assert store.article_to_tag(article_id(store, "one")).published == "2025-10-20T00:50:00+07:00"


def test_a_missing_article_is_named(store: Store) -> None:
    with pytest.raises(NotFound, match="no article a0"):
        store.article_to_tag("a0")


def test_reading_a_database_that_is_not_there_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputFileError, match="no database .*missing.db.*dateline demo"):
        with open_store(tmp_path / "missing.db", "read"):
            pass
    assert not (tmp_path / "missing.db").exists()


def test_a_text_file_is_not_our_database(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are notes, not a database, and they are long enough to be read as a header " * 20)
    with pytest.raises(NotOurDatabase, match="notes.db is not a SQLite database"), open_store(path):
        pass


def test_somebody_elses_database_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE recipes (name TEXT)")
    with pytest.raises(NotOurDatabase, match="Dateline did not make"), open_store(path):
        pass
    with sqlite3.connect(path) as other:
        assert other.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]


@pytest.mark.parametrize("mode", ["read", "write"])
def test_a_database_of_a_newer_version_is_refused(tmp_path: Path, mode: str) -> None:
    path = tmp_path / "future.db"
    with open_store(path) as store:
        store.db.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('dateline', 'm9999_later', '')"
        )
        store.db.conn.commit()
    with pytest.raises(NewerDatabase, match="newer version.*m9999_later.*Upgrade"):
        with open_store(path, mode):  # type: ignore[arg-type]
            pass


def test_a_locked_database_names_the_writer_and_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_LOCK_WAIT", "0.2")
    path = tmp_path / "busy.db"
    with open_store(path) as store:
        store.start_run("crawl")
    holder = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(f"""
            import sqlite3
            db = sqlite3.connect({str(path)!r}, isolation_level=None)
            db.execute("BEGIN IMMEDIATE")
            print("held", flush=True)
            input()
        """)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None and holder.stdin is not None
    assert holder.stdout.readline() == "held\n"
    try:
        with pytest.raises(StoreLocked, match=r"busy.db is being written.*dateline crawl, process \d+"):
            with open_store(path) as store:
                put_article(store, "one", "China banned exports.")
    finally:
        holder.communicate("\n", timeout=10)
    with open_store(path) as store:
        assert store.db.execute("SELECT count(*) FROM articles").fetchone() == (0,)


def test_two_writers_wait_for_each_other_and_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "shared.db"
    with open_store(path):
        pass
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from db.store import open_store
        from tests.db.world import put_article
        with open_store(Path(sys.argv[1])) as store:
            for number in range(25):
                put_article(store, f"{sys.argv[2]}-{number}", f"Text {number}", source_id=sys.argv[2])
    """)
    writers = [
        subprocess.Popen([sys.executable, "-c", script, str(path), name]) for name in ("left", "right")
    ]
    assert [writer.wait(timeout=60) for writer in writers] == [0, 0]
    with open_store(path, "read") as store:
        assert store.db.execute("SELECT count(*) FROM articles").fetchone() == (50,)


def test_a_run_whose_process_is_gone_is_recorded_as_lost(store: Store) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait(timeout=10)
    first = store.start_run("run")
    store.db.execute("UPDATE runs SET pid = ?", [gone.pid])
    store.db.conn.commit()
    store.start_run("run")
    assert store.db.execute("SELECT status FROM runs WHERE id = ?", [first]).fetchone() == ("lost",)
