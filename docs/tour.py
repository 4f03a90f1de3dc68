"""Runs the README's commands for real, so that what it shows is what they print; used by `cog` only."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

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
    folder = Path(tempfile.mkdtemp(prefix="dateline-tour-"))
    subprocess.run(
        ["dateline", "demo"], cwd=folder, env=_environment(), check=True, capture_output=True, timeout=300
    )
    return folder


def _environment() -> dict[str, str]:
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    kept = {k: v for k, v in os.environ.items() if k != "DATELINE_DB"}
    return {**kept, "PATH": programs, "COLUMNS": WIDTH, "NO_COLOR": "1"}
