"""Sends a delivery to a webhook by the Standard Webhooks convention: an id, a time, and a signature over both.

webhook-id         the delivery's id, the same each time it is sent again
webhook-timestamp  when it was sent, in seconds since 1970
webhook-signature  v1, and the base64 of HMAC-SHA256 over "id.timestamp.body"
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import os
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import orjson

from dateline.alerting.failure import Failure
from dateline.alerting.message import record_of
from db.outbox import Delivery

LIMIT = 15.0
"""Seconds in which a receiver must have answered, whatever it does meanwhile."""
MOST_OF_ANSWER = 1000
"""Bytes of a refusal that are read, to show them."""
LONGEST_WAIT = timedelta(days=1)
"""However late a receiver asks to be tried again."""
GONE = 410
BUSY = (408, 425, 429)


def client() -> httpx.AsyncClient:
    """A client that follows no redirects: a delivery goes where it was told to, or nowhere."""
    return httpx.AsyncClient(follow_redirects=False, timeout=LIMIT)


async def send_webhook(http: httpx.AsyncClient, delivery: Delivery, now: datetime) -> Failure | None:
    """Post a delivery; returns why it failed, or None when the receiver took it."""
    try:
        headers = _headers(delivery, _body(delivery), now)
    except ValueError as error:
        return Failure(error=str(error), holds=True)
    try:
        async with asyncio.timeout(LIMIT):
            async with http.stream(
                "POST", delivery.channel.address, content=_body(delivery), headers=headers
            ) as answer:
                return None if answer.is_success else await _refusal(answer, now)
    except TimeoutError:
        return Failure(error=f"no answer within {LIMIT:g} seconds", holds=True)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return Failure(error=f"no answer: {error or type(error).__name__}", holds=True)


def sign(secret: bytes, delivery_id: str, timestamp: str, body: bytes) -> str:
    """The signature of a message, as the header carries it."""
    signed = b".".join((delivery_id.encode(), timestamp.encode(), body))
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def read_secret(name: str) -> bytes:
    """The secret in an environment variable: "whsec_" and base64, or plain text; ValueError when there is none."""
    told = os.environ.get(name, "")
    if not told:
        raise ValueError(f"the secret is not there: set {name}")
    if not told.startswith("whsec_"):
        return told.encode()
    try:
        return base64.b64decode(told.removeprefix("whsec_"), validate=True)
    except binascii.Error as error:
        raise ValueError(f"the secret in {name} is not base64 after 'whsec_'") from error


def _body(delivery: Delivery) -> bytes:
    kind = "digest" if delivery.is_digest else delivery.alerts[0].reason
    data = {"search": delivery.search, "alerts": [record_of(alert) for alert in delivery.alerts]}
    return orjson.dumps({"type": f"alert.{kind}", "timestamp": delivery.created, "data": data})


def _headers(delivery: Delivery, body: bytes, now: datetime) -> dict[str, str]:
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Dateline",
        "webhook-id": delivery.id,
        "webhook-timestamp": timestamp,
    }
    if delivery.channel.secret_env:
        secret = read_secret(delivery.channel.secret_env)
        headers["webhook-signature"] = sign(secret, delivery.id, timestamp, body)
    return headers


async def _refusal(answer: httpx.Response, now: datetime) -> Failure:
    said = b""
    async for chunk in answer.aiter_raw():
        said += chunk
        if len(said) >= MOST_OF_ANSWER:
            break
    words = " ".join(said[:MOST_OF_ANSWER].decode("utf-8", "replace").split())[:200]
    status = answer.status_code
    if answer.is_redirect:
        return Failure(
            error=f"it answered {status}: redirects are not followed; name the address it leads to"
        )
    return Failure(
        error=f"it answered {status}" + (f": {words}" if words else ""),
        is_final=status == GONE,
        holds=status in BUSY or status >= 500,
        wait=_retry_after(answer.headers.get("retry-after", ""), now),
    )


def _retry_after(told: str, now: datetime) -> timedelta:
    """How long a receiver asks us to wait, in seconds or until a date; nothing when it does not say."""
    if told.isascii() and told.isdigit():
        return min(timedelta(seconds=int(told[:9])), LONGEST_WAIT)
    try:
        until = parsedate_to_datetime(told)
    except ValueError:
        return timedelta()
    wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return max(timedelta(), min(wait, LONGEST_WAIT))
