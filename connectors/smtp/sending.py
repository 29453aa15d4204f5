"""Handing mail to the firm's own server for outgoing mail (RFC 5321, RFC 6409), over verified TLS only.

    connect → TLS → AUTH → MAIL, RCPT: nothing has happened yet; a refusal or a broken line is told as such
    DATA, content, the final dot       from here on a broken line leaves open whether the mail was taken

Who calls has noted before that the mail is under way.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Literal

from connectors.distrust import refused
from connectors.oauth.sasl import Bearer, xoauth2
from rules.terms.errors import (
    ConnectorError,
    FileUnreadable,
    SendingDeferred,
    SendingRefused,
    SendingUncertain,
)

# Seconds for one command. Servers may take their time over the content (RFC 5321 section 4.5.3.2.6).
PATIENCE, FOR_CONTENT = 60.0, 300.0
# smtplib's word for an answer without a code.
_NO_CODE = -1


@dataclass(frozen=True, slots=True)
class Account:
    """The firm's account for outgoing mail. Without a user nobody logs in; `password` may be what hands out tokens."""

    host: str
    port: int
    security: Literal["starttls", "tls"] = "starttls"
    user: str = ""
    password: str | Bearer = ""
    ca_file: str | None = None


class Sending:
    """An open connection to the server."""

    def __init__(self, account: Account, client: smtplib.SMTP) -> None:
        self._host = account.host
        self._client = client

    def send(self, sender: str, recipient: str, content: bytes) -> None:
        """Hand over one mail.

        Raises:
            SendingDeferred: not now (4yz, or the line broke before anything was said); nothing was sent.
            SendingRefused: never (5yz); nothing was sent.
            SendingUncertain: the line broke after the content; nobody knows.
        """
        client = self._client
        self._wait_for(PATIENCE)
        try:
            client.rset()
            self._good(client.mail(sender))
            self._good(client.rcpt(recipient))
        except UnicodeError as error:
            raise SendingRefused(host=self._host, reason="no address that every server takes") from error
        except (OSError, smtplib.SMTPException) as error:
            raise SendingDeferred(host=self._host, reason=_reason(error)) from error
        self._wait_for(FOR_CONTENT)
        try:
            answer = client.data(content)
        except smtplib.SMTPDataError as error:
            # The server did not even want the content.
            self._good((error.smtp_code, _bytes(error.smtp_error)))
            raise SendingDeferred(host=self._host, reason=_reason(error)) from error
        except (OSError, smtplib.SMTPException) as error:
            raise SendingUncertain(host=self._host, reason=_reason(error)) from error
        if answer[0] == _NO_CODE:
            raise SendingUncertain(host=self._host, reason=_words(answer[1]) or "no answer that can be read")
        self._good(answer)

    def _wait_for(self, seconds: float) -> None:
        if self._client.sock is not None:
            self._client.sock.settimeout(seconds)

    def _good(self, answer: tuple[int, bytes]) -> None:
        code, said = answer
        if 200 <= code < 300:
            return
        raise (SendingRefused if code >= 500 else SendingDeferred)(host=self._host, reason=f"{code} {_words(said)}")


@contextmanager
def connected(account: Account, name: str) -> Iterator[Sending]:
    """A connection that is encrypted, verified and logged in. `name`: how we greet the server (a domain).

    Raises:
        CertificateRefused: the server cannot be trusted; no password was sent.
        SendingDeferred: it cannot be reached, offers no encryption, or refuses the login.
        FileUnreadable: the certificate authority's file.
    """
    client = _opened(account, name)
    try:
        yield Sending(account, client)
    finally:
        with suppress(OSError, smtplib.SMTPException):
            if client.sock is not None:
                client.sock.settimeout(5)
            client.quit()
        client.close()


def _opened(account: Account, name: str) -> smtplib.SMTP:
    context = _context(account)
    client: smtplib.SMTP | None = None
    try:
        if account.security == "tls":
            client = smtplib.SMTP_SSL(account.host, account.port, name, timeout=PATIENCE, context=context)
        else:
            client = smtplib.SMTP(account.host, account.port, name, timeout=PATIENCE)
            client.starttls(context=context)
        client.ehlo_or_helo_if_needed()
        if account.user:
            _log_in(client, account)
    except BaseException as error:
        if client is not None:
            client.close()
        known = _known(error, account)
        if known is None:
            raise
        raise known from error
    return client


def _log_in(client: smtplib.SMTP, account: Account) -> None:
    """By password; or with a token, and with a newer one if the server has ended that before its time."""
    if isinstance(account.password, str):
        client.login(account.user, account.password)
        return
    token = account.password.token()
    try:
        _show(client, account.user, token)
    except smtplib.SMTPAuthenticationError:
        _show(client, account.user, account.password.token(refused=token))


def _show(client: smtplib.SMTP, user: str, token: str) -> None:
    message = xoauth2(user, token).decode()
    # What the server says after a refusal is answered with an empty line; then it says no.
    client.auth("XOAUTH2", lambda said=None: message if said is None else "")


def _context(account: Account) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=account.ca_file)
    except OSError as error:
        raise FileUnreadable(file=account.ca_file, reason=error.strerror or str(error)) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if account.ca_file:
        # Python 3.13 refuses authorities without keyUsage; who names the file means that very authority.
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def _known(error: BaseException, account: Account) -> ConnectorError | None:
    """What went wrong on the way to an open connection, in words that a person can mend; None for all else."""
    host = account.host
    if isinstance(error, ssl.SSLCertVerificationError):
        return refused(error, host, account.port)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return SendingDeferred(host=host, reason="no STARTTLS, or no login, offered; nothing was said")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return SendingDeferred(host=host, reason=f"login of {account.user} refused, {error.smtp_code}")
    if isinstance(error, OSError | smtplib.SMTPException | UnicodeError):
        return SendingDeferred(host=host, reason=_reason(error))
    return None


def _reason(error: BaseException) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_words(_bytes(error.smtp_error))}"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return str(error)[:200] or type(error).__name__


def _bytes(said: bytes | str) -> bytes:
    return said.encode() if isinstance(said, str) else said


def _words(said: bytes) -> str:
    return " ".join(said.decode(errors="replace").split())[:200]
