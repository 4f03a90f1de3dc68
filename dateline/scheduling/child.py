"""One job under way in a process of its own: started, listened to, ended when it takes too long."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import sys
import time
from collections import deque
from datetime import timedelta

from pydantic import ValidationError

from dateline.logs import repeat_line
from dateline.scheduling.ward import Result, Task

POLITE = 5.0
"""Seconds that a process gets after each request to end, before it is asked again and at last killed."""
LONG = timedelta(minutes=1)
"""A crawl that takes longer mostly waits for its publisher; one that brings nothing after it was hung up."""


class Child:
    """A ward at work. `outcome` is told when it has ended: its result, or why there is none."""

    def __init__(self, task: Task, limit: timedelta) -> None:
        self.task = task
        self.limit = limit
        self.was_stopped = False
        self.timed_out = False
        self._begun = time.monotonic()
        self._process: asyncio.subprocess.Process | None = None
        self._said: deque[str] = deque(maxlen=20)

    @property
    def takes_long(self) -> bool:
        """Whether it has been at it for longer than `LONG`, by the machine's clock."""
        return time.monotonic() - self._begun > LONG.total_seconds()

    async def run(self) -> Result:
        """Start the ward and wait for its end; what it says on standard error is kept for a failure's sake."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "dateline.scheduling.ward",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        assert self._process.stdin and self._process.stdout
        with contextlib.suppress(ConnectionError):
            self._process.stdin.write(self.task.model_dump_json().encode() + b"\n")
            await self._process.stdin.drain()
            self._process.stdin.close()
        listening = asyncio.create_task(self._listen())
        reading = asyncio.create_task(self._process.stdout.read())
        try:
            await asyncio.wait_for(asyncio.shield(reading), self.limit.total_seconds())
        except TimeoutError:
            self.timed_out = True
            await self.stop()
        said = await reading
        code = await self._process.wait()
        await listening
        return self._result(said, code)

    async def stop(self) -> None:
        """Ask it to end, ask again, and end it: within three times `POLITE` it is gone."""
        self.was_stopped = True
        if self._process is None:
            return
        for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL):
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(number)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._process.wait(), POLITE)
                return

    async def _listen(self) -> None:
        assert self._process and self._process.stderr
        async for line in self._process.stderr:
            if text := line.decode("utf-8", "replace").strip():
                self._said.append(repeat_line(text, job=self.task.name) or text)

    def _result(self, said: bytes, code: int) -> Result:
        if self.timed_out:
            return Result(failure=f"it was ended after {self.limit}, its time limit. See --time-limit")
        lines = said.splitlines()
        if code == 0 and lines:
            with contextlib.suppress(ValidationError):
                return Result.model_validate_json(lines[-1])
        how = f"signal {-code}" if code < 0 else f"exit status {code}"
        last = self._said[-1] if self._said else "it left no word"
        return Result(failure=f"its process ended early ({how}): {last}")
