"""Pages that fill in their text by script: which sources ask for a browser, and how Scrapy is given one.

Needs the extra `dateline[browser]` and a Chromium of the system; nothing of either is imported before a source
asks for it.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from typing import Any

from crawler.fetching.settings import TIMEOUT
from crawler.fetching.visits import validators
from crawler.sources import Source
from db.errors import UsageError
from db.frontier import FrontierPage

VARIABLE = "DATELINE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
FLAGS = (
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # What would pass by the proxy: HTTP/3 and the peer connections of scripts.
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
)
PAGES_AT_ONCE = 4
TIME_VARIABLE = "DATELINE_BROWSER_TIMEOUT"


def page_time() -> float:
    """Seconds that the browser has for one page: DATELINE_BROWSER_TIMEOUT, or 30."""
    try:
        return max(1.0, float(os.environ.get(TIME_VARIABLE, TIMEOUT)))
    except ValueError:
        return TIMEOUT


def find_chromium() -> str | None:
    """The path of the browser: what DATELINE_CHROMIUM names, else the first Chromium on the path, else None."""
    named = os.environ.get(VARIABLE)
    if named:
        return shutil.which(named)
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def require_browser(sources: Iterable[Source]) -> None:
    """Raise `UsageError` when a source asks for a browser and there is none, or the extra is missing."""
    asking = next((source for source in sources if source.browser), None)
    if asking is None:
        return
    missing = [
        what
        for what, is_there in (
            ("scrapy-playwright is not installed", find_spec("scrapy_playwright") is not None),
            ("no Chromium was found", find_chromium() is not None),
        )
        if not is_there
    ]
    if missing:
        raise UsageError(
            f"source {asking.id!r} asks for a browser: pip install 'dateline[browser]' and install Chromium; "
            f"set {VARIABLE} to its path if it is not found ({', '.join(missing)})"
        )


def way_to_fetch(page: FrontierPage | None, source_id: str, *, by_browser: bool) -> dict[str, Any]:
    """What a request says of how it is to be made: by the browser, or with the validators of what we have.

    A browser's page is asked for without them: its text may have changed although its markup has not. Sources
    share no cookies.
    """
    if not by_browser:
        return {"headers": validators(page)}
    meta = {"playwright": True, "playwright_context": source_id, "playwright_include_page": True}
    # Once a crawl: what took a browser its whole time takes it again.
    return {"meta": {**meta, "dont_retry": True}}


def browser_settings() -> dict[str, Any]:
    """Scrapy's settings for crawls of which some requests are the browser's; call `require_browser` before."""
    handler = "crawler.fetching.browser_handler.BrowserHandler"
    return {
        "DOWNLOAD_HANDLERS": {
            **{"http": handler, "https": handler},
            **dict.fromkeys(("file", "ftp", "s3", "data"), None),
        },
        "PLAYWRIGHT_BROWSER_TYPE": "chromium",
        "PLAYWRIGHT_LAUNCH_OPTIONS": {
            "executable_path": find_chromium(),
            "headless": True,
            "args": list(FLAGS),
            # Chromium has no sandbox for the superuser.
            "chromium_sandbox": os.geteuid() != 0,
            "timeout": TIMEOUT * 1000,
        },
        "PLAYWRIGHT_ABORT_REQUEST": "crawler.fetching.browser_handler.is_needless",
        "PLAYWRIGHT_DEFAULT_NAVIGATION_TIMEOUT": page_time() * 1000,
        "PLAYWRIGHT_DOWNLOAD_TIMEOUT": 1000,
        "PLAYWRIGHT_MAX_PAGES_PER_CONTEXT": PAGES_AT_ONCE,
    }
