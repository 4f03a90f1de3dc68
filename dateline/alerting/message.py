"""What an alert says: the message that is kept when it fires, and its words for people."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from db.event_rows import event_line
from db.frontier import timestamp
from db.outbox import Alert, Reason, new_id
from db.provenance import event_headline


def make_alert(
    search: str,
    reason: Reason,
    event: dict[str, Any],
    measure: dict[str, Any] | None,
    *,
    stage_before: str | None,
    now: datetime,
) -> Alert:
    """An alert about an event; `measure` is its measure as it stands on the day, as `stage_on` gives it."""
    message: dict[str, Any] = {
        "headline": event_headline(event_line(event)),
        "event": event,
        "measure": None,
        "explain": f"dateline explain {event['id']}",
    }
    if measure is not None:
        message["measure"] = {
            **{key: measure[key] for key in ("id", "title", "stage", "since")},
            "stage_before": stage_before,
        }
    return Alert(id=new_id("al"), search=search, reason=reason, fired=timestamp(now), message=message)


def title_of(alert: Alert) -> str:
    """The alert in one line."""
    if alert.reason == "test":
        return f"TEST of '{alert.search}': {alert.message['headline']}"
    measure = alert.message["measure"]
    if alert.reason == "stage" and measure:
        before = f", {_words(measure['stage_before'])} before" if measure["stage_before"] else ""
        return f"{measure['title']}: now {_words(measure['stage'])}{before}"
    return str(alert.message["headline"])


def body_of(alert: Alert) -> str:
    """The alert for a person: what happened, the sentence, the source, and how to ask why."""
    event, measure = alert.message["event"], alert.message["measure"]
    lines = [title_of(alert), ""]
    if alert.reason == "test":
        lines += ["This is a test delivery; nothing has happened.", ""]
    witness = event.get("witness") or {}
    if witness.get("sentence"):
        lines += [f"“{' '.join(witness['sentence'].split())}”"]
    if witness.get("url"):
        lines += [
            f"{witness.get('title') or 'Source'} ({(witness.get('published') or '')[:10]})",
            witness["url"],
        ]
    if event.get("n_independent_sources"):
        lines += ["", f"Independent sources: {event['n_independent_sources']}"]
    if measure:
        since = f" since {measure['since']}" if measure["since"] else ""
        lines += [f"Measure: {measure['title']}, {_words(measure['stage'])}{since}"]
    lines += ["", f"Why: {alert.message['explain']}"]
    return "\n".join(lines)


def subject_of(search: str, alerts: Sequence[Alert], *, is_digest: bool) -> str:
    """The subject of a letter; one line."""
    if is_digest:
        number = len(alerts)
        return f"[Dateline {search}] {number} {'alert' if number == 1 else 'alerts'}"
    return " ".join(f"[Dateline {search}] {title_of(alerts[0])}".split())[:200]


def record_of(alert: Alert) -> dict[str, Any]:
    """The alert as data: for a webhook's body, a line of a file, a feed."""
    return {
        "alert": alert.id,
        "search": alert.search,
        "reason": alert.reason,
        "test": alert.reason == "test",
        "fired": alert.fired,
        "title": title_of(alert),
        **alert.message,
    }


def sample_event(search: str) -> dict[str, Any]:
    """An event that never happened, for a test of the deliveries."""
    nobody = {"entity_id": None, "sector": None, "role": None}
    return {
        "id": "etest", "event_type": "SANCTION", "content_type": None, "mode": None, "quad": 4,
        "modality": "hypothetical", "instrument": "import_tariff", "stage": "proposed", "date": "2025-01-01",
        "actor": [{"name": "Nowhere", "text": "Nowhere", "country": "---", **nobody}],
        "recipient": [], "commodities": [], "quantities": [], "n_independent_sources": 0,
        "witness": {"sentence": f"This sentence tests the deliveries of '{search}'.", "url": None,
                    "title": None, "published": None},
    }  # fmt: skip


def _words(stage: str | None) -> str:
    return (stage or "").replace("_", " ")
