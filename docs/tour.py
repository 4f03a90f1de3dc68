"""Runs the README's commands for real, so that what it shows is what they print; used by `cog` only."""

from __future__ import annotations

import atexit
import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from functools import cache
from pathlib import Path

from dateline.newsroom.server import PORTS

WIDTH = "110"
# The name of a run holds its time and chance, and a hash moves with every improvement of the tagger.
RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
HASH = re.compile(r"\b[0-9a-f]{64}\b|(?<=sha256 )[0-9a-f]{12}|(?<=at byte )\d+")


def show(command: str, *, most: int | None = None) -> None:
    """Print a command and its output as a fenced block; `most` lines of it, with a note of what is left out."""
    lines = [line.rstrip() for line in run(command).splitlines()]
    print("```console")
    print(f"$ {command}")
    for line in lines[:most]:
        print(line)
    if most is not None and len(lines) > most:
        print(f"... ({len(lines) - most} more lines)")
    print("```")


def example(code: str) -> None:
    """Print a piece of Python and what it prints, run in the folder of the demonstration."""
    code = code.strip()
    output = run(f"{shlex.quote(sys.executable)} -W ignore -c {shlex.quote(code)}")
    print(f"```python\n{code}\n```\n\n```text\n{output.rstrip()}\n```")


def run(command: str) -> str:
    """The standard output of a shell command in a folder that holds the demonstration."""
    ran = subprocess.run(
        command,
        shell=True,
        cwd=_demonstration(),
        capture_output=True,
        text=True,
        env=_environment(),
        timeout=300,
    )
    if ran.returncode:
        raise SystemExit(f"{command}: exit code {ran.returncode}: {ran.stderr}")
    return HASH.sub("…", RUN.sub("RUN", ran.stdout))


@cache
def _demonstration() -> Path:
    """A folder with the demonstration's store, removed at the end of the program."""
    folder = Path(tempfile.mkdtemp(prefix="dateline-tour-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    _wait_for_ports(seconds=120)
    ran = subprocess.run(
        ["dateline", "demo"], cwd=folder, env=_environment(), capture_output=True, text=True, timeout=300
    )
    if ran.returncode or "is not free" in ran.stdout + ran.stderr:
        raise SystemExit(
            f"dateline demo: exit code {ran.returncode}: {ran.stdout[-500:]}{ran.stderr[-2000:]}"
        )
    return folder


def _wait_for_ports(*, seconds: float) -> None:
    """Let another demonstration end first: at other ports the same pages have other addresses, so other ids."""
    end = time.monotonic() + seconds
    for port in PORTS:
        while True:
            try:
                socket.create_server(("127.0.0.1", port)).close()
                break
            except OSError as error:
                if time.monotonic() > end:
                    raise SystemExit(
                        f"port {port} is not free ({error.strerror}); end what listens there"
                    ) from error
                time.sleep(0.5)


def _environment() -> dict[str, str]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if k != "DATELINE_DB"}
    return {**kept, "PATH": programs, "COLUMNS": WIDTH, "NO_COLOR": "1"}
