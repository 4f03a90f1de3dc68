"""What `dateline status` finds not well: each fault is told, and a healthy month is left in peace."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from dateline.alerting.adding import watch, webhook_channel
from dateline.alerting.round import send_test
from dateline.health import Health, read_health
from db.frontier import Discovered, timestamp
from db.jobs import Settlement, enrol, retire, settle, take
from db.model import SourceSummary
from db.processes import process_mark
from db.query import make_query
from db.saved_searches import find_search
from db.source_health import SourceCrawl, note_crawl
from db.store import Store, open_store
from db.upkeep import note_upkeep
from tests.dateline.program import dateline

NOW = datetime(2025, 10, 20, 12, tzinfo=UTC)
DECLARATION = {
    "title": "Toy Times",
    "publisher": {"name": "Toy Times", "country": "GBR", "url": "https://toy.example"},
    "language": "en",
    "feeds": ["https://toy.example/feed.xml"],
    "every": "30m",
    "expect": {"articles": 1, "fill": {"title": 1.0, "published": 0.9}},
}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(tmp_path / "news.db") as opened:
        opened.frontier.put_source(
            SourceSummary(
                id="toy",
                title="Toy Times",
                publisher="Toy Times",
                country="GBR",
                language="en",
                url="https://toy.example",
                kind="newspaper",
                declaration=DECLARATION,
            )
        )
        yield opened


def crawl(store: Store, at: datetime, new: int = 10, **changes: Any) -> None:
    counts = {"found": 20, "fetched": new, "articles_new": new, "read": new}
    settings: dict[str, Any] = {
        "source_id": "toy",
        "at": at,
        "counts": counts,
        "filled": dict.fromkeys(("title", "published", "text", "authors"), new),
        "got_something": True,
    }
    note_crawl(store, SourceCrawl(**{**settings, **changes}))


def a_good_month(store: Store, until: datetime = NOW) -> None:
    for days in range(28, -1, -1):
        crawl(store, until - timedelta(days=days))


def verdicts(health: Health) -> str:
    return "; ".join([*health.verdicts, *(v for source in health.sources for v in source.verdicts)])


def test_a_good_month_is_well(store: Store) -> None:
    a_good_month(store)
    health = read_health(store, NOW)
    assert health.is_healthy, verdicts(health)
    [source] = health.sources
    assert (source.new_today, source.usual_a_day) == (10, 10.0)
    assert source.filled["published"] == 1.0


def test_a_silent_day_of_a_busy_source_is_told(store: Store) -> None:
    a_good_month(store, NOW - timedelta(days=2))
    crawl(store, NOW, new=0)
    assert "no new article since 2025-10-19, where 10 a day are usual" in verdicts(read_health(store, NOW))


def test_a_crawl_that_was_cut_short_takes_nothing_back(store: Store) -> None:
    crawl(store, NOW - timedelta(days=1), faults=["0 links found, 10 expected"], failure="/feed.xml: gone")
    crawl(store, NOW, new=0, is_whole=False)
    [source] = read_health(store, NOW).sources
    assert "0 links found, 10 expected" in source.verdicts and source.failure == "/feed.xml: gone"
    crawl(store, NOW)
    [source] = read_health(store, NOW).sources
    assert source.verdicts == () and source.failure is None


def test_a_crawl_that_was_ended_at_its_time_limit_is_the_last_failure(store: Store) -> None:
    crawl(store, NOW)
    enrol(store, {"crawl toy": NOW})
    take(store, "crawl toy", holder=f"{process_mark()}/x", now=NOW, lease=timedelta(minutes=2))
    end = Settlement(
        outcome="timed out", finished=NOW, next_due=NOW, failures=1, message="it was ended after 0:30:00"
    )
    settle(store, "crawl toy", holder=f"{process_mark()}/x", end=end)
    [source] = read_health(store, NOW).sources
    assert source.failure == "it was ended after 0:30:00"


def test_a_source_known_for_two_days_has_no_usual_rate(store: Store) -> None:
    crawl(store, NOW - timedelta(days=2), new=200)
    crawl(store, NOW - timedelta(days=1))
    crawl(store, NOW, new=0)
    [source] = read_health(store, NOW).sources
    assert source.usual_a_day is None and not source.verdicts


def test_dates_that_fail_on_a_third_of_the_pages_are_told_as_layout_drift(store: Store) -> None:
    for days in range(6, -1, -1):
        crawl(
            store,
            NOW - timedelta(days=days),
            filled={"title": 10, "published": 6, "text": 10, "authors": 0},
        )
    assert "published was found on 60% of this week's pages, 90% expected" in verdicts(
        read_health(store, NOW)
    )


def test_a_source_that_is_declared_no_more_is_not_judged(store: Store) -> None:
    crawl(store, NOW - timedelta(days=9), faults=["0 links found, 5 expected"])
    enrol(store, {"crawl toy": NOW, "crawl other": NOW, "tag": NOW})
    assert "not reached since" in verdicts(read_health(store, NOW))
    assert retire(store, ["crawl toy", "crawl none"]) == ["crawl toy"]
    health = read_health(store, NOW)
    assert health.is_healthy and health.sources[0].retired, verdicts(health)
    retire(store, ["crawl other"])
    assert "not reached since" in verdicts(read_health(store, NOW)), "nothing is scheduled: all are judged"


def test_faults_of_the_last_crawl_are_told(store: Store) -> None:
    crawl(store, NOW, faults=["0 links found, 5 expected"])
    assert "0 links found, 5 expected" in verdicts(read_health(store, NOW))


def test_a_publisher_out_of_reach_for_days_is_told_with_the_reason(store: Store) -> None:
    crawl(store, NOW - timedelta(days=5))
    crawl(store, NOW, new=0, got_something=False, failure="https://toy.example/feed.xml: no answer")
    told = verdicts(read_health(store, NOW))
    assert "not reached since 2025-10-15" in told and "no answer" in told


def test_a_job_that_fails_again_and_again_is_told_and_once_is_nothing_yet(store: Store) -> None:
    enrol(store, {"tag": NOW})
    for failures, told in ((1, False), (3, True)):
        assert take(store, "tag", holder="h", now=NOW, lease=timedelta(minutes=1))
        end = Settlement(outcome="failed", finished=NOW, next_due=NOW, failures=failures, message="no model")
        settle(store, "tag", holder="h", end=end)
        assert ("'tag' failed 3 times in a row: no model" in verdicts(read_health(store, NOW))) is told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("robots.txt forbids /news", "robots.txt forbids 12 of 12"),
        ("a paywall stands in front", "a paywall stands before 12 of 12"),
    ],
)
def test_pages_that_are_forbidden_or_walled_are_told(store: Store, reason: str, told: str) -> None:
    crawl(store, NOW)
    links = [Discovered(url=f"https://toy.example/news/{n}", kind="article") for n in range(12)]
    store.frontier.discover("toy", links, NOW)
    for link in links:
        store.frontier.failed(link.url, status=None, reason=reason, state="refused", next_attempt=None)
    assert told in verdicts(read_health(store, NOW))


def test_a_failed_backup_and_an_old_verification_are_told(store: Store) -> None:
    note_upkeep(store, "backup", now=NOW, ok=False, detail="the disk is full")
    note_upkeep(store, "verify", now=NOW - timedelta(days=40), ok=True, detail="all holds")
    told = verdicts(read_health(store, NOW))
    assert "the last backup (2025-10-20T12:00:00Z) failed: the disk is full" in told
    assert "last verified on 2025-09-10" in told


def test_alerts_that_never_arrived_are_told(store: Store) -> None:
    a_good_month(store)
    watch(store, "curbs", make_query({}), channels=[webhook_channel("http://127.0.0.1:9/", None)], now=NOW)
    search = find_search(store, "curbs")
    send_test(store, search)
    assert read_health(store, NOW).is_healthy, "a failed test is no fault"
    with store.transaction():
        store.db.execute("UPDATE alerts SET reason = 'event'")
    assert "alert deliveries were given up: 1" in verdicts(read_health(store, NOW))


def test_status_prints_the_verdict_and_its_exit_code_says_it(store: Store) -> None:
    crawl(store, NOW, faults=["0 links found, 5 expected"])
    clock = {"DATELINE_CLOCK": f"{timestamp(NOW)} {datetime.now().timestamp()} 1"}
    shown = dateline("status", "--db", store.path, **clock)
    assert shown.returncode == 1 and "0 links found, 5 expected" in " ".join(shown.stdout.split())
    assert "1 thing is not well" in shown.stderr
    told = json.loads(dateline("status", "--json", "--db", store.path, **clock).stdout)
    assert told["healthy"] is False and told["sources"][0]["verdicts"] == ["0 links found, 5 expected"]


def test_status_prints_growth_upkeep_failures_and_what_is_filled_of_what_is_expected(store: Store) -> None:
    filled = {"title": 10, "published": 6, "text": 10, "authors": 0}
    crawl(store, NOW, filled=filled, failure="https://toy.example/feed.xml: no answer")
    note_upkeep(store, "verify", now=NOW, ok=True, detail="all holds")
    clock = {"DATELINE_CLOCK": f"{timestamp(NOW)} {datetime.now().timestamp()} 1"}
    shown = dateline("status", "--db", store.path, **clock, COLUMNS="250").stdout
    lines = [" ".join(line.split()) for line in shown.splitlines()]
    assert any(line.startswith("MB more a day") for line in lines)
    assert "backup never" in lines
    assert any(line.startswith("verify 2025-10-20") and line.endswith("all holds") for line in lines)
    assert "toy https://toy.example/feed.xml: no answer" in lines
    assert any("title 100%, published 60% of 90%, text 100%" in line for line in lines)
    told = json.loads(dateline("status", "--json", "--db", store.path, **clock).stdout)
    assert told["sources"][0]["expected"] == {"title": 1.0, "published": 0.9}
    assert told["disk"]["growth_a_day"] >= 0 and told["counts"]["untagged"] == 0


def test_status_of_the_demonstration_is_well(demo: Path) -> None:
    shown = dateline("status", "--db", demo)
    assert shown.returncode == 0, shown.stdout + shown.stderr
