"""From "somebody opened a mail" to the sidebars that follow the mailbox. Nothing of it is stored or logged.

    watcher (IMAP flags) ──seen──┐
                                 ├──> Broker, which drops the second word of the two about one opening
    mail server's hook ───told───┘

A mail that is opened before it is in the pool is announced as pending and again when it has arrived.
"""

import threading
from collections import deque
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from assistant.events import Event, Hooked, Opened, Way
from connectors.imap import Bursts
from connectors.imap import Opened as SeenOnServer
from rules.terms.mail import MailboxKind
from storage.pool import Pool

WAIT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Openings:
    """Tells the broker of openings. Called from the watchers' and the pages' threads."""

    pool: Pool
    publish: Callable[[Event], None]
    waiting: "deque[tuple[SeenOnServer, Way]]"
    lock: threading.Lock
    bursts: dict[str, Bursts] = field(default_factory=dict)

    @classmethod
    def over(cls, pool: Pool, publish: Callable[[Event], None]) -> "Openings":
        """With nothing waiting yet. At most 50 openings wait for their mail."""
        return cls(pool, publish, deque(maxlen=50), threading.Lock())

    def seen(self, opened: SeenOnServer) -> None:
        """A watcher saw that a mail was opened on the server."""
        self._tell(opened, "watcher")

    def told(self, user: str, places: Collection[tuple[str, int, int]], at: datetime) -> None:
        """The mail server's hook says that mails of a login were opened.

        Args:
            user: the login at the mail server.
            places: folder, UIDVALIDITY and UID of each mail.
            at: when.
        """
        with self.pool.read() as work:
            mailboxes = [
                mailbox.name
                for mailbox in work.mailboxes.all()
                if mailbox.kind is MailboxKind.IMAP and mailbox.follow and mailbox.user.casefold() == user.casefold()
            ]
            # Logins of two servers may be the same; folders are told apart by their UIDVALIDITY.
            here = [
                SeenOnServer(mailbox, folder, uidvalidity, uid, at)
                for mailbox in mailboxes
                for folder, uidvalidity, uid in places
                if (cursor := work.mailboxes.cursor(mailbox, folder)) and cursor.uidvalidity == uidvalidity
            ]
        for opened in here:
            self.publish(Hooked(opened.mailbox))
            if self._admits(opened.mailbox):
                self._tell(opened, "hook")

    def arrived(self) -> None:
        """Mail has been committed: announce those that were opened before they were here."""
        if not self.waiting:
            return
        with self.lock:
            waiting, oldest = list(self.waiting), datetime.now(UTC) - WAIT
            self.waiting.clear()
        for opened, way in waiting:
            if opened.at > oldest and not self._announce(opened, way):
                with self.lock:
                    self.waiting.append((opened, way))

    def _tell(self, opened: SeenOnServer, way: Way) -> None:
        if self._announce(opened, way):
            return
        self.publish(Opened(opened.mailbox, None, opened.at, way))
        with self.lock:
            self.waiting.append((opened, way))
        # It may have been committed since it was looked for.
        self.arrived()

    def _announce(self, opened: SeenOnServer, way: Way) -> bool:
        with self.pool.read() as work:
            no = work.messages.at(opened.mailbox, opened.folder, opened.uidvalidity, opened.uid)
        if no is None:
            return False
        self.publish(Opened(opened.mailbox, no, opened.at, way))
        return True

    def _admits(self, mailbox: str) -> bool:
        """Whether the hook's openings come at a person's pace, as the watcher asks of its own."""
        with self.lock:
            return self.bursts.setdefault(mailbox, Bursts()).admits(1)
