"""One round of the alerts: look at what is new, tell of it, send what is due."""

from __future__ import annotations

from dataclasses import dataclass

from dateline.alerting.delivering import Deliveries, deliver_due
from dateline.alerting.firing import fire, has_unmerged
from dateline.alerting.message import make_alert, sample_event
from db.clock import present
from db.measures import build_measures, news_awaits_measures
from db.merge import merge_events
from db.outbox import Alert, put_alert, put_delivery
from db.saved_searches import SavedSearch
from db.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRound:
    """What one round told of and sent."""

    alerts: tuple[Alert, ...]
    deliveries: Deliveries

    def in_words(self) -> str:
        """ "2 alerts; 3 deliveries sent, 1 failed and tried again later"."""
        number, sent = len(self.alerts), self.deliveries
        words = f"{number} {'alert' if number == 1 else 'alerts'}; "
        words += f"{sent.sent} {'delivery' if sent.sent == 1 else 'deliveries'} sent"
        if sent.failed:
            words += f", {sent.failed} failed and tried again later"
        return words + (f", {sent.dead} given up" if sent.dead else "")


def fire_and_deliver(store: Store, *, merge: bool = True) -> AlertRound:
    """Tell of what is new and send what is due, also when nothing is new.

    What waits to be merged is merged first, or with `merge=False` left to who is at it, and told of next time.
    """
    if merge and has_unmerged(store):
        merge_events(store)
    elif not has_unmerged(store) and news_awaits_measures(store.db):
        build_measures(store)  # who merged was ended before it came to them
    alerts = fire(store, present()) or []
    return AlertRound(alerts=tuple(alerts), deliveries=deliver_due(store))


def send_test(store: Store, search: SavedSearch) -> Deliveries:
    """Send a message marked as a test to each channel of a search, once; a failure is final."""
    now = present()
    event = sample_event(search.name)
    alert = make_alert(search.name, "test", event, None, stage_before=None, now=now)
    with store.transaction():
        put_alert(store, search.id, alert, event_id=event["id"], stage=None)
        ids = [put_delivery(store, channel, alert.id, now=now, due=now) for channel in search.channels]
    return deliver_due(store, only=ids, give_up=True)
