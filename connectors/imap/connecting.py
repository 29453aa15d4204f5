"""From a mailbox's settings to a connection that is logged in; drivers' errors become ours here.

loopback or TLS?  →  connect  →  (STARTTLS)  →  LOGIN, or AUTHENTICATE PLAIN where LOGIN cannot carry the words,
                                                or AUTHENTICATE with a token, and with a newer one if that is refused
"""

import contextlib
import imaplib
import ipaddress
import logging
import socket
import ssl
from collections.abc import Callable, Iterator

from imapclient.exceptions import CapabilityError, ProtocolError

from connectors.distrust import refused
from connectors.imap.limits import Limits
from connectors.imap.wire import Client
from connectors.oauth.sasl import Bearer, oauthbearer, xoauth2
from rules.terms.errors import (
    CertificateRefused,
    ConnectionEnded,
    LoginRefused,
    PlainRefused,
    ServerMisbehaved,
    ServerUnreachable,
    StarttlsMissing,
    TokenRefused,
)
from rules.terms.mail import Mailbox, Tls

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# imapclient writes user names into its log.
logging.getLogger("imapclient").setLevel(logging.WARNING)

# RFC 5530: a refusal with one of these codes is no word against user and password.
_TEMPORARY = ("UNAVAILABLE", "INUSE", "LIMIT", "SERVERBUG", "CONTACTADMIN", "OVERQUOTA")


def connect(mailbox: Mailbox, secret: str | Bearer, limits: Limits) -> Client:
    """A connection that is logged in to `mailbox`, by its password or by tokens.

    A server may end a token before its time; then the next one is tried, once.
    """
    if isinstance(secret, str):
        return _connected(mailbox, limits, lambda client: _login(client, mailbox, secret))
    # Asked for before there is a connection: the provider may take its time.
    token = secret.token()
    try:
        return _connected(mailbox, limits, lambda client: _show(client, mailbox, token))
    except TokenRefused:
        newer = secret.token(refused=token)
        return _connected(mailbox, limits, lambda client: _show(client, mailbox, newer))


def _connected(mailbox: Mailbox, limits: Limits, log_in: Callable[[Client], None]) -> Client:
    if mailbox.tls is Tls.NONE and not is_loopback(mailbox.host):
        raise PlainRefused(host=mailbox.host)
    with translated(mailbox):
        context = tls_context(mailbox)
        client = Client(mailbox.host, mailbox.port, context if mailbox.tls is Tls.IMPLICIT else None, limits)
        try:
            if mailbox.tls is Tls.STARTTLS:
                _secure(client, mailbox, context)
            _refuse_plain(client, mailbox)
            log_in(client)
        except BaseException:
            client.wire.shutdown()
            raise
    return client


def tls_context(mailbox: Mailbox) -> ssl.SSLContext:
    """Certificates are always verified, against the firm's own authority where one is named.

    Python 3.13 refuses authorities without keyUsage. Who names an authority's file means that very file, so there
    the check of its form is left out; signatures, dates and host name are checked as ever.
    """
    try:
        context = ssl.create_default_context(cafile=mailbox.ca_file)
    except OSError as error:
        reason = f"ca_file {mailbox.ca_file}: {error.strerror or error}"
        raise CertificateRefused(host=mailbox.host, port=mailbox.port, reason=reason) from error
    if mailbox.ca_file:
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return context


def is_loopback(host: str) -> bool:
    """Whether all addresses of `host` are this very machine's."""
    return _all_addresses(host, lambda address: address.is_loopback)


def is_near(host: str) -> bool:
    """Whether `host` has a private address: then it is the firm's own server, as far as we can tell."""
    return _all_addresses(host, lambda address: address.is_loopback or address.is_private)


@contextlib.contextmanager
def translated(mailbox: Mailbox) -> Iterator[None]:
    """Turn what imaplib, imapclient, ssl and the socket raise into errors that a person can mend."""
    host, port = mailbox.host, mailbox.port
    try:
        yield
    except ssl.SSLCertVerificationError as error:
        raise refused(error, host, port) from error
    except ssl.SSLError as error:
        reason = f"no TLS there: {error.reason or error}"
        raise ServerUnreachable(host=host, port=port, reason=reason) from error
    except imaplib.IMAP4.abort as error:
        raise ConnectionEnded(host=host, reason=_words(error)) from error
    except (imaplib.IMAP4.error, ProtocolError, UnicodeError, ValueError) as error:
        raise ServerMisbehaved(host=host, reason=_words(error)) from error
    except (ConnectionResetError, BrokenPipeError) as error:
        raise ConnectionEnded(host=host, reason=error.strerror or "reset") from error
    except OSError as error:
        reason = error.strerror or str(error) or type(error).__name__
        raise ServerUnreachable(host=host, port=port, reason=reason) from error


def _secure(client: Client, mailbox: Mailbox, context: ssl.SSLContext) -> None:
    if not client.has_capability("STARTTLS"):
        raise StarttlsMissing(host=mailbox.host, port=mailbox.port)
    try:
        client.wire.secure(context)
    except CapabilityError as error:
        raise StarttlsMissing(host=mailbox.host, port=mailbox.port) from error
    client._starttls_done = True


def _login(client: Client, mailbox: Mailbox, password: str) -> None:
    # Not by imapclient's own login: it calls a line that breaks on the way a wrong password.
    with _refusals(client, mailbox, LoginRefused):
        wire = client.wire
        words = mailbox.user + password
        if words.isascii() and words.isprintable():
            kind, data = wire._simple_command("LOGIN", wire._quote(mailbox.user), wire._quote(password))
            if kind != "OK":
                raise wire.error(data[-1])
            wire.state = "AUTH"
        else:
            # LOGIN carries printable ASCII only; SASL carries UTF-8 (RFC 4616).
            wire.authenticate("PLAIN", lambda _: f"\0{mailbox.user}\0{password}".encode())


def _show(client: Client, mailbox: Mailbox, token: str) -> None:
    """Log in with a token. After a refusal's reason the server waits for an answer before it says no."""
    if client.has_capability("AUTH=OAUTHBEARER") and not client.has_capability("AUTH=XOAUTH2"):
        mechanism, message, after = "OAUTHBEARER", oauthbearer(mailbox.user, mailbox.host, mailbox.port, token), b"\x01"
    else:
        mechanism, message, after = "XOAUTH2", xoauth2(mailbox.user, token), b""
    answers = iter((message,))
    with _refusals(client, mailbox, TokenRefused):
        client.wire.authenticate(mechanism, lambda _: next(answers, after))


@contextlib.contextmanager
def _refusals(client: Client, mailbox: Mailbox, refused: type[LoginRefused]) -> Iterator[None]:
    wire = client.wire
    wire.begin("login", wire.limits.command_seconds)
    try:
        yield
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        if any(f"[{code}" in str(error) for code in _TEMPORARY):
            raise ServerUnreachable(host=mailbox.host, port=mailbox.port, reason=_words(error)) from error
        raise refused(user=mailbox.user, host=mailbox.host) from error
    finally:
        # imaplib keeps the last commands for its own debugging.
        wire.__dict__.get("_cmd_log", {}).clear()


def _refuse_plain(client: Client, mailbox: Mailbox) -> None:
    """The name may have led elsewhere since it was looked at: what counts is whom we are talking to."""
    sock = client.wire.sock
    if not isinstance(sock, ssl.SSLSocket) and not ipaddress.ip_address(_bare(sock.getpeername()[0])).is_loopback:
        raise PlainRefused(host=mailbox.host)


def _all_addresses(host: str, accept: Callable[[_Address], bool]) -> bool:
    try:
        return accept(ipaddress.ip_address(host))
    except ValueError:
        pass
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(accept(ipaddress.ip_address(_bare(str(entry[4][0])))) for entry in found)


def _bare(address: str) -> str:
    return address.partition("%")[0]


def _words(error: BaseException) -> str:
    text = str(error).removeprefix("b'").rstrip("'")
    return text[:200] or type(error).__name__
