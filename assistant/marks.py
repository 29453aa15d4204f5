"""Marks in a mailbox: what the watcher is to write, asked of the pool at a pace that costs little."""

import logging
import time
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta

from connectors.imap import Marked
from rules.terms.errors import KingpostError
from rules.terms.mark import Marking
from storage.pool import Pool, Work

log = logging.getLogger("kingpost.marks")

# Between two looks at the pool: so long at least, and so many times as long as the look took.
LOOK_AGAIN = 2.0
SHARE = 30


class Marker:
    """Says for one mailbox what is to be written, and remembers what was. Nothing is ever wanted where it is off."""

    def __init__(
        self, mailbox: str, pool: Pool, days: int, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        """`days`: mail that arrived earlier is not marked."""
        self._mailbox = mailbox
        self._pool = pool
        self._days = timedelta(days=days)
        self._clock = clock
        self._look_at = 0.0

    def next(self, folders: Collection[str]) -> Marking | None:
        """A portion of what is to be written in these folders; None while there is nothing."""
        began = time.monotonic()
        if began < self._look_at:
            return None
        try:
            with self._pool.read() as work:
                mailbox = work.mailboxes.get(self._mailbox)
                on = mailbox is not None and mailbox.marks
                found = work.marks.due(self._mailbox, folders, on=on, since=self._clock() - self._days)
        except KingpostError as error:
            log.warning("marks wait: the pool does not answer", extra={"error": type(error).__name__})
            found = None
        if found is None:
            now = time.monotonic()
            self._look_at = now + max(LOOK_AGAIN, SHARE * (now - began))
        return found

    def begin(self, marking: Marking, present: Mapping[int, bool]) -> Collection[int]:
        """Commit what is about to be written; the mails that need it. None do where that cannot be remembered."""
        try:
            with self._pool.begin() as work:
                return work.marks.begin(self._mailbox, marking, present)
        except KingpostError as error:
            log.warning("marks wait: the pool takes nothing", extra={"error": type(error).__name__})
            self._look_at = time.monotonic() + SHARE * LOOK_AGAIN
            return ()


def note_marked(work: Work, mailbox: str, marked: Marked) -> None:
    """Remember what the server shows after an attempt to write, in the order in which the server told."""
    marking, flags = marked.marking, marked.flags
    work.marks.set_markable(mailbox, marking.folder, marked.taken)
    work.messages.set_flags(mailbox, marking.folder, marking.uidvalidity, flags)
    work.marks.finish(mailbox, marking, {uid: marking.keyword.among(of) for uid, of in flags.items()})
