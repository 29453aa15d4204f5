"""How far reading what lay in a mailbox has come, how fast it goes, and how long it will still take."""

import threading
from dataclasses import dataclass
from datetime import datetime

from rules.terms.mail import HealthState, Mailbox
from storage.pool import Pool

# Earlier, a rate is chance.
SOON = 4.0


@dataclass(frozen=True, slots=True)
class BackfillProgress:
    """`done` of about `expected` mails are in the pool; `rate` in mails a second and `seconds` left, None at first.

    `over`: what lay there is read to its end.
    """

    done: int
    expected: int
    over: bool
    rate: float | None = None
    seconds: float | None = None


class Backfills:
    """Remembers when it first looked at a mailbox, to tell the rate. Thread-safe."""

    def __init__(self, pool: Pool) -> None:
        """Nothing has been looked at yet."""
        self._pool = pool
        self._lock = threading.Lock()
        self._first: dict[str, tuple[datetime, int]] = {}

    def of(self, mailbox: Mailbox, now: datetime) -> BackfillProgress:
        """How far it has come."""
        with self._pool.read() as work:
            health = work.mailboxes.health().get(mailbox.name)
            done = work.mailboxes.held(mailbox.name)
            cursors = [folder.cursor for folder in work.mailboxes.folders(mailbox.name) if folder.cursor]
        # The server's word alone comes before the last mails are stored.
        read = bool(cursors) and all(one.backfill_uid >= one.backfill_until for one in cursors)
        over = read and health is not None and health.state is HealthState.WATCHING
        expected = max(done, mailbox.expected)
        if over:
            return BackfillProgress(done, done, over=True)
        with self._lock:
            since, then = self._first.setdefault(mailbox.name, (now, done))
        elapsed = (now - since).total_seconds()
        if elapsed < SOON or done <= then:
            return BackfillProgress(done, expected, over=False)
        rate = (done - then) / elapsed
        return BackfillProgress(done, expected, False, rate, (expected - done) / rate)
