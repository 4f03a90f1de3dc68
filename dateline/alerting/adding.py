"""Makes a saved search of what a user wrote, and checks each word of it before anything is kept."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from dateline.alerting.firing import begin_to_watch
from dateline.alerting.hours import read_hours
from db.errors import UsageError
from db.frontier import timestamp
from db.query import EventQuery
from db.saved_searches import Channel, SavedSearch, add_search, set_paused
from db.store import Store

_NAME = re.compile(r"\w[\w.-]{0,63}")
_ADDRESS = re.compile(r"[^\s@,;<>\"]+@[^\s@,;<>\"]+")


def watch(
    store: Store,
    name: str,
    query: EventQuery,
    *,
    channels: Sequence[Channel],
    now: datetime,
    tells_from: str | None = None,
    zone: str = "UTC",
    quiet: str | None = None,
    digest: str | None = None,
) -> SavedSearch:
    """Keep a search that tells of what comes from now on, or of all that was published from a day on.

    Raises UsageError for a name, an address or hours that cannot be used.
    """
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}' is no name for a saved search; use letters, digits, '-', '_' and '.'")
    read_hours(zone, quiet, digest)
    search = SavedSearch(
        name=name,
        query=query,
        created=timestamp(now),
        tells_from=tells_from or now.date().isoformat(),
        zone=zone,
        quiet=quiet,
        digest=digest,
        channels=tuple(channels),
    )
    with store.transaction():
        kept = add_search(store, search)
        if tells_from is None:
            begin_to_watch(store, kept, now)
    return kept


def resume(store: Store, search: SavedSearch, now: datetime) -> None:
    """Let a paused search go on; what came meanwhile is not told of."""
    with store.transaction():
        set_paused(store, search, False)
        begin_to_watch(store, search, now)


def webhook_channel(url: str, secret_env: str | None) -> Channel:
    """A webhook; raises UsageError for an address that nothing can be posted to."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError(f"--webhook: '{url}' is no web address; write it as https://example.org/hook")
    return Channel(kind="webhook", address=url, secret_env=secret_env)


def email_channel(address: str) -> Channel:
    """An e-mail address; raises UsageError for what is none."""
    if not _ADDRESS.fullmatch(address):
        raise UsageError(f"--email: '{address}' is no e-mail address; write it as name@example.org")
    return Channel(kind="email", address=address)


def file_channel(path: Path) -> Channel:
    """A file to append to; raises UsageError when its folder is not there."""
    absolute = path.absolute()
    if not absolute.parent.is_dir() or absolute.is_dir():
        raise UsageError(
            f"--file: {absolute} cannot be a file: there is no folder {absolute.parent}, or it is one"
        )
    return Channel(kind="file", address=str(absolute))


def missing_settings(channels: Sequence[Channel]) -> list[str]:
    """What the environment still lacks for these channels, in words."""
    wanted = {channel.secret_env for channel in channels if channel.secret_env}
    missing = [f"set {name} to the webhook's secret" for name in sorted(wanted) if not os.environ.get(name)]
    if any(channel.kind == "email" for channel in channels) and not os.environ.get("DATELINE_SMTP_HOST"):
        missing.append("set DATELINE_SMTP_HOST to your mail server")
    return missing
