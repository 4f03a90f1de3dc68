"""Says in words why a page could not be had, and whether it is worth another try."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
)
from twisted.python.failure import Failure

from crawler.fetching.safety import ForbiddenAddress
from crawler.fetching.settings import MAX_BODY, MAX_REDIRECTS, TIMEOUT
from db.frontier import FailureState

REFUSING = frozenset({401, 402, 403, 407, 451})
TEMPORARY = frozenset({408, 425, 429})
LATER = "Run the same command again later"
CHECK_ADDRESS = "Check the address"
OFFLINE = "Check the address and your connection"
GIVE_AN_ARTICLE = "Give the address of an article's page"
NOT_FOR_US = "It is left alone; look for another page or a feed"


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why there is no page, in words, and what that makes of its row."""

    words: str
    state: FailureState = "failed"
    may_change: bool = True
    """Whether a refusal may end by itself (robots.txt, a server's mood), not only by a change of ours."""
    remedy: str = LATER
    """What a person can do about it."""


def trouble_of_status(status: int) -> Trouble | None:
    """What an HTTP status says; None for one that brings a page."""
    if 200 <= status < 300:
        return None
    words = f"the server answered {status}{_phrase(status)}"
    if status in (404, 410):
        return Trouble(words, "gone", remedy=CHECK_ADDRESS)
    if status in REFUSING:
        return Trouble(words, "refused", remedy=NOT_FOR_US)
    if 400 <= status < 500 and status not in TEMPORARY:
        return Trouble(words, "skipped", remedy=CHECK_ADDRESS)
    return Trouble(words)


def trouble_of_failure(failure: Failure, url: str) -> Trouble:
    """What an exception of the downloader says about the page at `url`."""
    error = failure.value
    host = urlsplit(url).hostname
    if isinstance(error, ForbiddenAddress):
        local = "loopback" in str(error)
        remedy = "Give --allow-loopback to fetch from this machine" if local else "Give a public web address"
        return Trouble(f"refused: {error}", "refused", may_change=False, remedy=remedy)
    if isinstance(error, IgnoreRequest):
        return _trouble_of_refusal(str(error), url)
    if isinstance(error, DownloadCancelledError):
        return Trouble(f"refused: larger than {MAX_BODY // 2**20} MB", "refused", remedy=NOT_FOR_US)
    if isinstance(error, DownloadTimeoutError):
        return Trouble(f"no answer within {TIMEOUT} seconds")
    if isinstance(error, CannotResolveHostError):
        return Trouble(f"no address is known for the name {host}", remedy=OFFLINE)
    if isinstance(error, DownloadConnectionRefusedError):
        return Trouble(f"{host} refused the connection", remedy=OFFLINE)
    if isinstance(error, (DownloadFailedError, ResponseDataLossError)):
        return Trouble("the connection broke before the page was complete")
    return Trouble(f"the page could not be fetched ({type(error).__name__}: {str(error)[:120]})")


def _trouble_of_refusal(words: str, url: str) -> Trouble:
    if "robots.txt" in words:
        return Trouble(f"robots.txt forbids {urlsplit(url).path or '/'}", "refused", remedy=NOT_FOR_US)
    if "max redirections" in words:
        return Trouble(f"more than {MAX_REDIRECTS} redirects", "skipped", remedy=CHECK_ADDRESS)
    if "DOWNLOAD_MAXSIZE" in words:
        return Trouble(f"refused: unpacks to more than {MAX_BODY // 2**20} MB", "refused", remedy=NOT_FOR_US)
    return Trouble(f"refused: {words[:160]}", "refused", remedy=NOT_FOR_US)


def _phrase(status: int) -> str:
    try:
        return f" ({HTTPStatus(status).phrase.lower()})"
    except ValueError:
        return ""
