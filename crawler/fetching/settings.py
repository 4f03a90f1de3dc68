"""The settings of every crawl: polite and safe, with no switch to make them otherwise."""

from __future__ import annotations

import logging
import os
from importlib.metadata import version
from typing import Any

MAX_BODY = 20 * 1024 * 1024
MAX_REDIRECTS = 5
TIMEOUT = 30
ROBOT = "Dateline"
ALLOW_LOOPBACK = "DATELINE_ALLOW_LOOPBACK"
"""The setting that lets a crawl fetch from this machine."""


def user_agent(contact: str | None = None) -> str:
    """Who we say we are: name, version and how to reach the person who runs this crawler."""
    contact = contact or os.environ.get("DATELINE_CONTACT")
    return f"{ROBOT}/{version('dateline')} (news research crawler; {contact or 'no contact given'})"


def crawl_settings(
    *, contact: str | None = None, allow_loopback: bool = False, unthrottled: bool = False
) -> dict[str, Any]:
    """Scrapy's settings; `unthrottled` is for crawls that stay on this machine, where nobody is to be spared."""
    return {
        "USER_AGENT": user_agent(contact),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": ROBOT,
        ALLOW_LOOPBACK: allow_loopback,
        **_pace(unthrottled),
        **_limits(),
        **_components(),
        "LOG_LEVEL": "WARNING",
        "LOG_FORMAT": "%(levelname)s %(message)s",
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",
        "REFERER_ENABLED": True,
    }


def hush() -> None:
    """Keep Scrapy from printing what is said again, in words, of the page that it belongs to."""
    for name in (
        "scrapy.downloadermiddlewares.robotstxt",
        "scrapy.downloadermiddlewares.httpcompression",
        "scrapy-playwright",
    ):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _pace(unthrottled: bool) -> dict[str, Any]:
    return {
        "AUTOTHROTTLE_ENABLED": not unthrottled,
        "AUTOTHROTTLE_START_DELAY": 1.0,
        "AUTOTHROTTLE_TARGET_CONCURRENCY": 1.0,
        "DOWNLOAD_DELAY": 0.0 if unthrottled else 1.0,
        "CONCURRENT_REQUESTS": 32,
        # Scrapy begins so many tasks for every answer, to treat what its callback gives; ours gives little.
        "CONCURRENT_ITEMS": 2,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8 if unthrottled else 2,
        "DATELINE_RETRY_DELAY": 0.1 if unthrottled else 5.0,
    }


def _limits() -> dict[str, Any]:
    return {
        "DOWNLOAD_TIMEOUT": TIMEOUT,
        "DOWNLOAD_MAXSIZE": MAX_BODY,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "REDIRECT_MAX_TIMES": MAX_REDIRECTS,
        "RETRY_TIMES": 2,
        "DNS_TIMEOUT": 20,
    }


def _components() -> dict[str, Any]:
    return {
        "TWISTED_DNS_RESOLVER": "crawler.fetching.safety.PublicResolver",
        "DOWNLOAD_HANDLERS": {"file": None, "ftp": None, "s3": None, "data": None},
        "DOWNLOADER_MIDDLEWARES": {
            "crawler.fetching.safety.PublicAddressMiddleware": 50,
            "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,
            "scrapy.downloadermiddlewares.retry.RetryMiddleware": None,
            "scrapy.downloadermiddlewares.cookies.CookiesMiddleware": None,
            "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware": None,
            "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware": None,
            "crawler.fetching.patience.PatientRetryMiddleware": 550,
        },
        # Every answer comes to the spider, which writes it down; none is dropped on the way.
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware": None,
            "scrapy.spidermiddlewares.depth.DepthMiddleware": None,
        },
        # None is not even loaded; what they offer (consoles, exports, memory reports) no crawl of ours uses.
        "EXTENSIONS": {
            "crawler.fetching.patience.CrawlDelay": 0,
            "scrapy.extensions.telnet.TelnetConsole": None,
            "scrapy.extensions.remote_control.RemoteControl": None,
            "scrapy.extensions.feedexport.FeedExporter": None,
            "scrapy.extensions.memdebug.MemoryDebugger": None,
            "scrapy.extensions.memusage.MemoryUsage": None,
            "scrapy.extensions.spiderstate.SpiderState": None,
            "scrapy.extensions.logstats.LogStats": None,
        },
    }
