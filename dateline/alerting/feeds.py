"""The alerts as feeds, Atom (RFC 4287) and JSON Feed 1.1, of one saved search or of all."""

from __future__ import annotations

import re
from typing import Any

import orjson
from lxml import etree

from dateline.alerting.message import body_of, record_of, title_of
from db.clock import present
from db.frontier import timestamp
from db.outbox import Alert, list_alerts
from db.saved_searches import find_search
from db.store import Store

LATEST = 100
"""Alerts in a feed."""
ATOM = "http://www.w3.org/2005/Atom"
_NAMESPACES: dict[Any, str] = {None: ATOM}
_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def alerts_feed_atom(store: Store, name: str | None = None) -> bytes:
    """The latest alerts as an Atom feed; raises NotFound for a search that there is not."""
    alerts = _latest(store, name)
    feed = etree.Element(f"{{{ATOM}}}feed", nsmap=_NAMESPACES)
    _put(feed, "id", _feed_id(name))
    _put(feed, "title", _title(name))
    _put(feed, "updated", alerts[0].fired if alerts else timestamp(present()))
    _put(etree.SubElement(feed, f"{{{ATOM}}}author"), "name", "Dateline")
    for alert in alerts:
        entry = etree.SubElement(feed, f"{{{ATOM}}}entry")
        _put(entry, "id", _alert_id(alert))
        _put(entry, "title", title_of(alert))
        _put(entry, "updated", alert.fired)
        _put(entry, "published", alert.fired)
        if url := _source(alert):
            etree.SubElement(entry, f"{{{ATOM}}}link", rel="alternate", href=_clean(url))
        etree.SubElement(entry, f"{{{ATOM}}}category", term=_clean(alert.search))
        _put(entry, "content", body_of(alert))
    written: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8", pretty_print=True)
    return written


def alerts_feed_json(store: Store, name: str | None = None) -> bytes:
    """The latest alerts as a JSON Feed, each with its whole record; raises NotFound like the other."""
    items = []
    for alert in _latest(store, name):
        item: dict[str, Any] = {
            "id": _alert_id(alert),
            "title": title_of(alert),
            "content_text": body_of(alert),
            "date_published": alert.fired,
            "tags": [alert.search],
            "_dateline": record_of(alert),
        }
        if url := _source(alert):
            item["url"] = url
        items.append(item)
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": _title(name), "items": items}
    return orjson.dumps(feed, option=orjson.OPT_INDENT_2)


def _latest(store: Store, name: str | None) -> list[Alert]:
    search_id = find_search(store, name).id if name is not None else None
    return list_alerts(store, search_id=search_id, limit=LATEST)


def _title(name: str | None) -> str:
    return f"Dateline: {name}" if name is not None else "Dateline: all alerts"


def _feed_id(name: str | None) -> str:
    return f"urn:dateline:alerts:{name}" if name is not None else "urn:dateline:alerts"


def _alert_id(alert: Alert) -> str:
    return f"urn:dateline:alert:{alert.id}"


def _source(alert: Alert) -> str | None:
    return (alert.message["event"].get("witness") or {}).get("url")


def _put(parent: Any, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = _clean(text)


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", text)
