"""Scrapy's downloader with a browser for the requests that ask for one, within the limits of all others.

Imported only where the extra `dateline[browser]` is installed.
"""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, Error, Page
from playwright.async_api import Request as BrowserRequest
from playwright.async_api import TimeoutError as BrowserTimeout
from scrapy.exceptions import DownloadCancelledError, DownloadTimeoutError, IgnoreRequest
from scrapy.http import Response
from scrapy_playwright.handler import Config, ScrapyPlaywrightDownloadHandler
from scrapy_playwright.page import PageMethod
from scrapy_playwright.provider import PlaywrightBrowserProvider

from crawler.fetching.browser import page_time
from crawler.fetching.gateway import REFUSED, Gateway
from crawler.fetching.safety import ForbiddenAddress
from crawler.fetching.settings import ALLOW_LOOPBACK, MAX_BODY

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler

NEEDED = frozenset({"document", "script", "xhr", "fetch"})
QUIET = 5.0
"""Seconds that a page's scripts have to fall silent; after them its text is taken as it is."""
CLOSING = 5.0
RENDERED = "X-Dateline-Rendered"
"""The header that tells, in the archive, that a page's scripts had run before it was kept."""


class BrowserFailed(Exception):
    """What the browser says of a page that it could not show."""


def is_needless(request: BrowserRequest) -> bool:
    """Whether a request of a page is dropped: pictures, fonts, films, frames, and all but http and https."""
    if request.resource_type not in NEEDED or urlsplit(request.url).scheme not in ("http", "https"):
        return True
    return request.resource_type == "document" and request.frame.parent_frame is not None


class GuardedBrowser(PlaywrightBrowserProvider):  # type: ignore[misc]
    """Launches Chromium behind a `Gateway`, also for loopback addresses."""

    def __init__(self, config: Config, *, allow_loopback: bool) -> None:
        super().__init__(config)
        self._gateway = Gateway(allow_loopback=allow_loopback)

    async def launch_browser(self) -> Browser:
        """The gateway first: without it, no browser."""
        proxy = {"server": await self._gateway.start(), "bypass": "<-loopback>"}
        self.config.launch_options["proxy"] = proxy
        browser: Browser = await super().launch_browser()
        return browser

    async def close(self) -> None:
        """End the browser, then the gateway."""
        await super().close()
        await self._gateway.close()


class BrowserHandler(ScrapyPlaywrightDownloadHandler):  # type: ignore[misc]
    """Answers with the page as it stands once its scripts have run; time and size are limited."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        allow_loopback = crawler.settings.getbool(ALLOW_LOOPBACK)
        self.browser_provider_cls = partial(GuardedBrowser, allow_loopback=allow_loopback)
        self._user_agent = crawler.settings["USER_AGENT"]

    async def download_request(self, request: Request) -> Response:
        """The answer; raises what the ordinary downloader would raise, or `BrowserFailed`."""
        if not request.meta.get("playwright"):
            plain: Response = await super().download_request(request)
            return plain
        request.meta["playwright_context_kwargs"] = self._context()
        request.meta["playwright_page_methods"] = [PageMethod(_settle)]
        try:
            response = await asyncio.wait_for(super().download_request(request), page_time() + 2 * QUIET)
        except (TimeoutError, BrowserTimeout) as error:
            raise DownloadTimeoutError(str(error)) from error
        except RuntimeError as error:
            raise IgnoreRequest("it is a download, not a web page") from error
        except Error as error:
            raise BrowserFailed(error.message.partition("\n")[0]) from error
        finally:
            await _close(request.meta.pop("playwright_page", None))
        return _checked(response, request)

    def _context(self) -> dict[str, Any]:
        return {
            "user_agent": self._user_agent,
            "accept_downloads": False,
            "service_workers": "block",
        }


def _checked(response: Response, request: Request) -> Response:
    if reason := response.headers.get(REFUSED):
        raise ForbiddenAddress(reason.decode("latin-1"))
    if len(response.body) > MAX_BODY:
        raise DownloadCancelledError(f"the page holds {len(response.body)} bytes")
    asked, came = urlsplit(request.url), urlsplit(response.url)
    if (asked.scheme, asked.netloc, asked.path) != (came.scheme, came.netloc, came.path):
        # Led elsewhere: asked for anew, so that robots.txt and the number of redirects count there, too.
        return Response(request.url, status=302, headers={"Location": response.url}, request=request)
    response.headers[RENDERED] = "Chromium"
    return response


async def _settle(page: Page) -> None:
    with contextlib.suppress(BrowserTimeout):
        await page.wait_for_load_state("networkidle", timeout=QUIET * 1000)


async def _close(page: Page | None) -> None:
    if page is not None:
        # A script that never ends holds up its page's end, too; the browser's own end takes it along.
        with contextlib.suppress(Error, TimeoutError):
            await asyncio.wait_for(page.close(), CLOSING)
