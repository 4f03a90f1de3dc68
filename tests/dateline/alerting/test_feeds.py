"""The feeds: what fired, latest first, well formed whatever the words are."""

from __future__ import annotations

import json

import pytest
from lxml import etree
from starlette.testclient import TestClient

from dateline.alerting.feeds import ATOM, alerts_feed_atom, alerts_feed_json
from dateline.web.app import create_app
from db.errors import NotFound
from tests.dateline.alerting.conftest import World, goods

ODD = "China banned exports of rare earths <b>& more</b> \x0b on \ud83d Monday.".replace("\ud83d", "😀")


def test_both_feeds_hold_what_fired_latest_first(world: World) -> None:
    world.watch("curbs", actor="CHN")
    world.watch("japan", actor="JPN")
    world.report("one", ODD)
    world.fire()
    world.pass_days(1)
    world.report("two", "China banned exports of tungsten.", commodities=goods("tungsten"))
    world.fire()
    feed = etree.fromstring(alerts_feed_atom(world.store, "curbs"))
    entries = feed.findall(f"{{{ATOM}}}entry")
    items = json.loads(alerts_feed_json(world.store, "curbs"))["items"]
    assert len(entries) == len(items) == 2
    for entry, item in zip(entries, items, strict=True):
        assert entry.findtext(f"{{{ATOM}}}id") == item["id"]
        assert entry.findtext(f"{{{ATOM}}}updated") == item["date_published"]
    assert "tungsten" in items[0]["title"]
    assert "<b>& more</b>" in (entries[1].findtext(f"{{{ATOM}}}content") or "")
    assert entries[1].find(f"{{{ATOM}}}link").get("href") == items[1]["url"] == "https://daily.example/one"
    assert items[1]["_dateline"]["event"]["event_type"] == "SANCTION"
    assert len(json.loads(alerts_feed_json(world.store, None))["items"]) == 2
    assert json.loads(alerts_feed_json(world.store, "japan"))["items"] == []
    empty = etree.fromstring(alerts_feed_atom(world.store, "japan"))
    assert empty.findtext(f"{{{ATOM}}}updated")


def test_a_feed_of_a_search_that_is_not_there_is_refused(world: World) -> None:
    with pytest.raises(NotFound, match="no saved search 'curbs'"):
        alerts_feed_atom(world.store, "curbs")


def test_the_feeds_are_served(world: World) -> None:
    world.watch("curbs", actor="CHN")
    world.report("one", ODD)
    world.fire()
    with TestClient(create_app(world.store.path), base_url="http://localhost") as web:
        atom, feed = web.get("/alerts/curbs.atom"), web.get("/alerts.json")
        assert atom.headers["content-type"].startswith("application/atom+xml")
        assert len(etree.fromstring(atom.content)) > 4 and len(feed.json()["items"]) == 1
        missing = web.get("/alerts/nobody.json")
        assert missing.status_code == 404 and "There are: curbs" in missing.text
