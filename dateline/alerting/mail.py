"""Sends a delivery as an e-mail, in plain text, by the server that the environment names.

DATELINE_SMTP_HOST, DATELINE_SMTP_PORT (25), DATELINE_SMTP_FROM, and where the server wants them DATELINE_SMTP_USER
and DATELINE_SMTP_PASSWORD. DATELINE_SMTP_TLS=1 speaks TLS from the first byte (port 465); otherwise STARTTLS is
used wherever it is offered.
"""

from __future__ import annotations

import contextlib
import ipaddress
import os
import smtplib
import ssl
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime

from dateline.alerting.failure import Failure
from dateline.alerting.message import body_of, subject_of
from db.outbox import Delivery

LIMIT = 20.0
"""Seconds for each answer of the server."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MailServer:
    """The server that takes our letters."""

    host: str
    port: int
    sender: str
    user: str | None
    password: str | None
    tls_at_once: bool


def mail_server() -> MailServer:
    """The server that the environment names; ValueError, with the remedy, when it names none."""
    host = os.environ.get("DATELINE_SMTP_HOST", "")
    if not host:
        raise ValueError("no mail server is named: set DATELINE_SMTP_HOST")
    tls_at_once = os.environ.get("DATELINE_SMTP_TLS", "") not in ("", "0")
    port = os.environ.get("DATELINE_SMTP_PORT", "465" if tls_at_once else "25")
    if not port.isdigit():
        raise ValueError(f"DATELINE_SMTP_PORT is no number: {port!r}")
    return MailServer(
        host=host,
        port=int(port),
        sender=os.environ.get("DATELINE_SMTP_FROM") or f"dateline@{host}",
        user=os.environ.get("DATELINE_SMTP_USER") or None,
        password=os.environ.get("DATELINE_SMTP_PASSWORD"),
        tls_at_once=tls_at_once,
    )


def send_mail(delivery: Delivery, now: datetime) -> Failure | None:
    """Hand a letter to the server; returns why it failed, or None when the server took it."""
    try:
        server = mail_server()
        letter = make_letter(delivery, server.sender, now)
        with _connection(server) as connection:
            _secure(connection, server)
            connection.send_message(letter)
    except smtplib.SMTPResponseException as error:
        said = error.smtp_error.decode("utf-8", "replace") if isinstance(error.smtp_error, bytes) else error
        return Failure(error=f"the mail server answered {error.smtp_code}: {said}", holds=True)
    except smtplib.SMTPRecipientsRefused as error:
        answers = "; ".join(f"{code} {words!r}" for code, words in error.recipients.values())
        return Failure(error=f"the mail server refuses {delivery.channel.address}: {answers}")
    except (smtplib.SMTPException, OSError, ValueError) as error:
        return Failure(error=f"the mail could not be sent: {error}", holds=True)
    return None


def make_letter(delivery: Delivery, sender: str, now: datetime) -> EmailMessage:
    """The letter; its Message-ID is the delivery's id, the same each time it is sent again."""
    letter = EmailMessage()
    letter["Subject"] = subject_of(delivery.search, delivery.alerts, is_digest=delivery.is_digest)
    letter["From"] = sender
    letter["To"] = delivery.channel.address
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = f"<{delivery.id}@{sender.rpartition('@')[2] or 'dateline'}>"
    letter["Auto-Submitted"] = "auto-generated"
    parts = [body_of(alert) for alert in delivery.alerts]
    letter.set_content(("\n\n" + "-" * 70 + "\n\n").join(parts) + "\n")
    return letter


def _connection(server: MailServer) -> smtplib.SMTP:
    if server.tls_at_once:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=LIMIT, context=ssl.create_default_context())
    return smtplib.SMTP(server.host, server.port, timeout=LIMIT)


def _secure(connection: smtplib.SMTP, server: MailServer) -> None:
    connection.ehlo()
    is_secure = server.tls_at_once
    if not is_secure and connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
        is_secure = True
    if server.user is None:
        return
    if not is_secure and not _is_this_machine(server.host):
        raise ValueError(
            f"{server.host} offers no encryption, so the password is not sent; see DATELINE_SMTP_TLS"
        )
    connection.login(server.user, server.password or "")


def _is_this_machine(host: str) -> bool:
    with contextlib.suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"
