"""Appends a delivery to a file, a JSON line for each alert; never a second time, and never half a line."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import orjson

from dateline.alerting.failure import Failure
from dateline.alerting.message import record_of
from db.outbox import Delivery

TAIL = 1 << 20
"""Bytes at the end of a file that are searched for a delivery that may have been written before a kill."""


def append_lines(delivery: Delivery) -> Failure | None:
    """Append a delivery's alerts; returns why it failed, or None when they are in the file."""
    lines = b"".join(
        orjson.dumps({"delivery": delivery.id, **record_of(alert)}) + b"\n" for alert in delivery.alerts
    )
    try:
        with Path(delivery.channel.address).open("a+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            end = file.seek(0, os.SEEK_END)
            file.seek(max(0, end - TAIL))
            tail = file.read()
            if delivery.attempts > 1 and lines in tail:
                return None
            file.write((b"\n" if tail and not tail.endswith(b"\n") else b"") + lines)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        return Failure(error=f"the file cannot be written: {error.strerror or error}", holds=True)
    return None
