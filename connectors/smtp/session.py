"""One client's conversation with the door: aiosmtpd's dialogue, with our recipients, our bounds and our receipt.

    connect → EHLO (LMTP: LHLO) → MAIL → RCPT … → DATA → the mail → delivered and committed → 250
                                                            └→ not stored → 451, 452: the client keeps it

Every reply after a mail stands for what is true in the pool: 250 only after the commit.
"""

import asyncio
import logging
import re
import ssl
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from aiosmtpd.lmtp import LMTP
from aiosmtpd.smtp import SMTP

from connectors.smtp.guests import Guests
from connectors.smtp.limits import Limits
from connectors.smtp.wire import BLOCK, BareLineEnd, LineTooLong, NoRoom, TooLarge, Wire

log = logging.getLogger("kingpost.door")

_BARE = "550 5.6.0 Bare CR or LF refused: end every line with CRLF"
_LINGER = 5.0  # seconds for a last reply to a client that does not read

# <address> and what follows; quoted local parts may hold anything, a source route (RFC 5321 appendix C) is dropped.
_PATH = re.compile(r'\s*<(?:@[^:<>"]*:)?((?:[^<>"\\\s]|"(?:[^"\\]|\\.)*")*)>(.*)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class House:
    """What every session of a door shares.

    `store` takes a mail, the mailboxes and the client's address, and gives the reply for each of the mailboxes. `tls`
    is offered by STARTTLS where there is one.
    """

    mailbox_of: Callable[[str], str | None]
    store: Callable[[bytes, Sequence[str], str], Awaitable[Mapping[str, str]]]
    guests: Guests
    limits: Limits
    hostname: str
    tls: ssl.SSLContext | None = None


class Session(SMTP):
    """An SMTP session that knows its recipients, replies after the commit and keeps to the limits."""

    line_length_limit = BLOCK

    def __init__(self, house: House, loop: asyncio.AbstractEventLoop) -> None:
        limits = house.limits
        self._house = house
        self._ends = loop.time() + limits.session
        self._transfer_ends: float | None = None
        self._address: str | None = None
        self._mailboxes: list[str] = []
        self._strangers = 0
        self._held = 0
        self._storing = False
        self._leaving = False
        calls = dict.fromkeys(("MAIL", "DATA", "RSET", "NOOP"), limits.mails)
        calls |= {"*": limits.commands, "RCPT": limits.mails * limits.recipients}
        super().__init__(
            self,
            data_size_limit=limits.size,
            enable_SMTPUTF8=True,
            hostname=house.hostname,
            ident="Kingpost",
            tls_context=house.tls,
            timeout=limits.silence,
            command_call_limit=calls,
            loop=loop,
        )
        # aiosmtpd shares one table between all sessions and lets it grow with every EHLO.
        self.command_size_limits = defaultdict(lambda: limits.command_length)

    @property
    def task(self) -> "asyncio.Task[None] | None":
        """The conversation, until it has ended."""
        return self._handler_coroutine

    def leave(self) -> None:
        """The door closes: say so, or finish the mail that is being stored first."""
        self._leaving = True
        if not self._storing:
            self._close(b"421 4.3.2 Going down, try again later\r\n")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Let the client in, if there is room."""
        self._line = cast(asyncio.Transport, transport)
        peer = transport.get_extra_info("peername")
        address = str(peer[0]) if isinstance(peer, tuple) else ""
        if not self._house.guests.enter(address, self):
            self._line.write(b"421 4.7.0 Too many connections, try again later\r\n")
            self._line.set_protocol(asyncio.Protocol())
            self._line.close()
            return
        self._address = address
        super().connection_made(transport)
        if self.task:
            self.task.add_done_callback(lambda task: task.cancelled() or task.exception())

    def connection_lost(self, error: Exception | None) -> None:
        """The client has gone. May be told twice, where encryption failed."""
        if self._address is None:
            return
        super().connection_lost(error)
        self._hold(0)
        self._house.guests.leave(self._address, self)
        self._address = None

    async def handle_RCPT(
        self, _server: object, _session: object, envelope: Any, address: str, _options: list[str]
    ) -> str:
        """Only configured recipients get in."""
        if len(self._mailboxes) >= self._house.limits.recipients:
            return "452 4.5.3 Too many recipients"
        mailbox = self._house.mailbox_of(address)
        if mailbox is None:
            self._strangers += 1
            if self._strangers > self._house.limits.strangers:
                self._hang_up()
                return "421 4.7.0 Too many unknown recipients"
            return "550 5.1.1 No such recipient here"
        self._mailboxes.append(mailbox)
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def smtp_DATA(self, arg: str | None) -> None:
        """Take the mail, have it stored, then reply."""
        if await self.check_helo_needed():
            return
        if not self._mailboxes or arg:
            await self.push("501 5.5.4 Syntax: DATA" if arg else "503 5.5.1 Need RCPT first")
            return
        await self.push("354 End with a dot on a line of its own")
        try:
            replies = await self._replies()
        finally:
            self._transfer_ends = None
            self._hold(0)
            self._storing = False
        self._set_post_data_state()
        self._reset_timeout()
        await self.push(self._receipt(replies))
        if self._leaving:
            self._close(b"")

    async def _replies(self) -> list[str]:
        """A reply for each recipient."""
        self._transfer_ends = self.loop.time() + self._house.limits.transfer
        self._reset_timeout()
        recipients = len(self._mailboxes)
        try:
            mail = await self._wire.mail(self._house.limits.size, self._hold, self._house.limits.grace)
        except BareLineEnd:
            self._hang_up()
            return [_BARE] * recipients
        except TooLarge:
            return [f"552 5.3.4 Mail larger than {self._house.limits.size} bytes"] * recipients
        except NoRoom:
            return ["452 4.3.1 Too many mails at once, try again later"] * recipients
        self._storing = True
        if self._timeout_handle:
            self._timeout_handle.cancel()  # storing takes the time it takes
        stored = await self._house.store(mail, tuple(dict.fromkeys(self._mailboxes)), self._address or "")
        return [stored[mailbox] for mailbox in self._mailboxes]

    def _receipt(self, replies: list[str]) -> str:
        """SMTP has one reply for all: whatever failed for one, the client sends again."""
        return next((reply for reply in replies if not reply.startswith("2")), replies[0])

    async def smtp_STARTTLS(self, arg: str | None) -> None:
        """Go on encrypted (RFC 3207). What was sent ahead in clear is somebody else's and ends the conversation."""
        if self.tls_context is None or arg:
            await self.push("501 5.5.4 Syntax: STARTTLS" if arg else "502 5.5.1 Not offered")
            return
        self._line.pause_reading()
        if self._wire.waiting:
            self._hang_up()
            await self.push("501 5.5.1 Nothing may follow STARTTLS")
            return
        await self.push("220 2.0.0 Go ahead")
        try:
            line = await self.loop.start_tls(
                self._line,
                self,
                self.tls_context,
                server_side=True,
                ssl_handshake_timeout=self._house.limits.silence,
            )
            if line is None:
                raise ConnectionResetError
        except OSError as error:
            # asyncio does not always tell of a line that was lost in the handshake.
            self.connection_lost(None)
            raise ConnectionResetError from error
        self._line = self.transport = self._writer._transport = line  # type: ignore[attr-defined]
        self.tls_context = None  # once is enough
        # Nothing that was said in clear counts.
        self._set_post_data_state()
        self.session = self._create_session()
        self.session.peer, self.session.ssl = line.get_extra_info("peername"), {}

    async def smtp_VRFY(self, arg: str) -> None:
        """Nobody is told who is here."""
        await self.push("502 5.5.1 Not offered")

    smtp_EXPN = smtp_AUTH = smtp_HELP = smtp_VRFY

    async def handle_exception(self, error: Exception) -> str:
        """The reply to what went wrong; neither lines nor addresses go to the log."""
        if isinstance(error, BareLineEnd):
            self._hang_up()
            return _BARE
        if isinstance(error, LineTooLong):
            self._hang_up()
            return "500 5.5.2 Line too long"
        log.error("a conversation failed: %s", type(error).__name__)
        return "451 4.3.0 Failed here, try again later"

    def _hold(self, size: int) -> bool:
        added, self._held = size - self._held, size
        return self._house.guests.hold(added)

    def _hang_up(self) -> None:
        """Close after the next reply, and believe nothing that was sent behind the refused line."""
        self._wire.end()
        self.loop.call_soon(self._close, b"")

    def _close(self, farewell: bytes) -> None:
        if not self._line.is_closing():
            self._line.write(farewell)
        self._line.close()
        self.loop.call_later(_LINGER, self._line.abort)

    # What aiosmtpd calls on its own way:

    def _cb_client_connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        super()._cb_client_connected(reader, writer)
        self._wire = Wire(reader, self._house.limits.command_length, self._progress)
        self._reader = self._wire  # type: ignore[assignment]  # the part of a StreamReader that aiosmtpd calls here

    def _progress(self) -> None:
        if self._transfer_ends is not None:
            self._reset_timeout()

    def _reset_timeout(self, duration: float | None = None) -> None:
        now = self.loop.time()
        ends = self._ends if self._transfer_ends is None else min(self._ends, self._transfer_ends)
        super()._reset_timeout(max(0.001, min(duration or self._house.limits.silence, ends - now)))

    def _timeout_cb(self) -> None:
        self._close(b"421 4.4.2 Took too long\r\n")

    def _set_post_data_state(self) -> None:
        super()._set_post_data_state()  # type: ignore[no-untyped-call]
        self._mailboxes = []

    def _getaddr(self, arg: str) -> tuple[str | None, str | None]:
        """The address in <…> and the parameters behind it; aiosmtpd asks a full header parser."""
        path = _PATH.fullmatch(arg)
        return (path[1] or "<>", path[2].strip()) if path else (None, None)


class LmtpSession(Session, LMTP):
    """The same by LMTP (RFC 2033): greeted by LHLO, with a reply for each recipient."""

    def _receipt(self, replies: list[str]) -> str:
        return "\r\n".join(replies)
