"""From "somebody opened a mail" to the sidebars that follow the mailbox. Nothing of it is stored or logged.

A mail that is opened before it is in the pool is announced as pending and again when it has arrived.
"""

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from assistant.events import Event, Opened
from connectors.imap import Opened as SeenOnServer
from storage.pool import Pool

WAIT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Openings:
    """Tells the broker of openings. Called from the watchers' threads."""

    pool: Pool
    publish: Callable[[Event], None]
    waiting: "deque[SeenOnServer]"
    lock: threading.Lock

    @classmethod
    def over(cls, pool: Pool, publish: Callable[[Event], None]) -> "Openings":
        """With nothing waiting yet. At most 50 openings wait for their mail."""
        return cls(pool, publish, deque(maxlen=50), threading.Lock())

    def seen(self, opened: SeenOnServer) -> None:
        """A mail was opened on the server."""
        if self._announce(opened):
            return
        self.publish(Opened(opened.mailbox, None, None, "", "", opened.at))
        with self.lock:
            self.waiting.append(opened)
        # It may have been committed since it was looked for.
        self.arrived()

    def arrived(self) -> None:
        """Mail has been committed: announce those that were opened before they were here."""
        if not self.waiting:
            return
        with self.lock:
            opened, oldest = list(self.waiting), datetime.now(UTC) - WAIT
            self.waiting.clear()
        for one in opened:
            if one.at > oldest and not self._announce(one):
                with self.lock:
                    self.waiting.append(one)

    def _announce(self, opened: SeenOnServer) -> bool:
        with self.pool.read() as work:
            no = work.messages.at(opened.mailbox, opened.folder, opened.uidvalidity, opened.uid)
            heading = work.messages.heading(no) if no is not None else None
        if heading is None:
            return False
        self.publish(Opened(opened.mailbox, no, heading.message_id, heading.subject, heading.sender, opened.at))
        return True
