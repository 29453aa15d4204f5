"""The running service: watchers, the SMTP door, the schedule and the pages, until it is told to stop.

One process does all of it. On PostgreSQL several can share the duties, on one machine or more (storage/peers.py).
"""

import asyncio
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from functools import cache, partial
from ipaddress import ip_address
from pathlib import Path

from litestar import Router

from assistant.bootstrap import Services, assembled
from assistant.duties import Duty
from assistant.erased import write_list
from assistant.events import ANEW
from assistant.intake import Batch
from assistant.periodic import jobs
from assistant.relaying import Relay
from assistant.scheduling import Schedule
from assistant.settings import Settings, load
from assistant.settings_file import SettingsFile
from assistant.watchers import Watchers
from assistant.web.app import create_app
from assistant.web.server import Server, listen
from connectors.certificates import Certificate
from connectors.smtp import RELAYED, Door, Limits
from rules.terms.errors import AddressInUse, PoolTooNew, WrongUse
from rules.terms.mail import FolderRole, Mailbox, MailboxKind, RawMail
from storage.pool import Pool

log = logging.getLogger("kingpost.service")

# Seconds until a door whose address another process holds is tried again.
DOOR_AGAIN = 2.0
# How often certificates are looked at.
RENEWED = 30.0

Certificates = Mapping[tuple[Path, Path] | None, Certificate]


def run(
    settings: Settings,
    ready: Callable[[str], None] = lambda where: None,
    more: Callable[[Services], Sequence[Router]] = lambda services: (),
    only: Collection[Duty] = tuple(Duty),
    file: Path | None = None,
    first: Callable[[str, str], None] = lambda where, code: None,
) -> None:
    """Run until SIGTERM or SIGINT.

    When the firm's settings are changed in the browser, everything is built anew from the file, inside this process and
    behind the same socket: whoever asks meanwhile waits a moment.

    Args:
        settings: what kingpost.toml says.
        ready: told where the pages are once they answer, or what this process does where it has none.
        more: brings further pages.
        only: what this process is there for; others on the same PostgreSQL pool do the rest.
        file: kingpost.toml, which the pages may change; None: they may not.
        first: told the address of the pages and the code, while nobody has an account.

    Raises:
        WrongUse: duties are to be shared on an SQLite pool, or pages would go over the network in clear.
        PoolInUse: another service runs on the same SQLite pool.
        AddressInUse: something else listens where the pages or the door should.
        KingpostError: the pool cannot be used.
    """
    duties = [duty for duty in Duty if duty in only]
    if Duty.WEB in duties:
        check_exposure(settings)
    with ExitStack() as stack:
        told = stack.enter_context(_orderly_end())

        @cache
        def listening() -> socket.socket:
            return stack.enter_context(closing(listen(settings.web.bind)))

        def greet(services: Services) -> None:
            ready(settings.base_url)
            if services.setting_up.first.pending:
                first(settings.base_url, services.setting_up.first.code)

        life = _Life(duties, told, listening, ready, greet, more, file)
        while life.lived(settings) and not told.is_set():
            settings = load(file)
            life = replace(life, greet=_silent)


def _silent(services: Services) -> None:
    """What goes on is not told again."""


@dataclass(frozen=True, slots=True)
class _Life:
    """From one reading of the settings to the next; see `run`."""

    duties: Sequence[Duty]
    told: threading.Event
    listening: Callable[[], socket.socket]
    ready: Callable[[str], None]
    greet: Callable[[Services], None]
    more: Callable[[Services], Sequence[Router]]
    file: Path | None

    def lived(self, settings: Settings) -> bool:
        """Build, run and take down again; whether it is to begin anew."""
        with ExitStack() as stack:
            services = stack.enter_context(assembled(settings))
            lost = [services.broker.missed]
            services = _among_peers(services, self.duties, lost, stack)
            listening = self.listening() if Duty.WEB in self.duties else None
            services.mailboxes.declare()
            write_list(settings, services.pool)
            services.setting_up.bind(SettingsFile(self.file) if self.file is not None else None)
            certificates = _certificates(settings, self.duties)
            _begin(services, self.duties, lost, stack, certificates)
            if listening is None:
                log.info("ready")
                self.ready(", ".join(self.duties))
                self.told.wait()
                return False
            renewal = services.setting_up.renewal
            server = Server(
                create_app(services, more=self.more(services)),
                settings,
                services.broker,
                certificates.get(settings.web_certificate),
            )
            if not self.told.is_set():
                asyncio.run(_serve(server, listening.dup(), lambda: self.greet(services), lambda: renewal.due))
            return renewal.due


@contextmanager
def _orderly_end() -> Iterator[threading.Event]:
    """Let SIGTERM and SIGINT do no more than tell; uvicorn would raise them again before the rest is closed."""
    told = threading.Event()
    before = {number: signal.signal(number, lambda *_: told.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _serve(server: Server, listening: socket.socket, ready: Callable[[], None], over: Callable[[], bool]) -> None:
    """Answer until a signal comes, or it is `over`; `ready` is called once answers are given."""
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if server.started:
        log.info("ready")
        ready()
    while not serving.done():
        await asyncio.wait([serving], timeout=0.1)
        server.should_exit = server.should_exit or over()
    await serving


def check_exposure(settings: Settings) -> None:
    """Refuse to serve pages in clear to other machines, unless a trusted proxy stands in front.

    Raises:
        WrongUse: plain HTTP off loopback.
    """
    host = settings.web.bind.rpartition(":")[0].strip("[]")
    try:
        local = ip_address(host).is_loopback
    except ValueError:
        local = host == "localhost"
    if not (local or settings.web.tls_cert or settings.web.trusted_proxies):
        raise WrongUse(
            problem=f"Pages would go over the network in clear at {settings.web.bind}. Set tls_cert and tls_key in "
            "[web], or name the reverse proxy in trusted_proxies, or bind to 127.0.0.1.",
            problem_de=f"Seiten gingen bei {settings.web.bind} unverschlüsselt über das Netz. Setzen Sie tls_cert und "
            "tls_key in [web], nennen Sie den Reverse-Proxy in trusted_proxies, oder nehmen Sie 127.0.0.1.",
        )


def _among_peers(
    services: Services, duties: Collection[Duty], lost: Sequence[Callable[[], None]], stack: ExitStack
) -> Services:
    """Join the other processes on the pool. What is in `lost` is called when the connection to them has ended."""
    relay = Relay(services.broker, services.openings.arrived)

    def tell_lost() -> None:
        for tell in lost:
            tell()

    peers = stack.enter_context(services.pool.peers(relay.heard, tell_lost, relay.back))
    if len(duties) < len(Duty) and not peers.many:
        raise WrongUse(
            problem="--only needs a pool on PostgreSQL. On SQLite one process does everything: leave --only out.",
            problem_de="--only braucht einen Datenpool auf PostgreSQL. Auf SQLite tut ein Prozess alles: lassen Sie "
            "--only weg.",
        )
    relay.speak(peers.tell)
    for duty in duties:
        peers.join(duty)
    return replace(services, peers=peers)


def _certificates(settings: Settings, duties: Collection[Duty]) -> Certificates:
    """What pages and door are encrypted with; both may use the same.

    Raises:
        FileUnreadable: one of them cannot be used.
    """
    wanted = {settings.web_certificate} if Duty.WEB in duties else set()
    if Duty.WATCH in duties and settings.smtp.recipients:
        wanted.add(settings.door_certificate)
    return {files: Certificate(*files) for files in wanted if files is not None}


def _begin(
    services: Services,
    duties: Collection[Duty],
    lost: list[Callable[[], None]],
    stack: ExitStack,
    certificates: Certificates,
) -> None:
    """Start what does not answer questions: the watchers, the door, and what is periodic."""
    own: list[tuple[Callable[[], object], float]] = [(one.renew, RENEWED) for one in certificates.values()]
    if Duty.WATCH in duties:
        watchers = Watchers(services)
        stack.callback(watchers.stop)
        lost.append(watchers.abandon)
        watchers.reconcile()
        # With the settings of before no mailbox is begun that came together with the next ones.
        own.append((partial(services.setting_up.renewal.unless_due, watchers.reconcile), 1.0))
        door = _door(services, certificates)
        if door is not None:
            stack.callback(door.stop)
            own += _opened(door, shared=services.peers.many)
    if Duty.WEB in duties:
        own.append((services.broker.tell_followed, ANEW))
    own.append((partial(_end_when_upgraded, services.pool), 5.0))
    schedule = Schedule(services.peers, [job for job in jobs(services) if job.duty in duties], own)
    lost.append(schedule.break_off)
    schedule.start(services.settings.firm.time_zone)
    stack.callback(schedule.stop)


def _end_when_upgraded(pool: Pool) -> None:
    """A newer version has taken over the pool: end in order. Whatever started us starts us again, as that version."""
    try:
        pool.check()
    except PoolTooNew:
        log.warning("the pool was upgraded; ending so that the new version can start")
        os.kill(os.getpid(), signal.SIGTERM)


def _door(services: Services, certificates: Certificates) -> Door | None:
    """The SMTP door, still closed."""
    settings = services.settings.smtp
    if not settings.recipients:
        return None
    with services.pool.begin() as work:
        for name in set(settings.recipients.values()):
            if work.mailboxes.get(name) is None:
                work.mailboxes.put(Mailbox(name, MailboxKind.DOOR))

    def deliver(mail: RawMail) -> None:
        """Returns after the commit; the 250 goes out only then."""
        place = mail.placement
        trusted = place.folder == RELAYED
        services.intake.receive(Batch(place.mailbox, place.folder, FolderRole.OTHER, (mail,), trusted=trusted))
        services.openings.arrived()

    return Door(
        bind=settings.bind,
        recipients=settings.recipients,
        deliver=deliver,
        limits=Limits(size=settings.max_size),
        lmtp=settings.lmtp,
        relays=settings.trusted_relays,
        certificate=certificates.get(services.settings.door_certificate),
    )


def _opened(door: Door, *, shared: bool) -> list[tuple[Callable[[], object], float]]:
    """Open the door. Where another process on this machine may hold it, try again and again: then there is a job."""
    try:
        door.start()
    except AddressInUse:
        if not shared:
            raise
        log.warning("the door waits: its address is taken")
        return [(partial(_try_to_open, door), DOOR_AGAIN)]
    return []


def _try_to_open(door: Door) -> None:
    with suppress(AddressInUse):
        door.start()
