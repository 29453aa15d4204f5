r"""The third connection, in the folder of the latest opening, only while a sidebar follows.

nobody follows → no connection · somebody follows → EXAMINE the folder → NOOP at the rhythm → openings
A server that answers NO is asked less often; one that says BYE is left alone for a while, and then asked less often.
"""

import time

from connectors.imap.answers import Answer
from connectors.imap.events import FolderInfo
from connectors.imap.session import Session
from connectors.imap.shared import RECENT, Shared
from rules.terms.errors import ConnectorError

_LOOK = 0.2


class Follower:
    """Runs in a thread of its own."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._breaks = 0

    def run(self) -> None:
        """Wait for followers, and work while there are some."""
        shared = self._shared
        shared.ready.wait()
        while not shared.stopping.is_set():
            if shared.following() and not shared.account.slots.wanted:
                self._connected()
                shared.condition.followed(following=False)
            shared.stopping.wait(_LOOK)

    def _connected(self) -> None:
        """One connection's life. Its failures leave the mailbox's condition alone: the other two go on."""
        shared = self._shared
        try:
            with shared.session(spare=True) as session:
                shared.condition.followed(following=True)
                self._follow(session)
        except ConnectorError:
            self._breaks += 1
            shared.stopping.wait(min(shared.pace.noop_slowest, shared.pace.retry_first * 2.0**self._breaks))

    def _follow(self, session: Session) -> None:
        shared = self._shared
        folder: FolderInfo | None = None
        usual = min(shared.pace.noop_slowest, shared.pace.noop(near=shared.near) * 2.0**self._breaks)
        interval, flags_at = usual, 0.0
        while not shared.stopping.is_set() and shared.following() and not shared.account.slots.wanted:
            wanted = shared.latest or shared.first
            if wanted is None:
                return
            if wanted != folder:
                folder = self._enter(session, wanted)
            began = time.monotonic()
            reply = session.noop()
            interval = usual if reply.accepted else min(shared.pace.noop_slowest, interval * 2)
            news: list[Answer] = reply.answers
            if not session.condstore and began >= flags_at:
                news = [*news, *session.flags(session.exists - RECENT)]
                flags_at = began + shared.pace.noop_far
            self._tell(session, folder, news)
            shared.stopping.wait(max(0.0, interval - (time.monotonic() - began)))

    def _enter(self, session: Session, wanted: FolderInfo) -> FolderInfo:
        """Open the folder of the latest opening, or INBOX where that one is gone."""
        shared = self._shared
        if session.examine(wanted.raw) is None:
            shared.latest = None
            return wanted
        shared.wake(wanted.name, gone=not session.qresync)
        return wanted

    def _tell(self, session: Session, folder: FolderInfo, news: list[Answer]) -> None:
        shared = self._shared
        opened = shared.heard(session, folder, news)
        if opened:
            # The beginning of a mark-all-read looks like one opening: ask again before it is told.
            opened += shared.heard(session, folder, session.noop().answers)
            shared.opened(folder, session.selected.uidvalidity if session.selected else 0, opened)
