r"""The third connection, in the folder of the latest opening, only while a sidebar follows.

nobody follows → no connection · somebody follows → EXAMINE the folder → NOOP at the rhythm → openings
A server that answers NO is asked less often; one that says BYE is left alone for a while, and then asked less often,
until a connection held. Not getting through at all says nothing about the rhythm.
"""

import time
from dataclasses import replace

from connectors.imap.answers import Answer
from connectors.imap.events import FolderInfo
from connectors.imap.pace import Backoff
from connectors.imap.session import Session
from connectors.imap.shared import RECENT, Shared
from rules.terms.errors import ConnectionEnded, ConnectorError, ServerDeclined

_LOOK = 0.2
_HALVINGS = 16


class Follower:
    """Runs in a thread of its own."""

    def __init__(self, shared: Shared) -> None:
        self._shared = shared
        self._away = Backoff(replace(shared.pace, retry_last=shared.pace.noop_slowest))
        self._breaks = 0

    def run(self) -> None:
        """Wait for followers, and work while there are some."""
        shared = self._shared
        while shared.await_first():
            if shared.following() and not shared.account.slots.wanted:
                self._connected()
            shared.stopping.wait(_LOOK)

    def _connected(self) -> None:
        """One connection's life. Its failures leave the mailbox's condition alone: the other two go on."""
        shared = self._shared
        began = float("inf")
        try:
            with shared.session(spare=True) as session:
                began = time.monotonic()
                self._follow(session, began)
        except ConnectorError as error:
            now = time.monotonic()
            if now - began >= shared.pace.steady:
                self._away.succeeded()
            if began <= now and isinstance(error, ConnectionEnded | ServerDeclined):
                self._breaks += 1
            shared.stopping.wait(self._away.after(error))

    @property
    def _usual(self) -> float:
        """The rhythm on this server, as far as we know it."""
        pace = self._shared.pace
        return min(pace.noop_slowest, pace.noop(near=self._shared.near) * 2.0 ** min(self._breaks, _HALVINGS))

    def _follow(self, session: Session, began: float) -> None:
        shared = self._shared
        folder: FolderInfo | None = None
        interval, flags_at = self._usual, 0.0
        while not shared.stopping.is_set() and shared.following() and not shared.account.slots.wanted:
            wanted = shared.latest or shared.first
            if wanted is None:
                return
            if wanted != folder:
                self._enter(session, wanted)
                folder = wanted
            asked = time.monotonic()
            if asked - began >= shared.pace.steady:
                self._breaks = 0
            reply = session.noop()
            interval = self._usual if reply.accepted else min(shared.pace.noop_slowest, interval * 2)
            news: list[Answer] = reply.answers
            if not session.condstore and asked >= flags_at:
                news = [*news, *session.flags(session.exists - RECENT)]
                flags_at = asked + shared.pace.noop_far
            self._tell(session, folder, news)
            shared.stopping.wait(max(0.0, interval - (time.monotonic() - asked)))

    def _enter(self, session: Session, wanted: FolderInfo) -> None:
        """Open the folder of the latest opening. Where it cannot be, INBOX is next."""
        shared = self._shared
        try:
            entered = session.examine(wanted.raw) is not None
        except ServerDeclined:
            if wanted == shared.first:
                raise
            entered = False
        if entered:
            shared.wake(wanted.name, gone=not session.qresync)
        else:
            shared.latest = None

    def _tell(self, session: Session, folder: FolderInfo, news: list[Answer]) -> None:
        shared = self._shared
        opened = shared.heard(session, folder, news)
        if opened:
            # The beginning of a mark-all-read looks like one opening: ask again before it is told.
            opened += shared.heard(session, folder, session.noop().answers)
            shared.opened(folder, session.selected.uidvalidity if session.selected else 0, opened)
