"""`dateline review` from the shell: what is said there is on record and wins."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from dateline.cli import cli
from db.merge import merge_events
from db.store import open_store
from tests.db.world import ban, put_article, tag

TEXT = "China banned exports of rare earths."


def call(path: Path, *arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--db", str(path)], catch_exceptions=False)


def told(folder: Path, *names: str) -> tuple[Path, str]:
    """A database in which each of these sources tells of one ban, and the id of that event."""
    path = folder / "reviewed.db"
    with open_store(path) as store:
        for name in names:
            put_article(store, name, TEXT, source_id=name)
            tag(store, name, ban(TEXT))
        merge_events(store)
        return path, store.db.execute("SELECT id FROM events").fetchone()[0]


def test_a_change_is_made_listed_and_withdrawn(tmp_path: Path) -> None:
    path, event = told(tmp_path, "one")
    said = call(
        path, "review", "change", event[:8], "stage", "suspended", "--by", "mai", "--reason", "gazette"
    )
    assert said.exit_code == 0
    stages = [json.loads(call(path, "events", "--json", *raw).stdout)[0]["stage"] for raw in ([], ["--raw"])]
    assert stages == ["suspended", "in_force"]
    [listed] = json.loads(call(path, "review", "list", event[:8], "--json").stdout)
    assert (listed["reviewer"], listed["machine_value"], listed["value"], listed["state"]) == (
        "mai", "in_force", "suspended", "in force",
    )  # fmt: skip
    assert json.loads(call(path, "review", "gold").stdout)["events"][0]["stage"] == "suspended"
    assert call(path, "review", "withdraw", listed["id"], "--by", "mai").exit_code == 0
    assert json.loads(call(path, "events", "--json").stdout)[0]["stage"] == "in_force"


def test_a_rejected_event_leaves_the_table(tmp_path: Path) -> None:
    path, event = told(tmp_path, "one")
    assert call(path, "review", "reject", event, "--by", "mai").exit_code == 0
    assert json.loads(call(path, "events", "--json").stdout) == []


def test_a_report_split_off_is_found_by_the_id_that_explain_prints(tmp_path: Path) -> None:
    path, _ = told(tmp_path, "one", "two")
    both = json.loads(call(path, "explain", "latest", "--json").stdout)
    report = both["mentions"][1]["id"]
    assert report in call(path, "explain", "latest").stdout
    assert call(path, "review", "split", report, "--by", "mai", "--reason", "of 2019").exit_code == 0
    events = json.loads(call(path, "events", "--json").stdout)
    explained = {e["id"]: json.loads(call(path, "explain", e["id"], "--json").stdout) for e in events}
    reports = {event: [mention["id"] for mention in of["mentions"]] for event, of in explained.items()}
    assert sorted(reports.values()) == sorted([[both["mentions"][0]["id"]], [report]])
    assert reports[both["id"]] == [both["mentions"][0]["id"]]
    assert f"report {report} split off; mai, " in call(path, "explain", both["id"]).stdout


def test_what_reviewers_said_of_an_event_stands_in_its_explanation(tmp_path: Path) -> None:
    path, _ = told(tmp_path, "one")
    call(path, "review", "change", "latest", "stage", "suspended", "--by", "mai", "--reason", "gazette 12")
    printed = call(path, "explain", "latest").stdout
    assert "stage: in_force became suspended; mai, " in printed
    assert ": gazette 12" in printed
    call(path, "review", "reject", "latest", "--by", "linh")
    event = json.loads(call(path, "events", "--json", "--raw").stdout)[0]["id"]
    assert "rejected; linh, " in call(path, "explain", event).stdout
