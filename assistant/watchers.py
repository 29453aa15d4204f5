"""The watchers of this process: one for each account of the pool that no other process watches.

Over several processes an advisory lock says who watches a mailbox (storage/peers.py). Whoever has lost the lock ends
its watcher without a word; what that has not committed, the next one reads again.
"""

import logging
import time
from dataclasses import replace
from datetime import UTC, datetime

from assistant.bootstrap import Services
from assistant.events import HealthNews
from assistant.grants import Login
from assistant.marks import Marker
from assistant.watching import Watcher
from rules.terms.errors import KeyUnfit, KingpostError, PasswordMissing
from rules.terms.mail import Health, HealthState, Mailbox, MailboxKind

log = logging.getLogger("kingpost.service")

STOP_SECONDS = 10
# Of a password that changed in a file nobody tells.
LOOK_AGAIN = 5.0
# Between two mailboxes that are taken over: processes that begin together share them.
STRIDE = 0.1


class Watchers:
    """Kept in step with what the pool says, and with what other processes watch."""

    def __init__(self, services: Services) -> None:
        """Nothing is watched before `reconcile`."""
        self._services = services
        self._running: dict[str, tuple[Mailbox, str | Login, Watcher]] = {}
        self._wanted: dict[str, Mailbox] = {}
        self._unfit: set[str] = set()
        self._seen: int | None = None
        self._look_at = 0.0

    def reconcile(self) -> None:
        """Start, restart and stop watchers where something changed; cheap when nothing did."""
        self._end([name for name in self._running if not self._services.peers.holds(_lock(name))])
        self._look()
        self._take_over([name for name in self._wanted if name not in self._running and name not in self._unfit])

    def abandon(self) -> None:
        """What was held here is not any more: say and store nothing from now on. Quick."""
        for _, _, watcher in list(self._running.values()):
            watcher.abandon()

    def stop(self) -> None:
        """End all watchers; what is not committed is read again at the next start."""
        self._end(list(self._running))

    def _look(self) -> None:
        """See which mailboxes there are, if that may have changed."""
        services = self._services
        version, now = services.pool.version(), time.monotonic()
        if version == self._seen and now < self._look_at:
            return
        mailboxes = services.mailboxes.all()
        services.broker.set_followed({mailbox.name for mailbox in mailboxes if mailbox.follow})
        self._wanted = {mailbox.name: mailbox for mailbox in mailboxes if mailbox.kind is MailboxKind.IMAP}
        self._unfit.clear()
        removed = [name for name in self._running if name not in self._wanted]
        self._end(removed)
        for name in removed:
            services.peers.leave(_lock(name))
        for name in list(self._running):
            self._keep(name)
        self._seen, self._look_at = version, now + LOOK_AGAIN

    def _keep(self, name: str) -> None:
        """Replace a watcher that has ended, or whose account is another now."""
        known, old_login, watcher = self._running[name]
        mailbox = self._wanted[name]
        try:
            login = self._services.mailboxes.login(mailbox)
        except (PasswordMissing, KeyUnfit):
            return
        if watcher.alive and (_account_of(known), old_login) == (_account_of(mailbox), login):
            return
        self._end([name])
        self._start(mailbox, login)

    def _take_over(self, names: list[str]) -> None:
        """Watch what nobody watches."""
        peers = self._services.peers
        free = set(peers.free([_lock(name) for name in names])) if names else set()
        for name in names:
            if _lock(name) not in free or not peers.hold(_lock(name)):
                continue
            mailbox = self._wanted[name]
            try:
                login = self._services.mailboxes.login(mailbox)
            except (PasswordMissing, KeyUnfit) as error:
                self._unfit.add(name)
                peers.leave(_lock(name))
                self._refused(name, error)
                continue
            self._start(mailbox, login)
            if peers.many:
                time.sleep(STRIDE)

    def _start(self, mailbox: Mailbox, login: str | Login) -> None:
        services = self._services
        watcher = Watcher(
            mailbox,
            login,
            services.pool,
            services.intake,
            services.openings,
            services.broker.publish,
            services.broker.following,
            Marker(mailbox.name, services.pool, services.settings.marks.days),
        )
        self._running[mailbox.name] = (mailbox, login, watcher)
        watcher.start()
        log.info("watching", extra={"mailbox": mailbox.name})

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

    def _end(self, names: list[str]) -> None:
        ending = [(name, self._running.pop(name)[2]) for name in names]
        for name, watcher in ending:
            if self._services.peers.holds(_lock(name)):
                watcher.stop()
            else:
                watcher.abandon()
        deadline = time.monotonic() + STOP_SECONDS
        for _, watcher in ending:
            if not watcher.join(max(0.1, deadline - time.monotonic())):
                log.warning("a watcher did not end in time")


def _lock(mailbox: str) -> str:
    return f"mailbox {mailbox}"


def _account_of(mailbox: Mailbox) -> Mailbox:
    """Following and marks need no new watcher: they are asked for at each step."""
    return replace(mailbox, follow=False, marks=False)
