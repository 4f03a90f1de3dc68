"""Runs the installed `dateline` program as a user does: a process with arguments, streams and an exit code."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(sys.executable).with_name("dateline")


def dateline(
    *arguments: object,
    folder: Path | None = None,
    stdin: str | bytes | None = None,
    timeout: float = 240,
    **environment: str,
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end; fails the test when it takes longer than `timeout` seconds."""
    text = stdin.decode("utf-8", "surrogateescape") if isinstance(stdin, bytes) else stdin
    return subprocess.run(
        [PROGRAM, *map(str, arguments)],
        cwd=folder,
        input=text if text is not None else "",
        capture_output=True,
        text=True,
        errors="surrogateescape",
        timeout=timeout,
        env={**os.environ, "NO_COLOR": "1", "COLUMNS": "200", **environment},
    )
