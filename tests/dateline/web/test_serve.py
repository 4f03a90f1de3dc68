"""`dateline serve`: a real server, asked over loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from db.clock import present
from db.store import open_store
from db.upkeep import note_upkeep
from tests.dateline.program import PROGRAM, dateline


@pytest.fixture
def served(demo_copy: Path) -> Iterator[tuple[str, Path]]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [PROGRAM, "serve", "--port", str(port), "--db", demo_copy],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ,
    )
    base = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 60
    while True:
        try:
            httpx.get(f"{base}/livez")
            break
        except httpx.TransportError:
            assert server.poll() is None and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.05)
    yield base, demo_copy
    server.send_signal(signal.SIGTERM)
    _, said = server.communicate(timeout=20)
    assert "Traceback" not in said


def test_it_tells_monitors_and_people_how_things_stand(served: tuple[str, Path]) -> None:
    base, db = served
    assert (httpx.get(f"{base}/healthz").status_code, httpx.get(f"{base}/healthz").text) == (200, "ok\n")
    families = {f.name: f for f in text_string_to_metric_families(httpx.get(f"{base}/metrics").text)}
    articles = {s.labels["what"]: s.value for s in families["dateline_rows"].samples}["articles"]
    assert articles == 29 and families["dateline_healthy"].samples[0].value == 1
    assert "all is well" in httpx.get(f"{base}/").text

    with open_store(db) as store:
        note_upkeep(store, "backup", now=present(), ok=False, detail="the <disk> is full")
    ill = httpx.get(f"{base}/healthz")
    assert ill.status_code == 503 and "the <disk> is full" in ill.text
    assert httpx.get(f"{base}/livez").status_code == 200
    page = httpx.get(f"{base}/").text
    assert "not all is well" in page and "the &lt;disk&gt; is full" in page


def test_it_is_not_answered_under_a_strange_name(served: tuple[str, Path]) -> None:
    base, _ = served
    assert httpx.get(f"{base}/healthz", headers={"Host": "evil.example"}).status_code == 400


def test_a_database_that_vanishes_is_said_and_comes_back(served: tuple[str, Path]) -> None:
    base, db = served
    shutil.move(db, db.with_suffix(".away"))
    gone = httpx.get(f"{base}/healthz")
    assert gone.status_code == 500 and "there is no database" in gone.text
    shutil.move(db.with_suffix(".away"), db)
    assert httpx.get(f"{base}/healthz").status_code == 200


def test_a_port_that_is_taken_is_one_line(demo: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        answer = dateline("serve", "--port", taken.getsockname()[1], "--db", demo)
    assert answer.returncode == 2 and "already in use. Name others with --host and --port" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1, answer.stderr


def test_a_missing_database_is_one_line(tmp_path: Path) -> None:
    answer = dateline("serve", "--db", tmp_path / "none.db")
    assert answer.returncode == 2 and "there is no database" in answer.stderr
