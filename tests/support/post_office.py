"""A real mail server on loopback for one test: it keeps what it takes, and refuses or fails when it is told to."""

import ssl
import subprocess
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.ports import LOOPBACK, free_port

TAKEN = "250 taken"


class Mailboxes:
    """What one server has taken, in the order in which it came, and what it answers."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.answer: Callable[[EmailMessage], str] = lambda _message: TAKEN
        """Its answer to a whole mail; one that is no 250 means that it was not taken."""
        self.recipient_answer: Callable[[str], str] = lambda _address: "250 go on"
        self.password = b"secret"
        self.logins: list[tuple[bytes, bytes]] = []
        self.secured: list[bool] = []
        """Of each mail taken, whether it came over TLS."""

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        """Answer a recipient."""
        answer = self.recipient_answer(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name is aiosmtpd's
        """Take a mail."""
        content = envelope.content
        assert isinstance(content, bytes)
        message: Any = message_from_bytes(content, policy=policy.SMTP)
        answer = self.answer(message)
        if answer.startswith("250"):
            self.taken.append(message)
            self.secured.append(_encrypts(server))
        return answer

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        """Let one user in."""
        assert isinstance(data, LoginPassword)
        self.logins.append((data.login, data.password))
        return AuthResult(success=data.password == self.password, handled=False)

    @property
    def subjects(self) -> list[str]:
        """The subjects of what was taken, in order."""
        return [str(message["Subject"]) for message in self.taken]

    @property
    def ids(self) -> list[str]:
        """The Message-IDs of what was taken, in order."""
        return [str(message["Message-ID"]) for message in self.taken]


class PostOffice:
    """A mail server that can be closed and opened again at the same port."""

    def __init__(self, boxes: Mailboxes, *, security: str = "none", certificate: ssl.SSLContext | None = None) -> None:
        self.boxes = boxes
        self.port = free_port()
        self._security = security
        self._certificate = certificate
        self._controller: Controller | None = None

    def url(self, user: str = "") -> str:
        """Its address for FAIRZONE_SMTP."""
        scheme = {"none": "smtp", "tls": "smtps", "starttls": "smtp+starttls"}[self._security]
        return f"{scheme}://{user}{'@' if user else ''}{LOOPBACK}:{self.port}"

    def open(self, **options: Any) -> None:
        """Take mail; returns when it does."""
        if self._security == "starttls":
            options = {**options, "tls_context": self._certificate, "require_starttls": True}
        if self._security == "tls":
            options = {**options, "ssl_context": self._certificate}
        self._controller = Controller(self.boxes, hostname=LOOPBACK, port=self.port, ready_timeout=10, **options)
        self._controller.start()

    def close(self) -> None:
        """Take no more; what was taken stays."""
        if self._controller is not None:
            self._controller.stop()
            self._controller = None


@pytest.fixture
def post_office() -> Iterator[PostOffice]:
    """A mail server without TLS that takes everything."""
    office = PostOffice(Mailboxes())
    office.open()
    yield office
    office.close()


def _encrypts(server: SMTP) -> bool:
    return server.transport is not None and server.transport.get_extra_info("ssl_object") is not None


def self_signed(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A certificate for the loopback address: the server's side of it, and the file that a client trusts it by."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
            *("-subj", "/CN=localhost", "-addext", f"subjectAltName=IP:{LOOPBACK}"),
            *("-keyout", str(key), "-out", str(certificate)),
        ],
        check=True,
        capture_output=True,
        timeout=30,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context, certificate
