"""Keeps the crawler away from addresses that are not public, whatever name, form or redirect leads there.

Two guards: a downloader middleware resolves the host of every request, redirects included, and refuses in
words; the resolver that connections use lets only public addresses through, so that a name which changes
its answer in between gains nothing.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import socket
from typing import TYPE_CHECKING, Any, Self

from scrapy.exceptions import IgnoreRequest
from scrapy.resolver import CachingHostnameResolver
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.interfaces import IAddress, IHostResolution, IResolutionReceiver
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.fetching.settings import ALLOW_LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scrapy import Request
    from scrapy.crawler import Crawler

log = logging.getLogger(__name__)

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
METADATA = frozenset({"169.254.169.254", "fd00:ec2::254", "100.100.100.200"})
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
COMPATIBLE = ipaddress.IPv6Network("::/96")


class ForbiddenAddress(IgnoreRequest):
    """A request that would leave the public internet; its text says why."""


def is_public_address(address: str) -> bool:
    """Whether an IP address, in any notation of IPv4 within IPv6, belongs to the public internet."""
    return why_forbidden(address, allow_loopback=False) is None


def why_forbidden(address: str, *, allow_loopback: bool) -> str | None:
    """What is wrong with fetching from an IP address, in words; None when nothing is."""
    try:
        parsed = _innermost(ipaddress.ip_address(address.partition("%")[0]))
    except ValueError:
        return f"{address} is not an IP address"
    if parsed.is_loopback:
        return None if allow_loopback else f"{address} is a loopback address (this machine)"
    if str(parsed) in METADATA:
        return f"{address} is a cloud metadata address"
    for kind, holds in (
        ("a link-local", parsed.is_link_local),
        ("a multicast", parsed.is_multicast),
        ("an unspecified", parsed.is_unspecified),
        ("a private", parsed.is_private),
        ("a reserved", parsed.is_reserved or not parsed.is_global),
    ):
        if holds:
            return f"{address} is {kind} address"
    return None


def _innermost(address: IPAddress) -> IPAddress:
    """The IPv4 address that an IPv6 address carries to its destination, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address.sixtofour is not None:
        return address.sixtofour
    if address.teredo is not None:
        return address.teredo[1]
    if address in NAT64 or (address in COMPATIBLE and int(address) > 1):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address


class PublicAddressMiddleware:
    """Refuses a request, before robots.txt is asked for, whose host resolves to a forbidden address."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self._verdicts: dict[str, str | None] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Made by Scrapy."""
        return cls(allow_loopback=crawler.settings.getbool(ALLOW_LOOPBACK))

    async def process_request(self, request: Request) -> None:
        """Raise `ForbiddenAddress` unless the request goes to the public internet by http or https."""
        parts = urlparse_cached(request)
        if parts.scheme not in ("http", "https"):
            raise ForbiddenAddress(f"{parts.scheme}: addresses are not fetched, only http and https")
        host = parts.hostname or ""
        if host not in self._verdicts:
            self._verdicts[host] = await self._judge(host)
        if verdict := self._verdicts[host]:
            raise ForbiddenAddress(f"not a public address: {verdict}")

    async def _judge(self, host: str) -> str | None:
        try:
            answers = await asyncio.get_running_loop().getaddrinfo(host, None, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return None  # no such name: the connection itself will fail and say so
        for answer in answers:
            if reason := why_forbidden(str(answer[4][0]), allow_loopback=self._allow_loopback):
                return reason if reason.startswith(f"{host} ") else f"{host} leads to {reason}"
        return None


@implementer(IResolutionReceiver)
class _PublicOnly:
    """Passes on to a connection only the addresses that may be fetched from."""

    def __init__(self, receiver: Any, *, allow_loopback: bool) -> None:
        self._receiver, self._allow_loopback = receiver, allow_loopback

    def resolutionBegan(self, resolution: IHostResolution) -> None:  # noqa: N802 (Twisted's name)
        self._receiver.resolutionBegan(resolution)

    def addressResolved(self, address: IAddress) -> None:  # noqa: N802 (Twisted's name)
        if why_forbidden(str(getattr(address, "host", "")), allow_loopback=self._allow_loopback) is None:
            self._receiver.addressResolved(address)

    def resolutionComplete(self) -> None:  # noqa: N802 (Twisted's name)
        self._receiver.resolutionComplete()


class PublicResolver(CachingHostnameResolver):
    """The resolver of every connection; to it, names that lead elsewhere than the public internet lead nowhere."""

    allow_loopback = False

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        """Made by Scrapy."""
        resolver = super().from_crawler(crawler, reactor)
        resolver.allow_loopback = crawler.settings.getbool(ALLOW_LOOPBACK)
        return resolver

    def resolveHostName(  # noqa: N802 (Twisted's name)
        self,
        resolutionReceiver: IResolutionReceiver,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[IAddress]] | None = None,  # noqa: N803
        transportSemantics: str = "TCP",  # noqa: N803
    ) -> IHostResolution:
        """Resolve as the cache does, and drop every forbidden address."""
        public: Any = _PublicOnly(resolutionReceiver, allow_loopback=self.allow_loopback)
        return super().resolveHostName(public, hostName, portNumber, addressTypes, transportSemantics)
