"""The files of `dateline schedule export` are tried with the programs that read them."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import yaml
from cronsim import CronSim

from db.store import open_store
from tests.crawler.conftest import articles
from tests.dateline.program import dateline
from tests.dateline.scheduling.conftest import PATIENCE, Newsroom, newsroom, until

__all__ = ["newsroom"]  # a fixture
CHECKOUT = Path(__file__).parent.parent.parent


def write(room: Newsroom, kind: str, *more: object) -> Path:
    target = room.db.with_name("deploy")
    arguments = ("--sources", room.folder, "--allow-loopback", "--db", room.db, "--to", target, *more)
    answer = dateline("schedule", "export", f"--{kind}", *arguments)
    assert answer.returncode == 0, answer.stderr
    assert all(Path(line).is_file() for line in answer.stdout.splitlines())
    return target


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd on this machine")
def test_systemd_accepts_the_services_and_finds_them_confined(newsroom: Newsroom) -> None:
    services = sorted(write(newsroom, "systemd").glob("*.service"))
    assert [path.name for path in services] == ["dateline-schedule.service", "dateline-serve.service"]
    for service in services:
        verified = subprocess.run(["systemd-analyze", "verify", service], capture_output=True, text=True)
        assert (verified.returncode, verified.stderr) == (0, ""), verified.stderr
        confined = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", "--threshold=45", service],
            capture_output=True,
            text=True,
        )
        assert confined.returncode == 0, confined.stdout


def test_the_crontabs_line_is_a_round(newsroom: Newsroom) -> None:
    lines = write(newsroom, "cron").joinpath("dateline.crontab").read_text().splitlines()
    [line] = [line for line in lines if line.startswith("*")]
    fields = line.split(maxsplit=5)
    assert next(CronSim(" ".join(fields[:5]), datetime(2025, 10, 20, 12, 1, tzinfo=UTC))).minute == 10
    ran = subprocess.run(
        ["/bin/sh", "-c", fields[5]], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
    )
    assert (ran.returncode, ran.stdout) == (0, ""), ran.stderr
    assert len(articles(newsroom.db)) == 6
    again = subprocess.run(
        ["/bin/sh", "-c", fields[5]], capture_output=True, text=True, env={"PATH": "/usr/bin:/bin"}
    )
    assert (again.returncode, again.stdout, again.stderr) == (0, "", ""), (
        "cron would send a letter of a quiet round"
    )


def test_the_containers_run_confined_as_nobody_and_say_how_they_are(newsroom: Newsroom) -> None:
    folder = write(newsroom, "compose", "--checkout", CHECKOUT)
    services = yaml.safe_load((folder / "compose.yaml").read_text())["services"]
    for service in services.values():
        assert service["user"] == "10001" and service["read_only"] and service["cap_drop"] == ["ALL"]
        assert service["healthcheck"]["test"][0] == "CMD"
    assert (folder / services["schedule"]["build"]["context"]).resolve() == CHECKOUT
    assert dateline(*services["schedule"]["healthcheck"]["test"][2:], "--help").returncode == 0
    containerfile = (folder / "Containerfile").read_text()
    assert containerfile.index("\nUSER 10001") > containerfile.rindex("RUN ")
    assert "--require-hashes" in containerfile


def test_sources_backups_and_secrets_reach_what_is_started(newsroom: Newsroom) -> None:
    backups = newsroom.db.with_name("safe")
    more = ("--checkout", CHECKOUT, "--backups", backups)
    folder = write(newsroom, "compose", *more)
    service = yaml.safe_load((folder / "compose.yaml").read_text())["services"]["schedule"]
    mounted = {volume.split(":")[1]: volume.split(":")[0] for volume in service["volumes"]}
    assert mounted == {"/data": "data", "/sources": str(newsroom.folder), "/backups": str(backups)}
    assert service["command"][-4:] == ["--sources", "/sources", "--backups", "/backups"]
    assert service["env_file"] == [{"path": "dateline.env", "required": False}]
    unit = (write(newsroom, "systemd", *more) / "dateline-schedule.service").read_text().splitlines()
    assert f"ReadWritePaths={newsroom.db.parent} -{backups}" in unit
    [start] = [line for line in unit if line.startswith("ExecStart=")]
    assert f"--backups {backups}" in start and f"--sources {newsroom.folder}" in start
    assert f"EnvironmentFile=-{newsroom.db.parent}/dateline.env" in unit
    crontab = (write(newsroom, "cron", *more) / "dateline.crontab").read_text()
    assert f"--backups {backups}" in crontab


@pytest.fixture
def scrapyd(tmp_path: Path) -> Iterator[str]:
    """The address of a real scrapyd in a folder of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    home = tmp_path / "scrapyd"
    home.mkdir()
    (home / "scrapyd.conf").write_text(
        f"[scrapyd]\nbind_address = 127.0.0.1\nhttp_port = {port}\npoll_interval = 0.2\n"
    )
    with (home / "out").open("w") as out:
        server = subprocess.Popen(
            [Path(sys.executable).with_name("scrapyd")], cwd=home, stdout=out, stderr=out
        )
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/daemonstatus.json")
            break
        except httpx.TransportError:
            assert server.poll() is None and time.monotonic() < deadline, (home / "out").read_text()
            time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait(20)


def test_a_real_scrapyd_takes_the_egg_and_runs_a_spider_whose_pages_the_next_run_reads(
    newsroom: Newsroom, scrapyd: str
) -> None:
    egg = write(newsroom, "scrapyd") / "dateline.egg"
    again = egg.read_bytes()
    assert (write(newsroom, "scrapyd") / "dateline.egg").read_bytes() == again, (
        "the egg differs from call to call"
    )
    sent = httpx.post(
        f"{scrapyd}/addversion.json",
        data={"project": "dateline", "version": "1"},
        files={"egg": egg.read_bytes()},
        timeout=PATIENCE,
    ).json()
    assert (sent["status"], sent.get("spiders")) == ("ok", 2), sent
    begun = httpx.post(f"{scrapyd}/schedule.json", data={"project": "dateline", "spider": "north"}).json()
    assert begun["status"] == "ok", begun

    def finished() -> list[object]:
        return httpx.get(f"{scrapyd}/listjobs.json", params={"project": "dateline"}).json()["finished"]  # type: ignore[no-any-return]

    until(finished, "the end of the spider")
    with open_store(newsroom.db, "read") as store:
        [run] = store.db.query("SELECT command, status FROM runs")
        waiting = store.db.execute("SELECT count(*) FROM pages WHERE state = 'fetched'").fetchone()[0]
    assert (run, waiting) == ({"command": "hosted crawl north", "status": "done"}, 3)
    ran = dateline("crawl", "south", "--sources", newsroom.folder, "--allow-loopback", "--db", newsroom.db)
    assert ran.returncode == 0, ran.stderr
    assert {row["source_id"] for row in articles(newsroom.db)} == {"north", "south"}
    assert all(asked == 1 for path, asked in newsroom.sites["north"].requests.items() if "/news/" in path)


def test_a_path_that_a_unit_file_cannot_hold_is_refused_in_words(tmp_path: Path) -> None:
    db = tmp_path / "my news.db"
    answer = dateline("schedule", "export", "--systemd", "--db", db, "--to", tmp_path)
    assert answer.returncode == 2 and "my news.db" in answer.stderr and "plain path" in answer.stderr


def test_alive_is_said_of_a_scheduler_at_work_and_of_no_other(newsroom: Newsroom) -> None:
    scheduler = newsroom.start("run")
    until(lambda: dateline("schedule", "alive", "--db", newsroom.db).returncode == 0, "the scheduler")
    scheduler.kill()
    scheduler.communicate(timeout=30)
    gone = dateline("schedule", "alive", "--db", newsroom.db)
    assert gone.returncode == 1 and "no scheduler is at work" in gone.stderr
    status = dateline("status", "--db", newsroom.db, COLUMNS="200")
    assert status.returncode == 1 and "is gone or hangs since" in status.stdout
