"""When an alert may be sent: at once, after quiet hours, or with the next digest."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from db.errors import UsageError

_SPAN = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """The hours of a search in its zone; made by `read_hours`, which checks them."""

    zone: str = "UTC"
    quiet: str | None = None
    digest: str | None = None

    def after_quiet(self, moment: datetime) -> datetime:
        """The moment itself, or the end of the quiet hours that it lies in."""
        if self.quiet is None:
            return moment
        begins, ends = _span(self.quiet)
        local = moment.astimezone(ZoneInfo(self.zone))
        clock = local.time()
        is_quiet = begins <= clock < ends if begins < ends else clock >= begins or clock < ends
        if not is_quiet:
            return moment
        day = local.date() + timedelta(days=1 if begins > ends and clock >= begins else 0)
        return datetime.combine(day, ends, local.tzinfo).astimezone(UTC)

    def next_digest(self, moment: datetime) -> datetime | None:
        """When the next digest goes out, never in quiet hours; None when alerts are sent one by one."""
        if self.digest is None:
            return None
        at: datetime = next(CronSim(self.digest, moment.astimezone(ZoneInfo(self.zone))))
        return self.after_quiet(at.astimezone(UTC))


def read_hours(zone: str, quiet: str | None, digest: str | None) -> Hours:
    """The hours in these words; raises UsageError naming the word that cannot be read."""
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(f"there is no time zone '{zone}'; write it as Asia/Ho_Chi_Minh or UTC") from error
    if quiet is not None:
        found = _SPAN.fullmatch(quiet)
        if found is None or _span(quiet)[0] == _span(quiet)[1]:
            raise UsageError(f"'{quiet}' is no span of quiet hours; write it as 22:00-07:00")
    if digest is not None:
        try:
            next(CronSim(digest, datetime(2025, 1, 1, tzinfo=UTC)))
        except (CronSimError, StopIteration) as error:
            raise UsageError(
                f"'{digest}' is no cron expression; write it as '0 8 * * *' for each day at eight"
            ) from error
    return Hours(zone=zone, quiet=quiet, digest=digest)


def _span(quiet: str) -> tuple[time, time]:
    begins, ends = (time.fromisoformat(part.zfill(5)) for part in quiet.split("-"))
    return begins, ends
