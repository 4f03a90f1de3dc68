"""Runs a process that fetches, passes on what it says, and leaves none behind.

Fetching is done in a process of its own because Twisted's reactor cannot be started twice in one.
"""

from __future__ import annotations

import contextlib
import signal
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterator
from typing import IO

from db.errors import CrawlError

GRACE = 20.0
"""Seconds that the process gets to end by itself after a signal."""


def run_child(module: str, job: bytes, listen: Callable[[bytes], None], say: Callable[[str], None]) -> bool:
    """Run a module with `job` on its standard input to its end; returns whether it was interrupted.

    `listen` gets the lines of its standard output, `say` those of its standard error. Raises `CrawlError` when
    it breaks down.
    """
    tail: deque[str] = deque(maxlen=5)
    # A session of its own: an interrupt at the keyboard reaches it through us, once, so that it ends cleanly.
    child = subprocess.Popen(
        [sys.executable, "-m", module],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    assert child.stdin and child.stdout and child.stderr
    errors = threading.Thread(target=_pass_on, args=(child.stderr, tail, say), daemon=True)
    errors.start()
    interrupted = False
    with _ending_with(child):
        try:
            with contextlib.suppress(BrokenPipeError):
                child.stdin.write(job)
                child.stdin.close()
            _listen(child.stdout, listen)
        except KeyboardInterrupt:
            interrupted = True
            child.send_signal(signal.SIGINT)
            _listen(child.stdout, listen)
        code = child.wait()
        errors.join(timeout=5)
    # Interrupted while it was still loading, it ends in whatever way Python does.
    if code not in (0, 3) and not interrupted:
        what = tail[-1] if tail else "no word was left"
        raise CrawlError(f"the crawling process ended early ({_how(code)}): {what}. What was fetched is kept")
    return interrupted or code == 3


def _listen(lines: IO[bytes], listen: Callable[[bytes], None]) -> None:
    for line in lines:
        listen(line)


def _pass_on(lines: IO[bytes], tail: deque[str], say: Callable[[str], None]) -> None:
    for line in lines:
        text = line.decode("utf-8", "replace").rstrip()
        if text:
            tail.append(text)
            say(text)


@contextlib.contextmanager
def _ending_with(child: subprocess.Popen[bytes]) -> Iterator[None]:
    """Let SIGTERM interrupt us as the keyboard does, and leave no crawling process behind."""

    def interrupt(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    is_main = threading.current_thread() is threading.main_thread()
    former = signal.signal(signal.SIGTERM, interrupt) if is_main else None
    try:
        yield
    finally:
        if is_main:
            signal.signal(signal.SIGTERM, former or signal.SIG_DFL)
        if child.poll() is None:
            child.terminate()
            try:
                child.wait(GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
        for stream in (child.stdin, child.stdout, child.stderr):
            if stream:
                stream.close()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit status {code}"
