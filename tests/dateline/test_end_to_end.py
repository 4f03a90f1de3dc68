"""The whole loop on the demonstration: everything once, traceable, repeatable."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dateline.newsroom.articles import load_articles
from tests.crawler.conftest import RUN_LOG
from tests.dateline.program import dateline

MODEL_PEOPLE = {
    ("person/donald-trump", "President", "USA"),
    ("person/xi-jinping", "President", "CHN"),
    ("person/scott-bessent", "Treasury Secretary", "USA"),
    ("person/he-lifeng", "Vice Premier", "CHN"),
    ("person/katsunobu-kato", "Finance Minister", "JPN"),
}


def rows(db: Path, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as connection:
        return list(connection.execute(sql, values))


def dump(db: Path) -> list[str]:
    """Every row of every table but the run log."""
    with sqlite3.connect(f"file:{db}?mode=ro", uri=True) as connection:
        log = tuple(f'INSERT INTO "{table}"' for table in RUN_LOG)
        return [line for line in connection.iterdump() if not line.startswith(log)]


def model_article(db: Path, language: str) -> str:
    [(article,)] = rows(
        db,
        "SELECT id FROM articles WHERE language = ? AND url LIKE '%100251020%' AND duplicate_of IS NULL",
        language,
    )
    return str(article)


def test_every_article_of_the_newsroom_is_collected_once(demo: Path) -> None:
    expected = load_articles()
    titles = sorted(title for (title,) in rows(demo, "SELECT title FROM articles"))
    assert titles == sorted(article.title for article in expected)
    copies = rows(demo, "SELECT count(*) FROM articles WHERE duplicate_of IS NOT NULL")
    assert copies == [(sum(article.copy_of is not None for article in expected),)]


def test_what_robots_txt_forbids_is_never_stored(demo: Path) -> None:
    assert rows(demo, "SELECT url FROM articles WHERE url LIKE '%/private/%'") == []


@pytest.mark.parametrize("language", ["en", "vi"])
def test_both_editions_of_the_model_article_name_the_same_people_with_role_and_country(
    demo: Path, language: str
) -> None:
    found = rows(
        demo,
        "SELECT DISTINCT entity_id, role, country FROM mentions WHERE article_id = ? AND kind = 'person'"
        " AND role IS NOT NULL",
        model_article(demo, language),
    )
    assert set(found) == MODEL_PEOPLE


@pytest.mark.parametrize("language", ["en", "vi"])
def test_both_editions_give_the_organisations_countries_and_figures(demo: Path, language: str) -> None:
    article = model_article(demo, language)
    entities = {e for (e,) in rows(demo, "SELECT entity_id FROM mentions WHERE article_id = ?", article)}
    assert {"org/imf", "bloc/g7", "country/CHN", "country/USA", "country/JPN", "region/europe"} <= entities
    figures = rows(
        demo,
        "SELECT o.value, o.unit, o.period, o.country, o.commodity, b.value FROM observations o"
        " LEFT JOIN observations b ON b.id = o.change_from WHERE o.article_id = ? ORDER BY o.value",
        article,
    )
    assert figures == [
        (6538.0, "metric ton", "2025-09", "CHN", "rare_earths", 7338.0),
        (7338.0, "metric ton", "2025-08", "CHN", "rare_earths", None),
    ]


def test_the_report_shows_the_five_parts(demo: Path) -> None:
    report = (demo.parent / "report.txt").read_text()
    for heading in (
        "What was collected",
        "The ten main events",
        "Measures in force on",
        "Figures found",
        "Try next",
    ):
        assert heading in report


def test_a_second_run_over_unchanged_pages_changes_nothing_but_the_run_log(demo_copy: Path) -> None:
    before = dump(demo_copy)
    files = sorted(p.name for p in demo_copy.with_name("dateline-archive").iterdir())
    again = dateline("demo", folder=demo_copy.parent)
    assert again.returncode == 0, again.stderr
    assert dump(demo_copy) == before
    assert sorted(p.name for p in demo_copy.with_name("dateline-archive").iterdir()) == files
    assert len(rows(demo_copy, "SELECT id FROM runs")) == 2


def test_tagging_again_gives_the_same_rows(demo_copy: Path) -> None:
    before = dump(demo_copy)
    again = dateline("tag", "--again", "--db", demo_copy)
    assert again.returncode == 0, again.stderr
    assert sorted(dump(demo_copy)) == sorted(before)


def test_verify_finds_every_witness(demo: Path) -> None:
    verified = dateline("verify", "--db", demo)
    assert verified.returncode == 0, verified.stdout + verified.stderr
    assert "spans hold" in verified.stdout


def test_the_export_holds_the_events_of_the_store(demo: Path, tmp_path: Path) -> None:
    exported = dateline("export", tmp_path / "out", "--format", "jsonl", "--db", demo)
    assert exported.returncode == 0, exported.stderr
    events = [json.loads(line) for line in (tmp_path / "out/events.jsonl").read_text().splitlines()]
    assert {e["id"] for e in events} == {e for (e,) in rows(demo, "SELECT id FROM events")}


def test_an_event_told_in_both_languages_is_one_event(demo: Path) -> None:
    both = rows(
        demo,
        "SELECT m.event_id FROM event_mentions m JOIN articles a ON a.id = m.article_id"
        " GROUP BY m.event_id HAVING count(DISTINCT a.language) = 2",
    )
    assert len(both) >= 3


def test_what_was_in_force_on_a_day_is_answered_with_its_article(demo: Path) -> None:
    answered = dateline(
        "measures", "--on", "2025-10-20", "--commodity", "rare_earths", "--json", "--db", demo
    )
    measures = json.loads(answered.stdout)
    assert [(m["country"], m["stage"]) for m in measures if m["country"] == "CHN"] == [("CHN", "in_force")]
    assert all(m["url"].startswith("http://127.0.0.1:") for m in measures)


def test_a_correction_is_a_version_whose_difference_is_shown(tmp_path: Path) -> None:
    from dateline.newsroom.server import Newsroom

    db, sources = tmp_path / "news.db", tmp_path / "sources"
    with Newsroom(ports=(0, 0)) as newsroom:
        newsroom.write_sources(sources)
        run = ("run", "--sources", sources, "--allow-loopback", "--db", db)
        assert dateline(*run).returncode == 0
        article = newsroom.articles[-1]
        first, *rest = article.paragraphs
        newsroom.correct(article.slug, "\n\n".join([first.replace(" ", " corrected ", 1), *rest]))
        again = dateline(*run)
        assert again.returncode == 0, again.stderr
    [(article_id,)] = rows(db, "SELECT id FROM articles WHERE version = 2")
    shown = dateline("articles", "--versions", article_id, "--db", db)
    assert "version 1 → 2" in shown.stdout
    assert "{+corrected" in shown.stdout
    assert dateline("verify", "--db", db).returncode == 0
