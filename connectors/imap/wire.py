"""The socket under imapclient: wall-clock deadlines, a byte budget and bounded lines and literals.

imaplib's own timeouts hold for one read each, so a server that drips bytes or talks without end would hold us for
ever, and a literal announced with 4 GB would be allocated at once. Here every operation begins by saying what it
may cost:

    begin(operation, seconds, expect)  →  readline / read / wait …  →  begin(next operation …)
"""

import imaplib
import select
import socket
import ssl
import time
from collections.abc import Callable

from imapclient import IMAPClient

from connectors.imap.limits import Limits
from rules.terms.errors import DeadlinePassed, ServerMisbehaved

_CHUNK = 1 << 18


class Wire(imaplib.IMAP4):
    """imaplib's connection, reading through a buffer of our own."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, limits: Limits) -> None:
        self.limits = limits
        self._context = context
        self._buffer = bytearray()
        self._read = 0
        self.begin("connecting", limits.connect_seconds)
        super().__init__(host, port)

    def begin(self, operation: str, seconds: float, expect: int = 0, *, line: int = 0, literal: int = 0) -> None:
        """Say what the next exchange may cost: seconds, bytes beyond the usual chatter, longest line and literal."""
        self._operation = operation
        self._seconds = seconds
        self._deadline = time.monotonic() + seconds
        self._budget = expect + self.limits.chatter
        self._line = line or self.limits.line_bytes
        self._literal = literal or self.limits.line_bytes

    def open(self, host: str = "", port: int = 143, timeout: float | None = None) -> None:
        """Connect, with TLS from the first byte where there is a context."""
        self.host, self.port = host, port
        plain = socket.create_connection((host, port), timeout or self.limits.connect_seconds)
        try:
            plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._deadline = time.monotonic() + self._seconds
            self.sock = self._context.wrap_socket(plain, server_hostname=host) if self._context else plain
        except BaseException:
            plain.close()
            raise

    def secure(self, context: ssl.SSLContext) -> None:
        """STARTTLS. What came in clear after the answer is an attempt to smuggle something in (CVE-2011-0411)."""
        kind, _ = self._simple_command("STARTTLS")
        if kind != "OK":
            raise self.error("STARTTLS refused")
        if len(self._buffer) > self._read:
            raise ServerMisbehaved(host=self.host, reason="it went on talking in clear after STARTTLS")
        self.sock.settimeout(self._remaining())
        self.sock = context.wrap_socket(self.sock, server_hostname=self.host)
        self.untagged_responses.clear()
        self._get_capabilities()

    def readline(self) -> bytes:
        """One line with its end, or b"" at the end of the connection."""
        searched = self._read
        while (end := self._buffer.find(b"\n", searched)) < 0:
            searched = len(self._buffer)
            if searched - self._read > self._line:
                raise ServerMisbehaved(host=self.host, reason=f"a line of more than {self._line} bytes")
            consumed = self._read
            if not self._receive():
                return b""
            searched -= consumed - self._read
        line = bytes(memoryview(self._buffer)[self._read : end + 1])
        self._read = end + 1
        return line

    def read(self, size: int) -> bytes:
        """A literal of `size` bytes."""
        if size > self._literal:
            reason = f"a literal of {size} bytes where {self._literal} were possible"
            raise ServerMisbehaved(host=self.host, reason=reason)
        have = min(size, len(self._buffer) - self._read)
        head = bytes(memoryview(self._buffer)[self._read : self._read + have])
        self._read += have
        if have == size:
            return head
        body = bytearray(size)
        body[:have] = head
        with memoryview(body) as room:
            while have < size:
                try:
                    self.sock.settimeout(self._remaining())
                    count = self.sock.recv_into(room[have:], min(size - have, _CHUNK))
                except TimeoutError as error:
                    raise self._too_late() from error
                if not count:
                    raise self.abort("the connection ended within a mail")
                self._spend(count)
                have += count
        return bytes(body)

    def wait(self, seconds: float) -> bool:
        """Wait until a whole line can be read without blocking. Half a line stays where it is until the rest comes."""
        until = time.monotonic() + seconds
        while self._buffer.find(b"\n", self._read) < 0:
            remaining = until - time.monotonic()
            pending = isinstance(self.sock, ssl.SSLSocket) and self.sock.pending()
            if not pending and (remaining <= 0 or not _readable(self.sock, remaining)):
                return False
            if len(self._buffer) - self._read > self._line:
                raise ServerMisbehaved(host=self.host, reason=f"a line of more than {self._line} bytes")
            self.sock.settimeout(0)
            try:
                if not self._take():
                    raise self.abort("the connection was closed")
            except (BlockingIOError, ssl.SSLWantReadError):
                continue
        return True

    def send(self, data: bytes) -> None:  # type: ignore[override]
        """Send within the deadline."""
        self.sock.settimeout(self._remaining())
        self.sock.sendall(data)

    def shutdown(self) -> None:
        """Close the socket, whatever state it is in."""
        sock = self.__dict__.get("sock")
        if sock is not None:
            sock.close()

    def interrupt(self) -> None:
        """End the connection from another thread: whoever reads from it wakes up."""
        try:
            # Below TLS, whose own shutdown would take the session away from under the reader.
            socket.socket.shutdown(self.sock, socket.SHUT_RDWR)
        except OSError:
            return

    def _receive(self) -> int:
        self.sock.settimeout(self._remaining())
        try:
            return self._take()
        except TimeoutError as error:
            raise self._too_late() from error

    def _take(self) -> int:
        data = self.sock.recv(_CHUNK)
        self._spend(len(data))
        del self._buffer[: self._read]
        self._read = 0
        self._buffer += data
        return len(data)

    def _spend(self, count: int) -> None:
        self._budget -= count
        if self._budget < 0:
            raise ServerMisbehaved(host=self.host, reason=f"far more bytes than asked for during {self._operation}")

    def _remaining(self) -> float:
        remaining = self._deadline - time.monotonic()
        if remaining <= 0:
            raise self._too_late()
        return remaining

    def _too_late(self) -> DeadlinePassed:
        return DeadlinePassed(host=self.host, seconds=round(self._seconds), operation=self._operation)


class Client(IMAPClient):  # type: ignore[misc]
    """imapclient on our wire, and without its formatting of every body for a log line that nobody reads."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext | None, limits: Limits) -> None:
        self._make: Callable[[], Wire] = lambda: Wire(host, port, context, limits)
        super().__init__(host, port, ssl=context is not None, ssl_context=context)
        # imapclient sets 5, which quadruples the cost of fetching (facts/packages.md).
        self.wire.debug = 0

    @property
    def wire(self) -> Wire:
        """The connection itself."""
        wire = self._imap
        assert isinstance(wire, Wire)  # noqa: S101
        return wire

    def _create_IMAP4(self) -> Wire:
        return self._make()

    def _set_read_timeout(self) -> None:
        """The wire sets its own before each read."""


def _readable(sock: socket.socket, seconds: float) -> bool:
    poller = select.poll()
    poller.register(sock, select.POLLIN)
    return bool(poller.poll(max(1, seconds * 1000)))
