"""Nothing but the public internet is fetched, whatever name, form or redirect leads elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from crawler.crawl import crawl
from crawler.fetching.safety import is_public_address, why_forbidden
from crawler.fetching.settings import crawl_settings, user_agent
from tests.crawler.conftest import Site, articles, make_source, pages


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "10.1.2.3",
        "172.16.0.1", "192.168.1.1", "100.64.0.1", "169.254.169.254", "169.254.1.1", "fe80::1", "fe80::1%eth0",
        "fc00::1", "fd00:ec2::254", "224.0.0.1", "ff02::1", "0.0.0.0", "::", "255.255.255.255", "nonsense",
    ],
)  # fmt: skip
def test_addresses_that_are_not_public(address: str) -> None:
    assert not is_public_address(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "203.119.8.111", "2606:4700:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses(address: str) -> None:
    assert is_public_address(address)


def test_loopback_is_all_that_the_flag_allows() -> None:
    assert why_forbidden("127.0.0.1", allow_loopback=True) is None
    assert why_forbidden("::ffff:127.0.0.1", allow_loopback=True) is None
    assert why_forbidden("10.0.0.1", allow_loopback=True) == "10.0.0.1 is a private address"
    assert "metadata" in (why_forbidden("169.254.169.254", allow_loopback=True) or "")


HOSTS = (
    "127.0.0.1",
    "localhost",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
    "127.1",
    "[::ffff:127.0.0.1]",
    "0.0.0.0",
)


def test_loopback_is_refused_in_every_form_without_the_flag(site: Site, db: Path) -> None:
    path = site.put_article(1)
    crawl(db, {}, urls=[f"http://{host}:{site.port}{path}" for host in HOSTS], progress=False)
    assert not site.requests and articles(db) == []
    rows = pages(db).values()
    assert len(rows) == len(HOSTS)
    for row in rows:
        assert row["state"] == "refused" and "not a public address" in row["reason"], row["url"]


def test_a_refused_listing_is_fetched_once_loopback_is_allowed(site: Site, db: Path) -> None:
    site.put_feed([site.put_article(1)])
    source = make_source(site)
    crawl(db, {"toy": source}, progress=False)
    assert not site.requests
    report = crawl(db, {"toy": source}, allow_loopback=True, progress=False)
    assert report.of("toy").articles_new == 1


def test_a_redirect_to_a_private_address_or_another_scheme_brings_nothing(site: Site, db: Path) -> None:
    private = (
        "http://10.255.255.1/x",
        "http://169.254.169.254/latest",
        "http://[fd00::1]/",
        "http://0x0a.1/",
    )
    schemes = ("file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/html,<p>x</p>")
    paths = [f"/news/story-{number}.htm" for number in range(len(private) + len(schemes))]
    for path, target in zip(paths, private + schemes, strict=True):
        site.put(path, "", 302, Location=target)
    site.put_feed(paths)
    crawl(db, {"toy": make_source(site)}, allow_loopback=True, progress=False)
    rows = [pages(db)[site.base + path] for path in paths]
    assert articles(db) == [] and "done" not in {row["state"] for row in rows}
    for row in rows[: len(private)]:
        assert row["state"] == "refused" and "not a public address" in row["reason"], row


def test_allowing_loopback_is_said_in_the_log(
    site: Site, db: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    site.put_feed([])
    crawl(db, {"toy": make_source(site)}, allow_loopback=True, progress=False)
    assert "loopback addresses (127.0.0.0/8, ::1) are allowed" in capfd.readouterr().err


def test_the_settings_are_polite_and_the_user_agent_names_a_contact(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = crawl_settings()
    assert settings["ROBOTSTXT_OBEY"] is True and settings["AUTOTHROTTLE_ENABLED"] is True
    assert settings["DOWNLOAD_MAXSIZE"] == 20 * 2**20
    assert settings["EXTENSIONS"]["scrapy.extensions.telnet.TelnetConsole"] is None
    assert settings["EXTENSIONS"]["scrapy.extensions.remote_control.RemoteControl"] is None
    assert user_agent("desk@example.org").startswith("Dateline/")
    monkeypatch.setenv("DATELINE_CONTACT", "https://example.org/bot")
    assert "https://example.org/bot" in user_agent()
