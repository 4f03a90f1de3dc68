"""Notices when the folder of declarations has changed while a scheduler is at work, and makes its jobs anew."""

from __future__ import annotations

import contextlib
import logging
from pathlib import Path

from crawler.sources import load_sources
from dateline.scheduling.plan import Job, Settings, make_jobs
from db.errors import UsageError

log = logging.getLogger("dateline.schedule")


class Declarations:
    """The folder of some settings. Called, it gives the jobs when a file came, went or changed since the last call.

    A file that cannot be read is said once, and the jobs stay as they were until it is mended.
    """

    def __init__(self, settings: Settings) -> None:
        """Raises what `load_sources` raises."""
        self._settings = settings
        self._seen = self._look()
        self.jobs = make_jobs(load_sources(settings.sources), settings)

    def __call__(self) -> dict[str, Job] | None:
        there = self._look()
        if there == self._seen:
            return None
        self._seen = there
        try:
            jobs = make_jobs(load_sources(self._settings.sources), self._settings)
        except UsageError as error:
            log.warning("%s; until it is mended the sources stay as they were", error)
            return None
        came, went = sorted(jobs.keys() - self.jobs.keys()), sorted(self.jobs.keys() - jobs.keys())
        changes = [f"{what} {', '.join(names)}" for what, names in (("new:", came), ("gone:", went)) if names]
        log.info("the declarations have changed%s", f"; {'; '.join(changes)}" if changes else "")
        self.jobs = jobs
        return jobs

    def _look(self) -> dict[Path, tuple[int, int]]:
        found = {}
        for path in self._settings.sources.glob("*.yml") if self._settings.sources else ():
            with contextlib.suppress(FileNotFoundError):
                stat = path.stat()
                found[path] = (stat.st_mtime_ns, stat.st_size)
        return found
