"""Which process does something, told so that another process can find out whether it is still there."""

from __future__ import annotations

import os
import platform
import signal
import threading
import time
from pathlib import Path

LOOK = 0.5
"""Seconds between two looks at whether the parent is still there."""


def process_mark(pid: int | None = None) -> str:
    """A process as `host/number/start`: the start tells it from a later process of the same number.

    The start is counted in ticks since the machine was started, so a clock that is set does not change it; it
    is 0 where the system does not tell.
    """
    number = os.getpid() if pid is None else pid
    return f"{platform.node()}/{number}/{_started(number)}"


def is_gone(mark: str) -> bool | None:
    """Whether the process of a mark has ended; None when it is another machine's, so that we cannot know."""
    host, number, started = mark.split("/")[:3]
    if host != platform.node():
        return None
    return not is_alive(int(number)) or _started(int(number)) != int(started)


def is_alive(pid: int) -> bool:
    """Whether a process of this number exists on this machine."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def end_with_parent(grace: float = 0.0, *, parent: int | None = None) -> None:
    """From now on end this process soon after the one that started it is gone.

    With `grace` it is first asked to end by SIGTERM, and has so many seconds for it. Who is told the number of
    its parent ends also when that was gone before it could look.
    """
    parent = os.getppid() if parent is None else parent

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(LOOK)
        if grace:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(grace)
        os._exit(1)

    threading.Thread(target=watch, daemon=True, name="end with parent").start()


def _started(pid: int) -> int:
    try:
        told = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    # The name of the program may hold spaces and brackets; the numbers come after its last bracket.
    return int(told.rpartition(")")[2].split()[19])
