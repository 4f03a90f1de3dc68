"""The browser's only way to the network: a proxy on loopback that opens connections to public addresses alone.

A browser resolves names and follows redirects by itself, so that a check of its requests comes too early. What
connects is this proxy, to the address that it has judged.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
from urllib.parse import urlsplit

from crawler.fetching.safety import why_forbidden
from crawler.fetching.settings import MAX_BODY

REFUSED = "X-Dateline-Refused"
"""The header in which a refusal says why."""
IDLE = 10.0
"""Seconds without a byte after which a connection is ended: no page waits for a script that never comes."""
LONGEST_HEAD = 64 * 1024
BLOCK = 64 * 1024
OWN_HEADERS = (b"proxy-", b"connection:", b"keep-alive:")


class Gateway:
    """Passes on HTTP requests and CONNECT tunnels, at most `MAX_BODY` bytes of answer in each connection."""

    def __init__(self, *, allow_loopback: bool) -> None:
        self._allow_loopback = allow_loopback
        self._server: asyncio.Server | None = None

    async def start(self) -> str:
        """Listen on a free port of 127.0.0.1; the proxy's address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=LONGEST_HEAD)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Accept no more connections."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        # A browser drops connections as it likes, and so do servers: nothing to report.
        try:
            with contextlib.suppress(OSError, EOFError, asyncio.LimitOverrunError, TimeoutError, ValueError):
                await self._pass_on(client, back)
        finally:
            back.close()

    async def _pass_on(self, client: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        head = await asyncio.wait_for(client.readuntil(b"\r\n\r\n"), IDLE)
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        is_tunnel = method == "CONNECT"
        parts = urlsplit(f"//{target}" if is_tunnel else target)
        if parts.scheme != ("" if is_tunnel else "http") or not parts.hostname:
            await _refuse(back, f"{target[:200]} is no web address")
            return
        place = parts.hostname, parts.port or 80
        address, reason = await self._resolve(*place)
        if address is None:
            await _refuse(back, reason)
            return
        server, forth = await asyncio.wait_for(asyncio.open_connection(address, place[1]), IDLE)
        try:
            if is_tunnel:
                back.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await _both_ways(client, back, server, forth)
            else:
                path = parts._replace(scheme="", netloc="").geturl() or "/"
                forth.write(_for_server(head, method, path))
                upload = asyncio.ensure_future(_pump(client, forth, _length(head)))
                await _pump(server, back, MAX_BODY)
                upload.cancel()
        finally:
            forth.close()

    async def _resolve(self, host: str, port: int) -> tuple[str | None, str]:
        """The address to connect to, or None and why none is allowed."""
        try:
            loop = asyncio.get_running_loop()
            answers = await asyncio.wait_for(
                loop.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP), IDLE
            )
        except (OSError, UnicodeError):
            return None, f"no address is known for the name {host}"
        addresses = [str(answer[4][0]) for answer in answers]
        for address in addresses:
            if reason := why_forbidden(address, allow_loopback=self._allow_loopback):
                return None, f"not a public address: {reason}"
        return addresses[0], ""


async def _refuse(back: asyncio.StreamWriter, reason: str) -> None:
    # With a body: to an empty refusal Chromium shows a page of its own, without the header.
    words = reason.encode("ascii", "replace").replace(b"\r", b"").replace(b"\n", b"")
    back.write(
        b"HTTP/1.1 403 Forbidden\r\nContent-Type: text/plain\r\nContent-Length: %d\r\nConnection: close\r\n%s: %s"
        b"\r\n\r\n%s" % (len(words), REFUSED.encode(), words, words)
    )
    await back.drain()


def _for_server(head: bytes, method: str, path: str) -> bytes:
    """The request as a server expects it; one for each connection, so that each is judged."""
    lines = head[: -len(b"\r\n\r\n")].split(b"\r\n")[1:]
    kept = [line for line in lines if not line.lower().startswith(OWN_HEADERS)]
    first = f"{method} {path} HTTP/1.1".encode("latin-1")
    return b"\r\n".join((first, *kept, b"Connection: close", b"", b""))


def _length(head: bytes) -> int:
    """How many bytes of a request follow its head; what the browser sends chunked is not passed on."""
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return min(int(line.partition(b":")[2]), MAX_BODY)
    return 0


async def _both_ways(
    client: asyncio.StreamReader,
    back: asyncio.StreamWriter,
    server: asyncio.StreamReader,
    forth: asyncio.StreamWriter,
) -> None:
    ways = {
        asyncio.ensure_future(_pump(client, forth, MAX_BODY)),
        asyncio.ensure_future(_pump(server, back, MAX_BODY)),
    }
    _, rest = await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    for way in rest:
        way.cancel()
    await asyncio.gather(*ways, return_exceptions=True)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, most: int) -> None:
    """Pass on at most so many bytes, until the source ends or says nothing for a while."""
    left = most
    while left > 0 and (block := await asyncio.wait_for(source.read(min(BLOCK, left)), IDLE)):
        left -= len(block)
        target.write(block)
        await target.drain()
