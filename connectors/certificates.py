"""A server's certificate that is renewed without a restart: the file changes, and the next client sees the new one."""

import logging
import ssl
from pathlib import Path

from rules.terms.errors import FileUnreadable

log = logging.getLogger("kingpost.certificates")


class Certificate:
    """A chain and its key (PEM), as they were when they could last be used together.

    `context` stays one and the same for as long as a server lives; each handshake takes what holds at that moment.

    Raises:
        FileUnreadable: they cannot be read, or do not belong together.
    """

    def __init__(self, chain: Path, key: Path) -> None:
        self.chain, self.key = chain, key
        self._seen = self._state()
        self._current = context_of(chain, key)
        self.context = context_of(chain, key)
        # Called for every handshake, whether the client names a server or not.
        self.context.sni_callback = self._choose

    def renew(self) -> None:
        """Take what lies there now, if it has changed and can be used; else what was there before goes on."""
        state = self._state()
        if state == self._seen:
            return
        self._seen = state
        try:
            self._current = context_of(self.chain, self.key)
        except FileUnreadable as error:
            log.error("the new certificate cannot be used, the old one stays", extra={"reason": str(error)})
        else:
            log.info("the certificate was renewed")

    def _choose(self, connection: ssl.SSLSocket | ssl.SSLObject, _name: str | None, _context: ssl.SSLContext) -> None:
        connection.context = self._current

    def _state(self) -> tuple[tuple[int, int, int] | None, ...]:
        """What tells one state of the files from another."""
        return tuple(_state_of(path) for path in (self.chain, self.key))


def context_of(chain: Path, key: Path) -> ssl.SSLContext:
    """What a server encrypts with.

    Raises:
        FileUnreadable: the files cannot be read, or do not belong together.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # Without a password: nobody sits at a service to type one.
        context.load_cert_chain(chain, key, password="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise FileUnreadable(file=chain, reason=reason) from error
    return context


def _state_of(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size
