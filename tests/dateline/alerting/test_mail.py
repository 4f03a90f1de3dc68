"""Letters to a real mail server on loopback, in clear, with STARTTLS, with a password, and when it refuses."""

from __future__ import annotations

import datetime as dt
import ipaddress
import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from dateline.alerting.adding import email_channel
from dateline.alerting.delivering import deliver_due
from tests.dateline.alerting.conftest import World, goods

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore:Requiring AUTH while not")
BAN = "China banned exports of rare earths on Monday."


class Box:
    """A mail server's letters; `answers` are given to the next ones."""

    def __init__(self) -> None:
        self.letters: list[EmailMessage] = []
        self.recipients: list[list[str]] = []
        self.answers: list[str] = []
        self.logins: list[tuple[bytes, bytes]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        letter = message_from_bytes(envelope.original_content or b"", policy=policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients.append(list(envelope.rcpt_tos))
        return "250 taken"

    def authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == b"open sesame", handled=False)


@contextmanager
def mail_server(monkeypatch: pytest.MonkeyPatch, **settings: Any) -> Iterator[Box]:
    box = Box()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(
        box,
        hostname="127.0.0.1",
        port=port,
        authenticator=box.authenticate,
        auth_require_tls=False,
        **settings,
    )
    controller.start()
    monkeypatch.setenv("DATELINE_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("DATELINE_SMTP_PORT", str(port))
    monkeypatch.setenv("DATELINE_SMTP_FROM", "watch@institute.example")
    try:
        yield box
    finally:
        controller.stop()


def happen(world: World, **given: Any) -> None:
    world.watch(channels=(email_channel("reader@institute.example"),), **given)
    world.report("one", BAN)
    world.report("two", "China banned exports of tungsten.", commodities=goods("tungsten"))
    world.fire()


def test_a_letter_says_what_happened_where_it_stands_and_how_to_ask_why(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(monkeypatch) as box:
        happen(world, commodity="rare_earths")
        assert deliver_due(world.store, now=world.now).sent == 1
    (letter,) = box.letters
    event = world.rows("events")[0]["id"]
    assert box.recipients == [["reader@institute.example"]]
    assert letter["Subject"].startswith("[Dateline curbs] China SANCTION")
    assert letter["From"] == "watch@institute.example"
    assert letter["Message-ID"] == f"<{world.rows('deliveries')[0]['id']}@institute.example>"
    text = letter.get_content()
    for part in (
        f"“{BAN}”",
        "https://daily.example/one",
        f"dateline explain {event}",
        "Independent sources: 1",
    ):
        assert part in text


def test_a_digest_is_one_letter(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    with mail_server(monkeypatch) as box:
        happen(world, digest="0 8 * * *")
        assert deliver_due(world.store, now=world.now).sent == 0
        world.pass_days(1)
        assert deliver_due(world.store, now=world.now).sent == 1
    assert box.letters[0]["Subject"] == "[Dateline curbs] 2 alerts"
    assert "tungsten" in box.letters[0].get_content()


def test_a_server_that_refuses_is_tried_again_later_with_the_same_letter(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with mail_server(monkeypatch) as box:
        box.answers = ["451 come back later"]
        happen(world, commodity="rare_earths")
        done = deliver_due(world.store, now=world.now)
        assert done.failed == 1 and "451: come back later" in done.errors[0]
        world.pass_days(1)
        assert deliver_due(world.store, now=world.now).sent == 1
    assert len(box.letters) == 1


def test_encryption_is_used_where_it_is_offered_and_the_password_given(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    certificate = self_signed(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setenv("DATELINE_SMTP_USER", "ali")
    monkeypatch.setenv("DATELINE_SMTP_PASSWORD", "open sesame")
    with mail_server(monkeypatch, tls_context=context, require_starttls=True) as box:
        happen(world, commodity="rare_earths")
        done = deliver_due(world.store, now=world.now)
    assert done.sent == 1, done.errors
    assert box.logins == [(b"ali", b"open sesame")]


def test_a_wrong_password_and_a_missing_server_are_said(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATELINE_SMTP_USER", "ali")
    monkeypatch.setenv("DATELINE_SMTP_PASSWORD", "forgotten")
    with mail_server(monkeypatch):
        happen(world, commodity="rare_earths")
        assert "the mail server answered 535" in deliver_due(world.store, now=world.now).errors[0]
    monkeypatch.delenv("DATELINE_SMTP_HOST")
    world.pass_days(1)
    assert "set DATELINE_SMTP_HOST" in deliver_due(world.store, now=world.now).errors[0]


def self_signed(folder: Path) -> Path:
    """A certificate of 127.0.0.1 with its key."""
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "server.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return path
