"""The running service: watchers, the SMTP door, the schedule and the pages in one process, until it is told to stop."""

import asyncio
import logging
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from ipaddress import ip_address

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.memory import MemoryJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from litestar import Router

from assistant.bootstrap import Services, assembled
from assistant.complaints.loading import generation as complaint_generation
from assistant.erased import write_list
from assistant.escalating import Escalator
from assistant.events import HealthNews
from assistant.intake import Batch
from assistant.reassessing import Reassessor
from assistant.rederiving import rederive
from assistant.rematching import Rematcher
from assistant.retention import Retention
from assistant.settings import Settings
from assistant.valuing import Valuer
from assistant.watching import Watcher
from assistant.web.app import create_app
from assistant.web.server import Server, listen
from connectors.smtp import Door, Limits
from rules.terms.errors import KeyUnfit, KingpostError, PasswordMissing, WrongUse
from rules.terms.mail import FolderRole, Health, HealthState, Mailbox, MailboxKind, RawMail

log = logging.getLogger("kingpost.service")

STOP_SECONDS = 10
# Of a password that changed in a file nobody tells.
LOOK_AGAIN = 5.0


class Watchers:
    """One watcher for each account of the pool, kept in step with what the pool says."""

    def __init__(self, services: Services) -> None:
        """Nothing is watched before `reconcile`."""
        self._services = services
        self._running: dict[str, tuple[Mailbox, str, Watcher]] = {}
        self._seen: int | None = None
        self._look_at = 0.0

    def reconcile(self) -> None:
        """Start, restart and stop watchers where the mailboxes of the pool changed; cheap when nothing did."""
        services = self._services
        version, now = services.pool.version(), time.monotonic()
        if version == self._seen and now < self._look_at:
            return
        mailboxes = services.mailboxes.all()
        services.broker.set_followed({mailbox.name for mailbox in mailboxes if mailbox.follow})
        wanted = {mailbox.name: mailbox for mailbox in mailboxes if mailbox.kind is MailboxKind.IMAP}
        for name in self._running.keys() - wanted.keys():
            self._end(name)
        for name, mailbox in wanted.items():
            self._keep(name, mailbox)
        self._seen, self._look_at = version, now + LOOK_AGAIN

    def stop(self) -> None:
        """End all watchers; what is not committed is read again at the next start."""
        for _, _, watcher in self._running.values():
            watcher.stop()
        deadline = time.monotonic() + STOP_SECONDS
        for _, _, watcher in self._running.values():
            if not watcher.join(max(0.1, deadline - time.monotonic())):
                log.warning("a watcher did not end in time")

    def _keep(self, name: str, mailbox: Mailbox) -> None:
        services = self._services
        try:
            password = services.mailboxes.password(mailbox)
        except (PasswordMissing, KeyUnfit) as error:
            if name not in self._running:
                self._refused(name, error)
            return
        same = (_without_follow(mailbox), password)
        if name in self._running:
            known, old_password, watcher = self._running[name]
            if (_without_follow(known), old_password) == same and watcher.alive:
                return
            self._end(name)
        watcher = Watcher(
            mailbox,
            password,
            services.pool,
            services.intake,
            services.openings,
            services.broker.publish,
            services.broker.following,
        )
        self._running[name] = (mailbox, password, watcher)
        watcher.start()
        log.info("watching", extra={"mailbox": name})

    def _refused(self, name: str, error: KingpostError) -> None:
        """Say why a mailbox cannot be watched, once."""
        services = self._services
        refused = Health(
            HealthState.LOGIN_REFUSED, datetime.now(UTC), error_en=error.text("en"), error_de=error.text("de")
        )
        with services.pool.read() as work:
            said = work.mailboxes.health().get(name)
        if said is None or (said.state, said.error_en) != (refused.state, refused.error_en):
            with services.pool.begin() as work:
                work.mailboxes.set_health(name, refused)
            services.broker.publish(HealthNews(name))

    def _end(self, name: str) -> None:
        _, _, watcher = self._running.pop(name)
        watcher.stop()
        watcher.join(STOP_SECONDS)


def run(
    settings: Settings,
    ready: Callable[[str], None] = lambda url: None,
    more: Callable[[Services], Sequence[Router]] = lambda services: (),
) -> None:
    """Run until SIGTERM or SIGINT. `ready` is told the address once pages answer; `more` brings further pages.

    Raises:
        PoolInUse: another service runs on the same pool.
        AddressInUse: something else listens where the pages or the door should.
        KingpostError: the pool cannot be used.
    """
    check_exposure(settings)
    with ExitStack() as stack:
        services = stack.enter_context(assembled(settings))
        stack.enter_context(services.pool.claim())
        listening = stack.enter_context(closing(listen(settings.web.bind)))
        services.mailboxes.declare()
        write_list(settings, services.pool)
        watchers = Watchers(services)
        stack.callback(watchers.stop)
        _open_door(services, stack)
        watchers.reconcile()
        _schedule(services, watchers, stack)
        stack.enter_context(_orderly_end())
        app = create_app(services, more=more(services))
        asyncio.run(_serve(Server(app, settings, services.broker), listening, lambda: ready(settings.base_url)))


@contextmanager
def _orderly_end() -> Iterator[None]:
    """Let SIGTERM and SIGINT end the web server only; uvicorn would raise them again before the rest is closed."""
    before = {number: signal.signal(number, lambda *_: None) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def _serve(server: Server, listening: socket.socket, ready: Callable[[], None]) -> None:
    """Answer until a signal comes; `ready` is called once answers are given."""
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not serving.done():
        await asyncio.sleep(0.02)
    if server.started:
        log.info("ready")
        ready()
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


def _open_door(services: Services, stack: ExitStack) -> None:
    settings = services.settings.smtp
    if not settings.recipients:
        return
    with services.pool.begin() as work:
        for name in set(settings.recipients.values()):
            if work.mailboxes.get(name) is None:
                work.mailboxes.put(Mailbox(name, MailboxKind.DOOR))

    def deliver(mail: RawMail) -> None:
        """Returns after the commit; the 250 goes out only then."""
        place = mail.placement
        services.intake.receive(Batch(place.mailbox, place.folder, FolderRole.OTHER, (mail,), trusted=False))
        services.openings.arrived()

    door = Door(
        bind=settings.bind,
        recipients=settings.recipients,
        deliver=deliver,
        limits=Limits(size=settings.max_size),
        lmtp=settings.lmtp,
    )
    door.start()
    stack.callback(door.stop)


def _schedule(services: Services, watchers: Watchers, stack: ExitStack) -> None:
    """What is periodic. The memory store only: APScheduler's others unpickle what they find."""
    scheduler = BackgroundScheduler(
        jobstores={"default": MemoryJobStore()},
        executors={"default": ThreadPoolExecutor(4)},
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 60},
        timezone=UTC,
    )

    def close_expired() -> None:
        with services.pool.begin() as work:
            work.staff.close_expired(datetime.now(UTC))

    stop = threading.Event()
    firm = services.settings.as_firm()
    rematcher = Rematcher(services.pool, services.reader, firm, services.broker.publish)
    generation = complaint_generation(services.settings.complaint_models)
    reassessor = Reassessor(services.pool, services.reader, generation)
    valuer = Valuer(services.pool, services.settings)

    def catch_up() -> None:
        """What is known has changed: records first, then the mail that they may explain."""
        if rederive(services.pool, firm, stop):
            rematcher.run(stop)

    escalator = Escalator(services.pool, services.casework.publish)

    scheduler.add_job(_guarded(watchers.reconcile), "interval", seconds=2)
    scheduler.add_job(_guarded(lambda: escalator.run(stop)), "interval", seconds=5)
    scheduler.add_job(_guarded(close_expired), "interval", hours=1)
    scheduler.add_job(_guarded(catch_up), "interval", seconds=2)
    scheduler.add_job(_guarded(lambda: reassessor.run(stop)), "interval", seconds=2)
    scheduler.add_job(_guarded(valuer.run), "interval", seconds=10)
    retention = Retention.over(services.settings, services.pool)
    scheduler.add_job(_guarded(retention.privacy.sweep), "interval", minutes=1)
    night = {"hour": 3, "minute": 10, "timezone": services.settings.firm.time_zone, "misfire_grace_time": 3600}
    scheduler.add_job(_guarded(retention.run), "cron", **night)
    scheduler.start()
    stack.callback(scheduler.shutdown, wait=True)
    stack.callback(stop.set)


def _guarded(job: Callable[[], object]) -> Callable[[], None]:
    """A periodic job that fails is tried again at its next turn."""

    def guarded() -> None:
        try:
            job()
        except KingpostError as error:
            log.warning("a periodic job failed", extra={"error": type(error).__name__})

    return guarded


def _without_follow(mailbox: Mailbox) -> Mailbox:
    """Following needs no new watcher: it is asked for at each step."""
    return replace(mailbox, follow=False)
