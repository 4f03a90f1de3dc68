"""Sends what is due, each channel in order and the channels side by side, and notes what came of it."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import httpx

from dateline.alerting.failure import Failure, next_attempt
from dateline.alerting.hours import Hours
from dateline.alerting.lines import append_lines
from dateline.alerting.mail import send_mail
from dateline.alerting.webhook import client, send_webhook
from db.clock import present
from db.outbox import Delivery, claim, due_deliveries, hold_channel, settle_failed, settle_sent
from db.store import Store

AT_ONCE = 8
"""Channels that are sent to at a time."""
log = logging.getLogger("dateline.alerts")


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliveries:
    """What became of the deliveries that were due: sent, failed and to be tried again, given up."""

    sent: int = 0
    failed: int = 0
    dead: int = 0
    errors: tuple[str, ...] = ()


def deliver_due(
    store: Store, *, only: Sequence[str] | None = None, give_up: bool = False, now: datetime | None = None
) -> Deliveries:
    """Send every delivery that is due, or those of them that are named.

    A channel that cannot take anything now is left alone until its next attempt, and holds up no other. With
    `give_up` a failure is final. `now` is when we are, for who asks about another moment.
    """
    return asyncio.run(_Round(store, give_up=give_up, now=now).deliver(only))


def shown_address(address: str) -> str:
    """An address without what may be secret in it: a password, a query."""
    if "://" not in address:
        return address
    url = httpx.URL(address)
    return str(url.copy_with(username=None, password=None, query=None, fragment=None))


class _Round:
    def __init__(self, store: Store, *, give_up: bool, now: datetime | None) -> None:
        self._store = store
        self._give_up = give_up
        self._now = now
        self._counts: Counter[str] = Counter()
        self._errors: list[str] = []

    def _present(self) -> datetime:
        return self._now or present()

    async def deliver(self, only: Sequence[str] | None) -> Deliveries:
        channels: dict[int, list[str]] = {}
        for delivery_id, channel in due_deliveries(self._store, self._present(), only):
            channels.setdefault(channel, []).append(delivery_id)
        places = asyncio.Semaphore(AT_ONCE)

        async def serve(ids: Iterable[str]) -> None:
            async with places:
                await self._serve(http, ids)

        async with client() as http:
            await asyncio.gather(*(serve(ids) for ids in channels.values()))
        return Deliveries(errors=tuple(self._errors), **self._counts)

    async def _serve(self, http: httpx.AsyncClient, delivery_ids: Iterable[str]) -> None:
        """Send the deliveries of one channel in order, until it can take no more."""
        for delivery_id in delivery_ids:
            delivery = claim(self._store, delivery_id, self._present())
            if delivery is None:
                continue
            failure = await self._send(http, delivery)
            about = {
                "search": delivery.search,
                "delivery": delivery.id,
                "address": shown_address(delivery.channel.address),
            }
            if failure is None:
                settle_sent(self._store, delivery.id)
                self._counts["sent"] += 1
                log.info("sent", extra=about)
            elif self._settle(delivery, failure, about):
                return

    async def _send(self, http: httpx.AsyncClient, delivery: Delivery) -> Failure | None:
        if delivery.channel.kind == "webhook":
            return await send_webhook(http, delivery, self._present())
        if delivery.channel.kind == "email":
            return await asyncio.to_thread(send_mail, delivery, self._present())
        return await asyncio.to_thread(append_lines, delivery)

    def _settle(self, delivery: Delivery, failure: Failure, about: dict[str, str]) -> bool:
        """Note a failure; whether the channel is to be left alone for now."""
        again = None if self._give_up else next_attempt(failure, delivery.attempts, self._present())
        if again is not None and delivery.channel.kind != "file":
            again = Hours(zone=delivery.zone, quiet=delivery.quiet).after_quiet(again)
        settle_failed(self._store, delivery.id, failure.error, again=again)
        self._counts["failed" if again else "dead"] += 1
        self._errors.append(f"{about['address']}: {failure.error}")
        what = (
            "; given up, see 'dateline alerts retry'"
            if again is None
            else f"; again at {again:%Y-%m-%d %H:%M} UTC"
        )
        log.warning("%s%s", failure.error, what, extra=about)
        if failure.holds and again is not None:
            hold_channel(self._store, delivery.channel, again)
            return True
        return False
