"""The door: a listening SMTP or LMTP server on a thread of its own, for journal copies, BCC and forwarded mail.

It knows which recipients lead to which mailbox and says 250 only when `deliver` has returned, that is after the
commit. Whatever else happens, the sending server keeps the mail and comes again.
"""

import asyncio
import errno
import logging
import socket
import ssl
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from ipaddress import ip_address, ip_network

from connectors.certificates import Certificate
from connectors.smtp.guests import Guests
from connectors.smtp.limits import Limits
from connectors.smtp.session import House, LmtpSession, Session
from rules.terms.errors import (
    AddressInUse,
    AddressRefused,
    KingpostError,
    MailRefused,
    PoolFull,
    SettingsError,
)
from rules.terms.mail import Placement, RawMail

# The folder in which a mail counts as lying says by whom it came: by anybody, or by a relay that checks senders.
FOLDER, RELAYED = "door", "relay"
OPTION = "[smtp] bind"

log = logging.getLogger("kingpost.door")

Deliver = Callable[[RawMail], None]


class Door:
    """Takes mail for the configured recipients ("info@example.org", or "@example.org" for all of a domain).

    `bind` is "host:port" ("[::1]:port" for IPv6; port 0 takes a free one). `deliver` is called on a worker thread,
    once for each mailbox that a mail's recipients lead to, and may block; what it raises becomes a reply that makes
    the sender try again. MailRefused counts as taken: the mail is in quarantine. What comes from one of the `relays`
    (addresses and networks) is placed in RELAYED, anything else in FOLDER. `certificate` lets clients encrypt.
    """

    def __init__(
        self,
        *,
        recipients: Mapping[str, str],
        deliver: Deliver,
        bind: str = "127.0.0.1:8025",
        limits: Limits | None = None,
        lmtp: bool = False,
        workers: int = 4,
        relays: Collection[str] = (),
        certificate: Certificate | None = None,
    ) -> None:
        self._recipients = {address.strip().lower(): mailbox for address, mailbox in recipients.items()}
        self._deliver = deliver
        self._bind = bind
        self._limits = limits or Limits()
        self._session = LmtpSession if lmtp else Session
        self._workers = workers
        self._relays = [ip_network(relay) for relay in relays]
        self._certificate = certificate
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping = asyncio.Event()
        self._address = ("", 0)

    @property
    def address(self) -> tuple[str, int]:
        """Host and port that the door listens on, once started."""
        return self._address

    def start(self) -> None:
        """Listen.

        Raises:
            AddressInUse: another program listens there.
            AddressRefused: it is no address of this machine.
        """
        if self._thread is not None:
            return
        # The library logs every address, and every line of every mail.
        logging.getLogger("mail.log").setLevel(logging.CRITICAL + 1)
        tls = self._certificate.context if self._certificate else None
        listener = _listener(self._bind)
        self._address = listener.getsockname()[:2]
        self._stopping = asyncio.Event()
        ready = threading.Event()
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(listener, tls, ready),), name="kingpost-door", daemon=True
        )
        self._thread.start()
        ready.wait()

    def stop(self) -> None:
        """Close the door: mails being stored get their reply, everybody else a 421."""
        if self._thread is None or self._loop is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = self._loop = None

    async def _serve(self, listener: socket.socket, tls: ssl.SSLContext | None, ready: threading.Event) -> None:
        self._loop = loop = asyncio.get_running_loop()
        workers = ThreadPoolExecutor(self._workers, thread_name_prefix="kingpost-door")
        guests = Guests(self._limits)

        async def store(raw: bytes, mailboxes: Sequence[str], client: str) -> Mapping[str, str]:
            return await loop.run_in_executor(workers, self._stored, raw, mailboxes, client)

        house = House(self._mailbox_of, store, guests, self._limits, socket.gethostname(), tls)
        try:
            server = await loop.create_server(lambda: self._session(house, loop), sock=listener)
        finally:
            ready.set()
        await self._stopping.wait()
        server.close()
        conversations = {guest.task for guest in guests.inside if isinstance(guest, Session) and guest.task}
        for guest in tuple(guests.inside):
            guest.leave()
        late = (await asyncio.wait(conversations, timeout=self._limits.farewell))[1] if conversations else ()
        workers.shutdown(wait=not late, cancel_futures=True)

    def _mailbox_of(self, address: str) -> str | None:
        address = address.lower()
        return self._recipients.get(address) or self._recipients.get("@" + address.rpartition("@")[2])

    def _stored(self, raw: bytes, mailboxes: Sequence[str], client: str) -> dict[str, str]:
        """Deliver to each mailbox; the reply for each."""
        arrived = datetime.now(UTC)
        folder = RELAYED if self._is_relay(client) else FOLDER
        return {mailbox: self._reply(RawMail(raw, Placement(mailbox, folder), arrived)) for mailbox in mailboxes}

    def _is_relay(self, client: str) -> bool:
        try:
            address = ip_address(client.partition("%")[0])
        except ValueError:
            return False
        return any(address in relay for relay in self._relays)

    def _reply(self, mail: RawMail) -> str:
        try:
            self._deliver(mail)
        except MailRefused:
            return "250 2.0.0 Kept in quarantine"
        except PoolFull:
            log.error("no room left for mail that came by the door; senders will try again")
            return "452 4.3.1 No room left, try again later"
        except KingpostError as error:
            log.warning("mail that came by the door could not be stored: %s", type(error).__name__)
        except Exception as error:  # noqa: BLE001 - whatever it was, the sender must keep the mail
            log.error("mail that came by the door could not be stored: %s", type(error).__name__)
        else:
            return "250 2.0.0 Stored"
        return "451 4.3.0 Not stored, try again later"


def _listener(bind: str) -> socket.socket:
    host, colon, port = bind.rpartition(":")
    if not (colon and port.isascii() and port.isdigit() and len(port) <= 5 and int(port) < 1 << 16):
        raise SettingsError(
            file=OPTION,
            problem=f"write ADDRESS:PORT, not “{bind}”",
            problem_de=f"schreiben Sie ADRESSE:PORT, nicht „{bind}“",
        )
    try:
        found = socket.getaddrinfo(host.strip("[]") or "127.0.0.1", int(port), type=socket.SOCK_STREAM)
        return socket.create_server(found[0][4][:2], family=found[0][0], backlog=128)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise AddressInUse(address=bind, option=OPTION) from error
        raise AddressRefused(address=bind, reason=error.strerror or error, option=OPTION) from error
