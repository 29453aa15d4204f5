"""A real SMTP server for outgoing mail (aiosmtpd), with STARTTLS or TLS by a test authority, and a login.

What it answers can be told, also that it breaks the line: `on_rcpt` and `on_data` return an answer or raise.
"""

import asyncio
import ssl
from base64 import b64decode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from connectors.smtp.sending import Account
from tests.servers.dovecot import certificates, free_ports

USER, PASSWORD = "info", "geheim"
BREAK = "break"


@dataclass
class MailOut:
    """The server: what it got, and how it answers."""

    folder: Path
    port: int
    security: str = "starttls"
    taken: list[EmailMessage] = field(default_factory=list)
    envelopes: list[tuple[str, list[str]]] = field(default_factory=list)
    on_rcpt: Callable[[str], str] = lambda address: "250 OK"
    on_data: Callable[[EmailMessage], str] = lambda mail: "250 OK"
    tokens: set[str] = field(default_factory=set)

    def account(self, **other: Any) -> Account:
        """The account that it knows."""
        values = {"user": USER, "password": PASSWORD, "ca_file": str(self.folder / "ca.pem"), **other}
        return Account("localhost", self.port, self.security, **values)  # type: ignore[arg-type]

    async def auth_XOAUTH2(self, server: SMTP, words: list[str]) -> AuthResult:
        """Take a token that is known; say why not, as Google and Microsoft do, before the refusal."""
        said = b64decode(words[1]).decode()
        if said in {f"user={USER}\x01auth=Bearer {token}\x01\x01" for token in self.tokens}:
            return AuthResult(success=True)
        answer = await server.challenge_auth('{"status": "401"}')
        assert answer == b""
        return AuthResult(success=False, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Answer to a recipient."""
        answer = self.on_rcpt(address)
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answer to the content; the mail counts as taken where that is 250, or the line breaks after it."""
        mail = message_from_bytes(envelope.original_content or b"", policy=default)
        assert isinstance(mail, EmailMessage)
        answer = self.on_data(mail)
        if answer == BREAK or answer.startswith("250"):
            self.taken.append(mail)
            self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        if answer == BREAK:
            assert server.transport is not None
            server.transport.abort()  # type: ignore[attr-defined]
            await asyncio.sleep(0.05)
        return answer


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


@contextmanager
def running(folder: Path, security: str = "starttls") -> Iterator[MailOut]:
    """A server on loopback, as long as this lasts."""
    folder.mkdir(parents=True, exist_ok=True)
    certificates(folder)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    (port,) = free_ports(1)
    mail_out = MailOut(folder, port, security)
    tls: dict[str, Any] = {"tls_context": context} if security == "starttls" else {"ssl_context": context}
    controller = Controller(
        mail_out,
        hostname="127.0.0.1",
        port=port,
        authenticator=_authenticate,
        auth_required=security == "starttls",
        auth_require_tls=security == "starttls",
        require_starttls=security == "starttls",
        **tls,
    )
    controller.start()
    try:
        yield mail_out
    finally:
        controller.stop()
